"""Rotations as quaternions (x, y, z, w) along the last axis: what SciPy computes of them and for them, with derivatives.

Each function asks SciPy for its number. A rotation vector goes through entire functions of its squared length, so nothing happens at zero.
Of a quaternion each derivative is that of what SciPy computes of four numbers, whether or not they have length 1.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special
from scipy.spatial.transform import Rotation

from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, rule, zero
from s2sad.runtime.functions import unbroadcast
from s2sad.types import rotations as types

# The product of quaternions, and the matrix of one, as sums over pairs of their elements

PAIRS = ((0, 3, 0, 1), (0, 0, 3, 1), (0, 1, 2, 1), (0, 2, 1, -1), (1, 3, 1, 1), (1, 1, 3, 1), (1, 2, 0, 1), (1, 0, 2, -1),
         (2, 3, 2, 1), (2, 2, 3, 1), (2, 0, 1, 1), (2, 1, 0, -1), (3, 3, 3, 1), (3, 0, 0, -1), (3, 1, 1, -1), (3, 2, 2, -1))  # fmt: skip
PRODUCT = np.zeros((4, 4, 4))
for _k, _i, _j, _sign in PAIRS:
    PRODUCT[_k, _i, _j] = _sign
INVERSE = np.array([-1.0, -1.0, -1.0, 1.0])
UNITS = np.eye(4)
_HALF = np.einsum("amj,j,mib->abij", PRODUCT[:3], INVERSE, PRODUCT[:, :, :3])
SLOPE = _HALF + np.swapaxes(_HALF, 2, 3)
CROSS = PRODUCT[:3, :3, :3]


def product(p: Any, q: Any) -> Any:
    """The product of two quaternions."""
    return np.einsum("kij,...i,...j->...k", PRODUCT, p, q)


def dot(a: Any, b: Any) -> Any:
    return np.sum(a * b, axis=-1, keepdims=True)


def root(x: Any) -> Any:
    """The square root, whose derivative at zero is zero."""
    return np.where(x == 0, 0.0, np.sqrt(np.where(x == 0, 1.0, x)))


def over(x: Any) -> Any:
    """What one may divide by."""
    return np.where(x == 0, 1.0, x)


def radians(x: Any, degrees: Any) -> Any:
    return np.deg2rad(x) if degrees else x


def in_degrees(x: Any, degrees: Any) -> Any:
    return np.rad2deg(x) if degrees else x


def rotation_of(q: Any) -> Any:
    return Rotation(q, normalize=False, copy=False)


def quaternion_of(rotation: Any) -> Any:
    """That of a rotation of SciPy's."""
    return rotation.as_quat()


zero("quaternion_of(rotation)", facts=Facts(gives=types.of_rotation))

# Two functions that are smooth where their formula divides by zero


def half_sinc(t: Any, n: int) -> Any:
    """The derivative of order n by t of sin(r/2)/r, where t is r squared."""
    near = np.asarray(t) < 1.0
    small = np.polynomial.polynomial.polyval(np.where(near, t, 0.0), _series(n))
    return np.where(near, small, _far(np.where(near, 1.0, t), n))[()]


def _far(t: Any, n: int) -> Any:
    x = 0.5 * np.sqrt(t)
    if n == 0:
        return 0.5 * np.sin(x) / x
    if n == 1:
        return (0.25 * np.cos(x) - 0.25 * np.sin(x) / x) / t
    return 0.5 * (-0.125) ** n * scipy.special.spherical_jn(n, x) / x**n


def _series(n: int) -> list[float]:
    """Of sin(r/2)/r in powers of t, differentiated."""
    return [0.5 * (-0.25) ** k / math.factorial(2 * k + 1) * math.perm(k, n) for k in range(n, n + 10)]


