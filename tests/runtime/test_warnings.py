"""NumPy's warnings point at the user's line, once, as in the plain call; what the function has not done warns of nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import types
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import grad, value_and_grad, vjp
from s2sad.errors import NonFiniteWarning, S2sadError
from s2sad.tape import gradient
from tests.at_random import profile
from tests.oracles import module
from tests.ways import CONTROLS

HELPER = module("import numpy as np\ndef log(x):\n    return np.log(x)\ndef unused(x):\n    return x\n")
X = np.array([0.0, 2.0])
PROGRAMS = """\
import numpy as np
import s2sad

NONE, TWO, W = 0, 2, np.array([0.0, 1.0])
DONE = []

def one_line(x):
    return np.sum(np.log(x))

def of_a_helper_over_lines(x):
    return np.sum(helper.log(x) * 2.0
                  + np.sqrt(x - 1.0)
                  + x / W)

def of_scalars(x):
    t = x[0]
    return np.log(t) + t / t

def in_a_loop(x):
    s = 0.0
    for i in range(3):
        s = s + np.sum(x / i)
    return s

def in_a_comprehension(x):
    return sum([np.sum(np.log(x * k)) for k in range(2)])

def in_a_lambda(x):
    h = lambda v: np.sqrt(v - 1.0)
    return np.sum(h(x)
                  + (lambda v: np.log(v))(x))

def in_conditions(x):
    s, k = 0.0, 0
    while k < 2 and np.log(x[0]) < 5:
        if np.sqrt(x[0] - 1.0) > 0:
            s = s + x[1]
        s = s + x[1] * k
        k += 1
    return s

def in_place(x):
    y = np.zeros(2)
    y[0] = np.log(x[0])
    y += x / W
    y[1:] /= 0.0
    return np.sum(y)

def in_large_buffers(x):
    y = np.ones(1000) * x[0] / x[0]
    return np.sum(y * np.log(y - 5.0) + 1.0)

def in_single_precision(x):
    x = x.astype(np.float32)
    return np.sum(np.exp(x * 100.0) - np.exp(x * 200))

def of_powers(x):
    return np.sum((x * 1e300) ** 2.0) + np.sum((x + 1e308) ** 3)

def of_what_is_captured(x):
    return np.sum(x * (1.0 / W))

def in_numpy_itself(x):
    return np.std(x * 1e200)

def with_an_effect(x):
    y = np.log(x)
    DONE.append(1)
    return np.sum(y + np.sqrt(x - 5.0))

def under_its_own_errstate(x):
    with np.errstate(divide="ignore"):
        y = np.log(x)
    return np.sum(y / x)

def of_a_derivative_inside(x):
    return np.sum(s2sad.elementwise_grad(np.log)(x)) + np.sum(np.sqrt(x - 1.0))

def on_one_way(x):
    if x[1] > 1.0:
        return np.sum(np.log(x))
    return np.sum(np.sqrt(x - 5.0))

def no_steps(x):
    s = 0.0
    for i in range(NONE):
        s = s + np.sum(np.log(x) *
                       helper.log(x - 2.0))
    return s + np.sum(x)

def no_steps_of_an_inner_loop(x):
    s = 0.0
    for i in range(3):
        for j in range(i - 5):
            s = s + np.sum(np.log(x) * i)
    return s + np.sum(x)

def no_steps_around_an_inner_loop(x):
    s = 0.0
    for i in range(NONE):
        for j in range(TWO):
            s = s + np.sum(np.log(x)) * j
    return s + np.sum(x)

def no_steps_around_loops_without_names(x):
    s = 0.0
    for _ in range(NONE):
        for _ in range(2):
            for _ in range(3):
                s = s + np.sum(np.log(x))
    return s + np.sum(x)

def no_steps_of_a_while(x):
    s, k = 0.0, 5
    while k < 3:
        s = s + np.sum(np.log(x))
        k += 1
    return s + np.sum(x)

def no_steps_over_an_array(x):
    s = 0.0
    for v in x[:NONE]:
        s = s + v * np.sum(np.log(x))
    return s + np.sum(x)

def no_steps_of_a_function_inside(x):
    def h(n):
        s = 0.0
        for _ in range(n):
            s = s + np.sum(np.log(x))
        return s
    return h(NONE) + np.sum(x)

def no_steps_but_of_another_loop(x):
    s = 0.0
    for i in range(NONE):
        s = s + np.sum(np.log(x))
    for i in range(TWO):
        s = s + np.sum(np.log(x))
    return s + np.sum(x)

def no_steps_but_after_it(x):
    s = 0.0
    for i in range(NONE):
        s = s + np.sum(np.log(x))
    return s + np.sum(np.log(x))

def no_steps_of_numpy_itself(x):
    s = 0.0
    for i in range(NONE):
        s = s + np.std(x * 1e200)
    return s + np.sum(x)

