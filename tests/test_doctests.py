"""The examples in docstrings, each module's on its own."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import types
from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest

import s2sad
from s2sad import elsewhere, tape
from s2sad.rules import language

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NONE = {f"s2sad.{name}" for name in elsewhere.MODULES}  # whose import is an error
MODULES = sorted({"s2sad", *(m.name for m in pkgutil.walk_packages(s2sad.__path__, "s2sad."))} - NONE)
OPTIONAL = {"s2sad.interop.torch": "torch"}  # which needs a library that the tests do without
TABLES = (language.BY_FUNCTION, language.BY_NAME, language.METHODS, language.ATTRIBUTES)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Rules that examples register, and the tape they use, do not outlive them."""
    with (
        mock.patch.dict(TABLES[0]),
        mock.patch.dict(TABLES[1]),
        mock.patch.dict(TABLES[2]),
        mock.patch.dict(TABLES[3]),
    ):
        tape.reset_tape()
        yield
    tape.reset_tape()


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    if name == "s2sad.__main__":
        return
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name], reason=f"pip install '.[{OPTIONAL[name]}]' and this runs")
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder(exclude_empty=True)
    failures: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    for test in finder.find(module, name, extraglobs={"np": np, "__name__": "__main__"}):
        runner.run(test, out=failures.append)
    assert not failures, "".join(failures)


def test_the_public_functions_have_examples() -> None:
    functions = [getattr(s2sad, name) for name in s2sad.__all__]
    without = [f.__name__ for f in functions if isinstance(f, types.FunctionType) and ">>>" not in (f.__doc__ or "")]
    assert without == []
