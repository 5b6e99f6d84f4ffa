"""Values from outside, as types: their sizes are symbols that are numbers in the present call; which of them are 0 or 1 is guarded."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType
from s2sad.ir.writing import Box
from s2sad.keep.deciding import Deciding
from s2sad.keep.orders import unknown_layout
from s2sad.keep.variables import Variables, stand_in
from s2sad.record.capture import NUMBERS
from s2sad.runtime.control import copied
from s2sad.types.arrays import Array
from s2sad.types.sizes import is_whole


class Ties:
    """The values that are met outside: `box` makes the variable for one, `tie` guards which of its sizes are 0 or 1, as NumPy broadcasts
    by them; where they are to be `exact`, they are all those of the call. Of the machine it asks for the guards.
    """

    def __init__(self, machine: Any, deciding: Deciding, variables: Variables, exact: bool) -> None:
        self.machine, self.deciding, self.variables, self.exact = machine, deciding, variables, exact

    def box(self, value: Any, name: str = "") -> Box:
        """A box for a real value from outside."""
        if isinstance(value, np.ndarray):
            return self.array(value, name)
        if is_whole(value) and self.exact:
            return self.variables.made(value, frozenset())
        if is_whole(value):
            symbol = self.deciding.symbols.symbol(name or "a whole number", int(value))
            box = self.variables.made(self.deciding.symbols.size(symbol, type(value)), frozenset())
            self.deciding.symbols.place(symbol, box)
            return box
        if isinstance(value, (bool, str)):
            box = self.variables.made(value, frozenset())
            self.variables.known.add(box.var)
            return box
        return self.variables.made(stand_in(value) if isinstance(value, NUMBERS) else value, frozenset())

    def array(self, value: Any, name: str) -> Box:
        """An array whose sizes are symbols, but for those that are 0 or 1."""
        called = [f"{name or 'an array'}.shape[{axis}]" for axis in range(value.ndim)]
        pairs = zip(called, value.shape, strict=True)
        symbols = [None if n < 2 or self.exact else self.deciding.symbols.symbol(text, n, 0) for text, n in pairs]
        shape = tuple(n if s is None else self.deciding.symbols.size(s) for s, n in zip(symbols, value.shape, strict=True))
        box = self.variables.made(Array(value.dtype, shape), frozenset())
        box.layout = (value if value.flags.writeable else copied(value)) if self.exact else unknown_layout(self.machine, value)
        fixed = self.machine.fixed(box)
        for axis, symbol in enumerate(symbols):
            if symbol is not None:
                self.deciding.symbols.place(symbol, fixed, axis)
        return box

    def tie(self, box: Box, value: Any) -> None:
        """Guard the sizes that are 0 or 1, or all that is exact."""
        if self.exact:
            self.tie_exactly(box, value)
            return
        for axis, n in enumerate(value.shape if isinstance(value, np.ndarray) else ()):
            if n < 2:
                self.machine.sizes.guard_number(box, axis, n)

    def tie_exactly(self, box: Box, value: Any) -> None:
        if isinstance(value, np.ndarray):
            self.machine.guard("type", box, ArrayType(value.dtype, value.shape))
        elif is_whole(value):
            self.machine.sheet.guard_value(box, value)
