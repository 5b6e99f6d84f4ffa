import numpy as np


def f(x):
    y = np.zeros(2, dtype=[("a", float), ("b", int)])
    y["a"] = x
    return np.sum(y["a"])


ARGUMENTS = (2.0,)
