"""The class RigidTransform of scipy.spatial.transform: a matrix of four rows, made of a rotation and a translation.

SciPy computes the numbers. What they depend on is the rotation and the translation, computed from these and put together again.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import transform

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.following import means
from s2sad.rules.language import elementwise, zero
from s2sad.rules.scipy.rotating import Several, Turn, doubles, is_rotation, turn
from s2sad.rules.scipy.rotations import (
    CROSS,
    INVERSE,
    angle_ratio,
    dot,
    half_sinc,
    matrix_of,
    of_matrix,
    of_vector,
    product,
    sign_of,
    vector_of,
)
from s2sad.rules.scipy.rotations_fitted import mean_of
from s2sad.rules.solving import in_place_of
from s2sad.types import rotations as types

RigidTransform = getattr(transform, "RigidTransform", None)
WITH_ROTATIONS = hasattr(RigidTransform, "__rmul__")

# Of a rotation vector w, exp of the motion with a translation t moves by t + a w x t + b w x (w x t): J. Sola, J. Deray and D. Atchuthan, A
# micro Lie theory for state estimation in robotics (2018), equations 174 and 146.


def cubic_sinc(t: Any, n: int) -> Any:
    """The derivative of order n by t of (r - sin(r))/r**3, where t is r squared."""
    near = np.asarray(t) < 1.0
    rows = [(-1.0) ** k / math.factorial(2 * k + 3) * math.perm(k, n) for k in range(n, n + 10)]
    far = np.where(near, 1.0, t)
    found = (1.0 - 2.0 * half_sinc(4.0 * far, 0)) / far
    for k in range(1, n + 1):
        found = -(2.0 * 4.0**k * half_sinc(4.0 * far, k) + k * found) / far
    return np.where(near, np.polynomial.polynomial.polyval(np.where(near, t, 0.0), rows), found)[()]


elementwise("cubic_sinc(t, n)", t="cubic_sinc(t, n + 1)")


def _moved(w: Any, v: Any, one: Any, two: Any) -> Any:
    across = np.einsum("kij,...i,...j->...k", CROSS, w, v)
    return v + one * across + two * np.einsum("kij,...i,...j->...k", CROSS, w, across)


def _together(turn: Any, move: Any) -> Any:
    """The matrix of a rotation and a translation."""
    last = np.broadcast_to(np.array([[0.0, 0.0, 0.0, 1.0]]), (*np.shape(move)[:-1], 1, 4))
    return np.concatenate([np.concatenate([turn, move[..., None]], axis=-1), last], axis=-2)


def _turn(matrix: Any) -> Any:
    return matrix[..., :3, :3]


def _move(matrix: Any) -> Any:
    return matrix[..., :3, 3]


def _quat(matrix: Any) -> Any:
    return of_matrix(_turn(matrix), False)


# What SciPy computes, and what it depends on


def _rigid(matrix: Any) -> Any:
    return RigidTransform(matrix, normalize=False, copy=False)  # type: ignore[misc]


def _said(kind: str, matrix: Any, given: Any) -> Any:
    """What a method gives, as an array."""
    found = getattr(_rigid(matrix), kind)(*given)
    return found.as_matrix() if isinstance(found, RigidTransform) else found  # type: ignore[arg-type]


def _made_of(kind: str, x: Any, options: Any) -> Any:
    return getattr(RigidTransform, kind)(x, **dict(options)).as_matrix()


def _composed(a: Any, b: Any) -> Any:
    return (_rigid(a) * _rigid(b)).as_matrix()


def _power(matrix: Any, n: Any) -> Any:
    return (_rigid(matrix) ** n).as_matrix()


def _mean(matrix: Any, weights: Any) -> Any:
    return _rigid(matrix).mean(weights).as_matrix()


def _applied(matrix: Any, v: Any, inverse: Any) -> Any:
    return _rigid(matrix).apply(v, inverse)


zero("_said(kind, matrix, given)", facts=Facts(gives=types.said, may_raise=True))
zero("_made_of(kind, x, options)", facts=Facts(gives=types.rigid, may_raise=True))
zero("_composed(a, b)", facts=Facts(gives=types.rigid_composed, may_raise=True))
zero("_power(matrix, n)", facts=Facts(gives=types.rigid_like, may_raise=True))
zero("_mean(matrix, weights)", facts=Facts(gives=types.one_rigid, may_raise=True))
zero("_applied(matrix, v, inverse)", facts=Facts(gives=types.rigid_applied, may_raise=True))


def _of_exponential(x: Any) -> Any:
    w, v = x[..., :3], x[..., 3:]
    t = dot(w, w)
    return _together(matrix_of(of_vector(w, False)), _moved(w, v, 2.0 * half_sinc(t, 0) ** 2, cubic_sinc(t, 0)))


def _exponential_of(matrix: Any) -> Any:
    """1 - a/2 cot(a/2) over a squared, by the cosine of a/2: the equation of `angle_ratio` tells it without a difference."""
    q = _quat(matrix)
    w, c = vector_of(q, False), (sign_of(q) * q)[..., 3:]
    return np.concatenate([w, _moved(w, _move(matrix), -0.5, -0.25 * angle_ratio(c, 1) / angle_ratio(c, 0) ** 2)], axis=-1)


def _of_dual(x: Any, scalar_first: Any) -> Any:
    real, dual = x[..., :4], x[..., 4:]
    if scalar_first:
        real, dual = np.roll(real, -1, axis=-1), np.roll(dual, -1, axis=-1)
    length = np.sqrt(dot(real, real))
    one, other = real / length, dual / length
    return _together(matrix_of(one), 2.0 * product(other - dot(one, other) * one, one * INVERSE)[..., :3])


def _dual_of(matrix: Any, scalar_first: Any) -> Any:
    q = _quat(matrix)
    move = _move(matrix)
    dual = 0.5 * product(np.concatenate([move, 0.0 * move[..., :1]], axis=-1), q)
    return np.concatenate([np.roll(q, 1, axis=-1), np.roll(dual, 1, axis=-1)] if scalar_first else [q, dual], axis=-1)


@dataclass(eq=False)
class Rigid(Several):
    """In place of SciPy's object: its matrices."""

    matrix: Any

    held, axes, none = "matrix", 2, ("transform", "has no len")

    def like(self, value: Any) -> Rigid:
        return rigid(value)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__array_"):
            raise AttributeError(name)
        raise MissingRule(f"{name} of a rigid transform that is differentiated has no rule", hint="compute with as_matrix()")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        return RigidTransform

    def as_matrix(self) -> Any:
        return self.matrix * 1.0

    @property
    def translation(self) -> Any:
        return _move(self.matrix) * 1.0

    @property
    def rotation(self) -> Turn:
        return Turn(_quat(self.matrix))

    def as_components(self) -> Any:
        return self.translation, self.rotation

    def as_exp_coords(self) -> Any:
        return in_place_of(_said("as_exp_coords", self.matrix, ()), _exponential_of(self.matrix))

    def as_dual_quat(self, *, scalar_first: Any = False) -> Any:
        value = _said("as_dual_quat", self.matrix, ())
        if scalar_first:
            value = np.concatenate([np.roll(value[..., :4], 1, axis=-1), np.roll(value[..., 4:], 1, axis=-1)], axis=-1)
        return in_place_of(value, _dual_of(self.matrix, scalar_first))

    def apply(self, vector: Any, inverse: Any = False) -> Any:
        v = doubles(vector)
        turn, move = _turn(self.matrix), _move(self.matrix)
        found = np.einsum("...ji,...j->...i", turn, v - move) if inverse else np.einsum("...ij,...j->...i", turn, v) + move
        return in_place_of(_applied(self.matrix, v, inverse), found)

    def inv(self) -> Rigid:
        back = np.swapaxes(_turn(self.matrix), -1, -2)
        return Rigid(in_place_of(_said("inv", self.matrix, ()), _together(back, -np.einsum("...ij,...j->...i", back, _move(self.matrix)))))

    def __mul__(self, other: Any) -> Any:
        if is_rotation(other) and WITH_ROTATIONS:
            return self * _from_rotation(other)
        if not is_rigid(other):
            return NotImplemented
        a, b = self.matrix, rigid(other).matrix
        nearest = matrix_of(of_matrix(_turn(a) @ _turn(b), False))
        return Rigid(in_place_of(_composed(a, b), _together(nearest, np.einsum("...ij,...j->...i", _turn(a), _move(b)) + _move(a))))

    def __rmul__(self, other: Any) -> Any:
        return _from_rotation(other) * self if is_rotation(other) and WITH_ROTATIONS else NotImplemented

    def __pow__(self, n: Any) -> Rigid:
        """SciPy takes the exponent of one transform, or a row of them, in single precision."""
        taken = np.float64(np.float32(n)) if np.ndim(self.matrix) < 4 else n
        return Rigid(in_place_of(_power(self.matrix, n), _of_exponential(_exponential_of(self.matrix) * taken)))

    def mean(self, weights: Any = None, axis: Any = None) -> Rigid:
        if axis is not None and (np.ndim(self.matrix) > 3 or axis not in (0, -1, (0,), (-1,))):
            raise MissingRule("the mean of transforms along some of their axes has no rule", hint="take the mean of all, or of each row")
        w, moves = None if weights is None else doubles(weights), np.reshape(_move(self.matrix), (-1, 3))
        middle = np.mean(moves, axis=0) if w is None else np.sum(np.reshape(w, (-1, 1)) * moves, axis=0) / np.sum(w)
        return Rigid(in_place_of(_mean(self.matrix, w), _together(matrix_of(mean_of(_quat(self.matrix), w)), middle)))


