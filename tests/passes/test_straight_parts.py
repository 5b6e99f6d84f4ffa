"""The passes are the same for recorded code and for code that keeps its control flow: what is straight comes out the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.ir.program import Assign
from tests.oracles import agrees


def parts(a, b):
    z = np.zeros(6)
    z[1:4] = a
    z[:2] = b * a
    z[4:] = a
    return np.sum(z * z) * z[0]


def mean(a, b):
    z = np.zeros(4)
    z[1:] = a
    z[0] = b
    return np.mean(z * z) * np.mean(z)


def places(a, b):
    z = np.zeros(5)
    z[0] = a
    z[1] = b
    return z[0] * z[1] + np.sin(z[1] * z[2])


def sums(a, b):
    z = np.zeros(3)
    z[0] = a * b
    return z[0] * a + z[0] * b + z[0] * np.exp(b)


STRAIGHT = (parts, mean, places, sums)


def text(function: Callable[..., Any], control: Any) -> str:
    derivative = value_and_grad(function, argnums=(0, 1), control=control)
    derivative(1.5, 0.25)
    return derivative.source


@pytest.mark.parametrize("function", STRAIGHT)
def test_straight_code_is_kept_as_it_is_recorded(function: Callable[..., Any]) -> None:
    assert text(function, "keep") == text(function, "record")


def parts_beside_a_loop(a, b, n):
    s = 0.0
    for k in range(n):
        s = s + k
    z = np.zeros(6)
    z[1:4] = a
    z[:2] = b * a
    z[4:] = a
    return np.sum(z * z) * z[0] + s


def mean_beside_a_loop(a, b, n):
    s = 0.0
    for k in range(n):
        s = s + k
    z = np.zeros(4)
    z[1:] = a
    z[0] = b
    return np.mean(z * z) * np.mean(z) + s


def operations(derivative: Any) -> Counter[str]:
    """How often each operation stands in the list that is printed, but for its loops."""
    statements = derivative.paths[0].function.statements
    return Counter(s.primitive.name for s in statements if isinstance(s, Assign) and not s.primitive.structural)


@pytest.mark.parametrize("straight, beside", [(parts, parts_beside_a_loop), (mean, mean_beside_a_loop)])
def test_a_straight_part_beside_a_loop_is_as_if_it_were_recorded(straight: Any, beside: Any) -> None:
    kept, recorded = value_and_grad(beside, argnums=(0, 1), control="keep"), value_and_grad(straight, argnums=(0, 1), control="record")
    agrees(kept, beside, 1.5, 0.25, 3, argnums=(0, 1))
    recorded(1.5, 0.25)
    assert operations(kept) - operations(recorded) == Counter({"+": 1}) and not operations(recorded) - operations(kept)
