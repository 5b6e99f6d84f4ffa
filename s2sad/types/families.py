"""How the shapes of results follow: functions over sizes that families of primitives share."""
from __future__ import annotations

from typing import Any

from s2sad.types.sizes import same


def broadcast(*shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape that NumPy broadcasts these to. Raises ValueError where they do not go together.

    >>> broadcast((3, 1), (4,), ())
    (3, 4)
    """
    rank = max(map(len, shapes), default=0)
    columns = zip(*((1,) * (rank - len(s)) + tuple(s) for s in shapes), strict=True)
    return tuple(map(_agreed, columns))


def _agreed(column: tuple[Any, ...]) -> Any:
    answer: Any = 1
    for n in column:
        if same(n, 1) or same(n, answer):
            continue
        if same(answer, 1):
            answer = n
        elif n == answer:
            answer = n if isinstance(n, int) and type(n) is int else answer
        elif answer == 1:
            answer = n
        elif not n == 1:
            raise ValueError(f"operands could not be broadcast together: {answer} and {n} elements")
    return answer