def angle_ratio(c: Any, n: int) -> Any:
    """The derivative of order n by c of a/sin(a), where c is the cosine of a."""
    factor = (-0.5) ** n * scipy.special.poch(1.0, n) ** 2 / scipy.special.poch(1.5, n)
    return factor * scipy.special.hyp2f1(n + 1, n + 1, n + 1.5, 0.5 * (1.0 - c))


elementwise("half_sinc(t, n)", t="half_sinc(t, n + 1)", facts=Facts(source="DLMF 10.51.3"))
elementwise("angle_ratio(c, n)", c="angle_ratio(c, n + 1)", facts=Facts(source="DLMF 15.4.14, 15.5.2"))

# What rotations are made of


def of_quaternion(x: Any, scalar_first: Any) -> Any:
    return Rotation(x, scalar_first=scalar_first).as_quat()


def of_matrix(matrix: Any, assume_valid: Any) -> Any:
    return Rotation.from_matrix(matrix, assume_valid=assume_valid).as_quat()


def of_vector(v: Any, degrees: Any) -> Any:
    return Rotation.from_rotvec(v, degrees=degrees).as_quat()


def of_parameters(p: Any) -> Any:
    return Rotation.from_mrp(p).as_quat()


def of_angles(angles: Any, seq: str, degrees: Any) -> Any:
    return Rotation.from_euler(seq, angles, degrees=degrees).as_quat()


def composed(p: Any, q: Any) -> Any:
    return (rotation_of(p) * rotation_of(q)).as_quat()


def _of_length_one(g: Any, ans: Any, length: Any) -> Any:
    """Back through a quaternion divided by its length."""
    return (g - ans * dot(ans, g)) / length


def _quaternion_back(g: Any, ans: Any, x: Any, scalar_first: Any) -> Any:
    back = _of_length_one(g, ans, np.sqrt(dot(x, x)))
    return np.roll(back, 1, axis=-1) if scalar_first else back


def _composed_left(g: Any, ans: Any, p: Any, q: Any) -> Any:
    back = _of_length_one(g, ans, np.sqrt(dot(p, p) * dot(q, q)))
    return unbroadcast(np.einsum("kij,...k,...j->...i", PRODUCT, back, q), np.shape(p))


def _composed_right(g: Any, ans: Any, p: Any, q: Any) -> Any:
    back = _of_length_one(g, ans, np.sqrt(dot(p, p) * dot(q, q)))
    return unbroadcast(np.einsum("kij,...i,...k->...j", PRODUCT, p, back), np.shape(q))


def _vector_back(g: Any, v: Any, degrees: Any) -> Any:
    """Of v*half_sinc and cos(r/2)."""
    x = radians(v, degrees)
    t = dot(x, x)
    scale = half_sinc(t, 0)
    along = 2.0 * half_sinc(t, 1) * dot(x, g[..., :3]) - 0.5 * scale * g[..., 3:]
    return radians(scale * g[..., :3] + along * x, degrees)


def _parameters_back(g: Any, p: Any) -> Any:
    """Of 2*p/s and 2/s - 1, where s is 1 and the squared length."""
    s = 1.0 + dot(p, p)
    return 2.0 / s * g[..., :3] - 4.0 * (dot(p, g[..., :3]) + g[..., 3:]) / (s * s) * p


def _elementary(axis: int, angle: Any) -> Any:
    """The quaternion of an angle about one of the axes."""
    half = 0.5 * angle[..., None]
    return np.sin(half) * UNITS[axis] + np.cos(half) * UNITS[3]


def _angles_back(g: Any, angles: Any, seq: str, degrees: Any) -> Any:
    """By each angle: half of the axis stands in the product beside its quaternion."""
    axes = ["xyz".index(letter) for letter in seq.lower()]
    rows = radians(np.reshape(angles, (*np.shape(g)[:-1], len(axes))), degrees)
    each = [_elementary(axis, rows[..., k]) for k, axis in enumerate(axes)]
    back = [_angle_back(g, each, k, axis, seq.isupper()) for k, axis in enumerate(axes)]
    return np.reshape(radians(np.stack(back, axis=-1), degrees), np.shape(angles))


