"""The layout holds: modules in pipeline order, each importing only from above itself; short files and functions."""

from __future__ import annotations

import ast
import functools
import inspect
import pathlib
import subprocess
import sys

import pytest

import s2sad

ROOT = pathlib.Path(s2sad.__file__).parent
TESTS = pathlib.Path(__file__).parent
FILE_LINES, TEST_LINES, FUNCTION_LINES = 400, 600, 50

# From the top: a module may import what stands above it. A folder stands for its modules, which may import one another.
ORDER = (
    # what everything speaks of
    "version", "errors", "collecting", "settings", "asking", "same", "containers", "trees", "traced", "standing",
    # text, and what it may say
    "source", "facts", "rule_text", "primitives", "ir", "verify", "nodes", "warned", "scopes", "fence",
    # what generated code calls
    "runtime_core", "runtime_arrays", "runtime_stacks", "runtime", "runtime_strong", "rules",
    # lowering, and what the operations of lowered code mean
    "patterns", "lower", "bound", "checkpoints", "objects", "finding", "protocols", "attributes", "writes", "ufunc_methods", "copying",
    "frames", "forms", "library", "belonging", "caches", "texts", "natively", "calls", "classes", "machine", "foreign", "liveness",
    # recording, and its adjoint
    "writing", "views", "pins", "identities", "capture", "changing", "perform", "stacks", "adjoint", "arrays", "reshaping",
    "record", "transforms",
    # keeping control flow, and its adjoint
    "samples", "keep_state", "keep_syntax", "keep_iter", "rerun", "early", "residuals", "adjoint_regions", "keep_blocks", "aliases",
    "keep_joins", "keep_loops", "regions", "keep_sizes", "keep_walk", "keep",
    # passes, and text again
    "passes", "lines", "printing", "emit", "naming", "emit_loops", "emit_regions", "finite", "quick", "build", "interpret",
    # the line from a call to a compiled path
    "halves", "pipeline", "nonfinite", "keeping",
    # the tape
    "evaluation_trace", "propagate", "tape_memory", "outside", "tape_writes", "tape_questions", "tape_machine", "tape",
    # looking at a path
    "statement_text", "path_text", "primal", "textbook", "show", "graph",
    # what users call
    "trials", "compiled", "api", "differences", "check_report", "check", "inspection",
    # modules that need NumPy alone
    "literals", "stand_ins", "standalone", "carry", "provenance", "explicit", "entry", "export",
    # the command line
    "highlight", "cli_input", "cli_output", "cli", "__init__", "__main__",
)  # fmt: skip
PRINTING = ("cli", "tape", "tape_machine", "standalone", "entry")  # standalone and entry write modules that print
FRONT_END = {"source", "fence", "scopes", "nodes", "patterns", "lower", "keep_syntax", "keep_walk"}


def layer(path: pathlib.Path) -> str:
    """The name a file has in the order: of its folder, or its own."""
    inside = path.relative_to(ROOT).parts
    return inside[0] if len(inside) > 1 else path.stem


@functools.cache
def tree(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: pathlib.Path) -> set[tuple[str, int]]:
    """The modules of the package that a file imports anywhere, functions included, with the line."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "s2sad":
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("s2sad."):
            found.add(((node.module or "").split(".")[1], node.lineno))
        elif isinstance(node, ast.Import):
            found |= {
                (a.name.split(".")[1] if "." in a.name else "__init__", node.lineno)
                for a in node.names
                if a.name.startswith("s2sad")
            }
    return found


FILES = sorted(ROOT.rglob("*.py"))
OTHERS = sorted(p for p in TESTS.rglob("*.py") if p.parent.name not in ("programs", "errors", "golden"))
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))


def test_every_module_has_its_place() -> None:
    assert {layer(p) for p in FILES} <= set(ORDER), "add the new module to the order"
    assert len(set(ORDER)) == len(ORDER)


@EVERY
def test_a_module_imports_only_from_above_itself(path: pathlib.Path) -> None:
    own = ORDER.index(layer(path))
    wrong = []
    for name, line in sorted(imports(path)):
        known = name if name in ORDER else "__init__"
        if known != layer(path) and ORDER.index(known) >= own:
            wrong.append(f"{path.name}:{line} imports {name}")
    assert not wrong


@EVERY
def test_gast_is_for_the_front_end_and_astor_for_the_emitter(path: pathlib.Path) -> None:
    names = {a.name.partition(".")[0] for n in ast.walk(tree(path)) if isinstance(n, ast.Import) for a in n.names}
    names |= {(n.module or "").partition(".")[0] for n in ast.walk(tree(path)) if isinstance(n, ast.ImportFrom)}
    assert "gast" not in names or layer(path) in FRONT_END
    assert "astor" not in names or layer(path) == "printing"
    assert names <= {"s2sad", "numpy", "gast", "astor", "__future__", *sys.stdlib_module_names, *optional(layer(path))}


def optional(name: str) -> set[str]:
    return {"graphviz"} if name in ("cli", "graph") else set()


@pytest.mark.parametrize("path", FILES + OTHERS, ids=lambda p: str(p.relative_to(ROOT.parent)))
def test_files_and_functions_are_short(path: pathlib.Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (FILE_LINES if ROOT in path.parents else TEST_LINES), f"{lines} lines"
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
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
        for n in ast.walk(tree(path))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"
    ]
    assert not prints or layer(path) in PRINTING


def test_importing_the_package_imports_numpy_and_the_two_parsers_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import s2sad; "
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


@EVERY
def test_there_is_nothing_left_to_do(path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not any(mark in text for mark in ("TODO", "FIXME", "XXX", "HACK"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_an_assert_only_tells_types(path: pathlib.Path) -> None:
    """`python -O` leaves asserts out: what has an effect does not stand in one, and what must hold is raised."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assert):
            told = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
            assert not node.msg and all(ast.unparse(t).startswith("isinstance(") or ast.unparse(t).endswith(" is not None") for t in told)
