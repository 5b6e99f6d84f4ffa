"""Sparse Jacobians and Hessians against dense ones."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import s2sad
from s2sad import trees
from s2sad.api.sparse_jacobians import SparseHessian, SparseJacobian
from s2sad.errors import NotDifferentiable, UnsupportedMutation, UnsupportedSyntax
from s2sad.machine.transforms import differentiable
from s2sad.settings import Settings
from s2sad.sparse import colouring, compression
from s2sad.sparse.pattern import Pattern
from tests import corpus
from tests.at_random import profile
from tests.corpus import PROGRAMS
from tests.programs import Program
from tests.sparse.test_patterns import burgers, rosenbrock


def dense(f: Any, *args: Any, argnums: Any = 0) -> np.ndarray:
    """The Jacobian, row by row: a row for each float of the value, a column for each float of the arguments."""
    value, pullback = s2sad.vjp(f, *args, argnums=argnums)
    leaves, structure = trees.flatten(value)
    rows, given_ = [], trees.flatten([args[k] for k in np.atleast_1d(argnums)], opened=trees.EVERY)[0]
    for k, leaf in enumerate(leaves):
        for place in np.ndindex(np.shape(leaf)) if differentiable(leaf) else ():
            seeds = [np.zeros(np.shape(x)) for x in leaves]
            seeds[k][place] = 1.0
            found = trees.flatten(pullback(trees.unflatten(structure, seeds)), opened=trees.EVERY)[0]
            rows.append(np.concatenate([np.zeros(0), *[np.ravel(c) for c, x in zip(found, given_, strict=True) if differentiable(x)]]))
    return np.array(rows)


def agree(f: Any, *args: Any, argnums: Any = 0) -> Any:
    found, wanted = SparseJacobian(f, argnums)(*args), dense(f, *args, argnums=argnums)
    assert found.shape == wanted.shape and found.format == "csr"
    np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-13, atol=1e-13 * np.abs(wanted).max(initial=0.0))
    return found


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_band(control: str) -> None:
    found = agree(burgers, np.linspace(0.0, 1.0, 12))
    assert found.nnz == 34 and found.dtype == np.float64
    assert agree(s2sad.grad(rosenbrock), np.linspace(0.0, 1.0, 9)).nnz == 25


def test_single_precision() -> None:
    for f, rtol in ((burgers, 1e-6), (lambda x: x[1:] * x[:-1] ** 2, 1e-6), (lambda x: np.sum(x.reshape(-1, 3) ** 2, axis=1), 1e-6)):
        x = np.linspace(0.0, 1.0, 6, dtype=np.float32)
        found, wanted = SparseJacobian(f)(x), s2sad.jacobian(f)(x)
        assert found.dtype == wanted.dtype
        np.testing.assert_allclose(found.toarray(), wanted, rtol=rtol)


def steps(n: Any) -> Any:
    """An operation on a vector of n elements, and how many it gives."""
    index = st.lists(st.integers(-n, n - 1), min_size=1, max_size=6)
    return st.one_of(
        st.tuples(st.just("take"), index), st.tuples(st.just("write"), index), st.tuples(st.just("add"), index),
        st.tuples(st.just("slice"), st.slices(n).filter(lambda s: len(range(*s.indices(n))))),
        st.tuples(st.just("roll"), st.integers(-3, 3)),
        st.tuples(st.just("mask"), st.lists(st.booleans(), min_size=n, max_size=n).filter(any)),
        st.tuples(st.just("pad"), st.sampled_from(["edge", "wrap", "constant"])), st.tuples(st.just("diff"), st.just(n > 1)),
        st.tuples(st.just("turned"), st.none()), st.tuples(st.just("convolved"), st.none()), st.tuples(st.just("rows"), st.just(n % 2)),
    )  # fmt: skip


def done(x: Any, what: str, how: Any) -> Any:
    match what:
        case "take":
            return x[np.array(how)] * x[0]
        case "write" | "add":
            y = x.copy() if what == "write" else np.sin(x)
            values = x[: len(how)] if len(how) <= len(x) else np.exp(x[0])
            if what == "write":
                y[how] = values
            else:
                np.add.at(y, how, values)
            return y
        case "slice":
            return np.tanh(x[how])
        case "roll":
            return np.roll(x, how) * x
        case "mask":
            return np.concatenate([x[np.array(how)], x[-1:] ** 2])
        case "pad":
            return np.pad(x, 1, mode=how)
        case "diff":
            return np.diff(x) if how else x
        case "turned":
            return x[::-1] + np.where(x > 0.5, x, 0.0)
        case "convolved":
            return np.convolve(x, [1.0, 0.0, -1.0], mode="same")
        case _:
            return np.sum(np.reshape(x, (2, -1)), axis=0) if not how else np.cumsum(x)


@st.composite
def programs(draw: Any) -> tuple[np.ndarray, list[tuple[str, Any]]]:
    """An argument, and the steps that are taken from it."""
    x = y = np.linspace(0.2, 0.9, draw(st.integers(1, 7)))
    program = []
    for _ in range(draw(st.integers(1, 4))):
        program.append(draw(steps(len(y))))
        y = done(y, *program[-1])
    return x, program


@profile(24)
@given(programs())
def test_programs_of_indices(drawn: Any) -> None:
    x, program = drawn

    def f(x: Any) -> Any:
        for what, how in program:
            x = done(x, what, how)
        return x

    agree(f, x)


REFUSED = ["constructs.subclasses_and_dataclasses_defined_inside"]  # what it tells of a class is of another in the search for the pattern


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@corpus.part(400, 12, [p for p in PROGRAMS if p.order > 1])
def test_programs_of_the_corpus(program: Program) -> None:
    """The Jacobian, and the Hessian as that of the gradient."""
    args = program.calls[0]
    _, gradient = corpus.answers(program).gradient("record"), s2sad.grad(program.function, argnums=program.argnums)
    chosen = [x for k in program.argnums for x in trees.flatten(args[k], opened=trees.EVERY)[0]]
    if corpus.single(args) or any(map(np.iscomplexobj, chosen)) or sum(map(np.size, chosen)) > 60:
        pytest.skip("not real numbers of double precision, or many")
    for f in (program.function, gradient):
        jacobian = SparseJacobian(f, program.argnums)
        if program.name in REFUSED:
            with pytest.raises(UnsupportedMutation):
                jacobian(*args)
            continue
        call = jacobian.arrived(args, {})
        (_, found), wanted = jacobian.swept(jacobian.pattern(call), call), dense(f, *args, argnums=program.argnums)
        atol = 1e-12 * np.nanmax(np.abs(wanted), initial=0.1)  # sums of numbers near 1 may come to nothing
        np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-12, atol=atol)


def arrow(x: Any) -> Any:
    """Each element goes with the first."""
    return np.sum(np.sin(x[0] * x[1:])) + np.sum(x**3)


def test_hessians() -> None:
    for f, colours in ((rosenbrock, 3), (arrow, 2)):
        hessian, x = SparseHessian(f), np.linspace(0.1, 1.0, 9)
        found = hessian(x)
        np.testing.assert_allclose(found.toarray(), dense(s2sad.grad(f), x), rtol=1e-12)
        pattern = s2sad.sparsity(s2sad.grad(f))(x)
        assert min(pattern.colours, colouring.number(pattern.star[1])) == colours


def test_each_element_is_alone_in_a_star() -> None:
    rng = np.random.default_rng(1)
    for trial in range(60):
        n = int(rng.integers(1, 20))
        matrix = np.where(rng.random((n, n)) < rng.random() / 2, rng.random((n, n)), 0.0)
        matrix[0, :: 1 + trial % 2] = 1.0
        matrix = matrix + matrix.T
        whole, colours = Pattern(matrix != 0).star
        found, _ = compression.of_star(whole, colours, True).jacobian(lambda seeds, matrix=matrix: seeds @ matrix)
        np.testing.assert_allclose(found.toarray(), matrix, rtol=1e-15)


def test_the_side_with_fewer_colours() -> None:
    def f(x: Any, p: Any) -> Any:
        return np.outer(x, p["a"]) ** 2 + p["b"]

    jacobian, p, x = SparseJacobian(f, 1), {"n": 3, "a": np.array([1.0, 2.0]), "b": 5.0}, np.arange(1.0, 8.0)
    found, wanted = jacobian(x, p), dense(f, x, p, argnums=1)
    assert "def f_jacobian_forward(seeds, x, p_n, p_a, p_b):" in jacobian.source
    np.testing.assert_allclose(np.hstack([found["a"].toarray(), found["b"].toarray()]), wanted, rtol=1e-14)
    assert found["n"].shape == (14, 1) and found["n"].nnz == 0
    jacobian = SparseJacobian(f)
    found = jacobian(x, p)
    assert found.shape == (14, 7) and jacobian.pattern(jacobian.arrived((x, p), {})).colours == 1
    by_rows = SparseJacobian(lambda x: np.sum(x.reshape(3, -1) ** 2, axis=1))
    assert by_rows(np.arange(6.0)).toarray().tolist() == [[0, 2, 0, 0, 0, 0], [0, 0, 4, 6, 0, 0], [0, 0, 0, 0, 8, 10]]
    assert "_jacobian_reverse(" in by_rows.source


def test_blocks() -> None:
    def f(p: Any, q: Any) -> Any:
        return {"first": p["w"] * q, "count": 3, "second": np.sum(p["w"]) ** 2}

    p, q = {"w": np.array([1.0, 2.0]), "name": "n"}, np.array([3.0, 4.0])
    found = SparseJacobian(f, ("p", 1))(p, q)
    assert (found["first"][0]["w"].toarray() == np.diag(q)).all() and (found["first"][1].toarray() == np.diag(p["w"])).all()
    assert found["second"][0]["w"].toarray().tolist() == [[6.0, 6.0]] and found["second"][1].nnz == 0
    assert found["count"] is None and found["first"][0]["name"] is None


def test_whole_numbers_and_keywords() -> None:
    assert SparseJacobian(lambda x, scale: scale * x**2)(np.arange(3), scale=0.5).toarray().tolist() == np.diag([0.0, 1.0, 2.0]).tolist()


def test_effects_happen_once(capsys: Any) -> None:
    def f(x: Any) -> Any:
        print("called")
        return x * x[::-1]

    jacobian = SparseJacobian(f)
    for _ in range(2):
        assert jacobian(np.ones(4)).nnz == 8
        assert capsys.readouterr().out == "called\n"


def test_a_pattern_that_is_passed() -> None:
    x = np.linspace(0.0, 1.0, 6)
    whole = SparseJacobian(burgers, sparsity=np.ones((6, 6)))(x)
    assert whole.nnz == 36 and np.allclose(whole.toarray(), dense(burgers, x))
    given_ = SparseJacobian(burgers, sparsity=s2sad.sparsity(burgers)(x))
    assert (given_(x) != SparseJacobian(burgers)(x)).nnz == 0
    with pytest.raises(NotDifferentiable, match="leaves out what is not zero in row 0"):
        SparseJacobian(burgers, sparsity=np.eye(6))(x)
    with pytest.raises(NotDifferentiable, match="leaves out what is not zero in column 5"):
        SparseJacobian(lambda x: np.sum(x.reshape(2, -1) ** 2, axis=1), sparsity=[[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0]])(x)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_pattern_that_is_passed_holds_for_each_call(control: str) -> None:
    """What it leaves out may be zero at first."""
    jacobian = SparseJacobian(lambda x: x + x * np.roll(x, 1), settings=Settings(control=control), sparsity=np.eye(4))
    assert (jacobian(np.zeros(4)).toarray() == np.eye(4)).all()
    with pytest.raises(NotDifferentiable, match="leaves out what is not zero in row 2"):
        jacobian(np.array([0.0, 0.0, 1.0, 0.0]))
    assert (jacobian(np.zeros(4)).toarray() == np.eye(4)).all()


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("shape, what", [((5, 5), "the arguments have 6"), ((6, 5), "the arguments have 6"), ((5, 6), "the value has 6"),
                                         ((1, 6), "the value has 6"), ((6, 1), "the arguments have 6")])  # fmt: skip
def test_a_pattern_of_another_shape(control: str, shape: tuple[int, int], what: str) -> None:
    for sides in (burgers, lambda x: x * 2.0):
        with pytest.raises(NotDifferentiable, match=rf"is of shape \({shape[0]}, {shape[1]}\), and {what}"):
            SparseJacobian(sides, settings=Settings(control=control), sparsity=np.ones(shape))(np.ones(6))


def test_what_is_complex_is_refused() -> None:
    with pytest.raises(NotDifferentiable, match="a Jacobian is of real ones"):
        SparseJacobian(lambda x: x * 1j)(np.ones(2))


def test_it_is_not_followed() -> None:
    jacobian = SparseJacobian(np.sin)
    with pytest.raises(UnsupportedSyntax, match="use jacobian without sparse=True there"):
        s2sad.grad(lambda x: jacobian(x).sum())(np.ones(2))


def test_no_elements() -> None:
    assert SparseJacobian(lambda x: np.floor(x))(np.ones(3)).nnz == 0
    assert SparseJacobian(lambda x: x[:0])(np.ones(3)).shape == (0, 3)


def test_sweeps_do_not_grow_with_the_size() -> None:
    for n in (100, 10_000):
        assert s2sad.sparsity(burgers)(np.ones(n)).colours == 3
    x = np.linspace(0.0, 1.0, 10_000)
    found, direction = SparseJacobian(burgers)(x), np.cos(x)
    np.testing.assert_allclose(found @ direction, s2sad.jvp(burgers, (x,), (direction,))[1], atol=1e-15)


def test_by_the_public_names() -> None:
    x = np.linspace(0.1, 1.0, 5)
    assert (s2sad.jacobian(burgers, sparse=True)(x) != SparseJacobian(burgers)(x)).nnz == 0
    assert s2sad.jacobian(sparsity=np.ones((5, 5)))(burgers)(x).nnz == 25
    assert s2sad.jacobian(lambda x, y: x * y, [0, 1], sparse=True)(x, x)[1].nnz == 5
    np.testing.assert_allclose(s2sad.hessian(arrow, sparse=True)(x).toarray(), s2sad.hessian(arrow)(x), rtol=1e-12)
    value, found = s2sad.value_and_jacobian(burgers, sparse=True)(x)
    assert (value == burgers(x)).all() and (found != SparseJacobian(burgers)(x)).nnz == 0


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_block_has_the_dtype_of_the_argument_in_both_modes(control: Any) -> None:
    wide, tall = (lambda x: np.sum(x) * np.arange(2.0)), (lambda x: np.diff(x) * np.arange(4.0))
    for function in (wide, tall):
        for x in (np.ones(5, np.float32), np.ones(5)):
            assert s2sad.jacobian(function, sparse=True, control=control)(x).dtype == x.dtype
    both = s2sad.jacobian(lambda x, y: x * y, [0, 1], sparse=True, control=control)(np.ones(3, np.float32), np.ones(3))
    assert [block.dtype for block in both] == [np.float32, np.float64]
