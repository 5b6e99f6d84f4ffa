"""The class Rotation of scipy.spatial.transform: what takes its place where one is made of values that are differentiated, or meets one."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from s2sad.errors import MissingRule
from s2sad.rules.following import means
from s2sad.rules.scipy import rotations_fitted
from s2sad.rules.scipy.rotations import (
    INVERSE,
    angle_of,
    angles_of,
    applied,
    composed,
    matrix_of,
    near,
    of_angles,
    of_matrix,
    of_parameters,
    of_quaternion,
    of_vector,
    parameters_of,
    quaternion_of,
    sign_of,
    vector_of,
)


class Several:
    """One of a kind, or several, whose numbers lie along the last axes of one array: what SciPy's objects have of a sequence."""

    held: str
    axes: int
    none: tuple[str, str]

    def _all(self) -> Any:
        return getattr(self, self.held)

    @property
    def single(self) -> bool:
        return np.ndim(self._all()) == self.axes

    @property
    def shape(self) -> Any:
        return np.shape(self._all())[: -self.axes]

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        self._several(self.none[1])
        return len(self._all())

    def __iter__(self) -> Any:
        self._several("is not iterable.")
        return iter([self.of(one) for one in self._all()])

    def __getitem__(self, indexer: Any) -> Any:
        self._several("is not subscriptable.")
        return self.of(self._all()[indexer] if isinstance(indexer, np.ndarray) else self._all()[indexer, ...])

    def __setitem__(self, indexer: Any, value: Any) -> None:
        self._several("is not subscriptable.")
        changed = self._all() * 1.0
        changed[indexer] = self.like(value)._all()
        setattr(self, self.held, changed)

    def of(self, numbers: Any) -> Any:
        """What has these numbers."""
        return type(self)(numbers)  # type: ignore[call-arg]

    def like(self, value: Any) -> Any:
        """Another of the kind, in the same form."""
        raise NotImplementedError

    def _several(self, why: str) -> None:
        if self.single:
            raise TypeError(f"Single {self.none[0]} {why}")


@dataclass(eq=False)
class Turn(Several):
    """In place of SciPy's object: its quaternions, along the last axis. A dataclass may change from step to step of a loop that is kept."""

    quat: Any

    held, axes, none = "quat", 1, ("rotation", "has no len().")

    def like(self, value: Any) -> Turn:
        return turn(value)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__array_"):
            raise AttributeError(name)
        raise MissingRule(f"{name} of a rotation that is differentiated has no rule", hint="compute with as_matrix(), or as_quat()")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        return Rotation

    # What it gives

    def as_quat(self, canonical: Any = False, *, scalar_first: Any = False) -> Any:
        q = sign_of(self.quat) * self.quat if canonical else self.quat * 1.0
        return np.roll(q, 1, axis=-1) if scalar_first else q

    def as_matrix(self) -> Any:
        return matrix_of(self.quat)

    def as_rotvec(self, degrees: Any = False) -> Any:
        return vector_of(self.quat, degrees)

    def as_euler(self, seq: Any, degrees: Any = False, *, suppress_warnings: Any = False) -> Any:
        return angles_of(self.quat, seq, degrees, suppress_warnings)

    def as_davenport(self, axes: Any, order: Any, degrees: Any = False, *, suppress_warnings: Any = False) -> Any:
        return rotations_fitted.angles_about(self.quat, doubles(axes), order, degrees, suppress_warnings)

    def as_mrp(self) -> Any:
        return parameters_of(self.quat)

    def magnitude(self) -> Any:
        return angle_of(self.quat)

    def apply(self, vectors: Any, inverse: Any = False) -> Any:
        return applied(self.quat, doubles(vectors), inverse)

    def approx_equal(self, other: Any, atol: Any = None, degrees: Any = False) -> Any:
        return near(self.quat, turn(other).quat, atol, degrees)

    # Other rotations

    def inv(self) -> Turn:
        return Turn(self.quat * INVERSE)

    def __mul__(self, other: Any) -> Any:
        if not is_rotation(other):
            return NotImplemented
        return Turn(composed(self.quat, turn(other).quat))

    def __pow__(self, n: Any, modulus: Any = None) -> Any:
        return Turn(rotations_fitted.power(self.quat, n))

    def mean(self, weights: Any = None, axis: Any = None) -> Turn:
        if axis is not None and (np.ndim(self.quat) > 2 or axis not in (0, -1, (0,), (-1,))):
            raise MissingRule("the mean of rotations along some of their axes has no rule", hint="take the mean of all, or of each row")
        return Turn(rotations_fitted.mean_of(self.quat, None if weights is None else doubles(weights)))

    def reduce(self, left: Any = None, right: Any = None, return_indices: Any = False) -> Any:
        if left is None and right is None:
            return (self, None, None) if return_indices else self
        groups = [None if group is None else turn(group).quat for group in (left, right)]
        found = Turn(rotations_fitted.reduced(self.quat, groups[0], groups[1]))
        if not return_indices:
            return found
        places = rotations_fitted.places_of_reduced(self.quat, groups[0], groups[1])
        return found, None if left is None else places[0], None if right is None else places[1]


def is_rotation(value: Any) -> bool:
    return isinstance(value, (Turn, Rotation))


def turn(rotation: Any) -> Any:
    """One of ours."""
    if isinstance(rotation, Turn):
        return rotation
    if not isinstance(rotation, Rotation):
        raise TypeError("value must be a Rotation object")
    return Turn(quaternion_of(rotation))


