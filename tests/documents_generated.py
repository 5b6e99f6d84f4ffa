"""The generated parts of the documentation: the table of rules, the modules, the reference, the conventions."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import importlib.util
import inspect
import itertools
import linecache
import math
import pathlib
import pkgutil
import re
import runpy
import textwrap
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np

import s2sad
from s2sad import elsewhere, rules
from s2sad.errors import CannotKeep
from s2sad.rules import following, language, late, refusing
from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import Primitive
from tests.documents_functions import function_counts as function_counts
from tests.documents_functions import function_tables as function_tables
from tests.documents_helpers import helpers as helpers
from tests.documents_helpers import helpers_of_native_code as helpers_of_native_code
from tests.documents_passes import lines_of_the_corpus as lines_of_the_corpus
from tests.documents_passes import through_passes as through_passes

TITLES = {
    "creation": "Making arrays", "indexing": "Reading parts of an array", "linalg": "Linear algebra",
    "lists": "Lists of unknown length",
    "math_functions": "The modules math and cmath", "methods": "Array methods",
    "operators": "Operators and builtins", "own": "Operations of the engine", "products": "Products",
    "arranging": "Arranging and choosing", "decompositions": "Decompositions", "fft": "Discrete Fourier transforms",
    "polynomials": "Polynomials", "statistics": "Statistics", "differences": "Gradients on a grid", "histograms": "Histograms",
    "solving": "What solvers find", "factors": "Factors of matrices", "quantiles": "Quantiles", "scipy.fft": "scipy.fft",
    "scipy.interpolate_cells": "scipy.interpolate: slopes and grids", "scipy.linalg": "scipy.linalg: systems",
    "scipy.linalg_arranged": "scipy.linalg: matrices made of vectors", "scipy.linalg_factors": "scipy.linalg: eigenvalues and factors",
    "scipy.linalg_functions": "scipy.linalg: functions of matrices", "scipy.ndimage_measures": "scipy.ndimage: frequencies",
    "scipy.optimize": "scipy.optimize", "scipy.signal_filters": "scipy.signal: smoothing, trends and sections",
    "scipy.signal_followed": "scipy.signal: what is followed", "scipy.sparse": "scipy.sparse",
    "scipy.special": "scipy.special: sums of exponentials, entropies, powers",
    "scipy.special_refused": "scipy.special: without a derivative",
    "scipy.stats_multivariate": "scipy.stats: several variables", "scipy.stats_summaries": "scipy.stats: summaries",
    "without": "Without a derivative",
    "reductions": "Reductions", "shapes": "Shapes and rearranging", "ufuncs": "Elementwise functions of NumPy",
}  # fmt: skip
LATER = frozenset({"math.fma", "math.sumprod", "np.matvec", "np.vecmat"})  # not in every version that is supported


# Rules


def registered() -> dict[str, list[Primitive]]:
    """The primitives that each module of rules registers, found by running it once more; those of LATER left out."""
    found: dict[str, list[Primitive]] = {}
    late.load_all()
    for family in (*rules.FAMILIES, *sorted(late.NAMES, key=lambda name: (name.count("."), name))):
        here = found.setdefault(family, [])
        with contextlib.ExitStack() as stack:
            for table in (language.BY_FUNCTION, language.METHODS, language.ATTRIBUTES, language.METHOD_NAMES):
                stack.enter_context(mock.patch.dict(table))
            stack.enter_context(
                mock.patch.object(language, "_insert", lambda new, place, here=here: here.append(new))
            )
            for table in (following.FOLLOWED, refusing.REFUSED):
                stack.enter_context(mock.patch.dict(table))
            runpy.run_path(f"{rules.__path__[0]}/{family.replace('.', '/')}.py", run_name=f"s2sad.rules.{family}")
        here[:] = [p for p in here if p.name not in LATER]
    return found


MADE = {"scipy.stats_continuous", "scipy.stats_discrete", "scipy.stats_moments"}  # of what a distribution is in standard form


def rule_tables() -> str:
    """All rules of NumPy, Python and the engine, one table for each module of rules."""
    return _tables(lambda module: not module.startswith("scipy."))


def scipy_rule_tables() -> str:
    """All rules of SciPy but for those of its distributions."""
    return _tables(lambda module: module.startswith("scipy.") and module not in MADE)


def _tables(chosen: Callable[[str], bool]) -> str:
    lines: list[str] = []
    for module, found in registered().items():
        if found and chosen(module):
            file = module.replace(".", "/")
            lines += ["", f"### {_title(module)}", "", f"Module `s2sad/rules/{file}.py`.", "", *_table(found)]
    return "\n".join([*lines[1:], "", ""])


def _title(module: str) -> str:
    """The title of a family: what its docstring begins with, up to where it goes into details."""
    if module in TITLES:
        return TITLES[module]
    text = (importlib.import_module(f"s2sad.rules.{module}").__doc__ or module).removeprefix("Rules of ")
    title = re.split(r"[.,(](?:\s|$)|\(|;", text)[0].strip()
    return title[0].upper() + title[1:] if not title.startswith("scipy") else title


def _table(found: list[Primitive]) -> Iterator[str]:
    ruled = [list(same) for _, same in itertools.groupby([p for p in found if p.kind != "zero"], key=_formulas)]
    if ruled:
        yield from ("| call | kind | derivatives | facts |", "| --- | --- | --- | --- |")
    for same in ruled:
        calls = "<br>".join(_code(_call(p)) for p in same)
        parts = "<br>".join(f"{_code(name)}: {_code(text)}" for name, text in _formulas(same[0])[1])
        yield f"| {calls} | {same[0].kind} | {parts} | {', '.join(map(_code, _facts(same[0])))} |"
    zeros = [_code(_call(p)) for p in found if p.kind == "zero"]
    if zeros:
        yield from ("", *_list("Derivative zero:", zeros))


def _list(title: str, items: list[str]) -> list[str]:
    """A list in running text, broken between items only."""
    lines = [title]
    for item in [f"{i}," for i in items[:-1]] + [f"{items[-1]}."]:
        if len(lines[-1]) + len(item) < 118:
            lines[-1] += f" {item}"
        else:
            lines.append(item)
    return lines


def _formulas(primitive: Primitive) -> Any:
    texts = [(name, formula.text) for name, formula in primitive.pullbacks.items()]
    if primitive.jvp is not None:
        texts.append(("jvp", primitive.jvp.text))
    return primitive.kind, texts, _facts(primitive)


def _facts(primitive: Primitive) -> list[str]:
    """What is stated of a primitive beyond the facts of its kind."""
    kind = ELEMENTWISE.stated if primitive.kind == "elementwise" else {}
    return [name if fact is True else f"{name}={fact.__name__ if callable(fact) else repr(fact)}"
            for name, fact in primitive.stated.items() if name not in kind or kind[name] != fact]  # fmt: skip


def fact_table() -> str:
    """What may be stated of a function: each field of `Facts`, its default, and what it says."""
    fields = ast.parse(inspect.getsource(Facts)).body[0].body  # type: ignore[attr-defined]
    rows = ["| fact | default | says |", "| --- | --- | --- |"]
    for given, says in itertools.pairwise(fields):
        if isinstance(given, ast.AnnAssign) and isinstance(given.target, ast.Name) and given.value is not None:
            text = " ".join(says.value.value.split())  # type: ignore[attr-defined]
            rows.append(f"| {_code(given.target.id)} | {_code(ast.unparse(given.value))} | {text} |")
    return "\n".join([*rows, ""])


def _call(primitive: Primitive) -> str:
    return ast.unparse(primitive.template)


def _code(text: str) -> str:
    """A code span that may stand in a table."""
    return f"`{text}`".replace("|", "\\|")


def method_list() -> str:
    """The methods and attributes of arrays that mean a function with a rule."""
    methods = [_code(f"x.{name}()") for name in sorted(language.METHODS) if not name.startswith("__")]
    attributes = [_code(f"x.{name}") for name in sorted(language.ATTRIBUTES)]
    return "\n".join([*_list("Methods:", methods), "", *_list("Attributes:", attributes), ""])


def rule_count() -> str:
    """How many rules there are, by kind."""
    every = [p for found in registered().values() for p in found]
    kinds = ", ".join(
        f"{sum(p.kind == kind for p in every)} {kind}" for kind in ("elementwise", "linear", "rule", "zero")
    )
    return f"{len(every)} calls have a rule: {kinds}.\n"


# Modules

def beside() -> str:
    """The modules beside the packages."""
    names = [m.name for m in pkgutil.iter_modules(s2sad.__path__) if not m.ispkg and m.name not in elsewhere.MODULES]
    return "\n".join([*_modules([f"s2sad.{name}" for name in names]), ""])


def package(name: str) -> str:
    """What a package says of itself, and each of its modules with the first paragraph of its docstring."""
    found = importlib.import_module(f"s2sad.{name}")
    names = [f"s2sad.{name}.{m.name}" for m in pkgutil.iter_modules(found.__path__) if m.name != "__main__"]
    first, _, more = (inspect.getdoc(found) or "").partition("\n\n")
    headed = re.sub(r"^(.+)\n-+$", r"### \1", more, flags=re.MULTILINE)
    return "\n".join([" ".join(first.split()), "", *_modules(names), *([headed, ""] if more else []), ""])


def _modules(names: list[str]) -> list[str]:
    return ["| module | what it does |", "| --- | --- |", *map(_module, names), ""]


def _module(name: str) -> str:
    """A row of the table. The module is read, not imported: it may need a library that is not there."""
    spec = importlib.util.find_spec(name)
    text = pathlib.Path((spec and spec.origin) or "").read_text(encoding="utf-8")
    paragraph = " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].split())
    return f"| `{name.rpartition('.')[2]}.py` | {paragraph} |".replace("\\|", "|")


def passes() -> str:
    """The passes in the order they run in, each with the first sentence of its docstring."""
    from s2sad import passes as package

    every = package.PASSES
    first = [(inspect.getdoc(each) or "").splitlines()[0] for each in every]
    lines = [
        f"| {i} | `{each.__name__}` | {what} |" for i, (each, what) in enumerate(zip(every, first, strict=True), 1)
    ]
    return "\n".join(["| | pass | what it does |", "| ---: | --- | --- |", *lines, ""])


# Reference


class _Raw:
    """An annotation shown as it is written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def signature(thing: Any) -> str:
    """The signature of a function or class, annotations as they are written."""
    found = inspect.signature(thing)
    empty = inspect.Parameter.empty

    def written(annotation: Any) -> Any:
        return _Raw(annotation) if isinstance(annotation, str) else annotation

    parameters = [p.replace(annotation=written(p.annotation)) for p in found.parameters.values()]
    result = (
        empty
        if found.return_annotation in (None, "None") or inspect.isclass(thing)
        else written(found.return_annotation)
    )
    return str(found.replace(parameters=parameters, return_annotation=result))


