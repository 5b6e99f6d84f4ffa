import numpy as np


def f(x, n):
    y = x.copy()
    latest = 2.0 * y
    for _ in range(n):
        latest = y
    y[0] = 3.0 * y[1]
    return np.sum(latest * latest)


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
