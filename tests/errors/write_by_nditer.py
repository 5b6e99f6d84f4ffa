import numpy as np


def f(x):
    y = np.ones(3)
    for element in np.nditer(y, op_flags=[["readwrite"]]):
        element[...] = x
    return np.sum(y)


ARGUMENTS = (2.0,)
