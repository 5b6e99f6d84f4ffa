import numpy as np


def f(x, n):
    y = x.copy()
    z = y
    for _ in range(n):
        z = 2.0 * z
    z[0] = x[1]
    return np.sum(y)


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
