"""One sweep for all seeds of a sparse Jacobian: what it computes, how often, and what it is like to look at."""
from __future__ import annotations

import functools
import pickle
from typing import Any

import numpy as np
import pytest
from scipy import special

import s2sad
from s2sad.api.sparse_jacobians import SparseHessian, SparseJacobian
from s2sad.settings import Settings
from s2sad.sparse import compression
from tests.sparse.test_patterns import banded, burgers, rosenbrock

CONTROLS = ["record", "keep", "auto"]


def window(x: Any, width: int) -> Any:
    """Each element goes with those before it."""
    y = np.tanh(x)
    return sum([y[width - k : len(y) - k] * x[width:] for k in range(width + 1)])


def looped(x: Any, steps: int) -> Any:
    for _ in range(steps):
        x = x + 0.1 * np.sin(np.roll(x, 1))
    return x


def arrow(x: Any) -> Any:
    """The first row and the first column are full."""
    return np.concatenate([[np.sum(x**2)], x[1:] * x[0] + np.sin(x[1:])])


@pytest.mark.parametrize("control", CONTROLS)
def test_more_colours_are_not_more_code(control: str) -> None:
    """The value is computed once, and each operation of the sweep is one for all seeds."""
    def f(x: Any) -> Any:
        return window(x, 3)

    x, texts = np.linspace(0.1, 1.0, 20), []
    for passed, number in ((None, 4), (np.tri(17, 20, 9) - np.tri(17, 20, -1), 10)):
        jacobian = SparseJacobian(f, settings=Settings(control=control), sparsity=passed)
        np.testing.assert_allclose(jacobian(x).toarray(), s2sad.jacobian(f)(x), rtol=1e-13)
        assert jacobian.source.count("y = np.tanh(x)\n    y") == 1
        assert jacobian.pattern(jacobian.arrived((x,), {})).colours == number
        texts.append(jacobian.source)
    assert texts[0].count("\n") == texts[1].count("\n")
    if control == "keep":
        assert texts[0] == texts[1]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_kept_loop(control: str) -> None:
    jacobian, hessian = (kind(f, settings=Settings(control=control)) for kind, f in (
        (SparseJacobian, looped), (SparseHessian, lambda x, steps: np.sum(looped(x, steps) ** 2))))  # fmt: skip
    for n, steps in ((9, 3), (9, 20), (30, 3)):
        x = np.linspace(0.1, 1.0, n)
        np.testing.assert_allclose(jacobian(x, steps).toarray(), s2sad.jacobian(looped)(x, steps), rtol=1e-12, atol=1e-14)
        wanted = s2sad.hessian(lambda x, steps: np.sum(looped(x, steps) ** 2))(x, steps)
        np.testing.assert_allclose(hessian(x, steps).toarray(), wanted, rtol=1e-12, atol=1e-12)


def growing(x: Any, n: int) -> Any:
    whole = x
    for k in range(n):
        x = np.append(x, x[-1] * x[0] + 0.1 * k)
    kept = [x[0]]
    for v in x[1:]:
        kept.append(0.5 * kept[-1] + v)
    return whole * np.sum(np.array(kept) ** 2)


def test_a_kept_loop_that_refuses_forward_mode() -> None:
    """It goes in reverse from then on."""
    jacobian = SparseJacobian(growing, settings=Settings(control="keep"))
    for n in (3, 2):
        np.testing.assert_allclose(jacobian(np.ones(3), n).toarray(), s2sad.jacobian(growing)(np.ones(3), n), rtol=1e-13)
        assert "growing_jacobian_reverse(" in jacobian.source and jacobian.paths[0].kept is not None