def reference(module: str, *names: str) -> str:
    """The entries of functions and classes of a module: heading, signature, docstring."""
    home = importlib.import_module(module)
    return "".join(_entry(f"{module}.{name}", getattr(home, name)) for name in names)


def errors() -> str:
    """The entries of all errors and warnings that the package exports."""
    kinds = [getattr(s2sad, name) for name in s2sad.__all__]
    found = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseException)]
    return "".join(
        _entry(f"s2sad.{kind.__name__}", kind) for kind in sorted(found, key=lambda k: (len(k.__mro__), k.__name__))
    )


def _entry(name: str, thing: Any) -> str:
    heading, doc = f"### `{name}`", inspect.getdoc(thing) or ""
    if isinstance(thing, type) and issubclass(thing, BaseException):
        bases = ", ".join(f"`{b.__name__}`" for b in thing.__bases__)
        return f"{heading}\n\n{_filled(f'Exception, a kind of {bases}. {doc}')}\n\n"
    members = (
        [m for attribute, value in vars(thing).items() for m in _member(attribute, value)]
        if isinstance(thing, type)
        else []
    )
    head = _wrapped(name.rpartition(".")[2], signature(thing))
    return "\n".join([heading, "", "```py", head, "```", "", prose(doc), "", *members, *[""] * bool(members), ""])


