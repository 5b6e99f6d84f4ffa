import numpy as np

WHOLE = np.array([1.0, 2.0, 3.0])


def f(x):
    x[0] = 5.0
    return np.sum(x) * np.sum(WHOLE)


ARGUMENTS = (WHOLE[:2],)
