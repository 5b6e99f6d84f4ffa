import numpy as np


def f(x):
    x.shape = (4,)
    return np.sum(x)


ARGUMENTS = (np.ones((2, 2)),)
