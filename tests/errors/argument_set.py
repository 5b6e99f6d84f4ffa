import decimal

import numpy as np


def f(x):
    return 1.0


ARGUMENTS = ({1.0},)
