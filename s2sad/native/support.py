"""Functions that native code calls by name, of one element each. Numba compiles them into what calls them.

They are plain Python: the same text runs where nothing is compiled.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.native.any_order import plus  # noqa: F401
from s2sad.native.going_round import round_difference, round_product, round_sum  # noqa: F401
from s2sad.native.vectors import quick_exp, quick_logaddexp, quick_tanh  # noqa: F401
from s2sad.native.whole_arrays import (  # noqa: F401
    added_by_segments,
    argsorted,
    cofactors_of_regular,
    convolved,
    correlated,
    determinants,
    diagonals_alone,
    eigenvalues,
    factors,
    gaps_apart,
    interp_slope,
    interp_slope_spread,
    interp_spread,
    interpolated,
    inverses,
    is_increasing,
    orthogonal_parts,
    padded_place,
    place_in,
    products_of_others,
    repeated_places,
    segment,
    signs_and_logarithms,
    singular_parts,
    slid,
    solutions,
    sorted_rows,
    spread_to_segments,
    triangle_places,
    turned_apart,
    values_and_vectors,
)


def some(x: Any) -> Any:
    """Whether an array holds anything but zeros."""
    for each in x.flat:
        if each != 0:
            return True
    return False


def larger(x: Any, y: Any) -> Any:
    """The larger of two numbers, as `np.maximum`: NaN if one of them is."""
    return x if x > y or x != x else y


def smaller(x: Any, y: Any) -> Any:
    """The smaller of two numbers, as `np.minimum`: NaN if one of them is."""
    return x if x < y or x != x else y


def larger_number(x: Any, y: Any) -> Any:
    """As `np.fmax`: the other where one is NaN."""
    return x if x >= y or y != y else y


def smaller_number(x: Any, y: Any) -> Any:
    """As `np.fmin`: the other where one is NaN."""
    return x if x <= y or y != y else y


def rest(x: Any, y: Any) -> Any:
    """As `np.fmod`: what is left of a division, with the sign of the first number."""
    left = abs(x) % abs(y)
    return left if x >= 0 else -left


def shifted_left(x: Any, y: Any) -> Any:
    """As `np.left_shift` of numbers of 64 bits, of which nothing is left where they are shifted further."""
    return x << y if 0 <= y < 64 else x * 0


def shifted_right(x: Any, y: Any) -> Any:
    """As `np.right_shift` of numbers of 64 bits."""
    return x >> y if 0 <= y < 64 else x >> 63


def sign(x: Any) -> Any:
    """As `np.sign` of a real number."""
    return x if x != x else x * 0 + 1 if x > 0 else x * 0 - 1 if x < 0 else x * 0


def heaviside(x: Any, h0: Any) -> Any:
    """As `np.heaviside`."""
    return x if x != x else 0.0 if x < 0 else 1.0 if x > 0 else h0


def sinc(x: Any) -> Any:
    """As `np.sinc`."""
    y = math.pi * (x if x else 1.0e-20)
    return math.sin(y) / y


def logaddexp2(x: Any, y: Any) -> Any:
    """As `np.logaddexp2`."""
    return np.logaddexp(x * math.log(2.0), y * math.log(2.0)) / math.log(2.0)


def ratio_or_zero(a: Any, b: Any) -> Any:
    """`a / b`, and 0 where `b` is 0."""
    return a / b if b != 0 else a * 0.0


def share(c: Any, chosen: Any, tie: Any) -> Any:
    """The number `c` where `chosen` holds, half of it where `tie` holds as well, and 0 elsewhere, also for an infinite `c`."""
    return (0.5 * c if tie else c) if chosen else c * 0.0 if c * 0.0 == 0.0 else 0.0


def strong_product(x: Any, y: Any) -> Any:
    """A product in which 0 times anything is 0."""
    return x * y if x != 0 and y != 0 else 0.0


def strong_quotient(x: Any, y: Any) -> Any:
    """A quotient in which 0 divided by anything is 0, and so is what is divided by infinity."""
    return x / y if x != 0 and not math.isinf(y) else 0.0


def strong_ratio_or_zero(a: Any, b: Any) -> Any:
    """`ratio_or_zero`, and 0 where `a` is, also for a `b` that is NaN."""
    return a / b if a != 0 and b != 0 and not math.isinf(b) else 0.0


def power_slope(x: Any, y: Any, n: int) -> Any:
    """The `n`-th derivative of `x ** y` in `x`, 0 where the factor in front of the power is."""
    factor = y * 0 + 1.0
    for step in range(n):
        factor *= y - step
    p = x ** (y - n)
    return factor * p if factor != 0 and p != 0 else p * 0.0 if p * 0.0 == 0.0 else x * 0.0


def power_slopes(x: Any, y: Any, dx: int, dy: int) -> Any:
    """The derivative of `x ** y`, `dx` times in `x` and `dy` times, at most three times, in `y`: its limit from the right where `x` is 0.

    `x ** (y - dx)` times a polynomial in `log(x)`, whose coefficients follow step by step.
    """
    a, b, c, d = 0.0, 1.0 if dy == 1 else 0.0, 1.0 if dy == 2 else 0.0, 1.0 if dy == 3 else 0.0
    for step in range(dx):
        e = y - step
        a, b, c, d = e * a + b, e * b + 2.0 * c, e * c + 3.0 * d, e * d
    log = math.log(x) if x > 0 else -math.inf if x == 0 else math.nan
    total = strong_product(d, log) + c
    total = strong_product(total, log) + b
    total = strong_product(total, log) + a
    return strong_product(total, x ** (np.float64(y) - dx))


def least(x: Any, y: Any) -> Any:
    """As Python's `min`: the first of those that are not larger."""
    return y if y < x else x


