"""Passes: each takes a Function and gives a Function that computes the same with less. A list as it was written down
comes in, the list that is printed goes out. It may import the list and the rules, no machine.

What they may do
----------------

The algebra applies to the adjoint only. The value of a gradient call is equal to that of the function to the last
bit, so the statements of the function are evaluated as they stand, in their order. Sharing and the splitting of means
leave every bit as it is.

Results own their memory: a gradient that would be an argument, a captured array, a view of another gradient or a
read-only broadcast is copied.

The passes are the same for a recorded path and for one that keeps its control flow: what is straight comes out the same.

Of a branch it is asked whether its condition is known when the code is written (`decided.py`).
"""
from __future__ import annotations

from collections.abc import Callable

from s2sad.ir.naming import spread_names
from s2sad.ir.program import Function
from s2sad.passes.accumulate import accumulate, add_up
from s2sad.passes.added_first import add_rows_first
from s2sad.passes.alike import compute_in_front
from s2sad.passes.blocks import blockwise, grow_in_place, placeholders, unchanging, whole_shapes
from s2sad.passes.contract import contract
from s2sad.passes.copies import propagate_copies
from s2sad.passes.dead import remove_dead
from s2sad.passes.decided import decide
from s2sad.passes.elements import assign_first, drop_unread
from s2sad.passes.extremes import call_extremes
from s2sad.passes.factors import take_out_factors
from s2sad.passes.identities import multiply_by_identities
from s2sad.passes.invariant import compute_before
from s2sad.passes.means import split_means
from s2sad.passes.missing import ask_for_missing
from s2sad.passes.nested import save_in_arrays
from s2sad.passes.onto import add_onto
from s2sad.passes.overwritten import add_first_where_it_is_zero
from s2sad.passes.parts import simplify_parts
from s2sad.passes.placing import place
from s2sad.passes.plain_floats import plain_floats
from s2sad.passes.scalars import multiply_numbers_first, negate_numbers
from s2sad.passes.shared import share_subexpressions
from s2sad.passes.side_by_side import add_to_neighbours
from s2sad.passes.sides import share_with_sides
from s2sad.passes.simplify import simplify
from s2sad.passes.small import use_numbers
from s2sad.passes.sums import gather_once
from s2sad.passes.taken_over import take_over
from s2sad.passes.updates import assign_updates
from s2sad.passes.written_out import write_out
from s2sad.passes.zeroed import leave_out_zeros
from s2sad.passes.zeroing import zero_after_use

Pass = Callable[[Function], Function]

PASSES: tuple[Pass, ...] = (
    blockwise(propagate_copies), split_means, unchanging, blockwise(share_subexpressions), share_with_sides,
    decide, blockwise(multiply_by_identities), blockwise(simplify), blockwise(share_subexpressions), blockwise(simplify), unchanging,
    blockwise(simplify),
    compute_before, blockwise(share_subexpressions), remove_dead, blockwise(contract), blockwise(add_rows_first),
    blockwise(accumulate), blockwise(add_onto), blockwise(add_up), blockwise(gather_once), blockwise(simplify_parts),
    blockwise(assign_updates),
    compute_in_front, unchanging, leave_out_zeros, grow_in_place, drop_unread, assign_first, unchanging, use_numbers,
    blockwise(take_out_factors), blockwise(simplify), blockwise(share_subexpressions),
    add_to_neighbours, add_first_where_it_is_zero, zero_after_use, blockwise(write_out), multiply_numbers_first,
    blockwise(whole_shapes), take_over, remove_dead,
    blockwise(negate_numbers), placeholders, save_in_arrays, ask_for_missing, plain_floats, blockwise(call_extremes),
    place, spread_names,
)  # fmt: skip
NEEDED: tuple[Pass, ...] = (blockwise(propagate_copies), remove_dead, placeholders, save_in_arrays, ask_for_missing, place)
"""Without optimisation only what the meaning of the result asks for."""
