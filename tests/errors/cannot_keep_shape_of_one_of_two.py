import numpy as np


def f(x):
    a, b = np.ones(4) * x, np.ones(4)
    y = a if x > 1.0 else b
    y.shape = (2, 2)
    return np.sum(a) + np.sum(b) + np.sum(y[0])


ARGUMENTS = (2.0,)
OPTIONS = {"control": "keep"}
