import numpy as np


def f(x):
    y = np.arange(6.0)
    windows = np.lib.stride_tricks.as_strided(y, (5, 2), (8, 8))
    y[0] = x
    return np.sum(windows)


ARGUMENTS = (2.0,)
