"""The three-way check: what agrees, and faults that are planted to be found, with their place and size."""
from __future__ import annotations

import math
import random
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.check import CheckFailed, Report, check_grads, three_ways
from s2sad.check.differences import Probe, central, complex_step
from s2sad.errors import MissingRule, NotDifferentiable
from s2sad.rules.language import BY_FUNCTION, BY_NAME, elementwise
from tests import corpus

Point = namedtuple("Point", "x y")


@dataclass
class Model:
    w: Any
    layers: Any


def failing(f: Callable[..., Any], args: tuple[Any, ...], argnums: Any = 0, **options: Any) -> Report:
    with pytest.raises(CheckFailed) as caught:
        check_grads(f, args, argnums, **options)
    assert str(caught.value) == str(caught.value.report)
    assert not check_grads(f, args, argnums, raise_on_failure=False, **options).ok
    return caught.value.report


@pytest.fixture
def wrong_square() -> Iterator[Callable[..., Any]]:
    """A function with a rule that is wrong by half above 1."""

    def square(x: Any) -> Any:
        return x * x

    elementwise("square_of(x)", x="np.where(np.asarray(x) > 1.0, 3.0 * x, 2.0 * x)",
                namespace={"square_of": square, "np": np})  # fmt: skip
    yield square
    BY_FUNCTION.pop(BY_NAME.pop("square_of").callee)


