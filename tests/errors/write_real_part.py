import numpy as np


def f(x):
    z = np.zeros(2, dtype=complex)
    z.real = x
    return np.sum(np.abs(z) ** 2)


ARGUMENTS = (np.array([1.0, 2.0]),)
