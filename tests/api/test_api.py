"""The public functions: which argument, which function, which source text, and what comes back."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import NotDifferentiable, elementwise_grad, grad, tape, value_and_grad
from tests.oracles import assert_close, assert_identical


def product(x, y, z=3.0):
    return x * y * y * z


@grad
def decorated(x):
    """The cube."""
    return x**3


@grad(argnums=("y", 0))
def with_options(x, y):
    return x * y * y


# Which argument


@pytest.mark.parametrize("argnums, wanted", [
    (0, 27.0), (1, 36.0), (2, 18.0), (-1, 18.0), (-3, 27.0), ("x", 27.0), ("y", 36.0), ("z", 18.0), ((0,), (27.0,)),
    (("y",), (36.0,)),
    ((0, 1, 2), (27.0, 36.0, 18.0)), (("z", 0), (18.0, 27.0)), ((-1, "x", 1), (18.0, 27.0, 36.0)), ((), ()), ((0, 0),
    (27.0, 27.0)),
], ids=repr)  # fmt: skip
def test_argnums(argnums: Any, wanted: Any) -> None:
    assert_identical(grad(product, argnums=argnums)(2.0, 3.0, 3.0), wanted)
    assert_identical(value_and_grad(product, argnums=argnums)(2.0, 3.0, 3.0), (54.0, wanted))
    assert_identical(tape.gradient(product, (2.0, 3.0, 3.0), argnums), (54.0, wanted))


def test_arguments_by_name_at_the_call() -> None:
    derivative = grad(product, argnums=("x", "y"))
    assert derivative(2.0, y=3.0, z=3.0) == (27.0, 36.0)
    assert derivative(y=3.0, x=2.0, z=3.0) == (27.0, 36.0)
    assert derivative(2.0, 3.0, z=1.0) == (9.0, 12.0)
    assert derivative(2.0, 3.0) == (27.0, 36.0)
    assert grad(product, argnums=1)(2.0, y=3.0) == 36.0
    assert grad(product, argnums=0)(x=2.0, y=3.0) == 27.0


def test_keyword_only_positional_only_and_variadic() -> None:
    def f(a, /, b, *rest, c, d=2.0, **named):
        return a * b + sum(r * r for r in rest) + c * d + named.get("e", 0.0) ** 2

    assert grad(f, argnums="c")(1.0, 2.0, c=5.0) == 2.0
    assert grad(f, argnums=("d", "c"))(1.0, 2.0, c=5.0, d=4.0) == (5.0, 4.0)
    assert grad(f, argnums=(0, 2, 3))(1.0, 2.0, 3.0, 4.0, c=1.0) == (2.0, 6.0, 8.0)
    assert grad(f, argnums="e")(1.0, 2.0, c=1.0, e=3.0) == 6.0
    assert grad(f, argnums=-1)(1.0, 2.0, 3.0, c=1.0) == 6.0


@pytest.mark.parametrize("argnums, text", [
    (3, "argnums=3"), (-4, "argnums=-4"), ("w", "no parameter 'w'"), ((0, 5), "argnums=5"),
    ("z", "without its argument 'z'")], ids=repr)  # fmt: skip
def test_an_argument_that_is_not_there(argnums: Any, text: str) -> None:
    with pytest.raises(NotDifferentiable, match=text):
        grad(product, argnums=argnums)(2.0, 3.0)


@pytest.mark.parametrize("argnums", [1.5, None, [0, [1]], True, (0, None), {"x"}], ids=repr)
def test_argnums_of_another_kind(argnums: Any) -> None:
    with pytest.raises((TypeError, NotDifferentiable), match="argnums"):
        grad(product, argnums=argnums)(2.0, 3.0)


def test_wrong_arguments_raise_what_the_function_raises() -> None:
    def f(x, y, *, z=1.0):
        return x * y * z

    derivative = grad(f)
    for args, kwargs in (((1.0,), {}), ((1.0, 2.0, 3.0), {}), ((1.0, 2.0), {"w": 1.0}), ((1.0, 2.0), {"x": 1.0})):
        with pytest.raises(TypeError) as plain:
            f(*args, **kwargs)
        with pytest.raises(TypeError) as caught:
            derivative(*args, **kwargs)
        assert str(caught.value).partition("()")[2] == str(plain.value).partition("()")[2]
    assert derivative(1.0, 2.0, z=3.0) == 6.0


# How it is written


def test_decorator_with_and_without_arguments() -> None:
    assert decorated(2.0) == 12.0
    assert decorated.__name__ == "decorated" and decorated.__doc__ == "Gradient of decorated() by x.\n\nThe cube."
    assert with_options(2.0, 3.0) == (12.0, 9.0)

    @value_and_grad(argnums="y", has_aux=True)
    def f(x, y):
        return x * y, {"x": x}

    assert f(2.0, 3.0) == ((6.0, {"x": 2.0}), 2.0)

    @elementwise_grad
    def g(x):
        return x * x

    np.testing.assert_array_equal(g(np.array([1.0, 2.0])), [2.0, 4.0])


def test_has_aux() -> None:
    def f(x, y):
        return x * y, (y, [x * x, "text", None, np.array([x, 1.0])])

    gradient, aux = grad(f, has_aux=True)(2.0, 3.0)
    assert gradient == 3.0
    assert_identical(aux, f(2.0, 3.0)[1])
    (value, aux), gradients = value_and_grad(f, argnums=(0, 1), has_aux=True)(2.0, 3.0)
    assert value == 6.0 and gradients == (3.0, 2.0)
    assert_identical(aux, f(2.0, 3.0)[1])
    with pytest.raises(NotDifferentiable, match="has_aux"):
        grad(product, has_aux=True)(1.0, 2.0)


def test_aux_that_shares_nothing_with_the_argument() -> None:
    def f(x):
        return np.sum(x), (x, x[1:])

    x = np.arange(3.0)
    (_, aux), gradient = value_and_grad(f, has_aux=True)(x)
    assert_close(aux, (x, x[1:]))
    assert not np.shares_memory(gradient, aux[0]) and not np.shares_memory(gradient, aux[1])


class Model:
    """A class with every kind of method."""

    scale = 2.0

    def __init__(self, k: float) -> None:
        self.k = k

    @grad
    def slope(self, x):
        return self.k * x * x

    @value_and_grad(argnums=(1, 0))
    def both(self, x, y):
        return self.k * x * y * y

    @grad(argnums="y")
    def by_name(self, x, y):
        return self.k * x * y

    def loss(self, x):
        return self.k * x * x

    @classmethod
    def of_class(cls, x):
        return cls.scale * x * x

    @staticmethod
    def static(x):
        return x * x

    @staticmethod
    @grad
    def static_slope(x):
        return x * x

    @classmethod
    @grad
    def class_slope(cls, x):
        return cls.scale * x * x

    @classmethod
    @elementwise_grad
    def class_slopes(cls, x):
        return cls.scale * x * x

    @elementwise_grad
    def slopes(self, x):
        return self.k * x * x

    @property
    def loss_property(self):
        return lambda x: self.k * x

    def __call__(self, x):
        return self.k * x**3


def test_methods() -> None:
    model = Model(3.0)
    assert model.slope(2.0) == 12.0
    assert model.both(2.0, 3.0) == (54.0, (36.0, 27.0))
    assert model.by_name(2.0, 3.0) == 6.0
    assert grad(model.loss)(2.0) == 12.0
    assert grad(Model.loss, argnums=1)(model, 2.0) == 12.0
    assert grad(Model.loss, argnums="x")(model, x=2.0) == 12.0
    assert grad(Model.of_class)(2.0) == 8.0
    assert grad(model.of_class)(2.0) == 8.0
    assert grad(Model.static)(2.0) == 4.0
    assert Model.static_slope(2.0) == model.static_slope(2.0) == 4.0
    assert Model.class_slope(2.0) == model.class_slope(2.0) == 8.0
    assert grad(lambda x: Model.class_slope(x))(2.0) == grad(lambda x: model.class_slope(x))(2.0) == 4.0
    assert Model.class_slopes(np.ones(2)).tolist() == [4.0, 4.0] and model.slopes(np.ones(2)).tolist() == [6.0, 6.0]
    assert grad(model.loss_property)(2.0) == 3.0
    other = Model(5.0)
    assert other.slope(2.0) == 20.0 and model.slope(2.0) == 12.0
    model.k = 1.0
    assert model.slope(2.0) == 4.0


def test_a_method_called_on_its_class_counts_self_as_an_argument() -> None:
    assert Model.by_name(Model(3.0), 2.0, 5.0) == 6.0
    with pytest.raises(NotDifferentiable, match="'self' is a Model"):
        Model.slope(Model(3.0), 2.0)


def test_methods_that_see_their_own_gradient() -> None:
    class Newton:
        def __init__(self, k):
            self.k = k

        @grad
        def slope(self, x):
            return self.k * x * x

        def step(self, x):
            return x - 0.1 * self.slope(x)

    newton = Newton(3.0)
    assert newton.step(2.0) == pytest.approx(0.8)
    assert grad(newton.step)(2.0) == pytest.approx(0.4)


def test_callable_objects() -> None:
    model = Model(3.0)
    derivative = grad(model)
    assert derivative(2.0) == 36.0
    assert isinstance(repr(derivative), str) and isinstance(derivative.source, str)
    partial = functools.partial(product, y=3.0)
    assert grad(partial)(2.0, z=3.0) == 27.0
    assert grad(functools.partial(product, 2.0))(3.0) == 36.0
    assert grad(math.sin)(0.5) == math.cos(0.5)
    assert grad(np.sum)(np.ones(2)).tolist() == [1.0, 1.0]
    assert elementwise_grad(np.tanh)(0.0) == 1.0
    assert grad(abs)(-2.0) == -1.0
    with pytest.raises(TypeError, match="not callable"):
        grad(3)


def test_a_class_is_a_function_of_its_arguments() -> None:
    class Square(float):
        pass

    with pytest.raises((NotDifferentiable, s2sad.MissingRule)):
        grad(Square)(2.0)
