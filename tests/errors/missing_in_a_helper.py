import numpy as np


def helper(y):
    return np.linalg.eig(y)[0]


def f(x):
    return np.sum(helper(x))


ARGUMENTS = (np.eye(2),)
