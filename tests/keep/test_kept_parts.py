"""Parts of arrays in kept code: how long one is depends on where its bounds lie, and shapes on which of two sizes is larger."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import CannotKeep, value_and_grad
from tests.at_random import profile, quiet
from tests.oracles import agrees, made

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # means of nothing


def vector(size: int) -> Any:
    return np.sin(np.arange(1.0, size + 1)) + 1.5


IN_A_LOOP = "s = 0.0\nfor i in range(n):\n    w = {}\n    s += np.sum(w * w) / (1 + len(w)) + np.sum(w)\nreturn s"
PARTS = ("x[i:i + 3]", "x[i:i + n]", "x[i - 1:]", "x[:i + 2]", "x[-i:]", "x[:-i]", "x[n:i:-1]", "x[i::2]", "x[2:5]", "x[-3:]", "x[:3]",
         "x[1:-2]", "x[len(x) - n:]", "x[:len(x) - i][::-1]", "x[i:][:2]", "x[i:i + 3] * x[i:i + 3]", "x[n:] + x[n:]")  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_one_path_serves_parts_that_reach_over_the_end(part: str) -> None:
    function = made(IN_A_LOOP.format(part))
    derivative = value_and_grad(function, control="keep")
    for size, n in itertools.product((6, 2, 1, 3, 4, 5), (2, 0, 1, 3, 5)):
        agrees(derivative, function, vector(size), n)
    assert [path.kept for path in derivative.paths] == [True]


def test_the_mean_of_the_last_block() -> None:
    function = made("s = 0.0\nfor i in range(0, len(x), n):\n    s += np.mean(x[i:i + n] ** 2)\nreturn s")
    derivative = value_and_grad(function, control="keep")
    for size, n in ((8, 3), (6, 3), (2, 5), (7, 4)):
        agrees(derivative, function, vector(size), n)
    assert [path.kept for path in derivative.paths] == [True]


# Where the code needs to know how long a part is

CHECKED = {
    "a window and numbers": ("weights = np.array([1.0, -2.0, 0.5])\ns = 0.0\nfor i in range(n):\n    w = x[i:i + 3]\n"
                             "    s += np.sum(w * weights[:len(w)])\nreturn s", ((6, 4), (5, 3)), ((5, 5), (2, 2))),
    "a window that is written": ("y = np.zeros(len(x) + 2)\nfor i in range(n):\n    y[i:i + 2] = x[i:i + 2] * i\n    y[i:i + 2] += x[i]\n"
                                 "return np.sum(y ** 2)", ((6, 3), (5, 4)), ((4, 4),)),
    "two parts": ("s = 0.0\nfor i in range(n):\n    s += np.sum(x[1:i + 1] * x[:i]) * i\nreturn s", ((6, 3), (5, 4), (3, 3)), ()),
    "two windows": ("s = 0.0\n"
                    "for i in range(n):\n    s += np.sum(x[i + 1:i + 3] * x[i:i + 2])\nreturn s", ((6, 3), (5, 3)), ((3, 2), (1, 1))),
    "numbers and a part": ("s = 0.0\nfor i in range(n):\n    s += np.sum(np.arange(i) * x[:i]) + x[0]\nreturn s", ((6, 3), (5, 4)), ()),
}  # fmt: skip


@pytest.mark.parametrize("form", CHECKED)
def test_a_part_that_is_cut_short_is_noticed(form: str) -> None:
    body, inside, outside = CHECKED[form]
    function = made(body)
    derivative = value_and_grad(function, control="keep")
    for size, n in inside:
        agrees(derivative, function, vector(size), n)
    assert all(path.kept is not None for path in derivative.paths)
    for size, n in outside:
        try:
            agrees(derivative, function, vector(size), n)
        except CannotKeep as error:
            assert error.reason.startswith(("the compiled code does not cover the path", "the code would depend on whether"))
            assert error.location is not None and ("x[" in error.location.text() or "weights[" in error.location.text())
            recorded = value_and_grad(function)
            for _ in range(6):
                agrees(recorded, function, vector(size), n)


def test_a_check_of_a_length_copies_nothing() -> None:
    function = made("m = len(w)\ny = np.zeros(len(x) + m - 1)\n"
                    "for i in range(len(x)):\n    y[i:i + m] += x[i] * w\nreturn np.sum(y ** 2)", "x, w")
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for sizes in ((8, 3), (5, 5), (6, 1), (2, 4)):
        agrees(derivative, function, *map(vector, sizes), argnums=(0, 1))
    assert [path.kept for path in derivative.paths] == [True]
    assert derivative.source.count("raise OtherPath") == 1
    assert "copy" not in derivative.source


def test_the_way_that_is_left_out_is_named() -> None:
    function = made("s = 0.0\nfor i in range(n):\n    s += np.sum(2.0 * np.squeeze(x[i:i + 2]))\nreturn s")
    derivative = value_and_grad(function)
    for n in range(6):
        agrees(derivative, function, vector(8), n)
    assert [path.kept for path in derivative.paths][:2] == [True, None]
    assert derivative.reasons == ()
    agrees(derivative, function, vector(3), 3)  # where the last part is cut short, and has no axis
    (reason,) = derivative.reasons
    assert reason.endswith(":7:27: the code would depend on whether min(i + 2, x.shape[0]) is below i")
    derivative.clear()
    assert derivative.reasons == ()
    kept = value_and_grad(function, control="keep")
    for _ in range(3):
        with pytest.raises(CannotKeep) as caught:
            kept(vector(3), 3)
    assert str(caught.value).splitlines()[1:] == [
        "    7 |         s += np.sum(2.0 * np.squeeze(x[i:i + 2]))",
        "      |                           ^^^^^^^^^^^^^^^^^^^^^^",
        'hint: use control="record"',
    ]


# Which of two sizes is larger

SIZES = {
    "diagonal": "d = np.diagonal(a)",
    "diagonals": "d = np.diagonal(a, k)",
    "np.diag": "d = np.diag(a)",
    "convolution, same": "d = np.convolve(a[0], a[:, 0], 'same')",
    "convolution, valid": "d = np.convolve(a[:, 0], a[0], 'valid')",
    "np.squeeze": "d = np.ravel(np.squeeze(a) * a.sum(axis=0))",
    "singular values": "_, d, _ = np.linalg.svd(a, full_matrices=False)",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", SIZES)
def test_no_size_is_taken_for_larger_than_another_or_than_one(form: str) -> None:
    function = made(f"s = 0.0\nfor k in range(n):\n    {SIZES[form]}\n    s += np.sum(d * d) * len(d)\nreturn s", "a, n")
    for control in ("keep", "auto"):
        derivative = value_and_grad(function, control=control)
        for shape in ((3, 4), (5, 3), (1, 3), (2, 2), (4, 3), (3, 1), (2, 6)):
            matrix = np.sqrt(np.arange(1.0, 1 + np.prod(shape))).reshape(shape) + np.eye(*shape)
            try:
                agrees(derivative, function, matrix, 2)
            except CannotKeep:
                assert control == "keep"
                assert form == "diagonals"


def test_a_part_that_a_branch_takes_and_writes_is_not_read_in_front_of_it() -> None:
    body = """\
