"""Sparse Jacobians by each contestant give the same numbers."""
from __future__ import annotations

import pytest

from .sparse import Row, agree, rows, tolerance


@pytest.mark.parametrize("row", rows(40), ids=lambda row: row.name)
def test_contestants_agree(row: Row) -> None:
    for name, call in row.contestants().items():
        agree(call(), row.hand(row.x), tolerance(name))
