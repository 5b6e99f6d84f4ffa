"""Values from outside, as types: their sizes are symbols that are numbers in the present call; which of them are 0 or 1 is guarded."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.writing import Box
from s2sad.keep.deciding import Deciding
from s2sad.keep.variables import Variables, stand_in
from s2sad.record.capture import NUMBERS
from s2sad.types.arrays import Array
from s2sad.types.sizes import is_whole


class Ties:
    """The values that are met outside: `box` makes the variable for one, `tie` guards which of its sizes are 0 or 1, as NumPy broadcasts
    by them. Of the machine it asks for the guards.
    """

    def __init__(self, machine: Any, deciding: Deciding, variables: Variables) -> None:
        self.machine, self.deciding, self.variables = machine, deciding, variables

    def box(self, value: Any, name: str = "") -> Box:
        """A box for a real value from outside."""
        if isinstance(value, np.ndarray):
            return self.array(value, name)
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
        symbols = [None if n < 2 else self.deciding.symbols.symbol(text, n, 0) for text, n in zip(called, value.shape, strict=True)]
        shape = tuple(n if s is None else self.deciding.symbols.size(s) for s, n in zip(symbols, value.shape, strict=True))
        box = self.variables.made(Array(value.dtype, shape), frozenset())
        fixed = self.machine.fixed(box)
        for axis, symbol in enumerate(symbols):
            if symbol is not None:
                self.deciding.symbols.place(symbol, fixed, axis)
        return box

    def tie(self, box: Box, value: Any) -> None:
        """Guard the sizes that are 0 or 1."""
        for axis, n in enumerate(value.shape if isinstance(value, np.ndarray) else ()):
            if n < 2:
                self.machine.sizes.guard_number(box, axis, n)
