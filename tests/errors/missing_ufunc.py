import numpy as np
from numpy._core.umath import _ones_like as ones


def f(x):
    return np.sum(ones(x))


ARGUMENTS = (np.array([1.0, 2.0]),)
