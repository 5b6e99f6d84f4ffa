"""Rules are replaced and taken back: what was compiled under others serves no call, and what the tape and `vjp` do follows them as well."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import RuleError, UnsupportedSyntax, grad, tape, value_and_grad, vjp
from s2sad.rules import language, override
from s2sad.runtime import ruling
from tests.oracles import assert_close, module, run

pytestmark = pytest.mark.sampled(1)  # all of them: each is another way that an old rule could go on to serve
X = np.array([0.5, 1.0, 2.0])


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a test registers everywhere is gone afterwards."""
    tables: Any = (language.BY_FUNCTION, language.BY_NAME, language.STRONG, language.METHOD_NAMES)
    kept = [dict(table) for table in tables]
    yield
    for table, before in zip(tables, kept, strict=True):
        table.clear()
        table.update(before)
    ruling.changed(None)


def total(x, n):
    for _ in range(n):
        x = np.sqrt(x) * x
    return np.sum(x)


def by_hand(x: Any, n: int, slope: Any) -> Any:
    """The gradient of `total` where `slope(x)` is the derivative of the root."""
    if n == 0:
        return np.ones_like(x)
    return (slope(x) * x + np.sqrt(x)) * by_hand(np.sqrt(x) * x, n - 1, slope)


def usual(x: Any) -> Any:
    return 0.5 / np.sqrt(x)


def second(control: str) -> Any:
    inner = grad(total, control=control)
    return grad(lambda x, n: inner(x, n) @ X, control=control)


def ways(control: str) -> dict[str, Any]:
    """Derivatives that go on to exist while rules change."""
    one, both = grad(total, control=control), value_and_grad(total, control=control)
    return {
        "grad": one, "by name": lambda x, n: both(x, n=n)[1], "tape": lambda x, n: tape.gradient(total, (x, n))[1],
        "vjp": lambda x, n: vjp(total, x, n, argnums=0, control=control)[1](1.0), "second": second(control),
    }  # fmt: skip


def check(derivatives: dict[str, Any], slope: Any) -> None:
    for name, derivative in derivatives.items():
        for n in (2, 2, 3) if name != "second" else (2,):
            assert_close(derivative(X, n), by_hand(X, n, slope) if name != "second" else second("record")(X, n))


@pytest.mark.parametrize("control", ["record", "keep"])
def test_what_was_compiled_under_other_rules_serves_no_call(control: str) -> None:
    derivatives = ways(control)
    check(derivatives, usual)
    with override() as tripled:
        check(derivatives, usual)
        s2sad.elementwise("np.sqrt(x)", x="3.0 * ans")
        check(derivatives, lambda x: 3.0 * np.sqrt(x))
        with override():
            s2sad.rule("np.sqrt(x)", x="7.0 * g")
            check(derivatives, lambda x: 7.0)
            s2sad.rule("np.sqrt(x)", x="8.0 * g", replace=True)
            check(derivatives, lambda x: 8.0)
        check(derivatives, lambda x: 3.0 * np.sqrt(x))
    check(derivatives, usual)
    s2sad.elementwise("np.sqrt(x)", x="5.0", replace=True)
    check(derivatives, lambda x: 5.0)
    with tripled:
        check(derivatives, lambda x: 3.0 * np.sqrt(x))
    s2sad.zero("np.sqrt(x)", replace=True)
    check(derivatives, lambda x: 0.0)
    s2sad.linear("np.sqrt(x)", x="9.0 * g", replace=True)
    check(derivatives, lambda x: 9.0)


def test_paths_are_kept_for_the_rules_that_come_again() -> None:
    derivative, times = grad(np.sqrt), override()
    with times:
        s2sad.elementwise("np.sqrt(x)", x="2.0")
    for _ in range(3):
        assert derivative(4.0) == 0.25
        with times:
            assert derivative(4.0) == derivative(4.0) == 2.0
            assert "2.0" in derivative.source and len(derivative.paths) == 1
    stats = derivative.stats()
    assert stats.recordings == 2 and stats.calls == 9
    for _ in range(20):
        with override():
            s2sad.zero("np.sqrt(x)")
            assert derivative(4.0) == 0.0
    assert derivative.stats().calls == 29 and len(derivative._servings) <= 8


def test_a_pullback_stays_that_of_its_rules() -> None:
    _, before = vjp(np.sqrt, 4.0)
    with override():
        s2sad.elementwise("np.sqrt(x)", x="2.0")
        assert before(1.0) == (0.25,)
        _, within = vjp(np.sqrt, 4.0)
    assert within(1.0) == (2.0,) and vjp(np.sqrt, 4.0)[1](1.0) == (0.25,)


