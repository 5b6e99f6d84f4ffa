"""Passes: each takes a Function and gives a Function that computes the same with less. A list as it was written down
comes in, the list that is printed goes out. It may import the list and the rules, no machine.

What they may do
----------------

The algebra applies to the adjoint only. The value of a gradient call is equal to that of the function to the last
bit, so the statements of the function are evaluated as they stand, in their order. Sharing and the splitting of means
leave every bit as it is.

Results own their memory: a gradient that would be an argument, a captured array, a view of another gradient or a
read-only broadcast is copied.
"""
from __future__ import annotations

from collections.abc import Callable

from s2sad.ir.naming import spread_names
from s2sad.ir.program import Function
from s2sad.passes.accumulate import accumulate, add_up
from s2sad.passes.blocks import blockwise, grow_in_place, placeholders, remove_dead_regions, unchanging, whole_shapes
from s2sad.passes.copies import propagate_copies
from s2sad.passes.dead import remove_dead
from s2sad.passes.means import split_means
from s2sad.passes.missing import ask_for_missing
from s2sad.passes.parts import simplify_parts
from s2sad.passes.placing import place_in_regions
from s2sad.passes.separate import separate_results
from s2sad.passes.shared import share_subexpressions
from s2sad.passes.sides import share_with_sides
from s2sad.passes.simplify import simplify
from s2sad.passes.storage import place_writes
from s2sad.passes.updates import assign_updates

PASSES: tuple[Callable[[Function], Function], ...] = (
    propagate_copies, split_means, share_subexpressions, simplify, share_subexpressions, simplify, remove_dead, accumulate,
    simplify_parts, assign_updates, remove_dead, separate_results, place_writes,
)  # fmt: skip
NEEDED: tuple[Callable[[Function], Function], ...] = (propagate_copies, separate_results, place_writes)
"""Without optimisation only what the meaning of the result asks for."""

KEPT: tuple[Callable[[Function], Function], ...] = (
    blockwise(propagate_copies), unchanging, blockwise(share_subexpressions), share_with_sides, blockwise(simplify),
    blockwise(share_subexpressions), blockwise(simplify), unchanging, blockwise(simplify), remove_dead_regions, blockwise(accumulate),
    blockwise(add_up), blockwise(assign_updates), grow_in_place, blockwise(whole_shapes), remove_dead_regions, placeholders,
    ask_for_missing, place_in_regions, spread_names,
)  # fmt: skip
KEPT_NEEDED: tuple[Callable[[Function], Function], ...] = (blockwise(propagate_copies), remove_dead_regions, placeholders, ask_for_missing,
                                                       place_in_regions)  # fmt: skip
"""For functions that keep their control flow."""
