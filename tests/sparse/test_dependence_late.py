"""What rules of late tables say of the elements that a result depends on."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.rules.language import rule_of
from tests.rule_samples_arrays import drawing
from tests.sparse.test_dependence import Operation

draw, _ = drawing(22)
SLOPES: list[tuple[list[Any], dict[str, Any]]] = [
    ([draw(5)], {}), ([draw(5)], {"edge_order": 2}), ([draw(2)], {}), ([draw(3, 4)], {}), ([draw(3, 4)], {"axis": 0, "edge_order": 2}),
    ([draw(3, 4)], {"axis": (1, 0)}), ([draw(4), 0.5], {}), ([draw(4), np.array([0.0, 0.3, 1.0, 1.4])], {"edge_order": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("args", "kwargs"), SLOPES)
def test_slopes_depend_on_neighbours(args: list[Any], kwargs: dict[str, Any]) -> None:
    primitive = rule_of(np.gradient)
    assert primitive is not None
    operation = Operation(primitive, primitive.bind(tuple(args), kwargs))
    pattern, moving = operation.pattern(), operation.moving()
    assert not (moving & ~pattern).any()
    size = np.size(args[0])
    assert pattern[:, :size].sum() < pattern[:, :size].size or size < 3  # by the values, not all on all


@pytest.mark.parametrize(("args", "kwargs"), [
    ([draw(3, 4), 0.3], {"axis": 1}), ([draw(3, 4), 0.3], {"axis": 0, "keepdims": True}), ([draw(3, 4), np.array([0.3, 0.6])], {"axis": 1}),
    ([draw(3, 4), np.float64(0.3)], {}),
])  # fmt: skip
def test_a_quantile_depends_on_what_is_gone_over(args: list[Any], kwargs: dict[str, Any]) -> None:
    primitive = rule_of(np.quantile)
    assert primitive is not None
    operation = Operation(primitive, primitive.bind(tuple(args), kwargs))
    pattern, moving = operation.pattern(), operation.moving()
    assert not (moving & ~pattern).any()
    assert np.ndim(args[1]) or pattern[:, :12].sum() == 12
