"""What each command does: the choices of a command line come in, what it prints and writes goes out, with the exit status."""
from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from s2sad.api.inspection import Inspected
from s2sad.check.three_ways import check_grads
from s2sad.cli import cache, page, patterns, rules, scanning
from s2sad.cli.derivation import inspected, inspection, quiet
from s2sad.cli.highlight import highlight, wanted
from s2sad.cli.outputs import as_json, footer, report_json
from s2sad.cli.profiles import costs_json, table
from s2sad.cli.refused import InputError
from s2sad.export.exporter import export, verify
from s2sad.shown.nonfinite import NonFinite, arising
from s2sad.shown.profile import Profile, measured
from s2sad.version import __version__

UNDECIDED = 3


def _inspect(options: argparse.Namespace) -> int:
    seen, coloured = inspected(options), wanted(options.color, sys.stdout)
    with quiet(options.target):  # what is shown may be recorded once more
        costs = measured(seen.path, seen.leaves, seen.effects) if options.profile else None
        arises = arising(seen.path, seen.leaves, seen.effects) if options.nan else None
        shown = as_json(options.target, seen, options, costs, arises) if options.json else None
        text = json.dumps(shown, indent=2) if options.json else _text(seen, options, coloured, costs, arises)
        if options.graph:
            seen.graph(options.graph)
        if options.html:
            page.write(seen, options.html, costs, arises)
    print(text)
    for path in filter(None, (options.graph, options.html)):
        _wrote(path)
    return 0


def _text(seen: Inspected, options: argparse.Namespace, coloured: bool, costs: Profile | None, arises: NonFinite | None) -> str:
    parts = [str(seen.trace())] if options.trace else []
    if options.stage or not options.trace:
        text = seen.stage(options.stage or "code")
        parts.append((highlight(text) if coloured else text).rstrip("\n"))
    parts.append(footer(seen))
    if options.nan:
        parts.append(str(arises or "no NaN and no infinity in the value and the derivative"))
    return "\n\n".join([*parts, *([table(costs)] if costs is not None else [])])


def _profile(options: argparse.Namespace) -> int:
    seen = inspection(options)
    with quiet(options.target):
        costs = measured(seen.path, seen.leaves, seen.effects)
    print(json.dumps({"s2sad": __version__, "function": options.target, **costs_json(costs)}, indent=2) if options.json else table(costs))
    return 0


def _sparsity(options: argparse.Namespace) -> int:
    seen = patterns.seen(options)
    shown = json.dumps(patterns.as_json(options.target, seen), indent=2) if options.json else patterns.text(seen)
    if options.output:
        patterns.write(seen, options.output)
    print(shown)
    if options.output:
        _wrote(options.output)
    return 0


def _wrote(path: object) -> None:
    """Say on standard error that a file was written: standard output is for what was asked for."""
    sys.stderr.write(f"s2sad: wrote {path}\n")


def _check(options: argparse.Namespace) -> int:
    if options.target.endswith(".py"):
        return _scan(options)
    seen = inspection(options)
    derivative = seen.derivative
    function = derivative.function if not derivative.has_aux else _value_of(derivative.function)
    with quiet(options.target):
        report = check_grads(function, seen.args, derivative.argnums, kwargs=seen.kwargs, raise_on_failure=False,
                             control=derivative.settings.control, backend=derivative.settings.backend)  # fmt: skip
    print(json.dumps(report_json(report), indent=2) if options.json else report)
    return UNDECIDED if report.undecided else 0 if report.ok else 1


def _scan(options: argparse.Namespace) -> int:
    """A file is named alone: its calls are looked at, and nothing of it runs."""
    if options.at or options.argnums:
        raise InputError(f"{options.target} names no function; --at and --argnums are for one, as in {options.target}:loss")
    found = scanning.unruled(options.target)
    print(json.dumps(scanning.as_json(options.target, found), indent=2) if options.json else scanning.text(options.target, found))
    return 1 if found else 0


def _rules(options: argparse.Namespace) -> int:
    found = rules.seen(options.pattern)
    print(json.dumps(rules.as_json(found), indent=2) if options.json else rules.text(found))
    return 0


def _value_of(function: Any) -> Any:
    @functools.wraps(function)
    def value(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)[0]

    return value


def _export(options: argparse.Namespace) -> int:
    seen = inspection(options)
    derivative, path = seen.derivative, Path(options.output or "out.py")
    if options.cfunc and derivative.settings.backend != "numba":
        raise InputError("--cfunc is for native code; add --backend numba")
    if options.output and path.exists() and path.resolve() in _sources(options.target, derivative.function):
        raise InputError(f"{path} is the source of the function")
    with quiet(options.target):
        text = export(derivative.function, seen.args, derivative.argnums, kwargs=seen.kwargs,
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
    _wrote(path)
    return 0


def _sources(target: str, function: Any) -> list[Path]:
    """The files that a function is named and defined in."""
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    files = target.rpartition(":")[0], getattr(module, "__file__", None)
    return [Path(file).resolve() for file in files if file]


def _verify(options: argparse.Namespace) -> int:
    try:
        fresh, reason = verify(options.module)
    except OSError as error:
        raise InputError(f"{options.module} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{options.module} is no text in UTF-8") from None
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


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "inspect": _inspect, "profile": _profile, "sparsity": _sparsity, "check": _check, "export": _export, "verify": _verify,
    "cache": _cache, "rules": _rules,
}  # fmt: skip
