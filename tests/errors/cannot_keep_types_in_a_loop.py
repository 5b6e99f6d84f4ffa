import numpy as np


def f(x, n):
    y = x
    for _ in range(n):
        y = y[..., None]
    return np.sum(y)


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(2), 1)
