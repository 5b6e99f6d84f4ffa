"""The check of forward against reverse mode: what agrees, and faults that are planted to be found, with their place."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from s2sad.check import CheckFailed, Report, check_grads, three_ways
from s2sad.check.report import FORWARDS
from s2sad.errors import MissingRule
from s2sad.rules.language import BY_FUNCTION, BY_NAME, rule


@dataclass
class Model:
    w: Any
    rate: float


@pytest.fixture
def wrong_tangent() -> Iterator[Callable[..., Any]]:
    """A function whose rule states a tangent that is wrong by a tenth above 1."""

    def square(x: Any) -> Any:
        return x * x

    rule("square_of(a)", a="2.0 * a * g", jvp="2.0 * a * a_dot * np.where(np.asarray(a) > 1.0, 1.1, 1.0)",
         namespace={"square_of": square, "np": np})  # fmt: skip
    yield square
    BY_FUNCTION.pop(BY_NAME.pop("square_of").callee)


def failing(f: Callable[..., Any], args: tuple[Any, ...], argnums: Any = 0, **options: Any) -> Report:
    with pytest.raises(CheckFailed) as caught:
        check_grads(f, args, argnums, **options)
    return caught.value.report


def forwards(report: Report) -> dict[str, Any]:
    return {c.one: c for c in report.comparisons if FORWARDS.get(c.one) == c.other}


def total(model: Model, x: Any, **options: Any) -> Any:
    y = np.zeros(3, x.dtype)
    for k in range(3):
        y[k] = np.sum(np.tanh(model.w[k] * x)) * model.rate
    return np.sum(y * y) + np.linalg.norm(x)


def test_both_modes_agree_in_both_ways() -> None:
    model = Model(np.array([[0.1, -2.0], [0.3, 0.7], [1.5, 0.2]]), 2.0)
    report = check_grads(total, (model, np.array([0.4, -1.1])), (0, 1))
    assert set(forwards(report)) == {"compiled, forward", "tape, forward"}
    assert all(c.compared == 1 and c.largest <= 1e-14 for c in forwards(report).values()) and not report.notes
    assert "compiled, forward = compiled" in str(report)
    for args in ((model, np.array([0.4, -1.1], np.float32)), (Model(model.w.astype(np.float32), 2.0), np.array([0.4, -1.1], np.float32))):
        assert len(forwards(check_grads(total, args, 0))) == 2


def test_complex_arguments_and_whole_numbers() -> None:
    z = np.array([0.3 + 1.2j, -2.0 + 0.1j])
    assert len(forwards(check_grads(lambda z: np.sum(np.abs(z) * np.real(z * z[0] / z[1])), (z,)))) == 2
    assert len(forwards(check_grads(lambda n, x: n * x * n, (3, 2.0), (0, 1)))) == 2


def test_a_wrong_tangent_is_found_at_its_entry(wrong_tangent: Callable[..., Any]) -> None:
    def f(c: float, x: Any) -> Any:
        return np.sum(wrong_tangent(x) * c)

    report = failing(f, (2.0, np.array([0.3, -0.5, 0.9, 1.6, 0.2])), (0, 1))
    assert report.verdict == "the tangent of a rule, or its pullback, is at fault"
    for comparison in forwards(report).values():
        (found,) = comparison.disagreements
        assert found.where == "x[3]"
        assert abs(found.one - 1.1 * 6.4) < 1e-12 and abs(found.other - 6.4) < 1e-12 and found.tolerance < 1e-9
    assert check_grads(f, (2.0, np.array([0.3, 0.9])), (0, 1)).ok
    report = failing(lambda x: wrong_tangent(x) * 1.0, (2.0,), modes=("tape", "forward"))
    assert report.failed[0].disagreements[0].where == "along a direction"


def test_a_wrong_tangent_of_the_compiler_is_the_compiler_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(f: Any, primals: Any, tangents: Any, **options: Any) -> Any:
        value, tangent = original(f, primals, tangents, **options)
        return value, tangent + 1e-8 * float(np.sum(tangents[0]["b"]))

    original = three_ways.jvp
    monkeypatch.setattr(three_ways, "jvp", spoilt)
    x = {"a": np.array([1.0, 2.0]), "b": np.array([[3.0, 4.0]])}
    report = failing(lambda x: np.sum(x["a"] * x["b"]), (x,))
    assert report.verdict == "the tangent 'compiled, forward' is at fault"
    assert forwards(report)["compiled, forward"].disagreements[0].where in ("x['b'][0, 0]", "x['b'][0, 1]")
    assert not forwards(report)["tape, forward"].disagreements


def test_a_wrong_pullback_with_a_right_tangent_is_found(wrong_tangent: Callable[..., Any]) -> None:
    report = failing(lambda x: wrong_tangent(x) * 1.0, (2.0,), modes=("compiled", "forward"))
    assert [c.other for c in report.failed] == ["compiled"]


def test_arguments_by_name_are_passed_by_position_where_they_can_be() -> None:
    def f(x: Any, rate: float = 1.0) -> Any:
        return np.sum(x) * rate

    def by_name(x: Any, *, rate: float) -> Any:
        return np.sum(x) * rate

    assert len(forwards(check_grads(f, (np.ones(2),), (0, "rate"), kwargs={"rate": 3.0}))) == 2
    report = check_grads(by_name, (np.ones(2),), (0, "rate"), kwargs={"rate": 3.0})
    assert not forwards(report) and report.notes == ["forward mode is not compared: arguments are passed by name"]


def test_a_refusal_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*args: Any, **options: Any) -> Any:
        raise MissingRule("there is no tangent here", None, "use grad")

    monkeypatch.setattr(three_ways, "jvp", refusing)
    report = check_grads(lambda x: x * x, (2.0,))
    assert report.ok and report.notes == ["forward mode is not compared: there is no tangent here"]


def test_the_mode_is_chosen() -> None:
    assert not forwards(check_grads(lambda x: x * x, (2.0,), modes=("compiled", "tape")))
    assert set(forwards(check_grads(lambda x: x * x, (2.0,), modes=("tape", "forward")))) == {"tape, forward"}
    infinite = check_grads(lambda x: np.sum(np.sqrt(x)), (np.array([0.0, 1.0]),), modes=("tape", "forward"), raise_on_failure=False)
    assert forwards(infinite) and all(c.undecided == 1 for c in forwards(infinite).values())
