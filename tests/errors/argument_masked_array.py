import decimal

import numpy as np


def f(x):
    return 1.0


ARGUMENTS = (np.ma.masked_array([1.0, 2.0], [True, False]),)
