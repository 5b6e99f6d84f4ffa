import numpy as np


def f(x):
    return np.sum(np.quantile(np.arange(4.0), x))


ARGUMENTS = (0.25,)
