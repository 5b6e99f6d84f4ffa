"""The functions of Python's modules math and cmath.

Where the derivative may be infinite although the function is finite, the partial is a `ratio`, which gives the infinity
instead of raising ZeroDivisionError.
"""
from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import elementwise, linear, rule, zero
from s2sad.rules.ufuncs import beside_cut
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.functions import digamma, polygamma, ratio, unbroadcast
from s2sad.types import numbers
from s2sad.types.families import number
from s2sad.types.operators import whole


def as_given(parts: list[Any], sequence: Any) -> Any:
    """Cotangents of the elements in the form of the sequence: a list for a list or tuple, an array for an array."""
    if isinstance(sequence, (list, tuple)):
        return parts
    return np.stack(parts) if parts else np.zeros_like(sequence)


def log_partial(x: Any, base: Any) -> Any:
    if len(base) == 0:
        return 1.0 / x
    return 1.0 / (x * math.log(base[0]))


def clog_partial(x: Any, base: Any) -> Any:
    if len(base) == 0:
        return 1.0 / x
    return 1.0 / (x * cmath.log(base[0]))


def atan2_partial(other: Any, radius: Any) -> Any:
    """`other / radius ** 2`, in two steps so that the square neither overflows nor underflows."""
    return ratio(ratio(other, radius), radius)


def hypot_pullback(g: Any, coordinates: Any, ans: Any) -> list[Any]:
    return [g * ratio_or_zero(c, ans) for c in coordinates]


def dist_pullback(g: Any, p: Any, q: Any, ans: Any) -> Any:
    return as_given([g * ratio_or_zero(a - b, ans) for a, b in zip(p, q, strict=True)], p)


def prod_pullback(g: Any, iterable: Any, start: Any) -> Any:
    """`g` times `start` and all the other factors, without a division: a factor may be 0."""
    factors = list(iterable)
    before = g * start
    heads = []
    for factor in factors:
        heads.append(before)
        before = before * factor
    parts: list[Any] = []
    after: Any = 1.0
    for head, factor in zip(reversed(heads), reversed(factors), strict=True):
        parts.append(unbroadcast(head * after, np.shape(factor)))
        after = after * factor
    return as_given(parts[::-1], iterable)


REAL = ELEMENTWISE.but(gives=numbers.real)
COMPLEX = ELEMENTWISE.but(gives=numbers.complex_number)
OF = {"math": REAL, "cmath": COMPLEX}
UNDER_ROOT = {"math": "(1.0 - x) * (1.0 + x)", "cmath": "beside_cut(x if np.iscomplexobj(x) else x + 0j)"}
PAIR = Facts(gives=numbers.pair)
NUMBER = Facts(gives=number)
WHOLE = Facts(gives=whole)


def outside(known: Facts, *where: tuple[str, float]) -> Facts:
    """The facts of a function that raises where its number compares so; complex numbers have no order."""
    return known if known is COMPLEX else known.but(outside=where)


for m in ("math", "cmath"):
    elementwise(f"{m}.exp(x)", x="ans", may_raise=True, facts=OF[m])
    elementwise(f"{m}.sqrt(x)", x="ratio(0.5, ans)", may_raise=True, facts=outside(OF[m], ("<", 0.0)).but(invertible=True))
    elementwise(f"{m}.log10(x)", x="1.0 / (x * math.log(10.0))", may_raise=True, facts=outside(OF[m], ("<=", 0.0)))
    elementwise(f"{m}.sin(x)", x=f"{m}.cos(x)", may_raise=True, facts=OF[m].but(bounded=True))
    elementwise(f"{m}.cos(x)", x=f"-{m}.sin(x)", may_raise=True, facts=OF[m].but(bounded=True))
    elementwise(f"{m}.tan(x)", x="1.0 + ans * ans", may_raise=True, facts=OF[m])
    elementwise(f"{m}.asin(x)", x=f"ratio(1.0, {m}.sqrt({UNDER_ROOT[m]}))",
                may_raise=True, facts=outside(OF[m], ("<", -1.0), (">", 1.0)))  # fmt: skip
    elementwise(f"{m}.acos(x)", x=f"ratio(-1.0, {m}.sqrt({UNDER_ROOT[m]}))",
                may_raise=True, facts=outside(OF[m], ("<", -1.0), (">", 1.0)))  # fmt: skip
    elementwise(f"{m}.atan(x)", x="1.0 / (1.0 + x * x)", may_raise=True, facts=OF[m])
    elementwise(f"{m}.sinh(x)", x=f"{m}.cosh(x)", may_raise=True, facts=OF[m])
    elementwise(f"{m}.cosh(x)", x=f"{m}.sinh(x)", may_raise=True, facts=OF[m])
    elementwise(f"{m}.tanh(x)", x="1.0 - ans * ans", may_raise=True, facts=OF[m])
    elementwise(f"{m}.acosh(x)", x=f"ratio(1.0, {m}.sqrt(x - 1.0) * {m}.sqrt({'x + 1.0' if m == 'math' else 'x - -1.0'}))",
                may_raise=True, facts=outside(OF[m], ("<", 1.0)))  # fmt: skip
    elementwise(f"{m}.atanh(x)", x="1.0 / ((1.0 - x) * (1.0 + x))", may_raise=True, facts=outside(OF[m], ("<=", -1.0), (">=", 1.0)))
    zero(f"{m}.isnan(x)", f"{m}.isinf(x)", f"{m}.isfinite(x)", facts=NUMBER)

