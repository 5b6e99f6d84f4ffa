"""The warning of a NaN or an infinity: where it arises is looked for once for each line that calls, and not where nobody listens."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import grad
from s2sad.calls import report
from s2sad.errors import NonFiniteWarning
from s2sad.shown.nonfinite import first_nonfinite
from tests.oracles import module

LOOP = module("def f(x, n):\n    for _ in range(n):\n        x = x * x * x\n    return x\n").f
ARISES = r"which first arises in <cell \d+>:3: x = x \* x \* x$"
IGNORED: tuple[dict[str, Any], ...] = (
    {"category": NonFiniteWarning}, {"category": RuntimeWarning}, {"category": Warning}, {"message": r"f\(\) gives a NaN"},
    {"module": __name__.replace(".", r"\.")}, {"category": NonFiniteWarning, "module": "tests"},
)  # fmt: skip
HEARD: tuple[dict[str, Any], ...] = (
    {"category": UserWarning}, {"message": "g"}, {"module": "other"}, {"category": NonFiniteWarning, "lineno": 1},
)  # fmt: skip


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The paths that were replayed."""
    seen: list[Any] = []
    origin = report.origin

    def counted(path: Any, leaves: Any) -> str:
        seen.append(path)
        return origin(path, leaves)

    monkeypatch.setattr(report, "origin", counted)
    return seen


@pytest.mark.parametrize("control", ("keep", "record"))
def test_a_line_is_told_the_origin_at_each_call_but_looks_for_it_once(looked: list[Any], control: str) -> None:
    derivative = grad(LOOP, control=control)
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=ARISES) as caught:
        for x in (1e200, 1e210, -1e220):
            derivative(x, 5)
        assert len(looked) == 1
        derivative(1e200, 5)
    assert len(looked) == 2
    assert len(caught) == 4
    assert {each.filename for each in caught} == {__file__}
    assert len({each.lineno for each in caught}) == 2


def test_of_a_long_line_the_part_where_it_arises_is_told() -> None:
    total = " + ".join(["2.0 * x"] * 90)
    derivative = grad(module(f"import numpy as np\ndef f(x):\n    return {total} + np.log(x - x) + {total}\n").f)
    part = r"\.\.\.[^\n]{1,70}np\.log\(x - x\)[^\n]{1,70}\.\.\."
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=f":3: {part}$"):
        derivative(1.0)
    with np.errstate(all="ignore"):
        assert re.search(f"\n    {part}\n", str(first_nonfinite(derivative, (1.0,))))


@pytest.mark.parametrize("filtered", IGNORED, ids=str)
def test_nothing_is_looked_for_where_the_warning_is_ignored(looked: list[Any], filtered: dict[str, Any]) -> None:
    derivative = grad(LOOP, control="keep")
    with np.errstate(all="ignore"), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", **filtered)
        for _ in range(3):
            derivative(1e200, 5)
    assert not looked
    assert not caught


@pytest.mark.parametrize("filtered", HEARD, ids=str)
def test_other_filters_do_not_count(filtered: dict[str, Any]) -> None:
    derivative = grad(LOOP, control="keep")
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=ARISES):
        warnings.filterwarnings("ignore", **filtered)
        derivative(1e200, 5)


def test_an_error_is_no_warning_that_is_ignored() -> None:
    derivative = grad(LOOP, control="keep")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", NonFiniteWarning)
        with pytest.raises(NonFiniteWarning, match=ARISES):
            derivative(1e200, 5)


def test_the_search_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [0]
    run = report.interpret.run

    def counted(*args: Any) -> Any:
        for each in run(*args):
            steps[0] += 1
            yield each

    monkeypatch.setattr(report.interpret, "run", counted)
    monkeypatch.setattr(report, "REPLAYED", 50)
    late = module("def f(x, n):\n    for _ in range(n):\n        x = x * 1.5\n    return x\n").f
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=r"^f\(\) gives a NaN or an infinity for finite arguments$"):
        assert grad(late, control="keep")(1.01, 5000) == np.inf
    assert steps[0] == 50


def test_the_switch(looked: list[Any]) -> None:
    s2sad.nonfinite_warnings(False)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error")
            grad(LOOP, control="keep")(1e200, 5)
    finally:
        s2sad.nonfinite_warnings(True)
    assert not looked


@pytest.mark.parametrize("control", ("keep", "record"))
def test_what_an_argument_holds_is_not_reported(looked: list[Any], control: str) -> None:
    derivative = grad(LOOP, control=control)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(derivative(float("nan"), 2))
        assert derivative(float("inf"), 1) == np.inf
        assert np.isnan(grad(lambda x: np.sum(x * x))(np.array([1.0, np.nan]))).tolist() == [False, True]
    assert not looked
