"""What tests of facts state them with: rules that are forgotten afterwards, and what becomes of a function by them."""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

import s2sad
from s2sad.errors import CannotKeep
from s2sad.rules import language
from s2sad.rules.language import BY_NAME

Test = Callable[[], None]
TESTS: dict[str, Test] = {}
GIVEN: list[Any] = []  # what a function of this module was given


def honours(fact: str) -> Callable[[Test], Test]:
    def add(test: Test) -> Test:
        TESTS[fact] = test
        return test

    return add


@contextlib.contextmanager
def rules(*without: str) -> Iterator[None]:
    """Rules registered in here are forgotten afterwards; those for the names given do not hold in here."""
    gone = {name: BY_NAME[name].callee for name in without}
    with mock.patch.dict(language.BY_NAME), mock.patch.dict(language.BY_FUNCTION):
        for name, function in gone.items():
            del BY_NAME[name], language.BY_FUNCTION[function]
        GIVEN.clear()
        yield


def source(f: Callable[..., Any], *args: Any, control: str = "record") -> str:
    slope = s2sad.grad(f, control=control)
    slope(*args)
    return "\n".join(lines(slope.source))


def refused(f: Callable[..., Any], *args: Any) -> str:
    """Why the control flow of a function cannot be kept."""
    with pytest.raises(CannotKeep) as error:
        s2sad.grad(f, control="keep")(*args)
    return str(error.value)


def serves(f: Callable[..., Any], *calls: tuple[Any, ...]) -> int:
    """How many paths serve these calls, where control flow is kept."""
    slope = s2sad.grad(f, control="keep")
    for args in calls:
        slope(*args)
    return len(slope.paths)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
