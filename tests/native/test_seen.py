"""What is not finite and is seen in the results is not asked about where it is computed; all else is, as Python raises there."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, compiled, trees, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")


def energy(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            total -= x[j] / math.sqrt(x[i] - x[j])
    return total


def softened(x: Any) -> Any:
    """A root of zero is divided by in the adjoint as well."""
    total = 0.0
    for v in x:
        total += 2.0 / math.sqrt(v * v - 1.0)
    return total


def growth(x: Any) -> Any:
    total = 0.0
    for v in x:
        total += 2.0 * math.exp(v) - 1.0
    return total


def quotients(x: float, n: int) -> float:
    total = 0.0
    for k in range(n):
        total = total + 1.0 / (x - k)
    return total


def swing(angle: float, speed: float) -> float:
    for _ in range(3):
        speed -= 0.1 * math.sin(angle)
        angle += 0.1 * speed
    return angle * angle


def turned(x: Any) -> Any:
    """Of an infinity nothing is seen but that it has no cosine."""
    total = 0.0
    for v in x:
        total += 1.0 if math.cos(v) > 0.0 else 2.0
    return total


def below(x: Any) -> Any:
    """Too large an exponential is a divisor, of which nothing is seen."""
    total = 0.0
    for v in x:
        total += 1.0 / (1.0 + math.exp(v))
    return total


def last(x: Any) -> Any:
    """Each step forgets the root of the step before."""
    root = 0.0
    for v in x:
        root = math.sqrt(v)
    return root * root


def compared(x: Any) -> Any:
    total = 0.0
    for v in x:
        total += v if math.sqrt(v) < 2.0 else 3.0 * v
    return total


def divided_twice(x: float, y: float) -> float:
    total = 0.0
    for _ in range(3):
        total += 1.0 / (x / y)
    return total


def on_a_side(x: Any) -> Any:
    total = 0.0
    for v in x:
        root = math.sqrt(v)
        if v > 1.0:
            total += root
    return total


def until(x: float) -> float:
    """Without the exception it would go on for good."""
    while not x < 0.5:
        x = math.sqrt(x - 1.0)
    return x


def whole(x: Any) -> Any:
    total = 0.0
    for v in x:
        root = math.sqrt(v)
        total += x[int(root)] * root
    return total


def floored(x: float, y: float) -> float:
    total = 0.0
    for _ in range(3):
        total += x * (x // y)
    return total


def arrays(*rows: list[float]) -> tuple[tuple[Any, ...], ...]:
    return tuple((np.array(row),) for row in rows)


CASES: dict[str, tuple[Any, tuple[tuple[Any, ...], ...], bool]] = {
    "energy": (energy, arrays([3.0, 2.0, 0.5], [1.0, 2.0], [math.inf, 1.0], [math.nan, 1.0], []), False),
    "softened": (softened, arrays([3.0, 2.0], [1.0, 2.0], [-1.0], [0.5]), False),
    "growth": (growth, arrays([0.5, -1.0], [1.0, 800.0, -800.0], [-math.inf]), False),
    "quotients": (quotients, ((0.5, 3), (1.0, 3), (1.0, 0), (math.inf, 2), (2.0, 3)), False),
    "swing": (swing, ((0.5, 0.1), (math.inf, 0.1), (0.1, -math.inf), (math.nan, 0.0)), False),
    "turned": (turned, arrays([0.5, 3.0], [math.inf, 3.0]), True),
    "below": (below, arrays([0.5, -1.0], [1.0, 800.0]), True),
    "last": (last, arrays([2.0, 3.0], [-2.0, 3.0], [3.0, -2.0]), True),
    "compared": (compared, arrays([2.0, 9.0], [-2.0, 9.0]), True),
    "divided_twice": (divided_twice, ((1.0, 2.0), (1.0, 0.0), (0.0, 1.0)), True),
    "on_a_side": (on_a_side, arrays([2.0, 0.5], [2.0, -0.5]), True),
    "until": (until, ((1.04,), (1.5,), (0.3,)), True),
    "whole": (whole, arrays([2.0, 1.0], [2.0, -1.0], [1.0, 1.0]), True),
    "floored": (floored, ((1.0, 2.0), (1.0, 0.0)), True),
}


def outcome(function: Any, arguments: tuple[Any, ...]) -> Any:
    """What a call gives, as numbers, or the class of what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", NonFiniteWarning)
        try:
            return [np.asarray(leaf) for leaf in trees.flatten(function(*arguments))[0]]
        except (ArithmeticError, ValueError, IndexError) as error:
            return type(error)


@pytest.mark.parametrize("kind", [value_and_grad, compiled])
@pytest.mark.parametrize("name", CASES)
def test_what_python_raises_comes_out(name: str, kind: Any) -> None:
    function, calls, asks = CASES[name]
    derived, plain = kind(function, backend="numba"), kind(function)
    for arguments in (*calls, *calls):
        found, expected = outcome(derived, arguments), outcome(plain, arguments)
        assert isinstance(found, type) == isinstance(expected, type), (arguments, found, expected)
        if isinstance(found, type):
            assert found is expected
            continue
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-13)
    text = next(path.native_text for path in derived.paths if path.native_text)
    body = text[: text.rindex("    if not finite(")] if "    if not finite(" in text else text
    assert ("isfinite(" in body or "== 0:" in body) == asks, text
