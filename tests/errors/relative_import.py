def f(x):
    from .helpers import twice

    return twice(x)


ARGUMENTS = (1.0,)
