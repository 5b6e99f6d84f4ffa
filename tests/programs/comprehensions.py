"""Comprehensions of all four kinds, generator expressions and generator functions."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, wave


def running_means(values):
    total = 0.0
    for count, value in enumerate(values, start=1):
        total += value
        yield total / count


def newton_iterates(a, guess=1.0):
    while True:
        yield guess
        guess = 0.5 * (guess + a / guess)


def walk(tree):
    if isinstance(tree, (list, tuple)):
        for branch in tree:
            yield from walk(branch)
    else:
        yield tree


@program((0.6, 4), (-1.4, 1), (2.0, 0), argnums=0)
def list_comprehension(x, n):
    powers = [x**k for k in range(n + 1)]
    odd = [p * k for k, p in enumerate(powers) if k % 2 if p > -2.0]
    table = [[p * q for q in powers] for p in powers[:2]]
    return sum(powers) + sum(odd) + sum(sum(row) for row in table)


@program((wave(3, 4),), (wave(2, 2),), (positive(1, 3, dtype=np.float32),))
def nested_comprehension_with_filters(grid):
    rows, cols = grid.shape
    chosen = [grid[i, j] * (i + j) for i in range(rows) for j in range(cols) if i != j and grid[i, j] > 0]
    flat = [v for row in grid for v in row]
    return sum(chosen) + flat[-1] * len(chosen) + sum([v * v for v in flat])


@program((0.6, 1.4), (-1.4, 0.3), argnums=(0, 1))
def dict_comprehension(x, y):
    base = {"x": x, "y": y, "const": 2.0}
    squares = {name: value**2 for name, value in base.items() if name != "const"}
    cross = {(a, b): base[a] * squares[b] for a in base for b in squares}
    inverse = {k: name for k, name in enumerate(base)}
    return sum(cross.values()) + squares[inverse[1]] * cross["const", "x"]


@program((0.6, [1, 2, 2, 5]), (-1.4, [3]), argnums=0)
def set_comprehension(x, exponents):
    residues = {e % 3 for e in exponents}
    values = {round(e * 0.5, 1) for e in exponents}
    return sum(math.cos(r * x) for r in sorted(residues)) + max(values) * x**2 + len({x, x, x * x}) * x


@program((wave(5), 0.3), (positive(3), 2.0), (wave(4, dtype=np.float32), 0.5), argnums=(0, 1))
def generator_expressions(v, s):
    total = sum(a * b for a, b in zip(v, v[2:]))
    largest = max(a * s for a in v)
    shifted = (a + s for a in v if a > 0)
    first = next(shifted)
    rest = sum(shifted)
    return total + largest * first + rest + math.fsum(s * k for k in range(4))


@program((wave(5),), (positive(2),), (wave(3, dtype=np.float32),))
def generator_function_consumed_by_for(v):
    total = 0.0
    for k, mean in enumerate(running_means(v)):
        total += mean**2 * (k + 1)
    means = list(running_means([2 * a for a in v]))
    return total + means[-1] * means[0] + max(running_means(v))


@program((2.0, 1e-10), (9.0, 1e-2), (0.3, 1e-6), argnums=0)
def infinite_generator_with_break(a, tolerance):
    previous = None
    for guess in newton_iterates(a):
        if previous is not None and abs(guess - previous) < tolerance:
            break
        previous = guess
    return guess * a


@program((0.8,), (1.9,))
def next_with_default(x):
    iterates = newton_iterates(x, guess=2.0 + x)
    next(iterates)
    second = next(iterates)
    third = next(iterates)
    found = next((v for v in (x, second, third) if v > 1.5), 10.0 * x)
    return second * third + found + next(iter([]), x * x)


@program(([0.5, [1.2, (-0.7, 2.0)], []],), ([[[0.9]]],), ([1.0, -1.5],))
def yield_from_over_a_tree(tree):
    return sum((k + 1) * leaf**2 for k, leaf in enumerate(walk(tree))) + math.prod(walk(tree))


@program((0.7, 3), (1.6, 5), argnums=0)
def generator_closing_over_local_state(x, n):
    state = {"scale": 1.0}

    def terms():
        for k in range(n):
            state["scale"] *= x
            yield state["scale"] / (k + 1)
        yield -x

    total = 0.0
    for term in terms():
        total += term * state["scale"]
        if total > 20.0:
            state["scale"] = 1.0
    return total


@program((wave(4), 0.5), (positive(6), 1.5), argnums=(0, 1))
def pipeline_of_generators(v, gain):
    def amplify(source):
        for item in source:
            yield item * gain

    def clip_low(source, low=-0.4):
        for item in source:
            if item < low:
                yield low
                continue
            yield item

    def pairs(source):
        previous = 0.0
        for item in source:
            yield previous, item
            previous = item

    return sum(a * b + b for a, b in pairs(clip_low(amplify(v)))) + gain


@program((0.6, 2.2), (-1.1, 0.4), argnums=(0, 1))
def comprehension_scopes(x, y):
    k = y
    squares = [k * k for k in (x, 2 * x, 3.0)]
    functions = [lambda t, k=k: t + k for k in squares]
    scalers = {k: (lambda s, power=k: s * x**power) for k in (1, 2)}
    total = sum(f(k) for f in functions)
    return total * k + sum(scalers[1](s) + scalers[2](s) for s in squares)
