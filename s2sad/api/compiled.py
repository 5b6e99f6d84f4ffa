"""A derived function: its parts, through which a call goes one way, and what can be looked at."""
from __future__ import annotations

import reprlib
import types
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from s2sad import texts
from s2sad.api.standing_for import Signature, Standing, signature_text, stand_for
from s2sad.calls.choice import Choice
from s2sad.calls.counts import Counts, Stats
from s2sad.calls.dispatch import Dispatch
from s2sad.calls.report import Report
from s2sad.calls.stored_paths import StoredPaths
from s2sad.emit.arrival import MISSED
from s2sad.loading import at_first_use
from s2sad.machine.callables import Transform
from s2sad.runtime import ruling
from s2sad.runtime.control import given
from s2sad.runtime.finite import finite
from s2sad.settings import Settings, is_argument
from s2sad.tracebacks import entry, leave

if TYPE_CHECKING:
    from s2sad.calls import compiler
    from s2sad.calls.compiler import Call, Path
    from s2sad.page import notebook
    from s2sad.shown import show
else:
    compiler, show, notebook = map(at_first_use, ("s2sad.calls.compiler", "s2sad.shown.show", "s2sad.page.notebook"))

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
S = TypeVar("S")
V = TypeVar("V")

SHOWN = ("clear", "function", "paths", "reasons", "source", "stages", "stats", "wengert")
TOLD = ("__module__", "__name__", "__qualname__", "__doc__")
STATES_KEPT = 8  # of which what was compiled under them is kept


class Serving:
    """What serves the calls under some rules, by one backend: the paths that were compiled so, and the short way in to the last."""

    __slots__ = ("choice", "dispatch", "kept", "rules")

    def __init__(self, rules: ruling.State, settings: Settings) -> None:
        self.rules, self.dispatch, self.kept = rules, Dispatch(rules), StoredPaths()
        self.choice = Choice(self.kept, settings)

    @property
    def hits(self) -> int:
        """How many calls were served."""
        return self.kept.hits_before + sum(path.served for path in self.kept)