elementwise("math.log(x, *base)", x="log_partial(x, base)", base="[-g * ans / (b * math.log(b)) for b in base]",
            may_raise=True, facts=outside(REAL, ("<=", 0.0)))  # fmt: skip
elementwise("math.log2(x)", x="1.0 / (x * math.log(2.0))", may_raise=True, facts=outside(REAL, ("<=", 0.0)))
elementwise("math.log1p(x)", x="1.0 / (1.0 + x)", may_raise=True, facts=outside(REAL, ("<=", -1.0)))
elementwise("math.expm1(x)", x="math.exp(x)", may_raise=True, facts=REAL)
elementwise("math.asinh(x)", x="1.0 / math.hypot(1.0, x)", facts=REAL)
elementwise("math.atan2(y, x)", y="atan2_partial(x, math.hypot(x, y))", x="-atan2_partial(y, math.hypot(x, y))", facts=REAL)
elementwise("math.degrees(x)", x="180.0 / math.pi", facts=REAL)
elementwise("math.radians(x)", x="math.pi / 180.0", facts=REAL)
elementwise("math.fabs(x)", x="np.sign(x)", facts=REAL)
elementwise("math.copysign(x, y)", x="math.copysign(np.sign(x), x * y)", y="0", facts=REAL)
elementwise("math.ldexp(x, i)", x="np.ldexp(1.0, i)", may_raise=True, facts=REAL)
rule("math.frexp(x)", x="np.ldexp(g[0], -ans[1])", jvp="(np.ldexp(x_dot, -ans[1]), 0)", facts=PAIR)
rule("math.modf(x)", x="g[0]", jvp="(x_dot, 0.0)", facts=PAIR)
SOURCE = "DLMF 7.2"
elementwise("math.erf(x)", x="2.0 / math.sqrt(math.pi) * math.exp(-x * x)", facts=REAL)
elementwise("math.erfc(x)", x="-2.0 / math.sqrt(math.pi) * math.exp(-x * x)", facts=REAL)
SOURCE = "DLMF 5.2.2, 5.15"
elementwise("math.gamma(x)", x="ans * digamma(x)", may_raise=True, facts=REAL)
elementwise("math.lgamma(x)", x="digamma(x)", may_raise=True, facts=REAL)
elementwise("digamma(x)", x="polygamma(1, x)")
elementwise("polygamma(n, x)", x="polygamma(n + 1, x)")
SOURCE = ""
elementwise("math.nextafter(x, y)", x="1", y="0", facts=REAL)
if hasattr(math, "exp2"):
    elementwise("math.cbrt(x)", x="ratio(1.0, 3.0 * ans * ans)", facts=REAL)
    elementwise("math.exp2(x)", x="ans * math.log(2.0)", may_raise=True, facts=REAL)
if hasattr(math, "fma"):
    elementwise("math.fma(x, y, z)", x="y", y="x", z="1", may_raise=True, facts=REAL)

rule("math.hypot(*coordinates)", coordinates="hypot_pullback(g, coordinates, ans)", facts=Facts(gives=numbers.hypotenuse))
rule("math.dist(p, q)", p="dist_pullback(g, p, q, ans)", q="dist_pullback(g, q, p, ans)", facts=Facts(gives=numbers.distance))
rule("math.prod(iterable, start=1)", iterable="prod_pullback(g, iterable, start)",
     start="unbroadcast(g * math.prod(iterable), np.shape(start))", facts=Facts(gives=numbers.multiplied))  # fmt: skip
linear("math.fsum(seq)", seq="as_given([g for _ in seq], seq)", may_raise=True, facts=Facts(gives=numbers.added_number_by_number))
if hasattr(math, "sumprod"):
    rule("math.sumprod(p, q)", p="as_given([g * v for v in q], p)", q="as_given([g * v for v in p], q)",
         facts=Facts(gives=numbers.sum_of_products))  # fmt: skip

zero("math.floor(x)", "math.ceil(x)", "math.trunc(x)", may_raise=True, facts=WHOLE)
zero("math.ulp(x)", "math.isclose(a, b, rel_tol=1e-09, abs_tol=0.0)", facts=NUMBER)
zero("cmath.isclose(a, b, rel_tol=1e-09, abs_tol=0.0)", facts=NUMBER)
zero("math.factorial(n)", "math.comb(n, k)", "math.perm(n, *k)", "math.isqrt(n)", "math.gcd(*integers)",
     "math.lcm(*integers)", may_raise=True, facts=NUMBER.but(result_type="own"))  # fmt: skip

elementwise("cmath.log(x, *base)", x="clog_partial(x, base)", base="[-g * ans / (b * cmath.log(b)) for b in base]",
            may_raise=True, facts=COMPLEX)  # fmt: skip
elementwise("cmath.asinh(x)", x="ratio(1.0, cmath.sqrt(x * x - -1.0))", facts=COMPLEX)
# A real function f of z = a + bi has the gradient df/da - i df/db.
elementwise("cmath.phase(x)", x="ratio(-1j, x)", facts=REAL)
rule("cmath.polar(x)", x="g[0] * ratio_or_zero(np.conj(x), ans[0]) + g[1] * ratio(-1j, x)", facts=PAIR)
elementwise("cmath.rect(r, phi)", r="cmath.rect(1.0, phi)", phi="1j * ans", may_raise=True, facts=COMPLEX)
