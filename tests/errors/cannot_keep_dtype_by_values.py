import numpy as np


def f(x, n):
    y = x
    for k in range(n):
        y = y * 1j if k else y
    return np.sum(np.real(y))


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
