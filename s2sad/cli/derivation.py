"""From the choices of a command line to the derivative that they name, at its point."""
from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative
from s2sad.api.forward import Jvp
from s2sad.api.inspection import Inspected, Inspection
from s2sad.api.inspection_forward import Forward
from s2sad.cli import directions, inputs
from s2sad.cli.refused import InputError
from s2sad.errors import CannotBeNative, S2sadError
from s2sad.machine.transforms import resolve, with_floats
from s2sad.settings import NATIVE, Settings

ATTEMPTS = 16
Seen = TypeVar("Seen")


def inspected(options: argparse.Namespace) -> Inspected:
    """The function at its point, in the mode that was asked for."""
    forward = options.mode == "forward"
    other, own = ("adjoint", "tangent") if forward else ("tangent", "adjoint")
    if options.stage == other:
        raise InputError(f"--stage {other} is not of {options.mode} mode; its stage is called {own}")
    if options.along and not forward:
        raise InputError("--along is of forward mode; add --mode forward")
    return _forward(options) if forward else inspection(options)


def _forward(options: argparse.Namespace) -> Forward:
    """The function with its tangent, along what `--along` says."""
    with quiet(options.target):
        found, given, kwargs = _derivative(options)
        chosen = isinstance(found, Derivative)
        function, settings = (found.function, found.settings) if chosen else (found, _settings(options))
        args = directions.by_position(function, given, kwargs)
        derived = Jvp(function, chosen and found.has_aux, settings)
        return _first(iter([found.argnums]) if chosen else _choices(found, args, {}), lambda argnums: Forward(
            derived, *directions.along(options.along, resolve(function, argnums, args, {}), function, args)))  # fmt: skip


def inspection(options: argparse.Namespace) -> Inspection:
    """The function at its point. Ints are differentiated too, except where the function needs them to be ints."""
    with quiet(options.target):
        derivative, args, kwargs = _derivative(options)
        if isinstance(derivative, Derivative):
            return _at_floats(derivative, args, kwargs)
        return _first(_choices(derivative, args, kwargs),
                      lambda chosen: _at_floats(Derivative(derivative, chosen, settings=_settings(options)), args, kwargs))  # fmt: skip


def _first(choices: Iterator[Any], made: Callable[[Any], Seen]) -> Seen:
    """What is made of the first choice that it can be made of; raises what the very first one raises."""
    first: Exception | None = None
    for chosen in choices:
        try:
            return made(chosen)
        except CannotBeNative:
            raise
        except (TypeError, AttributeError, S2sadError) as error:
            first = first or error
    assert first is not None
    raise first


def _at_floats(derivative: Derivative, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Inspection:
    """An int given for an argument to differentiate is meant as a float."""
    places = resolve(derivative.function, derivative.argnums, args, kwargs)
    return Inspection(derivative, *with_floats(places, args, kwargs))


def _derivative(options: argparse.Namespace) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """The function, or a derivative where it is clear which one, and its arguments."""
    found = inputs.load(options.target)
    if isinstance(found, Compiled) and type(found) is not Derivative:
        raise InputError(f"{options.target} is a derivative already ({found.describe()}); name the function it is of")
    function = found.function if isinstance(found, Derivative) else found
    args, kwargs = inputs.point(options.at, function)
    if isinstance(found, Derivative):
        chosen = inputs.chosen(options.argnums, function, args, kwargs) if options.argnums else found.argnums
        return Derivative(function, chosen, found.has_aux, settings=_settings(options, found.settings)), args, kwargs
    if options.argnums:
        return Derivative(function, inputs.chosen(options.argnums, function, args, kwargs), settings=_settings(options)), args, kwargs
    return function, args, kwargs


def _settings(options: argparse.Namespace, own: Settings = Settings()) -> Settings:
    """What was chosen in place of a derivative's own settings."""
    backend = options.backend or own.backend
    native = {option: getattr(own, option) and backend != "python" for option in NATIVE}
    return replace(own, control=options.control or own.control, backend=backend, **native)


def _choices(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Any]:
    """Choices of arguments to try: all, then fewer and fewer of the ints."""
    found = inputs.candidates(function, args, kwargs)
    if not found:
        whole = any(isinstance(leaf, int) for leaf in trees.flatten((args, kwargs))[0])
        meant = "whole numbers in a list are counts: write [1.0, 2.0] or [1, 2]:array" if whole else "give a point as in --at 2.0 1.0"
        raise InputError(f"no argument is a number or an array of numbers; {meant}")
    ints = [place for place, whole in found if whole]
    fewer = itertools.chain.from_iterable(itertools.combinations(reversed(ints), n) for n in range(len(ints) + 1))
    for left_out in itertools.islice(fewer, ATTEMPTS):
        chosen = tuple(place for place, _ in found if place not in left_out)
        if chosen:
            yield chosen if len(chosen) > 1 else chosen[0]


@contextlib.contextmanager
def quiet(target: str) -> Iterator[None]:
    """What the user's code prints does not belong to the output; code that ends the program is bad input."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except SystemExit as error:
        raise InputError(f"{target} ends the program (SystemExit: {error.code})") from None
