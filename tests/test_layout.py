"""The layout holds: packages in pipeline order, each importing only from those before; short files and functions."""

from __future__ import annotations

import ast
import functools
import graphlib
import inspect
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest

import s2sad
from s2sad.keep.keeper import Keeper
from s2sad.keep.lists import Lists
from s2sad.native.core import Core

ROOT = pathlib.Path(s2sad.__file__).parent
TESTS = pathlib.Path(__file__).parent
FILE_LINES, TEST_LINES, FUNCTION_LINES = 400, 600, 50

# In the order of the pipeline: a package, or a module beside them, imports from what stands before it and from itself.
ORDER = (
    "version", "cells", "excerpts", "errors", "tracebacks", "collecting", "quickly", "loading", "elsewhere", "numpy", "scipy", "settings",
    "parsing", "arrived", "runtime", "unkept", "texts", "trees", "tree", "types", "rules", "front", "machine",
    "ir", "adjoint", "tangent", "record", "keep", "passes", "emit", "native", "tape", "sparse", "calls", "shown",
    "page", "api", "interop", "ipython", "check", "export", "cli", "__init__", "__main__",
)  # fmt: skip
PRINTING = ("cli/commands", "tape/reference", "tape/machine", "export/module_text", "export/public_function")  # those two write modules
pytestmark = pytest.mark.sampled(1)  # all of them: a file is short, or has its place, by itself
FRONT_END = ("front/", "keep/syntax", "keep/walk", "keep/compound")


def place(path: pathlib.Path) -> str:
    """Where a file stands, `package/module` or `module`."""
    return str(path.relative_to(ROOT).with_suffix(""))


def layer(path: pathlib.Path) -> str:
    """The name a file has in the order: of its package, or its own."""
    return place(path).partition("/")[0]


