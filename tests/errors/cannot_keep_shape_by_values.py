import numpy as np


def f(x, n):
    return np.sum(np.repeat(x, n))


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 2)
