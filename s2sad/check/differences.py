"""Derivatives without differentiation: central differences with extrapolation, and the complex step."""
from __future__ import annotations

import contextlib
import copy
import io
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.machine.transforms import chosen, differentiable, resolve
from s2sad.runtime import asking, containers
from s2sad.settings import Argnums
from s2sad.tape.propagate import as_inexact

ROWS = 9  # central differences per slope, the step halved from one to the next
STEP = 0.01
TINY = 1e-40  # the complex step: nothing cancels, so nothing limits it
Array = np.ndarray[Any, Any]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What is printed is dropped, and so are warnings, except of an imaginary part that gets lost."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), np.errstate(all="ignore"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            yield


@dataclass(frozen=True)
class Slope:
    """A directional derivative and how far it can be trusted."""

    value: float
    error: float


@dataclass(frozen=True)
class Leaf:
    """A differentiated number or array: where it stands in the arguments, and a readable name for it."""

    place: int | str
    position: int
    name: str
    value: Any


@dataclass
class Probe:
    """A function at given arguments, to be evaluated near them. What it prints is dropped; its arguments are copies."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    argnums: Argnums
    leaves: list[Leaf] = field(init=False)
    differentiated: list[bool] = field(init=False)
    """Of each leaf of the chosen arguments, whether it is one of these."""

    def __post_init__(self) -> None:
        self.differentiated = []
        self.leaves, self.args, self.kwargs = [], tuple(self.args), dict(self.kwargs)
        for place in resolve(self.function, self.argnums, self.args, self.kwargs):
            argument = self.kwargs[place] if isinstance(place, str) else self.args[place]
            found, structure = trees.flatten(argument, opened=trees.EVERY)
            if structure is None:
                found = [argument] = [as_inexact(argument, f"the argument {self._title(place)!r}")]
                self._replace(place, argument)
            for position, (leaf, name) in enumerate(zip(found, _names(argument, self._title(place)), strict=True)):
                self.differentiated.append(differentiable(leaf))
                if self.differentiated[-1]:
                    self.leaves.append(Leaf(place, position, name, leaf))

    def _replace(self, place: int | str, argument: Any) -> None:
        """An integer is differentiated as a float."""
        if isinstance(place, str):
            self.kwargs[place] = argument
        else:
            self.args = (*self.args[:place], argument, *self.args[place + 1 :])

    def _title(self, place: int | str) -> str:
        names = asking.attribute(asking.attribute(self.function, "__code__"), "co_varnames", ())
        return place if isinstance(place, str) else names[place] if place < len(names) else f"argument {place}"

    def __call__(self, leaf: Leaf | None = None, value: Any = None) -> Any:
        """The function's value, with `value` in place of a leaf."""
        args, kwargs = self._copies()
        if leaf is not None:
            holder: Any = kwargs if isinstance(leaf.place, str) else args
            found, structure = trees.flatten(holder[leaf.place], opened=trees.EVERY)
            found[leaf.position] = value
            holder[leaf.place] = trees.unflatten(structure, found)
        with quiet():
            return self.function(*args, **kwargs)

    def _copies(self) -> Any:
        """The arguments anew, without running code of the classes of those that are differentiated."""
        every = list(self.args), self.kwargs
        opened = trees.within(chosen(self.function, self.argnums, self.args, self.kwargs))
        found, structure = trees.flatten(every, objects=True, opened=opened)
        return trees.unflatten(structure, copy.deepcopy(found))

    def in_double(self) -> Probe:
        """The same in double precision, where the function permits; else the probe itself."""
        args, kwargs = _doubled(list(self.args)), _doubled(self.kwargs)
        other = Probe(self.function, tuple(args), kwargs, self.argnums)
        try:
            ours, theirs = self(), other()
            close = abs(float(ours) - float(theirs)) <= 1e-3 * max(1.0, abs(float(ours)))
        except Exception:
            return self
        return other if close else self


def _names(argument: Any, title: str) -> Iterator[str]:
    """A name for each leaf, as Python reaches it: `params['w'][0]`."""
    found = trees.parts(argument, trees.EVERY)
    if found is None:
        yield title
        return
    for key, content in zip(*found, strict=True):
        yield from _names(content, f"{title}{containers.step(type(argument), key)}")


def _doubled(value: Any) -> Any:
    leaves, structure = trees.flatten(value, opened=trees.EVERY)
    return trees.unflatten(structure, [_double(leaf) for leaf in leaves])


def _double(leaf: Any) -> Any:
    wide = {"float16": np.float64, "float32": np.float64, "complex64": np.complex128}
    dtype = str(getattr(leaf, "dtype", ""))
    return leaf.astype(wide[dtype]) if dtype in wide else leaf


def unit(value: Any) -> Array:
    """The natural length of a step for each entry of a value."""
    return np.asarray(np.maximum(np.abs(value), 0.05), np.float64)


def shifted(value: Any, change: Array) -> Any:
    """The value moved by `change`, in its own type; a complex change makes a real value complex."""
    moved = np.asarray(value + change)
    if isinstance(value, np.ndarray):
        if change.dtype.kind == "c" and value.dtype.kind != "c":
            return moved.astype(complex)
        return moved.astype(np.result_type(value, np.float32))
    if isinstance(value, np.generic) and moved.dtype.kind == np.asarray(value).dtype.kind:
        return type(value)(moved)
    return moved.item() if not isinstance(value, np.generic) else moved[()]


def central(probe: Probe, leaf: Leaf, direction: Array) -> Slope:
    """The derivative along a direction by central differences, extrapolated to a step of zero as by Ridders.

    The error is that of the best entry of the extrapolation table, and not less than what rounding of the values makes.
    Steps at which the function raises or is not finite are left out; the error is infinite where none are left.
    """
    best, step = Slope(math.nan, math.inf), STEP
    last: list[float] = []
    for _ in range(ROWS):
        ends = [_real(probe, leaf, shifted(leaf.value, sign * step * direction)) for sign in (1.0, -1.0)]
        if any(end is None for end in ends):
            last = []
        else:
            last, best = _extrapolate(last, (ends[0] - ends[1]) / (2 * step), best, _noise(ends, step))
        step /= 2
    return best


def _real(probe: Probe, leaf: Leaf, value: Any) -> Any:
    try:
        result = probe(leaf, value)
        return result if math.isfinite(result) else None
    except Exception:
        return None


def _noise(ends: list[Any], step: float) -> float:
    dtype = np.result_type(*ends)
    epsilon = np.finfo(dtype if dtype.kind == "f" else np.float64).eps
    return float(8 * epsilon * max(abs(end) for end in ends) / step)


def _extrapolate(last: list[float], difference: Any, best: Slope, noise: float) -> tuple[list[float], Slope]:
    row = [float(difference)]
    for k, coarse in enumerate(last):
        row.append(row[k] + (row[k] - coarse) / (4.0 ** (k + 1) - 1.0))
        error = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - coarse), noise)
        if error < best.error:
            best = Slope(row[k + 1], error)
    return row, best


def complex_step(probe: Probe, leaf: Leaf, direction: Array) -> float | None:
    """The derivative along a direction, as the imaginary part at a tiny imaginary step; None where that is refused."""
    if np.iscomplexobj(leaf.value):
        return None
    try:
        result = probe(leaf, shifted(leaf.value, 1j * TINY * direction))
        slope = float(np.imag(result)) / TINY
        return slope if math.isfinite(slope) and np.ndim(result) == 0 else None
    except Exception:
        return None
