"""Which elements of the arguments an element of a result may depend on: what rules say with `Facts(spreads=...)`.

A function of this module is given one operation and gives, for each array of its result, pairs: the place of an element in the result,
and the number of an element that it may depend on. The elements of all arguments that are differentiated are numbered from 1, and where an
array of such numbers holds 0, there is nothing that is. So what moves elements is run on numbers in their place.
"""
from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.quickly import dataclass

Pairs = tuple[Any, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LARGE = 30_000_000  # of how many products a pattern is written out


@dataclass(frozen=True)
class Given:
    """One operation: the names of its parameters, and those arguments that may be differentiated, with numbers in place of elements.

    `read` gives another argument as it is, or one of these, or the item of it at a place: what has been asked for decides about the
    pattern. `run` evaluates the operation on arguments, and `shapes` are those of the result.
    """

    names: tuple[str, ...]
    numbered: dict[str, Any]
    read: Callable[..., Any]
    run: Callable[[list[Any]], Any]
    shapes: tuple[tuple[int, ...], ...]

    def numbers(self, *names: str) -> list[Any]:
        """The numbers in the arguments of these names, or in all, array by array; those without any are left out."""
        values = [self.numbered[n] for n in names] if names else list(self.numbered.values())
        return [np.asarray(n) for n in trees.flatten(values)[0] if is_numbers(n)]

    def but(self, *names: str) -> list[Any]:
        """The numbers in the arguments of other names."""
        return self.numbers(*others) if (others := [n for n in self.numbered if n not in names]) else []


class Numbers(np.ndarray[Any, Any]):
    """An array of the numbers of elements, to tell it from one of the function's."""


def is_numbers(value: Any) -> bool:
    return isinstance(value, Numbers)


@functools.lru_cache(maxsize=64)
def places(shape: tuple[int, ...], first: int = 0) -> Any:
    """The elements of an array counted, from `first`."""
    return np.arange(first, first + math.prod(shape)).reshape(shape)


def pairs(at: Any, numbers: Any) -> Pairs:
    """Pairs of two arrays of one shape, or of shapes that go together."""
    at, numbers = np.broadcast_arrays(at, numbers)
    at, numbers = np.ravel(at), np.ravel(np.asarray(numbers))
    there = numbers > 0
    return (at, numbers - 1) if there.all() else (at[there], numbers[there] - 1)


def together(found: Sequence[Pairs]) -> Pairs:
    none = np.zeros(0, int)
    rows, columns = zip((none, none), *found, strict=True)
    return np.concatenate(rows), np.concatenate(columns)


def everything(given: Given) -> list[Pairs]:
    """Each element depends on all that go in."""
    return [together(on_all(shape, given.numbers())) for shape in given.shapes]


def on_all(shape: tuple[int, ...], arrays: list[Any]) -> list[Pairs]:
    return [pairs(np.reshape(places(shape), (-1, 1)), np.reshape(a, (1, -1))) for a in arrays]


def elementwise(given: Given) -> list[Pairs]:
    """Each element depends on those that stand where it does, arguments broadcast."""
    return [_each(shape, given.numbers()) for shape in given.shapes]


def _each(shape: tuple[int, ...], arrays: list[Any]) -> Pairs:
    return together([pairs(places(shape), np.broadcast_to(a, shape)) for a in arrays])


def selected(given: Given) -> list[Pairs]:
    """`np.select`: elementwise in each of the choices, which may be the rows of an array."""
    (shape,), choices = given.shapes, given.numbered["choicelist"]
    each = choices if isinstance(choices, (list, tuple)) else list(choices)
    return [_each(shape, [np.asarray(a) for a in (*each, given.numbered["default"]) if is_numbers(a)])]


def moves(given: Given) -> list[Pairs]:
    """Each element is one that goes in, or a constant: the operation is run on the numbers."""
    moved = trees.flatten(given.run([_moved(given, n) for n in given.names]))[0]
    return [pairs(places(shape), np.asarray(m)) for shape, m in zip(given.shapes, moved, strict=True)]


def _moved(given: Given, name: str) -> Any:
    if name in given.numbered:
        return given.numbered[name]
    value = given.read(name)
    return np.int64 if name == "dtype" and value is not None else value


def padded(given: Given) -> list[Pairs]:
    """`np.pad`, where it puts in elements of the array, or a constant."""
    moved = given.read("mode") in ("constant", "edge", "reflect", "symmetric", "wrap") and given.read("reflect_type") == "even"
    return moves(given) if moved else everything(given)


def only(*names: str) -> Callable[[Given], list[Pairs]]:
    """Elementwise in these arguments; each element depends on all of the others."""

    def spread(given: Given) -> list[Pairs]:
        return [together([_each(s, given.numbers(*names)), *on_all(s, given.but(*names))]) for s in given.shapes]

    return spread


def reduces(name: str) -> Callable[[Given], list[Pairs]]:
    """An element depends on what one of the arguments holds along `axis`, and on all of the others."""

    def spread(given: Given) -> list[Pairs]:
        (shape,) = given.shapes
        numbers, axes = np.asarray(given.numbered[name]), given.read("axis")
        rank = np.ndim(numbers)
        chosen = set(range(rank)) if axes is None else {k % rank for k in np.ravel(axes)} if rank else set()
        kept = tuple(1 if k in chosen else n for k, n in enumerate(np.shape(numbers)))
        return [together([pairs(np.reshape(places(shape), kept), numbers), *on_all(shape, given.but(name))])]

    return spread


def summed_back(given: Given) -> list[Pairs]:
    """An element depends on those that it is broadcast to."""
    (shape,) = given.shapes
    (numbers,) = given.numbers()
    if math.prod(shape) == 1:
        return everything(given)
    return [pairs(np.broadcast_to(places(shape), np.shape(numbers)), numbers)]


def lines(name: str, running: bool = False) -> Callable[[Given], list[Pairs]]:
    """An element depends on the line of the array along `axis` that it stands in, those that are `running` on the part up to it."""

    def spread(given: Given) -> list[Pairs]:
        (shape,) = given.shapes
        numbers, axis = np.asarray(given.numbered[name]), given.read("axis")
        numbers = np.reshape(numbers, -1) if axis is None or not np.ndim(numbers) else np.moveaxis(numbers, axis, -1)
        at = np.reshape(places(shape), -1) if axis is None or not shape else np.moveaxis(places(shape), axis, -1)
        n = np.shape(numbers)[-1]
        reached = np.tri(n, dtype=bool) if running else np.ones((n, n), bool)
        one = pairs(at[..., :, None], np.where(reached, numbers[..., None, :], 0))
        return [together([one, *on_all(shape, given.but(name))])]

    return spread


def differences(given: Given) -> list[Pairs]:
    """`np.diff`: an element depends on `n + 1` neighbours."""
    (shape,) = given.shapes
    axis, times, middle = given.read("axis"), given.read("n"), np.asarray(given.numbered["a"])
    parts = [_ending(given.numbered["prepend"], middle, axis), middle, _ending(given.numbered["append"], middle, axis)]
    numbers = np.moveaxis(np.concatenate([p for p in parts if p is not None], axis=axis), axis, -1)
    at = np.moveaxis(places(shape), axis, -1)
    n = np.shape(at)[-1]
    return [together([pairs(at, numbers[..., k : k + n]) for k in range(times + 1)])]


def _ending(numbers: Any, like: Any, axis: int) -> Any:
    if not isinstance(numbers, (np.ndarray, int)):
        return None
    shape = list(np.shape(like))
    shape[axis] = 1
    return np.asarray(numbers) if np.ndim(numbers) else np.broadcast_to(np.asarray(numbers), shape)


def neighbours(given: Given) -> list[Pairs]:
    """`np.ediff1d`: an element depends on two neighbours."""
    (numbers,) = [np.ravel(n) for n in given.numbers()]
    return [together([pairs(places(given.shapes[0]), numbers[k : len(numbers) - 1 + k]) for k in (0, 1)])]


def convolved(given: Given) -> list[Pairs]:
    """`np.convolve`: elements i and j of the arguments make up element i + j of the whole."""
    (shape,), mode = given.shapes, given.read("mode")
    a, v = (np.ravel(np.asarray(given.numbered[n])) for n in ("a", "v"))
    short = min(len(a), len(v))
    start = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}[mode]
    at = np.arange(len(a))[:, None] + np.arange(len(v)) - start
    inside = (at >= 0) & (at < shape[0])
    return [together([pairs(at, np.where(inside, numbers, 0)) for numbers in (a[:, None], v)])]


