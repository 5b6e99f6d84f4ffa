import numpy as np

halve = np.frompyfunc(lambda v: v / 2.0, 1, 1)


def f(x):
    return np.sum(halve(x))


ARGUMENTS = (np.array([1.0, 2.0]),)
