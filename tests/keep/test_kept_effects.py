"""Effects in kept loops and branches: printed, drawn and logged once per call, in the order of the function."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, checkpoint, grad, value_and_grad
from tests.oracles import assert_close, assert_identical

CONTROLS = ("keep", "auto")
CALLS = [(0.7, 3), (1.4, 0), (-0.6, 5), (2.0, 1), (0.3, 20), (0.9, 2), (-1.2, 4), (0.1, 17), (1.1, 6), (0.5, 3)]
LOG = logging.getLogger(__name__)


def printing(x: float, n: int) -> float:
    t = 0.0
    print("begin", x)
    for i in range(n):
        t = t + x * x
        if t > 1.0:
            print("large", f"{t:.3f}", end=";")
        else:
            print(i, [t, i], {"t": t}, sep="-")
            LOG.info("step %d of %d", i, n)
    print("end", t, "{:.2f}".format(t))  # noqa: UP032
    return t * t


@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_printed(control: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    derivative = value_and_grad(printing, control=control)
    for x, n in CALLS:
        value = printing(x, n)
        wanted, logged = capsys.readouterr().out, [r.message for r in caplog.records]
        caplog.clear()
        found, slope = derivative(x, n)
        assert capsys.readouterr().out == wanted
        assert [r.message for r in caplog.records] == logged
        caplog.clear()
        assert_identical(found, value)
        assert_close(slope, 4.0 * n * n * x**3)
    assert control == "auto" or len(derivative.paths) == 1


def uniform(rng: Any) -> Callable[[Any, int], Any]:
    def f(x: Any, n: int) -> Any:
        t = 0.0 * x
        for _ in range(n):
            if rng.random() < 0.5:
                t = t + x * rng.normal()
            else:
                t = t * x + rng.uniform(1.0, 2.0)
        return t

    return f


def arrays(rng: Any) -> Callable[[Any, int], Any]:
    def f(x: Any, n: int) -> Any:
        w = np.array([1.0, -2.0, 0.5])
        t = 0.0 * x
        for k in range(n):
            noise = rng.normal(0.0, 1.0 + k, size=(2, k))
            t = t + x * np.sum(noise) + np.sum(w * rng.standard_normal(3)) * x
            t = t * w[rng.integers(0, 3)] + np.sum(rng.exponential(w * w) * x)
        return t

    return f


def whiles(rng: Any) -> Callable[[Any, int], Any]:
    def f(x: Any, n: int) -> Any:
        t, k = x, 0
        while k < n and rng.random() < 0.8:
            t = t + np.sin(x) * rng.poisson(2.0)
            k = k + 1
        return t * k

    return f


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("make", [uniform, arrays, whiles])
def test_what_is_drawn(make: Any, control: str) -> None:
    mine, its, third = (np.random.default_rng(3) for _ in range(3))
    function, reference = make(mine), value_and_grad(make(third), control="record")
    derivative = value_and_grad(make(its), control=control)
    for x, n in CALLS:
        value, slope = derivative(x, n)
        assert_identical(value, function(x, n))
        assert_close(slope, reference(x, n)[1])
        assert its.bit_generator.state == mine.bit_generator.state
    assert control == "auto" or len(derivative.paths) == 1


def test_draws_of_the_global_generators() -> None:
    def f(x: float, n: int) -> float:
        t = x
        for _ in range(n):
            t = t * random.random() + random.gauss(0.0, 1.0) * x + np.random.normal() * random.randint(1, 4)
        return t

    derivative = value_and_grad(f, control="keep")
    for x, n in CALLS:
        random.seed(n)
        np.random.seed(n)
        value = f(x, n)
        after = random.getstate(), str(np.random.get_state())
        random.seed(n)
        np.random.seed(n)
        assert_identical(derivative(x, n)[0], value)
        assert (random.getstate(), str(np.random.get_state())) == after
    assert len(derivative.paths) == 1


@pytest.mark.parametrize("control", CONTROLS)
def test_a_path_that_is_left_halfway_hands_on_what_it_did(control: str, capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any, n: int) -> Any:
        t = 0.0
        for i in range(n):
            print("step", i, scale)
            t = t + scale * x[i]
        print("end")
        return t

    scale = 2.0
    derivative = value_and_grad(f, control=control)
    x = np.array([1.0, 2.0, 3.0])
    for n in (2, 3, 0, 4, 20, 3, 5):
        outcomes = []
        for function in (f, derivative):
            try:
                outcomes.append(function(x, n))
            except IndexError as error:
                outcomes.append(str(error))
            outcomes.append(capsys.readouterr().out)
        value, wanted, found, printed = outcomes
        assert printed == wanted
        if isinstance(value, str):
            assert found == value
        else:
            assert_identical(found[0], value)


def test_effects_at_second_order(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: float, n: int) -> float:
        t = x
        for _ in range(n):
            t = t * x
            print("t")
        return t

    derivative = grad(grad(f, control="keep"), control="keep")
    assert_close(derivative(2.0, 3), 4 * 3 * 2.0**2)
    assert capsys.readouterr().out == "t\n" * 3


def test_what_is_not_known_of_an_effect_is_refused() -> None:
    rng = np.random.default_rng(0)

    def f(x: float, n: int) -> float:
        t = x
        for _ in range(n):
            rng.bytes(3)
            t = t * x
        return t

    with pytest.raises(CannotKeep, match=r"bytes\(\) is called, which s2sad does not follow"):
        grad(f, control="keep")(1.0, 3)
    assert_close(grad(f)(1.0, 30), 31.0)


def test_an_effect_is_not_computed_again() -> None:
    rng = np.random.default_rng(0)

    def f(x: float, n: int) -> float:
        t = x
        for _ in range(n):
            t = checkpoint(lambda s: s * rng.normal())(t)
        return t

    with pytest.raises(CannotKeep, match=r"normal\(\) is called, which s2sad does not follow"):
        grad(f, control="keep")(1.0, 3)


def told(x: Any, n: int) -> Any:
    t = x
    for i in range(n):
        print("told", i)
        t = t * x
    return t


def asked_after_it_in_one_statement(x: Any, n: int) -> Any:
    return told(x, n) + sorted([x, 1.0])[0]


def asked_after_it_in_a_try(x: Any, n: int) -> Any:
    try:
        a = told(x, n)
        b = a / (n - 2)
    except ZeroDivisionError:
        b = x
    return b * x


def in_conditions(x: Any, n: int) -> Any:
    a = told(x, n) if told(x, 1) > 0.8 else x
    b = told(a, 1) > 0.2 and told(x, 2) < 3.0
    return a * (2.0 if b else 3.0)


def in_the_condition_of_a_loop(x: Any, n: int) -> Any:
    t = x
    while told(t, 1) < 5.0 + n:
        t = t + 1.0 + x * x
    return t


def between_the_values_of_a_generator(x: Any, n: int) -> Any:
    def values() -> Any:
        for i in range(n):
            print("next", i)
            yield x * i

    t = 0.0 * x
    for v in values():
        print("taken")
        t = t + v
    return t


def where_a_list_grows(x: Any, n: int) -> Any:
    values = []
    for i in range(n):
        print("grows", i)
        values.append(told(x, 2) * i)
    return sum(values) + sum([told(x, 1) * i for i in range(n)]) + x


def where_a_function_calls_itself(x: Any, n: int) -> Any:
    print("calls", n)
    return x if n <= 0 else x * where_a_function_calls_itself(x, n - 1)


def on_ways_out_of_a_loop(x: Any, n: int) -> Any:
    t = x
    for i in range(n):
        if t > 2.0:
            print("large")
            if i > 3:
                break
            continue
        print("small", i)
        t = t + x
    else:
        print("else")
    return t


PLACES = [
    asked_after_it_in_one_statement, asked_after_it_in_a_try, in_conditions, in_the_condition_of_a_loop,
    between_the_values_of_a_generator, where_a_list_grows, where_a_function_calls_itself, on_ways_out_of_a_loop,
]  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("function", PLACES)
def test_it_happens_once_wherever_it_stands(function: Callable[..., Any], control: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a statement is walked on several ways: what cannot be told apart then is refused."""
    derivative = value_and_grad(function, control=control)
    for x, n in [(0.7, 3), (1.5, 2), (1.2, 0), (0.3, 6), (1.5, 20), (0.7, 1)]:
        value = function(x, n)
        wanted = capsys.readouterr().out
        try:
            found = derivative(x, n)
        except CannotKeep as error:
            assert control == "keep" and "after something that happens once" in error.reason
            assert capsys.readouterr().out == ""
            break
        assert capsys.readouterr().out == wanted
        assert_identical(found[0], value)
