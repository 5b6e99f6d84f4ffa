K = 2.0


def f(x):
    return __import__("math").sin(x)


ARGUMENTS = (1.0,)
