"""What kept code asks of the sizes of arguments: all of it at once, at the top."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees

GRID = np.array([[0.3, 1.2, -0.7], [2.1, 0.4, 0.9]])


def extremes(x: Any) -> Any:
    top = np.max(x, axis=0)
    bottom = np.min(x, axis=1, keepdims=True)
    return np.sum(top**2) + np.sum((x - bottom) * x)


def layers(first: Any, second: Any, third: Any, bias: Any, given: Any, wanted: Any) -> Any:
    error = given @ first @ second @ third + bias - wanted
    return np.sum(error * error)


def test_whether_there_is_an_element_is_asked_at_the_top() -> None:
    derivative = value_and_grad(extremes, control="keep")
    agrees(derivative, extremes, GRID)
    lines = derivative.source.split("\n")
    assert lines[2:4] == ["    if x.shape[0] == 0 or x.shape[1] == 0:", "        raise OtherPath"]
    assert derivative.source.count("raise OtherPath") == 1


@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_an_error_is_that_of_the_function(shape: tuple[int, int]) -> None:
    derivative = value_and_grad(extremes, control="keep")
    derivative(GRID)
    with pytest.raises(ValueError) as expected:
        extremes(np.zeros(shape))
    with pytest.raises(ValueError) as found:
        derivative(np.zeros(shape))
    assert str(found.value) == str(expected.value)


def test_what_happens_in_front_of_an_error_happens_once(capsys: pytest.CaptureFixture[str]) -> None:
    def noted(x: Any) -> Any:
        print(x.shape)
        return np.max(x)

    derivative = value_and_grad(noted, control="keep")
    derivative(np.array([1.0, 2.0]))
    with pytest.raises(ValueError):
        derivative(np.zeros(0))
    assert capsys.readouterr().out == "(2,)\n(0,)\n"


def test_an_error_of_the_functions_own_comes_first() -> None:
    def checked(x: Any, y: Any) -> Any:
        if y < 0.0:
            raise KeyError("negative")
        return np.max(x) * y

    derivative = value_and_grad(checked, argnums=(0, 1), control="keep")
    agrees(derivative, checked, np.array([1.0, 2.0]), 0.5, argnums=(0, 1))
    with pytest.raises(KeyError):
        derivative(np.zeros(0), -1.0)


def test_many_sizes_are_one_question_over_lines() -> None:
    a = np.linspace(0.1, 1.0, 6)
    args = (a[:6].reshape(2, 3), a.reshape(3, 2), a[:4].reshape(2, 2), a[:2], a.reshape(3, 2), a.reshape(3, 2))
    derivative = value_and_grad(layers, argnums=(0, 1, 2, 3), control="keep")
    agrees(derivative, layers, *args, argnums=(0, 1, 2, 3))
    lines = derivative.source.split("\n")
    assert derivative.source.count("raise OtherPath") == 1
    assert lines[2].startswith("    if (") and lines[3].startswith("        or ") and lines[4].endswith("):")
