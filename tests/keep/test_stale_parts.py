"""A part of an array that a loop hands on and that may have been written since is not put into another array either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import tape, value_and_jacobian
from s2sad.errors import CannotKeep


def added_to_all(t: Any, u: Any) -> None:
    t[:] += u[0]


def added_to_a_column(t: Any, u: Any) -> None:
    t[:, 0] += u


def put_into_a_column(t: Any, u: Any) -> None:
    t[:, 0] = u


def taken_from_a_row(t: Any, u: Any) -> None:
    t[0] -= u


def copied_to_a_row(t: Any, u: Any) -> None:
    np.copyto(t[1], u)


def put_in_places(t: Any, u: Any) -> None:
    t.put([0, 1, 2], u)


def computed_before(t: Any, u: Any) -> None:
    t[1] = u * 2.0


def collected(write: Callable[[Any, Any], None]) -> Callable[[Any, int], Any]:
    def rows(a: Any, n: int) -> Any:
        a = a * 1.0
        t, u = np.zeros_like(a), a[0]
        for j in range(n):
            a[j] *= 0.5
            write(t, u)
            u = a[:, 0]
        return t

    return rows


@pytest.mark.parametrize("write", [added_to_all, added_to_a_column, put_into_a_column, taken_from_a_row, copied_to_a_row, put_in_places,
                                   computed_before], ids=lambda f: f.__name__)  # fmt: skip
def test_what_may_have_been_written_since_is_not_written_elsewhere(write: Callable[[Any, Any], None]) -> None:
    function, a = collected(write), np.array([[1.0, 2.0, -3.0], [0.5, -1.0, 2.0], [4.0, 0.3, 1.0]])
    with pytest.raises(CannotKeep, match="which array is read depends on the path that was taken"):
        value_and_jacobian(function, control="keep")(a, 3)
    value, jacobian = value_and_jacobian(function)(a, 3)
    np.testing.assert_array_equal(value, function(a, 3))
    np.testing.assert_allclose(jacobian, tape.jacobian(function, (a, 3))[1], rtol=1e-13, atol=0.0)
