import numpy as np


def f(x):
    y = np.ones((2, 2)) * x
    y.shape = (4,)
    return np.sum(y)


ARGUMENTS = (2.0,)
OPTIONS = {"control": "keep"}
