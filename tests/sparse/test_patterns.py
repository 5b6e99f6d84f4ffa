"""Patterns of functions, and what a pattern shows."""
from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import NotDifferentiable, S2sadError, UnsupportedSyntax
from s2sad.sparse import colouring
from s2sad.sparse.pattern import Pattern


def matrix(f: Any, *args: Any, **options: Any) -> np.ndarray:
    return s2sad.sparsity(f, **options)(*args).matrix.toarray().astype(int)


def banded(n: int, below: int, above: int) -> np.ndarray:
    return np.tri(n, n, above, int) - np.tri(n, n, -below - 1, int)


def burgers(u: Any) -> Any:
    left, right = np.roll(u, 1), np.concatenate([u[1:], [0.0]])
    left[0] = 0.0
    return 0.1 * (right - 2.0 * u + left) - u * (right - left) / 2.0


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def test_a_stencil_is_a_band() -> None:
    assert (matrix(burgers, np.ones(7)) == banded(7, 1, 1)).all()


def test_the_pattern_of_a_gradient_is_that_of_the_hessian() -> None:
    assert (matrix(s2sad.grad(rosenbrock), np.ones(6)) == banded(6, 1, 1)).all()


def test_ten_thousand_elements_take_less_than_a_second() -> None:
    patterns = [s2sad.sparsity(burgers), s2sad.sparsity(s2sad.grad(rosenbrock))]
    for pattern in patterns:
        pattern(np.ones(8))
        start = time.process_time()
        found = pattern(np.linspace(0.0, 1.0, 10_000))
        assert found.colours == 3
        assert time.process_time() - start < 0.8
        assert found.nnz == 29_998


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_loops_and_writes(control: str) -> None:
    def f(x: Any) -> Any:
        out = np.zeros_like(x)
        for i in range(1, len(x)):
            if x[i] > 0:
                out[i] = x[i] * x[i - 1]
            else:
                out[i] += x[0]
        return out

    pattern = s2sad.sparsity(f)
    for x in (np.ones(4), np.array([1.0, -1.0, 1.0, -1.0]), np.ones(4), np.ones(5)):
        wanted = np.zeros((len(x), len(x)), int)
        for i in range(1, len(x)):
            wanted[i, [i, i - 1] if x[i] > 0 else [0]] = 1
        assert (pattern(x).matrix.toarray() == wanted).all()


def test_what_is_not_guarded_decides_anew() -> None:
    """An array of indices, a mask, and the zeros of a matrix are arguments: the path holds for others, the pattern does not."""
    pattern = s2sad.sparsity(lambda x, index, mask, a: np.concatenate([x[index], x[mask], a @ x]))
    for seed in range(3):
        rng = np.random.default_rng(seed)
        index, mask, a = rng.permutation(4)[:2], rng.permutation([True, False, True, False]), rng.integers(0, 2, (3, 4)) * 1.0
        found = pattern(np.ones(4), index, mask, a)
        assert (found.matrix.toarray() == np.concatenate([np.eye(4)[index], np.eye(4)[mask], a])).all()
        assert not found.fixed and "for these values alone" in repr(found)
        assert pattern(np.zeros(4), index, mask, a) is found


def test_a_pattern_is_kept_for_the_path() -> None:
    pattern = s2sad.sparsity(burgers)
    first = pattern(np.ones(5))
    assert first.fixed and pattern(np.zeros(5)) is first
    assert pattern(np.ones(6)).shape == (6, 6) and pattern(np.ones(5)) is first


SCALES = {"shift": 1}


def test_what_stands_outside_is_asked_again() -> None:
    pattern = s2sad.sparsity(lambda x: np.roll(x, SCALES["shift"]))
    for SCALES["shift"] in (1, 2):
        assert (pattern(np.ones(4)).matrix.toarray() == np.roll(np.eye(4), SCALES["shift"], 0)).all()


def test_effects_happen_once_in_a_call(capsys: Any) -> None:
    def f(x: Any) -> Any:
        print("called")
        return x * x

    pattern = s2sad.sparsity(f)
    for _ in range(2):
        pattern(np.ones(2))
        assert capsys.readouterr().out == "called\n"


