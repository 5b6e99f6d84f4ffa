"""What a derivative shows of itself, pickles, and the results that have no derivative."""

from __future__ import annotations

import copy
import pickle
import pydoc
from typing import Any

import numpy as np
import pytest

from s2sad import NotDifferentiable, elementwise_grad, grad, tape, value_and_grad
from tests.oracles import agrees, assert_identical


def product(x, y, z=3.0):
    return x * y * y * z


@grad
def decorated(x):
    """The cube."""
    return x**3


class Model:
    """A class with a method."""

    def __init__(self, k: float) -> None:
        self.k = k

    def loss(self, x):
        return self.k * x * x


# Looking at it


def test_representation_and_help() -> None:
    derivative = grad(product)
    assert repr(derivative) == "<gradient of product(x, y, z=3.0), 0 recorded paths>"
    assert derivative.source == "" and derivative.wengert == "" and derivative.paths == ()
    derivative(2.0, 3.0)
    assert repr(derivative) == "<gradient of product(x, y, z=3.0), 1 recorded path>"
    assert repr(value_and_grad(product)).startswith("<value and gradient of product(")
    assert repr(elementwise_grad(np.sin)).startswith("<elementwise gradient of sin")
    text = pydoc.plain(pydoc.render_doc(decorated))
    assert "decorated" in text and "The cube." in text and "(x)" in text
    assert "argnums" in pydoc.plain(pydoc.render_doc(grad))


def test_stages_source_and_wengert_list() -> None:
    derivative = grad(product)
    derivative(2.0, 3.0)
    assert "def product_value_and_grad(x, y" in derivative.source
    assert "return x * y * y * z" in derivative.source and "test_api_results.py" in derivative.source
    assert isinstance(derivative.wengert, str) and derivative.wengert.count("\n") >= 3
    stages = derivative.stages(2.0, 3.0)
    assert set(stages) == {"adjoint", "optimised", "code"}
    assert len(stages["optimised"].statements) <= len(stages["adjoint"].statements)
    assert stages["code"].source.startswith("def product_value_and_grad")
    assert len(derivative.paths) == 1
    assert derivative.paths[0].built.text.source == derivative.source


def test_it_pickles() -> None:
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    for original in (grad(product, argnums=("y", 0)), value_and_grad(product), elementwise_grad(np.sin)):
        original(2.0, 3.0) if "product" in repr(original) else original(2.0)
        again = pickle.loads(pickle.dumps(original))
        assert type(again) is type(original) and repr(again).endswith("0 recorded paths>")
        args = (2.0, 3.0) if "product" in repr(original) else (2.0,)
        assert_identical(again(*args), original(*args))
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(grad(lambda x: x))


def test_a_bound_method_pickles() -> None:
    original = grad(Model(3.0).loss)
    assert pickle.loads(pickle.dumps(original))(2.0) == 12.0


def test_copies_are_independent() -> None:
    original = grad(product)
    original(2.0, 3.0)
    for again in (copy.copy(original), copy.deepcopy(original)):
        assert_identical(again(2.0, 3.0), 27.0)
        again.clear()
        assert len(original.paths) == 1


# Results that have no derivative


@pytest.mark.parametrize("result, text", [
    (lambda x: x * np.ones(2), r"shape \(2,\)"), (lambda x: np.ones((1, 1)) * x, r"shape \(1, 1\)"), (lambda x: None,
    "None"),
    (lambda x: int(x), "an int"), (lambda x: x > 1.0, "bool"), (lambda x: x * 1j, "complex"), (lambda x: [x], "a list"),
    (lambda x: (x, x), "a tuple"), (lambda x: "text", "a str"), (lambda x: {"x": x}, "a dict"),
    (lambda x: np.int64(3), "int64"),
    (lambda x: np.array(3), "int64"), (lambda x: round(x), "an int"), (lambda x: np.array(x > 1.0), "bool"),
    (lambda x: Model(x), "Model"),
], ids=range(15))  # fmt: skip
def test_results_that_are_no_real_scalar(result: Any, text: str) -> None:
    for attempt in (
        lambda: grad(result)(2.0),
        lambda: value_and_grad(result)(2.0),
        lambda: tape.gradient(result, (2.0,)),
    ):
        with pytest.raises(NotDifferentiable, match=text) as caught:
            attempt()
        assert isinstance(caught.value, TypeError)


def test_an_array_result_names_the_alternatives() -> None:
    with pytest.raises(NotDifferentiable) as caught:
        grad(lambda x: x * 2.0)(np.ones(2))
    for name in ("jacobian", "vjp", "elementwise_grad"):
        assert name in str(caught.value)


@pytest.mark.parametrize("function", [
    lambda x, y: 3.0, lambda x, y: y * y, lambda x, y: float(int(np.sum(x))), lambda x, y: np.sum(np.ones(2)) * y,
    lambda x, y: float(np.argmax(x)), lambda x, y: float(np.sum(np.floor(x))), lambda x, y: y if np.sum(x) > 0 else 1.0,
    lambda x, y: float(np.size(x)), lambda x, y: float(f"{y:.1f}"), lambda x, y: np.sum(np.sign(x)),
], ids=range(10))  # fmt: skip
def test_depending_on_nothing_gives_zeros(function: Any) -> None:
    for x in (2.0, np.float32(2.0), np.ones(3), np.ones((2, 1), np.float32), np.array(1.5)):
        gradient = agrees(value_and_grad(function), function, x, 3.0)
        assert type(gradient) is type(x)
        assert_identical(gradient, np.zeros_like(x) if isinstance(x, np.ndarray) else type(x)(0.0))


@pytest.mark.parametrize("function", [
    lambda x: np.sum(x), lambda x: np.sum(np.sum(x, axis=0) ** 2), lambda x: np.sum(np.mean(x, axis=1) * np.ones(2)),
    lambda x: np.sum(x.T * np.ones((3, 2))), lambda x: np.sum(np.broadcast_to(x, (2, 2, 3))),
], ids=range(5))  # fmt: skip
@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_gradient_may_be_written_and_is_nobody_elses(function: Any, control: str) -> None:
    x = np.arange(6.0).reshape(2, 3)
    first, second = (grad(function, control=control)(x) for _ in range(2))
    want = second.copy()
    first[...] = 7.0
    assert_identical(second, want)
    assert_identical(x, np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_gradient_has_the_precision_of_its_argument_whatever_it_meets(control: str) -> None:
    double = np.array([1.0, 2.0])
    for x in (np.ones(2, np.float32), np.float32(2.0), np.ones(2, np.complex64)):
        gradient = grad(lambda x: np.sum(np.real(x * double)), control=control)(x)  # type: ignore[call-overload]
        assert gradient.dtype == x.dtype and np.array_equal(gradient, double if np.ndim(x) else 3.0)
