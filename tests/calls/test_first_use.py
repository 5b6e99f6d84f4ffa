"""The check at first use finds code that is wrong for sizes or sides it was not made for, and leaves no trace where nothing is wrong."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import FaultWarning, first_use_check, grad, value_and_grad, vjp
from s2sad.calls import first_use, kept_paths, uses
from s2sad.calls.call import arrive
from s2sad.emit.sides import Mark
from tests.oracles import assert_identical, module

TOTAL = "import numpy as np\ndef f(x):\n    s = 0.0\n    for i in range(len(x)):\n        s = s + x[i]\n    return s\n"
POWERS = "def f(x, n):\n    s = 0.0\n    for i in range(n):\n        s = s + x\n    return s\n"
SIDES = (
    "def f(x, n):\n    s = 0.0\n    for i in range(n):\n        if x > 2.0:\n            s = s + x\n"
    "        else:\n            s = s + 1.0\n    return s\n"
)
SHARE = "This is a fault of s2sad: please report it with the program"


@pytest.fixture
def unchecked() -> Iterator[None]:
    first_use_check(False)
    yield
    first_use_check(True)


def warned(derivative: Any, *args: Any) -> tuple[Any, list[str]]:
    """What a call gives, and what it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = derivative(*args)
    assert all(w.category is FaultWarning and w.filename == __file__ for w in caught)
    return result, [str(w.message) for w in caught]


