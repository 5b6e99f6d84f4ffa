"""Small arrays of known sizes as rows of a few arrays: which are, and that the numbers are the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import jacrev
from s2sad.native.small_arrays import in_rows
from tests.native.plainly import uncompiled_fixture  # noqa: F401

TEXT = """\
def f(u, b):
    p = np.empty(3)
    axis = np.zeros(3)
    # a product
    for i in range(3):
        p[i] = u[i] + axis[i]
    if b:
        {other}
        q[0] = p[0]
    {used}
    return p[1] + axis[2]
"""


def test_small_arrays_are_rows_of_one() -> None:
    found = in_rows(TEXT.format(other="q = np.empty(3)", used="np.dot(p, axis, u)"))
    assert "    rows_of_3 = np.empty((3, 3))\n    p = rows_of_3[0]\n" in found
    assert "        q = rows_of_3[2]\n" in found
    for b in (True, False):
        space: dict[str, Any] = {"np": np}
        exec(found, space)
        with pytest.raises(ValueError, match="output array"):  # the product is asked for in an array of another size
            space["f"](np.arange(4.0), b)
    used = in_rows(TEXT.format(other="q = np.empty(3)", used="pass"))
    exec(used, space)
    assert space["f"](np.arange(4.0), True) == 1.0, "what begins with zeros is filled with them"


@pytest.mark.parametrize(("other", "used"), [
    ("q = np.empty(3)", "return p, axis, q"), ("q = np.empty(3, np.int64)", "p = axis; axis = p"),
    ("q = np.empty(65)", "keep(p)"), ("q = np.empty(u.shape[0])", "u = p"), ("q = np.empty(4)", "u[:] = p[:]"),
])  # fmt: skip
def test_others_are_made_by_themselves(other: str, used: str) -> None:
    text = TEXT.format(other=other, used=used)
    assert in_rows(text) == text


def turned(axis: Any, point: Any) -> Any:
    """A rotation, of which many small arrays are made."""
    angle = np.sqrt(axis @ axis)
    unit = axis / angle
    away = np.cross(unit, point)
    if angle < 1.0:
        away = away * np.cos(angle) + np.cross(unit, away)
    return (away + point * np.sin(angle))[:2] / point[2]


@pytest.mark.usefixtures("uncompiled")
def test_a_jacobian_of_small_arrays_is_the_same() -> None:
    native, python = (jacrev(turned, argnums=(0, 1), backend=backend) for backend in ("numba", "python"))
    for scale in (0.3, 2.0, 0.1):
        axis, point = scale * np.array([0.5, -0.7, 0.4]), np.array([0.3, 0.2, 1.4])
        for one, other in zip(native(axis, point), python(axis, point), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-14)
    assert "= rows_of_3[1]\n" in native._last.native_text
    assert sum(native.stats().left) == 0