def _angle_back(g: Any, each: list[Any], k: int, axis: int, intrinsic: bool) -> Any:
    turned = 0.5 * product(each[k], UNITS[axis])
    for one in each[:k][::-1]:
        turned = product(one, turned) if intrinsic else product(turned, one)
    for one in each[k + 1 :]:
        turned = product(turned, one) if intrinsic else product(one, turned)
    return np.sum(g * turned, axis=-1)


def _matrix_back(g: Any, ans: Any, matrix: Any, assume_valid: Any) -> Any:
    """Of M = R P, where P is symmetric, R has the derivative R [w], with [w] P + P [w] = R.T M' - M'.T R. For the vector w the left side is
    (tr P - P) w; the quaternion turns by half of it."""
    if assume_valid:
        return _as_it_is_back(g, ans, matrix)
    turn = matrix_of(ans)
    stretch = np.swapaxes(turn, -1, -2) @ matrix
    half = 0.5 * product(INVERSE * ans, g)[..., :3]
    trace = np.trace(stretch, 0, -2, -1)[..., None, None]
    w = np.linalg.solve(trace * np.eye(3) - stretch, half[..., None])[..., 0]
    return turn @ np.einsum("ikj,...k->...ij", CROSS, w)


# F. L. Markley, Unit Quaternion from Rotation Matrix, Journal of Guidance, Control, and Dynamics 31 (2008): four times one of the elements,
# by the largest of the diagonal and the trace, times the quaternion.

CHOSEN = np.zeros((4, 4, 3, 3))
for _i in range(3):
    _j, _k = (_i + 1) % 3, (_i + 2) % 3
    CHOSEN[_i, _i] = np.diag([1.0 if m == _i else -1.0 for m in range(3)])
    for _m in (_j, _k):
        CHOSEN[_i, _m, _m, _i] = CHOSEN[_i, _m, _i, _m] = 1.0
    CHOSEN[_i, 3, _k, _j], CHOSEN[_i, 3, _j, _k] = 1.0, -1.0
    CHOSEN[3, _i] = CHOSEN[_i, 3]
CHOSEN[3, 3] = np.eye(3)


def _chosen(matrix: Any) -> Any:
    """1 at the place of the largest, zeros elsewhere."""
    diagonal = np.diagonal(matrix, 0, -2, -1)
    return UNITS[np.argmax(np.concatenate([diagonal, np.sum(diagonal, axis=-1, keepdims=True)], axis=-1), axis=-1)]


zero("_chosen(matrix)", facts=Facts(gives=types.of_matrices))


def _as_it_is_back(g: Any, ans: Any, matrix: Any) -> Any:
    chosen = _chosen(matrix)
    whole = np.einsum("ckab,...c,...ab->...k", CHOSEN, chosen, matrix) + chosen
    back = _of_length_one(g, ans, np.sqrt(dot(whole, whole)))
    return np.einsum("ckab,...c,...k->...ab", CHOSEN, chosen, back)


MADE = Facts(gives=types.of_vectors, may_raise=True)
POLAR = ("by the elements of a matrix it is that of the nearest rotation, also where SciPy takes one as it is, which is orthogonal to"
         " within 1e-12, and its rows of length 1 to within 5e-6")  # fmt: skip
rule("of_quaternion(x, scalar_first)", x="_quaternion_back(g, ans, x, scalar_first)", facts=MADE.but(spreads=types.each(1, x=1)))
rule("of_matrix(matrix, assume_valid)", matrix="_matrix_back(g, ans, matrix, assume_valid)",
     facts=MADE.but(gives=types.of_matrices, spreads=types.each(1, matrix=2), note=POLAR))  # fmt: skip
