import numpy as np


def f(x):
    y = np.ones(2) * x
    y.resize(3)
    return np.sum(y)


ARGUMENTS = (2.0,)
