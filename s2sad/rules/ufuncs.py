"""The ufuncs of NumPy and its other functions that work element by element."""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import attribute, elementwise, linear, method, rule, zero
from s2sad.rules.leading import aligned, count
from s2sad.runtime.arrays import ratio_or_zero, scatter
from s2sad.runtime.functions import (
    halved,
    i0_derivative,
    interp_slope,
    interp_slope_spread,
    interp_spread,
    ratio,
    share,
    sinc_derivative,
    unbroadcast,
)
from s2sad.types import dependence, families
from s2sad.types import operators as types

EACH = Facts(gives=families.elementwise)
BOTH = Facts(gives=types.pairwise)

# Exponentials and logarithms
elementwise("np.exp(x)", x="ans")
elementwise("np.exp2(x)", x="ans * math.log(2.0)")
elementwise("np.expm1(x)", x="np.exp(x)")
elementwise("np.log(x)", x="1.0 / x")
elementwise("np.log2(x)", x="1.0 / (x * math.log(2.0))")
elementwise("np.log10(x)", x="1.0 / (x * math.log(10.0))")
elementwise("np.log1p(x)", x="1.0 / (1.0 + x)")
elementwise("np.logaddexp(x, y)", x="np.exp(x - ans)", y="np.exp(y - ans)")
elementwise("np.logaddexp2(x, y)", x="np.exp2(x - ans)", y="np.exp2(y - ans)")

# Powers
elementwise("np.sqrt(x)", x="0.5 / ans", facts=ELEMENTWISE.but(invertible=True))
elementwise("np.cbrt(x)", x="1.0 / (3.0 * ans * ans)")
elementwise("np.square(x)", x="2.0 * x")
elementwise("np.reciprocal(x)", x="-ans * ans")
elementwise("np.hypot(x, y)", x="ratio_or_zero(x, ans)", y="ratio_or_zero(y, ans)")


# Circular and hyperbolic functions
def beside_cut(x: Any) -> Any:
    """`1 - x * x` of complex numbers. A zero's sign tells the side of a branch cut; it stays where a number is subtracted, not added."""
    return -((x - 1.0) * (x - -1.0))


elementwise("np.sin(x)", x="np.cos(x)")
elementwise("np.cos(x)", x="-np.sin(x)")
elementwise("np.tan(x)", x="1.0 + ans * ans")
elementwise("np.arcsin(x)", x="1.0 / np.sqrt((1.0 - x) * (1.0 + x) if np.isrealobj(x) else beside_cut(x))")
elementwise("np.arccos(x)", x="-1.0 / np.sqrt((1.0 - x) * (1.0 + x) if np.isrealobj(x) else beside_cut(x))")
elementwise("np.arctan(x)", x="1.0 / (1.0 + x * x)")
elementwise("np.arctan2(y, x)", y="x / np.hypot(x, y) / np.hypot(x, y)", x="-y / np.hypot(x, y) / np.hypot(x, y)")  # fmt: skip
elementwise("np.sinh(x)", x="np.cosh(x)")
elementwise("np.cosh(x)", x="np.sinh(x)")
elementwise("np.tanh(x)", x="1.0 - ans * ans")
elementwise("np.arcsinh(x)", x="1.0 / np.sqrt(1.0 + x * x if np.isrealobj(x) else x * x - -1.0)")
elementwise("np.arccosh(x)", x="1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0 if np.isrealobj(x) else x - -1.0))")
elementwise("np.arctanh(x)", x="1.0 / ((1.0 - x) * (1.0 + x))")
elementwise("np.deg2rad(x)", "np.radians(x)", x="math.pi / 180.0")
elementwise("np.rad2deg(x)", "np.degrees(x)", x="180.0 / math.pi")
elementwise("np.sinc(x)", x="sinc_derivative(x)")
elementwise("sinc_derivative(x, n=1)", x="sinc_derivative(x, n=n + 1)")
elementwise("np.i0(x)", x="i0_derivative(x)", facts=ELEMENTWISE.but(source="DLMF 10.32.1"))
elementwise("i0_derivative(x, n=1)", x="i0_derivative(x, n=n + 1)")

