"""Higher orders, pullbacks and elementwise gradients."""

from __future__ import annotations

import functools
import math
import pickle
import re
from typing import Any

import numpy as np
import pytest

from s2sad import NotDifferentiable, elementwise_grad, grad, tape, value_and_grad, vjp
from tests.oracles import agrees, assert_close, assert_identical, differences


def product(x, y, z=3.0):
    return x * y * y * z


@pytest.mark.parametrize("x", [0.5, 2.0])
def test_orders_one_to_four(x: float) -> None:
    def f(x):
        y = x
        for _ in range(2):
            y = math.sin(y) * x + y**3
        return math.exp(-y * y) if y > -5.0 else y

    derivative = f
    for _ in range(4):
        previous, derivative = derivative, grad(derivative)
        assert derivative(x) == pytest.approx(differences(previous, (x,)), rel=2e-6, abs=2e-6)
        assert derivative(x) == pytest.approx(tape.gradient(previous, (x,))[1], rel=1e-9)


def test_orders_of_a_polynomial() -> None:
    derivative = lambda x: x**5 - 2.0 * x**3
    for wanted in (5 * 16 - 2 * 12, 20 * 8 - 2 * 12, 60 * 4 - 12, 120 * 2.0, 120.0, 0.0):
        derivative = grad(derivative)
        assert derivative(2.0) == pytest.approx(wanted, abs=1e-12)


def test_higher_order_through_branches_and_helpers() -> None:
    def f(x, y):
        inner = grad(lambda z: z**3 * y if z > 1.0 else z * y * y)(x)
        return inner * x + value_and_grad(product)(x, y)[0]

    derivative = value_and_grad(f, argnums=(0, 1))
    for args in ((2.0, 3.0), (0.5, 3.0), (2.0, -1.0)):
        agrees(derivative, f, *args, argnums=(0, 1))


def test_perturbations_are_not_confused() -> None:
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(2.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(3.0))(2.0) == 4.0
    assert grad(lambda x: grad(lambda x: x * x)(x) * x)(3.0) == 12.0


def test_hessian_rows_of_arrays() -> None:
    def f(x):
        return np.sum(x**3) + x[0] * x[1]

    x = np.array([1.0, 2.0, 3.0])
    rows = [grad(lambda x: grad(f)(x)[i])(x) for i in range(3)]  # noqa: B023
    np.testing.assert_array_equal(rows, [[6.0, 1.0, 0.0], [1.0, 12.0, 0.0], [0.0, 0.0, 18.0]])


# vjp and elementwise_grad


def test_vjp_of_structures() -> None:
    def f(a, b):
        return {"s": np.sum(a) * b, "p": [a * b, a[0]]}

    a, b = np.array([1.0, 2.0]), 3.0
    value, pullback = vjp(f, a, b)
    assert_identical(value, f(a, b))
    assert_close(pullback({"s": 1.0, "p": [np.array([1.0, 10.0]), 100.0]}), (np.array([106.0, 33.0]), 3.0 + 21.0))
    assert_close(pullback({"s": 0.0, "p": [np.zeros(2), 0.0]}), (np.zeros(2), 0.0))


def test_vjp_keywords_and_integers() -> None:
    value, pullback = vjp(lambda x, n, k=1.0: x * n * k, 2.0, 3, k=5.0)
    assert value == 30.0
    assert pullback(1.0) == (15.0, 10.0)


def test_vjp_keeps_the_arguments_of_its_call() -> None:
    x = np.array([1.0, 2.0])
    _, pullback = vjp(lambda x: x**2, x)
    x[:] = 100.0
    assert_close(pullback(np.ones(2)), (np.array([2.0, 4.0]),))
    first, second = pullback(np.ones(2))[0], pullback(np.ones(2))[0]
    assert not np.shares_memory(first, second)


@pytest.mark.parametrize("cotangent", [np.ones(3), 1.0, [1.0, 1.0], np.ones((2, 1)), None, "ones"], ids=repr)
def test_a_cotangent_of_another_shape(cotangent: Any) -> None:
    _, pullback = vjp(lambda x: x * 2.0, np.ones(2))
    with pytest.raises(NotDifferentiable, match="cotangent"):
        pullback(cotangent)


