"""The types that primitives tell are those of the values that a recording of each program of the corpus computes."""
from __future__ import annotations

import contextlib
from typing import Any
from unittest import mock

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.errors import S2sadError
from s2sad.rules.language import Primitive
from s2sad.rules.results import Unstated, result
from s2sad.types.questions import Undecided
from tests import corpus
from tests.programs import Program
from tests.types.test_results import NOT_STATED
from tests.types.typed import measured, shown, types

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
OFTEN = 20  # calls of one primitive in a program that are looked at


class Watch:
    """Takes the place of `Primitive.evaluate`, and compares what is told with what is computed."""

    def __init__(self) -> None:
        self.evaluate, self.inside = Primitive.evaluate, False
        self.calls: dict[str, int] = {}
        self.faults: list[str] = []

    def __call__(self, primitive: Primitive, bound: list[Any]) -> Any:
        real = self.evaluate(primitive, bound)
        self.calls[primitive.name] = self.calls.get(primitive.name, 0) + 1
        if not self.inside and not primitive.asks and self.calls[primitive.name] <= OFTEN:
            self.inside = True
            try:
                self.compare(primitive, measured(primitive, bound, [types(b, lambda n: n) for b in bound]), real)
            finally:
                self.inside = False
        return real

    def compare(self, primitive: Primitive, typed: list[Any], real: Any) -> None:
        try:
            told = shown(result(primitive, typed))
        except Unstated:
            right = primitive.dynamic is True or primitive.structural or primitive.name in NOT_STATED
        except Undecided:
            right = bool(primitive.dynamic) or any(isinstance(t, np.ndarray) and t.dtype.kind in "iub" for t in typed)
        else:
            right = told == shown(real)
        if not right:  # an error in here would be taken for one of the operation
            self.faults.append(f"{primitive.name} of {typed}")


@corpus.each()
def test_what_is_told_is_what_is_recorded(program: Program) -> None:
    watch = Watch()
    with mock.patch.object(Primitive, "evaluate", lambda primitive, bound: watch(primitive, bound)), contextlib.suppress(S2sadError):
        value_and_grad(program.function, argnums=program.argnums, control="record")(*program.calls[0])
    assert watch.calls and not watch.faults
