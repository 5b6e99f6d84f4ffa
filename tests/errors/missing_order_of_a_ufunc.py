import numpy as np


def f(x):
    return np.sum(np.add.reduceat(x, [0, 50]))


ARGUMENTS = (np.sin(1.7 * np.arange(1000.0)),)
