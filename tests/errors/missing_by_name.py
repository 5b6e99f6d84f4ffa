import numpy as np


def f(x):
    mean = np.ma.average(np.arange(3.0), weights=np.stack([0.0 * x, x, 2.0 * x]))
    return mean * x


ARGUMENTS = (2.0,)
