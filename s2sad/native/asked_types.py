"""Guards on the type of what was computed: the sizes that were asked for are compared with those of the path."""

from __future__ import annotations

import ast
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Guard, Operand, Var, variables
from s2sad.native.grids import Grids
from s2sad.native.places import Node, binary, call, compared, const
from s2sad.native.writer import Number
from s2sad.rules.native_forms import form_of
from s2sad.types.known import compared as compared_sizes
from s2sad.types.sizes import Size

SHAPE_AT = {"@zeros": 0, "@ones": 0, "@empty": 0, "@full": 0, "@reshape": 1, "@broadcast_to": 1}
OF_TYPES = {"@arange", "@linspace", "@eye", "@identity", "@astype", "@array", "@transpose", "@ravel", *SHAPE_AT}  # types of arguments tell

# Which hand the call over where a mask or a number gives another length:
ASKED_WHERE_MADE = frozenset({"@getitem", "@repeat", "@nonzero", "@flatnonzero", "@argwhere", "@places_below", "@places_above"})


class AskedTypes(Grids):
    """The part that writes guards on types."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.makers: dict[Var, Assign] = {}  # what has computed a variable

    def guard(self, guard: Guard) -> None:
        atom = guard.atom
        if guard.kind != "type" or not isinstance(atom, Var) or not isinstance(atom.type, ArrayType) or atom not in self.makers:
            return super().guard(guard)
        if form_of(self.makers[atom].primitive) in ASKED_WHERE_MADE:
            return super().guard(guard)
        self.where = guard.location or self.where
        self.left[atom] -= 1
        maker = self.makers[atom]
        form = form_of(maker.primitive) or ""
        if atom.type != guard.value or form not in OF_TYPES or any(isinstance(n, Size) for n in atom.type.shape):
            raise CannotBeNative("it is asked whether something has the type that it had", guard.location)
        numbers = [v for a in maker.args for v in variables(a) if not isinstance(v.type, ArrayType)]
        if not numbers:
            return None
        if form in SHAPE_AT:
            return self.shape_is(maker.args[SHAPE_AT[form]], atom.type.shape)
        if form == "@arange":
            return self.length_is(maker, atom.type.shape[0])
        raise CannotBeNative("it is asked whether something has the type that it had", guard.location)

    def condition(self, atom: Operand) -> tuple[str, Any, bool] | None:
        """What a comparison of sizes asks, and the answer where it holds; None for another condition."""
        maker = self.makers.get(atom) if isinstance(atom, Var) else None
        if maker is None or not maker.primitive.compares or len(maker.args) != 2:
            return None
        sizes = [o.size if isinstance(o, Var) else o.value if isinstance(o, Const) else None for o in maker.args]
        if any(s is None or not isinstance(s, (int, Size)) or isinstance(s, bool) for s in sizes):
            return None
        return compared_sizes(maker.primitive.compares, *sizes)

    def learn_condition(self, atom: Operand, holds: bool) -> None:
        """What a condition says of sizes, from here to the end of the block, if it is about numbers of a step: what it says of others holds
        where there is a step."""
        asked = self.condition(atom)
        if asked is None or not isinstance(asked[1], Size):
            return
        kind, size, yes = asked
        answer = yes is holds
        local = [s for s in size.symbols() if self.is_told(Size.of(s)) and self.symbol_level(s) >= len(self.frames)]
        if local and (kind == "negative" or not answer):
            self.known.learn(kind, size, answer)

    def shape_is(self, asked: Any, shape: tuple[Any, ...]) -> None:
        items = asked.items if isinstance(asked, Display) else (asked,)
        if len(items) != len(shape):
            raise CannotBeNative("it is asked whether something has the shape that it had", self.where)
        for item, size in zip(items, shape, strict=True):
            if not isinstance(item, Const):
                self.leave_if(compared(self.known_number(item), "!=", const(size)))

    def length_is(self, maker: Assign, length: Any) -> None:
        start, stop, step = maker.args[:3]
        if not isinstance(step, Const) or step.value != 1:
            raise CannotBeNative("it is asked whether a range has the length that it had", self.where)
        if isinstance(stop, Const) and stop.value is None:
            start, stop = Const(0), start
        nodes = [const(o.value) if isinstance(o, Const) else self.known_number(o) for o in (start, stop)]
        given = ast.Call(ast.Name("max", ast.Load()), [binary(nodes[1], "-", nodes[0]), const(0)], [])
        whole = [(isinstance(o, Const) and type(o.value) is int) or (isinstance(o, Var) and o.type is int) for o in (start, stop)]
        self.leave_if(compared(given if all(whole) else call("math.ceil", given), "!=", const(length)))

    def known_number(self, operand: Any) -> Node:
        found = self.env.get(operand) if isinstance(operand, Var) else None
        if not isinstance(found, Number):
            raise CannotBeNative("it is asked whether something has the shape that it had", self.where)
        return found.node
