import numpy as np


def f(x):
    y, s = x, 0.0
    while len(y) > 1:
        y = y[1:]
        s += np.sum(2.0 * np.squeeze(y))
    return s


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(4),)