def greatest(x: Any, y: Any) -> Any:
    """As Python's `max`."""
    return y if y > x else x


def whole_part(x: Any) -> Any:
    """The second result of `math.modf`."""
    return np.trunc(x)


def fraction(x: Any) -> Any:
    """The first result of `math.modf`."""
    return math.copysign(x - np.trunc(x) if math.isfinite(x) else x if x != x else 0.0, x)


def mantissa(x: Any) -> Any:
    """The first result of `math.frexp`."""
    return math.frexp(x)[0]


def exponent(x: Any) -> Any:
    """The second result of `math.frexp`."""
    return math.frexp(x)[1]


def scaled(x: Any, i: Any) -> Any:
    """As `math.ldexp`."""
    return math.ldexp(x, int(i))


def square_of_size(z: Any) -> Any:
    """The square of the absolute value of a complex number."""
    return z.real * z.real + z.imag * z.imag


def made_finite(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    """As `np.nan_to_num` of one number."""
    return nan if x != x else posinf if x == math.inf else neginf if x == -math.inf else x


def is_half_way(scaled: Any) -> bool:
    """Whether rounding may have brought a number over the middle between two whole ones, or it is too large to have one."""
    return not (abs(scaled) < 2.0**50 and abs(abs(scaled - np.floor(scaled)) - 0.5) > 1e-15 * (abs(scaled) + 1.0))


def remainder(x: Any, y: Any) -> Any:
    """As `math.remainder`: what is left of the nearest multiple, exactly."""
    if not math.isfinite(x) or y != y or y == 0.0:
        return math.nan
    if math.isinf(y):
        return x
    left = np.fmod(abs(x), abs(y))
    other = abs(y) - left
    least = left if left < other else -other if left > other else left - 2.0 * np.fmod(0.5 * (abs(x) - left), abs(y))
    return math.copysign(1.0, x) * least


def sinc_derivative(x: Any, n: int) -> Any:
    """The `n`-th derivative of `np.sinc`: its power series near 0, elsewhere from `t f' + f = cos(t)`, differentiated."""
    t = math.pi * x
    if abs(t) < n + 2.0:
        series = 0.0
        for k in range((n + 1) // 2, 24 + 2 * n):
            series += (-1.0) ** k / (math.gamma(2.0 * k - n + 1.0) * (2 * k + 1)) * t ** (2 * k - n)
        return math.pi**n * series
    f = math.sin(t) / t
    for k in range(1, n + 1):
        f = (math.sin(t + 0.5 * math.pi * k) - k * f) / t
    return math.pi**n * f


def i0_derivative(x: Any, n: int) -> Any:
    """The `n`-th derivative of `np.i0`: the mean over the circle of `cos(t) ** n * exp(x * cos(t))` (DLMF 10.32.1)."""
    total = 0.0
    for j in range(65):
        c = math.cos(math.pi * j / 128) if j < 64 else 0.0
        total += (2 if j in (0, 64) else 4) / 256 * c**n * (math.sinh(x * c) if n % 2 else math.cosh(x * c))
    return total


def close(a: Any, b: Any, rel_tol: Any, abs_tol: Any) -> Any:
    """As `math.isclose`."""
    if a == b:
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    return abs(b - a) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)


def digamma(x: Any) -> Any:
    """The derivative of `math.lgamma`, by recurrence, asymptotic series (DLMF 5.11.2) and reflection (DLMF 5.5.4)."""
    if x <= 0.0 and x == math.floor(x):
        return math.nan
    rest = 0.0
    if x <= 0.0:
        rest = -math.pi / math.tan(math.pi * (x - np.rint(x)))
        x = 1.0 - x
    while x < 20.0:
        rest -= 1.0 / x
        x += 1.0
    s = 1.0 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s / 12))))))
    return rest + math.log(x) - 0.5 / x - series


