import numpy as np

from s2sad import custom_vjp


@custom_vjp
def scaled(x, rate):
    return x * rate


def f(x):
    return np.sum(scaled(x, 3.0))


ARGUMENTS = (np.ones(3),)
