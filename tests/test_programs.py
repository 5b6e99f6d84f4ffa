"""Every program of the corpus against every oracle: the function itself, the tape, differences, and the unoptimised code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import trees, value_and_grad
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests import corpus, differences
from tests.corpus import PROGRAMS, answers, check_call, close, single
from tests.programs import Program

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@corpus.each()
def test_value_gradient_and_paths(program: Program) -> None:
    derivative = value_and_grad(program.function, argnums=program.argnums)
    plain = Derivative(program.function, program.argnums, settings=Settings(optimise=False, verify=True))
    seen = set()
    for number in corpus.numbers(program):
        args = program.calls[number]
        gradients = check_call(program, args, derivative)
        rtol = 2e-4 if single(args) else 1e-9
        close(gradients, plain(*args)[1], rtol)
        close(gradients, answers(program).tape(number)[1], rtol)
        if program.differences and number not in seen:
            differences.check(program.function, args, program.argnums, gradients, 2e-3 if single(args) else program.rtol)
            seen.add(number)
    known = derivative.paths
    for args in program.calls:
        derivative(*args)
    assert derivative.paths == known, "a path serves the arguments it was compiled for"


@corpus.each([p for p in PROGRAMS if p.order > 1])
@pytest.mark.long(2)
def test_second_order(program: Program) -> None:
    gradient = answers(program).gradient("record")

    def total(*args: Any) -> Any:
        _, found = gradient(*args)
        return float(sum(np.sum(g * (i + 1.0)) for i, g in enumerate(trees.flatten(found)[0]) if g is not None))

    for number, args in enumerate(program.calls[:2]):
        if not single(args):
            _, gradients = answers(program).second("record", number)
            differences.check(total, args, program.argnums, gradients, max(program.rtol, 1e-6))
