"""What `s2sad sparsity` prints and writes: the pattern of a Jacobian; and which arguments its columns are of."""
from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from s2sad import trees
from s2sad.api.sparse_jacobians import sparsity
from s2sad.cli import inputs
from s2sad.cli.derivation import quiet
from s2sad.cli.refused import InputError
from s2sad.loading import at_first_use
from s2sad.machine.transforms import differentiable, resolve, titles, with_floats
from s2sad.settings import Argnums
from s2sad.version import __version__

if TYPE_CHECKING:
    from s2sad.api import sparse_compiler
    from s2sad.sparse.pattern import Pattern
else:
    sparse_compiler = at_first_use("s2sad.api.sparse_compiler")

LARGEST = 1_000_000
"""How many elements are printed as JSON."""


class Seen(NamedTuple):
    """A pattern, and the arguments that its columns are of: as they were chosen, and how many columns each of them has."""

    pattern: Pattern
    argnums: Argnums
    columns: dict[str, int]


def seen(options: argparse.Namespace) -> Seen:
    """The pattern of a function at its point. Raises InputError, before the function is called where that can be told."""
    _check_file(options.output)
    _check_scipy()
    with quiet(options.target):
        function = inputs.load(options.target)
        args, kwargs = inputs.point(options.at, function)
        argnums = inputs.chosen(options.argnums, function, args, kwargs) if options.argnums else _arrays(args, kwargs)
        pattern: Pattern = sparsity(function, argnums=argnums)(*args, **kwargs)
        return Seen(pattern, argnums, _columns(function, argnums, args, kwargs))


def _check_file(path: str | None) -> None:
    """What takes long is not computed for a picture that cannot be written."""
    if path is not None and Path(path).suffix != ".svg":
        raise InputError(f"{path}: the picture of a pattern is written as .svg")
    if path is not None and not Path(path).parent.is_dir():
        raise InputError(f"{path} cannot be written: No such file or directory")


def _check_scipy() -> None:
    try:
        sparse_compiler.Pattern  # noqa: B018
    except ImportError as error:
        raise InputError(str(error)) from None


def _arrays(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Argnums:
    """The arguments that hold arrays: of floats, or of whole numbers where there are none, for these may be indices. Raises InputError."""
    given: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
    for kinds in ("fc", "iu"):
        found = [place for place, argument in given if _holds(argument, kinds)]
        if found:
            return found[0] if len(found) == 1 else tuple(found)
    raise InputError("no argument is an array of numbers; one is written '[1.0, 2.0]:array', and --argnums chooses others")


def _holds(argument: Any, kinds: str) -> bool:
    leaves = trees.flatten(argument)[0]
    return any(isinstance(leaf, np.ndarray) and leaf.ndim > 0 and leaf.dtype.kind in kinds for leaf in leaves)


def _columns(function: Any, argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, int]:
    """How many columns there are of each argument."""
    places, names = resolve(function, argnums, args, kwargs), titles(function, args)
    args, kwargs = with_floats(places, args, kwargs)
    chosen = [(p, kwargs[p]) if isinstance(p, str) else (names[p], args[p]) for p in places]
    return {title: _elements(argument) for title, argument in chosen}


def _elements(argument: Any) -> int:
    return sum(np.size(leaf) for leaf in trees.flatten(argument, opened=trees.EVERY)[0] if differentiable(leaf))


def text(found: Seen) -> str:
    """The shape, what the rows and columns are, and the picture."""
    pattern, step = found.pattern, found.pattern.step()
    lines = [f"{pattern.title}{'' if pattern.fixed else ', for these values alone'}",
             f"a row for each element of the value, a column for each of {_titles(found.columns)}"]  # fmt: skip
    scale = [f"each sign stands for {step} x {step} elements"] if step > 1 else []
    picture = pattern.picture()
    return "\n".join([*lines, *scale, *(["", picture] if picture else [])])


def _titles(columns: dict[str, int]) -> str:
    if len(columns) == 1:
        return next(iter(columns))
    *most, last = [f"{title} ({count})" for title, count in columns.items()]
    return f"{', '.join(most)} and {last}"


def as_json(target: str, found: Seen) -> dict[str, Any]:
    """Everything, and for each element that may be other than zero its row and its column. Raises InputError for too many."""
    pattern = found.pattern
    if pattern.nnz > LARGEST:
        raise InputError(f"the pattern has {pattern.nnz:,} elements, and --json prints {LARGEST:,} at most; without it there is a picture")
    return {
        "s2sad": __version__,
        "function": target,
        "argnums": list(found.argnums) if isinstance(found.argnums, tuple) else found.argnums,
        "arguments": found.columns,
        "shape": list(pattern.shape),
        "nnz": pattern.nnz,
        "colours": pattern.colours,
        "mode": "forward" if pattern.forward and pattern.pushes else "reverse",
        "fixed": pattern.fixed,
        "picture": pattern.picture().splitlines(),
        "rows": np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.matrix.indptr)).tolist(),
        "columns": pattern.matrix.indices.tolist(),
    }


def write(found: Seen, path: str) -> None:
    """Write the picture. Raises InputError."""
    try:
        found.pattern.save(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
