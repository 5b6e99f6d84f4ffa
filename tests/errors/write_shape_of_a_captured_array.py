import numpy as np

TABLE = np.ones((2, 2))


def f(x):
    TABLE.shape = -1
    return np.sum(TABLE * x)


ARGUMENTS = (2.0,)
