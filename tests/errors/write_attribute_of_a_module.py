import math


def f(x):
    math.tau = x
    return x * x


ARGUMENTS = (1.0,)
