"""Exponentials, hyperbolic tangents and logarithms of sums of exponentials, without branches and tables.

So a loop over elements takes several at a time.

A number is `k * log(2) + r` with a whole `k` and `|r| <= log(2) / 2`; the exponential of `r` less 1 is the sum of its power series, of
which thirteen terms are enough, and a power of two is its exponent's bits. Adding 1.5 * 2 ** 52 rounds to a whole number, which then is
in the last bits. All are right to some units in the last place; infinities, NaN and what is too small or too large come out as in NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def exponential_less_1(r: Any) -> Any:
    """The power series of exp(r) - 1, for r near 0."""
    sixth = 1.984126984126984e-4 + r * (2.48015873015873e-5 + r * (2.7557319223985893e-6 + r * (2.755731922398589e-7 + r * (
        2.505210838544172e-8 + r * (2.08767569878681e-9 + r * 1.6059043836821613e-10)))))  # fmt: skip
    return r + r * r * (0.5 + r * (0.16666666666666666 + r * (0.041666666666666664 + r * (0.008333333333333333 + r * (
        0.001388888888888889 + r * sixth)))))  # fmt: skip


def quick_tanh(x: Any) -> Any:
    """As `np.tanh` of a double: of exp(2 x) - 1 the share that it has in itself and 2."""
    y = 2.0 * x
    y = 40.0 if y > 40.0 else y
    y = -40.0 if y < -40.0 else y
    shifted = np.float64(y * 1.4426950408889634 + 6755399441055744.0)
    k = shifted - 6755399441055744.0
    r = (y - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    power = np.int64((shifted.view(np.int64) + 1023) << 52).view(np.float64)
    less_1 = power * exponential_less_1(r) + (power - 1.0)
    return x if less_1 == 0.0 else less_1 / (less_1 + 2.0)


def quick_exp(x: Any) -> Any:
    """As `np.exp` of a double. The power of two is a product of two, either of which is a number like others."""
    y = 710.0 if x > 710.0 else x
    y = -746.0 if y < -746.0 else y
    shifted = np.float64(y * 1.4426950408889634 + 6755399441055744.0)
    k = shifted - 6755399441055744.0
    r = (y - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    whole = shifted.view(np.int64) - 4843621399236968448
    half = whole >> 1
    power, rest = np.int64((half + 1023) << 52).view(np.float64), np.int64((whole - half + 1023) << 52).view(np.float64)
    return (exponential_less_1(r) + 1.0) * power * rest


def quick_logaddexp(x: Any, y: Any) -> Any:
    """As `np.logaddexp` of doubles: log(1 + small) is twice the area tangent of small / (2 + small), which is a third at most."""
    small = quick_exp(-abs(x - y))
    s = small / (2.0 + small)
    z = s * s
    tenth = 0.0769278503247931 + z * (0.0665707210482747 + z * (0.0600053640479536 + z * (0.0440036924307234 + z * 0.0808202280597197)))
    rest = 0.3333333333333333 + z * (0.2000000000000729 + z * (0.1428571428355438 + z * (0.1111111135871393 + z * (
        0.0909089471806643 + z * tenth))))  # fmt: skip
    more = 2.0 * (s + s * z * rest)
    return (x if x > y else y) + (0.6931471805599453 if x == y else more)  # equal infinities have no difference
