import re

import numpy as np

STATE = np.array([1.0, 2.0])


def grows(found):
    STATE[:] += 1.0
    return ""


def f(x):
    re.sub("a", grows, "banana")
    return np.sum(x * x)


ARGUMENTS = (STATE,)
