"""Which arguments move in forward mode, and along what: the tangents that a command line gives."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.cli.inputs import parameters, value
from s2sad.cli.refused import InputError, short
from s2sad.machine.transforms import differentiable, with_floats


def by_position(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments as forward mode takes them: by position. Raises InputError where one can be passed by name only."""
    if not kwargs:
        return args
    bound = inspect.signature(function).bind(*args, **kwargs)
    if bound.kwargs:
        raise InputError(f"forward mode passes arguments by position, which cannot be done with {', '.join(bound.kwargs)}; "
                         "write a function of the arguments that move")  # fmt: skip
    return bound.args


def along(tokens: list[str], places: Sequence[Any], function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Any]:
    """Primals and tangents: those of `--along` for the arguments at the places, by default ones; None for what does not change.

    A token is a value, for the places in their order, or `name=value`; arguments that no name is given for stay as they are. Raises
    InputError.
    """
    given = _given(tokens, places, function) if tokens else dict.fromkeys(places, ones)
    moving = [place for place in places if given.get(place) is not None]
    if not moving:
        raise InputError("--along moves no argument")
    primals, found = with_floats([*moving], args, {})[0], list[Any]([None] * len(args))
    for place in moving:
        found[place] = ones(primals[place]) if given[place] is ones else given[place]
    return primals, tuple(found)


def _given(tokens: list[str], places: Sequence[Any], function: Callable[..., Any]) -> dict[int, Any]:
    names = [*parameters(function)]
    titles = {names[place] if place < len(names) else f"x{place}": place for place in places}
    found, inorder = {}, list[Any]()
    for token in tokens:
        name, separator, text = token.partition("=")
        if not (separator and name.strip().isidentifier()):
            inorder.append(_floats(value(token, "--along")))
        elif name.strip() not in titles:
            raise InputError(f"--along {short(token)}: {name.strip()} is none of the arguments that move ({', '.join(titles)})")
        else:
            found[titles[name.strip()]] = _floats(value(text, "--along", token))
    rest = [place for place in places if place not in found]
    if inorder and len(inorder) != len(rest):
        left = ", ".join(title for title, place in titles.items() if place in rest) or "no argument"
        raise InputError(f"--along: {len(inorder)} given for {left}; None is for one that does not change, --argnums chooses")
    return found | dict(zip(rest, inorder, strict=False))


def _floats(tangent: Any) -> Any:
    """A tangent with whole numbers taken as floats."""
    leaves, structure = trees.flatten(tangent)
    return trees.unflatten(structure, [with_floats([0], (leaf,), {})[0][0] for leaf in leaves])


def ones(argument: Any) -> Any:
    """A tangent of ones, and None for leaves that have no derivative."""
    leaves, structure = trees.flatten(argument)
    return trees.unflatten(structure, [_one(leaf) if differentiable(leaf) else None for leaf in leaves])


def _one(leaf: Any) -> Any:
    return np.ones_like(leaf)[()] if isinstance(leaf, (np.ndarray, np.generic)) else type(leaf)(1)
