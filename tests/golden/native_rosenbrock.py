def rosenbrock_value_and_grad(x):
    result, x_bar = rosenbrock_value_and_grad_native(x)
    return np.float64(result), x_bar


import math

import numpy as np

from s2sad.native.support import finite, plus


def rosenbrock_value_and_grad_native(x):
    x_bar = np.zeros(x.shape[0])
    total = 0.0
    # test_golden.py:41  return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    # adjoint of test_golden.py:41
    for i in range(max(0, x.shape[0] - 1)):
        x_tail = x[i + 1]
        x_head = x[i]
        x_head_squared = x_head ** np.float64(2)
        t1 = x_tail - x_head_squared
        t2 = 1.0 - x_head
        total = plus(total, 100.0 * t1 ** np.float64(2) + t2 ** np.float64(2))
        x_bar[i] += -2.0 * t2 - 400.0 * (t1 * x_head)
    for i in range(max(0, x.shape[0] - 1)):
        x_bar[i + 1] += 200.0 * (x[i + 1] - x[i] ** np.float64(2))
    if not finite(x_bar):
        return np.nan, np.empty(0)
    return total, x_bar
