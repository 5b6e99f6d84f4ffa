"""A function compiled by itself, without a derivative: the text of its value, as solvers call it between those that ask for gradients."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from s2sad.api import keywords
from s2sad.api.compiled import Compiled
from s2sad.settings import Settings
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.calls.compiler import Path


class CompiledValue(Compiled):
    """What `compiled` returns. `source`, `wengert`, `paths` and `stages(...)` show what it did."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Inside a function that is followed it is the function."""
        return self.select(self.body(machine, args, kwargs))

    def body(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The value in a tuple: the first of the results is what is compared with that of the function."""
        return (super().body(machine, args, kwargs),)

    def select(self, result: Any) -> Any:
        return result[0]

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        only = path.structure.children == (None,) if path.structure is not None else False
        return self.select if only else super().finisher(path)  # a number or an array is the result as it stands

    def describe(self) -> str:
        return "compiled code"


@keywords.helpful
def compiled(function: Any = None, *, control: str = "auto", backend: str | None = None,
             parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The function itself, run as the code by which its derivatives compute its value; used as a function or a decorator, with or without
    arguments.

    A call gives what the function gives, bit for bit, with the same effects. It takes and returns the same: numbers, arrays and containers
    of them. Arguments that are written into are copied. Each array in the result has memory of its own: where the function returns an
    argument, or one array twice, the call returns copies. Nothing is differentiated and no adjoint is computed; under `grad` it acts as the
    function. `control` and `backend` are those of `grad`. Raises what the function raises, and what `grad` raises for code that is not
    followed. MissingRule does not occur, because functions without a derivative are called as they are.

    >>> import numpy as np, s2sad
    >>> @s2sad.compiled
    ... def step(x, n):
    ...     for k in range(n):
    ...         x = 0.5 * (x + 2.0 / x)
    ...     return x
    >>> step(1.0, 5)
    1.414213562373095
    """
    if function is None:
        return entry(lambda decorated: CompiledValue(decorated, Settings.of(control, backend, parallel, reassociate)))
    return CompiledValue(function, Settings.of(control, backend, parallel, reassociate))
