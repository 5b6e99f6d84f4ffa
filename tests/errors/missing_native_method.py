import numpy as np


def f(x):
    return np.sum(np.frombuffer((x * 2.0).tobytes()))


ARGUMENTS = (np.array([1.0, 2.0]),)
