import numpy as np

MAPPED = np.zeros(3).view(np.memmap)


def f(x):
    MAPPED[0] = 2.0
    return x * MAPPED[0]


ARGUMENTS = (2.0,)
