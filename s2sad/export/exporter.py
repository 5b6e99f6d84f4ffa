"""A gradient as a module of its own: one path, its guards, and nothing but NumPy and `math` to import."""
from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from s2sad import trees
from s2sad.api.derivatives import Derivative
from s2sad.api.inspection import generated
from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path as Compiled
from s2sad.calls.trials import NOT_NATIVE
from s2sad.emit.regions import emit
from s2sad.emit.statements import Text
from s2sad.errors import InvalidIR, Location
from s2sad.export.c_functions import c_functions
from s2sad.export.function_text import Luggage, NotCarried, scipy_imports
from s2sad.export.literals import NotLiteral, literal
from s2sad.export.module_text import COPIED, OtherPath
from s2sad.export.native_part import compiled, native_part
from s2sad.export.outside_reads import NotExported, in_blocks, make_explicit
from s2sad.export.provenance import MARK, origins, source_lines, verify
from s2sad.export.public_function import Entry, is_short
from s2sad.ir.program import Assign, Const, Function, Guard, If, Loop, Statement, Var, everything, type_of
from s2sad.machine import transforms
from s2sad.passes.strengthen import has_products
from s2sad.rules.structural import CALL
from s2sad.runtime import asking
from s2sad.runtime.strong import holds_nan
from s2sad.settings import NOT_OVER_THREADS, Argnums, Settings, check_backend
from s2sad.shown.path_text import path_lines, refusal
from s2sad.shown.statement_text import type_text
from s2sad.tracebacks import entry
from s2sad.version import __version__

__all__ = ["NotExported", "export", "verify"]


@entry
def export(function: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums = 0, *, kwargs: dict[str, Any] | None = None,
           has_aux: bool = False, base: str | Path = ".", control: str = "auto", backend: str = "python",
           parallel: bool = False, reassociate: bool = False, cfunc: bool = False) -> str:  # fmt: skip
    """The source of a module with `<name>_value_and_grad`, valid for the path that `function(*args, **kwargs)` takes.

    `control` is that of `grad`: where loops and branches are kept, the module is valid for arrays of other sizes and for other paths
    through the function. The header says so. Where `"auto"` has recorded what it would have kept, it says why.

    With `backend="numba"` the module has native code as well and imports Numba: other code that Numba compiles may call the function
    `<name>_value_and_grad_native`, with the leaves of the arguments. A call that native code does not answer is answered by the code in
    Python, so exceptions and guards are the same. "auto" takes native code where it is available and pays; if there is none, the header
    says why. `parallel` and `reassociate` are those of `grad`; the header names the loops that do not run in threads, and says why. With
    `cfunc=True` a function that takes only numbers also gets C functions, `<name>_value_cfunc` and `<name>_gradient_cfunc` (followed by the
    name of the argument where there are several). They take a float, or a count and a pointer, and `scipy.LowLevelCallable` takes their
    `ctypes`. They give NaN where native code does not answer the call, and have no loops in threads.

    Otherwise the module imports NumPy, `math` and what it calls of SciPy; what the generated code calls from s2sad's runtime is copied
    into it. Arguments to differentiate are floats or arrays as in `grad`; ints count as floats. At entry the module
    checks types and shapes; a guard that does not hold raises its `OtherPath` (a ValueError) with the user's line and
    condition. Run as a program, it evaluates itself at the point of export and compares.

    Globals, closure variables, defaults and attributes that the function reads become keyword parameters, with the
    values they have now as defaults; the header lists them. Nothing is read from the user's module any more. Helpers
    are part of the code, as they are now. `print` stays; any other effect, and an object that is used as a whole, is
    refused.

    An operation that raises outside the exported path raises here too, even where the function itself would catch the exception.

    The header also names the version of s2sad and, for each definition the code was made of, its file relative to the folder `base` and the
    sha256 of its source, which `verify` compares. Raises NotExported, ValueError for an unknown backend or an option that does not belong
    to it, and what `value_and_grad` raises.

    >>> def area(r):
    ...     return 3.0 * r * r
    >>> module = {}
    >>> exec(export(area, (2.0,)), module)
    >>> module["area_value_and_grad"](3.0)
    (27.0, 18.0)
    """
    settings = Settings.of(control, backend, parallel, reassociate)
    return _Export(function, args, argnums, kwargs or {}, has_aux, settings, cfunc).module(base)


class _Exported(Derivative):
    """What is exported; the public function of a module has the plain name."""

    @property
    def title(self) -> str:
        return f"_{super().title}"


