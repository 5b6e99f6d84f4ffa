import numpy as np


def f(x):
    return np.sum(np.arange(0.0, x))


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.5,)
