"""Native code in the place of Python: who gets it, what it leaves, what is found wrong. What is native here is the Python code itself."""

from __future__ import annotations

import dataclasses
import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import CannotBeNative, CannotKeep, FaultWarning, NonFiniteWarning, grad, native, value_and_grad
from s2sad.calls import native_paths, tiers
from s2sad.calls.path import Path

X = np.array([0.5, 2.0, 3.0])
Change = Callable[[tuple[Any, ...]], tuple[Any, ...]]


def power(x: Any, n: Any) -> Any:
    total = 0.0 * x
    for k in range(n):
        total = total + x**k
    return np.sum(total)


class Stub:
    """In the place of `native_path`: the code of the path, run by a function that may be told to do otherwise, and counts."""

    def __init__(self) -> None:
        self.runs, self.made = 0, list[Path]()
        self.refuse: Callable[[Path], str] = lambda path: ""
        self.before: Callable[..., None] = lambda *leaves: None
        self.given: Change = lambda leaves: leaves
        self.change: Change = lambda results: results

    def native_path(self, path: Path, settings: Any) -> Path:
        assert settings.backend in ("numba", "auto") and path.interpreted is None
        if reason := self.refuse(path):
            raise CannotBeNative(reason)

        def run(*leaves: Any) -> tuple[Any, ...]:
            self.runs += 1
            self.before(*leaves)
            with np.errstate(all="ignore"):  # as machine code, it tells nothing
                return self.change(path.built.run(*self.given(leaves)))

        self.made.append(dataclasses.replace(path, built=dataclasses.replace(path.built, run=run, sides=None), native_text="# native\n"))
        return self.made[-1]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    made = Stub()
    monkeypatch.setattr(native, "native_path", made.native_path)
    monkeypatch.setattr(tiers, "in_vain", lambda path, leaves: "" if path.kept else "it is as quick in Python")
    monkeypatch.setattr(tiers.Tiers, "wanted", lambda self, kind: True)  # test_tiers.py has when
    return made


def test_calls_are_answered_by_native_code_and_checked_at_first(stub: Stub) -> None:
    derivative = value_and_grad(power, backend="numba")
    for n in (3, 3, 3, 4):
        value, gradient = derivative(X, n)
        assert value == power(X, n) and np.array_equal(gradient, grad(power, backend="python")(X, n))
    assert len(stub.made) == 1 and derivative.paths == (stub.made[0],) and stub.made[0].hits == 4
    assert derivative.stats().hits == (4,) and derivative.stats().kept == (True,) and derivative.reasons == ()
    assert derivative.stats().checks == 4, "two sets of sizes, native code and the code behind it"
    assert derivative.source.endswith("\n\n# native\n") and derivative.source.startswith("def power_value_and_grad")


@pytest.mark.parametrize("control", ["record", "keep"])
def test_native_code_is_checked_when_it_answers_for_the_first_time(stub: Stub, control: str) -> None:
    """A call that it left does not count: what it gives in the next is compared as well."""
    stub.change = lambda results: (results[0] * (np.nan if stub.runs <= 2 else 1.5), *results[1:])  # the first compiles it
    derivative = value_and_grad(power, backend="numba", control=control)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(4):
            assert derivative(X, 3)[0] == power(X, 3)
    assert [w.category for w in told].count(FaultWarning) == 1


def test_the_short_way_runs_native_code(stub: Stub) -> None:
    derivative = grad(power, backend="numba")
    derivative(X, 3)
    before, runs = derivative._counts.arrived, stub.runs
    derivative(X, 3)
    assert derivative._counts.arrived == before and stub.runs == runs + 1


def test_loops_are_kept_from_the_first_call_and_recorded_where_they_cannot_be(stub: Stub) -> None:
    assert [path.kept for path in _called(grad(power, backend="numba"), 2.0, 2).paths] == [True]
    assert [path.kept for path in _called(grad(power, backend="python"), 2.0, 2).paths] == [None]
    assert [path.kept for path in _called(grad(power, backend="numba", control="record"), 2.0, 2).paths] == [None]
    derivative = _called(grad(not_kept, backend="numba"), 2.0, 3)
    assert [path.kept for path in derivative.paths] == [None] and derivative.paths[0].interpreted is not None
    with pytest.raises(CannotKeep):
        grad(not_kept, backend="numba", control="keep")(2.0, 3)