@pytest.mark.parametrize("control", ("keep", "auto"))
def test_another_size_of_an_array(control: str, broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s2sad.calls.choice.STEPS_RECORDED", 2)
    broken("range(x_len)", "range(min(x_len, 4))")
    derivative = value_and_grad(module(TOTAL).f, control=control)
    assert warned(derivative, np.ones(3)) == ((3.0, pytest.approx(np.ones(3))), [])
    assert warned(derivative, np.ones(4))[1] == []
    (value, gradient), said = warned(derivative, np.ones(6))
    assert_identical((value, gradient), (np.float64(6.0), np.ones(6)))
    assert said == [
        "the code that keeps the loops and branches of f() gives 4.0 for x of shape (6,), and the function itself gives 6.0; "
        "the call is recorded instead. " + SHARE
    ]
    assert [path.kept for path in derivative.paths] == [None]
    assert derivative.stats().checks == 3 and derivative.stats().faults == 1
    assert derivative.reasons[-1].endswith("and the function itself gives 6.0")
    assert warned(derivative, np.ones(7)) == ((7.0, pytest.approx(np.ones(7))), [])  # others are recorded, and nothing is said
    assert [path.kept for path in derivative.paths] == [None, None]


def test_another_whole_number_that_bounds_a_loop(broken: Any) -> None:
    broken("range(n)", "range(min(n, 4))")
    derivative = grad(module(POWERS).f, control="keep")
    assert warned(derivative, 1.0, 3) == (3.0, [])
    result, (said,) = warned(derivative, 1.0, 6)
    assert result == 6.0
    assert "gives 4.0 for x = 1.0, n = 6, and the function itself gives 6.0; " in said


OUTSIDE = """
import numpy as np
N, W = 2, np.ones(2)
class Model:
    pass
model = Model()
model.n, model.w = 2, np.ones(2)
def by_global(x):
    for i in range(N):
        x = x * 2.0
    return x
def by_array(x):
    s = x * 0.0
    for i in range(len(W)):
        s = s + x * W[i]
    return s
def by_attribute(x):
    for i in range(model.n):
        x = x * 2.0
    return x
def by_array_of_attribute(x):
    s = x * 0.0
    for i in range(len(model.w)):
        s = s + x * model.w[i]
    return s
def by_cell(n):
    def f(x):
        for i in range(n):
            x = x * 2.0
        return x
    def change(m):
        nonlocal n
        n = m
    return f, change
"""


@pytest.mark.parametrize(
    ("name", "steps"),
    (("by_global", "N"), ("by_array", "W.shape[0]"), ("by_attribute", "model_n"), ("by_array_of_attribute", "model_w.shape[0]"),
     ("by_cell", "n")),
)
def test_another_size_outside_the_function(name: str, steps: str, broken: Any) -> None:
    world = module(OUTSIDE)

    def change(n: int) -> None:
        world.N, world.W, world.model.n, world.model.w = n, np.ones(n), n, np.ones(n)

    function = getattr(world, name)
    if name == "by_cell":
        function, change = function(2)
    broken(f"range({steps}):", f"range(min({steps}, 4)):")
    derivative = value_and_grad(function, control="keep")
    for n in (2, 3, 2, 2, 3, 3):
        change(n)
        value, gradient = derivative(3.0)
        assert_identical(value, function(3.0))
        assert gradient == function(1.0)
    assert derivative.stats().checks == 2
    change(6)
    (value, _), said = warned(derivative, 3.0)
    assert_identical(value, function(3.0))
    assert len(said) == 1


def test_a_short_way_in_does_not_pass_the_check(broken: Any) -> None:
    broken("range(n)", "range(min(n, 4))")
    derivative = grad(module(POWERS).f, control="keep")
    assert [derivative(1.0, 3) for _ in range(5)] == [3.0] * 5
    assert warned(derivative, 1.0, 5)[0] == 5.0
    assert derivative.stats().faults == 1


def test_a_path_that_is_dropped_serves_no_call(broken: Any) -> None:
    """Not by the short way either, where the function raises and no other path has run since."""
    text = "def f(x, n):\n    for i in range(n):\n        if x > 5.0:\n            raise ValueError('large')\n    return x\n"
    broken("raise OtherPath", "pass")
    derivative = grad(module(text).f, control="keep")
    assert [derivative(2.0, 3) for _ in range(3)] == [1.0] * 3
    (kept,) = derivative.paths
    with pytest.warns(FaultWarning), pytest.raises(ValueError, match="large"):
        derivative(6.0, 4)
    assert derivative(2.0, 3) == 1.0
    assert kept.hits == 3 and kept not in derivative.paths


def test_another_side_of_a_branch(broken: Any) -> None:
    broken("s += 1.0", "s += 1.5")
    derivative = value_and_grad(module(SIDES).f, control="keep")
    assert [derivative(3.0, 2) for _ in range(5)] == [(6.0, 2.0)] * 5
    result, (said,) = warned(derivative, 1.0, 2)
    assert result == (2.0, 0.0)
    assert "gives 3.0 for x = 1.0, n = 2, and the function itself gives 2.0; " in said


def test_a_side_of_an_expression(broken: Any) -> None:
    """Of which the adjoint has no branch that would tell."""
    text = "def f(x, n):\n    s = x\n    for i in range(n):\n        s = s + (2.0 if x > 2.0 else 1.0)\n    return s\n"
    broken("else 1.0", "else 1.5")
    derivative = value_and_grad(module(text).f, control="keep")
    assert [derivative(3.0, 2) for _ in range(3)] == [(7.0, 1.0)] * 3
    assert warned(derivative, 1.0, 2)[0] == (3.0, 1.0)
    assert derivative.stats().faults == 1


def test_the_body_of_a_loop_that_has_made_no_step_before(broken: Any) -> None:
    text = "def f(x):\n    while x < 1.0:\n        x = x * 2.0\n    return x\n"
    broken("x *= 2.0", "x *= 4.0")
    derivative = value_and_grad(module(text).f, control="keep")
    assert derivative(3.0) == (3.0, 1.0) and derivative(1.5) == (1.5, 1.0)
    assert warned(derivative, 0.5)[0] == (1.0, 2.0)
    assert derivative.stats().faults == 1


def test_another_class_is_another_value(broken: Any) -> None:
    broken("return s", "return float(s)")
    derivative = value_and_grad(module(TOTAL).f, control="keep")
    (value, _), said = warned(derivative, np.ones(3))
    assert_identical(value, np.float64(3.0))
    assert len(said) == 1


def test_the_sign_of_a_zero_is_told(broken: Any) -> None:
    broken("return s", "return -s")
    derivative = value_and_grad(module(TOTAL).f, control="keep")
    (value, _), said = warned(derivative, -np.zeros(3))
    assert_identical(value, np.float64(0.0))
    assert len(said) == 1


def test_what_the_function_raises_is_raised(broken: Any) -> None:
    text = "def f(x, n):\n    for i in range(n):\n        if x[i] > 5.0:\n            raise ValueError('large')\n    return x.sum()\n"
    broken("raise OtherPath", "pass")
    derivative = grad(module(text).f, control="keep")
    derivative(np.ones(3), 3)
    with pytest.warns(FaultWarning, match=r"and the function itself raises ValueError"), pytest.raises(ValueError, match="large"):
        derivative(np.full(4, 6.0), 4)


def test_a_pullback_waits_for_a_checked_value(broken: Any) -> None:
    broken("range(x.shape[0])", "range(min(x.shape[0], 4))")
    f, kept = module(TOTAL).f, functools.partial(vjp, control="keep")
    assert kept(f, np.ones(3))[0] == 3.0
    (value, pullback), said = warned(kept, f, np.ones(6))
    assert value == 6.0 and len(said) == 1
    assert_identical(pullback(2.0), (np.full(6, 2.0),))


def test_an_auxiliary_result_belongs_to_the_value(broken: Any) -> None:
    text = "def f(x, n):\n    s, k = 0.0, 0\n    for i in range(n):\n        s, k = s + x, k + 2\n    return s, {'count': k}\n"
    broken("k += 2", "k += 3")
    derivative = grad(module(text).f, has_aux=True, control="keep")
    result, said = warned(derivative, 1.0, 2)
    assert result == (2.0, {"count": 4})
    assert said == [
        "the code that keeps the loops and branches of f() gives a different value for x = 1.0, n = 2 than the function itself; "
        "the call is recorded instead. " + SHARE
    ]


MANY_SIDES = """
def f(x, n):
    s = x[0] * 1.5
    k = 1
    while k < s:
        k = k * 3
    for i in range(1, n):
        if x[i] > 1.0:
            s = s + x[i] * 3.0
        elif s < 0.0:
            s = s - 0.5
        else:
            s = s * 2.0 - (x[i] - 0.125 if x[i] < -1.0 else x[i - 1] + 0.25)
    return s + k
"""
OTHER: dict[Any, Any] = {ast.Add: ast.Sub, ast.Sub: ast.Mult, ast.Mult: ast.Add, ast.Div: ast.Mult}


def with_another_operation(source: str, number: int) -> str | None:
    """A text with the operation of this number exchanged, of those of the function itself; None if there is none."""
    tree, last = ast.parse(source), source.partition("# adjoint of")[0].count("\n")
    operations = [
        node for node in ast.walk(tree) if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OTHER and node.lineno < last
    ]
    if number >= len(operations):
        return None
    operations[number].op = OTHER[type(operations[number].op)]()
    return ast.unparse(tree) + "\n"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("first", range(3))
def test_no_operation_is_wrong_unnoticed(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever operation of the code is another one, of which each third is exchanged here: no call gives a wrong value."""
    monkeypatch.setattr("s2sad.calls.choice.STEPS_RECORDED", 0)
    function, emit, faults = module(MANY_SIDES).f, kept_paths.emit, list[int]()
    calls = [(np.array(values[: n + 1]), n) for n in (1, 2, 4) for values in (
        (1.5, 2.0, 3.0, 4.0, 5.0), (0.5, 0.5, -2.0, 2.0, 0.0), (-1.5, -1.0, -3.0, 1.0, 1.5), (3.5, -5.0, 2.0, -4.0, 0.5))]  # fmt: skip
    while True:
        broken = True

        def emitted(made: Any, number: int = first + 3 * len(faults)) -> Any:
            nonlocal broken
            text = emit(made)
            source = with_another_operation(text.source, number)
            broken = source is not None
            return dataclasses.replace(text, source=source, lines={}) if source is not None else text

        monkeypatch.setattr(kept_paths, "emit", emitted)
        derivative = value_and_grad(function)
        for x, n in calls:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert_identical(derivative(x, n)[0], function(x, n))
            if derivative.stats().faults:
                break
        if not broken:
            break
        faults.append(derivative.stats().faults)
    assert derivative.stats().faults == 0 and derivative.stats().checks > 3
    assert sum(faults) > 1


# What is not checked, or cannot be told


@pytest.mark.usefixtures("unchecked")
def test_it_can_be_switched_off(broken: Any) -> None:
    broken("range(n)", "range(min(n, 4))")
    derivative = value_and_grad(module(POWERS).f, control="keep")
    assert warned(derivative, 1.0, 6) == ((4.0, 4.0), [])
    assert derivative.stats().checks == 0
    assert first_use_check(True)
    assert derivative(1.0, 6) == (4.0, 4.0)  # which is not its first use


def test_a_function_that_gives_now_this_and_now_that_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread changes what it reads between the path and the check, or between the two plain calls of the check."""
    for moments in ((1,), (2,), (1, 2)):
        world = module("RATE = 2.0\ndef f(x, n):\n    for i in range(n):\n        x = x * RATE\n    return x\n")
        derivative, calls, plain = value_and_grad(world.f, control="keep"), [0], first_use.plain

        def changed(call: Any, world: Any = world, calls: Any = calls, moments: Any = moments, plain: Any = plain) -> Any:
            calls[0] += 1
            if calls[0] in moments:
                world.RATE += 1.0
            return plain(call)

        monkeypatch.setattr(first_use, "plain", changed)
        assert warned(derivative, 1.0, 2) == ((4.0, 4.0), [])
        assert [path.kept for path in derivative.paths] == [True]
        monkeypatch.undo()


def test_nothing_is_left_of_a_check() -> None:
    """Arguments are as they were, containers too, and what warns is heard once."""
    text = (
        "import numpy as np\ndef f(x, parts, work):\n    for i in range(len(x)):\n        work[i] = x[i] / parts['d']\n"
        "    parts['d'] = 7.0\n    return np.sum(work)\n"
    )
    derivative = value_and_grad(module(text).f, control="keep")
    x, parts, work = np.ones(3), {"d": np.float64(0.0)}, np.zeros(3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        warnings.simplefilter("ignore", s2sad.NonFiniteWarning)
        assert derivative(x, parts, work)[0] == np.inf
    assert derivative.stats().checks == 1
    assert parts == {"d": 0.0} and not work.any()
    assert len(caught) == 3  # one for each step, by the function itself


@pytest.mark.parametrize(
    ("effect", "once"),
    (("seen.append(i)", [0, 1, 0, 1, 2]), ("state['count'] = state['count'] + 1", []), ("x = x + rng.random() * 0.0", [])),
)
def test_effects_happen_once(effect: str, once: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether such a loop is kept or recorded."""
    monkeypatch.setattr("s2sad.calls.choice.STEPS_RECORDED", 0)
    text = f"def f(x, n):\n    for i in range(n):\n        x = x * 2.0\n        {effect}\n    return x\n"
    rng, twin = (np.random.default_rng(1) for _ in range(2))
    world = module(text, seen=[], state={"count": 0}, rng=rng)
    derivative = value_and_grad(world.f)
    for n in (2, 3):
        assert derivative(1.0, n) == (2.0**n, 2.0**n)
    assert world.seen == once
    assert world.state["count"] == (5 if "count" in effect else 0)
    for _ in range(5 if "rng" in effect else 0):
        twin.random()
    assert rng.random() == twin.random()


@pytest.mark.parametrize("raises", (False, True))
def test_numpy_may_be_told_to_raise(raises: bool) -> None:
    text = "import numpy as np\ndef f(x, n):\n    s = x[0] * 0.0\n    for i in range(n):\n        s = s + np.sqrt(x[i])\n    return s\n"
    derivative = value_and_grad(module(text).f, control="keep")
    with np.errstate(all="raise" if raises else "ignore"):
        assert warned(derivative, np.ones(2), 2)[1] == []
    assert derivative.stats().checks == 1


def test_a_warning_that_is_an_error_decides_as_in_the_function() -> None:
    text = "import numpy as np\ndef f(x, n):\n    s = 0.0\n    for i in range(n):\n        s = s + x[i] / x[i + 1]\n    return s\n"
    derivative = value_and_grad(module(text).f, control="keep")
    derivative(np.ones(3), 2)
    with pytest.raises(RuntimeWarning, match="divide by zero"):  # here warnings are errors
        derivative(np.array([1.0, 0.0, 1.0]), 2)
    assert derivative.stats().faults == 0


def test_other_threads_are_heard_during_a_check() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        with first_use.unheard():
            warnings.warn("in the function itself", RuntimeWarning, stacklevel=1)
            thread = threading.Thread(target=warnings.warn, args=("elsewhere", RuntimeWarning))
            thread.start()
            thread.join()
        assert warnings.filters == before
    assert [str(w.message) for w in caught] == ["elsewhere"]


@pytest.mark.parametrize("write", ("pass", "x[i] = x[i] * 2.0"))
def test_arguments_that_overlap_are_not_copied_apart(write: str) -> None:
    """Where the function writes into them, a copy of each would not do."""
    text = f"def f(x, y):\n    s = x[0] * 0.0\n    for i in range(len(x)):\n        {write}\n        s = s + x[i] * y[i]\n    return s\n"
    function, memory = module(text).f, np.arange(1.0, 7.0)
    derivative = value_and_grad(function, control="keep")
    assert derivative(memory[:3].copy(), memory[1:4].copy())[0] == function(memory[:3].copy(), memory[1:4].copy())
    with contextlib.suppress(s2sad.UnsupportedMutation):  # which the recording refuses
        derivative(memory[:4], memory[1:5])
    assert_identical(memory, np.arange(1.0, 7.0))
    assert derivative.stats().faults == 0


def test_no_array_is_copied_that_the_function_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "copied", None)
    derivative = value_and_grad(module(TOTAL).f, control="keep")
    assert derivative(np.ones(3))[0] == 3.0 and derivative.stats().checks == 1


def test_what_is_refused_when_it_is_called_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "outcome", lambda call, leaves: s2sad.NotDifferentiable("there is no derivative"))
    derivative = value_and_grad(module(POWERS).f, control="keep")
    assert derivative(2.0, 3) == (6.0, 3.0)
    assert derivative.stats().checks == 1 and derivative.stats().faults == 0


# What it costs


def test_each_set_of_sizes_and_each_side_is_checked_once() -> None:
    derivative = value_and_grad(module(SIDES).f, control="keep")
    for n in (2, 3, 2, 3, 3):
        for _ in range(3):
            assert derivative(3.0, n) == (3.0 * n, float(n))
    assert derivative.stats().checks == 2
    assert [derivative(1.0, n) for n in (3, 2, 3)] == [(3.0, 0.0), (2.0, 0.0), (3.0, 0.0)]
    assert derivative.stats().checks == 3
    assert derivative.paths[0].built.sides is None  # all sides were taken, and the code has no marks any more


def test_every_size_that_was_served_takes_the_short_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = value_and_grad(module(TOTAL).f, control="keep")
    for n in (3, 5, 3):
        derivative(np.ones(n))
    monkeypatch.setattr("s2sad.calls.compiler.arrive", None)
    assert [derivative(np.ones(n))[0] for n in (3, 5, 3, 5)] == [3.0, 5.0, 3.0, 5.0]
    with pytest.raises(TypeError):
        derivative(np.ones(4))


def test_numbers_that_decide_about_no_size_are_not_told_apart() -> None:
    text = "def f(x, n, t):\n    for i in range(n):\n        x = x * 0.5 ** t\n    return x\n"
    derivative = grad(module(text).f, control="keep")
    for t in range(1, 6):
        assert derivative(1.0, 2, t) == 0.25**t
    assert derivative.stats().checks == 1


@pytest.mark.parametrize("body", ("np.sum(x[:k])", "x[k]", "np.sum(np.zeros(k) + x[0])", "np.sum(x.reshape(k, -1)[0])"))
def test_numbers_that_decide_about_a_size(body: str) -> None:
    text = f"import numpy as np\ndef f(x, k):\n    s = 0.0\n    for i in range(3):\n        s = s + {body}\n    return s\n"
    function = module(text).f
    derivative = value_and_grad(function, control="keep")
    for k in (1, 2, 1, 3, 2):
        assert_identical(derivative(np.arange(6.0), k)[0], function(np.arange(6.0), k))
    assert derivative.stats().checks == 3


def test_after_many_sizes_a_path_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "SIZES_CHECKED", 4)
    derivative = grad(module(POWERS).f, control="keep")
    assert [derivative(1.0, n) for n in range(2, 12)] == [float(n) for n in range(2, 12)]
    assert derivative.stats().checks == 4
    monkeypatch.setattr("s2sad.calls.compiler.arrive", None)  # and the short way in asks for no sizes any more
    assert derivative(1.0, 20) == 20.0


def lines_of(derivative: Any, name: str) -> int:
    """How many lines of the generated code a call runs."""
    count = 0

    def within(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return within

    before = sys.gettrace()
    sys.settrace(lambda frame, event, arg: within if frame.f_code.co_name == name else None)
    try:
        derivative(3.0, 2000)
    finally:
        sys.settrace(before)
    assert count > 2000
    return count


def test_a_side_that_was_not_taken_costs_nothing() -> None:
    """The code has a mark only where it has not been: the same steps run the same lines, whether another side was taken or not."""
    f = module(SIDES).f
    one, both = (grad(f, control="keep") for _ in range(2))
    one(3.0, 2000), both(3.0, 2000), both(1.0, 2000)
    assert one.paths[0].built.sides is not None and both.paths[0].built.sides is None
    assert lines_of(one, one.paths[0].built.text.name) <= lines_of(both, both.paths[0].built.text.name)


MANY_STEPS = """
def f(x, n):
    s = 0.0
    for i in range(n):
        if x > 2.0 and s < 1e9:
            s = s + (x if s > 3.0 else 1.0)
    k = 2 * n
    while k > 1:
        k = k - 1
        s = s + 0.5 * x
    for i, j in zip(range(n), reversed(range(n))):
        s = s + (0.5 if j > i else x)
    return s
"""


def test_a_side_that_a_call_takes_in_many_steps_is_marked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    marked, own = list[int](), Mark.__call__
    monkeypatch.setattr(Mark, "__call__", lambda self, number: (marked.append(number), own(self, number))[1])
    f = module(MANY_STEPS).f
    derivative = value_and_grad(f, control="keep")
    assert derivative(3.0, 40)[0] == f(3.0, 40)
    assert len(marked) == len(set(marked)) > 8


def test_a_loop_that_is_entered_without_a_step_has_not_taken_its_body() -> None:
    inner = "        for j, k in zip(range(m), range(m)):\n            s = s * x\n"
    text = f"def f(x, n, m):\n    s = 1.0\n    for i in range(n):\n{inner}    return s\n"
    derivative = value_and_grad(module(text).f, control="keep")
    assert [derivative(3.0, *c)[0] for c in ((2, 0), (2, 0), (1, 2), (1, 0))] == [1.0, 1.0, 9.0, 1.0]
    assert derivative.stats().checks == 3 and derivative.paths[0].built.sides is None


def test_a_side_is_noted_where_another_thread_has_taken_another_one() -> None:
    """Between the run of a path and the check, the path has got other code."""
    text = "def f(x, n):\n    s = x\n    for i in range(n):\n        if s > 2.0:\n            s = s - 1.0\n    return s\n"
    derivative = value_and_grad(module(text).f, control="keep")
    derivative(0.0, 2)
    (path,) = derivative.paths
    before = path.built
    path.built = before.having_taken(frozenset(list(before.sides.new)[:-1]))
    call = arrive(derivative, (5.0, 2), {})
    before.start(call.leaves, call.effects)
    assert path.built.sides.taken and first_use.note(call, path) and path.built.sides is None


def test_threads_meet_new_sizes_and_sides_at_once() -> None:
    derivative, wrong = value_and_grad(module(SIDES).f, control="keep"), list[Any]()
    derivative(3.0, 2)

    def work(number: int) -> None:
        for n in range(1, 12):
            for x in (3.0, 1.0) if number % 2 else (1.0, 3.0):
                found = derivative(x, n)
                if found != ((x * n, float(n)) if x > 2.0 else (float(n), 0.0)):
                    wrong.append((x, n, found))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and derivative.stats().faults == 0
