import numpy as np  # noqa: F401

import s2sad


def cube(x):
    return x**3


def run():
    s2sad.elementwise("np.sin(x)", x="np.cos(x) + x")
