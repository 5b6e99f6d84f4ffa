import numpy as np

from s2sad import stop_gradient


def f(x):
    y = x * x
    with stop_gradient():
        scale = np.max(y)
    return np.sum(y) / scale


ARGUMENTS = (np.ones(3),)