def of_nothing_that_is_left(x):
    return np.nanmean(x * np.nan) + np.nanmax(W * np.nan) + np.sum(x) * 0.0

def of_nothing_in_a_loop(x):
    s = 0.0
    for i in range(3):
        s = s + np.sum(np.nanmax(x * np.nan) +
                       np.nanmean(x * np.nan))
    return s

def steps(x):
    s = 0.0
    for i in range(TWO):
        for j in range(i):
            s = s + np.sum(np.log(x) * i)
    return s

def computed_again_in_the_adjoint(x):
    s = 0.0
    for i in range(3):
        t = np.log(x * i)
        s = s + np.sum(np.cos(t) * t)
    return s

def checkpointed(x):
    s = x
    for i in s2sad.checkpoint(range(4)):
        s = s * np.log(x * i) + np.sqrt(s)
    return np.sum(s)
"""
MADE = module(PROGRAMS, helper=HELPER)
NAMES = [name for name, value in vars(MADE).items() if isinstance(value, types.FunctionType)]
UNUSED = {"of_a_derivative_inside"}  # which computes a value that nothing needs


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules, as modules that were imported."""
    for made in (MADE, HELPER):
        monkeypatch.setitem(sys.modules, made.__name__, made)


def heard(call: Callable[..., Any], *args: Any, how: Any = "always") -> list[tuple[str, str, int]]:
    """The warnings of a call, of NumPy alone."""
    with warnings.catch_warnings(record=True) as got:
        warnings.simplefilter(how)
        warnings.simplefilter("ignore", NonFiniteWarning)
        call(*args)
    return [told(w) for w in got]


def told(w: warnings.WarningMessage) -> tuple[str, str, int]:
    assert w.category is RuntimeWarning
    return str(w.message), w.filename, w.lineno


def check_same(name: str, derived: Callable[..., Any]) -> None:
    """Each call warns of what the plain call warns of; where an operation is shared, less often."""
    want = Counter(heard(getattr(MADE, name), X))
    for _ in range(4):
        got = Counter(heard(derived, X))
        assert set(got) == set(want) or name in UNUSED
        assert got <= want


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_warns_where_the_function_does(name: str, control: str) -> None:
    derived = value_and_grad(getattr(MADE, name), control=control)  # type: ignore[call-overload]
    try:
        check_same(name, derived)
    except S2sadError:
        assert control == "keep"


@pytest.mark.parametrize("name", NAMES)
def test_the_tape_and_the_value_of_a_pullback_do(name: str) -> None:
    function = getattr(MADE, name)
    check_same(name, lambda x: gradient(function, (x,)))
    check_same(name, lambda x: vjp(function, x))


def test_a_pullback_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, pullback = vjp(MADE.one_line, X)
    assert heard(pullback, 1.0) == []


def test_second_derivatives_warn_where_the_function_does() -> None:
    derived = grad(lambda x: np.sum(grad(MADE.of_a_helper_over_lines)(x) * x))
    want = set(heard(MADE.of_a_helper_over_lines, X))
    assert set(heard(derived, X)) == want
    assert set(heard(derived, X)) <= want  # the value itself is not needed


@pytest.mark.parametrize("control", CONTROLS)
def test_by_default_a_line_warns_once_in_the_function_and_its_gradients(control: str) -> None:
    with warnings.catch_warnings(record=True) as got:
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", NonFiniteWarning)
        derived = grad(MADE.of_a_helper_over_lines, control=control)  # type: ignore[call-overload]
        for _ in range(3):
            derived(X)
        first = sorted(map(told, got))
        MADE.of_a_helper_over_lines(X)
        grad(MADE.of_a_helper_over_lines)(X)
    assert sorted(map(told, got)) == first == sorted(set(heard(MADE.of_a_helper_over_lines, X)))


def test_the_line_is_as_a_reader_counts_it() -> None:
    assert heard(grad(module("import numpy as np\ndef f(x):\n    y = x - 1\n    return np.log(y)\n").f), 1.0)[0][2] == 4


@pytest.mark.parametrize("control", ["record", "auto"])
@pytest.mark.parametrize("name", ["one_line", "of_a_helper_over_lines", "in_a_loop", "in_place", "with_an_effect"])
def test_where_warnings_are_errors_they_are_raised_at_the_users_line(name: str, control: str) -> None:
    function = getattr(MADE, name)
    derived = value_and_grad(function, control=control)  # type: ignore[call-overload]
    want = failure(function)
    for _ in range(3):
        MADE.DONE.clear()
        assert failure(derived) == want
        assert MADE.DONE == []
    heard(derived, X + 7.0)
    assert failure(derived) == want