def is_rigid(value: Any) -> bool:
    return isinstance(value, (Rigid, RigidTransform))  # type: ignore[arg-type]


def matrix_of_rigid(rigid: Any) -> Any:
    """That of a rigid transform of SciPy's."""
    return rigid.as_matrix()


zero("matrix_of_rigid(rigid)", facts=Facts(gives=types.of_rigid))


def rigid(value: Any) -> Any:
    """One of ours."""
    return value if isinstance(value, Rigid) else Rigid(matrix_of_rigid(value))


# How it is made


def _made(matrix: Any, normalize: Any = True, copy: Any = True) -> Rigid:
    given = doubles(matrix)
    if not normalize:
        return Rigid(given * 1.0)
    return Rigid(in_place_of(_made_of("from_matrix", given, ()), _together(matrix_of(_quat(given)), _move(given))))


def _from_matrix(matrix: Any) -> Rigid:
    return _made(matrix)


def _from_rotation(rotation: Any) -> Rigid:
    if not is_rotation(rotation):
        raise TypeError(f"Expected `rotation` to be a `Rotation` instance, got {type(rotation)}.")
    q = turn(rotation).quat
    return Rigid(_together(matrix_of(q), 0.0 * q[..., :3]))


def _from_translation(translation: Any) -> Rigid:
    move = doubles(translation)
    return Rigid(_together(np.broadcast_to(np.eye(3), (*np.shape(move)[:-1], 3, 3)), move))


