"""Jacobians of the programs of the corpus: each value times three numbers has a gradient times each of these as a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, trees
from s2sad.api.jacobians import ForwardJacobian, Jacobian, ReverseJacobian
from s2sad.settings import Settings
from tests import corpus
from tests.corpus import answers, single
from tests.programs import Program

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
WEIGHTS = np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("kind", [ReverseJacobian, ForwardJacobian])
@corpus.part(400, 24)
def test_rows_are_multiples_of_the_gradient(program: Program, kind: type[Jacobian], control: str) -> None:
    def rows(*args: Any) -> Any:
        return program.function(*args) * WEIGHTS

    derivative = kind(rows, program.argnums, with_value=False, settings=Settings(control=control))
    for number, args in enumerate(program.calls[:2]):
        try:
            found = derivative(*args)
        except CannotKeep:
            pytest.skip("the program is recorded")
        close(found, answers(program).tape(number)[1], 2e-4 if single(args) else 1e-9, kind is ReverseJacobian)


def close(found: Any, gradients: Any, rtol: float, dtypes: bool) -> None:
    """The rows are the gradients times the weights, of their dtype; in forward mode of that of the value."""
    (ours, _), (theirs, _) = (trees.flatten(v, opened=trees.EVERY) for v in (found, gradients))
    for one, gradient in zip(ours, theirs, strict=True):
        if gradient is None:
            assert one is None
            continue
        want = WEIGHTS.reshape(3, *(1,) * np.ndim(gradient)) * gradient
        assert one.shape == want.shape
        assert not dtypes or one.dtype == np.asarray(gradient).dtype
        np.testing.assert_allclose(one, want, rtol, rtol)
