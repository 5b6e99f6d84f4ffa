"""How arrays lie in memory decides what is a view: calls with other layouts, recorded and kept, on one gradient."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, value_and_grad
from tests.oracles import assert_close, assert_identical, module

MADE = ("x * 2.0", "x.T * 2.0", "np.copy(x.T)", "np.tanh(x.T)", "np.where(x.T > 2.0, x.T, 1.0)", "np.concatenate([x.T, x.T], axis=1)",
        "np.zeros_like(x.T) + x.T", "x[::2] + 1.0", "x[:, ::2] + 0.0", "x.copy()", "np.array(x)", "np.zeros(x.shape) + 1.0 * x",
        "np.zeros((2, 2)) + x[0, 0]", "np.copy(x, order='F')")  # fmt: skip
TAKEN = ("y.reshape(-1)", "np.ravel(y)", "np.ascontiguousarray(y).reshape(-1)", "y[:, 0].reshape(-1)", "y.T.reshape(-1)", "y[1:].ravel()",
         "np.asarray(y, order='F')[:, 0]", "np.reshape(y, -1, order='F')", "np.ascontiguousarray(y)[0]", "np.asfortranarray(y)[0]",
         "y.astype(float, order='C', copy=False)[0]", "y.T[0]", "y[0]")  # fmt: skip


def layouts() -> list[Any]:
    """The same numbers in the order of C, in that of Fortran, with gaps, transposed."""
    x = np.arange(12.0).reshape(4, 3) + 1.0
    wide = np.zeros((8, 6))
    wide[::2, ::2] = x
    return [x, np.asfortranarray(x), wide[::2, ::2], np.ascontiguousarray(x.T).T]


@pytest.mark.sampled(32)
@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("made", MADE)
def test_one_gradient_for_every_layout(made: str, taken: str) -> None:
    function = module(f"import numpy as np\n\n\ndef f(x, n):\n    y = {made}\n    v = {taken}\n    for i in range(n):\n"
                      "        v[i] = v[i] * 3.0 + x[0, 0]\n    return np.sum(y * y) + v[0]\n").f  # fmt: skip
    recorded, kept = value_and_grad(function, control="record"), value_and_grad(function, control="keep")
    for x in (*layouts(), *reversed(layouts())):
        for n in (2, 1):
            wanted = function(x, n)
            value, gradient = recorded(x, n)
            assert_identical(value, wanted)
            try:
                found = kept(x, n)
            except CannotKeep:
                continue
            assert_identical(found[0], wanted)
            assert_close(found[1], gradient, 1e-12)


def test_whether_two_arrays_share_memory_is_not_kept() -> None:
    function = module("import numpy as np\n\n\ndef f(x, n):\n    y = x * 2.0\n    for i in range(n):\n        v = y[i]\n"
                      "        if np.shares_memory(v, y):\n            v[0] = 1.0\n    return np.sum(y)\n").f  # fmt: skip
    with pytest.raises(CannotKeep, match="the memory layout of arrays is known on a recorded path only"):
        value_and_grad(function, control="keep")(layouts()[0], 2)


def test_elements_written_across_the_order_of_an_array() -> None:
    function = module("import numpy as np\n\n\ndef f(x):\n    t = np.asfortranarray(np.outer(x, x))\n    t.flat[1] = 5.0 * x[0]\n"
                      "    c = t.reshape(-1, order='F')\n    c[0] = x[1] * 3.0\n    return np.sum(t * t)\n").f  # fmt: skip
    value, gradient = value_and_grad(function, control="record")(np.array([2.0, 3.0]))
    assert value == 81.0 + 100.0 + 36.0 + 81.0  # t = [[3 x1, 5 x0], [x1 x0, x1 x1]]
    assert_close(gradient, np.array([2 * 10.0 * 5.0 + 2 * 6.0 * 3.0, 2 * 9.0 * 3.0 + 2 * 6.0 * 2.0 + 4 * 27.0]), 1e-12)


def test_what_is_computed_in_the_memory_of_a_large_array_lies_as_it_would_elsewhere() -> None:
    """The sum adds in the order in which the numbers lie."""

    def f(x: Any, y: Any) -> Any:
        return np.sum(np.sin(x.T) * y + x.T)

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 50)), rng.normal(size=(50, 40))
    assert value_and_grad(f)(x, y)[0] == f(x, y)