# Sign, parts of a number, steps
elementwise("np.fabs(x)", x="np.sign(x)")
elementwise("np.copysign(x, y)", x="np.copysign(np.sign(x), x * y)", y="0")
elementwise("np.heaviside(x, h0)", x="0", h0="np.where(x == 0, g, 0.0)")
elementwise("np.ldexp(x, i)", x="np.ldexp(g, i)")
rule("np.frexp(x)", x="np.ldexp(g[0], -ans[1])", jvp="(np.ldexp(x_dot, -ans[1]), 0)", facts=BOTH.but(spreads=dependence.elementwise))
rule("np.modf(x)", x="g[0]", jvp="(x_dot, 0.0)", facts=BOTH.but(spreads=dependence.elementwise))
elementwise("np.nextafter(x, y)", x="1", y="0")


def kept_parts(g: Any, real: Any, imag: Any) -> Any:
    """The parts of a complex cotangent where they are wanted."""
    return np.where(real, np.real(g), 0.0) + 1j * np.where(imag, np.imag(g), 0.0)


def filled_parts(g: Any, real: Any, imag: Any) -> Any:
    """The cotangent of a real number that stands in some places for the real part, in some for the imaginary one."""
    return np.where(real, np.real(g), 0.0) - np.where(imag, np.imag(g), 0.0)


def _where(holds: str, parts: str) -> str:
    return f"{parts}(g, {holds}(np.real(x)), {holds}(np.imag(x))) if np.iscomplexobj(x) else np.where({holds}(x), g, 0.0)"


elementwise("np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)", x=_where("np.isfinite", "kept_parts"),
            nan=_where("np.isnan", "filled_parts"), posinf=_where("np.isposinf", "filled_parts"),
            neginf=_where("np.isneginf", "filled_parts"),
            hides_nan=True, facts=ELEMENTWISE.but(overwrites="copy"))  # fmt: skip

zero("np.sign(x)", real=True, facts=EACH)
zero("np.signbit(x)", "np.floor(x)", "np.ceil(x)", "np.trunc(x)", "np.rint(x)", "np.fix(x)",
     "np.spacing(x)", facts=EACH)  # fmt: skip
zero("np.round(a, decimals=0)", "np.around(a, decimals=0)", facts=EACH)
zero("np.isfinite(x)", "np.isinf(x)", "np.isnan(x)", "np.isnat(x)", "np.isposinf(x)", "np.isneginf(x)",
     facts=EACH)  # fmt: skip
zero("np.isreal(x)", "np.iscomplex(x)", facts=EACH)
zero("np.isrealobj(x)", "np.iscomplexobj(x)", facts=Facts(asks="type"))
zero("np.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", facts=EACH)
zero("np.logical_and(x, y)", "np.logical_or(x, y)", "np.logical_xor(x, y)", "np.logical_not(x)", facts=EACH)
zero("np.gcd(x, y)", "np.lcm(x, y)", facts=EACH)
if hasattr(np, "bitwise_count"):
    zero("np.bitwise_count(x)", facts=EACH)


# Complex numbers: a real function f of z = a + bi has the gradient df/da - i df/db
def angle_partial(z: Any, deg: bool) -> Any:
    if not np.iscomplexobj(z):
        return 0.0
    return ratio(-1j, z) * (180.0 / np.pi) if deg else ratio(-1j, z)


linear("np.real(val)", val="g", alias=True, facts=EACH.but(mapped="np.real(val)", spreads=dependence.elementwise, part="with_real"))
linear("np.imag(val)", val="g * -1j", alias=True, facts=EACH.but(mapped="np.imag(val)", spreads=dependence.elementwise, part="with_imag"))
linear("np.conj(x)", x="np.conj(g)", facts=EACH.but(mapped="np.conj(x)", spreads=dependence.elementwise))
elementwise("np.angle(z, deg=False)", z="angle_partial(z, deg)")


# Choices
def part(c: Any, chosen: Any, tie: Any) -> Any:
    """`c` where `chosen` holds, half of it where `tie` holds as well, 0 elsewhere."""
    if np.ndim(chosen) == np.ndim(c) == 0:
        return share(c, chosen, tie)
    return halved(c, tie) * chosen


