"""An exception is a result: whatever the function may raise it raises in each call, also where nothing reads what was computed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import module

ONES = np.ones(3)
FUNCTION = "import math\nimport numpy as np\n\nONES = np.ones(3)\n\n\ndef f(x, n):\n    {}\n    return x * 2.0\n"

# What is not used, a number with which it raises nothing, one with which it raises, and what.
UNUSED: dict[str, tuple[int, int, type[Exception]]] = {
    "y = ONES[n]": (0, 5, IndexError),
    "y = ONES[np.array([0, 1, n])]": (0, 5, IndexError),
    "y = np.eye(3)[:, n]": (0, -4, IndexError),
    "y = np.zeros(3); y[n] = x": (0, 5, IndexError),
    "y = np.take(ONES, n)": (0, 5, IndexError),
    "y = np.unravel_index(n, (2, 2))": (0, 5, ValueError),
    "y = np.zeros(n)": (0, -1, ValueError),
    "y = np.linspace(0.0, 1.0, n)": (1, -1, ValueError),
    "y = np.max(np.ones(n))": (1, 0, ValueError),
    "y = np.linalg.inv(np.eye(2) * float(n))": (1, 0, np.linalg.LinAlgError),
    "y = np.linalg.cholesky(np.eye(2) * (2.0 - n))": (0, 3, np.linalg.LinAlgError),
    "y = np.linalg.solve(np.eye(2) * float(n), np.ones(2))": (1, 0, np.linalg.LinAlgError),
    "y = np.average(ONES[:2], weights=np.array([1.0, -float(n)]))": (0, 1, ZeroDivisionError),
    "y = np.nanargmax(ONES * (np.nan if n else 1.0))": (0, 1, ValueError),
    "y = np.array([2, 3]) ** (np.array([0, 1]) - n)": (0, 2, ValueError),
    "y = 1 // n": (1, 0, ZeroDivisionError),
    "y = 1.0 / n": (1, 0, ZeroDivisionError),
    "y = math.sqrt(np.float64(-n))": (-1, 1, ValueError),
    "y = math.fsum([math.inf * (n + 1), -math.inf])": (-2, 1, ValueError),
    "y = int(x * (math.inf if n else 1.0))": (0, 5, OverflowError),
    "for i in range(3): y = ONES[n]": (0, 5, IndexError),
    "for i in range(3): y = ONES[i + n]": (0, 1, IndexError),
    "for i in range(0, 3, n): pass": (1, 0, ValueError),
    "if x > 0.0: y = ONES[n]": (0, 5, IndexError),
}


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("statement", UNUSED)
def test_what_is_not_used_raises(statement: str, control: str) -> None:
    good, bad, error = UNUSED[statement]
    f: Callable[..., Any] = module(FUNCTION.format(statement)).f
    derivative = value_and_grad(f, control=control)
    for n in (good, bad, good, bad):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if n == good:
                assert derivative(1.0, n) == (2.0, 2.0)
                continue
            with pytest.raises(error) as raised:
                derivative(1.0, n)
        with pytest.raises(error) as wanted, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            f(1.0, n)
        assert str(raised.value) == str(wanted.value)


def test_at_second_order() -> None:
    def f(x, n):
        y = ONES[n]  # noqa: F841
        return x**3

    second = grad(grad(f))
    assert second(2.0, 0) == 12.0
    with pytest.raises(IndexError):
        second(2.0, 5)


def test_what_cannot_raise_is_left_out() -> None:
    def f(x, n):
        y = np.sin(x) * np.ones(3) / x  # noqa: F841
        z = np.ones(3)[1] + np.max(np.ones(4)) + math.pi  # noqa: F841
        return x * 2.0

    derivative = value_and_grad(f)
    derivative(1.0, 0)
    assert "sin" not in derivative.source
    assert "ones" not in derivative.source
