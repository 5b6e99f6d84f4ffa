"""A pass on the blocks of regions leaves the very blocks that it does not change: what has been asked of them stays known."""

from __future__ import annotations

import pytest

from s2sad.ir.program import Assign, Block, Const, Function, If, Loop, Var
from s2sad.passes import Pass
from s2sad.passes.blocks import blockwise, grow_in_place
from s2sad.passes.invariant import compute_before
from s2sad.passes.shared import share_subexpressions
from s2sad.passes.simplify import simplify
from s2sad.rules.operations import ADD


def with_regions() -> Function:
    """A loop that adds a number up, and a branch on whether to do it once more."""
    x, again, index, total, following, result, once = (Var(kind) for kind in (float, bool, int, float, float, float, float))
    added = Assign((following,), ADD, (total, x), phase=1)
    body = Block((index, total), (added,), (following,))
    loop = Loop((result,), body, (Const(0.0),), (Const(0), Const(3), Const(1)), phase=1)
    more = Var(float)
    branch = If((once,), again, Block((), (Assign((more,), ADD, (result, x), phase=1),), (more,)), Block((), (), (result,)), phase=1)
    return Function("f", (x, again), (loop, branch), (once,))


@pytest.mark.parametrize("each", [blockwise(simplify), blockwise(share_subexpressions), grow_in_place, compute_before])
def test_what_is_not_changed_is_the_same(each: Pass) -> None:
    function = with_regions()
    made = each(function)
    assert made.statements[0].body is function.statements[0].body  # type: ignore[union-attr]
    assert all(a is b for a, b in zip(made.statements[1].blocks, function.statements[1].blocks, strict=True))  # type: ignore[union-attr]
