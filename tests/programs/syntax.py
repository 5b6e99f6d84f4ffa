"""Expressions and statements: conditional and Boolean values, comparison chains, walrus, assert, f-strings, print."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Final

import numpy as np

from . import program
from .samples import positive, wave

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT: Final[float] = 1.5


@program((0.5, 2.2), (2.5, 0.5), (-1.0, -3.0), argnums=(0, 1))
def conditional_expressions(x, y):
    sign = 1.0 if x > 0 else -1.0
    z = x * y if x < y else (y / x if abs(x) > 2 else x - y)
    return (math.exp if z < 1 else math.log)(abs(z) + 1) * sign + (x if z else y) ** 2


@program((0.5, 2.0, None), (0.0001, 0.5, 3.0), (1.5, -2.0, 0.0), argnums=(0, 1))
def and_or_return_values(x, y, override):
    chosen = override or x * y
    gated = (x > 1 and y * 2) or y**2
    both = x and y and x + y
    if not (x > 0.3 or y < 0):
        chosen = chosen + 3 * y
    return chosen * gated + both + (override is not None and x) * 1.0


@program((0.5, 1.0, 2.0), (2.5, 1.0, 2.0), (1.5, 1.7, 0.9), argnums=(0, 1, 2))
def chained_comparisons(x, y, z):
    if 0 < x < y < z:
        return x * y * z
    if x > y <= z != x:
        return x**2 + z / y
    inside = -1.0 <= z - x < 0.5 and x is not None
    return inside * x + z * y


@program((7.0, 0.3), (2.0, 0.9), (0.4, 0.1), argnums=(0, 1))
def walrus_in_conditions(x, rate):
    total = 0.0
    while (x := x * (1 - rate)) > 1.0:
        total += x
    if (excess := total - 3.0) > 0 and (half := excess / 2) > 0.2:
        total += half * x
    doubled = [w for k in range(4) if (w := x * k) > 0.3]
    return total + sum(doubled) + (y := x * rate) * y


@program((1.2, "double"), (-0.8, "negate"), (0.5, "other"), argnums=0)
def assertions_hold(x, mode):
    assert isinstance(mode, str), f"mode must be a string, not {mode!r}"
    scale = {"double": 2.0, "negate": -1.0}.get(mode, 0.5)
    y = scale * math.atan(x)
    assert -4 < y < 4
    assert not math.isnan(y), "the result is not a number"
    return y * x


@program((1.2, 3), (-0.8, 1), argnums=0)
def fstrings_and_print(x, n):
    label = f"x={x:.3f}"
    total = x
    for k in range(n):
        total = total * x + k
        print(f"{label} step {k:>3d}: {total:+.4e} {total!r:>10}", end="\n", file=sys.stdout)
    key = f"{'pos' if total > 0 else 'neg'}-{n}"
    if key.startswith("pos") or len(label) > 20:
        return total * 2
    print("negative", total, sep=": ")
    return total * len(key)


@program((1.2, 0.4), (-0.8, 2.0), argnums=(0, 1))
def string_keys_built_at_run_time(x, y):
    params = {f"w{k}": x * (k + 1) + y for k in range(4)}
    total = 0.0
    for k in "0213":
        total = total * 0.5 + params["w" + k] ** 2
    template = "w{}"
    return total + params[template.format(2)] * params["".join(["w", str(1)])]


@program((1.2, 0.4), (0.3, 2.0), argnums=(0, 1))
def deleting_names_and_items(x, y):
    values = {"a": x * y, "b": y**2, "c": x}
    order = list(values)
    temp = values["a"] + values["b"]
    del values["b"], order[0]
    result = temp * sum(values.values()) + len(order)
    del temp
    temp = result / (1 + x)
    return temp * y


@program((1.2, (0.5, 2.0)), (2.3, (1.0,)), (0.3, ()), argnums=0)
def annotated_everything(x: float, weights: Sequence[float] = (1.0,)) -> float:
    total: float = 0.0
    count: int
    result: float | None = None
    history: list[tuple[int, float]] = []
    for count, weight in enumerate(weights):
        total += weight * x ** (count + 1)
        history.append((count, total))
    if history:
        result = history[-1][1] * x
    return result if result is not None else x / LIMIT


@program((1.2, 0.4), (-2.3, 1.6), (0.8, -0.9), argnums=(0, 1))
def every_augmented_assignment(x, y):
    a = x
    a += y
    a *= a
    a -= x / 3
    a /= 2.5 + y
    b = abs(a) + 0.3
    b **= 1.5
    b //= 0.125
    c = x * 4
    c %= 1.75
    n = 5
    n <<= 1
    n &= 14
    n ^= 3
    n |= 4
    n >>= 1
    return a * n + b * y + c * a


@program((wave(3), positive(3)), (wave(2, 2), positive(2, 2)), argnums=(0, 1))
def augmented_scalars_from_arrays(a, b):
    product = a
    product = product @ b.T
    total = np.sum(product)
    total **= 2
    total += a.ravel()[0]
    return total


@program((wave(3), None), (wave(3), positive(3)), (wave(2, dtype=np.float32), None), argnums=0)
def optional_argument_none(v, weights):
    if weights is None:
        weights = np.ones_like(v)
    scale = None if v[0] > 5 else v.sum()
    if scale is not None and weights is not v:
        v = v * scale
    return np.dot(v, weights) / weights.sum()


@program((0.7, 1.3), (-0.4, 2.1), argnums=(0, 1))
def statements_that_only_evaluate(x, y):
    """The docstring and the expression statements below change nothing."""
    x * y
    "a string on its own"
    z = (x, y, x + y)[-1]
    w = z * z
    _ = math.exp(w)
    global_limit = LIMIT if z > LIMIT else -LIMIT
    return (
        w + global_limit * x - y  # a trailing comment
    )


@program((0.8, 3.0), (0.8, 3), (0.8, wave(3)), (0.8, "sin"), (0.8, math.cos), (0.8, None), argnums=0)
def branches_on_type(x, how):
    if isinstance(how, np.ndarray):
        return np.sum(how * x**2)
    if type(how) is int or isinstance(how, (str, bytes)):
        return getattr(math, how)(x) if isinstance(how, str) else x**how
    if callable(how):
        return how(x) * x
    return x * how if how is not None else x
