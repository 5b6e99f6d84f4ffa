"""What types tell of results without a question: nobody answers here."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.rules.language import BY_FUNCTION
from s2sad.rules.results import result
from s2sad.types.arrays import Array
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size

n, m = Size.of(Symbol("n", 5, 2)), Size.of(Symbol("m", 7, 2))


def told(function: Any, *args: Any, **kwargs: Any) -> Any:
    primitive = BY_FUNCTION[function]
    return result(primitive, primitive.bind(args, kwargs))


def some(*shape: Any, writeable: bool = True) -> Array:
    return Array(float, shape, writeable)


@pytest.mark.parametrize("found, text", [
    (told(np.reshape, some(n * m), (n, -1)), "float64[n, m]"), (told(np.reshape, some(n, m), (m, n)), "float64[m, n]"),
    (told(np.broadcast_to, some(n, 1), (2, n, m)), "float64[2, n, m]"),
    (told(np.concatenate, [some(n), some(m), [1.0]]), "float64[n + m + 1]"),
    (told(np.split, some(2 * n), 2)[0], "float64[n]"), (told(np.split, some(n), [2])[1], "float64[n - 2]"),
    (told(np.array_split, some(n), 2)[0], "float64[((n + 1) // 2)]"), (told(np.repeat, some(n), m), "float64[n*m]"),
    (told(np.diff, some(n), 2), "float64[n - 2]"), (told(np.convolve, some(n), some(n), "same"), "float64[n]"),
    (told(np.linalg.svd, some(n, m)).S, "float64[min(m, n)]"), (told(np.einsum, "ij,jk->ki", some(n, m), some(m, n)), "float64[n, n]"),
    (told(np.diagonal, some(n, n), 1), "float64[n - 1]"), (told(np.tril_indices, n, -1)[0], "int64[((n*n - n) // 2)]"),
    (told(np.pad, some(n), (1, 2), "edge"), "float64[n + 3]"), (told(np.linalg.solve, some(n, n), some(n)), "float64[n]"),
])  # fmt: skip
def test_shapes_follow_without_a_question(found: Array, text: str) -> None:
    assert str(found) == text


@pytest.mark.parametrize("function, args, error", [
    (np.reshape, (some(n), (m,)), "cannot reshape array of size n into shape"), (np.dot, (some(n), some(m)), "not aligned: n and m"),
    (np.linalg.inv, (some(n, m),), "must be square: n and m elements"), (np.vstack, ([some(n), some(m)],), "match exactly: n and m"),
])  # fmt: skip
def test_errors_speak_of_sizes(function: Any, args: Any, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        told(function, *args)


@pytest.mark.parametrize("view, writeable", [
    (told(np.diagonal, some(n, n)), False), (told(np.broadcast_to, some(n), (2, n)), False), (told(np.transpose, some(n, m)), True),
    (told(np.transpose, some(n, m, writeable=False)), False), (told(np.squeeze, some(n, 1, writeable=False), 1), False),
    (told(np.sort, some(n, writeable=False)), True), (told(np.split, some(4, writeable=False), 2)[0], False),
])  # fmt: skip
def test_a_view_may_be_written_to_if_its_array_may(view: Array, writeable: bool) -> None:
    assert view.writeable is writeable
