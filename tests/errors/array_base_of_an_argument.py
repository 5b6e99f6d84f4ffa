import numpy as np


def f(x):
    return np.sum(x) if x.base is None else np.sum(x * x)


ARGUMENTS = (np.ones(2),)
