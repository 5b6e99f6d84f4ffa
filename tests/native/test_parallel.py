"""Loops over threads: which are, which are not and why, and that the numbers are the same from run to run and for any number of threads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import grad, value_and_grad
from s2sad.native import making, parallel, store
from s2sad.native.parallel import over_threads
from tests.native.plainly import uncompiled_fixture  # noqa: F401

R = np.random.default_rng(5)


def rows(x: Any, w: Any) -> Any:
    """Each row by itself; what is added up over the rows is a number, and an array."""
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            s += math.tanh(x[i, j] * w[j])
        total += s * s
    return total


def vectors(x: Any, w: Any) -> Any:
    """A row is worked on in memory that each chunk needs for itself."""
    total = 0.0
    for i in range(len(x)):
        z = np.tanh(x[i] * w)
        total += np.sum(z * z)
    return total


def swept(x: Any, n: int) -> Any:
    """Each step needs the one before, and its array operations are over threads."""
    for _ in range(n):
        x = x + 0.1 * np.sin(x)
    return np.sum(x * x)


def wide(x: Any, w: Any) -> Any:
    return np.sum(np.tanh(x * w) * x)


def chained(x: Any) -> Any:
    """Nothing is independent in the way there."""
    total = 0.0
    for i in range(1, x.shape[0]):
        x[i] = x[i] + math.sin(x[i - 1])
        total = total * 0.5 + x[i]
    return total


PROGRAMS = {
    "rows": (rows, (R.normal(size=(90, 7)), R.normal(size=7)), (0, 1)),
    "vectors": (vectors, (R.normal(size=(90, 7)), R.normal(size=7)), (0, 1)),
    "swept": (swept, (R.normal(size=(70, 9)), 3), 0),
    "float32": (vectors, (R.normal(size=(90, 7)).astype(np.float32), R.normal(size=7).astype(np.float32)), (0, 1)),
    "empty": (rows, (np.zeros((0, 7)), np.zeros(7)), (0, 1)),
}


def flat(value: Any) -> list[Any]:
    return [leaf for part in value for leaf in flat(part)] if isinstance(value, tuple) else [value]


@pytest.mark.parametrize("least", [0, parallel.LEAST], ids=["chunks", "one chunk"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_loops_over_threads_give(name: str, least: int, uncompiled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As plain Python: the logic of the text, in chunks and as one chunk."""
    monkeypatch.setattr(parallel, "LEAST", least)
    function, args, argnums = PROGRAMS[name]
    derivative = value_and_grad(function, argnums=argnums, backend="numba", parallel=True)
    single = any(isinstance(a, np.ndarray) and a.dtype == np.float32 for a in args)
    for got, want in zip(flat(derivative(*args)), flat(value_and_grad(function, argnums=argnums)(*args)), strict=True):
        assert np.allclose(got, want, rtol=1e-4 if single else 1e-12, atol=1e-5 if single else 1e-12) and type(got) is type(want)
    assert "in prange(64):" in derivative.source and derivative.stats().left == (0,)
    again = [np.asarray(v).tobytes() for v in flat(derivative(*args))]
    assert again == [np.asarray(v).tobytes() for v in flat(derivative(*args))]


def test_transforms_that_take_the_arguments_at_once_do_so_as_well(uncompiled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "LEAST", 0)
    compiled: list[Any] = []

    def noted(text: str, name: str, **options: Any) -> Any:
        compiled.append((text, options))
        return store.compiled(text, name, **options)

    monkeypatch.setattr(making, "compiled", noted)
    (x, w), chosen = PROGRAMS["rows"][1], {"backend": "numba", "parallel": True, "reassociate": True}
    value, pullback = s2sad.vjp(wide, x, w, **chosen)
    assert np.allclose(pullback(1.0)[0], grad(wide)(x, w), rtol=1e-12) and np.isclose(value, wide(x, w), rtol=1e-13)
    want = s2sad.jvp(wide, (x, w), (x, w))[1]
    assert np.isclose(s2sad.jvp(wide, (x, w), (x, w), **chosen)[1], want, rtol=1e-12)
    assert np.isclose(s2sad.linearize(wide, x, w, **chosen)[1](x, w), want, rtol=1e-12)
    assert len(compiled) == 5 and all("reassoc" in options["fastmath"] for _, options in compiled)
    assert all("in prange(64):" in text and options["parallel"] for text, options in (compiled[0], compiled[2], compiled[3]))
    inside = grad(lambda v: s2sad.vjp(wide, v, w, **chosen)[0])(x)
    assert np.allclose(inside, grad(wide)(x, w), rtol=1e-12), "it is compiled as the function around it is"


