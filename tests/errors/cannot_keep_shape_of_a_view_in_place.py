import numpy as np


def f(x, n):
    y = np.ones(4) * x
    v = y[:]
    for _ in range(n):
        v.shape = (2, 2)
    return np.sum(v)


ARGUMENTS = (2.0, 3)
OPTIONS = {"control": "keep"}
