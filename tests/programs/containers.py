"""Local lists, dicts, sets and tuples that hold differentiated values; unpacking; iteration helpers."""

from __future__ import annotations

import copy
import math
from collections import defaultdict, deque

import numpy as np

from . import program
from .samples import positive, wave


@program((0.7, 4), (1.3, 1), (-0.5, 6), argnums=0)
def list_as_stack(x, n):
    stack = [x]
    for k in range(n):
        stack.append(math.sin(stack[-1]) + k * x)
        if len(stack) > 3:
            dropped = stack.pop(0)
            stack[-1] = stack[-1] + dropped * dropped
    stack.insert(1, x * x)
    stack.extend([1.0, 2 * x])
    stack.reverse()
    return sum(v / (i + 1) for i, v in enumerate(stack)) + stack.pop()


@program((0.7, 1.4), (-1.3, 0.6), argnums=(0, 1))
def list_slices_and_concatenation(x, y):
    values = [x, y, x * y, 1.0] + [y * y] * 2
    values[1:3] = [values[2], values[1], x + y]
    del values[0]
    tail = values[-3:]
    every_other = values[::2]
    backwards = values[::-1]
    values += tail
    return sum(values) + every_other[1] * tail[0] + backwards[0] * len(values) + values.count(1.0)


@program(([1.0, -0.5, 2.0, 0.3],), ([0.4, 0.9],), ([-1.2, -0.4, 1.7],))
def sort_in_place_then_index(values):
    ordered = list(values)
    ordered.sort(key=lambda v: -v)
    middle = ordered[len(ordered) // 2]
    ranks = [ordered.index(v) for v in values]
    return sum(v * (r + 1) for v, r in zip(values, ranks)) * middle


@program((0.5, 2.0), (2.5, 0.7), argnums=(0, 1))
def dict_of_parameters(x, y):
    params = {"rate": x, "scale": y, "both": x * y}
    params["rate"] = params["rate"] ** 2
    params.update(scale=params["scale"] + 1.0, extra=math.exp(-x))
    params.setdefault("both", 100.0)
    missing = params.get("absent", x)
    removed = params.pop("extra")
    if "both" in params and "extra" not in params:
        missing = missing * params["both"]
    merged = {**params, "rate": y} | {"more": removed}
    return sum(params.values()) * missing + merged["rate"] * merged["more"] + len(merged)


@program((positive(4),), (wave(6),), (wave(2, dtype=np.float32),))
def dict_views_and_grouping(v):
    groups = {}
    for i, value in enumerate(v):
        groups.setdefault("even" if i % 2 == 0 else "odd", []).append(value)
    totals = {name: sum(members) for name, members in groups.items()}
    total = 0.0
    for name in sorted(totals.keys(), reverse=True):
        total = total * 0.5 + totals[name] ** 2
    for weight, members in zip((1.0, -2.0), groups.values()):
        total += weight * members[-1]
    return total


@program((0.4, ["a", "b", "a", "c"]), (1.7, ["b"]), argnums=0)
def defaultdict_and_deque(x, keys):
    weights = defaultdict(float)
    window = deque(maxlen=2)
    for k, key in enumerate(keys):
        weights[key] += x ** (k + 1)
        window.append(weights[key])
    window.appendleft(x)
    return sum(w * w for w in weights.values()) + window[0] * window[-1]


@program((0.4, (1, 3, 3, 7)), (1.7, (2, 5)), argnums=0)
def sets_choose_terms(x, exponents):
    unique = set(exponents)
    unique.add(2)
    odd = {n for n in unique if n % 2}
    total = sum(x**n for n in sorted(unique | {4}))
    if odd <= unique and 3 in odd:
        total *= len(odd)
    for n in sorted(unique - odd):
        total -= x / n
    return total


@program((0.7, 1.4, 2.1), (-1.3, 0.6, 0.5), argnums=(0, 1, 2))
def tuple_operations(x, y, z):
    point = (x, y) + (z,)
    doubled = point * 2
    a, *_ = doubled[2:]
    index = (1, 2, 0)
    moved = tuple(point[i] * (i + 1) for i in index)
    swapped = moved[::-1]
    return a * swapped[0] + sum(p * q for p, q in zip(point, swapped)) + (x, (y, z))[1][0] ** 2 * len(doubled)


@program((0.7, 1.4, 2.1), (-1.3, 0.6, 0.5), argnums=(0, 1, 2))
def nested_and_starred_unpacking(x, y, z):
    (a, (b, c)), d = (x, (y, z)), x * z
    first, *middle, last = [a, b, c, d, a * b]
    *head, (tail_left, tail_right) = first, last, (c, d)
    [p, q], r = np.array([x, y]), math.cos(z)
    total = first * last + sum(middle) * tail_left - tail_right * len(head)
    for k, (u, (v, *rest)) in enumerate([(x, (y, z)), (z, (x,)), (y, (z, x, y))]):
        total += (k + 1) * u * v + sum(rest)
    return total + p * q * r


@program((wave(4), positive(4)), (wave(2), positive(3)), (wave(3, 2), positive(3, 2)), argnums=(0, 1))
def zip_enumerate_reversed(a, b):
    total = 0.0
    for i, (u, v) in enumerate(zip(a, b), start=1):
        total = total + i * np.sum(u * v)
    for u, v, k in zip(reversed(a), b, range(10)):
        total = total - np.sum(u) * np.sum(v) ** 2 / (k + 1)
    for i, u in reversed(list(enumerate(a))):
        total = total * 0.9 + i * np.sum(u**2)
    return total


@program((wave(2, 3), wave(3)), (wave(1, 2), wave(2)), argnums=(0, 1))
def transposing_with_zip(rows, weights):
    matrix = [list(row) for row in rows]
    columns = list(zip(*matrix))
    sums = [sum(column) for column in columns]
    return sum(w * s**2 for w, s in zip(weights, sums)) + max(map(len, columns)) * weights[0]


@program((0.9, 3), (-0.4, 5), argnums=0)
def matrix_as_nested_lists(x, n):
    matrix = [[x ** abs(i - j) if i != j else 2.0 for j in range(n)] for i in range(n)]
    for i in range(1, n):
        factor = matrix[i][i - 1] / matrix[i - 1][i - 1]
        for j in range(i - 1, n):
            matrix[i][j] -= factor * matrix[i - 1][j]
    trace = 1.0
    for i, row in enumerate(matrix):
        trace *= row[i]
    return trace + x


@program((0.9, 1.1), (2.4, -0.3), argnums=(0, 1))
def aliased_lists_share_changes(x, y):
    shared = [x, y]
    table = {"one": shared, "two": shared, "copy": shared.copy()}
    table["one"].append(x * y)
    table["two"][0] *= y
    shared[1] = shared[1] + table["copy"][0]
    return sum(table["one"]) * table["two"][2] + sum(table["copy"]) ** 2


@program((0.3, 1.9, 6), (1.2, -0.5, 3), argnums=(0, 1))
def memo_in_a_dict(a, b, n):
    memo = {0: a, 1: b}

    def term(k):
        if k not in memo:
            memo[k] = 0.5 * term(k - 1) - term(k - 2) * memo[0]
        return memo[k]

    return term(n) + term(n - 1) * len(memo)


@program((0.9, 1.1), (2.4, -0.3), argnums=(0, 1))
def copied_deeply_twice_is_one_object(x, y):
    inner = [x]
    table = copy.deepcopy({"one": inner, "two": [inner, inner]})
    table["one"].append(x * y)
    table["two"][1][0] = y
    return sum(table["two"][0]) * len(inner) + inner[0] ** 2
