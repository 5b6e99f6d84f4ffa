"""Kept code gives what the function gives, or raises what it raises, in places where Python looks closer than one does."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, value_and_grad
from tests.oracles import agrees, module

LAST = "for i in range(len(x)):\n        if x[i] < 0:\n            k, z = i, x[i] * 2\n    "
MISSING = {
    "a bound": LAST + "return np.sum(x[k:])",
    "the result": LAST + "return z",
    "a part of the result": LAST + "return {'z': z, 'x': x[0]}['z']",
    "a condition": LAST + "if z:\n        return x[0] * 2\n    return x[1]",
    "a comparison": LAST + "return x[0] if z == 5 else x[1]",
    "np.where": LAST + "return np.sum(np.where(x > 0, z, x))",
    "in a branch": LAST + "return np.sum(x[k:]) if x[0] > 0 else x[0]",
    "after another loop": LAST + "for j in range(2):\n        if x[j] > 100:\n            k = j\n    return np.sum(x[:k])",
}


@pytest.mark.parametrize("form", MISSING)
def test_a_name_that_no_step_has_assigned(form: str) -> None:
    function = module(f"import numpy as np\n\n\ndef f(x):\n    {MISSING[form]}\n").f
    derivative = value_and_grad(function, control="keep")
    for x in (np.array([1.0, -2.0, 3.0]), np.array([1.0, 2.0, 3.0]), np.array([-1.0, 2.0, 3.0, -4.0]), np.array([1.0, 2.0])):
        try:
            function(x)
        except UnboundLocalError:
            with pytest.raises(UnboundLocalError):
                derivative(x)
        else:
            agrees(derivative, function, x)
    assert [path.kept for path in derivative.paths if path.kept] == [True]


def test_truth_values_of_numpy_stay_those() -> None:
    for body in ("b = b or x[0] > i\n        s = s + (b + b) * x[0]", "b = b and x[0] > i\n        s = s + (~b) * x[0]",
                 "b = b or x[0] > i\n        if ~b:\n            s = s * 7"):  # fmt: skip
        function = module(f"def f(x, n):\n    b, s = x[0] > 1, x[0]\n    for i in range(n):\n        {body}\n    return s\n").f
        derivative = value_and_grad(function, control="keep")
        for start in (2.0, 0.5, 1.5):
            for n in (1, 0, 3):
                agrees(derivative, function, np.array([start]), n)


@pytest.mark.parametrize("loop", ["for p, i in zip(x, range(n), strict=True)", "for i, p in reversed(enumerate(x))",
                                  "for i, p in reversed(zip(range(n), x))"])  # fmt: skip
def test_loops_that_raise(loop: str) -> None:
    function = module(f"def f(x, n):\n    s = 0.0\n    {loop}:\n        s += p * i\n    return s\n").f
    kept, automatic = value_and_grad(function, control="keep"), value_and_grad(function)
    for n in (3, 2, 4, 3, 2, 3, 1):
        try:
            wanted: Any = function(np.ones(3), n)
        except (TypeError, ValueError) as error:
            with pytest.raises(type(error)):
                automatic(np.ones(3), n)
            with pytest.raises((type(error), CannotKeep, AssertionError)):
                kept(np.ones(3), n)
        else:
            assert kept(np.ones(3), n)[0] == automatic(np.ones(3), n)[0] == wanted


def test_a_trip_count_without_axes() -> None:
    function = module("def f(x, n):\n    for i in range(n):\n        x = x * x + i / n\n    return x\n").f
    derivative = value_and_grad(function, control="keep")
    for n in (2, 1, 3, 0):
        agrees(derivative, function, 0.5, np.array(n))
    assert [path.kept for path in derivative.paths] == [True]


LISTS = {
    "a later item": "for v in l:\n        s += v * n\n        l[2] = v * 10",
    "an item that has been": "for i, v in enumerate(l):\n        l[i] = v * v\n        s += v + l[0]",
    "a longer list": "for v in l:\n        s += v\n        if len(l) < 5:\n            l.append(3 * v)",
    "a shorter list": "for v in l:\n        s += v\n        l.pop()",
    "the first one": "for i, v in enumerate(l):\n        s += v * i\n        del l[0]",
    "side by side": "for a, b in zip(l, l[::-1]):\n        s += a * b\n        l[2] = a",
    "backwards": "for v in reversed(l):\n        s += v\n        l[0] = v * v",
    "longer at the end": "for v in l:\n        s += v\n        if v is l[2] and len(l) == 3:\n            l.append(x)",
}


@pytest.mark.parametrize("form", LISTS)
def test_lists_that_change_while_a_loop_runs_over_them(form: str) -> None:
    function = module(f"def f(x, n):\n    l = [x, 2 * x, 3 * x]\n    s = 0.0\n    {LISTS[form]}\n    return s\n").f
    for control in ("keep", "auto"):
        derivative = value_and_grad(function, control=control)
        for x, n in ((0.7, 1), (1.3, 2), (0.2, 0)):
            try:
                agrees(derivative, function, x, n)
            except CannotKeep:
                assert control == "keep"


CLASSES = {
    "isinstance": "return 5.0 * x if isinstance(s, int) else s * x",
    "type": "return 2 * x if type(s) is float else s * x",
    "hasattr": "return s * x if hasattr(s, 'dtype') else 3 * x",
    "a dtype": "return x * (np.asarray(s).dtype.kind == 'i')",
    "a dtype that is asked for": "y = np.zeros(2, dtype=np.result_type(s))\n    y[0] = 2.5\n    return np.sum(y) * x",
    "np.array": "y = np.array([s, 3])\n    y[0] = x\n    return np.sum(y) * x",
    "np.full": "y = np.full(2, s)\n    y[0] = x\n    return np.sum(y) * x",
    "a product": "y = np.ones(3, int) * s\n    y[0] = x\n    return np.sum(y) * x",
}


@pytest.mark.parametrize("start", ["s = 1\n    if n > 1:\n        s = 0.5", "s = 1\n    for i in range(n):\n        s = s * x"])
@pytest.mark.parametrize("form", CLASSES)
def test_the_class_of_a_number_that_depends_on_the_way(form: str, start: str) -> None:
    function = module(f"import numpy as np\n\n\ndef f(x, n):\n    {start}\n    {CLASSES[form]}\n").f
    for control in ("keep", "auto"):
        derivative = value_and_grad(function, control=control)
        for x, n in ((0.7, 0), (0.7, 2), (2.5, 1), (0.3, 3), (0.3, 4), (0.3, 5), (1.3, 0)):
            try:
                agrees(derivative, function, x, n)
            except CannotKeep:
                assert control == "keep"


def test_a_name_that_a_branch_deletes() -> None:
    function = module("def f(x, n):\n    y = x * 2\n    if x < n:\n        del y\n    return y * x\n").f
    with pytest.raises(CannotKeep, match="a variable is deleted in a branch"):
        value_and_grad(function, control="keep")(2.5, 0)
    derivative = value_and_grad(function)
    for n in (0, 1, -1, -2, -3, -4):
        agrees(derivative, function, 2.5, n)
    with pytest.raises(UnboundLocalError):
        derivative(2.5, 3)
