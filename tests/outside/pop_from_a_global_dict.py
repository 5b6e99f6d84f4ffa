CACHE = {"a": 1.0}


def f(x):
    CACHE.pop("a")
    return x * x


ARGUMENTS = (1.0,)
