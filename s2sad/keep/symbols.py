"""The symbols that sizes are made of: where the code finds the numbers that they stand for."""
from __future__ import annotations

from typing import Any

from s2sad.ir.writing import Box
from s2sad.rules.language import BY_NAME
from s2sad.rules.operations import ADD, MULTIPLY
from s2sad.rules.structural import DIM
from s2sad.types.arrays import Array
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Asked, undecided
from s2sad.types.sizes import OPERATIONS, Size


class Symbols:
    """The symbols of a function that is kept, and the place of each: the number in a variable, or the size of an array along an axis.

    `size`, `symbol` and `following` make them, `code` writes down a size. Of the machine it asks which blocks are open and how deep, and
    lets it write down the arithmetic.
    """

    def __init__(self, machine: Any, asked: Asked) -> None:
        self.machine, self.asked = machine, asked
        self.places: dict[Symbol, tuple[Any, int | None]] = {}  # the number in a box, or the axis of an array
        self.told: dict[Any, Symbol] = {}

    def symbol(self, name: str, hint: int | None = None, low: Any = None, high: Any = None) -> Symbol:
        return Symbol(name, hint, low, high)

    def size(self, symbol: Symbol, kind: Any = int) -> Size:
        return Size.of(symbol, self.asked, kind)

    def following(self, key: Any, name: str, low: Any = None) -> Symbol:
        """The number that follows from others in the way that the key says: the same way gives the same one."""
        if key not in self.told:
            self.told[key] = Symbol(name, None, low)
        return self.told[key]

    def call(self, box: Any, name: str, anew: bool = True) -> None:
        """What the user calls a number; if it is not to be `anew`, one that has only been described so far."""
        symbol = box.value.symbol if isinstance(box, Box) and isinstance(box.value, Size) else None
        if symbol is not None and (anew or (" " in symbol.name and not symbol.operands)):
            symbol.name = name

    def place(self, symbol: Symbol, box: Box, axis: int | None = None) -> None:
        """Where the code finds the number."""
        if symbol not in self.places or not self.machine.blocks.is_there(self.places[symbol][0].var):
            self.places[symbol] = box, axis

    def is_at_hand(self, symbol: Symbol) -> bool:
        """Whether the code finds the number here."""
        return symbol in self.places and bool(self.machine.blocks.is_there(self.places[symbol][0].var))

    def is_inside(self, size: Any, depth: int, since: int) -> bool:
        """Whether a size is about numbers that belong to a block deeper than this; `since` is the number of the first symbol made in it."""
        return isinstance(size, Size) and any(self._is_inside(s, depth, since) for s in size.symbols())

    def _is_inside(self, symbol: Symbol, depth: int, since: int) -> bool:
        if symbol in self.places:
            return bool(self.machine.blocks.depth_of(self.places[symbol][0].var) > depth)
        if symbol.operands:
            return any(self.is_inside(o, depth, since) for o in symbol.operands)
        return symbol.number >= since

    def first_of(self, key: Any) -> int:
        """A number below that of each symbol that is made from the first time on that this is asked for the key."""
        return self.following(("since", key), "").number

    def found(self, box: Box) -> None:
        """A result in which the code finds a number that it did not have before."""
        value = box.value
        for axis, size in enumerate(value.shape) if isinstance(value, Array) else [(None, value)]:
            if isinstance(size, Size) and size.symbol is not None and not size.symbol.operands:
                self.place(size.symbol, self.machine.fixed(box), axis)

    # In the code

    def code(self, size: Any) -> Any:
        """The size as the code computes it."""
        if not isinstance(size, Size):
            return size
        answer: Any = None
        for term, factor in size.terms:
            each = self._product([*map(self._read, term), *([factor] if factor != 1 or not term else [])])
            answer = each if answer is None else self.machine.perform(ADD, [answer, each])
        return answer

    def _product(self, factors: list[Any]) -> Any:
        answer = factors[0]
        for factor in factors[1:]:
            answer = self.machine.perform(MULTIPLY, [answer, factor])
        return answer

    def _read(self, symbol: Symbol) -> Any:
        if self.is_at_hand(symbol):
            box, axis = self.places[symbol]
            return box if axis is None else self.machine.emit_typed(DIM, [box, axis], self.size(symbol))
        if symbol.operation not in OPERATIONS:
            raise undecided(f"what {symbol} is")
        return self.machine.sizes.operation(symbol.operation, [self.code(o) for o in symbol.operands])

    def depth(self, size: Any) -> int:
        """How deep the blocks lie in which all numbers of a size are there."""
        return max((self._depth_of(s) for s in size.symbols()), default=0) if isinstance(size, Size) else 0

    def depth_if_at_hand(self, size: Any) -> int | None:
        """How deep they lie, or None where the code does not find all of them, or needs more than operators for what follows from them."""
        if not isinstance(size, Size):
            return 0
        depths = [self._depth_if_at_hand(s) for s in size.symbols()]
        return max((d for d in depths if d is not None), default=0) if None not in depths else None

    def _depth_if_at_hand(self, symbol: Symbol) -> int | None:
        if self.is_at_hand(symbol):
            return int(self.machine.blocks.depth_of(self.places[symbol][0].var))
        depths = [self.depth_if_at_hand(o) for o in symbol.operands] if symbol.operation in BY_NAME else [None]
        return max((d for d in depths if d is not None), default=0) if None not in depths else None

    def _depth_of(self, symbol: Symbol) -> int:
        if self.is_at_hand(symbol):
            return int(self.machine.blocks.depth_of(self.places[symbol][0].var))
        if not symbol.operands:
            raise undecided(f"what {symbol} is")
        return max(self.depth(o) for o in symbol.operands)
