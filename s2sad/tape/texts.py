"""Texts that were made of differentiated values: a number that is read from one would not be followed."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule

READS = (float, complex, np.float64, np.float32, np.complex128)


class Texts:
    """Remembers such texts, and refuses to read from them. It asks the machine whether a value is active."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.told: set[str] = set()

    def made(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of native code."""
        if type(result) is str and self.machine.active(args, kwargs):
            self.told.add(result)
        return result

    def check_arrays(self, results: list[Any]) -> None:
        """Refuse arrays of such texts, among which a number may be read from one."""
        if any(isinstance(r, np.ndarray) and r.dtype.kind in "UST" for r in results):
            raise MissingRule("an array of texts is made of a value that is being differentiated", self.machine.location(),
                              "make texts of the numbers one by one: [str(v) for v in x]")  # fmt: skip

    def check(self, function: Any, args: tuple[Any, ...]) -> None:
        """Refuse a function that reads a number from such a text."""
        if self.told and args and type(args[0]) is str and args[0] in self.told and function in READS:
            raise MissingRule("a number is read from a text that was made of a value that is being differentiated", self.machine.location(),
                              "compute with the value itself; round() rounds it")  # fmt: skip
