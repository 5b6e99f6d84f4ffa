"""What is known of each public function of NumPy and SciPy, as a table: what it is called by goes in, rows go out."""
from __future__ import annotations

import fnmatch
import functools
import importlib
import importlib.util
import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from s2sad.machine import array_writes, numpy_forms, objects, standard_library, ufunc_methods  # noqa: F401  which say what they know
from s2sad.machine.callables import SPECIAL
from s2sad.quickly import dataclass
from s2sad.rules import edges, following, late, refusing
from s2sad.rules.language import BY_FUNCTION, Primitive

NUMPY = ("math", "cmath", "numpy", "numpy.linalg", "numpy.fft", "numpy.lib.stride_tricks", "numpy.polynomial")
SCIPY = tuple(f"scipy.{name}" for name in (
    "fft", "integrate", "interpolate", "linalg", "ndimage", "optimize", "signal", "sparse", "sparse.linalg", "spatial", "spatial.distance",
    "spatial.transform", "special", "stats"))  # fmt: skip
NO_FUNCTIONS = (BaseException, np.generic)


@dataclass(frozen=True)
class Row:
    """A function: its name as users write it, what it is, the forms it may be called in, and what is to be said of it."""

    name: str
    kind: str
    """`"elementwise"`, `"linear"`, `"rule"` or `"zero"`: of its rule; `"followed"`, `"refused"`; empty if no table knows it."""
    forms: tuple[str, ...] = ()
    reverse: tuple[str, ...] = ()
    """The arguments that it has derivatives by; of what is followed, all that its source has."""
    forward: str = ""
    """`"stated"`, or `"derived"` of the derivatives by its arguments."""
    complex: bool = False
    """Whether it is checked with complex numbers."""
    kept: bool = False
    """Whether control flow around it can be kept."""
    source: str = ""
    note: str = ""
    why: str = ""


def rows(pattern: str = "*") -> Iterator[Row]:
    """The rows whose names match a pattern as file names do, or hold it."""
    late.load_all()
    wanted = pattern if any(c in pattern for c in "*?[") else f"*{pattern}*"
    for module in (*NUMPY, *(SCIPY if importlib.util.find_spec("scipy") else ())):
        for name, function in public(module):
            if fnmatch.fnmatchcase(name, wanted):
                yield row(name, function)


def public(module: str) -> list[tuple[str, Any]]:
    """The public functions of a module, by their names as users write them."""
    found = importlib.import_module(module)
    names = getattr(found, "__all__", None) or [n for n in dir(found) if not n.startswith("_")]
    title = module.replace("numpy", "np", 1) if module.startswith("numpy") else module
    return [(f"{title}.{n}", getattr(found, n)) for n in sorted(set(names)) if _is_function(getattr(found, n, None))]


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, types.ModuleType) and not (isinstance(value, type) and issubclass(value, NO_FUNCTIONS))


def row(name: str, function: Any) -> Row:
    """What is known of one function."""
    late.load(function)
    known = objects.hashable(function)
    primitive = BY_FUNCTION.get(known)
    if primitive is not None:
        return _ruled(name, primitive)
    checks = checked().get(name, "")
    if (known in following.FOLLOWED or known in following.INSTEAD or known in SPECIAL or known in array_writes.SPECIAL
            or ufunc_methods.followed(known) is not None):  # fmt: skip
        return Row(name, "followed", forward="derived", complex="c" in checks, kept="k" in checks, note=edges.note(name))
    why = refusing.why_not(known)
    return Row(name, "refused" if why else "", why=why)


def _ruled(name: str, primitive: Primitive) -> Row:
    forward = "" if primitive.kind == "zero" else "stated" if primitive.jvp is not None else "derived"
    kept = primitive.gives is not None or primitive.kind in ("elementwise", "zero")
    with_complex = any("c" in checked().get(known, "") for known in (name, primitive.name))
    by, note = tuple(primitive.pullbacks), primitive.note or edges.note(name, primitive.name)
    return Row(name, primitive.kind, (primitive.call,), by, forward, with_complex, kept, primitive.source, note)


@functools.cache
def checked() -> dict[str, str]:
    """What the tests check of functions beyond real numbers: `c` for complex ones, `k` for kept control flow."""
    return json.loads(Path(__file__).with_name("checked.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