def _called(derivative: Any, *args: Any) -> Any:
    derivative(*args)
    return derivative


def not_kept(x: Any, n: int) -> Any:
    """A list whose length is known in a call alone."""
    values = [x * k for k in [*range(n)]]
    return sum(values[: int(n)])


def test_a_recording_that_is_too_long_is_refused_with_both_reasons(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_paths, "STATEMENTS_RECORDED", 40)
    derivative = grad(not_kept, backend="numba")
    with pytest.raises(CannotBeNative, match=r"takes more than 40 operations(.|\n)*with loops and branches kept: (.|\n)*hint: use backend"):
        derivative(2.0, 100)
    assert derivative(2.0, 3) == 3.0


def test_what_cannot_be_native_is_an_error_with_its_place_or_a_reason(stub: Stub) -> None:
    stub.refuse = lambda path: "no such function"
    with pytest.raises(CannotBeNative, match=r'test_native_paths.py:\d+:1: cannot be native: no such function(.|\n)*hint: use back'):
        grad(power, backend="numba")(X, 3)
    derivative = grad(power, backend="auto")
    assert np.array_equal(derivative(X, 3), grad(power)(X, 3)) and np.array_equal(derivative(X, 300), grad(power)(X, 300))
    assert [path.kept for path in derivative.paths] == [True, None], "as without a backend: recorded where loops are short"
    assert len(derivative.reasons) == 1 and derivative.reasons[0].endswith(": no such function")
    derivative(X, 4), derivative(X[:2], 4)
    assert derivative.stats().compilations == 4, "it is not tried again for arguments of this kind"


