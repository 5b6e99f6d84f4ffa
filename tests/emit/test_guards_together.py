"""Guards of one line of the user's that follow one another: one question, as a person would ask it."""
from __future__ import annotations

import itertools

import pytest

from s2sad import value_and_grad
from tests.export.test_export import exported
from tests.oracles import agrees


def near(x: float, low: float, high: float, scale: float) -> float:
    if low < x < high and scale != 0.0:
        return x * x * scale
    return x - scale


def far(x: float, the_lowest_number_of_all: float, the_highest_number_of_all: float, another_number: float) -> float:
    if the_lowest_number_of_all < x < the_highest_number_of_all and the_highest_number_of_all > another_number:
        return x * x
    return -x


def questions(source: str) -> list[str]:
    lines = source.splitlines()
    return [line.strip() for line, below in itertools.pairwise(lines) if below.strip() == "raise OtherPath"]


def test_guards_of_one_line_are_one() -> None:
    derivative = value_and_grad(near, control="record")
    derivative(1.5, 1.0, 2.0, 3.0)
    assert questions(derivative.source) == ["if not low < x or not x < high or not scale != 0.0:"]


@pytest.mark.parametrize("call", [(0.5, 1.0, 2.0, 3.0), (2.5, 1.0, 2.0, 3.0), (1.5, 1.0, 2.0, 0.0), (1.7, 1.0, 2.0, 3.0)])
def test_each_of_them_is_asked(call: tuple[float, ...]) -> None:
    derivative = value_and_grad(near, control="record")
    derivative(1.5, 1.0, 2.0, 3.0)
    agrees(derivative, near, *call)


def test_a_question_is_not_longer_than_a_line() -> None:
    derivative = value_and_grad(far, control="record")
    derivative(1.5, 1.0, 2.0, 1.0)
    asked = questions(derivative.source)
    assert len(asked) == 2 and asked[0].count(" or ") == 1
    agrees(derivative, far, 1.5, 1.0, 2.0, 3.0)


@pytest.mark.parametrize(("call", "told"), [((2.5, 1.0, 2.0, 3.0), "x < high"), ((1.5, 1.0, 2.0, 0.0), r"scale != 0\.0")])
def test_in_an_exported_module_each_says_what_it_asks(call: tuple[float, ...], told: str) -> None:
    function, module = exported(near, (1.5, 1.0, 2.0, 3.0))
    with pytest.raises(module["OtherPath"], match=f"holds only while `{told}` is true"):
        function(*call)
