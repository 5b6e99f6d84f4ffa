"""An object that the function makes of a library's class belongs to the call: its methods are followed, or the program is refused."""

from __future__ import annotations

import array
import random
import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy import integrate

from s2sad import grad, tape, value_and_grad
from s2sad.errors import S2sadError
from tests.at_random import profile, quiet
from tests.generate_objects import library, programs
from tests.oracles import assert_close, module
from tests.ways import CONTROLS, every_way

made = library()


def test_methods_without_followed_arguments_write_once_in_every_call() -> None:
    def f(x: float) -> Any:
        meter = made.Meter(x)
        meter.step()
        meter.step()
        return meter.total  # 0.5 x + 2 x

    for control in CONTROLS:
        derived = value_and_grad(f, control=control)  # type: ignore[call-overload]
        assert [derived(v) for v in (2.0, 4.0, 8.0, 2.0, 4.0, 8.0)] == [(5.0, 2.5), (10.0, 2.5), (20.0, 2.5)] * 2
    assert tape.gradient(f, (4.0,)) == (10.0, 2.5)
    assert grad(grad(lambda x: f(x) * x))(3.0) == 5.0


def test_one_that_is_handed_to_a_librarys_function() -> None:
    def f(x: float) -> Any:
        held = [made.Meter(0.5, x)]
        made.drive(*held)
        return held[0].add(x).get() * made.apply(lambda i: i * x, 4)

    every_way(lambda: f)


def test_one_that_is_made_without_followed_values_is_made_in_every_call() -> None:
    def f(x: float) -> Any:
        meter = made.Meter(2.0)
        meter.step()
        meter.step()
        return x * meter.get()

    every_way(lambda: f, refused=("keep",))
    assert grad(f)(3.0) == 4.5


def test_one_that_receives_followed_values_later_is_followed_on() -> None:
    def f(x: float) -> Any:
        meter = made.Meter(2.0)
        meter.add(x)
        meter.step()
        made.drive(meter)
        return meter.get() * x

    every_way(lambda: f, (1.0, 2.0, 3.0, 2.0), refused=("keep",))


def test_a_distribution() -> None:
    every_way(lambda: lambda x: statistics.NormalDist(x, 1.5).pdf(0.3) + statistics.NormalDist(0.2, 1.0 + x * x).cdf(x), (0.7, 1.3, 0.2))


def test_native_code_is_given_no_object_of_the_call() -> None:
    class Point:
        def __init__(self, v: Any) -> None:
            self.v = v

    def f(x: float) -> Any:
        return x * sys.getrefcount(Point(x))

    for control in CONTROLS:
        with pytest.raises(S2sadError, match="an object that the function has made"):
            grad(f, control=control)(2.0)  # type: ignore[call-overload]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("initial", [np.array([1.0, 2.0])])
def test_solvers_of_differential_equations(initial: Any) -> None:
    def steps(x: Any) -> Any:
        solver = integrate.RK45(lambda t, y: -x * y, 0.0, initial * x, 1.0, max_step=0.2)
        solver.step()
        solver.step()
        return solver.y.sum()

    every_way(lambda: steps, (0.7, 1.3, 0.9, 0.7), refused=("keep",), rtol=1e-5)


@profile(25)
@given(programs())
def test_generated_programs_are_right_in_every_call(text: str) -> None:
    def make() -> Callable[[Any], Any]:
        return module(text, library=made).f

    with quiet():
        every_way(make, (0.7, 1.3, -0.4, 0.7), refused=("keep",), rtol=2e-5)
        derived, reference = grad(make()), make()
        for x in (0.7, -0.4):
            assert_close(derived(x), tape.gradient(reference, (x,))[1])


def values_of_a_dict(x: Any) -> Any:
    return statistics.fmean({"a": x, "b": 2.0}.values()) * x


def a_generator(x: Any) -> Any:
    return statistics.fmean(v * x for v in [1.0, 2.0]) + x * statistics.fmean(v for v in [1.0, 5.0])


def an_iterator(x: Any) -> Any:
    items = iter([1.0, 2.0, 3.0])
    return x * next(items) + x * statistics.fmean(items) * sum(array.array("d", (float(v) for v in range(3))))


@pytest.mark.parametrize("function", [values_of_a_dict, a_generator, an_iterator])
def test_iterators_and_views_that_a_library_is_given(function: Callable[..., Any]) -> None:
    every_way(lambda: function, (0.7, 1.3, 0.7, 2.0), refused=("keep",))


def test_a_list_of_the_function_that_a_library_changes() -> None:
    def f(x: float) -> Any:
        items = [1.0, 2.0, 3.0, 4.0]
        random.Random(1).shuffle(items)
        return x * items[0]

    for derive in (grad(f), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(S2sadError, match="changes a container of the function"):
            derive(1.0)
