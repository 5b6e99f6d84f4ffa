"""Values written as source are read back to the last bit."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from s2sad.export.literals import NotLiteral, literal


class Point(NamedTuple):
    x: float
    y: float


@pytest.mark.parametrize(
    "value",
    [
        0.1, -0.0, math.inf, -math.inf, 1e-320, 12345678901234567890, True, None, "a'\"\n\\", b"\x00",
        1.5 - 2j, complex(0.0, -0.0), np.float32(0.1), np.float64(-0.0), np.int8(-3), np.bool_(True),
        np.complex64(1 + 2j),
        slice(1, None, -1), [1, [2.0, (3,)], {"a": {1, 2}}], (), {}, set(), frozenset({1.5}), np.dtype(np.float32),
        np.array(2.5), np.zeros((0, 3)), np.array([np.nan, np.inf, -0.0]), np.array([[1, 2]], np.int16),
        np.array(["a b", "c"]), np.array([True, False]), np.array([0.1], np.float32), np.array([1 + 1j]),
        np.arange(1000.0) / 7, np.asfortranarray(np.eye(3)), np.asfortranarray(np.arange(600.0).reshape(20, 30)),
        np.array([1.0, 2.0], ">f8"), np.linspace(0, 1, 300, dtype=np.float32),
    ],
    ids=lambda v: f"{type(v).__name__}_{str(v)[:20]}",
)  # fmt: skip
def test_literals_are_exact(value):
    found = eval(literal(value), {"np": np, "math": math})
    assert type(found) is type(value)
    if isinstance(value, np.ndarray):
        assert (found.dtype, found.shape) == (value.dtype, value.shape)
        assert found.flags.f_contiguous == value.flags.f_contiguous and found.flags.writeable
        assert found.tobytes() == value.tobytes()
    else:
        assert repr(found) == repr(value)


def test_not_a_number_is_written():
    assert math.isnan(eval(literal(math.nan), {"math": math}))


@pytest.mark.parametrize(
    "value",
    [
        object(),
        int,
        np.sum,
        np.array([None]),
        np.array(["2020"], "M8[Y]"),
        np.longdouble(1),
        [object()],
        Point(1.0, 2.0),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_is_no_literal_is_refused(value):
    with pytest.raises(NotLiteral):
        literal(value)
