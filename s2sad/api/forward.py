"""Forward mode as users call it: `jvp`."""
from __future__ import annotations

import functools
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Chosen
from s2sad.loading import at_first_use
from s2sad.machine.callables import SPECIAL
from s2sad.runtime.same import same_key
from s2sad.settings import Settings, check_control

if TYPE_CHECKING:
    from s2sad.api import compiler
else:
    compiler = at_first_use("s2sad.api.compiler")


class Jvp(Compiled):
    """A function with its tangent, of `(primals, tangents)`."""

    suffix = "jvp"

    def __init__(self, function: Any, has_aux: bool = False, settings: Settings = Settings()) -> None:
        super().__init__(function, settings)
        self.has_aux = has_aux

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return compiler.transforms.jvp(machine, self.function, self.has_aux, *args)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return self.body(machine, args, kwargs)

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return [part for given in args for part in given]

    def leaf_names(self, args: Any, structure: Any) -> list[str]:
        """Those of the parameters, and `x_dot` for the tangent of `x`."""
        parts, named = structure.children[0].children, trees.flatten({})[1]
        primals, tangents = (compiler.transforms.leaf_names(self.function, given, SimpleNamespace(children=(part, named)))
                             for given, part in zip(args, parts, strict=True))  # fmt: skip
        return [*primals, *(f"{name}_dot" for name in tangents)]

    def plainly(self, args: Any, kwargs: Any) -> Any:
        primals, tangents = args
        given, _ = compiler.transforms.with_floats([*compiler.transforms.changing(primals, tangents)], primals, {})
        return self.function(*given)

    def options(self) -> dict[str, Any]:
        return {"has_aux": self.has_aux, "settings": self.settings}

    def describe(self) -> str:
        return "value and tangent"


def jvp(function: Any, primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False, control: str = "auto") -> Any:
    """The value of a function and its tangent, in forward mode: the derivative at `primals` along `tangents`.

    `primals` are the positional arguments, a tuple or a list; `tangents` has one for each, of its structure, shape and of floats. None for
    an argument or a leaf says that it does not change, and costs nothing. The tangent has the structure, shapes and dtypes of the
    value, None for leaves that are no floats. With `has_aux` the function returns `(value, aux)`, and `jvp` `(value, tangent, aux)`.
    `control` is that of `grad`. Raises what `grad` raises; a result of any shape is right.

    >>> import math, s2sad
    >>> s2sad.jvp(lambda x, y: x * math.sin(y), (2.0, 0.0), (1.0, 3.0))
    (0.0, 6.0)
    """
    both = []
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"{what} must be a tuple or a list with one item per argument, not {type(given).__name__}")
        both.append(tuple(given))
    return _jvp_of(Chosen((same_key(function), has_aux, control), function, has_aux, Settings(control=control)))(*both)


@functools.lru_cache(maxsize=256)
def _jvp_of(chosen: Chosen) -> Jvp:
    return Jvp(chosen.function, chosen.argnums, chosen.settings)


def _traced_jvp(machine: Any, function: Any, primals: Any, tangents: Any, *, has_aux: Any = False, control: Any = "auto") -> Any:
    check_control(machine.concrete(control))
    return compiler.transforms.jvp(machine, function, machine.concrete(has_aux), tuple(primals), tuple(tangents))


SPECIAL[jvp] = _traced_jvp
