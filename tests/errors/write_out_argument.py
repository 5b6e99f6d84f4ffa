import numpy as np

W = np.ones(2)


def f(x):
    y = np.zeros(2)
    np.multiply(x, 2.0, out=y)
    return np.sum(x * y)


ARGUMENTS = (np.array([1.0, 2.0]),)
