import numpy as np


def f(x):
    return np.sum(x) * x.strides[0]


ARGUMENTS = (np.ones(2),)
