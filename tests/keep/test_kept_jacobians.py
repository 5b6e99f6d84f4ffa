"""Unit vectors go through kept loops, branches and lists together, along one axis in front: in both modes, and for all sizes."""
from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import checkpoint, hessian, jacfwd, jacobian, jacrev, tape, trees
from s2sad.adjoint.mapped import NotMapped
from s2sad.adjoint.mapped_regions import MappedRegions
from s2sad.api.seeds import Swept
from s2sad.keep import pulling
from s2sad.settings import Settings
from tests.programs.arrays_kernels import householder_qr

R = np.random.default_rng(7)
X, Y = R.normal(size=4), R.normal(size=7)
W = R.normal(size=(3, 3)) / 3


def newton(x: Any) -> Any:
    z = 1.0
    for _ in range(6):
        z = z - (z * z - x[0] ** 2 - 1.0) / (2.0 * z)
    return z * x


def euler(x: Any, n: int) -> Any:
    for _ in range(n):
        x = x + 0.1 * np.tanh(x[::-1] * x)
    return x


def thomas(x: Any) -> Any:
    d, b = np.zeros_like(x), x.copy()
    for i in range(1, len(x)):
        w = np.sin(b[i - 1])
        d[i] -= w * d[i - 1]
        b[i:] += w * b[i - 1]
    return b + d


def views(x: Any) -> Any:
    a = np.outer(x, x)
    for i in range(len(x)):
        row = a[i]
        row *= np.cos(x[i])
        a[:, i] += row * 0.5
    return a


def leaves(x: Any) -> Any:
    total, i = 0.0, 0
    while True:
        total = total + x[i] * x[0]
        i += 1
        if i == len(x) - 1 or total > 100.0:
            break
        if x[i] < -0.5:
            continue
        total = total * 1.5
    return total * np.ones(2)


def branches(x: Any) -> Any:
    out, s = np.zeros(len(x)), 0.0
    for i in range(len(x)):
        if x[i] > 0:
            y = np.exp(x[: i + 1])
            s = s + np.sum(y)
        elif i % 2:
            s = 2.0
        out[i] = s * x[i]
    return out


def nested(x: Any) -> Any:
    n = len(x)
    a = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = x[i] * x[j]
            for k in range(j):
                s = s - a[i, k] * a[j, k]
            a[i, j] = math.sqrt(s * s + 1.0) if i == j else s / a[j, j]
    return a


def collected(x: Any) -> Any:
    states, h = [x], np.zeros_like(x)
    for i in range(len(x)):
        h = np.tanh(states[-1] + x[i])
        states.append(h)
    for k in range(1, len(states)):
        h = h + states[k] * states[k - 1]
    return h + sum(states)


def numbers_in_a_list(x: Any) -> Any:
    found = []
    for i in range(len(x)):
        found.append(x[i] ** 2)
    found[1] = found[0] * 3.0
    last = found.pop()
    return np.array(found) * last


def step(h: Any, x: Any) -> Any:
    return np.tanh(W[: len(x), : len(x)] @ h + x) if len(x) < 4 else np.tanh(h + x)


def helped(x: Any, h: Any) -> Any:
    for _ in range(5):
        h = step(h, x)
        x = np.cumsum(x) * 0.5
    return {"h": h, "norm": np.sum(h**2)}


def made_in_the_loop(x: Any) -> Any:
    for i in range(len(x)):
        part = x * x[i]
        x = np.sin(part) + x
    return part + x


def solved(x: Any) -> Any:
    a = np.eye(len(x)) * 3.0 + np.outer(x, x)
    for _ in range(3):
        x = np.linalg.solve(a, x) + np.sort(x)
        x = x / np.linalg.norm(x) + np.max(x)
    return x


def while_of_numbers(x: Any) -> Any:
    a, b = x[0], x[1]
    while abs(a - b) > 1e-9:
        a, b = (a + b) / 2, a * 0.25 + b * 0.75
    return np.array([a, b])


def inverse(x: Any) -> Any:
    m = np.outer(x, x) + np.eye(len(x)) * 2.0
    for _ in range(3):
        m = np.linalg.inv(m) @ m.T + np.eye(len(x))
    return m[0]


def chained(x: Any) -> Any:
    a, b, c = 0.0, 0.0, x[0]
    for _ in range(len(x)):
        a = a + b * 0.5
        b = b + c * c
        c = c * 0.9
    return a * np.ones(2)


def reshaped(x: Any) -> Any:
    x = np.concatenate([x, x])
    for k in range(2):
        a = x.reshape(2, -1)
        a = a * a[::-1] if k else np.sin(a)
        x = np.ravel(a)
    return x


