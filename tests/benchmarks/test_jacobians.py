"""Jacobians and Hessians by each contestant, for pytest-benchmark; the numbers must agree whatever the time."""
from __future__ import annotations

from typing import Any

import pytest

from .jacobians import OTHERS, Row, agree, rows


@pytest.mark.parametrize("contestant", ["compiled", *OTHERS])
@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_jacobians(benchmark: Any, row: Row, contestant: str) -> None:
    calls = row.contestants()
    if contestant not in calls:
        pytest.skip("not installed, or a gradient where a Jacobian is measured")
    benchmark.group = row.name
    found = benchmark(calls[contestant])
    if contestant != "grad":
        agree(found, row.hand(*row.arguments))
