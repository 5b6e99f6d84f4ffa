def jacobi_value_and_grad(a):
    # test_golden.py:100  b[1:-1] = 0.5 * (a[:-2] + a[2:])
    if not a.flags.carray:
        raise OtherPath
    result, a_bar = jacobi_value_and_grad_native(a)
    return np.float64(result), a_bar


import math

import numpy as np

from s2sad.native.support import finite, plus


def jacobi_value_and_grad_native(a):
    b = np.empty(a.shape[0])
    a_1 = np.empty(a.shape[0])
    a_bar = b
    b_bar = np.zeros(a.shape[0])
    b_tail_bar = np.zeros(max(0, a.shape[0] - 2) + 4)
    a_tail_bar = np.zeros(max(0, a.shape[0] - 2) + 4)
    for i in range(a.shape[0]):
        t1 = a[i]
        b[i] = t1
        a_1[i] = t1
    # test_golden.py:100  b[1:-1] = 0.5 * (a[:-2] + a[2:])
    for i in range(max(0, a.shape[0] - 2)):
        b[i + 1] = 0.5 * (a[i] + a[i + 2])
    for i in range(max(0, a.shape[0] - 2)):
        a_1[i + 1] = 0.5 * (b[i] + b[i + 2])
    total = 0.0
    # test_golden.py:102  return np.sum(a * a)
    # adjoint of test_golden.py:102
    for i in range(a.shape[0]):
        a_2 = a_1[i]
        total = plus(total, a_2 * a_2)
        a_bar[i] = 2 * a_2
    # adjoint of test_golden.py:100
    for i in range(max(0, a.shape[0] - 2)):
        a_bar[i + 1] = 0.0
        b_tail_bar[i + 2] = 0.5 * (2 * a_1[i + 1])
    for i in range(max(0, a.shape[0] - 2) + 2):
        b_bar[i] += b_tail_bar[i] + b_tail_bar[i + 2]
    for i in range(max(0, a.shape[0] - 2)):
        a_tail_bar[i + 2] = 0.5 * b_bar[i + 1]
        b_bar[i + 1] = 0.0
    for i in range(max(0, a.shape[0] - 2) + 2):
        a_bar[i] += a_tail_bar[i] + a_tail_bar[i + 2]
    a_bar_1 = b_bar
    # adjoint of test_golden.py:98
    for i in range(a.shape[0]):
        a_bar_1[i] = a_bar[i] + b_bar[i]
    if not finite(a_bar_1):
        return np.nan, np.empty(0)
    return total, a_bar_1