PROGRAMS: list[tuple[Callable[..., Any], list[tuple[Any, ...]]]] = [
    (newton, [(X,), (Y,)]), (euler, [(X, 6), (Y, 9)]), (thomas, [(X,), (Y,)]), (views, [(X,), (Y,)]), (leaves, [(X,), (Y,)]),
    (branches, [(X,), (Y,)]), (nested, [(X,), (Y,)]), (collected, [(X,), (Y,)]), (numbers_in_a_list, [(X,), (Y,)]),
    (helped, [(X[:3], X[1:]), (Y, Y[::-1])]), (made_in_the_loop, [(X,), (Y,)]), (solved, [(X,), (Y,)]),
    (while_of_numbers, [(X,), (Y,)]), (inverse, [(X,), (Y,)]), (reshaped, [(X,), (Y,)]), (chained, [(X,), (Y,)]),
]  # fmt: skip
IDS = [function.__name__ for function, _ in PROGRAMS]


def close(have: Any, want: Any, tolerance: float) -> None:
    for one, other in zip(*(trees.flatten(tree, opened=trees.EVERY)[0] for tree in (have, want)), strict=True):
        assert np.asarray(one).dtype == np.asarray(other).dtype
        np.testing.assert_allclose(one, other, tolerance, tolerance * (1 + np.max(np.abs(other), initial=0.0)))


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any) -> Any:
        raise AssertionError("the sweep is done again for each seed")

    monkeypatch.setattr(pulling, "_looped", refused)


@pytest.mark.sampled(5)
@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("mode", [jacrev, jacfwd])
@pytest.mark.parametrize(("function", "calls"), PROGRAMS, ids=IDS)
def test_like_the_tape(function: Callable[..., Any], calls: list[tuple[Any, ...]], mode: Any) -> None:
    derivative = mode(function, control="keep")
    for args in calls:
        close(derivative(*args), tape.jacobian(function, args)[1], 1e-11)
    assert ("_forward(" in derivative.source) is (mode is jacfwd)
    assert "for seed in" not in derivative.source