def failure(call: Callable[..., Any]) -> tuple[str, list[tuple[str, int | None]]]:
    """What is raised where warnings are errors, and the lines of the programs in its traceback."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning) as caught:
            call(X)
    lines = [(str(entry.path), entry.lineno) for entry in caught.traceback if "<cell" in str(entry.path)]
    assert not any("<s2sad" in str(entry.path) for entry in caught.traceback)
    return str(caught.value), lines


def test_an_effect_happens_once_where_warnings_are_errors_after_it() -> None:
    made = module("""\
import numpy as np
DONE = []
def f(x):
    DONE.append(1)
    return np.sum(np.log(x))
""")
    derived = grad(made.f)
    derived(X + 1.0)
    for _ in range(3):
        made.DONE.clear()
        failure(derived)
        assert made.DONE == [1]


def test_an_error_that_the_function_catches() -> None:
    made = module("""\
import numpy as np
def f(x):
    try:
        return np.sum(np.log(x))
    except RuntimeWarning:
        return np.sum(x * 3.0)
""")
    derived = grad(made.f)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [derived(v).tolist() for v in (X, X + 1.0, X)] == [[3.0, 3.0], [1.0, 1 / 3], [3.0, 3.0]]
    assert len(derived.paths) == 2


def test_a_way_that_is_given_up_warns_of_nothing() -> None:
    made = module("""\
import numpy as np
def f(x):
    y = np.sum(np.log(x))
    if x[1] > 3.0:
        return y + x[1] / x[0]
    if x[1] > 1.0:
        return y * np.sum(np.sqrt(x - 1.0))
    return y
""")
    derived = grad(made.f, control="record")
    for v in (0.5, 2.0, 4.0, 0.5, 2.0, 4.0, 2.0):
        x = np.array([0.0, v])
        assert Counter(heard(derived, x)) == Counter(heard(made.f, x))


def test_warnings_come_in_the_order_of_effects() -> None:
    made = module("""\
import numpy as np
def f(x):
    y = np.log(x)
    tell("between")
    return np.sum(y + np.sqrt(x - 5.0))
""")
    for call in (made.f, grad(made.f)):
        order: list[Any] = []
        made.tell = order.append
        for _ in range(3):
            with warnings.catch_warnings():
                warnings.simplefilter("always")
                warnings.simplefilter("ignore", NonFiniteWarning)
                warnings.showwarning = lambda message, *rest, order=order: order.append(str(message))
                call(X)
        first = "divide by zero encountered in log", "between", "invalid value encountered in sqrt"
        assert order == [*first] * 3


def test_plain_code_that_uses_variables_warns_where_it_stands() -> None:
    made = module("""\
import numpy as np
from s2sad.tape import Variable, ln
def f(x):
    v = Variable(x)
    y = v / 0.0
    return (y +
            ln(v))
""")
    assert {(text, line) for text, _, line in heard(made.f, X)} == {
        ("divide by zero encountered in divide", 5), ("invalid value encountered in divide", 5),
        ("divide by zero encountered in log", 7)}  # fmt: skip


def test_the_filters_are_left_as_they_were() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = list(warnings.filters)
        for name in ("of_nothing_in_a_loop", "with_an_effect"):
            derived = grad(getattr(MADE, name))
            for _ in range(3):
                derived(X)
        assert list(warnings.filters) == before


# Programs at random

UNARY = ("np.log({})", "np.sqrt({})", "np.exp({})", "1.0 / {}", "{} * 1e200", "helper.log({})", "{} - 1.0", "np.abs({})")
BINARY = ("{} + {}", "{} * {}", "{} / {}", "np.maximum({}, {})", "({} -\n         {})")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A function of a few operations, some of them in loops that may make no step, or in a branch."""
    lines, names = ["import numpy as np", "def f(x, n):", "    s = x * 1.0"], ["x", "s"]
    for k in range(draw(st.integers(2, 6))):
        form = draw(st.sampled_from((*UNARY, *BINARY)))
        value = form.format(*(draw(st.sampled_from(names)) for _ in range(form.count("{}"))))
        head = draw(st.sampled_from(HEADS))
        lines += [*head, f"{'    ' * (1 + len(head))}{f's = s + {value}' if head else f'v{k} = {value}'}"]
        names += [] if head else [f"v{k}"]
    return "\n".join([*lines, f"    return np.sum({' + '.join(names[1:])})", ""])


LOOP, BRANCH, INNER = "    for i in range(n):", "    if n > 1:", "        for j in range(i):"
HEADS = ((), (), (LOOP,), (BRANCH,), (LOOP, INNER))


