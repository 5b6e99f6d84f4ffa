"""Modules that are loaded when something of them is first asked for. So an import of s2sad takes little longer than that of NumPy.

What users call stands in front of a door, and behind it the compiler. A module in front names the door so:

    if TYPE_CHECKING:
        from s2sad.calls import compiler
    else:
        compiler = at_first_use("s2sad.calls.compiler")
"""
from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from s2sad.collecting import staying
from s2sad.tracebacks import entry


class AtFirstUse:
    """A module that is not loaded before an attribute of it is asked for; from then on its names are those of the module.

    Threads that ask at once wait for one another. What is loaded stays, so garbage is not looked for in it.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, attribute: str) -> Any:
        with staying():
            module = importlib.import_module(self.__name__)
        self.__dict__ = module.__dict__
        return getattr(module, attribute)


def at_first_use(name: str) -> Any:
    return AtFirstUse(name)


def attributes(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """`__getattr__` of a package: its modules, and names whose home is one of them, loaded when they are asked for.

    Of other names its module `elsewhere` knows what is to be said.
    """

    @entry
    def attribute(name: str) -> Any:
        module = f"{package}.{homes.get(name, name)}"
        if name.startswith("__"):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            asking, known = sys._getframe(2), importlib.import_module(package).__all__
            raise importlib.import_module(f"{package}.elsewhere").missing(package, name, known, asking) from None
        return getattr(found, name) if name in homes else found

    return attribute
