"""The native part of an exported module: functions that Numba compiles, and one in Python that calls them, behind which stands the code in
Python alone."""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from s2sad.emit.late import computed_late
from s2sad.emit.regions import emit
from s2sad.emit.sizes_first import sizes_first
from s2sad.emit.statements import Text
from s2sad.errors import CannotBeNative
from s2sad.export.function_text import Luggage
from s2sad.ir.program import Function, Var
from s2sad.loading import at_first_use

if TYPE_CHECKING:
    from s2sad.native import core, making, support
else:
    core, making, support = map(at_first_use, ("s2sad.native.core", "s2sad.native.making", "s2sad.native.support"))

OPTIONS = "_NATIVE"
COMPILED = f"@numba.njit(**{OPTIONS})\n"
HEAD = f"""# What Numba compiles; where there is a file, the machine code is stored beside it
{OPTIONS} = {{"error_model": "numpy", "nogil": True, "fastmath": {{"contract"}}, "cache": "__file__" in globals()}}"""
CALLED = '''
def {front}(*leaves):
    """What native code gives; a call that it leaves, or in which it gives a NaN or an infinity, the code in Python answers."""
    try:
        found = {door}(*leaves)
        if all(np.all(np.isfinite(value)) for value in found):
            return found
    except Exception:
        pass
    return {plain}(*leaves)
'''
WORDS = re.compile(r"\bsupport\.(\w+)")


def compiled(*args: Any) -> Any:
    """Stands for the native function."""
    return args


@dataclass(frozen=True)
class Native:
    """The names of the native function, of the text that calls it, and of what stands in front of the path in Python; and their texts."""

    label: str
    front: str
    door: Text
    source: str
    plain: str
    leaves: bool
    """Whether the native function gives first whether it serves the call at all."""
    taken: tuple[Var, ...]
    """What the native function takes; where that is all, `alone` is true: nothing is asked in front of it."""
    alone: bool

    def blocks(self, names: set[str]) -> list[str]:
        """What is added to a module that has these names."""
        luggage = Luggage({*names, self.label, self.front, self.door.name, OPTIONS, "numba"})
        called = {name: luggage.name_of(getattr(support, name)) for name in dict.fromkeys(WORDS.findall(self.source))}
        text = WORDS.sub(lambda m: called[m[1]], self.source)
        carried = [f"{COMPILED}{block}" if block.startswith("def ") else block for block in luggage.blocks]
        return [HEAD, *carried, self.said() + COMPILED + text, self.door.source, CALLED.format(**vars(self) | {"door": self.door.name})]

    def said(self) -> str:
        """What those who call the native function from native code have to know."""
        first = ", after whether it serves the call at all:\n# where that is False they mean nothing" if self.leaves else ""
        return f"# Other code that Numba compiles may call this. It gives the value and the gradients{first}.\n"


def native_part(function: Function, title: str) -> Native:
    """The native part for a list without reads from outside. Raises CannotBeNative."""
    label = f"{title}_native"
    source, parts, leaves, hints = core.native_text(function, label)
    if making.SPECIAL.search(source):
        raise CannotBeNative(f"an exported module has no functions of {making.CYTHON}")
    door = making.in_front(replace(function, name=f"_{title}_in_front"), parts, label, compiled, leaves, hints)
    return Native(label, f"_{title}_native_first", emit(computed_late(sizes_first(door))), source, function.name, leaves,
                  parts.inputs, not parts.door and {*parts.inputs} <= {*function.params})  # fmt: skip