@profile(25)
@given(programs(), st.sampled_from(([0.0, 2.0], [-1.0, 1.0], [1e300, 0.5])), st.lists(st.integers(0, 2), min_size=1, max_size=3))
def test_programs_at_random(text: str, values: list[float], counts: list[int]) -> None:
    made = module(text, helper=HELPER)
    for control in CONTROLS:
        derived = value_and_grad(made.f, control=control)  # type: ignore[call-overload]
        for n in (*counts, counts[0]):
            x = np.array(values)
            want, got = Counter(heard(made.f, x, n)), Counter(heard(derived, x, n))
            assert {w[0] for w in got} == {w[0] for w in want}
            assert got <= want


# The user's own error state

STATES: tuple[dict[str, str], ...] = (
    {"all": "ignore"}, {"all": "warn"}, {"all": "raise"}, {"divide": "ignore"}, {"invalid": "raise"}, {"divide": "call", "invalid": "warn"},
    {"divide": "warn", "invalid": "log"}, {"all": "call"}, {"all": "log"}, {"under": "warn"},
)  # fmt: skip


class Listener:
    """What a user gives NumPy to call."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def __call__(self, *what: Any) -> None:
        self.heard.append(what)

    def write(self, text: str) -> None:
        self.heard.append(text)


def under(modes: dict[str, str], call: Callable[..., Any]) -> Any:
    """What is heard of a call in an error state: its warnings, what the listener was told, or the exception."""
    listener = Listener()
    with np.errstate(call=listener, **modes):  # type: ignore[arg-type]
        before = np.geterr(), np.geterrcall()
        try:
            got: Any = sorted(set(heard(call, X)))
        except FloatingPointError as error:
            got = str(error)
        assert (np.geterr(), np.geterrcall()) == before
    return got, set(listener.heard)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("modes", STATES, ids=str)
def test_the_users_error_state_decides(modes: dict[str, str], control: str) -> None:
    function = MADE.of_a_helper_over_lines
    derived = grad(function, control=control)  # type: ignore[call-overload]
    want, told = under(modes, function)
    for _ in range(3):
        got, also = under(modes, derived)
        assert got == want
        assert also >= told  # which hears of the adjoint as well


ASKS = module("""\
import numpy as np
SEEN = []
def f(x):
    y = np.log(x)
    SEEN.append((np.geterr()["divide"], np.geterrcall()))
    return np.sum(y * x)
def sets(x):
    before = np.seterr(divide="ignore")
    y = np.log(x)
    np.seterr(**before)
    return np.sum(y + 1.0 / x)
def leaves(x):
    y = np.log(x)
    np.seterr(divide="ignore")
    return np.sum(y + 1.0 / x)
def on_two_ways(x, sign):
    y = np.exp(-np.log(x))
    SEEN.append(None)
    return np.sum(x + np.tanh(y)) if sign > 0 else np.sum(x - np.tanh(y))
""")


def test_foreign_code_finds_the_users_error_state() -> None:
    derived = grad(ASKS.f)
    for _ in range(4):
        heard(derived, X)
    gradient(ASKS.f, (X + 1.0,))
    assert ASKS.SEEN == [("warn", None)] * 5


def test_what_has_been_told_before_an_effect_is_not_told_again_on_another_path() -> None:
    """The effect has the warning given; the path that is left then hands the call on to one that computes the logarithm once more."""
    derived = value_and_grad(ASKS.on_two_ways, control="record")
    for sign in (1, -1, 1, -1):
        want = heard(ASKS.on_two_ways, X, sign)
        assert len(want) == 1
        assert heard(derived, X, sign) == want


def test_an_error_state_that_the_function_sets_holds_from_there_on() -> None:
    for function in (ASKS.sets, ASKS.leaves):
        derived = grad(function)
        for call in (function, *[derived] * 4, lambda x, f=function: gradient(f, (x,))):
            with np.errstate():
                got = heard(call, X)
                left = np.geterr(), np.geterrcall()
            if call is function:
                want, stays = got, left
            assert sorted(got) == sorted(want)
            assert left == stays


def test_threads_hear_of_their_own_calls() -> None:
    derived, want = grad(MADE.one_line), heard(MADE.one_line, X)
    got: list[Any] = []

    def call() -> None:
        for _ in range(200):
            derived(X)
            derived(X + 1.0)

    with warnings.catch_warnings(record=True) as told_of:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", NonFiniteWarning)
        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    got = [told(w) for w in told_of]
    assert Counter(got) == {want[0]: 800}


@pytest.mark.sampled(6)
def test_without_the_context_variable_of_numpy_it_is_the_same() -> None:
    program = """\
        import sys
        from numpy._core import umath
        del umath._extobj_contextvar
        import pytest
        from s2sad.runtime import notices
        assert isinstance(notices.state, notices.PublicState)
        chosen = "one_line or over_lines or no_steps or errstate or error_state or effect or threads or errors"
        options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-k", f"({chosen}) and not without"]
        sys.exit(pytest.main([*options, "tests/runtime/test_warnings.py"]))
    """
    # NumPy itself needs the name in `np.errstate`, which has it by then.
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
