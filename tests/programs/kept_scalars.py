"""Loops and branches over numbers: trip counts known only at the call, exits, state carried from one iteration to the next."""

from __future__ import annotations

import math

import numpy as np

from . import program


@program((0.7, 6), (0.7, 0), (1.3, 1), (np.float32(0.4), 4), (np.float64(0.9), 3))
def product_that_starts_as_an_integer(x, n):
    result, total = 1, 0
    for k in range(n):
        result = result * (x + k)
        total += math.sin(x) / (k + 1)
    return result + total + x


@program((0.8, 2, 9), (0.8, 3, 3), (1.2, 5, 2), (1.1, 4, 5))
def range_from_and_to(x, start, stop):
    y = x * x
    for k in range(start, stop):
        y = y / k + math.cos(k * x)
    return y


@program((0.8, 9, 2, -2), (0.8, 2, 9, 3), (1.3, 5, 5, -1), (1.3, 0, -7, -3), (0.6, 1, 0, 4))
def range_with_a_step_of_either_sign(x, start, stop, step):
    y = 0.1 * x
    for k in range(start, stop, step):
        y = math.sin(y + k * x)
    return y + 0.5 * x


@program((0.9, 5), (0.9, 0), (0.4, 1), (-1.2, 7))
def loop_variable_used_afterwards(x, n):
    i = -3
    for i in range(n):
        x = x - 0.1 * i * math.cos(x)
    return x * (i + 5) ** 2


@program((0.6, 4), (0.6, 1), (1.4, 0))
def loop_variable_changed_in_the_body(x, n):
    total = x
    for i in range(n):
        i = 2 * i + 1
        total += x**i / i
    return total * math.exp(-x)


@program((2.0, 1e-9), (40.0, 1e-3), (1.0, 0.5), (0.3, 10.0))
def while_decided_by_the_data(x, tolerance):
    r = x
    while abs(r * r - x) > tolerance:
        r = 0.5 * (r + x / r)
    return r + r**3


@program((1.2, 5), (1.2, 0), (0.4, 1), (0.4, 9))
def while_with_a_counter(x, n):
    k, y = 0, x
    while k < n:
        y = y * x + 1.0 / (k + 2)
        k += 1 if y < 3.0 else 2
    return y - k * x


@program((0.3, 1.7), (3.9, 0.6), (9.0, 0.2), (0.1, 2.0), argnums=(0, 1))
def while_true_with_two_breaks(x, rate):
    steps = 0
    while True:
        x = x * (1.0 + 0.3 * rate)
        if x > 10.0:
            x = math.sqrt(x) * rate
            break
        if (steps := steps + 1) == 6:
            break
        x += 0.05 * math.sin(x)
    return x * (steps + 1)


@program((0.7, 4), (0.7, 0), (1.1, 1), (-0.4, 2))
def triangular_pairs_three_deep(x, n):
    total = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            total += math.sin(x * (i + 1)) / (j + x * x)
            for k in range(i, j):
                total *= 1.0 - 0.1 * math.cos(x + k)
        total += x
    return total + x


@program((0.7, 5), (1.3, 0), (1.3, 1), (0.2, 3))
def bounds_computed_in_the_loop(x, n):
    y, width = x, 1
    for i in range(n):
        for j in range(width):
            y = y + math.cos(x * j) / (i + 1)
        width = (3 * width + i) % 5
        y = 0.5 * y
    return y * y


@program((9.0, 3), (0.2, 2), (5.0, 0), (30.0, 1))
def while_inside_a_for(x, n):
    total = x
    for k in range(n):
        y = x + k
        while y > 1.5:
            y = y / 2 - 0.1
            total += y * y
        total += y
    return total


@program((0.9, 3.0), (2.2, 3.0), (4.0, 3.0), (0.5, 1.0), argnums=(0, 1))
def for_inside_a_while(x, limit):
    level, total = 1, 0.0
    while x < limit:
        for k in range(level):
            x = x + 0.25 * math.exp(-0.2 * k * x)
            total += x * k
        level = level + 1
    return total + x * limit


@program((0.9, 7), (-0.9, 7), (2.4, 7), (0.1, 0), (-0.3, 1))
def continue_under_nested_ifs(x, n):
    total = 0.5 * x
    for i in range(n):
        x = 1.1 * math.sin(0.7 * x + i)
        if x < 0:
            if i % 3 == 1:
                continue
            if x < -0.5:
                total += x * x
            else:
                continue
        elif x > 0.8:
            total *= 0.9 + 0.1 * x
            continue
        total += x
    return total