def test_numba_that_is_missing_is_said_as_it_is(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(path: Path, settings: Any) -> Path:
        raise CannotBeNative("there is no Numba", hint="pip install it")

    monkeypatch.setattr(native, "native_path", missing)
    with pytest.raises(CannotBeNative) as raised:
        grad(not_kept, backend="numba")(2.0, 3)
    assert str(raised.value) == "cannot be native: there is no Numba\nhint: pip install it"


def test_auto_takes_what_pays(stub: Stub) -> None:
    derivative = grad(power, backend="auto")
    derivative(X, 3)
    assert [path.interpreted is not None for path in derivative.paths] == [True] and not derivative.reasons
    recorded = _called(grad(not_kept, backend="auto"), 2.0, 3)
    assert [path.interpreted for path in recorded.paths] == [None]
    assert recorded.reasons[-1].endswith("it is as quick in Python") and len(recorded.reasons) == 2


def test_an_exception_is_raised_at_the_line_of_the_user(stub: Stub) -> None:
    def risky(x: Any, n: Any) -> Any:
        for k in range(n):
            x = x / (3 - k)
        return x

    derivative = grad(risky, backend="numba")
    assert derivative(1.0, 3) == grad(risky)(1.0, 3)
    with pytest.raises(ZeroDivisionError) as raised:
        derivative(1.0, 5)
    assert raised.traceback[-1].lineno == risky.__code__.co_firstlineno + 1
    assert derivative(1.0, 3) == grad(risky)(1.0, 3)


def test_what_native_code_leaves_the_path_behind_it_answers(stub: Stub) -> None:
    derivative = grad(power, backend="numba")
    derivative(X, 3)

    def leave(*leaves: Any) -> None:
        raise OverflowError

    stub.before = leave
    for _ in range(3):
        assert np.array_equal(derivative(X, 3), grad(power)(X, 3))
    assert derivative.stats().hits == (4,) and len(derivative.paths) == 1 and stub.made[0].hits == 1
    assert derivative.stats().native == (True,) and derivative.stats().left == (3,)
    assert "path 0, kept, native: 4 calls, 3 of them left to Python\n" in str(derivative.stats())
    stub.before = lambda *leaves: None
    derivative(X, 3)
    derivative(X, 3)
    assert stub.made[0].hits == 3, "native code serves again"
    assert derivative.stats().compilations == 1 and "# native" in derivative.source


def test_native_code_that_leaves_most_calls_serves_no_longer_where_it_was_not_asked_for(stub: Stub) -> None:
    def leave(*leaves: Any) -> None:
        raise OverflowError

    for backend, python in (("auto", True), ("numba", False)):
        derivative = grad(power, backend=backend)
        stub.before = lambda *leaves: None
        for _ in range(3):
            derivative(X, 3)
        stub.before = leave
        for _ in range(20):
            derivative(X, 3)
        assert (derivative.paths[0].interpreted is None) is python and derivative.stats().hits == (23,) and len(derivative.paths) == 1
        assert ("leaves most calls to Python: 16 of 19" in "".join(derivative.reasons)) is python
        arrived = derivative._counts.arrived
        derivative(X, 3)
        assert (derivative._counts.arrived == arrived) is python, "the short way is that of the code that serves"


def test_native_code_that_never_answers_serves_no_longer(stub: Stub) -> None:
    stub.change = lambda results: tuple(r * np.nan for r in results)
    derivative = grad(power, backend="numba")
    for _ in range(20):
        derivative(X, 3)
    assert derivative.paths[0].interpreted is None and derivative.stats().hits == (20,) and stub.runs == 17  # the first compiles it
    assert derivative.reasons[0].endswith("native code leaves all calls to Python: 16 of 16")


def test_a_nan_is_told_of_as_in_python(stub: Stub) -> None:
    def root(x: Any, n: Any) -> Any:
        for _ in range(n):
            x = np.sqrt(x)
        return np.sum(x)

    told = []
    for backend in ("python", "numba"):
        derivative = grad(root, backend=backend, control="keep")
        derivative(X, 2)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            assert np.isnan(derivative(-X, 2)).all()
        told.append([(w.category, str(w.message), w.lineno) for w in seen])
    assert told[0] == told[1] and [kind for kind, *_ in told[0]] == [RuntimeWarning, NonFiniteWarning]
    assert told[0][0][2] == root.__code__.co_firstlineno + 2


def test_a_premise_that_holds_no_longer_is_asked_of_native_code(stub: Stub) -> None:
    def scaled(x: Any, n: Any) -> Any:
        for _ in range(n):
            x = x * HELPER(x)
        return x

    derivative = grad(scaled, backend="numba")
    assert derivative(2.0, 1) == 4.0
    globals()["HELPER"] = lambda x: x * x
    try:
        assert derivative(2.0, 1) == 12.0 and derivative(2.0, 1) == 12.0
    finally:
        globals()["HELPER"] = HELPER_BEFORE
    assert derivative(2.0, 1) == 4.0 and len(stub.made) == 2


def HELPER(x: Any) -> Any:
    return x


HELPER_BEFORE = HELPER


def wrong(by: float) -> Change:
    return lambda results: (*results[:-1], results[-1] * (1.0 + by))


@pytest.mark.parametrize("function, args", [(power, (X, 3)), ("not_kept", (2.0, 3))])
def test_a_wrong_gradient_is_found_at_the_first_use(stub: Stub, function: Any, args: Any) -> None:
    function = not_kept if function == "not_kept" else function
    stub.change = wrong(1e-6)
    derivative = grad(function, backend="numba")
    with pytest.warns(FaultWarning, match=r"the native code of \w+\(\) gives other results(.|\n)*Python code is used instead"):
        assert np.array_equal(derivative(*args), grad(function, backend="python")(*args))
    assert derivative.stats().faults == 1 and all(path.interpreted is None for path in derivative.paths)
    runs = stub.runs
    derivative(*args)
    assert stub.runs == runs and "gives other results" in derivative.reasons[-1]


def test_a_wrong_gradient_for_other_sizes_is_found(stub: Stub) -> None:
    derivative = grad(power, backend="numba")
    derivative(X, 3)
    stub.change = wrong(1e-6)
    with pytest.warns(FaultWarning, match="gives other results for x of shape"):
        assert np.array_equal(derivative(X[:1], 3), grad(power)(X[:1], 3))
    assert derivative(X, 3)[1] == grad(power)(X, 3)[1]


def test_after_a_fault_paths_that_served_before_it_and_new_ones_answer(stub: Stub) -> None:
    """The short way of a path that is older than the fault hands on what it does not know."""
    derivative = grad(power, backend="numba", control="record")
    sizes = [np.arange(1.0, n) for n in (4, 3, 5)]
    derivative(sizes[0], 2)
    stub.change = wrong(1e-6)
    with pytest.warns(FaultWarning):
        derivative(sizes[1], 2)
    stub.change = lambda results: results
    for x in (sizes[0], sizes[2], sizes[0], sizes[1], sizes[2]):
        assert np.array_equal(derivative(x, 2), grad(power)(x, 2))
    assert derivative.stats().faults == 1


def test_a_recording_that_forgets_to_ask_for_a_size_is_found(stub: Stub) -> None:
    """What is recorded holds for one size, which its guards ask for; if native code leaves one out it serves what is not its own."""
    stub.given = lambda leaves: (leaves[0], 3)
    derivative = grad(power, backend="numba", control="record")
    assert np.array_equal(derivative(X, 3), grad(power)(X, 3))
    with pytest.warns(FaultWarning, match="gives other results for x of shape"):
        assert np.array_equal(derivative(X, 4), grad(power)(X, 4))
    assert np.array_equal(derivative(X, 3), grad(power)(X, 3)) and derivative.stats().faults == 1


def test_another_class_of_number_or_a_result_of_another_shape_is_wrong(stub: Stub) -> None:
    stub.change = lambda r: (r[0], np.array([r[1]]))
    with pytest.warns(FaultWarning):
        assert type(grad(power_of_a_float, backend="numba")(2.0, 3)) is float
    stub.change = lambda r: tuple(np.float64(v) for v in r)
    derivative = grad(power_of_a_float, backend="numba", control="record")
    assert type(derivative(2.0, 3)) is float and type(derivative(2.0, 3)) is float and derivative.paths[0].interpreted is None
    assert derivative.reasons[0].endswith("the class of a number depends on the path") and derivative.stats().faults == 0


def test_a_sum_without_terms_is_of_the_class_that_python_gives_it(stub: Stub) -> None:
    def summed(x: Any, n: Any) -> Any:
        total = 0.0 * x
        for _ in range(n):
            total = total + np.sin(x)
        return total

    stub.change = lambda r: (np.float64(r[0]), *r[1:])
    derivative = value_and_grad(summed, backend="numba")
    want = value_and_grad(summed, backend="python")
    for n in (2, 0, 0, 2, 0):
        assert [*map(type, derivative(1.0, n))] == [*map(type, want(1.0, n))]
    assert derivative.stats().native == (True,) and derivative.stats().left == (3,) and not derivative.reasons


def power_of_a_float(x: float, n: int) -> float:
    for _ in range(n):
        x = x * x
    return x


def test_rounding_is_no_fault_and_what_grows_out_of_it_is_none(stub: Stub) -> None:
    stub.change = wrong(1e-12)
    derivative = grad(power, backend="numba")
    assert np.allclose(derivative(X, 3), grad(power)(X, 3), rtol=1e-11) and derivative.stats().faults == 0

    def chaotic(x: Any, n: Any) -> Any:
        for _ in range(n):
            x = 3.9 * x * (1.0 - x)
        return x

    stub.change = wrong(0.5)
    for x, n, faults in ((0.3, 500, 0), (0.3, 5, 1)):
        derivative = grad(chaotic, backend="numba")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FaultWarning)
            derivative(x, n)
        assert derivative.stats().faults == faults


