"""Places in the user's code: where the instruction stands that a frame of lowered code is at."""
from __future__ import annotations

import types
from typing import Any

from s2sad.collecting import uncollected
from s2sad.errors import Location
from s2sad.front.nodes import UNIT


class Places:
    """The places of instructions. The positions of a code object are listed once: it has one for each instruction."""

    def __init__(self) -> None:
        # By identity: two code objects of different files may be equal, and comparing them takes as long as they are.
        self.listed: dict[int, tuple[types.CodeType, list[Any]]] = {}

    def of(self, frame: types.FrameType) -> Location:
        """The place of the instruction a frame is at."""
        code, index = frame.f_code, frame.f_lasti // 2
        if id(code) not in self.listed:
            self.listed[id(code)] = code, positions(code)
        line, end, column, to = self.listed[id(code)][1][index] if index >= 0 else (code.co_firstlineno, None, 0, None)
        unit = frame.f_globals[UNIT]
        return Location(code.co_filename, line or code.co_firstlineno, column or 0, end, to, code.co_name, unit.module, unit.lines)


def positions(code: types.CodeType) -> list[Any]:
    """Line, last line, column and last column of each instruction."""
    with uncollected():
        return list(code.co_positions())
