import numpy as np


def f(x, n):
    s = 0.0
    for i in range(n):
        s += np.sum(x[i + 1 : i + 3] * x[i : i + 2])
    return s


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
