import numpy as np


class Result:
    def __init__(self, x):
        self.x = x


def f(x):
    return int(np.sum(x))


ARGUMENTS = (np.ones(3),)
