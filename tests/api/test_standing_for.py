"""What a derivative says of itself: its name, documentation, annotations and signature fit what a call returns, and what it shows."""
from __future__ import annotations

import functools
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import Compiled, Derivative, ElementwiseGradient, compiled, elementwise_grad, grad, value_and_grad

REFERENCE = Path(__file__).parent.parent.parent / "docs" / "reference.md"


def loss(params: dict, x: np.ndarray, rate: float = 1.0) -> float:
    """The loss.

    Of a model.
    """
    return rate * params["w"] * float(np.sum(x))


def with_aux(x, y):
    return x * y, "aux"


with_aux.__annotations__ = {"x": float, "y": float, "return": tuple[float, str]}
SAID = [
    (grad(loss), "Gradient of loss() by params", "dict"),
    (grad(loss, "rate"), "Gradient of loss() by rate", "float"),
    (grad(loss, (1, "rate")), "Gradient of loss() by x, rate", "tuple[np.ndarray, float]"),
    (value_and_grad(loss, 1), "Value and gradient of loss() by x", "tuple[float, np.ndarray]"),
    (elementwise_grad(loss, 1), "Elementwise gradient of loss() by x", "np.ndarray"),
]


@pytest.mark.parametrize("derivative, said, returned", SAID, ids=lambda v: v if isinstance(v, str) else "")
def test_a_derivative_says_what_it_is_and_then_what_its_function_says(derivative: Any, said: str, returned: str) -> None:
    assert derivative.__doc__ == f"{said}.\n\nThe loss.\n\nOf a model."
    assert derivative.__name__ == "loss" and derivative.__module__ == __name__ and derivative.__wrapped__ is loss
    assert derivative.__annotations__ == {"params": "dict", "x": "np.ndarray", "rate": "float", "return": returned}
    signature = inspect.signature(derivative)
    assert signature.parameters == inspect.signature(loss).parameters and signature.return_annotation == returned
    assert loss.__annotations__["return"] == "float" and (loss.__doc__ or "").startswith("The loss.")


def test_annotations_that_are_types_make_types() -> None:
    assert grad(with_aux, has_aux=True).__annotations__["return"] == tuple[float, str]
    assert value_and_grad(with_aux, has_aux=True).__annotations__["return"] == tuple[tuple[float, str], float]
    assert value_and_grad(with_aux, (0, 1), has_aux=True).__annotations__["return"] == tuple[tuple[float, str], tuple[float, float]]
    assert inspect.signature(functools.partial(grad(with_aux, has_aux=True), 1.0)).return_annotation == tuple[float, str]


def test_what_is_not_annotated_is_not_annotated_there() -> None:
    for derivative in (grad(lambda x: x), grad(loss, -1), grad(np.sin), grad(with_aux.__get__(2.0))):
        assert "return" not in derivative.__annotations__ or derivative.function is not loss
    assert inspect.signature(grad(lambda x: x)).return_annotation is inspect.Signature.empty
    assert grad(loss, -1).__doc__.startswith("Gradient of loss() by argument -1.")
    assert grad(functools.partial(loss, x=np.ones(2))).__annotations__["return"] == "dict"
    assert grad(np.sin).__doc__ == "Gradient of sin() by x."


def test_methods_say_it_of_what_stands_after_self() -> None:
    class Model:
        @grad
        def slope(self, w: float, k: int = 2) -> str:
            """The slope."""

    bound: Any = Model().slope
    assert str(inspect.signature(bound)) == "(w: 'float', k: 'int' = 2) -> 'float'"
    assert bound.__doc__.startswith("Gradient of slope() by w.")


def test_methods_keep_their_names() -> None:
    class Model:
        def loss(self, w: float) -> float:
            return w * w

    bound = value_and_grad(Model().loss)
    assert bound(3.0) == (9.0, 6.0)
    assert bound.__name__ == "loss" and repr(bound) == "<value and gradient of loss(w: 'float') -> 'float', 1 recorded path>"
    assert bound.source.startswith("def loss_value_and_grad(w):")


def test_what_is_compiled_without_a_derivative_stands_for_the_function() -> None:
    assert compiled(loss).__doc__ == loss.__doc__ and inspect.signature(compiled(loss)) == inspect.signature(loss)


def test_the_classes_are_public() -> None:
    assert type(grad(loss)) is type(value_and_grad(loss)) is Derivative and type(elementwise_grad(loss)) is ElementwiseGradient
    assert issubclass(ElementwiseGradient, Derivative) and issubclass(Derivative, Compiled) and isinstance(compiled(loss), Compiled)
    assert {"Compiled", "Derivative", "ElementwiseGradient"} <= {*s2sad.__all__}
    assert all(inspect.signature(kind).parameters["function"] for kind in (Compiled, Derivative, ElementwiseGradient))


def test_what_is_shown_of_a_derivative_is_documented() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    table = text[text.index("## The object they return") :]
    for derivative in (grad(loss), elementwise_grad(loss), compiled(loss)):
        shown = [name for name in dir(derivative) if not name.startswith("__")]
        assert len(shown) == 8 and all(hasattr(derivative, name) and re.search(rf"`{name}\b", table) for name in shown)
