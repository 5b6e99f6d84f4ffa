import numpy as np


def f(x, n):
    y = np.zeros(len(x))
    y[:n] = x[1:]
    return np.sum(y)


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