def _from_components(translation: Any, rotation: Any) -> Any:
    return _from_translation(translation) * _from_rotation(rotation)


def _from_exp_coords(exp_coords: Any) -> Rigid:
    x = doubles(exp_coords)
    return Rigid(in_place_of(_made_of("from_exp_coords", x, ()), _of_exponential(x)))


def _from_dual_quat(dual_quat: Any, *, scalar_first: Any = False) -> Rigid:
    x = doubles(dual_quat)
    return Rigid(in_place_of(_made_of("from_dual_quat", x, (("scalar_first", scalar_first),)), _of_dual(x, scalar_first)))


def _concatenate(transforms: Any) -> Rigid:
    if is_rigid(transforms):
        return Rigid(rigid(transforms).matrix * 1.0)
    parts = [rigid(one).matrix for one in transforms]
    return Rigid(np.concatenate([m if np.ndim(m) > 2 else m[None] for m in parts]))


def _method(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(rigid(self), name)(*args, **kwargs)

    return method


RIGID = "scipy.spatial.transform.RigidTransform"
METHODS = ("as_matrix", "as_components", "as_exp_coords", "as_dual_quat", "apply", "inv", "__mul__", "__pow__", "mean",
           "__getitem__", "__len__", "__iter__")  # fmt: skip
if RigidTransform is not None:
    means(RIGID, _made)
    means(f"{RIGID}.from_matrix", _from_matrix)
    means(f"{RIGID}.from_rotation", _from_rotation)
    means(f"{RIGID}.from_translation", _from_translation)
    means(f"{RIGID}.from_components", _from_components)
    means(f"{RIGID}.from_exp_coords", _from_exp_coords)
    means(f"{RIGID}.from_dual_quat", _from_dual_quat)
    means(f"{RIGID}.concatenate", _concatenate)
    for name in METHODS + (("__rmul__",) if WITH_ROTATIONS else ()):
        means(f"{RIGID}.{name}", _method(name))
