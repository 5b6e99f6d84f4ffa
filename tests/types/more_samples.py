"""Calls of primitives that have no derivative, and calls in which whole numbers say how many."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.rule_samples_arrays import Call
from tests.rule_samples_elementwise import each

CAST = ["R(1, 2)", "R(1, 2, 3)", "R(1, 2, 2, 1)", "np.array(1.5)", "[1.0, 2.0]", "[]"]
REDUCED = ["R(1, 2, 4)", "R(1, 2, 3, 4)", "R(1, 2, 3, 4), 0", "R(1, 2, 3, 4), -1, True", "2.5", "[1.0, 0.0]", "I(0, 3, 2, 3), 1"]
LIKE = ["R(1, 2, 2, 3)", "I(1, 3, 4), float", "R(1, 2, 3), None, 'C', True, (2, 2)", "2.5", "[1, 2]", "C(3), 'float32'"]

ROWS: dict[str, list[str]] = {
    **each("np", "float16 float32 complex64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_", CAST),
    **each("np", "all any argmax argmin nanargmax nanargmin count_nonzero", REDUCED),
    **each("np", "all any", [*REDUCED, "R(1, 2, 2, 3), (0, 1), True, M", "R(1, 2, 2, 3), (), np._NoValue, M[:2, None]"]),
    **each("np", "zeros_like ones_like empty_like", LIKE),
    **each("np", "zeros ones empty", ["3", "(2, 3)", "[2, 0], int", "(), np.float32", "np.int64(2), bool"]),
    "np.eye": ["3", "3, 4", "2, None, 1, 'complex64'", "0"], "np.identity": ["3", "2, int"], "np.tri": ["3", "2, 4, -1, int", "-1, 2"],
    "np.indices": ["(2, 3)", "[4]", "()", "(2, 3), float", "(2, 3), int, True"],
    "np.ix_": ["[0, 1], [2]", "I(0, 2, 3), [0, 1], I(0, 2, 4)", "I(0, 3, 2), []"],
    "np.broadcast_shapes": ["(2, 1), (3,)", "4, (1,), ()"],
    "np.promote_types": ["int, np.float32"], "np.can_cast": ["int, float", "np.float64, int, 'same_kind'"], "np.issubdtype": ["int, float"],
    "np.common_type": ["R(1, 2, 3), C(2, 2)", "R(1, 2, 2).astype(np.float32)"],
    "float": ["R(1, 2, 1)", "R(1, 2, 2)", "np.array(2)"], "complex": ["R(1, 2, 1)", "np.array(2.0), 1.0"],
    **each("np", "array asarray", ["[R(1, 2, 3), (1, 2, 3)]", "[[], []]", "[np.float32(1.0), 2]", "np.arange(3), 'float32'"]),
    "last_written": ["R(1, 2, 4), [0, 2, 0]", "R(1, 2, 3, 2), I(0, 2, 4)"],
    "np.copy": ["[R(1, 2, 3), (1, 2, 3)]"],
}  # fmt: skip

BY_SIZES: list[tuple[str, Callable[[Any, Any, Any], Call]]] = [
    *((name, call) for name in ("np.zeros", "np.ones", "np.empty") for call in (
        lambda n, m, k: Call(n), lambda n, m, k: Call((n, 2)), lambda n, m, k: Call([n - 1, m], int), lambda n, m, k: Call((2, n * m)))),
    ("np.full", lambda n, m, k: Call((n, m), 1.5)), ("np.full", lambda n, m, k: Call((n, m), np.ones(3))),
    ("np.full", lambda n, m, k: Call(n, k)), ("np.full", lambda n, m, k: Call((n, m), np.ones((2, 1)), np.float32)),
    ("np.full_like", lambda n, m, k: Call(np.ones(2, int), 1.5, shape=(n, m))), ("np.full_like", lambda n, m, k: Call(np.ones(3), n)),
    ("np.zeros_like", lambda n, m, k: Call(np.ones(2), shape=n)), ("np.zeros_like", lambda n, m, k: Call(n)),
    ("np.eye", lambda n, m, k: Call(n)), ("np.eye", lambda n, m, k: Call(n, k=1)), ("np.eye", lambda n, m, k: Call(n, m, k)),
    ("np.identity", lambda n, m, k: Call(n)), ("np.tri", lambda n, m, k: Call(n, m - 1, k)), ("np.tri", lambda n, m, k: Call(n - 2)),
    ("np.indices", lambda n, m, k: Call((n, m))), ("np.indices", lambda n, m, k: Call((n, m), sparse=True)),
    ("np.linspace", lambda n, m, k: Call(0.0, 1.0, n)), ("np.linspace", lambda n, m, k: Call(0.0, np.ones((2, 3)), num=n, axis=-1)),
    ("np.linspace", lambda n, m, k: Call(0, n, m)), ("np.logspace", lambda n, m, k: Call(0.0, np.ones(2), n - 1, base=np.ones((3, 1)))),
    ("np.geomspace", lambda n, m, k: Call(1.0, 2.0, n, dtype=np.float32)),
    ("np.arange", lambda n, m, k: Call(n)), ("np.arange", lambda n, m, k: Call(n, m)), ("np.arange", lambda n, m, k: Call(0, n, 2)),
    ("np.arange", lambda n, m, k: Call(n, m, 3)), ("np.arange", lambda n, m, k: Call(n, 0, -1)),
    ("np.arange", lambda n, m, k: Call(n, -1, -2)),
    ("np.arange", lambda n, m, k: Call(n, m, k)), ("np.arange", lambda n, m, k: Call(1, n - 1)),
    ("np.arange", lambda n, m, k: Call(n, dtype=float)),
    ("np.arange", lambda n, m, k: Call(n * m)), ("np.arange", lambda n, m, k: Call(n, n + m)), ("np.arange", lambda n, m, k: Call(5, 1, k)),
    (".item", lambda n, m, k: Call(np.ones(3), n)), (".item", lambda n, m, k: Call(np.ones((2, 3)), n, m)),
    ("np.partition", lambda n, m, k: Call(np.ones(3), n)), ("np.partition", lambda n, m, k: Call(np.ones((2, 4)), (n, m), axis=-1)),
    ("np.array", lambda n, m, k: Call([n, m])), ("np.array", lambda n, m, k: Call([[1.5, n]])), ("np.asarray", lambda n, m, k: Call(n)),
    ("np.broadcast_shapes", lambda n, m, k: Call((n, 1), (1, m), (n, m))), ("np.broadcast_shapes", lambda n, m, k: Call((n,), (m,))),
    ("int", lambda n, m, k: Call(n - m)), ("round", lambda n, m, k: Call(n)), ("np.sum", lambda n, m, k: Call([n, m])),
    ("np.maximum", lambda n, m, k: Call(n, np.ones(3))), ("*", lambda n, m, k: Call(n, np.ones(2, np.float32))),
    ("<", lambda n, m, k: Call(np.ones((2, 2)), k)), ("np.sqrt", lambda n, m, k: Call(n * n)), ("/", lambda n, m, k: Call(n, 2)),
    ("+", lambda n, m, k: Call(n, m)), ("-", lambda n, m, k: Call(n, m)), ("*", lambda n, m, k: Call(n, m - 1)),
    ("//", lambda n, m, k: Call(n, 3)),
    ("%", lambda n, m, k: Call(n - m, 3)), ("neg", lambda n, m, k: Call(n)), ("pos", lambda n, m, k: Call(n)),
    ("np.add", lambda n, m, k: Call(n, m)), ("np.multiply", lambda n, m, k: Call(n, 2)), ("np.negative", lambda n, m, k: Call(n)),
    ("np.subtract", lambda n, m, k: Call(3, m)), ("np.int64", lambda n, m, k: Call(n - m)), ("np.int32", lambda n, m, k: Call(n)),
]  # fmt: skip
