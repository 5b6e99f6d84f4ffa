"""How arrays lie in memory, told from types: by how many elements the next one of each axis lies further on."""
from __future__ import annotations

import itertools
from typing import Any

from s2sad.types.sizes import product, same

Strides = tuple[Any, ...]


def packed(shape: tuple[Any, ...]) -> Strides:
    """Those of an array without gaps, in the order of C.

    >>> packed((2, 3, 4))
    (12, 4, 1)
    """
    return tuple(product(shape[k + 1 :]) for k in range(len(shape)))


def is_packed(shape: tuple[Any, ...], strides: Strides) -> bool:
    """Whether an array surely has no gaps and lies in the order of C. Of an axis of one element it does not matter."""
    return all(same(n, 1) or same(s, p) for n, s, p in zip(shape, strides, packed(shape), strict=True))


def of_part(strides: Strides, entries: list[Any]) -> Strides | None:
    """Those of a part; the index has an entry for each axis, and None for new ones. None where a step is not known."""
    answer: list[Any] = []
    axes = iter(strides)
    for entry in entries:
        if entry is None:
            answer.append(0)
            continue
        stride = next(axes)
        if isinstance(entry, slice):
            if entry.step is not None and type(entry.step) is not int:
                return None
            answer.append(stride if entry.step is None else stride * entry.step)
    return tuple(answer)


def reshaped(shape: tuple[Any, ...], strides: Strides, new: tuple[Any, ...]) -> Strides | None:
    """Those of an array of another shape on the same memory; None where only a copy has this shape. It is asked of sizes what NumPy asks:
    axes are taken together, or apart, as far as they follow one another without gaps.

    >>> reshaped((2, 3), (3, 1), (6,)), reshaped((3, 2), (1, 3), (6,)), reshaped((6, 2), (1, 6), (2, 3, 2))
    ((1,), None, (3, 1, 6))
    """
    if is_packed(shape, strides) or any(n == 0 for n in shape):
        return packed(new)
    axes = [(n, s) for n, s in zip(shape, strides, strict=True) if not n == 1]
    answer: list[Any] = []
    while axes:
        group, wanted = [axes.pop(0)], [new[len(answer)]]
        while not (have := product(n for n, _ in group)) == (want := product(wanted)):
            if want < have:
                wanted.append(new[len(answer) + len(wanted)])
            else:
                group.append(axes.pop(0))
        if any(not stride == further * n for (_, stride), (n, further) in itertools.pairwise(group)):
            return None
        answer += [n * group[-1][1] for n in packed(tuple(wanted))]
    return (*answer, *[1] * (len(new) - len(answer)))
