import numpy as np


def f(x):
    y = np.ones((2, 2)) * x
    if x > 1.0:
        y.shape = (4,)
    return np.sum(y)


ARGUMENTS = (2.0,)
OPTIONS = {"control": "keep"}