@pytest.mark.parametrize("option", ["parallel", "reassociate"])
def test_they_are_for_native_code(option: str) -> None:
    for call in (lambda **o: s2sad.vjp(math.sin, 1.0, **o), lambda **o: s2sad.jvp(math.sin, (1.0,), (1.0,), **o),
                 lambda **o: s2sad.linearize(math.sin, 1.0, **o), lambda **o: grad(lambda x: s2sad.vjp(math.sin, x, **o)[0])(1.0),
                 lambda **o: grad(lambda x: s2sad.linearize(math.sin, x, **o)[0])(1.0),
                 lambda **o: grad(lambda x: s2sad.jvp(math.sin, (x,), (1.0,), **o)[0])(1.0)):  # fmt: skip
        with pytest.raises(ValueError, match=f'{option}=True is for native code: add backend="numba"'):
            call(**{option: True})
        with pytest.raises(TypeError, match=f"{option} is True or False, not 1"):
            call(backend="numba", **{option: 1})


@pytest.mark.sampled(1)
def test_the_numbers_are_the_same_for_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    monkeypatch.setattr(parallel, "LEAST", 0)
    function, args, argnums = PROGRAMS["vectors"]
    derivative = value_and_grad(function, argnums=argnums, backend="numba", parallel=True)
    most, found = numba.config.NUMBA_NUM_THREADS, []
    try:
        for threads in (1, most, 1, most):
            numba.set_num_threads(threads)
            found.append([np.asarray(v).tobytes() for v in flat(derivative(*args))])
    finally:
        numba.set_num_threads(most)
    assert found.count(found[0]) == len(found) and derivative.stats().left == (0,)
    want = value_and_grad(function, argnums=argnums)(*args)
    assert all(np.allclose(g, w, rtol=1e-12, atol=1e-13) for g, w in zip(flat(derivative(*args)), flat(want), strict=True))


def test_what_is_not_independent_stays_as_it_is_and_the_reason_is_told(uncompiled: None) -> None:
    derivative = grad(chained, backend="numba", parallel=True)
    x = R.normal(size=100)
    assert np.allclose(derivative(x), grad(chained)(x), rtol=1e-12)
    assert "prange" not in derivative.source.partition("for i in")[2].partition("for ")[0]
    assert any("test_parallel.py" in reason and "not over threads: " in reason for reason in derivative.reasons)
    plain = grad(chained, backend="numba")
    plain(x)
    assert not plain.reasons


