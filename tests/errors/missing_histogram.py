import numpy as np


def f(x):
    counts, edges = np.histogram(np.arange(5.0), bins=np.stack([0.0 * x, x, 2.0 * x]))
    return np.sum(counts * x)


ARGUMENTS = (2.0,)