def not_above(x: Any, y: Any) -> Any:
    """`x <= y`, of complex numbers in the order of NumPy: false where one of them is NaN."""
    return np.less_equal(x, y) if np.iscomplexobj(x) or np.iscomplexobj(y) else x <= y


def clip_share(c: Any, a: Any, a_min: Any, a_max: Any) -> Any:
    """The part of `c` that goes to the clipped value itself."""
    if a_min is None:
        return part(c, a <= a_max, a == a_max)
    if a_max is None:
        return part(c, a >= a_min, a == a_min)
    return part(c, (a >= a_min) & (a <= a_max), (a == a_min) | (a == a_max))


def low_share(c: Any, a: Any, a_min: Any, a_max: Any) -> Any:
    """The part of `c` that goes to the lower bound of a clip: min(max(a, a_min), a_max)."""
    raised = np.maximum(a, a_min)
    inner = c if a_max is None else part(c, raised <= a_max, raised == a_max)
    return part(inner, a <= a_min, a == a_min)


def high_share(c: Any, a: Any, a_min: Any, a_max: Any) -> Any:
    """The part of `c` that goes to the upper bound of a clip."""
    raised = a if a_min is None else np.maximum(a, a_min)
    return part(c, raised >= a_max, raised == a_max)


def select_pullback(g: Any, condlist: Any, choicelist: Any) -> Any:
    """Each choice receives `g` where its condition is the first that holds."""
    parts, undecided = [], None
    for condition, choice in zip(condlist, choicelist, strict=True):
        first = condition if undecided is None else np.logical_and(undecided, condition)
        parts.append(unbroadcast(np.where(first, g, 0.0), np.shape(choice)))
        otherwise = np.logical_not(condition)
        undecided = otherwise if undecided is None else np.logical_and(undecided, otherwise)
    return parts if isinstance(choicelist, (list, tuple)) else np.stack(parts)


def select_default_pullback(g: Any, condlist: Any, default: Any) -> Any:
    """The default receives `g` where no condition holds."""
    decided = np.any(np.stack(condlist), axis=0) if isinstance(condlist, (list, tuple)) else np.any(condlist, axis=0)
    return unbroadcast(np.where(decided, 0.0, g), np.shape(default))


def _halved_rows(c: Any, tie: Any) -> Any:
    """`halved` of many."""
    return halved(c if np.ndim(c) > np.ndim(tie) else np.broadcast_to(aligned(c, np.ndim(tie)), (count(c), *np.shape(tie))), tie)


def _chosen(condition: Any, x: Any, y: Any) -> Any:
    """`np.where` of many pairs."""
    rank = max(np.ndim(condition), np.ndim(x) - 1, np.ndim(y) - 1)
    return np.where(condition, aligned(x, rank), aligned(y, rank))


def conj_method(x: Any, out: Any = None) -> Any:
    """The method of a real array gives the array itself, the function a copy."""
    if np.iscomplexobj(x) or out is not None:
        return np.conj(x, out=out)
    return x


def clip_method(a: Any, min: Any = None, max: Any = None, out: Any = None) -> Any:
    return np.clip(a, min, max) if out is None else np.clip(a, min, max, out=out)


# That of `np.maximum` compares the arguments with each other, not with the result, which need not be kept then.
rule("np.maximum(x, y)", x="unbroadcast(part(g, not_above(y, x), x == y), np.shape(x))",
     y="unbroadcast(part(g, not_above(x, y), x == y), np.shape(y))",
     jvp="part(x_dot, not_above(y, x), x == y) + part(y_dot, not_above(x, y), x == y)",
       facts=EACH.but(spreads=dependence.elementwise))  # fmt: skip
rule("np.minimum(x, y)", x="unbroadcast(part(g, not_above(x, y), x == y), np.shape(x))",
     y="unbroadcast(part(g, not_above(y, x), x == y), np.shape(y))",
     jvp="part(x_dot, not_above(x, y), x == y) + part(y_dot, not_above(y, x), x == y)",
       facts=EACH.but(spreads=dependence.elementwise))  # fmt: skip
