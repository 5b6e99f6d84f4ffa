"""What the examples with SciPy count: calls."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        return self.function(*args)
