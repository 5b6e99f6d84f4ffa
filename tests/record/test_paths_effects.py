"""Effects happen as in the function: in its order, once per call, also where a path is left halfway."""

from __future__ import annotations

import copy
import random
import sys
from typing import Any

import numpy as np
import pytest

from s2sad import elementwise_grad, grad, value_and_grad, vjp
from tests.oracles import assert_close, assert_identical

THIS = sys.modules[__name__]
POINTS = [0.5, 2.0, -1.0, 0.5, -1.5, 3.0, 0.25, -2.0, 1.0, -0.5]


def replay(make: Any, points: list[Any] = POINTS) -> tuple[list[Any], Any]:
    """The values of the plain function at the points with a generator of its own, and the generator after them."""
    function, state = make()
    return [function(x) for x in points], state


def check_draws(make: Any, points: list[Any] = POINTS) -> Any:
    """Compiled values equal the function's at every point, and as much was drawn: the generators end in one state."""
    wanted, reference = replay(make, points)
    function, state = make()
    derivative = value_and_grad(function)
    for x, value in zip(points, wanted, strict=True):
        assert_identical(derivative(x)[0], value)
    assert state_of(state) == state_of(reference)
    return derivative


def state_of(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return generator.getstate()
    return str(getattr(generator, "bit_generator", generator).state if not isinstance(generator, list) else generator)


def test_a_captured_generator_is_drawn_from_anew() -> None:
    def make():
        rng = np.random.default_rng(0)
        return (lambda x: x * rng.normal() + x * x * rng.random()), rng

    assert len(check_draws(make).paths) == 1


def test_the_gradient_uses_the_draw_of_its_own_call() -> None:
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    derivative = grad(lambda x: x * rng.normal())
    assert [derivative(1.0) for _ in range(5)] == [twin.normal() for _ in range(5)]


@pytest.mark.parametrize("size", [3, (2, 3), 0, ()])
def test_arrays_of_draws(size: Any) -> None:
    def make():
        rng = np.random.default_rng(1)
        return (lambda x: np.sum(x * rng.normal(size=size)) + np.sum(rng.integers(0, 5, size) * x)), rng

    check_draws(make)


def test_the_global_generators() -> None:
    def make():
        random.seed(4)
        np.random.seed(4)
        return (
            lambda x: (
                x * random.random() + x * np.random.normal() + random.gauss(0.0, 1.0) * random.choice([x, 2.0 * x])
            )
        ), []

    wanted, _ = replay(make)
    after = random.getstate(), str(np.random.get_state())
    function, _ = make()
    derivative = value_and_grad(function)
    for x, value in zip(POINTS, wanted, strict=True):
        assert_identical(derivative(x)[0], value)
    assert (random.getstate(), str(np.random.get_state())) == after


def test_an_instance_of_the_standard_generator() -> None:
    def make():
        rng = random.Random(5)
        return (lambda x: x * rng.uniform(1.0, 2.0) if rng.random() < 0.5 else -x * rng.gauss(0.0, 1.0)), rng

    check_draws(make)


def test_a_draw_that_decides() -> None:
    def make():
        rng = np.random.default_rng(7)

        def f(x):
            total = x * rng.normal()
            if rng.random() < 0.5:
                total = total * rng.normal()
            while rng.random() < 0.6:
                total = total + x * rng.normal()
            return total

        return f, rng

    check_draws(make, POINTS * 6)


def test_a_path_left_after_draws_hands_them_on() -> None:
    def make():
        rng = np.random.default_rng(8)

        def f(x):
            a, b = rng.normal(size=2)
            if x > 0.0:
                c = rng.normal()
                return (a * x + b * c) * (x if x * c > 0.1 else 1.0)
            if a > 0.0:
                return a * x * rng.normal()
            return b * x

        return f, rng

    check_draws(make, POINTS * 4)


def test_a_draw_from_an_argument() -> None:
    rng, twin = np.random.default_rng(0), np.random.default_rng(0)

    def f(x, generator):
        return x * generator.normal() if generator.random() > 0.3 else x

    derivative = value_and_grad(f)
    for _ in range(12):
        assert_identical(derivative(2.0, rng)[0], f(2.0, twin))
    assert state_of(rng) == state_of(twin)


def test_a_generator_made_inside_the_function() -> None:
    def f(x, seed):
        rng = np.random.default_rng(seed)
        return np.sum(x * rng.normal(size=3))

    derivative = value_and_grad(f)
    for seed in (0, 1, 2, 1):
        value, gradient = derivative(2.0, seed)
        assert_identical(value, f(2.0, seed))
        assert gradient == pytest.approx(np.sum(np.random.default_rng(seed).normal(size=3)))


def test_draws_through_helpers_and_methods() -> None:
    class Noise:
        def __init__(self, seed):
            self.rng = np.random.default_rng(seed)

        def __call__(self, x):
            return x * self.scale() + self.rng.normal()

        def scale(self):
            return self.rng.uniform(1.0, 2.0)

    def make():
        noise = Noise(3)
        return (lambda x: noise(x) * noise(x)), noise.rng

    check_draws(make)


def test_draws_inside_comprehensions_and_generators() -> None:
    def make():
        rng = np.random.default_rng(11)

        def f(x):
            noise = [rng.normal() for _ in range(3)]
            return sum(x * n for n in noise) + sum(x * rng.random() for _ in range(2) if rng.random() < 0.5)

        return f, rng

    check_draws(make)


def test_permutation_and_dropout() -> None:
    rng, twin = np.random.default_rng(0), np.random.default_rng(0)

    def loss(x, generator):
        order = generator.permutation(len(x))
        mask = generator.random(x.shape) < 0.5
        return np.sum(np.where(mask, x[order] ** 2, 0.0)) / 0.5

    derivative = value_and_grad(loss)
    for k in range(6):
        x = np.linspace(1.0, 2.0 + k, 5)
        again = copy.deepcopy(twin)
        value, gradient = derivative(x, rng)
        assert_identical(value, loss(x, twin))
        order, mask = again.permutation(5), again.random(5) < 0.5
        wanted = np.zeros(5)
        wanted[order[mask]] = 4.0 * x[order[mask]]
        assert_close(gradient, wanted)


# Higher order, vjp


def test_effects_happen_once_at_second_order(capsys: pytest.CaptureFixture[str]) -> None:
    rng, twin = np.random.default_rng(0), np.random.default_rng(0)

    def f(x):
        print("called")
        return x**3 * rng.normal()

    second = grad(grad(f))
    for _ in range(3):
        assert second(2.0) == pytest.approx(12.0 * twin.normal())
        assert capsys.readouterr().out == "called\n"
    assert state_of(rng) == state_of(twin)


def test_effects_of_a_pullback_happen_once_when_the_value_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    rng, twin = np.random.default_rng(0), np.random.default_rng(0)

    def f(x):
        print("called")
        return x * rng.normal(size=2) if rng.random() < 0.5 else -x

    for _ in range(6):
        x = np.array([1.0, 2.0])
        value, pullback = vjp(f, x)
        assert capsys.readouterr().out == "called\n"
        factor = -np.ones(2) if not twin.random() < 0.5 else twin.normal(size=2)
        assert_close(value, x * factor)
        for _ in range(2):
            assert_close(pullback(np.array([1.0, 10.0]))[0], np.array([1.0, 10.0]) * factor)
        assert capsys.readouterr().out == ""
    assert state_of(rng) == state_of(twin)


def test_effects_of_an_elementwise_gradient(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        print("called")
        return x * x

    derivative = elementwise_grad(f)
    for _ in range(2):
        np.testing.assert_array_equal(derivative(np.array([1.0, 2.0])), [2.0, 4.0])
        assert capsys.readouterr().out == "called\n"


def test_an_effect_that_raises_is_caught_by_the_function() -> None:
    def make():
        items = iter([1.0, 2.0, 3.0])

        def f(x):
            try:
                k = next(items)
            except StopIteration:
                k = -1.0
            return k * x

        return f

    derivative, plain = value_and_grad(make()), make()
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))


def test_a_new_path_after_an_effect_that_raised() -> None:
    def make():
        items = iter([1.0, 2.0])

        def f(x):
            k = next(items, 0.5)
            try:
                k = k + next(items)
            except StopIteration:
                k = k * 10.0
            return k * x if x > 0.0 else x

        return f

    derivative, plain = value_and_grad(make()), make()
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))


WORK: Any = np.ones(3)
NATIVE: dict[str, Any] = {"work": WORK}
exec("def touch():\n    work[0] += 1.0\n", NATIVE)  # code without a source, which is not followed
touch = NATIVE["touch"]


def test_an_array_from_outside_is_read_before_an_effect_that_writes_it() -> None:
    def f(x):
        before = WORK[0] + 0.0
        touch()
        return before * x + 10.0 * WORK[0] * x

    derivative = value_and_grad(f)
    for _ in range(4):
        WORK[0] = 1.0
        assert derivative(2.0) == (42.0, 21.0)
        assert WORK[0] == 2.0
