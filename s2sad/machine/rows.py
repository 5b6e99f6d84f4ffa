"""The rows of an array that is iterated over."""
from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any

from s2sad.machine.traced import Traced


class Rows(Iterator[Any]):
    """The rows of an array, each as it is when its turn comes."""

    def __init__(self, machine: Any, array: Traced, hint: Any) -> None:
        self.machine, self.array, self.hint = machine, array, hint
        self.positions = iter(range(len(array.value)))

    def __next__(self) -> Any:
        return self.machine.name_as(self.hint, self.machine.item(self.array, next(self.positions)))

    def __length_hint__(self) -> int:
        return operator.length_hint(self.positions)