@pytest.fixture
def broken_compiler(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """A compiler whose results go through a function before they are returned."""
    original = three_ways.value_and_grad

    def breaking(spoil: Callable[..., Any]) -> None:
        def value_and_grad(f: Any, **options: Any) -> Any:
            derivative = original(f, **options)

            def spoilt(*args: Any, **kwargs: Any) -> Any:
                return spoil(*derivative(*args, **kwargs))

            spoilt.reasons = ()  # type: ignore[attr-defined]
            spoilt.paths = ()  # type: ignore[attr-defined]
            return spoilt

        monkeypatch.setattr(three_ways, "value_and_grad", value_and_grad)

    return breaking


# ---------------------------------------------------------------------------- agreement


def article(x1: Any, x2: Any) -> Any:
    return math.log(x1) + x1 * math.sin(x2)


def test_all_four_ways_agree() -> None:
    report = check_grads(lambda a: np.sum(np.sin(a) * a), (np.array([0.3, -1.2, 2.0]),))
    assert report.ok and report.verdict == "all agree" and report.entries == 3
    for one, other in (("compiled", "tape"), ("compiled", "differences"), ("tape", "differences"),
                       ("compiled", "complex step"), ("tape", "complex step")):  # fmt: skip
        found = report.between(one, other)
        assert (found.compared, found.undecided, found.disagreements) == (3, 0, [])
    assert report.between("tape", "differences").largest < 1e-10
    assert report.between("tape", "complex step").largest < 1e-14
    lines = str(report).splitlines()
    assert lines[0] == "check of <lambda>(): ok, all agree"
    assert any(line.startswith("compiled = tape") and "agree: 3 compared" in line for line in lines)


def test_scalar_functions_of_the_math_module_take_no_complex_step() -> None:
    report = check_grads(article, (2.0, 1.0), (0, 1))
    assert report.ok and report.between("tape", "complex step").compared == 0
    assert "tape = complex step" in str(report) and "not compared" in str(report)


@pytest.mark.parametrize("modes", [("tape", "differences"), ("compiled", "differences"), ("compiled", "tape")])
def test_modes_are_chosen(modes: tuple[str, ...]) -> None:
    report = check_grads(article, (2.0, 1.0), modes=modes)
    named = {c.one for c in report.comparisons} | {c.other for c in report.comparisons}
    assert named == {*modes, "the function's value"}
    with pytest.raises(ValueError, match="unknown modes symbolic; there are compiled, tape, forward, differences, complex step"):
        check_grads(article, (2.0, 1.0), modes=("symbolic",))


def test_trees_keywords_and_other_arguments() -> None:
    def f(model: Any, n: Any, *, scale: Any) -> Any:
        return np.sum(model.w * scale) * n + model.layers["a"][0] ** 2 * model.layers["p"].x

    model = Model(np.array([[1.0, 2.0]], np.float32), {"a": [3.0, "name"], "p": Point(4.0, 1)})
    report = check_grads(f, (model, 3), ("model", "scale"), kwargs={"scale": np.float64(0.5)})
    assert report.ok and report.entries == 5
    assert model.w.tolist() == [[1.0, 2.0]] and model.layers["a"] == [3.0, "name"]


def test_integers_are_differentiated_as_floats() -> None:
    assert check_grads(lambda x, a: x * x + np.sum(a * a), (3, np.array([1, 2])), (0, 1)).entries == 3


def test_empty_arrays_leave_nothing_to_compare() -> None:
    report = check_grads(lambda x: np.sum(x) + 1.0, (np.zeros(0),))
    assert report.ok and report.entries == 0


def test_complex_arguments_follow_the_convention() -> None:
    def f(z: Any) -> Any:
        return np.sum(np.abs(z * z) ** 2).real + (z[0] * 2j).real

    report = check_grads(f, (np.array([1.0 + 2.0j, -0.5 + 0.3j]),))
    assert report.between("tape", "differences").compared == 4
    assert report.between("tape", "complex step").compared == 0


def test_single_precision_is_moved_in_double() -> None:
    a = np.linspace(0.5, 2.0, 5, dtype=np.float32)
    report = check_grads(lambda x: np.sum(np.log(x) * np.float32(1.5)), (a,))
    assert report.ok and report.between("tape", "differences").largest < 1e-6
    assert Probe(lambda x: np.sum(x), (a,), {}, 0).in_double().leaves[0].value.dtype == np.float64

    def insists(x: Any) -> Any:
        if x.dtype != np.float32:
            raise TypeError("float32 only")
        return np.sum(x * x)

    assert check_grads(insists, (a,)).between("tape", "differences").compared == 5


def test_functions_that_are_not_analytic_are_compared_with_differences_alone() -> None:
    report = check_grads(lambda x: np.sum(np.abs(x) * x), (np.array([0.5, -2.0]),))
    assert report.between("tape", "differences").compared == 2
    assert report.between("tape", "complex step").compared == 0


@pytest.mark.parametrize("f", [abs, lambda x: np.maximum(x, 0.0), np.abs], ids=["abs", "maximum", "np.abs"])
def test_conventions_at_kinks_are_those_of_central_differences(f: Callable[..., Any]) -> None:
    assert check_grads(lambda x: f(x) + 1.0 * x, (0.0,)).between("tape", "differences").compared == 1


def test_what_differences_cannot_decide_is_said() -> None:
    report = failing(lambda x: np.sqrt(x), (0.0,), modes=("tape", "differences"))
    assert report.between("tape", "differences").undecided == 1
    assert report.verdict == "no derivatives could be compared"
    jump = check_grads(lambda x, y: y * math.floor(x), (2.0, 3.0), (0, 1))
    assert (jump.between("tape", "differences").compared, jump.between("tape", "differences").undecided) == (1, 1)
    assert "agree: 1 compared" in str(jump) and "1 undecided" in str(jump)


def test_derivatives_of_derivatives() -> None:
    slope = s2sad.grad(lambda x: np.sum(np.tanh(x) ** 3))
    assert check_grads(lambda x: np.sum(slope(x) * np.cos(x)), (np.array([0.2, -0.7]),)).ok
    assert check_grads(s2sad.grad(article), (2.0, 1.0), (0, 1)).ok


def test_what_the_function_prints_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        print("evaluated")
        return x * x

    check_grads(f, (1.5,))
    assert capsys.readouterr().out == ""


# ---------------------------------------------------------------------------- faults


def test_a_wrong_rule_is_found_with_its_place_and_size(wrong_square: Callable[..., Any]) -> None:
    def f(params: Any) -> Any:
        return np.sum(wrong_square(params["w"])) + params["b"]

    w = np.array([[0.5, 2.0], [-3.0, 1.0]])
    report = failing(f, ({"w": w, "b": 1.0},))
    assert report.verdict == "a rule is at fault, or the function has no derivative here"
    assert not report.between("compiled", "tape").disagreements
    for mode in ("compiled", "tape"):
        (found,) = report.between(mode, "differences").disagreements
        assert found.where == "params['w'][0, 1]"
        assert found.one == 6.0 and found.other == pytest.approx(4.0, abs=1e-9)
        assert found.difference == pytest.approx(2.0, abs=1e-9) and found.tolerance < 1e-6
    assert "DISAGREE: 1 of 5" in str(report)
    assert any("params['w'][0, 1]" in line and "2.000e+00 apart" in line for line in str(report).splitlines())


def test_a_wrong_rule_is_found_in_a_large_array(wrong_square: Callable[..., Any]) -> None:
    a = np.full((20, 30), 0.5)
    a[7, 11] = 4.0
    report = failing(lambda x: np.sum(wrong_square(x)), (a,))
    comparison = report.between("tape", "differences")
    assert comparison.compared == 6 and {d.where for d in comparison.disagreements} == {"x[7, 11]"}
    assert comparison.disagreements[0].one == 12.0 and comparison.disagreements[0].other == pytest.approx(8.0, abs=1e-6)


def test_an_error_too_small_for_differences_is_seen_by_the_complex_step() -> None:
    def slightly(x: Any) -> Any:
        return x * x * x

    elementwise("slightly(x)", x="3.0 * x * x * (1.0 + 3e-9)", namespace={"slightly": slightly})
    try:
        report = failing(lambda x: slightly(x) * 1.0, (1.7,), modes=("tape", "differences", "complex step"))
    finally:
        BY_FUNCTION.pop(BY_NAME.pop("slightly").callee)
    assert not report.between("tape", "differences").disagreements
    (found,) = report.between("tape", "complex step").disagreements
    assert found.difference == pytest.approx(3e-9 * 3 * 1.7**2, rel=1e-4)


def test_a_fault_of_the_compiler_is_told_from_one_of_a_rule(broken_compiler: Callable[..., None]) -> None:
    broken_compiler(lambda value, gradient: (value, (gradient[0], gradient[1] + 1e-6)))
    report = failing(article, (2.0, 1.0), (0, 1))
    assert report.verdict == "the gradient 'compiled' is at fault"
    (found,) = report.between("compiled", "tape").disagreements
    assert found.where == "x2" and found.difference == pytest.approx(1e-6, rel=1e-6)
    assert not report.between("tape", "differences").disagreements


def test_values_are_compared_to_the_last_bit(broken_compiler: Callable[..., None]) -> None:
    broken_compiler(lambda value, gradient: (math.nextafter(value, 9.0), gradient))
    report = failing(article, (2.0, 1.0))
    assert report.verdict == "a value is not the function's own"
    assert [c.one for c in report.failed] == ["compiled"]


@pytest.mark.parametrize("spoilt", [np.float32(1.0), np.ones(1)])
def test_a_gradient_of_another_type_is_a_fault(broken_compiler: Callable[..., None], spoilt: Any) -> None:
    broken_compiler(lambda value, gradient: (value, spoilt))
    with pytest.raises(AssertionError, match="compiled: the gradient of x1 is"):
        check_grads(article, (2.0, 1.0))


@pytest.mark.parametrize(("found", "agree"), [(math.inf, False), (math.nan, False), (-math.inf, False), (2.0, True)])
def test_infinities_and_nans_are_faults(broken_compiler: Callable[..., None], found: float, agree: bool) -> None:
    broken_compiler(lambda value, gradient: (value, found))
    assert check_grads(lambda x: x * x, (1.0,), raise_on_failure=False).ok == agree


def test_an_error_of_one_way_alone_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(f: Any, **options: Any) -> Any:
        raise MissingRule("no rule for it")

    monkeypatch.setattr(three_ways, "value_and_grad", refuses)
    report = failing(article, (2.0, 1.0))
    assert report.verdict == "compiled raises MissingRule" and "no rule for it" in str(report)
    assert report.between("tape", "differences").compared == 1


def stepped(x: Any, n: Any) -> Any:
    for _ in range(n):
        x = x * 1.01
    return x


def classed(x: Any, n: Any) -> Any:
    class Step:
        scale = 1.01

    for _ in range(n):
        x = x * Step.scale
    return x


@pytest.mark.parametrize("control", ["auto", "record", "keep"])
def test_the_compiled_gradient_is_that_of_the_control(control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    original = three_ways.value_and_grad
    monkeypatch.setattr(three_ways, "value_and_grad", lambda f, **options: made.append(original(f, **options)) or made[-1])
    check_grads(stepped, (2.0, 30), control=control)
    (path,) = made[0].paths
    assert (path.kept is not None) is (control != "record")
    check_grads(stepped, (2.0, 3), control=control)
    (path,) = made[1].paths
    assert (path.kept is not None) is (control == "keep")


def test_the_report_says_why_a_loop_is_recorded() -> None:
    (note,) = check_grads(classed, (2.0, 30)).notes
    place = f"{classed.__code__.co_filename}:{classed.__code__.co_firstlineno + 1}:5"
    assert note == f"recorded, as it is not kept: {place}: a class that is defined inside the function"
    assert check_grads(classed, (2.0, 3)).notes == [] == check_grads(classed, (2.0, 30), control="record").notes
    with pytest.raises(ValueError, match="control is one of"):
        check_grads(classed, (2.0, 3), control="other")


def test_what_no_way_differentiates_is_raised() -> None:
    with pytest.raises(MissingRule):
        check_grads(lambda x: np.ma.average(x), (np.ones(3),))
    with pytest.raises(NotDifferentiable):
        check_grads(lambda x: x, (np.ones(3),))
    with pytest.raises(NotDifferentiable):
        check_grads(lambda x: 1.0, ("text",))
    with pytest.raises(ZeroDivisionError):
        check_grads(lambda x: 1.0 / x, (0.0,))


def test_a_function_that_changes_from_call_to_call_cannot_be_compared() -> None:
    report = failing(lambda x: x * random.random(), (2.0,))
    assert report.verdict == "no derivatives could be compared"
    assert "different values" in str(report)


def test_rtol_is_the_tolerance_against_differences(wrong_square: Callable[..., Any]) -> None:
    assert check_grads(lambda x: wrong_square(x) * 1.0, (2.0,), rtol=0.4, modes=("tape", "differences")).ok
    failing(lambda x: wrong_square(x) * 1.0, (2.0,), rtol=0.3, modes=("tape", "differences"))


def test_only_the_worst_are_listed(wrong_square: Callable[..., Any]) -> None:
    report = failing(lambda x: np.sum(wrong_square(x)), (np.linspace(2.0, 9.0, 20),), modes=("tape", "differences"))
    lines = str(report).splitlines()
    assert "    and 12 more" in lines
    assert next(line for line in lines if "x[" in line).lstrip().startswith("x[19]")


# ---------------------------------------------------------------------------- differences themselves


@pytest.mark.parametrize(("f", "x", "slope"), [
    (math.exp, 1.0, math.e), (math.log, 0.01, 100.0), (lambda x: x**5, -3.0, 405.0),
    (math.sin, 1000.0, math.cos(1000.0)), (lambda x: 1e8 + x, 2.0, 1.0),
    (math.sqrt, 1e-3, 0.5 / math.sqrt(1e-3)), (lambda x: 4.0, 1.0, 0.0),
])  # fmt: skip
def test_the_error_of_a_difference_is_known(f: Callable[..., Any], x: float, slope: float) -> None:
    probe = Probe(f, (x,), {}, 0)
    found = central(probe, probe.leaves[0], np.asarray(max(abs(x), 0.05)))
    exact = slope * max(abs(x), 0.05)
    assert abs(found.value - exact) <= 4 * found.error
    assert found.error <= 1e-7 * max(abs(exact), abs(f(x)))


def test_the_complex_step_is_exact_where_it_applies() -> None:
    probe = Probe(lambda a: np.sum(np.exp(a) / a), (np.array([0.5, 2.0]),), {}, 0)
    assert complex_step(probe, probe.leaves[0], np.array([0.0, 1.0])) == pytest.approx(math.exp(2.0) / 4, rel=1e-15)
    refusing = Probe(math.sin, (0.5,), {}, 0)
    assert complex_step(refusing, refusing.leaves[0], np.asarray(1.0)) is None
    casting = Probe(lambda a: np.sum(a.astype(float)), (np.ones(2),), {}, 0)
    assert complex_step(casting, casting.leaves[0], np.ones(2)) is None


@corpus.each()
def test_the_tape_agrees_with_differences_on_the_corpus(program: Any) -> None:
    argnums = program.argnums if len(program.argnums) > 1 else program.argnums[0]
    for call in program.calls:
        try:
            Probe(program.function, call, {}, argnums)()
        except Exception:
            continue
        modes = ("tape", "differences", "complex step") if program.differences else ("compiled", "tape")
        report = check_grads(program.function, call, argnums, modes=modes, raise_on_failure=False)
        assert report.ok, str(report)
