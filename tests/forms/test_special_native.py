"""What native code calls for a function of scipy.special is the same function of SciPy's Cython module."""

from __future__ import annotations

import ast
import ctypes

import numpy as np
import pytest

from s2sad.native import pointers
from s2sad.rules import late
from s2sad.rules.language import BY_NAME, Primitive

late.load_all()
MODULE = "scipy.special.cython_special"
STATED = [p for p in BY_NAME.values() if p.native.startswith(f"{MODULE}.") and p.location.module.startswith("s2sad.rules.scipy.special")]


@pytest.mark.parametrize("primitive", STATED, ids=[p.name for p in STATED])
def test_the_function_is_the_same(primitive: Primitive) -> None:
    call = ast.parse(primitive.native, mode="eval").body
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    assert [ast.unparse(a) for a in call.args] == [p.name for p in primitive.parameters][: len(call.args)]
    address, count = pointers.found(MODULE, call.func.attr)
    assert count == len(call.args)
    function = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * count)(address)
    for start in (0.3, 0.55, 1.0, 2.0):
        values = [start + 0.25 * k for k in range(count)]
        if count > 1:
            values[0] = np.ceil(start)  # it may be an order
        np.testing.assert_array_equal(function(*values), primitive.callee(*values))  # type: ignore[misc]
