"""Contexts, handlers and `finally` around effects: entered once and left once in each call, also where a walk or a path is left inside."""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np
import pytest

from s2sad import grad
from tests.oracles import module
from tests.record.test_outside import check

PRELUDE = """\
import contextlib, math, threading
import numpy as np

N, LOG, EVENTS, LOCK = 0, [0.5], [], threading.Lock()


class Gate:
    def __init__(self): self.open = 0
    def __enter__(self): self.open += 1
    def __exit__(self, kind, error, trace): EVENTS.append((self.open, kind is None))


@contextlib.contextmanager
def noted():
    EVENTS.append('in')
    try:
        yield
    finally:
        EVENTS.append('out')


gate = Gate()


def modes():
    return [LOCK.locked(), *np.geterr().values()]


def f(x):
    global N
    a = x
"""
MANAGERS = {
    "errstate": "np.errstate(divide='ignore', under='raise')",
    "a lock": "LOCK",
    "an object of the user's": "gate",
    "a generator": "noted()",
    "what swallows everything": "contextlib.suppress(BaseException)",
    "several": "gate, np.errstate(over='ignore'), LOCK, noted()",
    "a stack": "contextlib.ExitStack() as stack",
}
BODIES = {
    "the recording begins anew": "    a = a * LOG[0]\n        LOG.append(1.0)\n        N += 1\n",
    "the recording begins anew after an effect": "    N += 1\n        EVENTS.append(N)\n        a = a * LOG[0]\n        LOG.append(N)\n",
    "a path is left": "    a = a * 3.0 if x > 0.5 else -a\n",
    "a path is left after an effect": "    N += 1\n        a = a * 3.0 if x > 0.5 else -a\n        a = a * 2.0 if N % 2 else a\n",
    "an exception passes": "    N += 1\n        if x > 1.5:\n            raise ValueError(3.0)\n        a = a * N\n",
    "an exception with what is followed": "    N += 1\n        if x > 1.5:\n            raise ValueError(x * N)\n        a = a * N\n",
    "arithmetic raises": "    N += 1\n        a = a * (1.0 + math.log(N % 3))\n",
}


@pytest.fixture(autouse=True)
def modes_of_numpy() -> Any:
    before = np.geterr()
    yield
    assert np.geterr() == before


@pytest.mark.sampled(6)
@pytest.mark.parametrize("control", ["record", "auto"])
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("manager", MANAGERS)
def test_entered_once_and_left_once(manager: str, body: str, control: str) -> None:
    entered = "        stack.enter_context(np.errstate(all='ignore')); stack.enter_context(gate)\n" if "stack" in MANAGERS[manager] else ""
    check(f"{PRELUDE}    with {MANAGERS[manager]}:\n{entered}    {BODIES[body]}    return a * x\n", control)


@pytest.mark.parametrize("manager", [m for m in MANAGERS if m != "what swallows everything"])
def test_a_path_is_left_behind_an_exception(manager: str) -> None:
    risky = "            if x > 0.0:\n                raise ValueError(x * 2.0)\n"
    caught = "    except ValueError as error:\n        a = a * error.args[0]\n    N += 1\n    a = a * N if x > 1.5 else a\n"
    check(f"{PRELUDE}    try:\n        with {MANAGERS[manager]}:\n{risky}{caught}    return a\n", "record")


@pytest.mark.parametrize("way", ["finally:", "except:", "except BaseException:", "except (ValueError, BaseException) as error:"])
def test_what_is_left_to_do_by_a_walk_that_is_given_up_is_not_done(way: str) -> None:
    text = f"{PRELUDE}    try:\n        a = a * LOG[0]\n        LOG.append(2.0)\n    {way}\n        EVENTS.append(N)\n        a = a * 5.0\n"
    check(f"{text}    N += 1\n    return a * len(EVENTS) + N\n", "record")


def test_a_generator_that_a_walk_left_open_does_nothing_when_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    steps = "    def steps():\n        try:\n            yield LOG[0]\n        finally:\n            EVENTS.append('closed')\n"
    check(f"{PRELUDE}{steps}    for s in steps():\n        a = a * s\n        LOG.append(1.0)\n    return a\n", "record")
    assert not said


@pytest.mark.parametrize("way", ["np.seterr(over='ignore')", "np.seterr(all='raise')"])
def test_a_mode_of_numpy_is_set_once(way: str) -> None:
    """Where a path is left between, what was set before is what it was before the call."""
    check(f"{PRELUDE}    old = {way}\n    a = a * 3.0 if x > 0.5 else -a\n    np.seterr(**old)\n    return a\n", "record")


def test_where_output_goes_is_asked_in_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    made = module(
        "import contextlib, io, sys\nINNER = io.StringIO()\n\n\ndef f(x):\n    print('out', file=sys.stdout)\n"
        "    with contextlib.redirect_stdout(INNER):\n        print('in')\n        return x * 2.0 if x > 1.0 else -x\n"
    )
    derivative = grad(made.f, control="record")
    for number, (x, slope) in enumerate([(1.0, -1.0), (3.0, 2.0), (1.0, -1.0), (3.0, 2.0)]):
        outer = io.StringIO()
        monkeypatch.setattr(sys, "stdout", outer)
        assert derivative(x) == slope
        assert sys.stdout is outer
        assert (outer.getvalue(), made.INNER.getvalue()) == ("out\n", "in\n" * (number + 1))
