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
from s2sad.settings import Settings

if TYPE_CHECKING:
    from s2sad.native import core, making, store, support
else:
    core, making, support = map(at_first_use, ("s2sad.native.core", "s2sad.native.making", "s2sad.native.support"))
    store = at_first_use("s2sad.native.store")

OPTIONS, THREADED, ONE_CALL = "_NATIVE", "_THREADED", "_ONE_CALL"
COMPILED = f"@numba.njit(**{OPTIONS})\n"
HEAD = f"""# What Numba compiles; where there is a file, the machine code is stored beside it
{OPTIONS} = {{{{"error_model": "numpy", "nogil": True, "fastmath": {{fast}}, "cache": "__file__" in globals()}}}}"""
THREADS = f"""# Loops over threads; one call at a time runs them, as some ways in which Numba starts threads do not bear more
{THREADED} = {{{{**{OPTIONS}, "parallel": {{threads}}}}}}
{ONE_CALL} = threading.Lock()"""
CALLED = '''
def {front}(*leaves):
    """What native code gives; a call that it leaves, or in which it gives a NaN or an infinity, the code in Python answers."""
    try:
        {call}
        if all(np.all(np.isfinite(value)) for value in found):
            return found
    except Exception:
        pass
    return {plain}(*leaves)
'''
WORDS, DEFINED = re.compile(r"\bsupport\.(\w+)"), re.compile(r"^def (\w+)", re.MULTILINE)


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
    threads: bool
    """Whether loops are over threads."""
    fast: str
    """What Numba may change of floating-point arithmetic."""

    def blocks(self, names: set[str]) -> list[str]:
        """What is added to a module that has these names."""
        defined = DEFINED.findall(self.source)
        luggage = Luggage({*names, *defined, self.front, self.door.name, OPTIONS, THREADED, ONE_CALL, "numba", "threading"})
        called = {name: luggage.name_of(getattr(support, name)) for name in dict.fromkeys(WORDS.findall(self.source))}
        text = WORDS.sub(lambda m: called[m[1]], self.source)
        carried = [f"{COMPILED}{block}" if block.startswith("def ") else block for block in luggage.blocks]
        *chunks, native = (COMPILED + part for part in text.replace("prange(", "numba.prange(").split("\n\n\n"))
        native = native.replace(OPTIONS, THREADED, 1) if self.threads else native
        head = [HEAD.format(fast=self.fast), *([THREADS.format(threads=shown(store.THREADS))] if self.threads else [])]
        front = CALLED.format(front=self.front, plain=self.plain, call=self.call())
        return [*head, *carried, *chunks, self.said() + native, self.door.source, front]

    def call(self) -> str:
        """The call of what stands in front of the native function."""
        call = f"found = {self.door.name}(*leaves)"
        return f"with {ONE_CALL}:\n            {call}" if self.threads else call

    def said(self) -> str:
        """What those who call the native function from native code have to know."""
        first = ", after whether it serves the call at all:\n# where that is False they mean nothing" if self.leaves else ""
        once = "# One call at a time may run, as its loops are over threads.\n" if self.threads else ""
        return f"# Other code that Numba compiles may call this. It gives the value and the gradients{first}.\n{once}"


def shown(options: dict[str, bool]) -> str:
    """The display of a dict."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in options.items()) + "}"


def native_part(function: Function, title: str, settings: Settings) -> Native:
    """The native part for a list without reads from outside. Raises CannotBeNative."""
    label = f"{title}_native"
    source, parts, leaves, hints = core.native_text(function, label)
    if making.SPECIAL.search(source):
        raise CannotBeNative(f"an exported module has no functions of {making.CYTHON}")
    threads = making.arranged(source, label, parts, settings)
    fast = sorted(store.REASSOCIATED if settings.reassociate else store.CONTRACT)
    door = making.in_front(replace(function, name=f"_{title}_in_front"), parts, label, compiled, leaves, hints)
    return Native(label, f"_{title}_native_first", emit(computed_late(sizes_first(door))), threads.text, function.name, leaves,
                  parts.inputs, not parts.door and {*parts.inputs} <= {*function.params}, threads.parallel,
                  "{" + ", ".join(f'"{name}"' for name in fast) + "}")  # fmt: skip


