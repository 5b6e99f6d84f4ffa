"""Conditions of kept loops are asked before each step, whatever they are made of."""
from __future__ import annotations

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees, made, module

HEAD = '''import math


def done(x, n):
    if n > 6:
        return True
    if x > 4:
        return True
    return False


def turned(x, n):
    if n > 2:
        return x
    return -x


'''
CONDITIONS = {
    "not (x < 1 or x > 3) and n > 0": "x, n = 0.5 * x, n - 1",
    "not (x < 1 or x > 3)": "x = 0.5 * x",
    "not (0 < x < 1) and n > 0": "x, n = 0.5 * x, n - 1",
    "max(x, n) < 6": "x, n = 2 * x, n + 1",
    "(x if n > 2 else -x) + 0.0 < 4 and n < 9": "x, n = 2 * x, n + 1",
    "(0 < x < 3) == (n > 0) and n < 4": "x, n = 1.5 * x, n + 1",
    "(n > 0) == (0 < x < 3)": "x, n = 1.4 * x, n - 1",
    "not done(x, n)": "x, n = 1.3 * x, n + 1",
    "turned(x, n) < 5": "x, n = 1.7 * x + 0.1, n + 1",
    "not (not (x > 4 or n > 5) and done(x, n))": "x, n = 1.7 * x + 0.1, n + 4",
    "x * x * x + 2 * x * x - math.sin(x) * 3 * x + x * 0.5 - 1.0 * x + x * x * x * 0.1 + x * x * 0.01 * x < 50": "x = 1.2 * x",
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_asked_before_each_step(condition: str) -> None:
    body = f"    start = x\n    for _ in range(50):\n        if not ({condition}):\n            break\n        {CONDITIONS[condition]}\n"
    loop = f"    start = x\n    while {condition}:\n        {CONDITIONS[condition]}\n"
    loop += "        if x > 1e6 or n > 60 or n < -60:\n            break\n"
    for text in (loop, body):
        function = module(f"{HEAD}def f(x, n):\n{text}    return x * x + start\n").f
        derivative = value_and_grad(function, control="keep")
        for x, n in ((0.5, 1), (1.5, 5), (0.7, 1), (0.7, 0), (2.5, 3), (3.5, 2)):
            agrees(derivative, function, x, n)
        assert [path.kept for path in derivative.paths] == [True]


VIEWS = {
    "its numbers": "v = np.cos(x)\nw = v[1:]\nwhile np.sum(w) > 0.5:\n    v[1:] *= 0.5\nreturn np.sum(v * v)",
    "its size": "v = np.cos(x)\nfor i in range(2):\n    w = v[len(x) // 2 :]\n    k = 0\n    while k < n and w.size:\n        k += 1\n"
                "        v[0] = np.sin(x[0])\nreturn np.sum(v)",
}  # fmt: skip


@pytest.mark.parametrize("asked", VIEWS)
def test_a_condition_reads_views_of_what_the_body_writes(asked: str) -> None:
    function = made(VIEWS[asked], "x, n")
    derivative = value_and_grad(function, control="keep")
    for size in (4, 3, 2):
        agrees(derivative, function, np.linspace(0.1, 0.6, size), 3)
    assert all(path.kept for path in derivative.paths)
