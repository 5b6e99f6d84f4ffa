"""Calls like the last run machine code itself, for which Numba looks at no argument: only what it was made for may reach it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.native.store import machine_code

W = np.arange(1.0, 4.0)


def weighed(x: Any, w: Any) -> Any:
    total = 0.0
    for i in range(len(w)):
        total += w[i] * x[i, 0] * x[i, 1]
    return total


def scaled(x: float, n: int) -> float:
    return x * n


def runs(derived: Any, *arguments: Any) -> bool:
    """Whether what answers calls has machine code for such arguments at hand."""
    (path,) = derived.paths
    entry = machine_code(path.built.again or path.built.run, list(arguments))
    return entry is not None and any(value is entry for value in derived.__call__.__globals__.values())


def lying() -> dict[str, Any]:
    """One matrix, as it may lie in memory."""
    x = np.arange(6.0).reshape(3, 2) - 2.5
    wide, still = np.zeros((3, 4)), x.copy()
    wide[:, ::2] = x
    still.flags.writeable = False
    askew = np.zeros(49, np.uint8)[1:].view(np.float64).reshape(3, 2)
    askew[...] = x
    backwards = x[::-1].copy()[::-1]
    return {"C": x.copy(), "F": np.asfortranarray(x), "gaps": wide[:, ::2], "still": still, "askew": askew, "backwards": backwards}


def test_arrays_that_lie_otherwise_are_looked_at() -> None:
    derived, expected = value_and_grad(weighed, backend="numba"), value_and_grad(weighed)(lying()["C"], W)
    for _ in range(3):
        derived(lying()["C"], W)
    assert runs(derived, lying()["C"], W)
    for x in lying().values():
        before = x.copy()
        value, gradient = derived(x, W)
        assert (value, type(value), gradient.tolist()) == (expected[0], np.float64, expected[1].tolist())
        assert np.array_equal(x, before)
    assert derived.stats().compilations == 1


def test_one_that_lies_otherwise_may_come_first() -> None:
    derived = value_and_grad(weighed, backend="numba")
    for x in [lying()["gaps"]] * 3 + [*lying().values()]:
        assert derived(x, W)[0] == weighed(x, W)


@pytest.mark.parametrize("n", [2**62, 2**63, 2**70, -(2**64)])
def test_a_whole_number_that_the_machine_has_not_is_pythons(n: int) -> None:
    derived = value_and_grad(scaled, backend="numba")
    for _ in range(3):
        derived(0.5, 3)
    assert runs(derived, 0.5, 3)
    assert derived(0.5, n) == (0.5 * n, float(n))


def test_the_class_and_the_sign_of_a_number_stay() -> None:
    derived = value_and_grad(lambda x: x[0] * 1.0, backend="numba")
    for _ in range(3):
        value, _ = derived(np.array([-0.0]))
    assert type(value) is np.float64 and math.copysign(1.0, value) == -1.0