def test_without_the_check_at_first_use_nothing_is_compared(stub: Stub) -> None:
    stub.change = wrong(1e-6)
    s2sad.first_use_check(False)
    try:
        derivative = grad(power, backend="numba")
        derivative(X, 3)
    finally:
        s2sad.first_use_check(True)
    assert derivative.stats().checks == derivative.stats().faults == 0


def squashed(x: Any, n: Any) -> Any:
    """What overflows on the way alone."""
    for _ in range(n):
        x = x * s2sad.stop_gradient(1.0 / (1.0 + np.exp(-x)))
    return np.sum(x)


def test_where_numpy_is_told_to_raise_python_serves(stub: Stub) -> None:
    derivative, far = grad(squashed, backend="numba"), np.array([-800.0])
    with np.errstate(over="ignore"):
        assert derivative(X, 2).shape == (3,) and derivative(far, 1) == 0.0
        arrived = derivative._counts.arrived
        assert derivative(far, 1) == 0.0 and derivative._counts.arrived == arrived
    with np.errstate(over="raise"):
        for _ in range(2):
            with pytest.raises(FloatingPointError, match="overflow encountered in exp"):
                derivative(far, 1)
            assert np.isfinite(derivative(X, 2)).all()
    with np.errstate(over="ignore"):
        hits = stub.made[0].hits
        assert derivative(far, 1) == 0.0 and stub.made[0].hits == hits + 1