def ways(n: Any, k: Any) -> Any:
    """As `math.comb` of numbers for which all of this has 64 bits."""
    found = 1
    for i in range(1, min(k, n - k) + 1):
        found = found * (n + 1 - i) // i
    return found


def falling(n: Any, k: Any) -> Any:
    """`n * (n - 1) * ... * (n - k + 1)`."""
    found = 1
    for i in range(k):
        found *= n - i
    return found


def exact_sum(items: Any) -> Any:
    """As `math.fsum`: parts that do not overlap, so that no addition loses anything (Shewchuk 1997)."""
    parts = np.zeros(len(items) + 1)
    count = 0
    for item in items:
        x, kept = item, 0
        for k in range(count):
            y = parts[k]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                parts[kept] = low
                kept += 1
            x = high
        parts[kept] = x
        count = kept + 1
    total = 0.0
    for k in range(count):
        total += parts[k]
    return total


def grown(stack: Any, length: Any) -> Any:
    """A stack with room for twice as many values as a length; what is assigned to a part of an array takes Numba seconds to compile."""
    longer = np.empty((2 * length + 16, *stack.shape[1:]), stack.dtype)
    for k in range(stack.size):
        longer.flat[k] = stack.flat[k]
    return longer


def slice_start(start: Any, length: Any) -> Any:
    """Where a slice from `start` on begins in an axis of a length."""
    return max(start + length, 0) if start < 0 else min(start, length)


def part_length(length: Any, start: Any, stop: Any) -> Any:
    """How many elements a slice has, of an axis of a length."""
    return max(slice_start(stop, length) - slice_start(start, length), 0)


def slice_last(start: Any, length: Any) -> Any:
    """Where a slice that goes backwards from `start` begins in an axis of a length."""
    return start + length if start < 0 else min(start, length - 1)


def wrapped(place: Any, length: Any) -> Any:
    """A place in an axis of a length, where one below zero is counted from the end."""
    return place + length if place < 0 else place


def inside(places: Any, length: Any) -> bool:
    """Whether all places are in an axis of a length."""
    for place in places.flat:
        if not -length <= place < length:
            return False
    return True


def finite(array: Any) -> Any:
    """Whether an array of numbers holds no NaN and no infinity, told of several at a time.

    The numbers are read one after the other: what Numba has for parts and other views of arrays takes it a second to compile.
    """
    found, flat = True, array.flat
    for k in range(array.size):
        found &= (abs(flat[k].real) < math.inf) & (abs(flat[k].imag) < math.inf)
    return found
