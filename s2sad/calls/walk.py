"""A walk: what a machine is taken through, be it to record one way or to keep them all, and the list that comes of it."""
from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import Location, NotDifferentiable
from s2sad.ir.program import Const, Function
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced, any_traced, check_array, strip
from s2sad.machine.transforms import definition
from s2sad.quickly import dataclass
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE

Body = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
Observe = Callable[[str, Any], None]
"""Is told what each stage makes of a walk: "adjoint" or "tangent", "optimised", "code"."""


@dataclass(frozen=True)
class Walk:
    """A body with the arguments that it is walked with. A machine is asked for `start`, then runs the body, then for `end`.

    The body says what is derived of the user's `function`; `structure` and `leaves` are those of `(args, kwargs)`, and each leaf has one
    of the `names`. `name` is that of the generated code, and `stage` that of the list with its derivative.
    """

    function: Any
    body: Body
    name: str
    structure: Any
    leaves: list[Any]
    names: list[str]
    stage: str = "adjoint"

    def start(self, machine: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as the machine follows them."""
        boxes = [_parameter(machine, leaf, name) for leaf, name in zip(self.leaves, self.names, strict=True)]
        args, kwargs = machine.identities.taken_apart(trees.unflatten(self.structure, boxes, machine.adopt))
        return args, kwargs

    def end(self, machine: Any, result: Any) -> tuple[Function, trees.Structure, list[Any]]:
        """The list that the machine has written, the structure of the result, and what stands in it."""
        outputs, structure = trees.flatten(result, opened=trees.EVERY)
        for output in outputs:
            _check_output(machine, output, self)
        _check_keys(structure, self)
        results = tuple(b.var if isinstance(b, Box) else Const(b) for b in outputs)
        name = "_".join(filter(None, (self.name, machine.sheet.mode)))
        function = Function(name, tuple(machine.sheet.inputs), tuple(machine.sheet.statements), results, machine.sheet.names)
        return function, structure, outputs

    @property
    def place(self) -> Location | None:
        """The place of what is about the function as a whole."""
        return definition(self.function)


def _parameter(machine: Any, leaf: Any, name: str) -> Any:
    if isinstance(leaf, np.ndarray):
        check_array(leaf, None)
    return machine.world.argument(leaf, name)


RETURNED = "return numbers, arrays, or lists, tuples, dicts and dataclasses of them"
ANEW = (set, bytearray, BaseException, Iterator, functools.partial, types.MethodType)  # what each call of a function has one of its own of


def _check_output(machine: Any, output: Any, walk: Walk) -> None:
    if isinstance(output, types.FunctionType) and MACHINE in output.__globals__:
        raise NotDifferentiable("the result holds a function defined inside", walk.place, "return values only")
    if isinstance(output, Traced):
        strip(output)  # which what has no value of its own refuses
        return
    if any_traced(*asking.own_names(output).values(), output):
        raise NotDifferentiable(f"the result holds a {type(output).__name__} with followed values in it", walk.place, RETURNED)
    if id(output) in machine.made or isinstance(output, ANEW):
        raise NotDifferentiable(f"the result holds a {type(output).__name__} that the function has made", walk.place, RETURNED)


def _check_keys(structure: trees.Structure, walk: Walk) -> None:
    if structure is not None:
        if any_traced(*structure.keys):
            raise NotDifferentiable(f"the result holds a {structure.kind.__name__} with followed values for keys", walk.place,
                                    "use constants for keys")  # fmt: skip
        for child in structure.children:
            _check_keys(child, walk)