rule("of_vector(v, degrees)", v="_vector_back(g, v, degrees)", facts=Facts(gives=types.of_vectors, spreads=types.each(1, v=1)))
rule("of_parameters(p)", p="_parameters_back(g, p)", facts=Facts(gives=types.of_vectors, spreads=types.each(1, p=1)))
rule("of_angles(angles, seq, degrees)", angles="_angles_back(g, angles, seq, degrees)",
     facts=MADE.but(gives=types.of_angles, spreads=types.each(1, angles=1)))  # fmt: skip
rule("composed(p, q)", p="_composed_left(g, ans, p, q)", q="_composed_right(g, ans, p, q)",
     facts=Facts(gives=types.composed, spreads=types.each(1, p=1, q=1)))  # fmt: skip

# What rotations give


def matrix_of(q: Any) -> Any:
    return rotation_of(q).as_matrix()


def vector_of(q: Any, degrees: Any) -> Any:
    return rotation_of(q).as_rotvec(degrees=degrees)


def parameters_of(q: Any) -> Any:
    return rotation_of(q).as_mrp()


def angles_of(q: Any, seq: str, degrees: Any, suppress_warnings: Any) -> Any:
    return rotation_of(q).as_euler(seq, degrees=degrees, suppress_warnings=suppress_warnings)


def angle_of(q: Any) -> Any:
    return rotation_of(q).magnitude()


def applied(q: Any, v: Any, inverse: Any) -> Any:
    return rotation_of(q).apply(v, inverse=inverse)


def near(p: Any, q: Any, atol: Any, degrees: Any) -> Any:
    return rotation_of(p).approx_equal(rotation_of(q), atol=atol, degrees=degrees)


def sign_of(q: Any) -> Any:
    """-1 where the rotation is written with the other of its two quaternions, whose first of w, x, y, z that is not zero is positive."""
    w, x, y, z = q[..., 3:], q[..., :1], q[..., 1:2], q[..., 2:3]
    first = np.where(w != 0, w, np.where(x != 0, x, np.where(y != 0, y, z)))
    return np.where(first < 0, -1.0, 1.0)


def _matrix_of_back(g: Any, q: Any) -> Any:
    return np.einsum("...ij,...j->...i", np.einsum("...ab,abij->...ij", g, SLOPE), q)


def _vector_of_back(g: Any, q: Any, degrees: Any) -> Any:
    """Of 2*a/sin(a)*(x, y, z), where w is cos(a) times the length."""
    up = in_degrees(g, degrees)
    one = sign_of(q) * q
    length = np.sqrt(dot(one, one))
    c = one[..., 3:] / length
    by_c = 2.0 * angle_ratio(c, 1) * dot(up, one[..., :3]) / length
    straight = np.concatenate([2.0 * angle_ratio(c, 0) * up, by_c], axis=-1)
    return sign_of(q) * (straight - by_c * c / length * one)


def _parameters_of_back(g: Any, q: Any) -> Any:
    sign = np.where(q[..., 3:] < 0, -1.0, 1.0)
    below = 1.0 + sign * q[..., 3:]
    return np.concatenate([sign * g / below, -dot(q[..., :3], g) / (below * below)], axis=-1)


def _angle_of_back(g: Any, q: Any) -> Any:
    """Of 2*arctan2(r, |w|)."""
    t, w = dot(q[..., :3], q[..., :3]), q[..., 3:]
    up = 2.0 * np.reshape(g, np.shape(t)) / (t + w * w)
    return np.concatenate([up * np.abs(w) / over(root(t)) * q[..., :3], -up * root(t) * np.sign(w)], axis=-1)


def _applied_to(g: Any, q: Any, inverse: Any) -> Any:
    return np.einsum("...ij,...i->...j" if not inverse else "...ji,...i->...j", matrix_of(q), g)


def _applied_by(g: Any, q: Any, v: Any, inverse: Any) -> Any:
    one, other = (v, g) if inverse else (g, v)
    return unbroadcast(_matrix_of_back(one[..., :, None] * other[..., None, :], q), np.shape(q))


