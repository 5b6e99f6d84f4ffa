"""Sums of rows in the way of loops that would take several elements at a time get loops of their own.

    for i in range(n):                                   for i in range(n):
        for j in range(m):                                   for j in range(m):
            exp[i, j] = support.quick_exp(x[i, j])               exp[i, j] = support.quick_exp(x[i, j])
            total[i] += exp[i, j]                        for i in range(n):
                                                             for j in range(m):
                                                                 total[i] += exp[i, j]

What is added to one place is added up in order, and all else that is in its loop waits for it. A sum that is a number is not in the way
(`any_order.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from s2sad.native import nests
from s2sad.native.lazy import Lazy
from s2sad.native.nests import Item, Nest, conflict
from s2sad.parsing import parse
from s2sad.quickly import dataclass
from s2sad.rules.native_forms import IN_VECTORS, SEVERAL_AT_A_TIME
from s2sad.types.sizes import Size

QUICK = frozenset(IN_VECTORS.values())


@dataclass(frozen=True)
class Apart:
    """The nest of the sums, and what it reads from memory though nobody else does."""

    nest: Nest
    stored: list[Lazy]

    def forget(self) -> None:
        for value in self.stored:
            value.stored = None


def sums_apart(nest: Nest, counters: list[str], number: Callable[[], int], is_lost: Callable[[Item], bool]) -> Apart | None:
    """Take the sums out of a nest, if the rest takes several elements at a time without them; None where all stays as it is.

    What the rest stores is read by the sums, unless `is_lost` says that it is written over.
    """
    sums = [i for i in nest.items if is_in_order(i, nest)]
    rest = [i for i in nest.items if i not in sums]
    if not sums or any(conflict(s, r) for s in sums for r in nest.items[nest.items.index(s) :] if r in rest):
        return None
    calls = calls_of(Nest(nest.dims, rest), counters)
    if not calls <= SEVERAL_AT_A_TIME | QUICK or calls.isdisjoint(QUICK):
        return None
    stored = [i for i in rest if i.stores and i.value.stored is None and not is_lost(i)]
    apart, before = Apart(Nest(nest.dims, sums), [i.value for i in stored]), [(i.number, i.reads, i.names) for i in sums]
    for item in stored:
        item.value.stored, item.value.since = item.into, number()
    for item in sums:
        item.settle(number())
    if calls_of(apart.nest, counters) <= SEVERAL_AT_A_TIME:
        nest.items[:] = rest
        return apart
    apart.forget()
    for item, known in zip(sums, before, strict=True):
        item.number, item.reads, item.names = known
    return None


def inner_axis(nest: Nest) -> int | None:
    return max((k for k, n in enumerate(nest.dims) if n != 1 or isinstance(n, Size)), default=None)


def is_in_order(item: Item, nest: Nest) -> bool:
    """Whether each step of the innermost loop waits for the one before, as it adds to the same place."""
    inner = inner_axis(nest)
    if item.kind == "store" or item.adds or inner is None:
        return False
    return bool(item.label) or all(a.axis != inner for a in item.map)


def calls_of(nest: Nest, counters: list[str]) -> set[str]:
    """What the steps of a nest call."""
    step, _ = nests.write(nest, lambda hint: "_", counters)
    try:
        tree = parse("\n".join(step.lines))
    except (SyntaxError, TypeError):
        return {"blocks"}
    return {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
