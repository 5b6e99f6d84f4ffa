import numpy as np


def f(x):
    y = np.arange(6.0)
    windows = np.lib.stride_tricks.sliding_window_view(y, 2)
    y[0] = x
    return np.sum(windows)


ARGUMENTS = (2.0,)
