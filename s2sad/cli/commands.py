"""The command line: `s2sad inspect`, `check`, `export`, `verify` and `cache`."""
from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numpy as np

from s2sad.api.derivatives import Compiled, Derivative
from s2sad.api.forward import Jvp
from s2sad.api.inspection import STAGES, Inspected, Inspection
from s2sad.api.inspection_forward import Forward
from s2sad.check.three_ways import check_grads
from s2sad.cli import cache, directions, inputs
from s2sad.cli.highlight import highlight, wanted
from s2sad.cli.inputs import InputError
from s2sad.cli.outputs import as_json, footer, report_json
from s2sad.errors import CannotBeNative, S2sadError
from s2sad.export.exporter import export, verify
from s2sad.machine.transforms import resolve, with_floats
from s2sad.settings import BACKENDS, CONTROL, NATIVE, Settings
from s2sad.shown.graph import GraphError
from s2sad.version import __version__

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = "FILE.py:NAME or package.module:NAME; NAME may have dots, as in Model.loss"
STAGE_HELP = "the function, its Wengert list, that with its adjoint or its tangents, the optimised one, or the code (default)"
MODE_HELP = "reverse (default), a gradient from the result back, or forward, a tangent beside each value"
ALONG_HELP = "forward mode: a tangent for each argument that moves, like --at (default: ones), or None"
CONTROL_HELP = ("the way this call takes, loops unrolled (record), or loops and branches as they are (keep); "
                "auto, the default, keeps where a loop takes more than a dozen steps, if that can be")  # fmt: skip
BACKEND_HELP = "what runs: Python (the default), native code (numba), or what pays (auto)"
AT_HELP = "the arguments: literals, .npy or .npz files, name=value"
ARGNUMS_HELP = "positions or names of the arguments to differentiate (default: all numbers and arrays of numbers)"
MODES = ("reverse", "forward")
ATTEMPTS = 16
Seen = TypeVar("Seen")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; the exit status: 0, 1 if a check failed or an export is stale, 2 for bad input.

    >>> main(["verify", "no_such_file.py"])
    2
    """
    try:
        options = _parser().parse_args(_with_negative_numbers(sys.argv[1:] if argv is None else argv))
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except InputError as error:
        return _fail(f"s2sad: {error}")
    except GraphError as error:
        return _fail(f"s2sad: {error}")
    except S2sadError as error:
        return _fail(str(error))
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        return _fail(_one_line(error))


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _one_line(error: BaseException) -> str:
    """An exception of the user's code: its place there, its type and its message."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    libraries = (HERE + os.sep, os.path.dirname(np.__file__) + os.sep, "<frozen", "<rule", "<__array_function__")
    users = [f for f in frames if not f.filename.startswith(libraries)]
    place = users[-1] if users else frames[-1]
    message = " ".join(str(error).split())
    return f"{place.filename}:{place.lineno}: {type(error).__name__}{': ' if message else ''}{message}"


# Arguments


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (s2sad --help shows the usage)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="s2sad", description="Gradients of plain Python and NumPy by source transformation.")
    parser.add_argument("--version", action="version", version=f"s2sad {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    inspect = _command(commands, "inspect", _inspect, "show the generated code, the value and the gradient at a point")
    inspect.add_argument("--stage", choices=STAGES, help=STAGE_HELP)
    inspect.add_argument("--mode", choices=MODES, default="reverse", help=MODE_HELP)
    inspect.add_argument("--along", nargs="+", default=[], metavar="VALUE", action="extend", help=ALONG_HELP)
    inspect.add_argument("--trace", action="store_true", help="the evaluation trace, values and adjoint or tangents side by side")
    inspect.add_argument("--graph", metavar="FILE", help="a file for the graph: .dot, with Graphviz .svg or .png")
    inspect.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="auto: on a terminal")

    _command(commands, "check", _check, "compare the gradient with the tape and with differences; exit status 0 or 1")

    export = _command(commands, "export", _export, "write the gradient as a module that needs NumPy alone, or Numba")
    export.add_argument("--cfunc", action="store_true", help="with --backend numba: functions for C as well, where all is numbers")
    export.add_argument("-o", "--output", metavar="OUT.py", help="the file to write (default: standard output)")

    verify = commands.add_parser("verify", help="say whether an exported module is stale; exit status 0 or 1")
    verify.add_argument("module", metavar="OUT.py", help="a module that s2sad exported")
    verify.add_argument("--json", action="store_true", help="print the answer as JSON")
    verify.set_defaults(run=_verify)

    stored = commands.add_parser("cache", help="show the machine code that is stored on disk, or remove it (clear)")
    stored.add_argument("action", nargs="?", choices=("clear",), help="remove all, or what --older says")
    stored.add_argument("--older", type=float, metavar="DAYS", help="clear: what was not used for so many days alone")
    stored.add_argument("--path", action="store_true", help="print the directory alone")
    stored.add_argument("--json", action="store_true", help="print what is stored as JSON")
    stored.set_defaults(run=_cache)
    return parser


def _command(commands: Any, name: str, run: Any, what: str) -> Any:
    parser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    parser.add_argument("target", metavar="FUNCTION", help=TARGET)
    parser.add_argument("--at", nargs="+", default=[], metavar="VALUE", action="extend", help=AT_HELP)
    parser.add_argument("--argnums", nargs="+", default=[], metavar="N", help=ARGNUMS_HELP)
    parser.add_argument("--control", choices=CONTROL, help=CONTROL_HELP)
    parser.add_argument("--backend", choices=BACKENDS, help=BACKEND_HELP)
    if name != "export":
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.set_defaults(run=run)
    return parser


