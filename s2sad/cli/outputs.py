"""What the command line prints below the code, and what it gives to machines."""
from __future__ import annotations

import argparse
import dataclasses
from typing import Any

import numpy as np

from s2sad.api.inspection import Inspected
from s2sad.api.inspection_forward import Forward
from s2sad.calls.trials import explained
from s2sad.check.report import Report
from s2sad.cli.profiles import costs_json
from s2sad.shown.nonfinite import NonFinite
from s2sad.shown.profile import Profile
from s2sad.version import __version__


def footer(inspection: Inspected) -> str:
    """The value and the gradient or the tangent at the point, and why loops are not kept, as comments."""
    pairs = inspection.numbers
    width = max(len(title) for title, _ in pairs)
    why = [f"# {explained(reason)}" for reason in inspection.reasons]
    return "\n".join([*(_indented(f"# {title:<{width}}  ", number(leaf)) for title, leaf in pairs), *why])


def _indented(head: str, text: str) -> str:
    first, *rest = text.splitlines() or [""]
    return "\n".join([head + first, *(f"#{' ' * (len(head) - 1)}{line}" for line in rest)])


def number(value: Any) -> str:
    """A number to its last digit, an array as NumPy shows it."""
    if isinstance(value, np.ndarray):
        return np.array2string(value, separator=", ", floatmode="unique")
    return repr(value.item() if isinstance(value, np.generic) else value)


def as_json(target: str, inspection: Inspected, options: argparse.Namespace, costs: Profile | None,
            arises: NonFinite | None) -> dict[str, Any]:  # fmt: skip
    """Everything that `inspect` shows."""
    shown: dict[str, Any] = {
        "s2sad": __version__,
        "function": target,
        **_derived(inspection),
        "guards": inspection.conditions,
        "kept": inspection.path.kept is not None,
        "native": inspection.path.interpreted is not None,
        "reasons": list(inspection.reasons),
        "stage": options.stage or "code",
        "text": inspection.stage(options.stage or "code"),
    }
    if options.trace:
        trace = inspection.trace()
        shown["trace"] = dataclasses.asdict(trace)
    if options.graph:
        shown["graph"] = options.graph
    if options.html:
        shown["html"] = options.html
    if costs is not None:
        shown["profile"] = costs_json(costs)
    if options.nan:
        shown["nan"] = None if arises is None else {**dataclasses.asdict(arises), "where": str(arises.where) if arises.where else None}
    return shown


def _derived(inspection: Any) -> dict[str, Any]:
    """What was differentiated, and what came of it."""
    if isinstance(inspection, Forward):
        along = {name: plain(tangent) for name, tangent in inspection.along.items()}
        return {"mode": "forward", "along": along, "value": plain(inspection.value), "tangent": plain(inspection.tangent)}
    argnums = inspection.derivative.argnums
    return {"argnums": list(argnums) if isinstance(argnums, tuple) else argnums, "value": plain(inspection.value),
            "gradient": {name: plain(leaf) for name, leaf in inspection.gradients}}  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON has it: containers as lists and objects, arrays as nested lists, complex numbers as pairs,
    what is not finite as a string.
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value] if value.ndim else plain(value[()])
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def report_json(report: Report) -> dict[str, Any]:
    """Everything that `check` found."""
    return {
        "s2sad": __version__,
        "function": report.title,
        "ok": report.ok,
        "undecided": report.undecided,
        "verdict": report.verdict,
        "value": plain(report.value),
        "comparisons": [
            {**_fields(c), "disagreements": [_fields(d) | {"difference": plain(d.difference)} for d in c.disagreements]}
            for c in report.comparisons
        ],
        "notes": report.notes,
        "errors": {way: str(error) for way, error in report.errors.items()},
    }


def _fields(record: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(record, field.name)) for field in dataclasses.fields(record)}