def test_a_warning_of_what_is_finite_again_is_not_given_and_no_fault(stub: Stub) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        derivative = grad(squashed, backend="numba")
        assert derivative(np.array([-800.0]), 1) == 0.0 and derivative.stats().faults == 0


def test_what_has_an_effect_is_refused_before_it_happens(stub: Stub, capsys: pytest.CaptureFixture[str]) -> None:
    def telling(x: Any) -> Any:
        print("told")
        return x * x

    stub.refuse = lambda path: "it has effects" if path.built.text.effects else ""
    with pytest.raises(CannotBeNative, match=r"has an effect"):
        grad(telling, backend="numba")(2.0)
    assert capsys.readouterr().out == ""
    assert grad(telling, backend="auto")(2.0) == 4.0 and capsys.readouterr().out == "told\n"


def test_a_fault_while_native_code_is_made_is_none_of_the_user(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: Path, settings: Any) -> Path:
        raise ValueError("zip() argument 2 is shorter")

    monkeypatch.setattr(native, "native_path", failing)
    for control in ("record", "keep"):
        with pytest.raises(CannotBeNative, match=r"a fault of s2sad, ValueError: zip\(\) argument 2") as raised:
            grad(power, backend="numba", control=control)(2.0, 3)
        assert isinstance(raised.value.__cause__, ValueError)
    derivative = grad(power, backend="auto")
    assert derivative(2.0, 3) == grad(power)(2.0, 3) and "a fault of s2sad" in str(derivative.reasons)


def test_what_numba_does_not_compile_cannot_be_native(stub: Stub) -> None:
    Failed = type("TypingError", (Exception,), {"__module__": "numba.core.errors"})

    def fail(*leaves: Any) -> None:
        raise Failed("Failed in nopython mode\nbecause")

    stub.before = fail
    with pytest.raises(CannotBeNative, match="Numba does not compile it: Failed in nopython mode"):
        grad(power, backend="numba")(X, 3)
    derivative = grad(power, backend="auto")
    assert np.array_equal(derivative(X, 3), grad(power)(X, 3)) and "does not compile" in derivative.reasons[0]


def test_both_halves_of_a_linear_map_are_native(stub: Stub) -> None:
    value, pullback = s2sad.vjp(power, X, 3, argnums=0, backend="numba")
    assert len(stub.made) == 2
    want = s2sad.vjp(power, X, 3, argnums=0)[1](1.0)
    before = stub.runs
    for _ in range(2):
        assert value == power(X, 3) and np.array_equal(pullback(1.0), want)
    assert stub.runs == before + 2

    def leave(*leaves: Any) -> None:
        raise ZeroDivisionError

    stub.before = leave
    assert np.array_equal(pullback(1.0), want)
    stub.before = lambda *leaves: None
    _, other = s2sad.linearize(lambda x: power(x, 3), X, backend="numba")
    stub.change = wrong(1e-6)
    with pytest.warns(FaultWarning, match="the native code of the linear map"):
        assert np.array_equal(other(X), s2sad.linearize(lambda x: power(x, 3), X)[1](X))


@pytest.mark.parametrize("call", [lambda b: s2sad.jvp(power, (X, 3), (X, None), backend=b)[1],
                                  lambda b: s2sad.hvp(power, backend=b)(X, X, 3),
                                  lambda b: s2sad.jacobian(power, backend=b)(X, 3), lambda b: s2sad.hessian(power, backend=b)(X, 3),
                                  lambda b: s2sad.compiled(power, backend=b)(X, 3),
                                  lambda b: s2sad.elementwise_grad(power, order=2, backend=b)(X, 3)])  # fmt: skip
def test_every_kind_of_derivative_runs_native_code(stub: Stub, call: Any) -> None:
    assert np.array_equal(call("numba"), call("python")) and stub.runs


def test_threads_share_native_code(stub: Stub) -> None:
    derivative, found = grad(power, backend="numba"), []
    gate = threading.Barrier(4)

    def work(k: int) -> None:
        gate.wait()
        found.extend(np.array_equal(derivative(X, n), grad(power)(X, n)) for n in range(1, 6))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 20 and all(found) and derivative.stats().faults == 0


def test_what_is_looked_at_is_native_too(stub: Stub) -> None:
    from s2sad.api.inspection import Inspection

    seen = Inspection(value_and_grad(power, backend="numba"), (X, 3), {})
    assert seen.value == power(X, 3) and seen.stage("code").endswith("# native\n")
