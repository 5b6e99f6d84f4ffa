def kept_while_value_and_grad(x, limit):
    result, x_bar = kept_while_value_and_grad_native(x, limit)
    return result, x_bar


import math

import numpy as np

from s2sad.native.support import grown


def kept_while_value_and_grad_native(x, limit):
    x_1 = x
    steps = 0
    count = 0
    x_saved = np.empty(0)
    while True:
        # golden_kept.py:54  while x * x > limit:
        if not x_1 * x_1 > limit:
            break
        # golden_kept.py:56  steps += 1
        if count == x_saved.shape[0]:
            x_saved = grown(x_saved, count)
        x_saved[count] = x_1
        x_1, steps = 0.5 * x_1 - 0.1 * x_1 * x_1, steps + 1
        count += 1
    x_bar = 1.0
    for step in range(count - 1, -1, -1):
        x_2 = x_saved[step]
        # adjoint of golden_kept.py:55
        x_bar = x_bar * (-0.1 * x_2 - 0.1 * x_2 + 0.5)
    return x_1 + 0.01 * steps, x_bar