HALF = "at an angle of pi, where the vector jumps to its opposite, it is that of the side on which SciPy puts the vector"
NONE = "it is zero where there is no rotation, and at an angle of pi"
rule("matrix_of(q)", q="_matrix_of_back(g, q)", facts=Facts(gives=types.matrices, spreads=types.each(2, q=1)))
rule("vector_of(q, degrees)", q="_vector_of_back(g, q, degrees)",
     facts=Facts(gives=types.vectors, spreads=types.each(1, q=1), note=HALF))  # fmt: skip
rule("parameters_of(q)", q="_parameters_of_back(g, q)", facts=Facts(gives=types.vectors, spreads=types.each(1, q=1)))
rule("angle_of(q)", q="_angle_of_back(g, q)", facts=Facts(gives=types.numbers, spreads=types.each(0, q=1), note=NONE))
rule("applied(q, v, inverse)", q="_applied_by(g, q, v, inverse)", v="unbroadcast(_applied_to(g, q, inverse), np.shape(v))",
     facts=Facts(gives=types.applied, spreads=types.each(1, q=1, v=1), may_raise=True))  # fmt: skip
zero("near(p, q, atol, degrees)", facts=Facts(gives=types.compared))

# Angles about three axes: E. Bernardes and S. Viollet, Quaternion to Euler angles conversion, PLoS ONE 17 (2022)


def _permuted(seq: str) -> Any:
    """The four sums of elements of which the angles are made, and the sign of the third one."""
    i, j, k = ["xyz".index(letter) for letter in (seq if seq.islower() else seq.lower()[::-1])]
    symmetric = i == k
    k = 3 - i - j if symmetric else k
    sign = (i - j) * (j - k) * (k - i) // 2
    x, y, z, w = UNITS[i], UNITS[j], sign * UNITS[k], UNITS[3]
    return np.array([w, x, y, z] if symmetric else [w - y, x + z, y + w, z - x]), 1 if symmetric else sign


SEQUENCES = {s: _permuted(s) for letters in ("xyz", "XYZ") for a in letters for b in letters for c in letters
             if a != b and b != c for s in (a + b + c,)}  # fmt: skip


def _angles_of_back(g: Any, q: Any, seq: str, degrees: Any) -> Any:
    sums, sign = SEQUENCES[seq]
    up = in_degrees(g, degrees)
    first, third = (up[..., 0], sign * up[..., 2]) if seq.islower() else (up[..., 2], sign * up[..., 0])
    alone = up[..., 0] if seq.islower() else sign * up[..., 0]
    rows = np.einsum("ki,...i->...k", sums, q)
    a, b, c, d = rows[..., 0], rows[..., 1], rows[..., 2], rows[..., 3]
    s, t = a * a + b * b, c * c + d * d
    second = 2.0 * np.arctan2(np.sqrt(t), np.sqrt(s))
    low, high = second <= 1e-7, np.abs(second - np.pi) <= 1e-7
    by_sum = np.where(low, 2.0 * alone, np.where(high, 0.0, first + third)) / over(s)
    by_difference = np.where(high, 2.0 * alone if not seq.islower() else -2.0 * alone, np.where(low, 0.0, third - first)) / over(t)
    middle = 2.0 * up[..., 1] / (s + t)
    down, out = -middle * root(t) / over(root(s)), middle * root(s) / over(root(t))
    back = np.stack([down * a - by_sum * b, down * b + by_sum * a, out * c - by_difference * d, out * d + by_difference * c], axis=-1)
    return np.einsum("ki,...k->...i", sums, back)


LOCKED = "in gimbal lock, where SciPy sets the third angle to zero, it is that of the other two as SciPy computes them there"
rule("angles_of(q, seq, degrees, suppress_warnings)", q="_angles_of_back(g, q, seq, degrees)",
     facts=Facts(gives=types.vectors, spreads=types.each(1, q=1), may_raise=True, note=LOCKED))  # fmt: skip
