"""What runtime functions use of the standard library, for modules that import NumPy and `math` only."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np


def complex_log(z: Any) -> complex:
    """As `cmath.log`.

    >>> complex_log(-1.0)
    3.141592653589793j
    """
    return complex(np.log(complex(z)))


def is_finite(z: Any) -> bool:
    """As `cmath.isfinite`.

    >>> is_finite(1 + 2j), is_finite(float("nan"))
    (True, False)
    """
    return bool(np.isfinite(z))


def combinations(items: Iterable[Any], length: int) -> Iterator[tuple[Any, ...]]:
    """As `itertools.combinations`.

    >>> list(combinations("abc", 2))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    pool = tuple(items)
    if length == 0:
        yield ()
    for i in range(len(pool) - length + 1 if length else 0):
        for rest in combinations(pool[i + 1 :], length - 1):
            yield (pool[i], *rest)


def permutations(items: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """As `itertools.permutations` of all items.

    >>> list(permutations("ab"))
    [('a', 'b'), ('b', 'a')]
    """
    pool = tuple(items)
    if not pool:
        yield ()
    for i, first in enumerate(pool):
        for rest in permutations(pool[:i] + pool[i + 1 :]):
            yield (first, *rest)


def product(*iterables: Iterable[Any], repeat: int = 1) -> Iterator[tuple[Any, ...]]:
    """As `itertools.product`.

    >>> list(product("ab", repeat=2))
    [('a', 'a'), ('a', 'b'), ('b', 'a'), ('b', 'b')]
    """
    pools = [tuple(items) for items in iterables] * repeat
    if not pools:
        yield ()
        return
    for first in pools[0]:
        for rest in product(*pools[1:]):
            yield (first, *rest)


def warned(message: str) -> None:
    """As what warns at the line that has asked for a derivative: here the one that has called the module."""
    __import__("warnings").warn(message, RuntimeWarning, stacklevel=4)


def refused(why: str, **where: object) -> ArithmeticError:
    """As an error of s2sad's, which says where in the function that is."""
    return ArithmeticError(f"there is no derivative: {why}")


STAND_INS = {
    ("s2sad.errors", "MissingRule"): refused,
    ("s2sad.runtime.bases", "_warn"): warned,
    ("cmath", "log"): complex_log, ("cmath", "isfinite"): is_finite,
    ("itertools", "combinations"): combinations, ("itertools", "permutations"): permutations,
    ("itertools", "product"): product,
}  # fmt: skip
