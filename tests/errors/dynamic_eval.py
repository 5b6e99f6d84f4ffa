K = 2.0


def f(x):
    return eval("x * x")


ARGUMENTS = (1.0,)