def text(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    head = "def f(n, x, y, w):\n    a = np.empty(n)\n    b = np.zeros((n, n))\n    s = 0.0\n    t = 0.0\n    u = np.empty(3)\n"
    return f"{head}{lines}    return s, t, a, b\n"


REFUSED = {
    "neighbour": ("for i in range(n):\n    a[i] = a[i - 1] + x[i]", "at places that are not known"),
    "other axis": ("for i in range(n):\n    for j in range(3):\n        b[j, 0] = b[j, 0] * x[i]", "at places that are not known"),
    "two places": ("for i in range(n):\n    a[i] = x[i]\n    a[i + 1] += 1.0", "at places that are not known"),
    "index that is read": ("for i in range(n):\n    k = int(x[i])\n    a[k] = y[i]", "at places that are not known"),
    "added and read": ("for i in range(n):\n    a[0] += x[i]\n    s += a[0]", "at places that are not known"),
    "carried": ("for i in range(n):\n    t = 0.5 * t + x[i]\n    a[i] = t", "a step needs t of the step before"),
    "carried in a branch": ("for i in range(n):\n    if x[i] > 0:\n        t = x[i]\n    a[i] = t", "a step needs t of the step before"),
    "sum that is looked at": ("for i in range(n):\n    s += x[i]\n    a[i] = s", "a step needs s of the step before"),
    "last value": ("for i in range(n):\n    t = x[i]\n    a[i] = 2.0 * t", "t of the last step is needed after it"),
    "break": ("for i in range(n):\n    if x[i] > 0:\n        break\n    a[i] = x[i]", "a step decides whether there are others"),
    "end that is told": ("for i in range(n):\n    a[i] = x[i]\nelse:\n    s = 1.0", "a step decides whether there are others"),
    "by two": ("for i in range(0, n, 2):\n    a[i] = x[i]", "it does not count by one"),
    "argument": ("for i in range(n):\n    x[i] = y[i]", "may be the same memory"),
    "names that change": ("c = a.reshape(n)\nfor i in range(n):\n    a[i] = c[0]", "may be the same memory"),
    "memory that moves": ("c = np.empty(n)\nfor i in range(n):\n    a[i] = c[0]\n    a, c = c, a", "a step needs a of the step before"),
    "one memory for all": ("for i in range(n):\n    u[0] = x[i]\n    s += u[0]\nt = u[1]", "at places that are not known"),
    "out": ("for i in range(n):\n    np.dot(w, x, a)\n    s += a[0]", "at places that are not known"),
    "unknown call": ("for i in range(n):\n    filled(a)\n    s += a[i]", "at places that are not known"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.sampled(1)
def test_a_loop_that_is_not_proven_independent(name: str) -> None:
    body, reason = REFUSED[name]
    found = over_threads(text(body), "f", frozenset({"u"}))
    assert "prange" not in found.text and any(reason in said for said in found.serial), found


TAKEN = {
    "elements": "for i in range(n):\n    a[i] = x[i] * 2.0",
    "neighbours of another": "for i in range(1, n - 1):\n    a[i] = x[i - 1] + x[i + 1]",
    "moved": "for i in range(n - 1):\n    a[i + 1] = x[i]\n    a[i + 1] += 1.0",
    "backwards": "for i in range(n - 1, -1, -1):\n    a[i] = x[i]",
    "sums": "for i in range(n):\n    v = x[i]\n    s += v\n    t = t - v * v",
    "several": "for i in range(n):\n    s, a[i] = s + x[i], x[i]",
    "rows": "for i in range(n):\n    for j in range(n):\n        b[i, j] = b[i, j] + x[j]",
    "added to an array": "for i in range(n):\n    for j in range(n):\n        a[j] += x[i] * y[j]",
    "own memory": "for i in range(n):\n    for j in range(3):\n        u[j] = x[i]\n    s += u[0]",
    "memory of a step": "for i in range(n):\n    v = np.empty(3)\n    v[0] = x[i]\n    s += v[0]",
    "that leaves": "for i in range(n):\n    if not math.isfinite(x[i]):\n        return np.nan, np.nan, a, b\n    s += x[i]",
    "branches": "for i in range(n):\n    if x[i] > 0:\n        v = x[i]\n    else:\n        v = -x[i]\n    s += v",
    "names of ours": "first = 1.0\nlast = 2.0\nsteps = 3\nfor i in range(n):\n    a[i] = x[i] * first + last * steps",
    "inner loop": "for k in range(n):\n    t = 0.5 * t\n    for i in range(n):\n        a[i] = a[i] + t",
}


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("least", [0, parallel.LEAST], ids=["chunks", "one chunk"])
def test_a_loop_that_is_proven_independent_gives_what_it_gave(name: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "LEAST", least)
    plain = text(TAKEN[name])
    found = over_threads(plain, "f", frozenset({"u"}))
    assert "prange" in found.text
    results = []
    for source in (plain, found.text):
        scope: dict[str, Any] = {"np": np, "math": math, "prange": range}
        exec(source.replace("np.empty", "np.zeros"), scope)
        args = [np.random.default_rng(k).normal(size=100) for k in range(3)]
        results.append(scope["f"](100, *args))
    assert all(np.allclose(one, other, rtol=1e-13, atol=1e-13) for one, other in zip(*results, strict=True))


def test_options_are_for_native_code() -> None:
    for option in ("parallel", "reassociate"):
        for backend in (None, "python"):
            with pytest.raises(ValueError, match=f'{option}=True is for native code: add backend="numba"'):
                grad(rows, backend=backend, **{option: True})  # type: ignore[call-overload]
        with pytest.raises(TypeError, match=f"{option} is True or False"):
            s2sad.jacobian(rows, backend="numba", **{option: 2})
        with pytest.raises(ValueError, match="is for native code"):
            s2sad.backend("python", **{option: True})


def test_options_may_be_the_default_of_a_block(uncompiled: None) -> None:
    derivative, args = grad(swept), PROGRAMS["swept"][1]
    want = derivative(*args)
    for _ in range(2):
        with s2sad.backend("numba", parallel=True) as block:
            assert np.allclose(derivative(*args), want, rtol=1e-12) and "prange" in derivative.source
        assert repr(block) == "s2sad.backend('numba', parallel=True)"
        with s2sad.backend("numba"):
            assert np.allclose(derivative(*args), want, rtol=1e-12) and "prange" not in derivative.source
    assert len(derivative._servings) == 3


@pytest.mark.sampled(1)
def test_sums_in_another_order_keep_nan_and_infinities() -> None:
    def summed(x: Any) -> Any:
        total = 0.0
        for i in range(x.shape[0]):
            total = total + x[i]
        return total

    x = R.normal(size=1000)
    derivative = value_and_grad(summed, backend="numba", reassociate=True)
    assert np.isclose(derivative(x)[0], math.fsum(x), rtol=1e-12, atol=1e-12) and np.array_equal(derivative(x)[1], np.ones(1000))
    function = next(f for key, f in s2sad.native.store._made.items() if "summed" in key[1] and "reassoc" in key[2].fastmath)
    code = "".join(function.inspect_llvm().values())  # type: ignore[attr-defined]
    assert "fadd reassoc contract" in code and "nnan" not in code and "ninf" not in code and "x double>" in code
    for special in (np.nan, np.inf):
        x[7] = special
        assert np.array_equal(derivative(x)[0], special, equal_nan=True)
