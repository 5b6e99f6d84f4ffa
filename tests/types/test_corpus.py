"""The types of each statement are those that its primitive tells: of what a recording of each program of the corpus has computed, and of
what is kept of it, as it was written down and after each pass."""

from __future__ import annotations

import contextlib

import pytest

from s2sad.api.derivatives import Derivative
from s2sad.errors import InvalidIR, S2sadError
from s2sad.settings import Settings
from tests.corpus import PROGRAMS
from tests.programs import Program

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::s2sad.errors.SlowPathWarning")


@pytest.mark.sampled(40)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
@pytest.mark.parametrize("control", ["record", "keep"])
def test_each_statement_has_the_type_that_its_primitive_tells(program: Program, control: str) -> None:
    derivative = Derivative(program.function, program.argnums, settings=Settings(verify=True, control=control))
    with contextlib.suppress(S2sadError):
        try:
            derivative(*program.calls[0])
        except InvalidIR as error:
            raise AssertionError(error) from error
