"""What a compiled gradient is held against: the function itself, a fresh tape, and central differences."""

from __future__ import annotations

import itertools
import linecache
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import tape, trees

_numbers = itertools.count()
NARROW = (np.float32, np.complex64, np.float16)


def module(text: str, **names: Any) -> types.ModuleType:
    """A module made from source text that `linecache` holds, as a notebook cell is."""
    made = types.ModuleType(f"made_{next(_numbers)}")
    made.__dict__.update(names)
    run(made, text)
    return made


def run(made: types.ModuleType, text: str) -> None:
    """More source text in a module, as the next cell of a notebook."""
    file = f"<cell {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec", dont_inherit=True), made.__dict__)


class Config:
    """A namespace with attributes."""

    kind = "class data"

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def made(body: str, parameters: str = "x, n") -> Callable[..., Any]:
    """The function `f` with this body, which knows NumPy."""
    lines = "\n    ".join(body.split("\n"))
    return module(f"import numpy as np\n\n\ndef f({parameters}):\n    {lines}\n").f  # type: ignore[no-any-return]


def identical(one: Any, other: Any) -> bool:
    """The same class, dtype, shape and bits; a NaN is like any other NaN."""
    if trees.parts(one) is not None:
        (leaves, structure), (others, same) = trees.flatten(one), trees.flatten(other)
        return structure == same and all(map(identical, leaves, others))
    if type(one) is not type(other):
        return False
    if not isinstance(one, (float, complex, np.ndarray, np.generic)):
        return bool(one == other)
    a, b = np.asarray(one), np.asarray(other)
    return (
        a.dtype == b.dtype
        and a.shape == b.shape
        and bool(np.all((a == b) & (np.signbit(a.real) == np.signbit(b.real)) | (a != a) & (b != b)))
    )


def assert_identical(found: Any, wanted: Any) -> None:
    assert identical(found, wanted), f"{found!r} is not {wanted!r}"


def assert_close(found: Any, wanted: Any, rtol: float = 1e-9) -> None:
    """The same structure, classes, dtypes and shapes, and values within `rtol` of the largest entry."""
    leaves, structure = trees.flatten(found, opened=trees.EVERY)
    others, expected = trees.flatten(wanted, opened=trees.EVERY)
    assert structure == expected, f"{found!r} is not built like {wanted!r}"
    for leaf, other in zip(leaves, others, strict=True):
        assert type(leaf) is type(other), f"{leaf!r} ({type(leaf).__name__}), not {other!r} ({type(other).__name__})"
        a, b = np.asarray(leaf), np.asarray(other)
        assert a.dtype == b.dtype, f"{a.dtype}, not {b.dtype}"
        assert a.shape == b.shape, f"{a.shape}, not {b.shape}"
        if b.dtype.kind in "fc":
            rtol = max(rtol, 1e-4) if b.dtype.type in NARROW else rtol
            size = np.max(np.abs(b[np.isfinite(b)]), initial=0.0)
            np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * size)
        else:
            assert identical(leaf, other)


def agrees(
    value_and_gradient: Callable[..., Any], function: Callable[..., Any], *args: Any, argnums: Any = 0, **kwargs: Any
) -> Any:
    """Check value and gradient of one call against the function and a fresh tape; returns the gradient."""
    value, gradient = value_and_gradient(*args, **kwargs)
    assert_identical(value, function(*args, **kwargs))
    assert_close(gradient, tape.gradient(function, args, argnums, kwargs)[1])
    return gradient


def differences(function: Callable[..., Any], args: tuple[Any, ...], position: int = 0, step: float = 6e-6) -> Any:
    """The gradient by central differences of a float, or an array or a container of floats, in float64."""
    leaves, structure = trees.flatten(args[position])
    found = []
    for place, leaf in enumerate(leaves):
        entries = np.array(leaf, dtype=float)
        slopes = np.zeros_like(entries)
        for index in np.ndindex(entries.shape):
            width = step * max(1.0, abs(float(entries[index])))
            ends = []
            for sign in (1.0, -1.0):
                moved = entries.copy(order="K")  # what is a view and what a copy may depend on the layout
                moved[index] += sign * width
                new = [*leaves[:place], moved if isinstance(leaf, np.ndarray) else float(moved), *leaves[place + 1 :]]
                ends.append(float(function(*args[:position], trees.unflatten(structure, new), *args[position + 1 :])))
            slopes[index] = (ends[0] - ends[1]) / (2.0 * width)
        found.append(slopes if isinstance(leaf, np.ndarray) else float(slopes))
    return trees.unflatten(structure, found)
