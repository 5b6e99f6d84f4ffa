import numpy as np


def f(x):
    return np.interp(0.5, x, np.array([1.0, 2.0]))


ARGUMENTS = (np.array([0.0, 1.0]),)
