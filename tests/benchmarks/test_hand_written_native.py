"""The adjoints written by hand for Numba checked: value and gradient against those that are interpreted, and nothing is written."""
from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from .native_contestants import assert_agree, by_hand, by_jax, interpreted
from .native_rows import SMALL, Row

every_small_row = pytest.mark.parametrize("row", SMALL, ids=lambda row: row.name)


@pytest.mark.sampled(8)
@every_small_row
def test_the_adjoint_by_hand_gives_value_and_gradient(row: Row) -> None:
    before = [np.copy(each) for each in row.arguments]
    found = by_hand(row)()
    assert all(np.array_equal(now, then) for now, then in zip(row.arguments, before, strict=True))
    assert_agree(row, found, interpreted(row)(), "by hand")


@pytest.mark.sampled(12)
@every_small_row
def test_the_program_in_jax_gives_value_and_gradient(row: Row) -> None:
    pytest.importorskip("jax")
    assert_agree(row, by_jax(row)(), interpreted(row)(), "JAX")
