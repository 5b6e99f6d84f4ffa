import numpy as np


def f(x):
    if x[0] > 5.0:
        return x[0, 0]
    return x[0]


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3),)
