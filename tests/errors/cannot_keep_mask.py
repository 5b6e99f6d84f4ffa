import numpy as np


def f(x):
    return np.sum(x[x > 0.5] ** 2)


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3),)
