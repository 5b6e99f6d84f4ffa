import numpy as np


def f(x):
    return memoryview(np.array([x, x]))[0] * x


ARGUMENTS = (2.0,)
