import numpy as np


def f(x):
    y = np.empty(2, dtype=object)
    y[0] = x
    return y[0] * 2.0


ARGUMENTS = (2.0,)