class _Export:
    """One export: the path and the parts of the module made of it."""

    def __init__(self, function: Any, args: Any, argnums: Any, kwargs: dict[str, Any], has_aux: bool, settings: Settings,
                 cfunc: bool) -> None:  # fmt: skip
        places = transforms.resolve(function, argnums, args, kwargs)
        args, kwargs = transforms.with_floats(places, args, kwargs)
        check_backend(settings.backend)
        settings.check()
        if cfunc and (settings.backend != "numba" or settings.parallel):
            raise ValueError('cfunc=True is for native code: add backend="numba"' if settings.backend != "numba" else
                             "functions for C have no loops over threads: leave out parallel=True")  # fmt: skip
        derivative = _Exported(function, argnums, has_aux, settings=settings)
        title = derivative.__name__ if derivative.__name__.isidentifier() else "function"
        for leaf in trees.flatten((args, kwargs))[0]:
            _check_argument(leaf, title)
        stages: dict[str, Any] = {}
        call = arrive(derivative, args, kwargs)
        found, self.reasons = looked_at(call, stages.__setitem__)
        path = found.plain
        arguments = _arguments(function, args, kwargs)
        self.function = function
        self.recorded: Function = stages["adjoint"]
        self.explicit, captured = make_explicit(path.function, asking.attribute(function, "__func__", function), set(arguments))
        chosen = [place if isinstance(place, str) else list(arguments)[place] for place in places]
        single = isinstance(argnums, (int, str))
        self.strong, strong = self.with_strong_products(path, set(arguments), {c.var: c.name for c in captured})
        types = [p.type for p in path.function.params]
        self.native = None if found.interpreted is None else native_part(self.explicit, f"{title}_value_and_grad", settings)
        inner = self.explicit.name if self.native is None else self.native.front
        self.entry = Entry(f"{title}_value_and_grad", inner, title, arguments, types, len(args), captured, chosen, single,
                           path.structure, generated(path, call.leaves, call.effects), strong)  # fmt: skip
        self.for_c = c_functions(self.explicit, self.entry, self.native) if cfunc and self.native is not None else []

    def with_strong_products(self, path: Compiled, taken: set[str], known: dict[Var, str]
                             ) -> tuple[Function | None, tuple[str, list[str]] | None]:  # fmt: skip
        """The second text, which answers where a result of the first holds a NaN; it prints nothing again."""
        if path.strong is None or not has_products(path.function):
            return None, None
        explicit, captured = make_explicit(path.strong.function, getattr(self.function, "__func__", self.function), taken)
        if any(c.var not in known for c in captured):
            return None, None
        name = f"{explicit.name}_strong"
        return replace(explicit, name=name, statements=tuple(_silent(explicit.statements))), (name, [known[c.var] for c in captured])

    def module(self, base: str | Path) -> str:
        """The text of the module: header, imports, what users call, the path, what it calls, the self-check."""
        entry, functions = self.entry, [f for f in (self.explicit, self.strong) if f is not None]
        texts = [emit(function, guards_apart=True) for function in functions]  # each guard says what it asks
        if any(text.premises != "True" or text.effects for text in texts):
            raise InvalidIR("a premise or an effect is left")
        names = {name for text in texts for name in (text.name, *text.namespace)}
        luggage = Luggage({entry.name, "self_check", *entry.arguments, *names})
        bindings = list(dict.fromkeys(line for text in texts for line in self.bindings(text, luggage)))
        code = [entry.source(), *map(self.guarded, functions, texts)]
        if self.native is not None:
            luggage.names[id(compiled)] = self.native.label
            bindings += self.bindings(self.native.door, luggage)
            code += [*self.native.blocks({entry.name, "self_check", *entry.arguments, *names}), *self.for_c]
        check = entry.self_check()
        called = [f for f in luggage.functions if not f.__module__.startswith("s2sad.")]
        for function in (*COPIED, holds_nan):
            if any(f"{function.__name__}(" in part for part in [*code, check]):
                luggage.name_of(function)
        header = self.header(source_lines(origins(self.recorded, self.function, called), base))
        blocks = [inspect.getsource(OtherPath), *code, luggage.text(), "\n".join(bindings), check]
        body = "\n\n\n".join(b.strip("\n") for b in blocks if b.strip())
        imports = "".join(f"import {name}\n" for name in ("math", "threading") if f"{name}." in body)
        imports += "import numba\n" * (self.native is not None) + "import numpy as np\n" + scipy_imports(body)
        return f'{header}\n"""Value and gradient of {entry.title}()."""\n{imports}\n\n{body}\n'

    def bindings(self, text: Text, luggage: Luggage) -> list[str]:
        """What the free names of the generated code stand for, other than by their own name."""
        lines = []
        for name, value in text.namespace.items():
            try:
                luggage.taken.discard(name)
                known = luggage.name_of(value, name)
            except NotCarried as why:
                reason = f"{name} is {why}" if str(why).startswith(("a ", "an ", "the ")) else str(why)
                hint = "use functions of NumPy, SciPy and math, numbers and arrays"
                raise NotExported(reason, self.place_of(value), hint) from None
            if known != name:
                lines.append(f"{name} = {known}")
            luggage.taken.add(name)
        return lines

    def place_of(self, value: Any) -> Location | None:
        """The first line that needs an object."""
        for statement in everything(self.explicit.statements):
            found = isinstance(statement, Guard) and statement.value is value
            if isinstance(statement, Assign):
                root = statement.primitive.root
                found = root is not None and root[1] is value
                found = found or any(value is c for a in statement.args for c in _constants(a))
            if found and statement.location is not None:
                return statement.location
        return None

    def guarded(self, function: Function, text: Text) -> str:
        """The generated code; each guard says which condition of the user's it stands for."""
        lines, written = text.source.splitlines(), 0
        for number, line in text.lines.items():
            if line.guard is not None:
                lines[number - 1] = f"{lines[number - 1]}({refusal(line.guard, function)!r})"
                written += 1
        if written != sum(isinstance(s, Guard) for s in everything(function.statements)):
            raise InvalidIR("a guard was not written")
        return "\n".join(lines)

    def header(self, sources: list[str]) -> str:
        """Comments: the version, the sources, what the path is valid for, what was read from outside."""
        entry = self.entry
        what = f"value and gradient of {entry.title}({', '.join(entry.arguments)}) by {', '.join(entry.chosen)}"
        lines = [f"{MARK}{__version__}: {what}.", *sources, "#", "# Valid for"]
        lines += [f"#     {path}: {type_text(kind)}" for path, kind in entry.leaves()]
        lines += [f"#     {line}" for line in path_lines(self.explicit)]
        if entry.captured:
            lines += ["#", "# Read from outside the function, parameters here, with the values at the time of export"]
            lines += [f"#     {c.name} = {_short(c.value)}, which is {c.text}{_at(c.location)}" for c in entry.captured]
        about: dict[str, list[str]] = {NOT_NATIVE: [], NOT_OVER_THREADS: [], "": []}
        for reason in self.reasons:
            about[next(what for what in about if what in reason)].append(reason)
        interpreted, serial, recorded = about.values()
        if recorded:
            lines += ["#", "# Recorded: the way of this point alone, as loops and branches are not kept", *map(_reason, recorded)]
        if interpreted:
            lines += ["#", "# In Python alone, without native code", *map(_reason, interpreted)]
        if serial:
            lines += ["#", "# Loops as they are", *map(_reason, serial)]
        return "\n".join([*lines, "#", "# Run this file to check it at the point of export."])


