"""Sums that stand beside functions of several elements at a time get loops of their own.

    for i in range(n):                           for i in range(n):
        exp[i] = support.quick_exp(x[i])             exp[i] = support.quick_exp(x[i])
        total += exp[i]                          for i in range(n):
                                                     total += exp[i]

A sum is added up in order, one element after the other, and all else that is in its loop waits for it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from s2sad.native import nests
from s2sad.native.lazy import Lazy
from s2sad.native.nests import Item, Nest, conflict
from s2sad.rules.native_forms import IN_VECTORS
from s2sad.types.sizes import Size

PLAIN = frozenset({"abs", "max", "min", "math.sqrt", "np.sqrt", "support.larger", "support.smaller"})  # what a loop takes several of
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
    if not takes_several(Nest(nest.dims, rest), counters, QUICK):
        return None
    stored = [i for i in rest if i.stores and i.value.stored is None and not is_lost(i)]
    apart = Apart(Nest(nest.dims, [replace(i) for i in sums]), [i.value for i in stored])
    for item in stored:
        item.value.stored, item.value.since = item.into, number()
    for item in apart.nest.items:
        item.settle(number())
    if takes_several(apart.nest, counters):
        nest.items[:] = rest
        return apart
    apart.forget()
    return None


def is_in_order(item: Item, nest: Nest) -> bool:
    """Whether the steps of the innermost loop add to one number, or to one place."""
    inner = max((k for k, n in enumerate(nest.dims) if n != 1 or isinstance(n, Size)), default=None)
    if item.kind == "store" or inner is None:
        return False
    return bool(item.label) or all(a.axis != inner for a in item.map)


def takes_several(nest: Nest, counters: list[str], some: frozenset[str] = frozenset()) -> bool:
    """Whether steps call nothing but what a loop takes several of at a time, and some of that."""
    step, _ = nests.write(nest, lambda hint: "_", counters)
    try:
        tree = ast.parse("\n".join(step.lines))
    except (SyntaxError, TypeError):  # blocks within
        return False
    calls = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return calls <= PLAIN | some and (not some or not calls.isdisjoint(some))
