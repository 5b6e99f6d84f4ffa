import numpy as np

from s2sad import custom_vjp


@custom_vjp
def total(x):
    return np.sum(x)


def fwd(x):
    return total(x), None


def bwd(_, g):
    return (g,)


total.defvjp(fwd, bwd)


def f(x):
    return total(x * x)


ARGUMENTS = (np.ones(3),)
