import numpy as np


def f(x, n):
    history, y = [], x.copy()
    for k in range(n):
        y[0] += k
        history.append(y)
    return np.sum(np.array(history))


OPTIONS = {"control": "keep"}
ARGUMENTS = (np.ones(3), 3)
