import numpy as np


def f(a, n):
    s = 0.0
    for k in range(n):
        s += np.sum(np.diagonal(a, k)) * len(np.diagonal(a, k))
    return s


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones((5, 3)), 2)
