import numpy as np


def f(x):
    return x[0, 0]


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3),)
