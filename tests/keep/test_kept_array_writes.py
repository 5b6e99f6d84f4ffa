"""NumPy's functions that write at places: how many there are, only the run knows."""
from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, value_and_grad
from tests.oracles import agrees, made

VECTORS = tuple(np.array(v) for v in ([1.0, -2.0, 3.0, -0.5, 0.25], [-1.0, -2.0, -0.5], [0.5, 1.0, 2.0, 4.0], [-0.5, 3.0, -0.25]))

MASKED = {
    "place": "y = x * 1.0\nnp.place(y, x > 0, [5.0])\nreturn np.sum(y * x)",
    "place of a few numbers": "y = x * 1.0\nnp.place(y, x > 0, x[:2] * 3)\nreturn np.sum(y * x)",
    "place in a matrix": "y = np.outer(x, x)\nnp.place(y, y > 0.5, np.sin(x))\nreturn np.sum(y * y)",
    "place in a loop": "y = x * 1.0\nfor k in range(3):\n    np.place(y, y > k, [0.5 * x[0], x[1]])\nreturn np.sum(y ** 2)",
    "putmask": "y = np.outer(x, x)\nz = y * 2.0\nnp.putmask(y, y > 0.5, np.sin(x))\nnp.putmask(z, z < 0, z ** 2)\nreturn np.sum(y * z)",
    "putmask of a few numbers": "z = x * x[0]\nnp.putmask(z, z > 0.5, [x[1], 2.0])\nnp.putmask(z, z < 0, 3.0)\nreturn np.sum(z * x)",
    "a ufunc at a mask": "y = x ** 3\nnp.square.at(y, y < 0)\nnp.multiply.at(y, x > 0, 1.5)\nreturn np.sum(y * x)",
    "where= and out=": "y = np.outer(x, x)\nnp.multiply(x, 2.0, out=y, where=y > 0.5)\nreturn np.sum(y ** 2)",
}  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("body", MASKED.values(), ids=MASKED)
def test_writes_where_a_mask_is_true(body: str, control: Any) -> None:
    """Some are true, none, all, or one, whichever of these the path was made for."""
    function = made(body, "x")
    for order in (VECTORS, VECTORS[::-1], VECTORS[1:]):
        derivative = value_and_grad(function, control=control)
        for x in order:
            agrees(derivative, function, x)
    assert control == "record" or [path.kept for path in derivative.paths] == [True]


PLACES = {
    "put": ("y = x * 1.0\nnp.put(y, i, 3.0 * x[0])\nreturn np.sum(y ** 2 * x)", True),
    "put of a few numbers": ("y = x * 1.0\nnp.put(y, i, x[1:])\nreturn np.sum(y ** 2)", True),
    "put into a matrix": ("y = np.outer(x, x)\nnp.put(y, i, x * 2)\nreturn np.sum(y ** 2)", True),
    "put, and clip": ("y = np.outer(x, x)\nnp.put(y, 9 * i, x * 2, mode='clip')\nreturn np.sum(y ** 2)", True),
    "put, and wrap": ("y = x ** 2\ny.put(9 * i, x * 2, mode='wrap')\nreturn np.sum(y ** 2)", True),
    "maximum": ("y = x ** 2\nnp.maximum.at(y, i, x[0])\nreturn np.sum(y * x)", True),
    "multiply": ("y = x ** 2\nnp.multiply.at(y, i, np.cos(np.arange(len(i)) + x[0]))\n"
                 "np.negative.at(y, [0, -1, 0])\nreturn np.sum(y * x)", True),
    "rows": ("m = np.outer(x, x)\nnp.multiply.at(m, i, np.sin(x))\nreturn np.sum(m * m)", True),
    "places in a matrix": ("m = np.outer(x, x)\nnp.multiply.at(m, (i, i[::-1]), 1.0 + x[0])\n"
                           "np.maximum.at(m, (i, 0), x[i])\nreturn np.sum(m * m)", True),
    "in a loop": ("t = 0.0\nfor k in range(len(x)):\n    y = x * k\n"
                  "    np.multiply.at(y, i[:k], 2.0 * x[:k])\n    t += np.sum(y ** 2)\nreturn t", False),
    "along an axis": ("m = np.outer(x, x)\nnp.put_along_axis(m, i[:1, None], x[0], 1)\nreturn np.sum(m ** 2)", False),
}  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("name", PLACES)
def test_writes_at_places(name: str, control: Any) -> None:
    """A place that is named twice is written twice; negative ones count from the end."""
    body, any_length = PLACES[name]
    function = made(body, "x, i")
    derivative = value_and_grad(function, control=control)
    for i in (np.array([0, 1, 0]), np.array([2, 2, -1, 1]), np.array([0]), np.array([1, 0, 1])):
        for x in VECTORS[::3]:
            if not any_length and len(i) < len(x):
                continue
            agrees(derivative, function, x, i)
    assert control == "record" or all(path.kept is not None for path in derivative.paths)