class Compiled(Standing, Transform, Generic[P, R]):
    """A function derived from the user's, compiled path by path as it is called.

    A call that is not dispatched goes from the stored paths over the choice of control and compilation to a path that has run for it, from
    there to the report. What is derived, a subclass says: `body`, `select`, `differentiated`.
    """

    if TYPE_CHECKING:
        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    else:
        __slots__ = ("__call__",)  # of each instance its own: the function that answers calls like the last, with nothing between

    suffix = "compiled"
    stage = "adjoint"  # what the list is called that has the derivative in it
    __name__: str
    __signature__: Any = Signature()

    def __init__(self, function: Callable[..., Any], settings: Settings = Settings()) -> None:
        if not callable(function):
            hint = ": pass the function, and arguments to the derivative: grad(f)(x), not grad(f(x))" if is_argument(function) else ""
            raise TypeError(f"{reprlib.repr(function)} is not callable{hint}")
        settings.check()
        self.function, self.settings = function, settings
        stand_for(self, function)
        texts.seen(function)
        self.clear()

    def clear(self) -> None:
        """Forget every recorded path."""
        self._report = Report()
        self._counts = Counts()
        self._last: Path | None = None
        self._forgotten = 0
        self._servings: dict[ruling.State, Serving] = {}
        self._serving = self._under(ruling.state())
        self._answer_by(None)

    def _under(self, rules: ruling.State) -> Serving:
        """What serves calls under these rules."""
        found = self._servings.get(key := (rules[0], self.settings.backend or rules[1], *rules[2:]))
        if found is None:
            for old in [*self._servings]:
                if old[0] != rules[0] or len(self._servings) >= STATES_KEPT:  # which never hold again, or make room
                    dropped = self._servings.pop(old, None)
                    self._forgotten += dropped.hits if dropped is not None else 0
            found = self._servings.setdefault(key, Serving(rules, self.settings.under(rules[1])))
        self._serving = found
        return found

    _dispatch = property(lambda self: self._serving.dispatch)
    _stored = property(lambda self: self._serving.kept)
    _choice = property(lambda self: self._serving.choice)

    # What a kind of derivative says

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.body(machine, args, kwargs)

    def body(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(machine.entry(self.function), *args, **kwargs)

    def select(self, result: Any) -> Any:
        return result

    def differentiated(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The arguments of a call that are differentiated."""
        return []

    def places(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[int | str]:
        """Where they stand: positions, and names of keywords."""
        return []

    def leaf_names(self, args: tuple[Any, ...], structure: Any) -> list[str]:
        """A readable name for each leaf of the arguments of a call."""
        return compiler.transforms.leaf_names(self.function, args, structure)

    def plainly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What the function itself gives for the arguments of a call."""
        args, kwargs = compiler.transforms.with_floats(self.places(args, kwargs), args, kwargs)
        return self.function(*args, **kwargs)

    @property
    def title(self) -> str:
        """The name of the generated function."""
        return f"{self.__name__ if self.__name__.isidentifier() else 'function'}_{self.suffix}"

    # Calling

    def _answer_by(self, call: Callable[..., Any] | None) -> None:
        """From now on calls are answered by this function, which knows calls like the last; None if there is none."""
        self.__call__ = self._called if call is None else call  # type: ignore[method-assign]

    def _called(self, *args: Any, **kwargs: Any) -> Any:
        """A call while none is known that was before."""
        try:
            return self.otherwise(None, args, kwargs)
        except BaseException as error:
            leave(error)
            raise

    def otherwise(self, tried: Dispatch | None, args: Iterable[Any], kwargs: dict[str, Any]) -> Any:
        """What a call returns that the short way, which was tried, has not answered: it has names, others rules hold, or it is new."""
        args, dispatch = tuple(args), self._under(ruling.state()).dispatch
        if kwargs:
            if (found := dispatch.named(args, kwargs)) is not MISSED:
                return found
        elif dispatch is not tried and dispatch.by_position is not None:
            self._answer_by(dispatch.by_position)
            return dispatch.by_position(*args)
        self._counts.arrived += 1
        return self.select(self.evaluate(compiler.arrive(self, args, kwargs)))

    def evaluate(self, call: Call) -> Any:
        """The result of a call that was not dispatched."""
        serving = self._under(ruling.state())
        path, results = self.served(call, serving)
        if not all(map(finite, results)):
            telling, results = compiler.strengthened(path, call.leaves, call.effects, results)
            self._report.nonfinite(self.__name__, telling, call.leaves, results)
        if path.behind:
            compiler.left(serving.choice, call, path)
        elif path.pattern is None or path.hits > 1:  # most functions that are made anew for each call are called once
            serving.dispatch.remember(call, path, results)
        self._answer_by(serving.dispatch.by_position)
        return path.finish(tuple(results))

    def served(self, call: Call, serving: Serving | None = None) -> tuple[Path, Any]:
        """The most recent path that applies, or else a new one, and its results."""
        serving = serving or self._under(ruling.state())
        before, given.containers = given.containers, call.containers
        faults = self._counts.faults
        try:
            compilation = compiler.Compilation(serving.kept, serving.choice, self._report, self._counts)
            path, results = compiler.used(compilation, call, *compilation.answered(call))
        finally:
            given.containers = before
            if self._counts.faults > faults:  # and a path was dropped
                serving.dispatch.forget()
                self._answer_by(None)
        self._last = path
        self._counts.served += 1
        path.hits += 1
        return path, results

    def finisher(self, path: Path) -> Callable[[tuple[Any, ...]], Any]:
        """From the results of a path to what a call returns."""
        finish = path.finish
        return lambda results: self.select(finish(results))

    # Looking

    @property
    def paths(self) -> tuple[Path, ...]:
        """The compiled paths, those that keep their control flow first, the most recent first."""
        return tuple(self._serving.kept)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why `control="auto"` has recorded what it would have kept, `backend="auto"` runs Python, and `parallel=True` has left loops
        as they are, each reason with its line; empty where they have not."""
        choice = self._serving.choice
        serial = dict.fromkeys(reason for path in self.paths for reason in path.serial)
        return (*choice.trials.reasons, *choice.tiers.reasons, *serial)

    def stats(self) -> Stats:
        """How many calls there were, how many each path has served, what was compiled and how long it took, what was refused and checked.

        >>> import s2sad
        >>> slope = s2sad.grad(lambda x: x * x)
        >>> slope(3.0), slope(4.0)
        (6.0, 8.0)
        >>> slope.stats().calls, slope.stats().hits, slope.stats().recordings
        (2, (2,), 1)
        """
        counts, paths = self._counts, self.paths
        hits = tuple(path.served for path in paths)
        calls = sum(serving.hits for serving in [*self._servings.values()]) + self._forgotten + counts.arrived - counts.served
        return Stats(calls, hits, tuple(path.kept is not None for path in paths), counts.compilations, counts.seconds, counts.recordings,
                     counts.refusals, counts.checks, counts.faults, tuple(path.interpreted is not None for path in paths),
                     tuple(path.served - path.hits for path in paths))  # fmt: skip

    @property
    def source(self) -> str:
        """The generated code of the path that ran last; empty before the first call."""
        return self._last.source if self._last is not None else ""

    @property
    def wengert(self) -> str:
        """The Wengert list of the path that ran last, as recorded and optimised."""
        return show.listing(self._last.function) if self._last is not None else ""

    @entry
    def stages(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What each stage makes of a call: `adjoint` (of a forward mode `tangent`) and `optimised` Functions, `code` a Text.

        >>> import s2sad
        >>> sorted(s2sad.grad(lambda x: x * x).stages(3.0))
        ['adjoint', 'code', 'optimised']
        """
        seen: dict[str, Any] = {}
        compiler.looked_at(compiler.arrive(self, args, kwargs), seen.__setitem__)
        return seen

    def __dir__(self) -> list[str]:
        """What the documentation speaks of. The rest is for the parts that a call goes through."""
        return sorted({*(name for name in super().__dir__() if name.startswith("__")), *SHOWN})

    def __repr__(self) -> str:
        kept = sum(path.kept is not None for path in self.paths)
        number = len(self.paths) - kept
        stored = f"{number} recorded path{'' if number == 1 else 's'}" + (f", {kept} kept" if kept else "")
        return f"<{self.describe()} of {self.__name__}{signature_text(self.function)}, {stored}>"

    def _repr_html_(self) -> str | None:
        """What a notebook shows: source and generated code, the graph, the paths; None where jinja2 is not installed."""
        return notebook.of_gradient(self)

    def describe(self) -> str:
        return self.suffix.replace("_", " ")

    def held(self) -> tuple[Any, ...]:
        return self.function, self.options(), {name: told for name in TOLD if (told := self.__dict__.get(name)) is not None}

    def take(self, *held: Any) -> None:
        function, options, told = held
        self.__init__(function, **options)  # type: ignore[misc]
        self.__dict__.update(told)  # a function that holds its own derivative has no name yet

    def options(self) -> dict[str, Any]:
        return {"settings": self.settings}

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Compiled[P, R]: ...
    @overload
    def __get__(self: Callable[Concatenate[S, Q], V], instance: object, owner: Any = None) -> Callable[Q, V]: ...
    @overload
    def __get__(self, instance: object, owner: Any = None) -> Any: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self.for_methods(), instance)

    def for_methods(self) -> Any:
        return self