def _with_negative_numbers(argv: list[str]) -> list[str]:
    """A blank keeps `-1e-3` and `-inf` from being taken for options; values are stripped when they are read."""
    return [f" {token}" if re.match(r"-(\d|\.\d|inf|nan|\()", token) else token for token in argv]


# Commands


def _inspect(options: argparse.Namespace) -> int:
    inspection = _inspected(options)
    if options.json:
        print(json.dumps(as_json(options.target, inspection, options), indent=2))
        return 0
    parts = []
    if options.trace:
        parts.append(str(inspection.trace()))
    if options.stage or not options.trace:
        text = inspection.stage(options.stage or "code")
        parts.append((highlight(text) if wanted(options.color, sys.stdout) else text).rstrip("\n"))
    parts.append(footer(inspection))
    if options.graph:
        inspection.graph(options.graph)
    print("\n\n".join(parts))
    return 0


def _inspected(options: argparse.Namespace) -> Inspected:
    """The function at its point, in the mode that was asked for."""
    forward = options.mode == "forward"
    other, own = ("adjoint", "tangent") if forward else ("tangent", "adjoint")
    if options.stage == other:
        raise InputError(f"--stage {other} is not of {options.mode} mode; its stage is called {own}")
    if options.along and not forward:
        raise InputError("--along is of forward mode; add --mode forward")
    return _forward(options) if forward else _inspection(options)


def _forward(options: argparse.Namespace) -> Forward:
    """The function with its tangent, along what `--along` says."""
    with _quiet():
        found, given, kwargs = _derivative(options)
        chosen = isinstance(found, Derivative)
        function, settings = (found.function, found.settings) if chosen else (found, _settings(options))
        args = directions.by_position(function, given, kwargs)
        derived = Jvp(function, chosen and found.has_aux, settings)
        return _first(iter([found.argnums]) if chosen else _choices(found, args, {}), lambda argnums: Forward(
            derived, *directions.along(options.along, resolve(function, argnums, args, {}), function, args)))  # fmt: skip


def _inspection(options: argparse.Namespace) -> Inspection:
    """The function at its point. Ints are differentiated too, except where the function needs them to be ints."""
    with _quiet():
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
        raise InputError(f"{options.target} is a {found.describe()}; name the function it is of")
    function = found.function if isinstance(found, Derivative) else found
    args, kwargs = inputs.point(options.at, function)
    if isinstance(found, Derivative):
        chosen = inputs.argnums(options.argnums) if options.argnums else found.argnums
        return Derivative(function, chosen, found.has_aux, settings=_settings(options, found.settings)), args, kwargs
    if options.argnums:
        return Derivative(function, inputs.argnums(options.argnums), settings=_settings(options)), args, kwargs
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
        raise InputError("no argument is a number or an array of numbers; give a point as in --at 2.0 1.0")
    ints = [place for place, whole in found if whole]
    fewer = itertools.chain.from_iterable(itertools.combinations(reversed(ints), n) for n in range(len(ints) + 1))
    for left_out in itertools.islice(fewer, ATTEMPTS):
        chosen = tuple(place for place, _ in found if place not in left_out)
        if chosen:
            yield chosen if len(chosen) > 1 else chosen[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the user's code prints does not belong to the output; a module that leaves by itself is bad input."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except SystemExit as error:
        raise InputError(f"the module ends the program when it is imported (SystemExit: {error.code})") from None


def _check(options: argparse.Namespace) -> int:
    inspection = _inspection(options)
    derivative = inspection.derivative
    function = derivative.function if not derivative.has_aux else _value_of(derivative.function)
    with _quiet():
        report = check_grads(function, inspection.args, derivative.argnums, kwargs=inspection.kwargs, raise_on_failure=False,
                             control=derivative.settings.control, backend=derivative.settings.backend)  # fmt: skip
    print(json.dumps(report_json(report), indent=2) if options.json else report)
    return 0 if report.ok else 1


def _value_of(function: Any) -> Any:
    return lambda *args, **kwargs: function(*args, **kwargs)[0]


def _export(options: argparse.Namespace) -> int:
    inspection = _inspection(options)
    derivative, path = inspection.derivative, Path(options.output or "out.py")
    if options.output and path.exists() and path.resolve() == Path(options.target.rpartition(":")[0]).resolve():
        raise InputError(f"{path} is the source of the function")
    with _quiet():
        text = export(derivative.function, inspection.args, derivative.argnums, kwargs=inspection.kwargs,
                      has_aux=derivative.has_aux, base=path.parent, control=derivative.settings.control,
                      backend=derivative.settings.backend or "python", parallel=derivative.settings.parallel,
                      reassociate=derivative.settings.reassociate, cfunc=options.cfunc)  # fmt: skip
    if not options.output:
        print(text, end="")
        return 0
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    return 0


def _verify(options: argparse.Namespace) -> int:
    try:
        fresh, reason = verify(options.module)
    except OSError as error:
        raise InputError(f"{options.module} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(str(error)) from None
    if options.json:
        print(json.dumps({"module": options.module, "stale": not fresh, "reason": reason}))
    else:
        print(f"{options.module}: {'up to date' if fresh else 'stale'}: {reason}")
    return 0 if fresh else 1


def _cache(options: argparse.Namespace) -> int:
    place = cache.place()
    if options.older is not None and not options.action:
        raise InputError("--older is of clear: s2sad cache clear --older DAYS")
    if options.action:
        print(cache.removed(place, options.older or 0.0))
    elif options.json:
        print(json.dumps(cache.as_json(place), indent=2))
    else:
        print(place if options.path else cache.described(place))
    return 0
