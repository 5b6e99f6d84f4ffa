import tempfile

import numpy as np

FILE = tempfile.TemporaryFile()
MAPPED = np.memmap(FILE, dtype=float, shape=(3,))


def f(x):
    MAPPED[0] = 2.0
    return x * MAPPED[0]


ARGUMENTS = (2.0,)