@pytest.mark.parametrize("control", CONTROLS)
def test_many_colours_in_parts(control: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Of one size, so that one path serves all of them; effects happen once."""

    def f(x: Any) -> Any:
        print("called")
        return arrow(x)

    x, seen = np.linspace(0.1, 1.0, 10), []
    whole = SparseJacobian(f)(x)
    monkeypatch.setattr(compression, "LARGEST", 35)
    made = compression.Compression.seeds
    monkeypatch.setattr(compression.Compression, "seeds", lambda *args: seen.append(made(*args)) or seen[-1])
    np.testing.assert_allclose(whole.toarray(), s2sad.jacobian(arrow)(x), rtol=1e-14)
    capsys.readouterr()
    for passed in (None, whole):
        jacobian = SparseJacobian(f, settings=Settings(control=control), sparsity=passed)
        for _ in range(2):
            assert (jacobian(x) != whole).nnz == 0
            assert capsys.readouterr().out == "called\n"
            assert [s.shape for s in seen] == [(3, 10)] * 4
            seen.clear()
        assert len(jacobian.paths) == 1
    with pytest.raises(s2sad.NotDifferentiable, match="leaves out what is not zero in row 0 "):
        SparseJacobian(arrow, sparsity=np.tril(whole.toarray()) + np.eye(1, 10))(x)


def test_effects_that_may_change_anything() -> None:
    """What the search for the pattern has done is handed on to the sweep; the seeds, which it has not seen, are out of reach."""
    counts: list[int] = []

    @functools.lru_cache
    def table(k: int) -> float:
        counts.append(k)
        return 2.0 * k

    def f(x: Any, k: int) -> Any:
        return x[1:] * x[:-1] * table(k) + table(k + 1)

    for passed in (None, np.tri(4, 5, 1) - np.tri(4, 5, -1)):
        jacobian, x = SparseJacobian(f, sparsity=passed), np.linspace(0.1, 1.0, 5)
        table.cache_clear()
        for k, number in ((1, 2), (1, 2), (2, 3)):
            np.testing.assert_allclose(jacobian(x, k) @ np.ones(5), 2.0 * k * (x[1:] + x[:-1]), rtol=1e-14)
            assert len(counts) == number
        counts.clear()


@pytest.mark.parametrize("control", ["record", "auto"])
def test_a_pullback_of_the_users(control: str, capsys: Any) -> None:
    """It may be native code, which forward mode would differentiate: the sweep is in reverse. Its pattern is full."""

    @s2sad.custom_vjp
    def sine(x: Any) -> Any:
        return np.sin(x)

    sine.defvjp(lambda x: (np.sin(x), x), lambda x, g: (g * special.cosdg(np.rad2deg(x)),))  # which has no rule

    def f(x: Any) -> Any:
        print("called")
        return sine(x) * x

    x = np.linspace(0.1, 1.0, 4)
    assert s2sad.sparsity(f)(x).nnz == 16
    capsys.readouterr()
    for passed in (None, np.eye(4)):
        jacobian = SparseJacobian(f, settings=Settings(control=control), sparsity=passed)
        for _ in range(2):
            np.testing.assert_allclose(jacobian(x).toarray(), np.diag(np.sin(x) + x * np.cos(x)), rtol=1e-13)
            assert capsys.readouterr().out == "called\n"
        assert "f_jacobian_reverse(" in jacobian.source


@pytest.mark.parametrize("control", CONTROLS)
def test_what_else_is_returned(control: str) -> None:
    def f(x: Any, n: int) -> Any:
        return burgers(x) * n, {"mass": np.sum(x), "n": n}

    x, options = np.linspace(0.1, 1.0, 6), {"has_aux": True, "sparse": True, "control": control}
    found, aux = s2sad.jacobian(f, **options)(x, 2)
    wanted, expected = s2sad.jacobian(f, has_aux=True)(x, 2)
    assert aux == expected and np.allclose(found.toarray(), wanted, rtol=1e-14)
    (value, aux), found = s2sad.value_and_jacobian(f, **options)(x, 2)
    assert aux == expected and (value == f(x, 2)[0]).all() and np.allclose(found.toarray(), wanted, rtol=1e-14)
    found, aux = s2sad.hessian(lambda x: (rosenbrock(x), len(x)), **options)(x)
    assert aux == 6 and np.allclose(found.toarray(), s2sad.hessian(rosenbrock)(x), rtol=1e-13)
    with pytest.raises(s2sad.NotDifferentiable, match=r"must return a pair \(value, aux\)"):
        s2sad.jacobian(burgers, **options)(x)


def test_arguments_that_are_chosen_twice_and_whole_numbers() -> None:
    def f(p: Any, q: Any) -> Any:
        return [p["w"] * q, 3, np.sum(p["w"]) * p["n"]]

    p, q = {"w": np.array([1.0, 2.0]), "n": 3, "k": np.arange(2), "name": "n"}, np.array([3, 4])
    found, wanted = (s2sad.jacobian(f, argnums=(1, 0, 1), sparse=sparse)(p, q) for sparse in (True, False))
    for k in (0, 2):
        for mine, other in ((found[k][0], wanted[k][0]), (found[k][2], wanted[k][2]), *((found[k][1][n], wanted[k][1][n]) for n in "wnk")):
            assert (mine.toarray().ravel() == np.ravel(other)).all() and mine.shape == (2 - k // 2, np.size(other) // (2 - k // 2))
        assert found[k][1]["name"] is None is wanted[k][1]["name"]
    assert found[1] is None


class Model:
    scale = 2.0

    @s2sad.jacobian(sparse=True)
    def slope(self, x: Any) -> Any:
        """Of a stencil."""
        return self.scale * burgers(x)

    @s2sad.hessian(argnums=0, sparse=True)
    def curvature(self, x: Any) -> Any:
        return self.scale * rosenbrock(x)


def test_of_a_method() -> None:
    x = np.linspace(0.1, 1.0, 5)
    np.testing.assert_allclose(Model().slope(x).toarray(), 2.0 * s2sad.jacobian(burgers)(x), rtol=1e-14)
    np.testing.assert_allclose(Model().curvature(x).toarray(), 2.0 * s2sad.hessian(rosenbrock)(x), rtol=1e-13)


def test_it_is_looked_at_as_other_derivatives_are() -> None:
    jacobian, hessian = s2sad.jacobian(burgers, sparse=True), s2sad.hessian(rosenbrock, sparse=True)
    assert jacobian.source == "" and jacobian.paths == () and jacobian.stats().calls == 0
    assert [repr(each) for each in (jacobian, hessian)] == ["<sparse Jacobian of burgers>", "<sparse Hessian of rosenbrock>"]
    assert (jacobian.__doc__ or "").startswith("Sparse jacobian of burgers() by u.")
    x = np.linspace(0.1, 1.0, 5)
    assert (jacobian(x) != pickle.loads(pickle.dumps(jacobian))(x)).nnz == 0
    assert (pickle.loads(pickle.dumps(hessian))(x) != hessian(x)).nnz == 0
    assert "def burgers_jacobian_forward(seeds, u):" in jacobian.source and "def rosenbrock_hessian_forward(seeds, x):" in hessian.source
    assert len(jacobian.paths) == 1 and jacobian.stats().calls == 1 and sorted(jacobian.stages(x)) == ["adjoint", "code", "optimised"]
    jacobian.clear()
    assert jacobian.source == "" and (jacobian(x).toarray() != 0).sum() == banded(5, 1, 1).sum()
