import numpy as np


def f(x):
    return np.sum(x[x > 0.5] * np.ones(2))


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.array([1.0, 0.0, 2.0]),)
