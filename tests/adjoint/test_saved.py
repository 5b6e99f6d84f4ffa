"""What a step of a loop saves for its adjoint, and what the adjoint computes again: counted, and the same numbers either way."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import tape
from s2sad.adjoint import residuals
from s2sad.adjoint.cheapest import cheapest
from s2sad.adjoint.costs import Way
from s2sad.calls import compiler
from s2sad.calls.looking import looked_at
from s2sad.ir.program import ArrayType, Loop, StackType, Var, everything
from s2sad.passes.blocks import unchanging


def kernel_matrix(x, theta, s):
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j]) ** 2 / theta**2)
    return np.sum(K)


def lstm(x, W, U, b, h, c):
    n = h.shape[0]
    loss = 0.0
    for t in range(x.shape[0]):
        z = W @ x[t] + U @ h + b
        i = 1 / (1 + np.exp(-z[:n]))
        f = 1 / (1 + np.exp(-z[n : 2 * n]))
        o = 1 / (1 + np.exp(-z[2 * n : 3 * n]))
        g = np.tanh(z[3 * n :])
        c = f * c + i * g
        h = o * np.tanh(c)
        loss = loss + np.sum(h * h)
    return loss


def gru(x, W, U, b, h):
    n = h.shape[0]
    loss = 0.0
    for t in range(x.shape[0]):
        z = W @ x[t] + b
        gates = 1 / (1 + np.exp(-(z[: 2 * n] + U[: 2 * n] @ h)))
        r = gates[:n]
        u = gates[n:]
        g = np.tanh(z[2 * n :] + U[2 * n :] @ (r * h))
        h = u * h + (1 - u) * g
        loss = loss + np.sum(h * h)
    return loss


def lotka_volterra(u, rates):
    prey, predators = u
    birth, hunt, feed, death = rates
    return np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])


def rk4(u, rates, h, steps):
    for _ in range(steps):
        k1 = lotka_volterra(u, rates)
        k2 = lotka_volterra(u + 0.5 * h * k1, rates)
        k3 = lotka_volterra(u + 0.5 * h * k2, rates)
        k4 = lotka_volterra(u + h * k3, rates)
        u = u + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return u @ u


def accelerations(x, mass):
    n = len(mass)
    a = np.zeros_like(x)
    for i in range(n):
        for j in range(i + 1, n):
            d = x[i] - x[j]
            r2 = d @ d
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            a[i] -= mass[j] * inv_r3 * d
            a[j] += mass[i] * inv_r3 * d
    return a


def bodies(x, v, mass, dt, steps):
    for _ in range(steps):
        v = v + dt * accelerations(x, mass)
        x = x + dt * v
    return np.sum(x * x) + np.sum(v * v)


def logsumexp(a):
    top = np.max(a, axis=0)
    return top + np.log(np.sum(np.exp(a - top), axis=0))


def hidden_markov(start, move, emit, seen):
    alpha = start + emit[:, seen[0]]
    for t in range(1, len(seen)):
        alpha = logsumexp(alpha[:, None] + move) + emit[:, seen[t]]
    return logsumexp(alpha)


def attention(q, k, v):
    loss = 0.0
    for i in range(q.shape[0]):
        s = k @ q[i]
        p = np.exp(s - np.max(s))
        y = (p / np.sum(p)) @ v
        loss = loss + np.sum(y * y)
    return loss


def branches(x, a):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            s = s + math.exp(x[i]) * a / (1.0 + x[i] ** 2)
        else:
            s = s + math.sin(s) * x[i] / a**2
    return s


def pairs_in_branches(x, theta):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            for j in range(i):
                if x[j] > x[i]:
                    total = total + math.exp(-((x[i] - x[j]) ** 2) / theta**2)
                else:
                    total = total * math.cos(x[j])
    return total


def until_it_is_small(x, a):
    steps = 0
    while abs(x) > 0.1 and steps < 40:
        y = math.exp(-x * x) * a
        if y > 2.0:
            break
        x = x - 0.1 * y * x - 0.01 * x
        steps += 1
    return x * a


def waves(x, n):
    s = x
    for _ in range(n):
        t = s * x + 1.0
        u = math.exp(-t * t)
        s = s + u * t / (1.0 + u)
    return s


def columns(y, a):
    for j in range(1, y.shape[1]):
        y[:, j] = y[:, j] * y[:, j - 1] * a
    y[:, 0] = a
    return np.sum(y * y)


def nearest(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1))
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            D[i, j] = (a[i - 1] - b[j - 1]) ** 2 + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return D[len(a), len(b)]


def moved_afterwards(x, steps):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            total += np.sum(d * d * d)
    for _ in range(steps):
        x = x * x
        x[0] += 1.0
    return total + np.sum(x)


RNG = np.random.default_rng(5)
CALLS: dict[Callable[..., Any], tuple[tuple[Any, ...], tuple[int, ...]]] = {
    kernel_matrix: ((RNG.normal(size=6), 1.2, 0.7), (0, 1, 2)),
    lstm: ((*(RNG.normal(size=s) for s in ((4, 3), (20, 3), (20, 5), 20, 5, 5)),), (0, 1, 2, 3, 4, 5)),
    gru: ((*(RNG.normal(size=s) for s in ((4, 3), (15, 3), (15, 5), 15, 5)),), (0, 1, 2, 3, 4)),
    rk4: ((np.array([1.0, 0.8]), np.array([1.1, 0.6, 0.5, 0.9]), 0.02, 6), (0, 1)),
    bodies: ((RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3)), np.array([1.0, 0.5, 2.0, 0.7]), 0.05, 3), (0, 1, 2)),
    hidden_markov: ((*(RNG.normal(size=s) for s in (4, (4, 4), (4, 6))), RNG.integers(0, 6, 7)), (0, 1, 2)),
    attention: ((*(RNG.normal(size=s) for s in ((4, 3), (5, 3), (5, 2))),), (0, 1, 2)),
    branches: ((RNG.normal(size=7), 1.3), (0, 1)),
    pairs_in_branches: ((RNG.normal(size=7), 1.3), (0, 1)),
    until_it_is_small: ((1.5, 0.8), (0, 1)),
    waves: ((0.3, 6), (0,)),
    columns: ((RNG.normal(size=(3, 4)), 1.1), (0, 1)),
    nearest: ((RNG.normal(size=5), RNG.normal(size=4)), (0, 1)),
    moved_afterwards: ((RNG.normal(size=(4, 2)), 2), (0,)),
}


def stacks(function: Any, args: tuple[Any, ...], argnums: tuple[int, ...]) -> list[Any]:
    """The types of what a step of the innermost loops saves, in the code that was made for these arguments."""
    found: list[Any] = []

    def observe(stage: str, made: Any) -> None:
        if stage == "adjoint":  # before nested stacks become arrays
            for loop in (s for s in everything(unchanging(made).statements) if isinstance(s, Loop)):
                found.extend(s.type.element for s in loop.stacks if not isinstance(s.type.element, StackType))

    slope = s2sad.value_and_grad(function, argnums=argnums, control="keep")
    looked_at(compiler.arrive(slope, args, {}), observe)
    return found


@pytest.mark.parametrize(("function", "count"), [(kernel_matrix, 0), (lstm, 3), (gru, 3), (rk4, 4), (bodies, 1), (hidden_markov, 1),
                                                 (branches, 1), (pairs_in_branches, 1), (waves, 1)])  # fmt: skip
def test_a_step_saves_no_more_than_what_is_not_computed_again(function: Any, count: int) -> None:
    assert len(stacks(function, *CALLS[function])) <= count


def test_sizes_that_follow_from_those_of_arguments_are_not_saved() -> None:
    for function in (lstm, gru, attention):
        assert not any(kind is int for kind in stacks(function, *CALLS[function]))


def test_of_what_attention_computes_the_scores_and_the_mean_are_saved() -> None:
    kinds = stacks(attention, *CALLS[attention])
    assert len(kinds) == 2 and all(isinstance(k, ArrayType) and len(k.shape) == 1 for k in kinds)


def test_of_an_array_that_is_written_the_parts_are_saved_and_not_the_array() -> None:
    for kind in stacks(columns, (np.ones((3, 4)), 2.0), (0, 1)):
        assert not isinstance(kind, ArrayType) or len(kind.shape) == 1


def test_a_branch_that_chooses_a_number_is_taken_again() -> None:
    assert not stacks(nearest, (np.array([0.3, 1.0, 0.2]), np.array([0.5, 0.4])), (0, 1))


def test_an_array_that_is_written_later_is_copied_once_where_each_step_would_save_a_part() -> None:
    kinds = stacks(moved_afterwards, (np.ones((3, 2)), 2), (0,))
    assert len(kinds) == 1


@pytest.mark.parametrize("function", CALLS)
def test_gradients_are_those_of_saving_everything(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    args, argnums = CALLS[function]
    slope = s2sad.value_and_grad(function, argnums=argnums, control="keep")
    found = slope(*args)
    by_tape = tape.gradient(function, args, argnums)
    monkeypatch.setattr(residuals, "work", lambda statement: None)
    saved = s2sad.value_and_grad(function, argnums=argnums, control="keep")
    expected = saved(*args)
    assert found[0] == expected[0] == function(*args)
    for one, other, third in zip(found[1], expected[1], by_tape[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(one, third, rtol=1e-10, atol=1e-12)


SHORT = [(kernel_matrix, (np.array([0.3, -0.4, 1.0]), 1.2, 0.7)), (waves, (0.3, 4)), (branches, (np.array([0.5, -0.7, 0.2]), 1.3)),
         (until_it_is_small, (1.5, 0.8))]  # fmt: skip


@pytest.mark.parametrize(("function", "args"), SHORT)
def test_a_second_derivative_is_the_difference_of_first_ones(function: Any, args: tuple[Any, ...]) -> None:
    position = 1 if function is kernel_matrix else 0 if np.ndim(args[0]) == 0 else 1
    slope = s2sad.grad(function, argnums=position, control="keep")

    def moved(by: float) -> tuple[Any, ...]:
        return (*args[:position], args[position] + by, *args[position + 1 :])

    second = s2sad.grad(slope, argnums=position, control="keep")(*args)
    assert second == pytest.approx((slope(*moved(1e-6)) - slope(*moved(-1e-6))) / 2e-6, rel=1e-5)


def of_nothing(x, theta):
    total = 0.0
    for i in range(len(x)):
        total += x[i] ** 2 / theta**2 + theta**2
    return total


def test_a_loop_that_makes_no_step_raises_nothing() -> None:
    slope = s2sad.value_and_grad(of_nothing, argnums=(0, 1), control="keep")
    assert slope(np.ones(2), 2.0)[0] == of_nothing(np.ones(2), 2.0)
    for theta in (0.0, 1e200):
        value, (by_x, by_theta) = slope(np.zeros(0), theta)
        assert value == 0.0 and by_x.shape == (0,) and by_theta == 0.0
    with pytest.raises(OverflowError):
        slope(np.ones(1), 1e200)


def weighted(x, w):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total += np.sum(w**3 / (w + 1.0)) * x[i] * x[j]
    return total


def test_powers_and_quotients_that_cannot_raise_leave_both_loops() -> None:
    slope = s2sad.value_and_grad(weighted, argnums=(0, 1), control="keep")
    x, w = np.array([0.5, 1.0, 2.0]), np.array([0.5, 2.0])
    value, gradients = slope(x, w)
    assert value == weighted(x, w)
    for found, expected in zip(gradients, tape.gradient(weighted, (x, w), (0, 1))[1], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert "**" not in "".join(line for line in slope.source.split("\n") if line.startswith("        ") and "#" not in line)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert slope(np.zeros(1), np.array([-1.0, 1.0]))[0] == 0.0


def within_a_branch(x, y):
    total = 0.0
    for i in range(len(x)):
        if y != 0.0:
            total += x[i] / y
        else:
            total += x[i] ** 2
    return total


def test_what_raises_on_one_side_is_computed_again_on_that_side_alone() -> None:
    slope = s2sad.grad(within_a_branch, argnums=(0, 1), control="keep")
    by_x, by_y = slope(np.ones(3), 2.0)
    assert by_x.tolist() == [0.5] * 3 and by_y == -0.75
    by_x, by_y = slope(np.ones(3), 0.0)
    assert by_x.tolist() == [2.0] * 3 and by_y == 0.0


def logarithms(x):
    total = 0.0
    for i in range(len(x)):
        y = np.log(x[i])
        total += y * y
    return total


def test_what_is_computed_again_warns_once() -> None:
    slope = s2sad.value_and_grad(logarithms, control="keep")
    slope(np.ones(2))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        slope(np.array([-1.0]))
    assert sum("invalid value encountered in log" in str(w.message) for w in caught) == 1


def variables(*names: str) -> dict[str, Var]:
    return {name: Var(float) for name in names}


def test_the_cheapest_choice_shares_what_is_saved() -> None:
    """Both of two values come from a third, which is not needed: one is saved in the place of two."""
    v = variables("x", "one", "other")
    ways = {v["x"]: None, v["one"]: Way((v["x"],), 1), v["other"]: Way((v["x"],), 1)}
    assert cheapest([v["one"], v["other"]], ways, set(), lambda _: 10) == [v["x"]]
    assert cheapest([v["one"]], ways, set(), lambda _: 10) == [v["one"]]
    assert cheapest([v["one"], v["other"]], ways, {v["x"]}, lambda _: 10) == []


def test_the_cheapest_choice_computes_nothing_that_costs_more() -> None:
    v = variables("a", "b", "sum", "dear")
    ways = {v["a"]: None, v["b"]: None, v["sum"]: Way((v["a"], v["b"]), 1), v["dear"]: Way((v["sum"],), 30)}
    assert cheapest([v["sum"]], ways, set(), lambda _: 10) == [v["sum"]]
    assert set(cheapest([v["sum"], v["a"]], ways, set(), lambda _: 10)) == {v["sum"], v["a"]}
    assert set(cheapest([v["sum"], v["a"], v["b"]], ways, set(), lambda _: 10)) == {v["a"], v["b"]}
    assert set(cheapest([v["dear"], v["a"], v["b"]], ways, set(), lambda _: 10)) == {v["dear"], v["a"], v["b"]}


def choices(needed: list[Var], ways: dict[Var, Way | None], price: dict[Var, int]) -> int:
    """The cost of the best choice, found by trying all."""
    best = 10**9
    everything_there = list(ways)
    for mask in range(1 << len(everything_there)):
        saved = {v for k, v in enumerate(everything_there) if mask >> k & 1}
        best = min(best, cost(needed, ways, price, saved))
    return best


def cost(needed: list[Var], ways: dict[Var, Way | None], price: dict[Var, int], saved: set[Var]) -> int:
    total, done = sum(price[v] for v in saved), set(saved)
    waiting = list(needed)
    for var in waiting:
        if var in done:
            continue
        way = ways[var]
        if way is None:
            return 10**9
        done.add(var)
        total += way.work
        waiting += way.origins
    return total


@pytest.mark.parametrize("seed", range(40))
def test_the_choice_is_the_best_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names: list[Var] = []
    ways: dict[Var, Way | None] = {}
    for k in range(9):
        var = Var(float)
        origins = tuple(names[int(i)] for i in rng.choice(k, min(k, int(rng.integers(0, 3))), replace=False)) if k else ()
        ways[var] = None if (not origins and rng.random() < 0.8) or rng.random() < 0.15 else Way(origins, int(rng.integers(1, 9)))
        names.append(var)
    price = {v: int(rng.integers(3, 15)) for v in names}
    needed = [names[int(i)] for i in rng.choice(9, 4, replace=False)]
    saved = cheapest(needed, ways, set(), price.__getitem__)
    assert cost(needed, ways, price, set(saved)) == choices(needed, ways, price)


def largest_first(a, n):
    b = a * 2.0
    for _ in range(n):
        b[:, 0] = b.max(axis=1) * b.mean()
        b[-1] += b.min(0)
    return np.sum(b * b)


def test_a_comparison_with_a_view_is_asked_in_the_step_with_the_view() -> None:
    """The rule of `max` along an axis compares with the largest numbers, which it gives the axis again."""
    derivative = s2sad.value_and_grad(largest_first, control="keep")
    for shape in ((2, 3), (3, 1), (1, 4)):
        a = np.linspace(0.1, 1.2, shape[0] * shape[1]).reshape(shape)
        value, slope = derivative(a, 2)
        assert value == largest_first(a, 2)
        np.testing.assert_allclose(slope, tape.gradient(largest_first, (a, 2))[1], rtol=1e-12)
