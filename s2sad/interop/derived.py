"""The derivatives of a function as functions again, which another library calls as it calls the function: so any order is at hand."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from s2sad import tree, trees
from s2sad.api.derivatives import vjp
from s2sad.api.forward import jvp
from s2sad.machine.callables import Transform
from s2sad.runtime import asking

Options = dict[str, Any]
Argnums = tuple[int | str, ...]


class Pullback(Transform):
    """The pullback of a function, of its arguments and a cotangent: a tuple of those of the leaves of `(args, kwargs)` at `places`.

    With `conjugate`, complex cotangents are the conjugates of those of s2sad.
    """

    def __init__(self, function: Any, places: tuple[int, ...], options: Options, conjugate: bool = False) -> None:
        self.function, self.places, self.settings, self.conjugate = function, places, options, conjugate
        self.__name__ = f"{asking.title(function, 'function')}_pullback"

    def __call__(self, args: Any, kwargs: Any, cotangent: Any) -> Any:
        return self.back(vjp, tree.map, args, kwargs, cotangent)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        def with_machine(function: Any) -> Any:
            return lambda *args, **kwargs: machine.call(function, *args, **kwargs)

        return self.back(with_machine(vjp), with_machine(tree.map), *args)

    def back(self, vjp: Any, over: Any, args: Any, kwargs: Any, cotangent: Any) -> Any:
        argnums, taken = chosen(leaves_of((args, kwargs))[1], self.places)
        pullback = vjp(self.function, *args, argnums=argnums, **self.settings, **kwargs)[1]
        found = taken(pullback(over(np.conj, cotangent) if self.conjugate else cotangent))
        return over(np.conj, found) if self.conjugate else found


def chosen(structure: Any, places: Collection[int]) -> tuple[Argnums, Callable[[Any], tuple[Any, ...]]]:
    """The arguments that hold these leaves of `(args, kwargs)`, and what takes the cotangents of the leaves from those of the arguments."""
    ends = itertools.accumulate(trees.count(part) for group in structure.children for part in group.children)
    keys = [key for group in structure.children for key in group.keys]
    argnums: list[int | str] = []
    within: list[int] = []
    start = before = 0
    for key, end in zip(keys, ends, strict=True):
        here = [place for place in places if start <= place < end]
        if here:
            argnums.append(key)
            within += [before + place - start for place in here]
            before += end - start
        start = end
    return tuple(argnums), lambda cotangents: tuple(map(leaves_of(cotangents)[0].__getitem__, within))


class Both(Transform):
    """A function of a tuple of its arguments and a dict of those with names."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.__name__ = asking.title(function, "function")

    def __call__(self, args: Any, kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return machine.call(self.function, *args[0], **args[1])


class Tangent(Transform):
    """The tangent of a function, of its arguments and theirs: `(args, kwargs, tangents)`, where the tangents are `(args, kwargs)` too."""

    def __init__(self, function: Any, options: Options) -> None:
        self.function, self.settings = function, options
        self.both = Both(function)
        self.__name__ = f"{self.both.__name__}_tangent"

    def __call__(self, args: Any, kwargs: Any, tangents: Any) -> Any:
        return jvp(self.both, *moving((args, kwargs), tangents), **self.settings)[1]

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return machine.call(jvp, self.both, *moving(args[:2], args[2]), **self.settings)[1]


def moving(primals: Any, tangents: Any) -> tuple[Any, Any]:
    """The arguments with their tangents, None for a part in which nothing moves."""
    return primals, tuple(None if all(t is None for t in leaves_of(part)[0]) else part for part in tangents)


def leaves_of(value: Any) -> tuple[list[Any], trees.Structure]:
    """The leaves of containers of any class, in order, and the structure."""
    return trees.flatten(value, opened=trees.EVERY)


def is_number(leaf: Any) -> bool:
    """Whether a leaf of a result becomes an array of the other library: a float, a complex number, a number or an array of NumPy's."""
    return isinstance(leaf, (float, complex, np.generic, np.ndarray)) and np.asarray(leaf).dtype.kind in "biufc"


def is_float(leaf: Any) -> bool:
    """Whether a leaf of a result has a derivative."""
    return is_number(leaf) and np.asarray(leaf).dtype.kind in "fc"