def test_elementwise_gradients() -> None:
    x = np.linspace(-1.0, 1.0, 5)
    assert_close(elementwise_grad(np.sin)(x), np.cos(x))
    assert_close(elementwise_grad(elementwise_grad(np.sin))(x), -np.sin(x))
    assert elementwise_grad(math.sin)(0.5) == math.cos(0.5)
    assert_close(elementwise_grad(lambda x, y: x * y, argnums=(0, "y"))(x, 2.0), (np.full(5, 2.0), float(np.sum(x))))
    with pytest.raises(NotDifferentiable):
        elementwise_grad(lambda x: [x, x])(x)
    with pytest.raises(NotDifferentiable):
        elementwise_grad(lambda x: x > 0)(x)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_elementwise_derivatives_of_any_order(control: str) -> None:
    def f(x, n):
        for _ in range(n):
            x = np.sin(x) * x
        return x

    x, nested = np.linspace(0.1, 2.0, 4), f
    for order in range(4):
        made = elementwise_grad(f, order=order, control=control)
        for n, part in ((3, x), (2, x[:2].astype(np.float32)), (3, x[:1])):
            assert_close(made(part, n), nested(part, n), 1e-5 if part.dtype == np.float32 else 1e-12)
            assert made(part, n).dtype == part.dtype
        nested = elementwise_grad(nested)
    assert elementwise_grad(lambda x: x**3, order=np.int64(2))(2) == 12.0 and elementwise_grad(math.exp, order=0)(0) == 1.0
    weighted = elementwise_grad(lambda k, x: k * x**4, argnums="x", order=3, control=control)
    assert_close(weighted(2.0, x), 48.0 * x)
    assert_close(grad(lambda x, k: np.sum(elementwise_grad(np.exp, order=k)(x) * x), control=control)(x, 2), np.exp(x) * (1.0 + x))
    assert "of order 3" in repr(weighted) and pickle.loads(pickle.dumps(elementwise_grad(np.sin, order=2)))(0.5) == -math.sin(0.5)


class Cubic:
    """With a method of which the second derivative is taken."""

    rate = 2.0

    @elementwise_grad(order=2)
    def curvature(self, x):
        return self.rate * x**3


def test_orders_that_there_are_not() -> None:
    assert_close(Cubic().curvature(np.array([1.0, 2.0])), np.array([12.0, 24.0]))
    for order in (1.5, True, "2", None):
        with pytest.raises(TypeError, match="order is a whole number"):
            elementwise_grad(np.sin, order=order)
    with pytest.raises(ValueError, match="0 or more, not -1"):
        elementwise_grad(np.sin, order=-1)
    with pytest.raises(ValueError, match="order=2 is for one argument"):
        elementwise_grad(np.add, argnums=(0, 1), order=2)
    with pytest.raises(NotDifferentiable, match="is a dict, which order=2 does not differentiate again"):
        elementwise_grad(lambda p: p["a"] ** 2, order=2)({"a": 1.0})


def test_an_array_of_size_one_is_the_number_in_it() -> None:
    for shape, hint in (((1,), "[0]"), ((1, 1), "[0, 0]")):
        f = functools.partial(np.full, shape)
        for derived in (grad(lambda x: f(x)), lambda x: tape.gradient(lambda x: f(x), (x,))):  # noqa: B023
            with pytest.raises(NotDifferentiable, match=re.escape(f"add {hint} or .item() to the result")):
                derived(2.0)
        assert grad(lambda x: f(x)[(0,) * len(shape)])(2.0) == grad(lambda x: f(x).item())(2.0) == 1.0  # noqa: B023
    for other in (lambda x: x[:2], lambda x: x[:1] > 0.0, lambda x: x[:0]):
        with pytest.raises(NotDifferentiable, match="use vjp or elementwise_grad"):
            grad(other)(np.ones(3))