def _member(name: str, value: Any) -> list[str]:
    if name.startswith("_") or not isinstance(value, (property, types.FunctionType)) or not value.__doc__:
        return []
    call = "" if isinstance(value, property) else signature(value).replace("(self, ", "(").replace("(self)", "()")
    return [f"- `.{name}{call}`: {' '.join(prose(inspect.getdoc(value) or '').partition('```')[0].split())}"]


def _wrapped(name: str, text: str) -> str:
    """A signature, with one parameter a line where it is long."""
    if len(name + text) <= 100:
        return name + text
    tree = ast.parse(f"def f{text.replace('<factory>', '...')}: ...").body[0]
    assert isinstance(tree, ast.FunctionDef)
    result = f" -> {ast.unparse(tree.returns)}" if tree.returns else ""
    return "\n".join([f"{name}(", *(f"    {part}," for part in _parameters(tree.args)), f"){result}"])


def _parameters(args: ast.arguments) -> list[str]:
    """Each parameter as it is written, with `*` where names become obligatory."""
    plain = [*args.posonlyargs, *args.args]
    defaults = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]
    parts = [_parameter(a, d) for a, d in zip(plain, defaults, strict=True)]
    if args.vararg or args.kwonlyargs:
        parts.append(f"*{_parameter(args.vararg, None)}" if args.vararg else "*")
    parts += [_parameter(a, d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return [*parts, *([f"**{_parameter(args.kwarg, None)}"] if args.kwarg else [])]


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + ("" if default is None else f" = {ast.unparse(default)}")


def prose(text: str) -> str:
    """A docstring as Markdown: examples become blocks, paragraphs are filled."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith(">>>"):
            paragraphs.append(f"```pycon\n{paragraph}\n```")
        else:
            paragraphs.append(_filled(paragraph))
    return "\n\n".join(paragraphs)


def _filled(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False)


# What cannot be kept

CANNOT_KEEP: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("a call that s2sad does not follow: files, the clock, shuffling", "import time\nreturn x * time.time()", (2.0,)),
    ("a dict or set that gets longer or shorter", "seen = {}\nfor i in range(n):\n    seen[len(seen)] = x\nreturn seen[0]", (2.0, 3)),
    ("a set comprehension of unknown length", "return sum({x ** i for i in range(n)})", (2.0, 3)),
    ("a list, tuple or string as long as the variable of a loop says", "for k in range(n):\n    x = x + sum([x] * k)\nreturn x", (2.0, 3)),
    ("a generator that is taken value by value", "g = (x * i for i in range(n))\nreturn next(g)", (2.0, 3)),
    ("more than 64 paths through a statement", "return sum(sorted([x, 2.0, n, n * x, n - x])[:2])", (2.0, 3)),
    ("a class inside the function", "class Point:\n    pass\nreturn x * x", (2.0,)),
    ("recursion that a value ends", "return x if x > n else x * f(x + 1.0, n)", (2.0, 9)),
    ("elements chosen by a mask", "return np.sum(x[x > 0])", (np.ones(3),)),
    ("a shape that depends on values", "return x * np.sum(np.arange(x))", (2.5,)),
    ("a shape that depends on which size is larger", "s = 0.0\nfor k in range(n):\n    s += len(np.diagonal(x, k)) * np.sum(x)\nreturn s",
     (np.ones((5, 3)), 2)),
    ("whether two arrays share memory", "return np.sum(x) if np.shares_memory(x, x[0]) else x[0, 0]", (np.ones((2, 2)),)),
    (
        "a write into what is a view or a copy by its layout",
        "y = x.T * 2\nz = y.reshape(-1)\nfor k in range(n):\n    z[k] = 1.0\nreturn np.sum(y)",
        (np.ones((2, 3)), 2),
    ),
    (
        "an array that one way gives another shape in place",
        "y = np.ones(4) * x\nif x > 0:\n    y.shape = (2, 2)\nreturn np.sum(y)",
        (2.0,),
    ),
    ("the class of a number that depends on the way", "s = 1\nif x > 1:\n    s = x\nreturn x if isinstance(s, int) else s", (2.0,)),
    ("a set or nothing, by the way", "p = None\nif x > 0:\n    p = {1.0}\nreturn sum(p) * x", (2.0,)),
    (
        "a write into an array that has two names after a loop",
        "y, z = np.zeros(3), np.ones(3)\nfor _ in range(n):\n    z = y\n    y[0] = x\nz[1] = x\nreturn np.sum(y)",
        (2.0, 3),
    ),
    (
        "a read of an array that was written under another name",
        "y = np.zeros(3)\nz = y if x > 0 else np.ones(3)\ny[0] = x\nreturn np.sum(z)",
        (2.0,),
    ),
    (
        "a derivative inside a loop",
        "for _ in range(n):\n    x = x + s2sad.grad(np.sin)(x)\nreturn x",
        (2.0, 3),
    ),
    ("an attribute that appears in a loop", "b = Bag()\nfor _ in range(n):\n    b.last = x\nreturn b.last", (2.0, 3)),
)
PARAMETERS = ("x", "n")


@dataclasses.dataclass
class Bag:
    """An object for the examples."""

    first: float = 0.0


def squared(x: float, n: int) -> float:
    """A loop for the examples."""
    for _ in range(n):
        x = x * x
    return x


def cannot_keep() -> str:
    """What cannot be kept, each case with the reason and the hint of the error it raises."""
    lines = ["| case | reason | remedy |", "| --- | --- | --- |"]
    for case, body, args in CANNOT_KEEP:
        error = _refused(body, args)
        if error is None:  # not so any more
            continue
        remedy = _code(error.hint) if error.hint.startswith("use control") else error.hint
        lines.append(f"| {case} | {error.reason} | {remedy} |".replace(" |  |", " | |"))
    return "\n".join([*lines, "", ""])


def _refused(body: str, args: tuple[Any, ...]) -> CannotKeep | None:
    file = f"cannot_keep_{next(_numbers)}.py"
    text = f"def f({', '.join(PARAMETERS[: len(args)])}):\n{textwrap.indent(body, '    ')}\n"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {"np": np, "math": math, "s2sad": s2sad, "Bag": Bag, "squared": squared, "__name__": "__main__"}
    exec(compile(text, file, "exec", dont_inherit=True), names)
    try:
        s2sad.grad(names["f"], control="keep")(*args)
    except CannotKeep as error:
        return error
    return None


# Conventions

EXAMPLES = re.compile(r"(<!-- examples -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
_numbers = itertools.count(1)


def examples(text: str) -> str:
    """Tables of examples: the fourth cell of a row becomes the value of the expression in the third."""
    return EXAMPLES.sub(
        lambda found: found[1] + "".join(map(_row, found[2].splitlines(keepends=True))) + found[3], text
    )


def _row(line: str) -> str:
    cells = re.split(r"(?<!\\)\|", line)
    if len(cells) < 5 or not cells[3].strip().startswith("`"):
        return line
    value = evaluate(cells[3].strip().strip("`").replace("\\|", "|"))
    return "|".join([*cells[:4], f" {_code(shown(value))} ", *cells[5:]])


def shown(value: Any) -> str:
    """A value on one line; a class by its name."""
    return value.__name__ if isinstance(value, type) else re.sub(r"\s*\n\s*", " ", repr(value))


def evaluate(expression: str) -> Any:
    """The value of an expression in the names of the package, NumPy and math; the class of an error of s2sad."""
    file = f"convention_{next(_numbers)}.py"
    linecache.cache[file] = (len(expression), None, [expression + "\n"], file)
    names = {**vars(s2sad), "np": np, "math": math}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return eval(compile(expression, file, "eval", dont_inherit=True), names)
        except s2sad.S2sadError as error:
            return type(error)


__all__ = ["examples", "function_counts", "function_tables", "method_list", "reference", "rule_count", "rule_tables", "scipy_rule_tables"]
