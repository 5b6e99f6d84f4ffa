"""The pages of the documentation, run: every block of code, every output below it, every generated table.

A page is Markdown with these blocks. `python` is executed, all of a page in one namespace; the first line may name
the file it is, `# model.py`. `python raises=Name` has to raise that exception. An expression followed by `# ->` shows
its value there. `python needs=NAME` is executed where that package is installed, and left as it is elsewhere. `text` holds
what the `python` block before it printed, warnings and the last lines of a traceback included. `console` holds commands,
each after `$ `, and what they print. `ipython` is a cell of a notebook, all of a page are run in one shell, and the `text` block
below holds what it shows. Other blocks are left alone.

`renewed(page)` gives the page as it should read; a page that differs from it is out of date.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib.util
import io
import itertools
import linecache
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from s2sad import tape
from s2sad.rules import language, late
from tests import documents_cells, documents_generated

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)[ ]*(.*)$")
VALUE = re.compile(r"  # -> .*$")
GENERATED = re.compile(r"(<!-- generated: (\w+)( [\w. ]+)? -->\n).*?(<!-- end -->\n)", re.DOTALL)
SHOW = "__show__"
LEFT: list[str] = []  # what a block prints that is not run
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d*(?:e[-+]?\d+)?(?![\w.])")


class Stale(Exception):
    """A page that cannot be run, with its name and line."""


@dataclasses.dataclass
class Block:
    """A fenced block: its lines without the fences, and the number of the first of them in the page."""

    kind: str
    options: str
    lines: list[str]
    number: int


def same(found: str, wanted: str) -> bool:
    """Whether two pages agree, but for the last digits of numbers: mathematical libraries differ there."""
    if NUMBER.sub("0.0", found) != NUMBER.sub("0.0", wanted):
        return False
    pairs = zip(NUMBER.findall(found), NUMBER.findall(wanted), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


def parse(text: str) -> list[str | Block]:
    """The page as lines of prose and blocks."""
    parts: list[str | Block] = []
    block: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        fence = FENCE.match(line)
        if block is not None and line == "```":
            parts.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
        elif fence:
            block = Block(fence[1], fence[2], [], number + 1)
        else:
            parts.append(line)
    if block is not None:
        raise Stale(f"the block that begins in line {block.number} does not end")
    return parts


def shown(part: str | Block) -> str:
    if isinstance(part, str):
        return part
    head = f"```{part.kind}{' ' if part.options else ''}{part.options}"
    return "\n".join([head, *part.lines, "```"])


def renewed(page: Path) -> str:
    """The page with its outputs and generated parts as they are today."""
    parts = parse(_generated(page.read_text(encoding="utf-8")))
    cells = iter(documents_cells.outputs([part.lines for part in parts if isinstance(part, Block) and part.kind == "ipython"]))
    with _workshop() as namespace:
        run = _Run(page.name, namespace)
        output: list[str] | None = None
        for part in parts:
            if isinstance(part, str):
                continue
            if output and part.kind != "text":
                raise Stale(
                    f"{page.name}:{part.number}: the block before this one prints {output}, which no text block shows"
                )
            if part.kind == "text":
                if not output and output is not LEFT:
                    raise Stale(f"{page.name}:{part.number}: a text block without a python block before it that prints something")
                part.lines, output = (output if output is not LEFT else part.lines), None
            elif part.kind == "ipython":
                output = next(cells)
            elif part.kind == "python":
                output = run.python(part) if is_there(part.options.partition("needs=")[2]) else LEFT
            elif part.kind == "console":
                run.console(part)
                output = None
        if output:
            raise Stale(f"{page.name}: the last block prints {output}, which no text block shows")
    return "\n".join(map(shown, parts))


def is_there(package: str) -> bool:
    """Whether a package is installed, or none is named."""
    return not package or importlib.util.find_spec(package) is not None


def _generated(text: str) -> str:
    def fill(found: re.Match[str]) -> str:
        make: Callable[..., str] = getattr(documents_generated, found[2])
        return found[1] + make(*(found[3] or "").split()) + found[4]

    return documents_generated.examples(GENERATED.sub(fill, text))


@contextlib.contextmanager
def _forgetting_modules(place: str) -> Iterator[None]:
    """Modules of files in a directory are forgotten afterwards; those of packages stay, which may not be imported twice."""
    before = dict(sys.modules)
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            if name not in before and os.path.realpath(getattr(module, "__file__", None) or "").startswith(os.path.realpath(place)):
                del sys.modules[name]
        sys.modules.update(before)


@contextlib.contextmanager
def _workshop() -> Iterator[dict[str, Any]]:
    """A directory with the examples, a module to run in, and the tables of rules as they were, afterwards."""
    module = types.ModuleType("__main__")
    late.load_all()
    tables = (language.BY_FUNCTION, language.BY_NAME, language.METHODS, language.ATTRIBUTES)
    before, path = Path.cwd(), list(sys.path)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory())
        shutil.copytree(ROOT / "examples", Path(place) / "examples", ignore=shutil.ignore_patterns("__pycache__"))
        for table in tables:
            stack.enter_context(mock.patch.dict(table))
        stack.enter_context(_forgetting_modules(place))
        sys.modules["__main__"] = module
        stack.enter_context(np.printoptions(linewidth=100, legacy=False))
        os.chdir(place)
        sys.path.insert(0, place)
        tape.reset_tape()
        tape.set_verbose(False)
        try:
            yield module.__dict__
        finally:
            os.chdir(before)
            sys.path[:] = path


class _Run:
    """The blocks of one page, run one after the other."""

    def __init__(self, page: str, namespace: dict[str, Any]) -> None:
        self.page, self.namespace = page, namespace
        self.numbers = itertools.count(1)

    def python(self, block: Block) -> list[str]:
        """Execute a block, put the values of its expressions in place, and give what it printed, line by line."""
        text = "\n".join(block.lines) + "\n"
        named = re.match(r"# ([\w/]+\.py)\n", text)
        file = named[1] if named else f"{Path(self.page).stem}_{next(self.numbers)}.py"
        if named:
            Path(file).write_text(text, encoding="utf-8")
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        raises = block.options.partition("raises=")[2]
        with _printed() as printed:
            try:
                self.execute(block, ast.parse(text, file), file)
            except Exception as error:
                if type(error).__name__ != raises:
                    raise Stale(f"{self.page}:{block.number}: {traceback.format_exc()}") from error
                printed.write(f"{type(error).__name__}: {error}\n")
                raises = ""
        if raises:
            raise Stale(f"{self.page}:{block.number}: raises no {raises}")
        return printed.getvalue().rstrip("\n").split("\n") if printed.getvalue() else []

    def execute(self, block: Block, tree: ast.Module, file: str) -> None:
        """Run the whole block as one module, as a file would be; the expressions to be shown hand over their values."""

        def show(line: int, value: Any) -> None:
            block.lines[line] = VALUE.sub(lambda _: f"  # -> {documents_generated.shown(value)}", block.lines[line])

        for node in tree.body:
            line = (node.end_lineno or 0) - 1
            if isinstance(node, ast.Expr) and VALUE.search(block.lines[line]):
                call = ast.Call(ast.Name(SHOW, ast.Load()), [ast.Constant(line), node.value], [])
                node.value = ast.fix_missing_locations(ast.copy_location(call, node.value))
        code = compile(tree, file, "exec", dont_inherit=True)
        self.namespace[SHOW] = show
        exec(code, self.namespace)

    def console(self, block: Block) -> None:
        """Run the commands of a block and put what they print below them."""
        lines: list[str] = []
        for line in block.lines:
            if line.startswith("$ "):
                lines += [line, *self.command(line[2:], block)]
        block.lines = lines

    def command(self, line: str, block: Block) -> list[str]:
        program, *arguments = shlex.split(line)
        if program == "s2sad":
            printed = self.s2sad(arguments)
        elif program == "cat":
            printed = Path(arguments[0]).read_text(encoding="utf-8")
        elif program == "python":
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False
            )
            printed = done.stdout + done.stderr
        else:
            raise Stale(f"{self.page}:{block.number}: {program} is not run by the tests; use a sh block")
        return printed.rstrip("\n").split("\n") if printed else []

    def s2sad(self, arguments: list[str]) -> str:
        from s2sad.cli import main

        # The command loads files as modules; a later command is a process of its own.
        with _printed() as printed, _forgetting_modules(os.getcwd()):
            with contextlib.suppress(SystemExit):
                main(arguments)
        return printed.getvalue()


@contextlib.contextmanager
def _printed() -> Iterator[io.StringIO]:
    """What is printed, warnings included, as a terminal shows it."""
    stream = io.StringIO()

    def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        stream.write(warnings.formatwarning(message, category, filename, lineno, line))

    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream), warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.showwarning = show
        yield stream
