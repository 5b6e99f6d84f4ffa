import numpy as np

W = np.ones(2)


def f(x):
    y = np.zeros(2)
    W[0] = 5.0
    return np.sum(x * y)


ARGUMENTS = (np.array([1.0, 2.0]),)
