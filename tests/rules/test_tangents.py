"""The tangent of every rule, by the tape: against differences, against the pullback, of second order, and in single precision."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, grad, tape
from s2sad.machine.traced import strip
from s2sad.rules import late
from s2sad.rules.language import BY_NAME
from s2sad.tape import TapeMachine
from tests.rules.tangents import NAMES, Case, drawn, floats, samples, slope, within
from tests.rules.test_rules_arrays import NARROW, narrow

OF_THE_ENGINE = ("lists", "own")  # the modules of what it writes down itself: cotangents, versions of arrays, lists


def cases(name: str) -> Iterator[Case]:
    for number, bound in enumerate(samples(name)):
        case = Case(BY_NAME[name], bound, tuple(BY_NAME[name].pullbacks), number)
        if case.leaves and case.value():
            yield case


def size(*values: Any) -> float:
    return max([1.0, *(float(np.max(np.abs(v))) for v in values if np.size(v))])


def paired(one: list[Any], other: list[Any]) -> tuple[float, float]:
    """The real part of the sum of products, and how large its terms are together."""
    terms = np.concatenate([np.zeros(0), *(np.real(np.ravel(np.multiply(a, b))) for a, b in zip(one, other, strict=True))])
    return float(np.sum(terms)), float(np.sum(np.abs(terms)))


def assert_equal(one: tuple[float, float], other: tuple[float, float], tolerance: float, what: str) -> None:
    assert abs(one[0] - other[0]) <= tolerance * (1.0 + one[1] + other[1]), what


def test_every_rule_is_among_them() -> None:
    elsewhere = (*OF_THE_ENGINE, *late.NAMES, "factors", "solving")  # tests/forms has those of tables that are read late, and their helpers
    missing = [name for name, p in BY_NAME.items() if p.pullbacks and name not in NAMES and name not in NARROW
               and p.location.module.removeprefix("s2sad.rules.") not in elsewhere and p.location.module.startswith("s2sad.")
               and not p.location.module.startswith("s2sad.rules.scipy.")]  # fmt: skip
    assert not missing


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_tangents_match_differences(name: str) -> None:
    for case in cases(name):
        found, expected, value = case.tangent(), slope(case), case.value()
        for one, other, plain in zip(found, expected, value, strict=True):
            assert np.shape(one) == np.shape(plain) and np.asarray(one).dtype == np.asarray(plain).dtype
            np.testing.assert_allclose(one, other, rtol=0, atol=2e-10 * size(other, plain), err_msg=f"{name} {case.bound}")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_tangents_are_the_transpose_of_pullbacks(name: str) -> None:
    for case in cases(name):
        rng = np.random.default_rng(case.seed + 1)
        weights = [drawn(rng, y) for y in case.value()]
        pulled = case.back(TapeMachine(), case.leaves, weights)
        assert_equal(paired(weights, case.tangent()), paired(pulled, case.directions), 1e-13, f"{name} {case.bound}")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [name for name in NAMES if len(BY_NAME[name].pullbacks) > 1])
def test_tangents_are_sums_over_the_arguments_that_move(name: str) -> None:
    """Terms of arguments that stay as they are may be left out."""
    for bound in samples(name):
        rng = np.random.default_rng(3)
        apart = [case for p in BY_NAME[name].pullbacks if (case := Case(BY_NAME[name], bound, (p,))).leaves]
        together = Case(BY_NAME[name], bound, tuple(case.parameters[0] for case in apart))
        for case in apart:
            case.directions = [drawn(rng, leaf) for leaf in case.leaves]
        together.directions = [d for case in apart for d in case.directions]
        if together.leaves and together.value():
            parts = [case.tangent() for case in apart]
            for i, whole in enumerate(together.tangent()):
                total = sum(part[i] for part in parts)
                np.testing.assert_allclose(whole, total, rtol=0, atol=1e-13 * size(*(part[i] for part in parts)), err_msg=f"{name} {bound}")


@pytest.mark.sampled(24)
@pytest.mark.parametrize("name", NAMES)
def test_second_derivatives_are_one_number_in_every_mode(name: str) -> None:
    for case in islice(cases(name), 2 if name == "cofactors" else None):  # of which the last ones take long
        if "linalg" in name and any(map(np.iscomplexobj, case.leaves)):
            continue  # some have pullbacks that are refused for complex matrices
        rng = np.random.default_rng(case.seed + 2)
        first, second = case.directions, [drawn(rng, leaf) for leaf in case.leaves]
        weights = [drawn(rng, y) for y in case.value()]

        def ahead(machine: TapeMachine, of: Any, directions: list[Any], case: Case = case) -> list[Any]:
            return within(machine, case.leaves, of, lambda mark, inputs, outputs: machine.push(mark, outputs, directions, inputs))

        m = TapeMachine()
        forward_forward = paired(weights, ahead(m, lambda x, m=m, case=case, d=first: case.ahead(m, x, d), second))
        m = TapeMachine()
        forward_reverse = paired(first, ahead(m, lambda x, m=m, case=case, w=weights: case.back(m, x, w), second))
        m = TapeMachine()
        reverse_forward = paired(second, within(m, case.leaves, lambda x, m=m, case=case, d=first: case.ahead(m, x, d),
                                                lambda mark, x, y, m=m, w=weights: m.pull(mark, y, w, x)))  # fmt: skip
        for other in (forward_reverse, reverse_forward):
            assert_equal(forward_forward, other, 1e-11, f"{name} {case.bound}")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_single_precision_stays(name: str) -> None:
    for case in cases(name):
        small = Case(case.primitive, [narrow(b) for b in case.bound], case.parameters, case.seed)
        for one, other, plain in zip(small.tangent(), case.tangent(), floats(small.primitive.evaluate(small.bound)), strict=True):
            assert np.shape(one) == np.shape(plain) and np.asarray(one).dtype == np.asarray(plain).dtype
            if np.asarray(one).dtype == np.float32:
                np.testing.assert_allclose(one, other, rtol=0, atol=2e-3 * size(other), err_msg=f"{name} {case.bound}")


def moved_along(f: Any, x: Any, direction: Any) -> Any:
    machine = TapeMachine()
    (found,) = within(machine, [x], lambda inputs: [machine.call(f, *inputs)], lambda mark, i, o: machine.push(mark, o, [direction], i))
    return strip(found)


@pytest.mark.parametrize("f", [
    lambda x: x.flatten(order="A"), lambda x: x.flatten(order="K"), lambda x: np.ravel(x, order="K"),
    lambda x: np.reshape(x, (6,), order="A"), lambda x: np.linalg.qr(x, mode="raw"),
])  # fmt: skip
def test_what_has_no_pullback_has_no_tangent(f: Any) -> None:
    """A tangent lies otherwise in memory than its value, and other numbers are its greatest."""
    x = np.asfortranarray(np.arange(6.0).reshape(2, 3))

    def total(x: Any) -> Any:
        y = f(x)
        return np.sum(np.real(y if isinstance(y, np.ndarray) else y[0]))

    with pytest.raises(MissingRule):
        moved_along(total, x, x)
    with pytest.raises(MissingRule):
        tape.gradient(total, (x,))
    with pytest.raises(MissingRule):
        grad(total)(x)


def text_without(name: str, *zero: str) -> str | None:
    stated = BY_NAME[name].jvp
    assert stated is not None
    left = stated.without(frozenset(f"{parameter}_dot" for parameter in zero))
    return None if left is None else left.text


def test_terms_of_arguments_that_stay_are_left_out_of_every_sum() -> None:
    assert text_without("np.linalg.solve") == "_solved(a, b_dot - _applied(a_dot, ans, b), b)"
    assert text_without("np.linalg.solve", "a") == "_solved(a, b_dot, b)"
    assert text_without("np.linalg.solve", "b") == "_solved(a, -_applied(a_dot, ans, b), b)"
    assert text_without("np.linalg.solve", "a", "b") is None
    assert text_without("np.arange", "stop", "start") == "step_dot * np.arange(len(ans))"
    assert text_without("np.clip", "a_min", "a_max") == "clip_share(a_dot, a, a_min, a_max)"
