import numpy as np


def f(x):
    y = np.ones(3)
    y.ctypes.data
    y[0] = x
    return np.sum(y)


ARGUMENTS = (2.0,)
