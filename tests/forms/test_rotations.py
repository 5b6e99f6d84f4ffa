"""Rotations beside their forms: what is refused and why, what SciPy raises, and rotations that change in a loop that is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import RigidTransform, Rotation, RotationSpline, Slerp

from s2sad import MissingRule, grad, jacobian, sparsity, value_and_grad
from tests.oracles import assert_close, assert_identical, differences, module

TURNS = Rotation.from_rotvec([[0.3, -0.5, 0.4], [1.0, 0.2, -2.0]])
V, X = np.array([0.3, -0.5, 0.4]), np.array([[0.5, 1.5, -1.0], [1.0, 0.3, 0.2]])
NAMES = {"np": np, "Rotation": Rotation, "RigidTransform": RigidTransform, "Slerp": Slerp, "RotationSpline": RotationSpline, "r": TURNS}

REFUSED = {
    "RotationSpline([0.0, 1.0], Rotation.from_rotvec(x))(v[0]).magnitude()": "it looks for angular rates step by step",
    "Rotation.align_vectors(v, x[0])[1]": r"align_vectors\(\) has no rule for one pair of vectors",
    "Rotation.align_vectors(x, x + 1.0, [np.inf, 1.0])[1]": "no rule for an infinite weight",
    "Rotation.align_vectors(x, x + 1.0, return_sensitivity=True)[1]": "the sensitivity",
    "Rotation.from_rotvec(x[None]).mean(axis=0).magnitude()": "along some of their axes",
    "Rotation.from_rotvec(x).other()": "other of a rotation that is differentiated has no rule",
}
RAISED = {
    "Rotation.from_quat(0.0 * np.append(v, 0.0)).as_matrix()": "zero norm",
    "Rotation.from_matrix(-np.outer(v, v)).as_quat()": "Non-positive determinant",
    "Rotation.from_euler('xx', v[:2]).as_quat()": "consecutive axes",
    "Rotation.from_rotvec(v).as_euler('xz')": "3 axes",
    "Rotation.from_rotvec(x).apply(np.ones((3, 3)) * v[0])": "broadcast",
    "len(Rotation.from_rotvec(v)) * v": "has no len",
    "Rotation.from_rotvec(v)[0].as_quat()": "not subscriptable",
    "Slerp([0.0, 1.0], Rotation.from_rotvec(x))(2.0 + v).as_quat()": "within the range",
    "RigidTransform(np.outer(np.ones(4), np.append(v, 1.0))).as_matrix()": "last row",
}


def called(call: str) -> Any:
    return module(f"def f(v, x):\n    return np.sum({call})\n", **NAMES).f


@pytest.mark.parametrize("call", REFUSED)
def test_refusals_say_why(call: str) -> None:
    with pytest.raises(MissingRule, match=REFUSED[call]):
        grad(called(call), (0, 1))(V, X)


@pytest.mark.parametrize("call", RAISED)
def test_what_scipy_raises_is_raised(call: str) -> None:
    f = called(call)
    with pytest.raises((ValueError, TypeError), match=RAISED[call]):
        f(V, X)
    with pytest.raises((ValueError, TypeError), match=RAISED[call]):
        grad(f, (0, 1))(V, X)


def steps(v: Any, n: Any) -> Any:
    r = Rotation.identity()
    for k in range(n):
        r = Rotation.from_rotvec(v / (k + 1)) * r
    return np.sum(r.apply([1.0, 2.0, 3.0])) + r.magnitude()


def motions(v: Any, n: Any) -> Any:
    m = RigidTransform.from_translation(v)
    for k in range(n):
        m = m * RigidTransform.from_components(v, Rotation.from_rotvec(v / (k + 1)))
    return np.sum(m.as_matrix()[:3])


def chosen(v: Any, n: Any) -> Any:
    r = TURNS[0] if n > 2 else Rotation.from_rotvec(v)
    return np.sum((r.inv() * Rotation.from_euler("xyz", v)).as_rotvec())


@pytest.mark.parametrize("f", [steps, motions, chosen])
def test_rotations_change_in_loops_and_branches_that_are_kept(f: Any) -> None:
    kept = value_and_grad(f, control="keep")
    for n in (4, 1, 2):
        value, gradient = kept(V, n)
        assert_identical(value, f(V, n))
        assert_close(gradient, differences(f, (V, n)), rtol=1e-6)
        assert_close(gradient, grad(f)(V, n))


def with_rotations(v: Any) -> Any:
    m = RigidTransform.from_exp_coords(np.concatenate([v, v]))
    return np.sum((TURNS[0] * m * TURNS[1]).as_matrix()[:3] * V[:, None])


@pytest.mark.skipif(not hasattr(RigidTransform, "__rmul__"), reason="SciPy composes no transform and rotation before 1.18")
def test_transforms_are_composed_with_rotations() -> None:
    value, gradient = value_and_grad(with_rotations)(V)
    assert_identical(value, with_rotations(V))
    assert_close(gradient, differences(with_rotations, (V,)), rtol=1e-6)


EACH = {
    "Rotation.from_rotvec(x).as_quat()": 4,
    "(r * Rotation.from_euler('xyz', x)).as_euler('ZYX')": 3,
    "Rotation.from_rotvec(x).apply(x[:, ::-1])": 3,
    "(Rotation.from_mrp(x) ** 0.3).as_rotvec()": 3,
    "Rotation.from_matrix(Rotation.from_rotvec(x).as_matrix()).magnitude()": 1,
    "Rotation.from_quat(np.concatenate([x, x[:, :1]], axis=1)).as_mrp()": 3,
    "RigidTransform.from_exp_coords(np.concatenate([x, x], axis=1)).apply(np.ones(3))": 3,
}


@pytest.mark.parametrize("call", EACH)
def test_each_rotation_is_one_block_of_the_jacobian(call: str) -> None:
    f = module(f"def f(x):\n    return np.ravel({call})\n", **NAMES).f
    assert sparsity(f)(X).nnz == 2 * EACH[call] * 3
    assert_close(jacobian(f, sparse=True)(X).toarray(), np.reshape(jacobian(f)(X), (-1, 6)))


def written(x: Any) -> Any:
    r = Rotation.from_rotvec(x)
    r[0] = r[1] * r[0]
    m = RigidTransform.from_rotation(r)
    m[1] = m[0].inv()
    return np.sum(r.as_matrix() * np.arange(18.0).reshape(2, 3, 3)) + np.sum(m.as_matrix()[1] ** 3)


def test_a_rotation_may_be_written_into() -> None:
    value, gradient = value_and_grad(written)(X)
    assert_identical(value, written(X))
    assert_close(gradient, differences(written, (X,)), rtol=1e-6)


def test_single_precision_is_computed_in_double_precision_as_scipy_does_it() -> None:
    def f(v: Any, x: Any) -> Any:
        return np.sum(Rotation.from_rotvec(v).apply(x))

    v, x = V.astype(np.float32), X.astype(np.float32)
    value, gradients = value_and_grad(f, (0, 1))(v, x)
    assert value.dtype == np.float64
    assert [g.dtype for g in gradients] == [np.float32, np.float32]
    assert_close(gradients, tuple(g.astype(np.float32) for g in grad(f, (0, 1))(v.astype(float), x.astype(float))), rtol=1e-6)


def test_of_a_matrix_only_turning_counts() -> None:
    """Where SciPy takes a matrix as it is or makes it orthogonal, the gradient has no part that would stretch it."""
    m = TURNS[1].as_matrix()
    gradient = grad(lambda m: np.sum(Rotation.from_matrix(m).as_quat() * np.arange(4.0)))(m)
    np.testing.assert_allclose(m.T @ gradient, -(gradient.T @ m), atol=1e-14)


def locked(t: Any, axis: Any, side: Any) -> Any:
    r, turn = Rotation.from_euler("zyx", [0.3, np.pi / 2, 0.0]), Rotation.from_rotvec(t * axis)
    angles = (r * turn if side == "after" else turn * r).as_euler("zyx", suppress_warnings=True)
    return np.sum(angles * np.array([1.0, 2.0, 4.0]))


@pytest.mark.parametrize(("axis", "side"), [("z", "after"), ("x", "before")])
def test_in_gimbal_lock_the_third_angle_stays(axis: str, side: str) -> None:
    """Along what leaves it locked."""
    line = np.eye(3)["xyz".index(axis)]
    assert_close(grad(locked)(0.0, line, side), differences(locked, (0.0, line, side)), rtol=1e-6)
