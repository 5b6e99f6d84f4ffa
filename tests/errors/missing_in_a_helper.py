import numpy as np


def helper(y):
    return np.ma.corrcoef(y)


def f(x):
    return np.sum(helper(x))


ARGUMENTS = (np.eye(2),)
