"""The passes are the same for recorded code and for code that keeps its control flow: what is straight comes out the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
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


@pytest.mark.parametrize("straight, beside", [(parts, parts_beside_a_loop), (mean, mean_beside_a_loop)])
def test_a_straight_part_beside_a_loop_reads_as_if_it_were_recorded(straight: Any, beside: Any) -> None:
    kept = value_and_grad(beside, argnums=(0, 1), control="keep")
    agrees(kept, beside, 1.5, 0.25, 3, argnums=(0, 1))
    ours = kept.source
    lines = [line.strip() for line in text(straight, "record").split("\n")[1:]]
    assert [line for line in lines if line and not line.startswith(("#", "return")) and line not in ours] == []
