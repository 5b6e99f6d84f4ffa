"""What functions of one code share holds no value of theirs, and nothing that was made for one of them."""
from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import value_and_grad
from tests.calls.test_shared_paths import Part, anew_fixture, scaled  # noqa: F401
from tests.oracles import assert_close

Make = Callable[..., Any]


def holding(held: Part, array: Any) -> Any:
    return lambda x: held.k * x * np.sum(array)


def test_no_value_of_the_users_is_held() -> None:
    alive = []
    for k in range(5):
        held = Part(float(k))
        alive.append(weakref.ref(held))
        function = holding(held, np.ones(3))
        alive.append(weakref.ref(function))
        assert value_and_grad(function)(2.0) == (6.0 * k, 3.0 * k)
        del held, function
    gc.collect()
    assert [a for a in alive if a() is not None] == []


def with_a_helper(held: Part, helper: Any) -> Any:
    def own(y: Any) -> Any:
        return held.k * y

    return lambda x: own(x) * 2.0


def with_a_helper_that_has_a_default(held: Part, helper: Any) -> Any:
    own = lambda y, held=held: held.k * y
    return lambda x: own(x) * 2.0


def with_a_class(held: Part, helper: Any) -> Any:
    class Own:
        def times(self, y: Any) -> Any:
            return held.k * y

    own = Own()
    return lambda x: own.times(x) * 2.0


def with_a_key(held: Part, helper: Any) -> Any:
    known = {held: held.k}
    return lambda x: known[held] * x * 2.0


def with_a_derivative(held: Part, helper: Any) -> Any:
    own = s2sad.grad(lambda y: held.k * y * y)
    return lambda x: own(x) * 1.0


def with_a_loop(held: Part, helper: Any) -> Any:
    def own(y: Any) -> Any:
        return held.k * y

    def f(x: Any) -> Any:
        s = 0.0
        for _ in range(2):
            s = s + own(x)
        return s
    return f


def with_a_helper_that_stays(held: Part, helper: Any) -> Any:
    return lambda x: helper(x) * held.k


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("make", [with_a_helper, with_a_helper_that_has_a_default, with_a_class, with_a_key, with_a_derivative, with_a_loop,
                                  with_a_helper_that_stays])  # fmt: skip
def test_what_is_made_for_one_function_is_not_held(make: Make, control: str) -> None:
    """A path that speaks of it would serve no other function. What an earlier one spoke of may be held: a helper that stays."""
    helper, stays = scaled(2.0), make is with_a_helper_that_stays
    alive, compiled = [], []
    for k in range(4):
        held = Part(float(k))
        alive.append(weakref.ref(held))
        derived = s2sad.grad(make(held, helper), control=control)
        assert_close(derived(3.0), 12.0 * k if stays else 2.0 * k)
        compiled.append(derived.stats().compilations)
        del held, derived
    gc.collect()
    assert [a for a in alive if a() is not None] == []
    assert compiled == ([1, 1, 0, 0] if stays else [1, 1, 1, 1])
