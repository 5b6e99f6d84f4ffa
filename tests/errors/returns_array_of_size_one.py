import numpy as np


def f(x):
    return np.exp(x) @ np.ones((3, 1)) * 2.0


ARGUMENTS = (np.ones(3),)