@pytest.mark.sampled(7)
@pytest.mark.usefixtures("together")
@pytest.mark.parametrize(("function", "calls"), PROGRAMS, ids=IDS)
def test_second_derivatives(function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> None:
    for kind in (hessian, lambda f, control: jacfwd(jacrev(f), control=control), lambda f, control: jacrev(jacfwd(f), control=control)):
        kept, recorded = kind(function, control="keep"), kind(function, control="record")
        for args in calls:
            close(kept(*args), recorded(*args), 1e-9)


@pytest.mark.sampled(7)
@pytest.mark.parametrize(("function", "calls"), PROGRAMS[:8], ids=IDS[:8])
def test_of_single_precision(function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> None:
    args = tuple(a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in calls[0])
    for mode in (jacrev, jacfwd):
        close(mode(function, control="keep")(*args), mode(function, control="record")(*args), 1e-4)


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize(("mode", "loops"), [(jacrev, 2), (jacfwd, 1)])
def test_one_loop_of_the_code_for_any_number_of_seeds(mode: Any, loops: int) -> None:
    """In forward mode the loop of the function takes all tangents along, in reverse mode there is one more."""
    derivative = mode(euler, control="keep")
    for n, steps in ((3, 4), (8, 2), (1, 5)):
        x = R.normal(size=n)
        close(derivative(x, steps), tape.jacobian(euler, (x, steps))[1], 1e-11)
    assert derivative.source.count("for ") == loops
    assert len(derivative.source.splitlines()) < 20
    assert len(derivative.paths) == 1


@pytest.mark.usefixtures("together")
def test_what_does_not_say_how_it_is_of_many_is_done_in_a_loop_of_its_own() -> None:
    def sorted_places(x: Any) -> Any:
        for _ in range(3):
            x = np.append(x[:1], np.tanh(x[1:]))
        return x

    derivative = jacfwd(sorted_places, control="keep")
    for x in (X, Y):
        close(derivative(x), tape.jacobian(sorted_places, (x,))[1], 1e-12)
    assert derivative.source.count("for ") == 2


@dataclasses.dataclass
class Oscillator:
    mass: float
    springs: Any


def swings(system: Oscillator, start: dict[str, Any], steps: int) -> dict[str, Any]:
    x, v, energies = start["x"], start["v"], []
    for _ in range(steps):
        v = v - 0.1 * system.springs * x / system.mass
        x = x + 0.1 * v
        energies.append(np.sum(v * v) * system.mass)
    return {"x": x, "energies": np.array(energies), "last": energies[-1]}


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("mode", [jacrev, jacfwd])
def test_blocks_of_trees(mode: Any) -> None:
    derivative = mode(swings, argnums=(0, "start"), control="keep")
    for n, steps in ((2, 3), (3, 5)):
        args = Oscillator(2.0, R.normal(size=n)), {"x": R.normal(size=n), "v": R.normal(size=n)}, steps
        close(derivative(*args), tape.jacobian(swings, args, (0, "start"))[1], 1e-11)
    assert len(derivative.paths) == 1


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("forward", [False, True])
def test_given_seeds(forward: bool) -> None:
    swept = Swept(thomas, forward=forward, settings=Settings(control="keep"))
    for x, count in ((X, 2), (Y, 5)):
        full, seeds = tape.jacobian(thomas, (x,))[1], R.normal(size=(count, len(x)))
        close(swept(seeds, x)[1], seeds @ (full.T if forward else full), 1e-11)


@pytest.mark.parametrize("mode", [jacobian, jacrev, jacfwd])
def test_where_regions_are_not_mapped_the_sweep_is_done_in_a_loop_over_the_seeds(mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of what was written down before is left."""
    made, looped, taken = MappedRegions.loop, pulling._looped, list[Any]()
    monkeypatch.setattr(pulling, "_looped", lambda *args: taken.append(args) or looped(*args))

    def late(self: MappedRegions, *args: Any) -> Any:
        made(self, *args)
        raise NotMapped

    sources = []
    for patched in (late, property()):
        monkeypatch.setattr(MappedRegions, "loop", patched)
        if patched is not late:
            monkeypatch.setattr(MappedRegions, "statement", lambda *_: (_ for _ in ()).throw(NotMapped()))
        derivative = mode(nested, control="keep")
        close(derivative(X), tape.jacobian(nested, (X,))[1], 1e-11)
        assert "_reverse(" in derivative.source
        sources.append(derivative.source)
    assert sources[0] == sources[1]
    assert len(taken) == 2


def test_rows_that_are_written_and_read_later_as_they_were() -> None:
    def placed(m: Any) -> Any:
        y, order = np.zeros(m.shape), np.argsort(m, axis=1)
        np.put_along_axis(y, order, m**2, axis=1)
        np.put_along_axis(y, np.array([0, 3]), m[0, :2], axis=None)
        return np.sum(y * m)

    m = R.normal(size=(3, 4))
    close(hessian(placed, control="keep")(m), hessian(placed, control="record")(m), 1e-12)


def test_a_checkpointed_loop() -> None:
    def steps(x: Any) -> Any:
        for _ in checkpoint(range(7)):
            x = np.tanh(x * x[::-1]) + x
        return x

    for mode in (jacrev, jacfwd):
        close(mode(steps, control="keep")(X), tape.jacobian(steps, (X,))[1], 1e-12)


def test_what_is_added_to_what_a_loop_over_the_rows_gives() -> None:
    def mixed(x: Any) -> Any:
        split, beside, corner = x[[1, 0, 1], :, [0, 1, 1]], x[:, [1, 0, 1], ::-1], x[:, [True, False, True], 0]
        return (np.sum(split**2) + np.sum(beside * beside[::-1]) + np.sum(corner**3)) * np.array([1.0, -2.0])

    x = R.normal(size=(2, 3, 4))
    close(jacrev(mixed, control="keep")(x), jacrev(mixed, control="record")(x), 1e-12)


@pytest.mark.parametrize(("mode", "dtype"), [(jacrev, np.float32), (jacfwd, np.float64), (jacobian, np.float32)])
def test_a_block_has_one_dtype_whichever_way_is_gone(mode: Any, dtype: Any) -> None:
    """Recorded it goes forward where that is asked for; the tangents of the kept loop do not go together."""
    for function in (householder_qr, lambda x: np.outer(x, np.arange(3.0)), lambda x: np.sum(x * np.arange(3.0)) * np.ones(5)):
        for control in ("record", "keep", "auto"):
            derivative = mode(function, control=control)
            for single in (W.astype(np.float32), W):
                x = single if function is householder_qr else single[0]
                assert np.asarray(derivative(x)).dtype == (dtype if x.dtype == np.float32 else np.float64)


def test_of_numbers_whose_class_is_that_of_the_way() -> None:
    def either(x: Any) -> Any:
        q = householder_qr(x)
        return q if x[0, 0] > 0 else x[0, 0] * np.float32(2.0)

    x = np.abs(W).astype(np.float32)
    for derivative in (jacfwd(either), jacfwd(either, control="record")):
        for _ in range(4):
            assert derivative(x).dtype == np.float64
            assert derivative(-x).dtype == np.float32
