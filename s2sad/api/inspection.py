"""Everything there is to see of one call: stages, value and gradient, evaluation trace, graph."""
from __future__ import annotations

import functools
import inspect
from dataclasses import replace
from typing import Any

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative
from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path
from s2sad.calls.running import run, sound
from s2sad.errors import SourceUnavailable
from s2sad.front import lookup
from s2sad.front.matching import first_line
from s2sad.ir.program import Function
from s2sad.machine.transforms import innermost, resolve, titles
from s2sad.passes.dead import remove_dead
from s2sad.runtime import containers
from s2sad.runtime.control import Effects
from s2sad.runtime.finite import quiet
from s2sad.runtime.strong import holds_nan
from s2sad.shown.evaluation import Primal, primal
from s2sad.shown.graph import dot, write
from s2sad.shown.path_text import path_lines
from s2sad.shown.show import Trace, listing, trace


class Inspected:
    """One call of a derived function, compiled as it would compile it: `reasons` say why it is recorded if it would have been kept.

    Effects of the function happen once, whatever is looked at. Raises what the function raises, and the errors of s2sad. A subclass says
    what the results are, and how the function alone is recorded.
    """

    value: Any

    def __init__(self, derivative: Compiled, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.derivative: Any = derivative
        self.args, self.kwargs = args, kwargs
        self.stages: dict[str, Any] = {}
        call = arrive(derivative, args, kwargs)
        self.leaves, self.effects, self.names = call.leaves, call.effects, call.walk.names
        self.path, self.reasons = looked_at(call, self.stages.__setitem__)
        self.result = trees.unflatten(self.path.structure, generated(self.path, call.leaves, self.effects))

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """What the call gives, each with its title."""
        raise NotImplementedError

    @functools.cached_property
    def primal(self) -> Primal:
        """The function by itself."""
        raise NotImplementedError

    def title(self, place: int) -> str:
        """What the argument at a position is called."""
        return titles(self.derivative.function, self.positional)[place]

    @property
    def positional(self) -> tuple[Any, ...]:
        """The arguments of the function that are given by position."""
        return self.args

    def stage(self, name: str) -> str:
        """The text of a stage, one of `shown.stages.STAGES`."""
        match name:
            case "source":
                return source_text(self.derivative.function)
            case "wengert":
                return listing(self.primal.recorded if self.path.kept is None else self.kept_primal())
            case "code":
                return str(self.stages["code"].source) if self.path.interpreted is None else self.path.source
        function: Function = self.stages[name]
        return listing(function)

    def kept_primal(self) -> Function:
        """The function by itself, with its loops and branches: of the list with the derivative what the value needs."""
        function: Function = self.stages[self.derivative.stage]
        results = function.results[: len(trees.flatten(self.result[0], opened=trees.EVERY)[0])]
        return remove_dead(replace(function, name=self.derivative.__name__, results=results))

    @property
    def conditions(self) -> list[str]:
        """What has to hold for the path, in words."""
        return path_lines(self.stages["optimised"])

    def trace(self) -> Any:
        """The evaluation trace."""
        raise NotImplementedError

    def graph(self, path: str) -> None:
        """Write the computational graph; raises GraphError."""
        write(dot(self.primal, self.derivative.__name__), path)


class Inspection(Inspected):
    """One call of a derivative in reverse mode.

    >>> import s2sad
    >>> seen = Inspection(s2sad.grad(lambda x: x * x), (3.0,), {})
    >>> seen.value, seen.gradients
    (9.0, [('x', 6.0)])
    """

    def __init__(self, derivative: Derivative, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        super().__init__(derivative, args, kwargs)
        result, self.gradient = self.result
        self.value = result[0] if derivative.has_aux else result

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """The value, and the gradient by each differentiated leaf."""
        return [("value", self.value), *((f"d/d{name}", leaf) for name, leaf in self.gradients)]

    @property
    def gradients(self) -> list[tuple[str, Any]]:
        """The name of each differentiated leaf, and the gradient by it."""
        argnums = self.derivative.argnums
        places = resolve(self.derivative.function, argnums, self.args, self.kwargs)
        each = self.gradient if not isinstance(argnums, (int, str)) else (self.gradient,)
        named = [place if isinstance(place, str) else self.title(place) for place in places]
        pairs = [pair for title, tree in zip(named, each, strict=True) for pair in _leaves(title, tree)]
        return [(title, leaf) for title, leaf in pairs if leaf is not None]

    @functools.cached_property
    def primal(self) -> Primal:
        """The function by itself."""
        return primal(self.derivative.function, self.derivative.argnums, self.args, self.kwargs, self.names,
                      self.derivative.has_aux, self.effects)  # fmt: skip

    def trace(self) -> Trace:
        """The evaluation trace."""
        return trace(self.primal)


def generated(path: Path, leaves: list[Any], effects: Effects) -> list[Any]:
    """The results of the generated code, which sums in an order of its own; effects are handed on, not repeated."""
    if path.interpreted is not None and sound(results := run(path, leaves, effects)):
        return list(results)
    path = path.plain
    with quiet():
        results = list(path.built.start(leaves, effects))
    strong = path.strong if holds_nan(results) else None
    return results if strong is None else list(strong.built.start(leaves, effects))


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    found = trees.parts(value, trees.EVERY)
    if found is None:
        return [(path, value)]
    steps = [(f"{path}{containers.step(type(value), key)}", part) for key, part in zip(*found, strict=True)]
    return [leaf for step, part in steps for leaf in _leaves(step, part)]


def source_text(function: Any) -> str:
    """The user's definition of a function, as it stands in the file. Raises SourceUnavailable."""
    function = innermost(function)
    if not inspect.isfunction(function):
        raise SourceUnavailable("the function is not written in Python", None, "name a function of your own")
    found = lookup.find(function.__code__, function.__globals__)
    lines = (found.lines or ())[first_line(found.node) - 1 : found.node.end_lineno]
    return inspect.cleandoc("\n" + "".join(lines)) + "\n"
