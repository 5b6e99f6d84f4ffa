"""What is told of a function without a rule: its name as users write it, and the line of the fitting kind that gives it a derivative."""
from __future__ import annotations

import inspect
import sys
import types
from typing import Any

import numpy as np

from s2sad.machine import objects
from s2sad.runtime import asking

WHOLE = frozenset("?bBhHiIlLqQnNpP")  # the types of results that have no derivative, as NumPy writes them


def full_name(function: Any) -> str:
    """The name of a function as the user writes it."""
    ufunc = asking.attribute(function, "__self__")
    if isinstance(ufunc, np.ufunc):
        return f"{full_name(ufunc)}.{function.__name__}"
    name = str(asking.attribute(function, "__qualname__") or asking.title(function) or type(function).__name__)
    if isinstance(function, np.ufunc):
        name = function.__name__
        return f"np.{name}" if getattr(np, name, None) is function else _found(function, name) or name
    module = asking.attribute(function, "__module__") or asking.attribute(asking.attribute(function, "__objclass__"), "__module__", "")
    if str(module).startswith("numpy"):
        where = (_found(function, name) or f"{module}.{name}").replace("numpy", "np", 1)
        return where if "._" not in where else f"np.{name}"
    if "._" in str(module):
        return _found(function, name) or f"{module}.{name}"
    return f"{module}.{name}" if module and module != "builtins" else name


def _found(function: Any, name: str) -> str:
    """The public name of a function whose own module does not say it; empty where there is none."""
    places: list[tuple[bool, bool, int, str]] = []
    for title, module in [*sys.modules.items()]:
        if isinstance(module, types.ModuleType) and not any(part.startswith("_") for part in title.split(".")):
            known = vars(module)
            if known.get(name) is function:
                listed = name in (known.get("__all__") or ())
                places.append((not listed, not objects.is_library(title), title.count("."), title))
    return f"{min(places)[-1]}.{name}" if places else ""


def proposal(function: Any) -> str:
    """The line that would give a function a derivative."""
    name, names = full_name(function), parameters(function)
    if not all(part.isidentifier() for part in name.split(".")):  # such as that of a function made by `np.frompyfunc`
        name = "f"
    call = f"{name}({', '.join(names)})"
    if _is_whole(function, name):
        return f's2sad.zero("{call}") says that its derivative is zero wherever it has one'
    if isinstance(function, np.ufunc) and function.signature is None:
        texts = [f'{p}="<its derivative in {", ".join(names)} and ans>"' for p in names]
        return f'register one: s2sad.elementwise("{call}", {", ".join(texts)})'
    texts = [f'{p}="<the cotangent of {p}, by that of ans, which is g>"' for p in names]
    return (f"call it in a function that s2sad.custom_vjp gives a derivative, or register one: "
            f's2sad.rule("{call}", {", ".join(texts)})')  # fmt: skip


def parameters(function: Any) -> list[str]:
    """The parameters that have to be given."""
    if isinstance(function, np.ufunc):
        return ["x"] if function.nin == 1 else [f"x{k + 1}" for k in range(function.nin)]
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ["x"]
    return [p.name for p in found if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)] or ["x"]


def _is_whole(function: Any, name: str) -> bool:
    """Whether it gives truth values or whole numbers for floats: what its types say, else a name such as `isclose`."""
    if isinstance(function, np.ufunc):
        kinds = [kind.partition("->")[2] for kind in function.types if set("efdgFDG") & set(kind.partition("->")[0])]
        return bool(kinds) and all(WHOLE.issuperset(kind) for kind in kinds)
    last = name.rpartition(".")[2]
    return last.startswith(("is", "arg", "count_", "has_", "all", "any")) and not last.startswith(("isotonic", "argument"))
