"""A function that the version before exported; its text may not change."""
import numpy as np

RATE = 0.5


def softened(x):
    return np.logaddexp(0.0, x)


def loss(w, x):
    return np.sum(softened(w @ x) * np.sinc(w[0])) * RATE
