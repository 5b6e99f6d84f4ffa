"""Docs name each function of s2sad that generated code calls: what the code of programs calls is among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.errors import S2sadError
from s2sad.runtime import stacks
from tests import corpus
from tests.documents_helpers import example, native_helpers, python_helpers, said
from tests.programs import Program

OTHERS = {"checkpoint"}  # which the function itself names


def called(derivative: Any) -> dict[str, Any]:
    """What the names in generated code stand for, of those that s2sad has."""
    found = {n: v for path in derivative.paths for n, v in path.built.text.namespace.items()}
    return {n: v for n, v in found.items() if str(getattr(v, "__module__", "")).startswith(("s2sad.runtime", "s2sad.machine"))}


@corpus.each()
@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.long(6)
def test_what_generated_code_calls_is_named(program: Program, control: str) -> None:
    derivative = corpus.value_and_grad(program.function, argnums=program.argnums, control=control)
    try:
        with np.errstate(all="ignore"):
            derivative(*program.calls[0])
    except (S2sadError, ArithmeticError, ValueError):
        return  # refused here, which other tests are about
    assert {name for name in called(derivative) if name.rstrip("_0123456789") not in python_helpers()} - OTHERS == set()


def test_every_helper_says_what_it_is() -> None:
    assert [name for name, value in {**python_helpers(), **native_helpers()}.items() if not said(value).endswith((".", "..."))] == []
    assert example(stacks.item_of) == "`item_of([0.5, 1.5], -1)` gives `1.5`"