def doubles(x: Any) -> Any:
    """SciPy computes with rotations in double precision."""
    return np.asarray(x, np.float64)


# How it is made


def _made(quat: Any, normalize: Any = True, copy: Any = True, scalar_first: Any = False) -> Turn:
    if normalize:
        return Turn(of_quaternion(doubles(quat), scalar_first))
    return Turn(np.roll(doubles(quat), -1, axis=-1) if scalar_first else doubles(quat) * 1.0)


def _from_quat(quat: Any, *, scalar_first: Any = False) -> Turn:
    return Turn(of_quaternion(doubles(quat), scalar_first))


def _from_matrix(matrix: Any, *, assume_valid: Any = False) -> Turn:
    return Turn(of_matrix(doubles(matrix), assume_valid))


def _from_rotvec(rotvec: Any, degrees: Any = False) -> Turn:
    return Turn(of_vector(doubles(rotvec), degrees))


def _from_euler(seq: Any, angles: Any, degrees: Any = False) -> Turn:
    return Turn(of_angles(doubles(angles), seq, degrees))


def _from_mrp(mrp: Any) -> Turn:
    return Turn(of_parameters(doubles(mrp)))


def _from_davenport(axes: Any, order: Any, angles: Any, degrees: Any = False) -> Turn:
    return Turn(rotations_fitted.of_angles_about(doubles(axes), order, doubles(angles), degrees))


def _concatenate(given: Any) -> Turn:
    if is_rotation(given):
        return Turn(turn(given).quat * 1.0)
    return Turn(np.concatenate([np.atleast_2d(turn(one).quat) for one in given]))


def _identity(num: Any = None, *, shape: Any = None) -> Turn:
    if num is not None and shape is not None:
        raise ValueError("Only one of `num` or `shape` can be specified.")
    many = num if num is not None else () if shape is None else shape
    return Turn(np.ones((*(many if isinstance(many, tuple) else (many,)), 1)) * np.array([0.0, 0.0, 0.0, 1.0]))


def _align_vectors(a: Any, b: Any, weights: Any = None, return_sensitivity: Any = False) -> Any:
    if return_sensitivity:
        raise MissingRule("the sensitivity that align_vectors() gives has no rule", hint="leave out return_sensitivity=True")
    one, other = np.atleast_2d(doubles(a)), np.atleast_2d(doubles(b))
    if len(one) == 1:
        raise MissingRule("align_vectors() has no rule for one pair of vectors: many rotations align them", hint="give two pairs or more")
    w = np.ones(len(one)) if weights is None else doubles(weights)
    if np.any(np.isinf(w)):
        raise MissingRule("align_vectors() has no rule for an infinite weight", hint="give a large one")
    return Turn(rotations_fitted.aligned(one, other, w)), rotations_fitted.distance_aligned(one, other, w)


@dataclass(eq=False)
class Between:
    """In place of a Slerp."""

    times: Any
    rotations: Any
    rotvecs: Any
    all: Any

    def __call__(self, times: Any) -> Turn:
        at = np.atleast_1d(doubles(times))
        k = rotations_fitted.place_between(self.times, self.all, at)
        part = (at - self.times[k]) / np.diff(self.times)[k]
        found = Turn(self.rotations.quat[k]) * Turn(of_vector(self.rotvecs[k] * part[:, None], False))
        return found[0] if np.ndim(times) == 0 else found  # type: ignore[no-any-return]


def _slerp(times: Any, rotations: Any) -> Between:
    if not is_rotation(rotations):
        raise TypeError("`rotations` must be a `Rotation` instance.")
    given = turn(rotations)
    if given.single or np.ndim(given.quat) > 2:
        raise ValueError("`rotations` must be a sequence of at least 2 rotations.")
    return Between(doubles(times), given[:-1], (given[:-1].inv() * given[1:]).as_rotvec(), given.quat)


def _slerp_called(self: Any, times: Any) -> Turn:
    first = turn(self.rotations)
    last = first[-1:] * Turn(of_vector(self.rotvecs[-1:], False))
    return Between(self.times, first, self.rotvecs, np.concatenate([first.quat, last.quat]))(times)


ROTATION = "scipy.spatial.transform.Rotation"
means(ROTATION, _made)
means(f"{ROTATION}.from_quat", _from_quat)
means(f"{ROTATION}.from_matrix", _from_matrix)
means(f"{ROTATION}.from_rotvec", _from_rotvec)
means(f"{ROTATION}.from_euler", _from_euler)
means(f"{ROTATION}.from_mrp", _from_mrp)
means(f"{ROTATION}.from_davenport", _from_davenport)
means(f"{ROTATION}.concatenate", _concatenate)
means(f"{ROTATION}.identity", _identity)
means(f"{ROTATION}.align_vectors", _align_vectors)
means("scipy.spatial.transform.Slerp", _slerp)
means("scipy.spatial.transform.Slerp.__call__", _slerp_called)


# What a rotation of SciPy's does that is there already


def _method(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(turn(self), name)(*args, **kwargs)

    return method


METHODS = ("as_quat", "as_matrix", "as_rotvec", "as_euler", "as_mrp", "as_davenport", "magnitude", "apply", "approx_equal",
           "inv", "__mul__", "__pow__", "mean", "reduce", "__getitem__", "__len__", "__iter__")  # fmt: skip
for name in METHODS:
    means(f"{ROTATION}.{name}", _method(name))