def correlated(given: Given) -> list[Pairs]:
    """`np.correlate`, which is a convolution with the second argument turned round."""
    if given.read("mode") == "same" and np.size(given.numbered["a"]) < np.size(given.numbered["v"]):
        return everything(given)
    turned = {**given.numbered, "v": np.ravel(np.asarray(given.numbered["v"]))[::-1]}
    return convolved(replace(given, numbered=turned))


def placed(at: Callable[..., Any], value: str = "v") -> Callable[[Given], list[Pairs]]:
    """The elements of one argument are put into zeros: `at` gives their places, of the numbers of all places and the arguments by name."""

    def spread(given: Given) -> list[Pairs]:
        (shape,) = given.shapes
        found = at(places(shape), given.read)
        numbers = np.asarray(given.numbered[value])
        return [pairs(found, numbers if np.shape(numbers) == np.shape(found) else np.broadcast_to(numbers, np.shape(found)))]

    return spread


def by_index(numbers: Any, read: Callable[[str], Any]) -> Any:
    return numbers[read("index")]


def along_axis(numbers: Any, read: Callable[[str], Any]) -> Any:
    return np.take_along_axis(numbers, read("indices"), read("axis"))


def by_padding(numbers: Any, read: Callable[[str], Any]) -> Any:
    return np.pad(numbers, read("pad_width"), read("mode"))