y = x * 1.0
for i in range(-1, n):
    if i > 0 and x[0] > 0:
        w = y[-i:]
        w *= 0.9
return np.sum(y * y)"""
    function = made(body)
    derivative = value_and_grad(function, control="keep")
    for size in (3, 5, 1):
        for n in (3, 0, 5):
            agrees(derivative, function, vector(size), n)


# Whatever bounds

BOUNDS = ("", "i", "i + 1", "i + 2", "n", "n - i", "i - n", "-i", "1", "-1", "3", "-3", "len(x)", "len(x) - i", "len(x) - 1", "2 * i")
USES = ("np.sum(w)", "np.sum(w * w) / (1 + len(w))", "len(w) * x[0]", "np.mean(np.append(w, 1.0))", "np.sum(np.outer(w, x))",
        "np.sum(w[::-1] * w)", "np.sum(np.cumsum(w))", "np.max(np.append(w, 0.1)) * w.size", "np.sum(w) * np.sum(v)",
        "np.sum(np.concatenate((w, v)) ** 2)")  # fmt: skip


@st.composite
def programs(draw: Any) -> str:
    def part() -> str:
        steps = draw(st.sampled_from(("", "", "", ":2", ":-1", ":-2")))
        return f"{draw(st.sampled_from(('x', 'x', 'y')))}[{draw(st.sampled_from(BOUNDS))}:{draw(st.sampled_from(BOUNDS))}{steps}]"

    use = draw(st.lists(st.sampled_from(USES), min_size=1, max_size=3))
    write = draw(st.sampled_from(("", f"{part().replace('x[', 'y[')} *= 0.5", f"{part().replace('x[', 'y[')} = x[0]")))
    return (f"y = x * 2.0\ns = 0.0\nfor i in range(n):\n    w = {part()}\n    v = {part()}\n    {write}\n"
            f"    s += {' + '.join(use)}\nreturn s + np.sum(y)")  # fmt: skip


def test_parts_between_any_bounds() -> None:
    @profile(100)
    @given(programs(), st.lists(st.tuples(st.integers(1, 7), st.integers(0, 4)), min_size=3, max_size=5))
    def check(body: str, calls: list[tuple[int, int]]) -> None:
        function = made(body)
        derivative = value_and_grad(function, control="keep")
        with quiet():
            for size, n in calls:
                try:
                    agrees(derivative, function, vector(size), n)
                except CannotKeep:
                    continue

    check()
