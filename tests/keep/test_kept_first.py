"""`control="auto"` keeps first: many steps are kept at the first call, what cannot be kept is recorded, nothing happens twice."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import checkpoint, grad, value_and_grad, vjp
from s2sad.calls.choice import STEPS_RECORDED as FEW
from s2sad.record.steps import length
from tests.oracles import agrees, assert_close

LOG: list[float] = []
WEIGHTS = [0.5 + 0.01 * k for k in range(40)]
ROWS = np.linspace(0.5, 1.5, 40)


def power(x, n):
    total = x
    for _ in range(n):
        total = total * x
    return total


def constant(x):
    for _ in range(50):
        x = x * 0.99 + 0.001
    return x


def counted_down(x, n):
    while n > 0:
        x, n = x * 0.9, n - 1
    return x


def until_small(x):
    while True:
        x = x * 0.9
        if x < 0.01:
            break
    return x


def elements(x):
    total = 0.0
    for each in x:
        total += each * each
    return total


def side_by_side(x):
    total = 0.0
    for i, (one, other) in enumerate(zip(x, x, strict=True)):
        total += one * other * i
    return total


def backwards(x, n):
    for i in reversed(range(n)):
        x = x * 0.9 + i
    return x


def saved(x, n):
    for _ in checkpoint(range(n)):
        x = math.sin(x)
    return x


def nested(x, n):
    for i in range(n):
        for j in range(n):
            x = x * 0.9 + 0.01 * i * j
    return x


def in_a_helper(x, n):
    for _ in range(n):
        x = power(x, n) * 0.5
    return x


def kinds(derivative: Any) -> list[bool | None]:
    return [path.kept for path in derivative.paths]


LONG = (
    (power, (0.9, FEW + 1)), (constant, (1.5,)), (counted_down, (1.5, FEW + 1)), (until_small, (1.5,)), (elements, (np.ones(FEW + 1),)),
    (side_by_side, (np.ones(FEW + 1),)), (backwards, (1.5, FEW + 1)), (saved, (1.5, FEW + 1)), (nested, (1.5, 4)), (in_a_helper, (0.9, 4)),
)  # fmt: skip


@pytest.mark.parametrize("function, args", LONG, ids=lambda v: getattr(v, "__name__", ""))
def test_a_long_loop_is_kept_at_its_first_call(function: Any, args: Any) -> None:
    derivative = value_and_grad(function)
    agrees(derivative, function, *args)
    assert kinds(derivative) == [True] and derivative.reasons == ()
    for _ in range(9):
        agrees(derivative, function, *args)
    assert kinds(derivative) == [True]


SHORT = (
    (power, (0.9, FEW)), (counted_down, (1.5, FEW)), (elements, (np.ones(FEW),)), (side_by_side, (np.ones(FEW),)),
    (backwards, (1.5, FEW)), (saved, (1.5, FEW)), (nested, (1.5, 3)), (in_a_helper, (0.9, 3)), (until_small, (0.02,)),
)  # fmt: skip


@pytest.mark.parametrize("function, args", SHORT, ids=lambda v: getattr(v, "__name__", ""))
def test_a_short_loop_is_recorded(function: Any, args: Any) -> None:
    derivative = value_and_grad(function)
    agrees(derivative, function, *args)
    assert kinds(derivative) == [None] and derivative._choice.trials.tries == {}


def test_the_loop_of_the_article_is_recorded() -> None:
    def article(x1, x2):
        for _ in range(10):
            x1 = math.log(x1) + x1 * math.sin(x2)
        return x1

    derivative = value_and_grad(article)
    agrees(derivative, article, 12.0, 1.5)
    assert kinds(derivative) == [None]


def squares(x):
    return sum([v * v for v in x])


def powers(x, n):
    return sum(x * k for k in range(n))


COMPREHENSIONS = ((squares, (np.ones(FEW),), (np.ones(FEW + 1),)), (powers, (1.5, FEW), (1.5, FEW + 1)))


@pytest.mark.parametrize(("function", "args", "long"), COMPREHENSIONS)
def test_comprehensions_count_as_loops(function: Any, args: Any, long: Any) -> None:
    derivative = value_and_grad(function)
    agrees(derivative, function, *args)
    assert kinds(derivative) == [None] and derivative._choice.trials.tries == {}
    agrees(derivative, function, *long)
    assert [*derivative._choice.trials.tries.values()] == [1]


# What is no loop when it is kept


def short_ones(x):
    """Each loop takes few steps, also those that are left early; all of them together take many."""
    for limit in (3, 5, 7, 9):
        n = 0
        while n < limit:
            n += 1
            x = x * 0.9
            if n == 4:
                break
    for i in range(5):
        if i == 3:
            break
        x = x * 1.1
    for k in range(5):
        x = power(x, 1) + 0.1 * k
    try:
        for i in range(4):
            x = x + 1.0 / (2 - i)
    except ZeroDivisionError:
        x = x * 1.5
    return power(power(power(x, 5), 2), 3)


def over_lists(x):
    for weight in WEIGHTS:
        x = x * weight + 0.5
    for name, weight in dict.fromkeys(map(str, WEIGHTS), 0.75).items():
        x = x * weight + len(name)
    for i, weight in enumerate(WEIGHTS):
        x = x * 0.5 + i * weight
    for weight, row in zip(WEIGHTS, ROWS, strict=True):
        x = x * 0.5 + row * weight
    return x


def until_empty(x):
    left = list(WEIGHTS)
    while left:
        x = x * left.pop() + 0.1
    return x


def generated(x):
    def numbers(n):
        k = 0
        while k < n:
            yield 0.1 * k
            k += 1

    for number in numbers(5):
        x = x * number + 1.0
    for number in numbers(6):
        x = x * number + 1.0
    return x


@pytest.mark.parametrize("function", [short_ones, over_lists, until_empty, generated])
def test_what_keeping_leaves_unrolled_is_not_tried(function: Any) -> None:
    derivative = value_and_grad(function)
    for x in (0.9, 1.1):
        agrees(derivative, function, x)
    assert kinds(derivative) == [None] and derivative._choice.trials.tries == {} and derivative.reasons == ()


def test_the_length_of_what_a_loop_runs_over() -> None:
    assert [length(v) for v in (range(4), reversed(range(4)), range(1 << 70, (1 << 70) + 3), enumerate(range(2)))] == [4, 4, 3, 2]
    mixed = zip(range(3), [1, 2, 3], strict=True)
    assert [length(v) for v in ([1.0], (), "text", {}, iter([1]), zip(), mixed, enumerate("ab"))] == [None] * 8
    pairs = zip(range(3), range(5))  # noqa: B905
    assert length(pairs) == 3 and list(pairs) == [(0, 0), (1, 1), (2, 2)]


# What cannot be kept


def refused(x, n):
    class Step:
        scale = 0.9

    for _ in range(n):
        x = x * Step.scale
    return x


def test_what_cannot_be_kept_is_tried_once_for_arguments_of_one_kind() -> None:
    derivative = value_and_grad(refused)
    for n in (FEW, FEW + 1, FEW + 2, 30, FEW + 1, 1):
        agrees(derivative, refused, 0.9, n)
    assert set(kinds(derivative)) == {None}
    assert [*derivative._choice.trials.tries.values()] == [1]
    (reason,) = derivative.reasons
    assert reason.startswith(f"{refused.__code__.co_filename}:{refused.__code__.co_firstlineno + 1}:5: ") and "class" in reason


def test_what_the_function_raises_is_raised() -> None:
    def f(x, n):
        for k in range(n):
            x = x / (n - 20 - k)
        return x

    derivative = value_and_grad(f)
    for n in (30, 25, 14):
        if n == 14:
            agrees(derivative, f, 1.5, n)
        else:
            with pytest.raises(ZeroDivisionError):
                derivative(1.5, n)


# Effects


def logged(x, n):
    LOG.append(1.0)
    for k in range(n):
        x = x * 0.9 + 0.01 * k
    return x


def logs(x, n):
    for k in range(n):
        LOG.append(float(k))
        x = x * 0.9
    return x


def logs_while(x, n):
    while n:
        LOG.append(float(n))
        x, n = x * 0.9, n - 1
    return x


@pytest.mark.parametrize("function", [logged, logs, logs_while])
def test_nothing_happens_twice(function: Any) -> None:
    derivative = value_and_grad(function)
    for n in (30, 3, 31, 30, 40):
        LOG.clear()
        value = function(0.9, n)
        wanted = LOG.copy()
        LOG.clear()
        found = derivative(0.9, n)
        assert wanted == LOG and found[0] == value
        assert_close(found[1], 0.9**n)


def test_what_has_happened_in_front_of_a_loop_is_said() -> None:
    derivative = value_and_grad(logged)
    derivative(0.9, 30)
    assert kinds(derivative) == [None]
    (reason,) = derivative.reasons
    place = f"{logged.__code__.co_filename}:{logged.__code__.co_firstlineno + 1}:5"
    assert reason == f"{place}: what the function calls here has an effect, which happens once in each call"


# Other derivatives


@pytest.mark.parametrize("control", ["auto", "keep", "record"])
def test_a_pullback_has_a_control(control: str) -> None:
    def f(x, n):
        for _ in range(n):
            x = np.sin(x) + 0.1 * x
        return x

    x = np.linspace(0.1, 1.0, 5)
    for n in (3, 30):
        value, pullback = vjp(f, x, n, argnums=(0,), control=control)
        found = pullback(np.ones(5))[0]
        x[:] = 7.0  # which is nothing to the pullback
        assert_close(pullback(np.ones(5))[0], found)
        x[:] = np.linspace(0.1, 1.0, 5)
        assert_close(found, grad(lambda x, n: np.sum(f(x, n)), control="record")(x, n))
        value[:] = 5.0
        assert_close(pullback(np.ones(5))[0], found)
    with pytest.raises(ValueError, match="control is one of 'auto', 'record', 'keep', not 'other'"):
        vjp(f, x, 3, argnums=0, control="other")


def test_a_pullback_in_a_function_that_is_followed_takes_control_as_well() -> None:
    def f(x):
        return vjp(np.sin, x, control="keep")[1](1.0)[0]

    assert_close(value_and_grad(f)(0.5), (math.cos(0.5), -math.sin(0.5)))


def test_stages_are_those_of_the_call() -> None:
    derivative = value_and_grad(power)
    assert derivative.stages(0.9, 3)["code"].source.count("    for ") == 0
    assert derivative.stages(0.9, 30)["code"].source.count("    for ") == 2
    assert derivative.paths == ()
