"""Exported modules that keep their loops and branches: they serve other sizes and other ways, and say where they end."""

from __future__ import annotations

import math

import numpy as np
import pytest

import s2sad
from s2sad import value_and_grad
from s2sad.export import export
from tests.export.test_export import exported, identical

RATE = 0.5
WEIGHTS = np.linspace(0.5, 1.5, 20)
PLAIN = np.linspace(0.5, 1.5, 16)


def filtered(x, cut):
    level, total = 0.0, 0.0
    for i, v in enumerate(x):
        if v > cut:
            level = RATE * level + v
        else:
            level = 0.9 * level
        total += level * (i + 1)
    return total


def weighted(x):
    total = 0.0
    for i in range(len(x)):
        total += np.sum(x * WEIGHTS) * x[i]
    return total


def until_small(x, n):
    k = 0
    while abs(x) > 0.01:
        if k == n:
            return x
        x, k = x * math.cos(x) * 0.9, k + 1
    return x * x


def filled(x, n):
    y = np.zeros(n + 1)
    y[0] = x
    for i in range(n):
        for j in range(i + 1):
            y[i + 1] += y[j] * 0.1
    return np.sum(y * y)


def saved(x, n):
    for _ in s2sad.checkpoint(range(n)):
        x = np.sin(x) + 0.1
    return np.sum(x)


def told(x, n):
    for _ in range(n):
        x = x * 0.9
    print("done")
    return x


CASES = (
    (filtered, (PLAIN, 0.9), ((np.linspace(0.1, 2.0, 5), 1.3), (np.ones(1), 5.0), (np.ones(0), 1.0))),
    (until_small, (1.0, 40), ((2.0, 3), (0.5, 100))),
    (filled, (1.5, 6), ((0.5, 3), (0.5, 0))),
    (saved, (np.ones(4), 20), ((np.ones(2), 3), (np.linspace(0.0, 1.0, 7), 0))),
)  # fmt: skip


@pytest.mark.parametrize(("function", "point", "others"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_kept_module_serves_other_sizes_and_ways(function, point, others):
    compiled = value_and_grad(function, control="keep")
    run, module = exported(function, point)  # as "auto" does
    assert "for i in range(" in export(function, point) or "while " in export(function, point)
    module["self_check"]()
    for args in (point, *others, point):
        positional, named = args[:1], dict(zip(list(CASES_NAMES[function.__name__]), args[1:], strict=True))
        identical(run(*positional, *named.values()), compiled(*args))


CASES_NAMES = {"filtered": ("cut",), "until_small": ("n",), "filled": ("n",), "saved": ("n",)}


def test_what_a_kept_module_is_valid_for_stands_in_its_head():
    text = export(filtered, (PLAIN, 0.9))
    head = text[: text.index('"""')]
    assert "#     x: float64[" in head and "16" not in head
    assert "RATE = 0.5, which is" in head and "Recorded" not in head
    assert "x = _checked_rank('x', x, 'float64', (None,))" in text
    run, module = exported(filtered, (PLAIN, 0.9))
    with pytest.raises(TypeError, match="x must be an array of float64, not an array of float32"):
        run(PLAIN.astype(np.float32), 0.9)
    with pytest.raises(module["OtherPath"], match=r"x has the shape \(4, 4\); the exported path holds for \(None,\), where None is any"):
        run(PLAIN.reshape(4, 4), 0.9)
    identical(run(PLAIN, 0.9, RATE=0.25)[0], 0.25 * (run(PLAIN, 0.9, RATE=0.25)[0] / 0.25))


def test_what_a_kept_module_reads_from_outside_may_have_another_size():
    x = np.ones(20)
    run, module = exported(weighted, (x,))
    identical(run(x), value_and_grad(weighted, control="keep")(x))
    value, gradient = run(np.ones(3), WEIGHTS=np.array([1.0, 2.0, 3.0]))  # 3 * sum(w * x), and 3 * w + sum(w * x)
    assert value == 18.0
    np.testing.assert_allclose(gradient, [9.0, 12.0, 15.0])
    with pytest.raises(module["OtherPath"], match=r"test_export_kept\.py:\d+: the exported path holds only while"):
        run(np.ones(3))


def test_a_kept_module_prints(capsys):
    run, _ = exported(told, (1.0, 3), control="record")
    capsys.readouterr()
    run(2.0, 3)
    assert capsys.readouterr().out == "done\n"


@pytest.mark.parametrize(("control", "n", "kept"), [("auto", 3, False), ("auto", 30, True), ("record", 12, False), ("keep", 3, True)])
def test_a_module_is_what_control_says(control, n, kept):
    assert ("\n    for i in range(n):" in export(filled, (1.5, n), control=control)) is kept


def test_only_what_is_a_control_is_taken():
    with pytest.raises(ValueError, match="control is one of"):
        export(filled, (1.5, 3), control="other")