def test_a_place_that_is_not_there_is_refused_by_numpy() -> None:
    for body in ("np.put(y, i, 1.0)", "np.multiply.at(y, i, x)", "y = np.outer(x, x)\nnp.put(y, 9 * i, x)"):
        derivative = value_and_grad(made(f"y = x * 1.0\n{body}\nreturn np.sum(y)", "x, i"), control="keep")
        derivative(VECTORS[0], np.array([0, 1, 0, 2, 2]))
        with pytest.raises(IndexError, match="out of bounds"):
            derivative(VECTORS[0], np.array([0, 1, 0, 7, 2]))


@pytest.mark.parametrize("control", ["keep", "record"])
def test_sums_of_segments(control: Any) -> None:
    """They are NumPy's to the last bit, in whatever order it adds them."""
    def f(x: Any, i: Any) -> Any:
        m = np.outer(x, x)
        return np.sum(np.add.reduceat(x, i) ** 2) + np.sum(np.add.reduceat(m, i, axis=1) ** 3) + np.sum(np.add.reduceat(m, i, -2))

    derivative = value_and_grad(f, control=control)
    for i in (np.array([0, 1, 0]), np.array([2, 2, 0, 1]), np.array([0]), np.array([0, 50])):
        for x in (*VECTORS[::3], np.sin(1.7 * np.arange(200.0))):
            if max(i) < len(x):
                agrees(derivative, f, x, i)
    with pytest.raises(IndexError, match="out-of-bounds"):
        derivative(VECTORS[0], np.array([0, 9, 0]))


OVERLAPPING = {
    "multiply": "np.multiply.at(y, [1, 2, 1], y[:3])", "maximum": "np.maximum.at(y, [1, 2, 0], y[1:2] + y[:3])",
    "put": "np.put(y, [0, 1, 2], y[1:3])", "putmask": "np.putmask(y, y > 0, y[1:3])",
    "along an axis": "np.put_along_axis(y, np.array([1, 2]), y[:2], 0)", "a number": "np.multiply.at(y, [0, 0, 1], y[0])",
}  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("write", OVERLAPPING.values(), ids=OVERLAPPING)
def test_numbers_from_the_array_that_is_written_are_read_before(write: str, control: Any) -> None:
    function = made(f"y = x ** 2\nfor k in range(2):\n    {write}\nreturn np.sum(y * x)", "x")
    derivative = value_and_grad(function, control=control)
    for x in VECTORS:
        agrees(derivative, function, x)


def test_place_reads_them_while_it_writes() -> None:
    function = made("y = x ** 2\nnp.place(y, y > 0, y[1:3])\nreturn np.sum(y * x)", "x")
    with pytest.raises(CannotKeep, match=r"np.place\(\) reads numbers from the array that it writes"):
        value_and_grad(function, control="keep")(VECTORS[0])


# Folding


def halved(a: Any, b: Any) -> Any:
    return a * 0.5 + b


def folded(x: Any, n: Any) -> Any:
    total = reduce(halved, x[:n], x[0])
    for k in range(n):
        total += reduce(halved, x[: k + 1]) ** 2 + reduce(lambda a, b: a + k * b, [v * v for v in x[:k]], 0.5)
    return total + reduce(halved, range(1, n), x[1])


def test_folding_what_has_no_known_length() -> None:
    derivative = value_and_grad(folded, control="keep")
    for n in (3, 0, 1, 2):
        for x in VECTORS[::3]:
            agrees(derivative, folded, x, n)
    assert [path.kept for path in derivative.paths] == [True]


def test_folding_nothing_raises() -> None:
    def f(x: Any, n: Any) -> Any:
        return reduce(halved, x[:n])

    derivative = value_and_grad(f, control="keep")
    agrees(derivative, f, VECTORS[0], 2)
    with pytest.raises(TypeError, match="empty iterable"):
        derivative(VECTORS[0], 0)


def test_an_array_of_a_list_is_written_and_what_stands_in_the_list_is_not() -> None:
    def f(x: Any, n: Any) -> Any:
        s = x[0]
        for k in range(n):
            both = np.asarray((x, [1.0, k, 2.0]))
            both[0] *= both[1]
            s, x = s + np.sum(both * both) + x[0], x * 0.9
        return s

    derivative = value_and_grad(f, control="keep")
    for n, x in ((3, VECTORS[1]), (0, VECTORS[3]), (2, VECTORS[3])):
        agrees(derivative, f, x, n)
    assert [path.kept for path in derivative.paths] == [True]
