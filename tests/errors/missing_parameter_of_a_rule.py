import numpy as np
import scipy.special


def f(order):
    return scipy.special.jv(order, 1.0)


ARGUMENTS = (0.5,)