def added(given: Given) -> list[Pairs]:
    """The next version of an array, to a part of which something was added."""
    (shape,) = given.shapes
    value = np.asarray(given.numbered["value"])
    found = places(shape)[given.read("index")]
    if np.ndim(value) > np.ndim(found):  # axes of length 1 in front are left out
        value = np.reshape(value, np.shape(value)[np.ndim(value) - np.ndim(found) :])
    return [together([pairs(places(shape), np.asarray(given.numbered["array"])), pairs(found, np.broadcast_to(value, np.shape(found)))])]


def shared(given: Given) -> list[Pairs]:
    """What a reduction hands back to the elements along its axes."""
    (shape,) = given.shapes
    numbers, axis = np.asarray(given.numbered["c"]), given.read("axis")
    if axis is not None and np.ndim(numbers) not in (0, len(shape)):
        numbers = np.expand_dims(numbers, axis)
    others = on_all(shape, given.but("c"))
    return [together([pairs(places(shape), np.broadcast_to(numbers, shape)), *others])]


def traced(name: str) -> Callable[[Given], list[Pairs]]:
    """`np.trace`: an element depends on a diagonal."""

    def spread(given: Given) -> list[Pairs]:
        (shape,) = given.shapes
        first, second = (given.read("axis1"), given.read("axis2")) if name == "a" else (-2, -1)
        numbers = np.diagonal(np.asarray(given.numbered[name]), given.read("offset"), first, second)
        return [pairs(np.reshape(places(shape), (*shape, 1)), numbers)]

    return spread


# Products

def product(of: Callable[..., tuple[list[str], str]], *names: str, flat: bool = False) -> Callable[[Given], list[Pairs]]:
    """A product of two arguments, with subscripts as `np.einsum` has them, which `of` tells from their shapes and what else is given.

    `flat`: vectors are made of the arguments first.
    """

    def spread(given: Given) -> list[Pairs]:
        operands = [given.numbered[n] for n in names]
        if not flat and not all(map(np.ndim, operands)):
            return elementwise(given)
        inputs, output = of(*([1, 1] if flat else [np.ndim(o) for o in operands]), given.read)
        factors = [Factor(_vector(o) if flat else np.asarray(o), functools.partial(_plain, given, n, flat))
                   for o, n in zip(operands, names, strict=True)]  # fmt: skip
        return contracted(given, inputs, output, factors)

    return spread


def _vector(x: Any) -> Any:
    return np.reshape(np.asarray(x), -1)


def _plain(given: Given, name: str, flat: bool) -> Any:
    value = given.read(name)
    return np.reshape(value, -1) if flat else value


@dataclass(frozen=True)
class Factor:
    """One array of a product: its numbers, and how it is read where it has none: its zeros are those of the product then."""

    numbers: Any
    read: Callable[[], Any]

    @property
    def constant(self) -> bool:
        return not np.any(self.numbers)


