import numpy as np


def f(x):
    return np.sum(2.0 * np.squeeze(x[x > 0.5]))


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.array([1.0, 0.0, 2.0]),)