@functools.cache
def tree(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def nodes(path: pathlib.Path) -> tuple[ast.AST, ...]:
    """All that is in a file, which every test below looks through."""
    return tuple(ast.walk(tree(path)))


@functools.cache
def imports(path: pathlib.Path) -> set[tuple[str, int]]:
    """The modules of s2sad that a file imports anywhere, functions included, as `package/module` with the line."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "s2sad":
            inside = (node.module or "").split(".")[1:]
            for alias in node.names:
                whole = [*inside, alias.name]
                module = whole if ROOT.joinpath(*whole).with_suffix(".py").exists() or ROOT.joinpath(*whole).is_dir() else inside
                found.add(("/".join(module) or "__init__", node.lineno))
        elif isinstance(node, ast.Import):
            names = [a.name.split(".")[1:] for a in node.names if a.name.partition(".")[0] == "s2sad"]
            found |= {("/".join(name) or "__init__", node.lineno) for name in names}
    return found


FILES = sorted(ROOT.rglob("*.py"))
OTHERS = sorted(p for p in TESTS.rglob("*.py") if p.parent.name not in ("programs", "errors", "golden") and p.name != "generated.py")


def each(files: list[pathlib.Path], check: Callable[[pathlib.Path], None]) -> Callable[[], None]:
    """A test of all these files, which names each that is not as it should be: a case for each would take longer than the check."""

    def test() -> None:
        wrong = []
        for path in files:
            try:
                check(path)
            except AssertionError as error:
                wrong.append(f"{path.relative_to(ROOT.parent)}: {error}")
        assert not wrong, "\n".join(wrong)

    test.__name__, test.__doc__ = check.__name__, check.__doc__
    return test


EVERY = functools.partial(each, FILES)


def test_every_module_has_its_place() -> None:
    assert {layer(p) for p in FILES} == set(ORDER), "each package has its place in the order, and there is no other"


@EVERY
def test_a_module_imports_only_from_packages_before_its_own(path: pathlib.Path) -> None:
    own = ORDER.index(layer(path))
    wrong = [f"{place(path)}:{line} imports {name}" for name, line in sorted(imports(path)) if ORDER.index(name.partition("/")[0]) > own]
    assert not wrong


@pytest.mark.parametrize("package", [name for name in ORDER if (ROOT / name).is_dir()])
def test_the_modules_of_a_package_import_one_another_one_way(package: str) -> None:
    within = {place(p): {n for n, _ in imports(p) if n.startswith(package + "/")} for p in FILES if layer(p) == package}
    graphlib.TopologicalSorter(within).prepare()  # raises where there is a circle


@EVERY
def test_nothing_of_ones_own_package_is_imported_through_its_face(path: pathlib.Path) -> None:
    """A package's `__init__` shows what others may want; a module inside would import itself."""
    assert not [name for name, _ in imports(path) if name == layer(path) and path.name != "__init__.py"]


@EVERY
def test_no_import_stands_in_a_function(path: pathlib.Path) -> None:
    functions = [n for n in nodes(path) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inside = [n for f in functions for n in ast.walk(f) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("s2sad")]
    assert not [n.lineno for n in inside]


@pytest.mark.parametrize("package", [name for name in ORDER if (ROOT / name).is_dir()])
def test_a_package_says_what_comes_in_and_what_goes_out(package: str) -> None:
    said = " ".join((ast.get_docstring(tree(ROOT / package / "__init__.py")) or "").split())
    assert all(words in said for words in (" in", "out", "It may import"))


def test_the_folders_of_the_tests_mirror_the_packages() -> None:
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")}
    folders = {p.parent.name for p in TESTS.glob("*/__init__.py") if any(p.parent.glob("test_*.py"))}
    assert folders - {"adjoints", "benchmarks", "browser", "forms"} == packages


@EVERY
def test_gast_is_for_the_front_end_and_astor_for_the_emitter(path: pathlib.Path) -> None:
    names = {a.name.partition(".")[0] for n in nodes(path) if isinstance(n, ast.Import) for a in n.names}
    names |= {(n.module or "").partition(".")[0] for n in nodes(path) if isinstance(n, ast.ImportFrom)}
    assert "gast" not in names or place(path).startswith(FRONT_END)
    assert "astor" not in names or place(path) == "emit/printing"
    assert names <= {"s2sad", "numpy", "gast", "astor", "__future__", *sys.stdlib_module_names, *optional(place(path))}


def optional(name: str) -> set[str]:
    if name.startswith("native/"):
        return {"numba", "llvmlite"}
    if name == "page/render":
        return {"jinja2", "markupsafe"}
    if name in ("cli/completion", "cli/progress"):
        return {"argcomplete", "tqdm"}
    if name in ("interop/torch", "interop/jax"):
        return {name.partition("/")[2]}
    if name.startswith("rules/scipy/"):
        return {"scipy"}
    return {"graphviz"} if name == "shown/graph" else {"scipy"} if name == "sparse/arrays" else set()


@functools.partial(each, FILES + OTHERS)
def test_files_and_functions_are_short(path: pathlib.Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (FILE_LINES if ROOT in path.parents else TEST_LINES), f"{lines} lines"
    functions = [n for n in nodes(path) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = [
        f"{f.name}: {f.end_lineno - f.lineno + 1} lines" for f in functions if f.end_lineno - f.lineno >= FUNCTION_LINES
    ]  # type: ignore[operator]
    assert not long


@EVERY
def test_modules_say_what_they_are_for_and_print_nothing(path: pathlib.Path) -> None:
    if layer(path) not in ("version",):
        assert ast.get_docstring(tree(path))
    prints = [
        n.lineno
        for n in nodes(path)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"
    ]
    assert not prints or place(path) in PRINTING


def test_importing_the_package_imports_numpy_and_the_two_parsers_only() -> None:
    code = (
        "import sys; before = set(sys.modules); from s2sad import *; import s2sad.export; "
        "print(*sorted({m.partition('.')[0] for m in set(sys.modules) - before}))"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    foreign = {m for m in found.stdout.split() if m not in sys.stdlib_module_names and not m.startswith("_")}
    assert foreign <= {"s2sad", "numpy", "gast", "astor"}


@pytest.mark.parametrize(
    "name", [n for n in s2sad.__all__ if callable(getattr(s2sad, n)) and not inspect.isclass(getattr(s2sad, n))]
)
def test_public_functions_have_an_example(name: str) -> None:
    assert ">>>" in (getattr(s2sad, name).__doc__ or "")


def test_the_keeper_holds_its_parts() -> None:
    """What is known while a function is kept stands in parts, none of which is an ancestor of another, and each says what it is asked."""
    keeper = Keeper()
    assert [c for c in Keeper.__mro__ if c.__module__.startswith("s2sad.keep")] == [Keeper, Lists]
    parts = {type(held) for held in vars(keeper).values() if type(held).__module__.startswith("s2sad.keep")}
    assert len(parts) > 10 and all(map(inspect.getdoc, parts))
    assert not [b for part in parts for b in part.__bases__ if b.__module__.startswith("s2sad.keep")]


def test_the_parts_of_the_native_emitter_do_not_hide_one_another() -> None:
    """A method stands in one class of the chain; in another one only if that calls the former, or the former is there to be replaced."""
    chain = [c for c in Core.__mro__ if c is not object]
    for place, part in enumerate(chain):
        for name in (n for n, method in vars(part).items() if inspect.isroutine(method) or isinstance(method, property)):
            hidden = next((c for c in chain[place + 1 :] if name in vars(c)), None)
            told = hidden is None or "raise NotImplementedError" in code_of(hidden, name)
            assert told or f"super().{name}(" in code_of(part, name), f"{part.__name__}.{name} hides that of {hidden.__name__}"  # type: ignore[union-attr]


def code_of(part: type, name: str) -> str:
    method = vars(part)[name]
    return inspect.getsource(method.fget if isinstance(method, property) else method)


@EVERY
def test_there_is_nothing_left_to_do(path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not any(mark in text for mark in ("TODO", "FIXME", "XXX", "HACK"))


@EVERY
def test_an_assert_only_tells_types(path: pathlib.Path) -> None:
    """`python -O` leaves asserts out: what has an effect does not stand in one, and what must hold is raised."""
    for node in nodes(path):
        if isinstance(node, ast.Assert):
            told = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
            assert not node.msg and all(ast.unparse(t).startswith("isinstance(") or ast.unparse(t).endswith(" is not None") for t in told)