def test_several_arguments_and_containers() -> None:
    def f(p: Any, q: Any) -> Any:
        return {"first": p["w"] * q, "count": 3, "second": p["b"] + q[0]}

    p, q = {"w": np.ones(2), "b": 1.0, "n": 4}, np.array([1, 2])
    assert (matrix(f, p, q, argnums=("p", 1)) == [[1, 0, 0, 1, 0], [0, 1, 0, 0, 1], [0, 0, 1, 1, 0]]).all()


def test_what_has_no_derivative_counts_as_a_constant() -> None:
    assert matrix(lambda x: np.floor(x) + np.argsort(x) * x[0], np.ones(3)).tolist() == [[1, 0, 0]] * 3


def test_a_picture(tmp_path: Any) -> None:
    pattern = s2sad.sparsity(lambda x: x[::-1])(np.ones(3))
    assert pattern.picture() == "..#\n.#.\n#.."
    assert Pattern(np.eye(200)).picture(4) == "#...\n.#..\n..#.\n...#"
    pattern.save(tmp_path / "pattern.svg")
    assert (tmp_path / "pattern.svg").read_text().count("<rect") == 4
    with pytest.raises(ValueError, match=r"does not end in \.svg"):
        pattern.save("pattern.png")
    assert repr(pattern) == "<pattern of 3 x 3, 3 elements, 1 colour>"


def test_an_empty_pattern_has_no_picture() -> None:
    assert s2sad.sparsity(np.diff)(np.ones(1)).picture() == ""


def test_the_colours_are_those_of_the_mode_that_there_is() -> None:
    """A pullback of the user's takes a seed for each row, though the one column would take one."""
    spread = s2sad.custom_vjp(lambda x: x * np.arange(4.0))
    spread.defvjp(lambda x: (x * np.arange(4.0), None), lambda _, g: (g @ np.arange(4.0),))
    assert s2sad.sparsity(lambda x: x * np.arange(4.0))(1.0).colours == 1
    assert s2sad.sparsity(lambda x: spread(x))(1.0).colours == 4


def test_rows_of_one_colour_share_no_column() -> None:
    rng = np.random.default_rng(5)
    for density in (0.02, 0.2, 0.7):
        pattern = Pattern(rng.random((40, 30)) < density)
        colours = pattern.rows
        for colour in range(pattern.colours):
            assert pattern.matrix.toarray()[colours == colour].sum(axis=0).max() == 1
        assert ((colours >= 0) == pattern.matrix.toarray().any(axis=1)).all()
    assert colouring.number(colouring.of_columns(Pattern(np.ones((1, 9))).matrix)) == 9


def test_what_is_dense_is_refused() -> None:
    with pytest.raises(NotDifferentiable, match="the Jacobian is not sparse"):
        s2sad.sparsity(lambda x: x / np.linalg.norm(x))(np.ones(12_000))


def test_it_is_not_followed() -> None:
    with pytest.raises(UnsupportedSyntax, match="inside a function that is followed"):
        s2sad.grad(lambda x: np.sum(x * s2sad.sparsity(np.sin)(x).nnz))(np.ones(2))


@pytest.mark.parametrize(("f", "x", "reason"), [
    (lambda x: np.real(x), np.ones(2) * 1j, "an argument is complex, and a Jacobian is of real arguments"),
    (lambda x: x * 1j, np.ones(2), "returns a complex value, and a Jacobian is of real ones"),
    (lambda x: None, np.ones(2), "returns a NoneType, which has no derivative"),
    (lambda x: x > 0.0, np.ones(2), "returns a ndarray, which has no derivative"),
    (lambda x: [x > 0.0], np.ones(2), "returns no floats, which has no derivative"),
])  # fmt: skip
def test_what_has_no_jacobian_has_no_pattern(f: Any, x: Any, reason: str) -> None:
    for refusing in (s2sad.sparsity(f), s2sad.jacobian(f)):
        with pytest.raises(NotDifferentiable) as refused:
            refusing(x)
        assert reason in refused.value.reason  # the message shows the line, which has all reasons here
        assert refused.value.location is not None and refused.value.hint


def test_what_grad_refuses_is_refused() -> None:
    with pytest.raises(S2sadError):
        s2sad.sparsity(lambda x: np.ma.average(x))(np.ones(2))
