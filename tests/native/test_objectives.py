"""The objectives of ADBench are native, and so is the cross product that one of them takes."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import jacobian, trees, value_and_grad
from tests.benchmarks import native_adbench as objectives
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.usefixtures("uncompiled")
DRAW = np.random.default_rng(2).normal
ONE, MANY, ACROSS = DRAW(size=3), DRAW(size=(4, 3)), DRAW(size=(2, 3, 4))
AHEAD = np.concatenate([np.zeros(3), objectives.reprojection_arguments()[0][3:]])


def alike(transform: Any, function: Any, arguments: Any, argnums: tuple[int, ...], rtol: float = 1e-11) -> None:
    native, plain = (transform(function, argnums=argnums, control="keep", backend=b) for b in ("numba", "python"))
    found, expected = trees.flatten(native(*arguments))[0], trees.flatten(plain(*arguments))[0]
    for one, other in zip(found, expected, strict=True):
        assert type(one) is type(other) and np.asarray(one).dtype == np.asarray(other).dtype
        np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-12)
    assert native.stats().left == (0,) and not native.stats().faults


@pytest.mark.parametrize(("function", "arguments", "argnums"), [
    (objectives.gmm, objectives.gmm_arguments(12, 3, 2), (0, 1, 2)),
    (objectives.lstm_objective, objectives.lstm_objective_arguments(2, 6, 3), (0, 1)),
], ids=["gmm", "lstm"])  # fmt: skip
def test_the_objectives_are_native(function: Any, arguments: Any, argnums: tuple[int, ...]) -> None:
    alike(value_and_grad, function, arguments, argnums)


@pytest.mark.parametrize("camera", [objectives.reprojection_arguments()[0], AHEAD], ids=["turned", "ahead"])
def test_the_jacobian_of_a_residual_is_native(camera: Any) -> None:
    alike(jacobian, objectives.reprojection, (camera, *objectives.reprojection_arguments()[1:]), (0, 1, 2))


def along_the_last(a: Any, b: Any) -> Any:
    return np.sum(np.cross(a, b) ** 2 * np.arange(3.0))


def along_others(a: Any, b: Any) -> Any:
    return np.sum(np.cross(a, b, axisa=0, axisb=1, axisc=1) ** 3) + np.sum(np.linalg.cross(a, b[0], axis=0) ** 2)


@pytest.mark.parametrize(("function", "a", "b"), [
    (along_the_last, ONE, ONE[::-1].copy()), (along_the_last, MANY, ONE), (along_the_last, MANY, DRAW(size=(2, 1, 3))),
    (along_others, MANY.T.copy(), ACROSS),
])  # fmt: skip
def test_cross_products(function: Any, a: Any, b: Any) -> None:
    alike(value_and_grad, function, (a, b), (0, 1))
    alike(value_and_grad, function, (a.astype(np.float32), b.astype(np.float32)), (0, 1), rtol=1e-5)
