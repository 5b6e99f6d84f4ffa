CACHE = {"a": {}}


def f(x):
    CACHE["a"].setdefault("b", 1.0)
    return x * x


ARGUMENTS = (1.0,)
