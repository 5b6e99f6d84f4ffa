"""One path for all sizes of the same rank, to rank 6, and nothing large is made while a function is kept."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees, assert_close, assert_identical, made

SIZES = ((2, 3, 4, 2, 3, 2), (3, 2, 2, 4, 2, 3), (5, 4, 3, 2, 2, 2), (2, 2, 2, 2, 2, 2), (7, 2, 2, 3, 2, 2))
LARGEST = 50_000_000  # bytes

# Functions of an array of any rank, and how often something is done.
OF_ANY_RANK = {
    "elementwise": "for _ in range(n):\n    x = np.sin(x) / (1.5 + x * x)\nreturn np.sum(x)",
    "softmax": "for _ in range(n):\n    e = np.exp(x - np.max(x, axis=-1, keepdims=True))\n"
               "    x = e / np.sum(e, axis=-1, keepdims=True)\nreturn np.sum(x * x)",
    "sums over axes": "t = 0.0\nfor k in range(n):\n    t = t + np.sum(np.sum(x, axis=0) ** 2) + np.sum(np.mean(x, axis=-1) ** 2)\n"
                      "return t",
    "parts": "t = 0.0\nfor k in range(n):\n    t = t + np.sum(x[1:] * x[:-1]) + np.sum(np.cos(x[..., ::2])) + np.sum(x[-1] * x[0])\n"
             "return t",
    "writes": "y = np.zeros_like(x)\nfor k in range(len(x)):\n    y[k] = np.sin(x[k]) * n\nreturn np.sum(y * x)",
    "turned": "for _ in range(n):\n    x = np.sin(np.transpose(np.transpose(x)) * 0.5)\nreturn np.sum(np.transpose(x) ** 2)",
    "flat": "y = np.reshape(x, -1)\nfor _ in range(n):\n    y = np.cumsum(np.sin(y))\nreturn np.sum(np.reshape(y, x.shape) * x)",
    "joined": "y = np.concatenate([x, x[:-1]])\nfor _ in range(n):\n    y = np.tanh(y)\nreturn np.sum(y[: len(x)] * x)",
    "beside its means": "for _ in range(n):\n    x = np.tanh(x - np.mean(x, axis=0, keepdims=True))\nreturn np.var(x)",
    "rows": "t = 0.0\nfor row in x:\n    t = t * 0.5 + np.sum(np.sin(row)) * n\nreturn t",
}  # fmt: skip

# Functions of one rank: the sizes of the first call, those of later ones, and the function.
OF_A_RANK: dict[str, tuple[Sequence[tuple[int, ...]], str]] = {
    "inverses": (((2, 2, 2, 2), (3, 2, 2, 2), (2, 5, 3, 3)), "return np.sum(np.linalg.inv(x + 3.0 * np.eye(x.shape[-1])))"),
    "determinants": (((3, 2, 2, 2), (2, 4, 3, 3)), "return np.sum(np.linalg.det(x + 3.0 * np.eye(x.shape[-1])))"),
    "solved": (((2, 3, 3), (4, 2, 2)), "return np.sum(np.linalg.solve(x + 3.0 * np.eye(x.shape[-1]), x))"),
    "einsum, rank 4": (((2, 3, 4, 2), (3, 2, 2, 5)), "return np.sum(np.einsum('abcd,abce->de', x, np.sin(x)))"),
    "einsum, rank 5": (((2, 3, 4, 2, 3), (3, 2, 2, 5, 2)), "return np.sum(np.einsum('abcde,abcdf->ef', x, np.sin(x)))"),
    "einsum of a chain": (((2, 3), (4, 2)), "return np.einsum('ab,cb,cd->', x, np.sin(x), x)"),
    "matmul, rank 5": (((2, 3, 4, 2, 3), (3, 2, 2, 5, 2)), "return np.sum(np.sin(x @ np.swapaxes(x, -1, -2)))"),
    "tensordot": (((2, 3, 4, 2), (3, 2, 2, 5)), "return np.sum(np.tensordot(x, np.sin(x), axes=([0, 1, 2], [0, 1, 2])) ** 2)"),
    "outer": (((2, 3, 4), (3, 2, 5)), "return np.sum(np.sin(np.multiply.outer(x, x)))"),
    "attention": (
        ((2, 3, 4, 2), (3, 2, 2, 5)),
        "s = x @ np.swapaxes(x, -1, -2) / np.sqrt(x.shape[-1])\nfor _ in range(n):\n    s = np.exp(s - s.max(axis=-1, keepdims=True))\n"
        "    s = s / s.sum(axis=-1, keepdims=True)\nreturn np.sum((s @ x) ** 2)",
    ),
}


def wave(shape: tuple[int, ...]) -> np.ndarray:
    return (0.9 * np.sin(1.7 * np.arange(1, math.prod(shape) + 1) ** 1.1) + 0.1).reshape(shape)


def serves_all(function: Callable[..., Any], shapes: Sequence[tuple[int, ...]]) -> None:
    """A function is compiled once, in little memory, for arrays of all these shapes."""
    derivative, recorded = value_and_grad(function, control="keep"), value_and_grad(function, control="record")
    peak = memory_of(lambda: derivative(wave(shapes[0]), 2))
    assert peak < LARGEST, f"{peak / 1e6:.0f} MB"
    for shape in shapes:
        for n in (2, 0, 3):
            gradient = agrees(derivative, function, wave(shape), n)
        assert_close(gradient, recorded(wave(shape), 3)[1], rtol=1e-12)
    assert [path.kept for path in derivative.paths] == [True], "one path, for arrays of any size"


def memory_of(call: Callable[[], Any]) -> int:
    """The most that is held while something is called, beyond what is held before."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.sampled(6)
@pytest.mark.parametrize("rank", range(1, 7))
@pytest.mark.parametrize("name", OF_ANY_RANK)
def test_one_path_serves_all_sizes_of_a_rank(name: str, rank: int) -> None:
    serves_all(made(OF_ANY_RANK[name]), [sizes[:rank] for sizes in SIZES])


@pytest.mark.parametrize("name", OF_A_RANK)
def test_one_path_serves_all_sizes_of_what_contracts_and_inverts(name: str) -> None:
    shapes, body = OF_A_RANK[name]
    serves_all(made(body), shapes)


def test_sizes_of_several_arguments_that_meet_by_chance_are_not_taken_to_be_one() -> None:
    """What is asked of sizes decides, not what they are in the first call."""
    function = made("t = 0.0\nfor _ in range(n):\n    t = t + np.sum(x) * np.sum(y[1:] * y[:-1])\nreturn t", "x, y, n")
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for one, other in ((3, 3), (4, 2), (2, 5), (5, 5)):
        value, _ = derivative(wave((one,)), wave((other,)), 2)
        assert_identical(value, function(wave((one,)), wave((other,)), 2))
    assert [path.kept for path in derivative.paths] == [True]


@pytest.mark.parametrize("rank", range(1, 7))
def test_sizes_of_zero_and_one_have_paths_of_their_own_and_are_right(rank: int) -> None:
    function = made(OF_ANY_RANK["elementwise"])
    derivative = value_and_grad(function, control="keep")
    for sizes in (*SIZES, (1, *SIZES[0]), (*SIZES[0][: rank - 1], 0), (0, *SIZES[1])):
        agrees(derivative, function, wave(sizes[:rank]), 2)
    assert all(path.kept for path in derivative.paths) and len(derivative.paths) <= 4
