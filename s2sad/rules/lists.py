"""Lists of unknown length, of which kept code makes one after the other: their rules, and the primitives as objects.

A sweep writes down what belongs to these by itself (`adjoint/lists.py`): it changes the cotangents of lists in place.
"""
from __future__ import annotations

from s2sad.rules.facts import Facts
from s2sad.rules.language import BY_NAME, linear, rule, zero
from s2sad.runtime.stacks import (
    added_item,
    appended,
    filled,
    item_of,
    length_of,
    list_copied,
    listed,
    no_cotangents,
    no_rows,
    popped,
    stacked,
    stored,
    total_of,
    unstacked,
)

CHANGED = Facts(anew=True, may_raise=True)
linear("listed(items)", items="g", facts=Facts(anew=True, holds=True))
linear("appended(stack, value)", stack="popped(g)[0]", value="popped(g)[1]",
       facts=Facts(anew=True, writes="append", holds=True))  # fmt: skip
linear("popped(stack)", stack="appended(g[0], g[1])", facts=CHANGED.but(writes="pop", takes=True))
linear("stored(stack, index, value)", stack="stored(g, index, no_cotangents(value))", value="item_of(g, index)",
       facts=CHANGED.but(writes="item =", holds=True))  # fmt: skip
linear("added_item(stack, index, value)", stack="g", value="item_of(g, index)", facts=Facts(anew=True, writes="item +="))
linear("item_of(stack, index)", stack="added_item(no_cotangents(stack), index, g)", facts=Facts(may_raise=True, takes=True))
linear("filled(value, stack)", value="total_of(g, 0.0)", facts=Facts(anew=True, holds=True))
linear("list_copied(stack)", stack="g", facts=Facts(anew=True))
linear("stacked(stack)", stack="unstacked(g)")
linear("unstacked(array)", array="stacked(g)", facts=Facts(anew=True, holds=True))
rule("total_of(stack, start)", stack="filled(g, stack)", start="g", jvp="total_of(stack_dot, start_dot)")
zero("length_of(stack)")
zero("no_rows(value, number)", facts=Facts(passes_none=True))

LISTED, LIST_COPIED = BY_NAME["listed"], BY_NAME["list_copied"]
APPENDED, POPPED = BY_NAME["appended"], BY_NAME["popped"]
STORED, ADDED_ITEM = BY_NAME["stored"], BY_NAME["added_item"]
ITEM_OF, LENGTH, TOTAL = BY_NAME["item_of"], BY_NAME["length_of"], BY_NAME["total_of"]
NO_ROWS = BY_NAME["no_rows"]
STACKED, UNSTACKED, FILLED = BY_NAME["stacked"], BY_NAME["unstacked"], BY_NAME["filled"]
