import numpy as np


class Result:
    def __init__(self, x):
        self.x = x


def f(x):
    return x > 1.0


ARGUMENTS = (2.0,)
