"""Functions in two halves: what a call computes, and what waits for a direction, with which it may be asked many times."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.errors import NotDifferentiable
from s2sad.loading import at_first_use
from s2sad.runtime.control import Effects
from s2sad.runtime.finite import exactly_finite, finite, quiet
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.calls import compiler, meters
    from s2sad.calls.compiler import Call, Path
else:
    compiler, meters = at_first_use("s2sad.calls.compiler"), at_first_use("s2sad.calls.meters")


class Halved(Compiled):
    """A function with a linear map: each of its paths has two halves, and the second waits for what the map is applied to.

    A subclass says with `seeds` what the second half gets, from what the map is given.
    """

    def halves(self, args: Any, kwargs: Any) -> tuple[Any, Callable[..., Any]]:
        """The value, and the linear map of this call."""
        return self.of(compiler.arrive(self, args, kwargs))

    def of(self, call: Call) -> tuple[Any, Callable[..., Any]]:
        """The same for a call that has arrived."""
        self._counts.arrived += 1
        path, results = self.served(call)
        if path.pullback is None:
            what = f"no float of the result of {self.__name__}() comes from one of the arguments"
            raise compiler.transforms.refused(NotDifferentiable(what, None, "call the function itself"), self.function)
        assert isinstance(path.structure, trees.Node)
        structure = path.structure.children[0]
        values = results[: trees.count(structure)]
        self._report.nonfinite(self.__name__, path, call.leaves, values)
        handed, clean = list(results[len(values) :]), all(map(finite, call.leaves))
        types = [type_alone(v) for v in self.waited_for(call.args, values)]
        return (trees.unflatten(structure, list(values)),
                functools.partial(self.applied, path.pullback, types, self.shape_of(call.args, structure), handed, clean))  # fmt: skip

    def waited_for(self, args: Any, values: Any) -> list[Any]:
        """The numbers and arrays of whose types the second half gets others."""
        raise NotImplementedError

    def shape_of(self, args: Any, structure: trees.Structure) -> Any:
        """The structure of what the map is applied to."""
        return structure

    def seeds(self, given: tuple[Any, ...], structure: Any, types: list[Any]) -> list[Any]:
        """What the second half gets. Raises NotDifferentiable."""
        raise NotImplementedError

    @entry
    def applied(self, path: Path, types: list[Any], structure: Any, handed: list[Any], clean: bool, *given: Any) -> Any:
        """What the second half makes of this; `clean` arguments had no NaN and no infinity."""
        try:
            seeds = self.seeds(given, structure, types)
        except NotDifferentiable as error:
            raise compiler.transforms.refused(error, self.function) from None
        leaves = [*seeds, *handed]
        if path.interpreted is not None:
            results = compiler.second_half(self._report, self.__name__, path, leaves)
            if results is not None:
                return path.finish(tuple(results))
            path = path.interpreted
        start = meters.clock()
        with quiet():  # an infinite derivative is an answer, and a zero times it is looked at below
            results = path.built.run(*leaves)
        if path.meter is not None:
            path.meter.add(meters.clock() - start)
        if not all(map(finite, results)):
            telling, results = compiler.strengthened(path, leaves, Effects(), results)
            self._report.nonfinite(self.__name__, telling, leaves, results)
            if clean and not all(map(exactly_finite, handed)):
                self._report.nonfinite(self.__name__, path, leaves, results, arose=True)
        return path.finish(tuple(results))


def type_alone(value: Any) -> Any:
    """A value of the same type, shape and dtype, which takes no memory."""
    return np.broadcast_to(np.zeros((), value.dtype), value.shape) if isinstance(value, np.ndarray) else value