def contracted(given: Given, inputs: list[str], output: str, factors: list[Factor]) -> list[Pairs]:
    """The pattern of a product. Where a constant factor is zero, nothing depends on the other."""
    sizes: dict[str, int] = {}
    for subscripts, factor in zip(inputs, factors, strict=True):
        for letter, n in zip(subscripts, np.shape(factor.numbers), strict=True):
            sizes[letter] = max(n, sizes.get(letter, 1)) if n else 0
    grid = output + "".join(sorted(set(sizes) - set(output)))
    whole = tuple(sizes[c] for c in grid)
    if math.prod(whole) > LARGE:
        return everything(given)
    at = np.reshape(places(tuple(sizes[c] for c in output)), (*whole[: len(output)], *(1,) * (len(grid) - len(output))))
    there: Any = True
    for subscripts, factor in zip(inputs, factors, strict=True):
        if factor.constant:
            there = np.logical_and(there, _in_grid(subscripts, np.not_equal(factor.read(), 0).astype(np.int64), grid))
    active = [_in_grid(s, f.numbers, grid) for s, f in zip(inputs, factors, strict=True) if not f.constant]
    return [together([pairs(np.broadcast_to(at, whole), np.where(there, np.broadcast_to(n, whole), 0)) for n in active])]


def _in_grid(subscripts: str, array: Any, grid: str) -> Any:
    """The array with its axes where the grid has them, those that it has not of length 1."""
    own = "".join(c for c in grid if c in subscripts)
    moved = np.einsum(f"{subscripts}->{own}", np.asarray(array))
    return np.reshape(moved, [np.shape(moved)[own.index(c)] if c in own else 1 for c in grid])


def of_matmul(x: int, y: int, read: Any) -> tuple[list[str], str]:
    batch = LETTERS[2 : max(x, y)]
    left = "z" if x == 1 else batch[len(batch) - x + 2 :] + "Az"
    right = "z" if y == 1 else batch[len(batch) - y + 2 :] + "zB"
    return [left, right], (batch if max(x, y) > 2 else "") + "A" * (x > 1) + "B" * (y > 1)


def of_dot(a: int, b: int, read: Any) -> tuple[list[str], str]:
    left, right = LETTERS[: a - 1], LETTERS[a : a + b - 1]
    return [left + "z", "z" if b == 1 else right[:-1] + "z" + right[-1]], left + right


def of_inner(a: int, b: int, read: Any) -> tuple[list[str], str]:
    left, right = LETTERS[: a - 1], LETTERS[a : a + b - 1]
    return [left + "z", right + "z"], left + right


def of_vdot(a: int, b: int, read: Any) -> tuple[list[str], str]:
    return ["z", "z"], ""


def of_outer(a: int, b: int, read: Any) -> tuple[list[str], str]:
    return ["A", "B"], "AB"


def of_tensordot(a: int, b: int, read: Any) -> tuple[list[str], str]:
    axes = read("axes")
    pair = [range(a - axes, a), range(axes)] if np.ndim(axes) == 0 else [np.atleast_1d(each) for each in axes]
    left, right = list(LETTERS[:a]), list(LETTERS[a : a + b])
    for i, j in zip(*pair, strict=True):
        right[int(j) % b] = left[int(i) % a]
    return ["".join(left), "".join(right)], "".join(c for c in left if c not in right) + "".join(c for c in right if c not in left)


def of_vecdot(x: int, y: int, read: Any) -> tuple[list[str], str]:
    batch = LETTERS[: max(x, y) - 1]
    return [batch[len(batch) - x + 1 :] + "z", batch[len(batch) - y + 1 :] + "z"], batch


def of_matvec(x: int, y: int, read: Any) -> tuple[list[str], str]:
    batch = LETTERS[2 : max(x, y + 1)]
    return [batch[len(batch) - x + 2 :] + "Az", batch[len(batch) - y + 1 :] + "z"], batch + "A"


def of_vecmat(x: int, y: int, read: Any) -> tuple[list[str], str]:
    batch = LETTERS[2 : max(x + 1, y)]
    return [batch[len(batch) - x + 1 :] + "z", batch[len(batch) - y + 2 :] + "zA"], batch + "A"