rule("np.fmax(x, y)", "np.fmin(x, y)", x="unbroadcast(part(g, x == ans, x == y), np.shape(x))",
     y="unbroadcast(part(g, y == ans, x == y), np.shape(y))",
     jvp="part(x_dot, x == ans, x == y) + part(y_dot, y == ans, x == y)", hides_nan=True,
       facts=EACH.but(spreads=dependence.elementwise))  # fmt: skip
linear("share(c, chosen, tie)", c="share(g, chosen, tie)",
       facts=EACH.but(mapped="np.where(chosen, halved(c, tie), 0.0)", spreads=dependence.elementwise))  # fmt: skip
linear("halved(c, tie)", c="unbroadcast(halved(g, tie), np.shape(c))", alias=True,
       facts=Facts(gives=types.halved, mapped="_halved_rows(c, tie)", spreads=dependence.elementwise))  # fmt: skip
rule("np.clip(a, a_min, a_max)", a="unbroadcast(clip_share(g, a, a_min, a_max), np.shape(a))",
     a_min="unbroadcast(low_share(g, a, a_min, a_max), np.shape(a_min))",
     a_max="unbroadcast(high_share(g, a, a_min, a_max), np.shape(a_max))",
     jvp="clip_share(a_dot, a, a_min, a_max) + low_share(a_min_dot, a, a_min, a_max) + high_share(a_max_dot, a, a_min, a_max)",
     facts=EACH.but(spreads=dependence.elementwise))  # fmt: skip
linear("np.where(condition, x, y)", x="unbroadcast(np.where(condition, g, 0.0), np.shape(x))",
       y="unbroadcast(np.where(condition, 0.0, g), np.shape(y))",
       facts=EACH.but(cheap=True, mapped={"x": "np.where(condition, aligned(x, max(np.ndim(condition), np.ndim(y))), y)",
                                          "y": "np.where(condition, x, aligned(y, max(np.ndim(condition), np.ndim(x))))",
                                          "": "_chosen(condition, x, y)"}, spreads=dependence.elementwise))  # fmt: skip
linear("np.select(condlist, choicelist, default=0)", choicelist="select_pullback(g, condlist, choicelist)",
       default="select_default_pullback(g, condlist, default)", as_given=True,
       facts=Facts(gives=types.select, spreads=dependence.selected))  # fmt: skip


# Interpolation
def periodic(x: Any, xp: Any, period: Any) -> Any:
    """Where `np.interp` looks with a period, its points with one more at each end, and which these are."""
    if period is None:
        return x, xp, None
    length = np.abs(period)
    within = xp % length
    order = np.argsort(within)
    places = np.concatenate((order[-1:], order, order[:1]))
    return x % length, np.concatenate((within[order[-1:]] - length, within[order], within[order[:1]] + length)), places


def _at(values: Any, places: Any) -> Any:
    return values if places is None else values[places]


def _from(values: Any, places: Any, like: Any) -> Any:
    return values if places is None else scatter(values, places, np.shape(like))


def interp_x(x: Any, xp: Any, fp: Any, period: Any) -> Any:
    """The derivative of `np.interp` by `x`."""
    where, points, places = periodic(x, xp, period)
    return interp_slope(where, points, _at(fp, places))


def interp_back(g: Any, x: Any, xp: Any, period: Any, left: bool = False, right: bool = False) -> Any:
    """The cotangent of the values at the points."""
    where, points, places = periodic(x, xp, period)
    return _from(interp_spread(g, where, points, left=left and period is None, right=right and period is None), places, xp)


def interp_period(x: Any, xp: Any, fp: Any, period: Any) -> Any:
    """The derivative of `np.interp` by `period`, which moves what is looked for, and the points."""
    where, points, places = periodic(x, xp, period)
    length = np.abs(period)
    turns = np.floor(xp / length)[places]
    moved = np.concatenate((turns[:1] + 1.0, turns[1:-1], turns[-1:] - 1.0))
    slope = interp_slope(where, points, _at(fp, places))
    return np.sign(period) * slope * (np.interp(where, points, moved) - np.floor(x / length))


