"""An extension of IPython and Jupyter: cells that begin with `%%grad` show the gradient of what they define.

`%load_ext s2sad` loads it. It is loaded by IPython alone, which it does not import.
"""
from __future__ import annotations

import argparse
import ast
import html
import importlib
import re
import shlex
from typing import Any, NoReturn

from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import grad
from s2sad.parsing import parse
from s2sad.settings import BACKENDS, CONTROL
from s2sad.tracebacks import entry


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext s2sad` does."""
    shell.register_magic_function(Cells(shell).grad, "cell", "grad")


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext s2sad` does."""
    shell.magics_manager.magics["cell"].pop("grad", None)


class Cells:
    """The cells of a shell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    @entry
    def grad(self, line: str, cell: str) -> Shown:
        """Run the cell, differentiate the last function that it defines, and show the generated code.

        %%grad [--at VALUE ...] [--argnums N ...] [--as NAME] [--control HOW] [--backend WHAT]

        The gradient of `f` is `f_grad` afterwards, or goes by NAME. It is called with the values that follow `--at`, and its source is that
        of this call. A value is an expression without spaces, or in quotation marks: `--at 2 w "np.ones(3)" n=5`. The other options are
        those of `grad`. A function that is a derivative already, as by a decorator, is shown as it is.
        """
        options = OPTIONS.parse_args(shlex.split(line))
        text = "\n" * (1 + _blank(cell)) + self.shell.transform_cell(cell)  # so that lines have the numbers of the cell
        name = self._run(text)
        found = self.shell.user_ns[name]
        if not isinstance(found, Compiled):
            found = grad(found, _argnums(options.argnums), control=options.control, backend=options.backend)
            name = options.name or f"{name}_grad"
            self.shell.user_ns[name] = found
        values = [(word, *self._value(word)) for word in options.at]
        call = f"{name}({', '.join(word for word, _, _ in values)})"
        by_position = [value for _, keyword, value in values if keyword is None]
        by_name = {keyword: value for _, keyword, value in values if keyword is not None}
        return Shown(found, call, [found(*by_position, **by_name)] if values else [])

    def _run(self, text: str) -> str:
        """Run the text of a cell; the name of its last function."""
        cells = getattr(self.shell.compile, "_filename_map", {})
        number = max(cells.values(), default=self.shell.execution_count)  # that of the cell itself, which is the last
        file = self.shell.compile.cache(text, number, raw_code=text)
        try:
            tree = parse(text, file=file)
        except SyntaxError as error:
            raise error.with_traceback(None)  # noqa: B904  it is the same exception
        names = [name for statement in tree.body if (name := _defined(statement))]
        if not names:
            raise _usage("the cell defines no function; define one with def, or name = lambda ...")
        exec(compile(text, file, "exec"), self.shell.user_ns)
        return names[-1]

    def _value(self, word: str) -> tuple[str | None, Any]:
        """The value that a word of the line stands for in the user's namespace, with the name of the parameter where it says one."""
        named = re.match(r"(\w+)=(?!=)(.*)", word, re.DOTALL)
        try:
            return (named[1], self.shell.ev(named[2])) if named else (None, self.shell.ev(word))
        except Exception as error:
            raise _usage(f"--at {word}: {type(error).__name__}: {error}") from None


class Shown:
    """What a cell shows: the call and what it gave, source and generated code."""

    def __init__(self, derivative: Any, call: str, results: list[Any]) -> None:
        self.derivative, self.call, self.results = derivative, call, results

    @property
    def head(self) -> str:
        """The call with its result, or how it is called."""
        return f"{self.call} = {self.results[0]!r}" if self.results else f"{self.call[:-1]}...) is {self.derivative!r}"

    def __repr__(self) -> str:
        return "\n\n".join([self.head, self.derivative.source.rstrip()] if self.results else [self.head])

    def _repr_html_(self) -> str | None:
        """The page of the derivative, where there is one to show."""
        page = getattr(self.derivative, "_repr_html_", lambda: None)() if self.results else None
        return f"<pre>{html.escape(self.head)}</pre>{page}" if page else None


def _defined(statement: ast.stmt) -> str | None:
    """The name of the function that a statement defines, with `def` or as a lambda."""
    match statement:
        case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
    return None


def _blank(cell: str) -> int:
    """How many empty lines a cell begins with, which IPython leaves out."""
    return len(cell) - len(cell.lstrip("\n"))


def _argnums(words: list[str]) -> Any:
    chosen = [int(word) if word.lstrip("-").isdigit() else word for word in words]
    return tuple(chosen) if len(chosen) > 1 else chosen[0] if chosen else 0


def _usage(message: str) -> Exception:
    """What IPython shows as a word about how a magic is used, without a traceback."""
    made: Exception = importlib.import_module("IPython.core.error").UsageError(f"%%grad: {message}")
    return made


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _usage(f"{message}; %%grad? says what there is")


OPTIONS = _Options(prog="%%grad", add_help=False, allow_abbrev=False)
OPTIONS.add_argument("--at", nargs="+", default=[], action="extend")
OPTIONS.add_argument("--argnums", nargs="+", default=[])
OPTIONS.add_argument("--as", dest="name")
OPTIONS.add_argument("--control", choices=CONTROL, default="auto")
OPTIONS.add_argument("--backend", choices=BACKENDS)
