"""Functions that return, break, continue or raise on some of the ways through a branch, so that what follows is reached on the others."""
from __future__ import annotations

import numpy as np

from tests.programs import program

POINTS = (0.5, 1.5, 2.5, 1.2)


@program(*((x,) for x in POINTS))
def none_on_the_way_out(x):
    if x > 1.0:
        if x > 2.0:
            t = None
            return x * x * 5.0
        t = x * 3.0
    else:
        t = 2 * x
    t = t * x
    return t * x


@program(*((x, 4) for x in POINTS), (0.7, 2))
def another_size_on_the_way_out(x, n):
    y = np.ones(n) * x
    if x > 1.0:
        if x > 2.0:
            y = y[:2]
            return np.sum(y * y)
        y = y * 3.0
    w = np.ones(n) * x
    return np.sum(y * w)


@program(*((x, n) for x in POINTS for n in (4, 1, 0, 3)))
def whole_number_on_the_way_out(x, n):
    t = x
    for _ in range(n):
        if t > 1.0:
            if t > 2.0:
                t = 5
                return t * x * x
            t = t * 3.0
        t = t * 1.1
        t = t + x * x
    return t


@program(*((x, n) for x in POINTS for n in (4, 1, 0, 3)))
def some_steps_go_on(x, n):
    t = x
    for _ in range(n):
        if t > 1.0:
            if t > 2.0:
                t = t * 0.5
                continue
            t = t * 3.0
        t = t * 1.1
        t = t + x * x
    return t


@program(*((x, n) for x in POINTS for n in (7, 1, 0, 4)))
def ways_out_of_nested_loops(x, n):
    t = x * x
    for i in range(n):
        for _ in range(i):
            if t > 1.0:
                if t > 2.0:
                    t = t * 0.5
                    break
                t = t * 3.0
            t = t * 1.1
            t = t + x
        else:
            if t > 1.5:
                t = t - 1.0
                if t > 2.5:
                    return t * x
            t = t * 1.25
        t = t + 0.25 * x
        if t > 40.0:
            if x > 1.0:
                continue
            break
        t = t * 1.01
    return t


def fill(y, x):
    if x > 1.0:
        if x > 2.0:
            y[0] = x * 7.0
            return x
        y[1] = 5.0 * x
    y[2] = x * x
    return 2 * x


@program(*((x,) for x in POINTS))
def helper_that_writes_on_the_way_out(x):
    y = np.zeros(3)
    s = fill(y, x)
    y[0] = y[0] + s
    return np.sum(y * y * np.array([1.0, 2.0, 3.0]))


@program(*((x, n) for x in POINTS for n in (2, 0, 3)))
def while_with_ways_out_and_an_else(x, n):
    t = x * x
    k = 0
    while k < n:
        k += 1
        if t < 3.0:
            if t < 1.0:
                t = t + x
                break
            t = t * x
        t = t + 0.125 * t
    else:
        t = t - x
        if t > 2.0:
            t = t * 0.5
            if t > 1.5:
                return t
        t = t * t
    return t + x


@program(*((x, n) for x in POINTS for n in (3, 0)))
def ways_out_of_a_loop_over_a_list(x, n):
    for w in [1.0, x, 3.0]:
        if x * w > 4.0:
            continue
        x = x * w + n
    return x