@program((0.9, 4, 4), (2.0, 4, 3), (0.3, 3, 5), (0.3, 0, 4), (0.3, 2, 0))
def break_in_the_inner_of_two_loops(x, n, m):
    total = x
    for i in range(n):
        y = x
        for j in range(m):
            y = y * 1.3 + 0.1 * i
            if y > 1.7:
                total += y * (j + 1)
                break
            if i > j:
                continue
            total -= 0.2 * y * y
        else:
            total *= 1.25
        if total > 25.0:
            break
    return total - x * y if n else total


@program((0.9,), (1.6,), (-0.4,), (3.0,), (-2.0,))
def return_from_the_inner_of_two_loops(x):
    best = x * x
    for i in range(3):
        for j in range(4):
            x = 0.9 * x + 0.2 * (i - j)
            if x < -1.0:
                return best * x
            if x > 2.5 and i == 0:
                return best / x + j
            best = best + math.cos(x)
        if best > 5.0:
            return best**2
    return best - x


@program((0.7, 3), (0.7, 0), (1.5, 1), (-2.0, 2))
def body_that_always_breaks(x, n):
    y = 2.0 * x
    for i in range(n):
        y = y * x + n
        break
    while x > 0:
        y = y + x**3
        break
    return y


@program((0.9, 8), (3.0, 8), (0.9, 2), (0.9, 0))
def else_of_a_while_and_of_a_for(x, n):
    k, y = 0, x
    while k < n:
        y = y * 1.2 + 0.1
        if y > 4.0:
            break
        k += 1
    else:
        y = y - math.exp(-y)
    for j in range(k):
        if j * y > 7.0:
            y = y / (j + 1)
            break
    else:
        y = y * x
    return y


@program((0.4, 0.9), (-0.4, 0.9), (1.4, 0.2), (1.4, -0.2), (-3.0, -1.0), argnums=(0, 1))
def ladder_of_returns(x, y):
    if x > 1 and y > 0:
        return x * y**2
    elif x > 1 or y < -0.5:
        y = x * y
        if not y > 0:
            return math.sin(y) + x
        return y * y
    if 0 < x <= 1:
        return math.exp(x) / y
    return x - y * x


@program((0.4, 1.3, 5), (2.0, 0.3, 5), (-1.0, 0.5, 4), (0.4, 1.3, 0), argnums=(0, 1))
def conditional_expressions_in_a_loop(x, y, n):
    for k in range(n):
        x = x + 0.3 * y if x < y else x - 0.4 * y
        y = (y * y if y < 0.5 else y / 2) if k % 2 else y + (0.1 if x > 0 else -0.2) * x
    return x * y if x * y > 0.2 else x + y


@program((0.4, 6), (1.9, 6), (-1.1, 3), (0.4, 1), (0.2, 0))
def chained_and_negated_conditions(x, n):
    total = x
    for k in range(n):
        x = 1.7 * math.sin(x + k)
        if -0.5 < x < 0.5 or not (x < 0 or k < 3):
            total += x * x
        if (x > 0 and k % 2) or (not x > 0 and k % 2 == 0):
            total -= 0.5 * x
        elif 1 <= k < 4 > x:
            total *= 1.1
    return total


@program((0.4, 5), (1.6, 5), (-0.4, 5), (0.4, 0), (-1.5, 1))
def variable_of_one_branch_used_when_defined(x, n):
    found, total = False, x
    for k in range(n):
        x = 1.4 * math.cos(0.6 * x + k)
        if x < -0.6 and not found:
            low, place = x * x, k
            found = True
        elif found:
            total += low * x - place
        total += 0.1 * x
    return total + low * low if found else total


@program((0.4, 4), (0.4, 5), (1.2, 1), (1.2, 0))
def roles_swapped_at_each_step(x, n):
    a, b, c = x, 1.0, 0
    for _ in range(n):
        a, b = b, a + 0.5 * b * x
        c, a = a, c + b
    return a + 2.0 * b + 3.0 * c * x


@program((0.4, 5), (1.2, 2), (1.2, 1), (0.8, 0))
def carried_but_hardly_used(x, n):
    a = b = c = x
    kept = 2.0
    for k in range(n):
        a = math.sin(a)
        b = a * c
        c = 3.0
        lost = b * b
        kept = b if k == 1 else kept
    return kept * x + c


@program((0.4, 6), (1.2, 3), (2.5, 6), (0.8, 0))
def value_that_becomes_a_constant(x, n):
    y, total = x, x
    for k in range(n):
        if y > 2.0:
            y = 0.25
        elif k == 4:
            y = 1
        total = total + y * y
        y = y * (1.3 + 0.2 * x)
    return total