def is_print(statement: Assign) -> bool:
    called = statement.args[0] if statement.primitive is CALL else None
    return isinstance(called, Const) and called.value is print


def _silent(statements: tuple[Statement, ...]) -> list[Statement]:
    """Statements, those of regions among them, without those that print."""
    left = [s for s in statements if not (isinstance(s, Assign) and is_print(s))]
    return [in_blocks(s, _silent) if isinstance(s, (Loop, If)) else s for s in left]


def _reason(reason: str) -> str:
    """A reason with its line, in the file as it is named there."""
    return f"#     {re.sub(r'^.*?([^/]+:[0-9]+:[0-9]+: )', lambda found: found[1], reason.replace(os.sep, '/'))}"


def _check_argument(leaf: Any, title: str) -> None:
    try:
        literal(leaf)
    except NotLiteral as what:
        raise NotExported(f"{title}() is called with {what}", None, "pass numbers, strings and arrays") from None


def _arguments(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The parameters of the exported function and the arguments at the point of export."""
    try:
        named = list(asking.signature(function).parameters.values())
    except (TypeError, ValueError):
        named = []
    plain = [p.name for p in named if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in named if p.kind is p.VAR_POSITIONAL), "x")
    titles = [plain[i] if i < len(plain) else f"{rest}_{i - len(plain)}" for i in range(len(args))]
    return {**dict(zip(titles, args, strict=True)), **kwargs}


def _constants(operand: Any) -> list[Any]:
    if isinstance(operand, Const):
        return [operand.value]
    return [] if isinstance(operand, Var) else [c for item in operand.items for c in _constants(item)]


def _short(value: Any) -> str:
    return literal(value) if is_short(value) else type_text(type_of(value))


def _at(location: Location | None) -> str:
    return f" in {location.short}" if location else ""
