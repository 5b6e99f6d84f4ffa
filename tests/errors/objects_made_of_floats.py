import numpy as np


def f(x):
    pair = np.array([x[0] * x[1], x[1]], dtype=object)
    return np.sum(pair * 3.0)


ARGUMENTS = (np.array([1.5, 2.5]),)
