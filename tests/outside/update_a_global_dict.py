CACHE = {}


def f(x):
    CACHE.update(x=1.0)
    return x * x


ARGUMENTS = (1.0,)
