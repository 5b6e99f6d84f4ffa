"""The check at first use of derivatives: elementwise ones, and functions that take one themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import elementwise_grad, grad, value_and_grad
from s2sad.calls import first_use
from tests.calls.test_first_use import SHARE, warned
from tests.oracles import assert_identical, module


def test_the_value_of_an_elementwise_gradient(broken: Any) -> None:
    text = "def f(x, n):\n    for i in range(n):\n        x = x * 2.0\n    return x\n"
    broken("range(n)", "range(min(n, 2))")
    derivative = elementwise_grad(module(text).f, control="keep")
    assert_identical(derivative(np.full(3, 2.0), 2), np.full(3, 4.0))
    result, said = warned(derivative, np.full(3, 2.0), 3)
    assert_identical(result, np.full(3, 8.0))
    assert said == [
        "the code that keeps the loops and branches of f() gives a different value for x of shape (3,), n = 3 than the function itself; "
        "the call is recorded instead. " + SHARE
    ]
    assert derivative.stats().checks == 2 and derivative.stats().faults == 1


def test_an_elementwise_gradient_that_is_recorded_computes_no_value() -> None:
    derivative = elementwise_grad(module("import numpy as np\ndef f(x):\n    return np.sin(x)\n").f)
    assert_identical(derivative(np.zeros(3)), np.ones(3))
    assert derivative.stats().checks == 0 and "sin" not in derivative.source.replace("np.sin(x)\n", "", 1)


CUBES = "def f(x, n):\n    s = 0.0\n    for i in range(n):\n        s = s + x * x * x\n    return s\n"


def test_a_derivative_inside_is_compared_with_that_of_the_function_inside() -> None:
    inner = grad(module(CUBES).f, control="keep")
    outer = value_and_grad(inner, control="keep")
    assert outer(2.0, 3) == (36.0, 36.0)
    assert outer.stats().checks == 1 and inner.stats().calls == 1 and inner.stats().checks == 1
    assert outer(3.0, 3) == (81.0, 54.0) and outer(2.0, 4) == (48.0, 48.0)
    assert outer.stats().checks == 2 and inner.stats().checks == 2


def test_a_derivative_inside_that_is_wrong(broken: Any) -> None:
    broken("range(n)", "range(min(n, 2))")
    inner = grad(module(CUBES).f, control="record")
    outer = value_and_grad(inner, control="keep")
    assert outer(2.0, 2) == (24.0, 24.0)
    result, (said,) = warned(outer, 2.0, 3)
    assert result == (36.0, 36.0)
    assert "gives 24.0 for x = 2.0, n = 3, and the function itself gives 36.0; " in said
    assert [path.kept for path in outer.paths] == [None]


def test_a_derivative_inside_that_is_summed_in_another_order_is_the_same() -> None:
    for dtype in (np.float64, np.float32):
        given = first_use.Value([np.array([1.0, 0.0], dtype)], None, first_use.rounding_of([np.array([100.0], dtype)]))
        few = float(np.finfo(dtype).eps) * 100.0
        assert given.same(first_use.Value([np.array([1.0 + few, few], dtype)], None))
        assert not given.same(first_use.Value([np.array([1.0, 0.25], dtype)], None))
        assert not given.same(first_use.Value([np.array([1.0, np.nan], dtype)], None))
        assert not given.same(first_use.Value([np.array([[1.0, 0.0]], dtype)], None))
        assert not given.same(first_use.Value([np.array([1.0, 0.0], np.float16)], None))


def test_a_derivative_in_a_loop_is_compared() -> None:
    world = module(
        "from s2sad import grad\ndef f(x, n):\n    s = 0.0\n    for i in range(n):\n        s = s + grad(g)(x)\n    return s\n"
        "def g(x):\n    return x * x\n"
    )
    derivative = value_and_grad(world.f, control="keep")
    assert [derivative(3.0, n) for n in (2, 4, 2)] == [(12.0, 4.0), (24.0, 8.0), (12.0, 4.0)]
    assert derivative.stats().checks == 2
