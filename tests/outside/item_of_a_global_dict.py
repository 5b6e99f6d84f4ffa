CACHE = {}


def f(x):
    CACHE["x"] = x
    return x * x


ARGUMENTS = (1.0,)