def test_threads_and_contexts_do_not_see_the_rules_of_others() -> None:
    derivative, found, entered, go = grad(np.sqrt), [], threading.Event(), threading.Event()

    def other() -> None:
        with override():
            s2sad.elementwise("np.sqrt(x)", x="2.0")
            entered.set()
            for _ in range(200):
                found.append(derivative(4.0))
            go.wait(10.0)
            found.append(derivative(4.0))

    thread = threading.Thread(target=other)
    thread.start()
    assert entered.wait(10.0)
    assert {derivative(4.0) for _ in range(200)} == {0.25}
    s2sad.elementwise("np.sqrt(x)", x="5.0", replace=True)  # everywhere, and the other one goes on with its own
    assert derivative(4.0) == 5.0
    go.set()
    thread.join(10.0)
    assert set(found) == {2.0} and len(found) == 201 and ruling.registered.alone is not None
    with override():
        s2sad.elementwise("np.sqrt(x)", x="3.0")
        assert contextvars.Context().run(derivative, 4.0) == 5.0 and contextvars.copy_context().run(derivative, 4.0) == 3.0
    assert derivative(4.0) == 5.0


def test_a_rule_for_what_had_none_is_seen_by_derivatives_that_are_there() -> None:
    made = module("import numpy as np\ndef inner(x):\n    return x * x\ndef f(x):\n    return inner(x) * 1.0\n")
    derivative = grad(made.f)
    assert derivative(3.0) == 6.0
    with override():
        s2sad.elementwise("inner(x)", x="10.0", namespace={"inner": made.inner})
        assert derivative(3.0) == 10.0
    assert derivative(3.0) == 6.0
    s2sad.elementwise("inner(x)", x="11.0", namespace={"inner": made.inner})
    assert derivative(3.0) == 11.0


CELL = """
import numpy as np, s2sad
def helper(x): return K * x
def cubed(x): return np.power(x, 3)
s2sad.elementwise("cubed(x)", x="helper(x) * x")
"""


def test_a_cell_that_runs_again() -> None:
    notebook = module(CELL, K=3.0)
    derivative = grad(lambda x: notebook.cubed(x))
    assert derivative(2.0) == 12.0
    for k in (3.0, 4.0):
        notebook.K = k
        run(notebook, CELL)
        assert derivative(2.0) == 4.0 * k
    registration = CELL.splitlines()[-1]
    before = ruling.state()
    run(notebook, registration)
    assert ruling.state() == before and derivative(2.0) == 16.0, "nothing is new"
    run(notebook, "def helper(x): return 7.0 * x\n" + registration)
    assert derivative(2.0) == 28.0, "the formula calls another helper"
    other = registration.replace("* x", "* x * x")
    with pytest.raises(RuleError, match=r"(?s)cubed has a rule already.*replace=True"):
        run(notebook, other)
    assert derivative(2.0) == 28.0
    run(notebook, other.replace('x")', 'x", replace=True)'))
    assert derivative(2.0) == 56.0


def test_what_else_is_known_of_a_function_goes_on_to_be_known() -> None:
    def f(x, n):
        y = np.zeros(n)
        for i in range(n):
            y[i] = np.sum(np.tanh(x[: i + 1])) * x[0]
        return np.sum(y)

    derivative, x = grad(f, control="keep"), np.linspace(0.1, 1.0, 5)
    before = derivative(x, 5)
    with override():
        s2sad.rule("np.tanh(x)", x="g * (1.0 - ans * ans)")
        s2sad.linear("np.sum(a, axis=None, dtype=None, keepdims=False, initial=0, where=True)", a="np.broadcast_to(g, np.shape(a))")
        assert_close(derivative(x, 5), before)
        assert_close(derivative(x[:3], 3), grad(f, control="record")(x[:3], 3))
        infinite = grad(lambda x: np.where(x > 0.0, np.sqrt(np.tanh(x)), 0.0).sum())
        assert_close(infinite(np.array([0.0, 1.0])), np.array([0.0, 0.5 / np.sqrt(np.tanh(1.0)) * (1.0 - np.tanh(1.0) ** 2)]))
    assert derivative.stats().recordings == 0


def test_what_stays() -> None:
    for call, formulas in (("x + y", {"x": "g"}), ("x.conjugate()", {"x": "g"})):
        for within in (False, True):
            with override() if within else pytest.MonkeyPatch.context(), pytest.raises(RuleError, match="an operator or a method"):
                s2sad.rule(call, replace=True, **formulas)
    with pytest.raises(RuleError, match="a rule already"):
        s2sad.elementwise("np.abs(x)", x="0.0", namespace={"np": np})


def test_other_rules_begin_outside_of_what_is_followed() -> None:
    own = override()

    def inside(x):
        with s2sad.rules.override():
            return np.sqrt(x)

    def captured(x):
        with own:
            return np.sqrt(x)

    for function in (inside, captured):
        with pytest.raises(UnsupportedSyntax, match=r"around the call of the derivative"):
            grad(function)(4.0)
    assert ruling.registered.alone is not None and ruling.contexts() == ()


def test_an_exception_leaves_the_context() -> None:
    with pytest.raises(ValueError, match="gone"), override():
        s2sad.elementwise("np.sqrt(x)", x="2.0")
        raise ValueError("gone")
    assert grad(np.sqrt)(4.0) == 0.25