rule("np.interp(x, xp, fp, left=None, right=None, period=None)", x="g * interp_x(x, xp, fp, period)",
     xp="interp_back(-g * interp_x(x, xp, fp, period), x, xp, period)",
     fp="interp_back(g, x, xp, period, left=left is not None, right=right is not None)",
     left="np.sum(np.where(np.less(x, xp[0]), g, 0.0)) if period is None else 0.0",
     right="np.sum(np.where(np.greater(x, xp[-1]), g, 0.0)) if period is None else 0.0",
     period="np.sum(g * interp_period(x, xp, fp, period))",
     jvp="x_dot * interp_x(x, xp, fp, period) - np.interp(x, xp, xp_dot, period=period) * interp_x(x, xp, fp, period)"
         " + np.interp(x, xp, fp_dot, left=None if left is None else left_dot, right=None if right is None else right_dot, period=period)"
         " + period_dot * interp_period(x, xp, fp, period)",
     facts=Facts(gives=types.interpolated, spreads=dependence.only("x")))  # fmt: skip
rule("interp_slope(x, xp, fp)", x="0.0 * g", xp="interp_slope_spread(-g * ans, x, xp)", fp="interp_slope_spread(g, x, xp)",
       facts=Facts(gives=types.slope, spreads=dependence.only("x")))  # fmt: skip
rule("interp_spread(c, x, xp, left=False, right=False)", x="c * interp_slope(x, xp, g)",
     xp="interp_spread(-c * interp_slope(x, xp, g), x, xp)",
     c="np.interp(x, xp, g, left=0.0 if left else None, right=0.0 if right else None)", facts=Facts(gives=types.spread))  # fmt: skip
rule("interp_slope_spread(c, x, xp)", c="interp_slope(x, xp, g)", x="0.0 * interp_slope(x, xp, g)",
     xp="interp_slope_spread(-c * interp_slope(x, xp, g), x, xp)", facts=Facts(gives=types.slope_spread))


# Products of vectors and matrices along the last axes (NumPy 2)
def conjugate(z: Any) -> Any:
    return np.conj(z) if np.iscomplexobj(z) else z


def vecdot_left(g: Any, x: Any, y: Any) -> Any:
    return unbroadcast(conjugate(np.expand_dims(g, -1) * y), np.shape(x))


def vecdot_right(g: Any, x: Any, y: Any) -> Any:
    return unbroadcast(np.expand_dims(g, -1) * conjugate(x), np.shape(y))


def outer_last(x: Any, y: Any, shape: tuple[int, ...]) -> Any:
    return unbroadcast(np.expand_dims(x, -1) * np.expand_dims(y, -2), shape)


if hasattr(np, "vecdot"):
    rule("np.vecdot(x, y)", x="vecdot_left(g, x, y)", y="vecdot_right(g, x, y)",
         jvp="np.vecdot(x_dot, y) + np.vecdot(x, y_dot)",
       facts=Facts(gives=types.vecdot, spreads=dependence.product(dependence.of_vecdot, "x", "y")))  # fmt: skip
if hasattr(np, "matvec"):
    rule("np.matvec(x, y)", x="outer_last(g, y, np.shape(x))",
         y="unbroadcast(np.matvec(np.swapaxes(x, -1, -2), g), np.shape(y))",
         jvp="np.matvec(x_dot, y) + np.matvec(x, y_dot)",
       facts=Facts(gives=types.matvec, spreads=dependence.product(dependence.of_matvec, "x", "y")))  # fmt: skip
    rule("np.vecmat(x, y)", x="unbroadcast(conjugate(np.matvec(y, g)), np.shape(x))",
         y="outer_last(conjugate(x), g, np.shape(y))",
         jvp="np.vecmat(x_dot, y) + np.vecmat(x, y_dot)",
       facts=Facts(gives=types.vecmat, spreads=dependence.product(dependence.of_vecmat, "x", "y")))  # fmt: skip

method("conj", conj_method)
method("conjugate", conj_method)
method("round", np.round, direct=True)
method("clip", clip_method)
attribute("real", np.real)
attribute("imag", np.imag)
attribute("numerator", operator.pos)
