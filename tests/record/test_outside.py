"""State outside the function changes as one plain call changes it: once in each call, with plain numbers, in the order of the function."""

from __future__ import annotations

import pathlib
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import grad, tape, value_and_grad, vjp
from s2sad.errors import CannotKeep, UnsupportedMutation
from tests.at_random import profile, quiet
from tests.oracles import assert_close, assert_identical, identical, module

# ruff: noqa: E501

FOLDER = pathlib.Path(__file__).parent.parent / "outside"
POINTS = (1.0, 2.0, -0.5, 2.0, 3.0, 0.25)
PROGRAMS: dict[str, str] = {p.stem: p.read_text(encoding="utf-8") for p in sorted(FOLDER.glob("*.py"))}
PROGRAMS |= {
    "a history of numbers": "LOG = []\ndef f(x):\n    v = x * x\n    LOG.append(float(v))\n    return v\n",
    "a history of tuples and dicts": (
        "LOG = []\ndef f(x):\n    v = x * x\n    LOG.append((len(LOG), float(v), {'x': x, 'all': [x, v]}))\n    return v * x\n"),
    "a loop that notes each step": (
        "LOG, COUNT = [], 0\ndef f(x):\n    global COUNT\n    for _ in range(3):\n        x = x * 0.5\n        LOG.append(x)\n"
        "        COUNT = COUNT + 1\n    return x * COUNT\n"),
    "a model that watches itself": (
        "class M:\n    def __init__(self):\n        self.calls, self.last, self.best = 0, None, 1e9\n    def __call__(self, x):\n"
        "        self.calls += 1\n        v = (x - 1.0) ** 2\n        self.last = float(v)\n        if v < self.best:\n"
        "            self.best = float(v)\n        return v * self.calls\nm = M()\ndef f(x):\n    return m(x) + x\n"),
    "a value that is kept and read in the same call": (
        "class M: pass\nm = M()\ndef f(x):\n    m.h = x * 3.0\n    m.g = m.h * m.h\n    return m.g + m.h\n"),
    "a memo of numbers": "D = {}\ndef f(x):\n    n = int(abs(x))\n    if n not in D:\n        D[n] = 2.0 ** n\n    return D[n] * x\n",
    "an item that is kept and read": "D = {}\ndef f(x):\n    D['a'] = x * x\n    D['b'] = D['a'] * 2.0\n    return D['b'] + D['a']\n",
    "a global that is kept and read": "K = 1.0\ndef f(x):\n    global K\n    K = x * x\n    return K * x\n",
    "a global that accumulates": "K = 1.0\ndef f(x):\n    global K\n    K += float(x)\n    return K * x\n",
    "a global as the target of a loop": "I = 0\ndef f(x):\n    global I\n    for I in range(3):\n        x = x * 2.0\n    return x * I\n",
    "several at once": "A = B = 0.0\ndef f(x):\n    global A, B\n    A, (B, c) = x, (x * x, 2.0)\n    return A * B * c\n",
    "a global of an inner function": (
        "K = 1.0\ndef f(x):\n    K = 5.0\n    def note(v):\n        global K\n        K = v * K\n        return K\n"
        "    return note(x) * K\n"),
    "nonlocal of an inner function": (
        "def make():\n    n, seen = 0, []\n    def f(x):\n        nonlocal n\n        def count():\n            nonlocal n\n            n += 1\n"
        "            seen.append(n)\n        count()\n        n = n + 1\n        return x * n\n    return f\nf = make()\n"),
    "a counter on the function itself": "def f(x):\n    f.calls += 1\n    return x * f.calls\nf.calls = 0\n",
    "a property": (
        "class M:\n    _k = 1.0\n    @property\n    def k(self): return self._k\n    @k.setter\n    def k(self, v): self._k = v * 2.0\n"
        "m = M()\ndef f(x):\n    m.k = x\n    return m.k * x\n"),
    "__setattr__ and __slots__": (
        "class M:\n    __slots__ = ('k', 'n')\n    def __setattr__(self, name, v):\n        object.__setattr__(self, name, v + 1.0)\n"
        "m = M()\ndef f(x):\n    m.k = x\n    m.n = 2.0\n    return m.k * m.n\n"),
    "containers in containers": (
        "S = {'log': [], 'n': {'calls': 0}}\ndef f(x):\n    S['n']['calls'] += 1\n    S['log'].append(S['n']['calls'] * 1.0)\n"
        "    return x * S['log'][-1]\n"),
    "kinds of containers": (
        "import collections\nQ, S, C, D = collections.deque(maxlen=3), set(), collections.Counter(), collections.defaultdict(list)\n"
        "def f(x):\n    Q.append(float(x))\n    S.add(float(x))\n    C['a'] += 1\n    D['a'].append(x)\n    return x * len(Q) * C['a']\n"),
    "an array that is kept": (
        "import numpy as np\nLOG = []\ndef f(x):\n    y = x * np.ones(3)\n    LOG.append(y)\n    LOG.append(y.copy())\n    return np.sum(y * y)\n"),
    "an exception after a write": "LOG = []\ndef f(x):\n    LOG.append(x)\n    if x < 0.0:\n        raise ValueError(x)\n    return x * len(LOG)\n",
    "a write that raises": (
        "D = {1.0: 2.0}\ndef f(x):\n    try:\n        del D[x]\n    except KeyError as error:\n        return x * error.args[0]\n    return x * 3.0\n"),
    "a path that is left after a write": (
        "N, LOG = 0, []\ndef f(x):\n    global N\n    N += 1\n    LOG.append(x)\n    if x > 0.5:\n        LOG.append(2.0 * x)\n        x = x * N\n"
        "    N += 1\n    return x * N if N % 3 else -x\n"),
    "a dictionary of an object": (
        "class M: pass\nm = M()\nm.n = 1.0\ndef f(x):\n    d = m.__dict__\n    m.n = m.n + 1.0\n    d['k'] = 3.0\n    return x * d['n'] * m.k\n"),
    "two names of one list": "LOG = []\nSAME = LOG\ndef f(x):\n    LOG.append(1.0)\n    SAME.append(2.0)\n    return x * len(LOG) + SAME[-1]\n",
    "a value that is kept before the recording begins anew": (
        "class M: pass\nm, LOG = M(), []\ndef f(x):\n    m.h = x * 3.0\n    LOG.append(1.0)\n    return m.h * m.h\n"),
    "items of an array": (
        "import numpy as np\nLOG, N = np.zeros(4), 0\ndef f(x):\n    global N\n    v = x * x\n    LOG[N % 4] = float(v)\n    N += 1\n    return v * N\n"),
    "an array in full": (
        "import numpy as np\nB = np.ones(3)\ndef f(x):\n    s = np.sum(B) * x\n    B[:] = x * np.arange(3.0)\n    B[0] += 2.0\n    return s + np.sum(B * B)\n"),
    "an array by its other names": (
        "import numpy as np\nB = np.ones((2, 2))\nC = B\nD = {'b': B}\ndef f(x):\n    row = B[1]\n    row *= x\n    C[0, 1] = x\n    np.maximum(B, 0.5, out=D['b'])\n"
        "    return np.sum(B) + C[0, 1] * D['b'][1, 0]\n"),
    "an array of whole numbers": "import numpy as np\nB = np.zeros(3, int)\ndef f(x):\n    B[:] = x\n    B.sort()\n    return x * B[0]\n",
    "an array after effects": (
        "import numpy as np\nB, N = np.ones(3), 0\ndef f(x):\n    global N\n    t = B[0] * x\n    N += 1\n    B[1] = t\n    return np.sum(B) * N\n"),
    "an array of an object": (
        "import numpy as np\nclass M:\n    def __init__(self): self.h = np.zeros(2)\n    def step(self, x):\n        self.h[0] = x\n        self.h[1:] = self.h[:1] * 2.0\n"
        "        return self.h.sum()\nm = M()\ndef f(x):\n    return m.step(x) * x\n"),
    "removed": "class M: pass\nm = M()\ndef f(x):\n    m.k = x\n    v = m.k * 2.0\n    del m.k\n    return v + hasattr(m, 'k')\n",
}  # fmt: skip


def world(made: types.ModuleType) -> dict[str, Any]:
    """Everything the program can change, in words."""
    seen = {name: value for name, value in vars(made).items() if not name.startswith("__")}
    if "make" in seen:
        seen |= {"cells": [c.cell_contents for c in made.f.__closure__ if isinstance(c.cell_contents, (int, list))]}
    held = {name: {k: repr(v) for k, v in vars(value).items() if " at 0x" not in repr(v)} for name, value in seen.items()
            if hasattr(value, "__dict__") and getattr(value, "__module__", None) in (made.__name__, None)}  # fmt: skip
    told = {name: repr(value) for name, value in seen.items() if " at 0x" not in repr(value)} | {"held": repr(held)}
    return {name: text.replace(made.__name__, "made") for name, text in told.items()}


def outcome(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except (ValueError, LookupError, AttributeError) as error:
        return type(error), error.args


def check(text: str, control: str, points: Any = POINTS) -> Any:
    compiled, plain, taped = module(text), module(text), module(text)
    derivative = value_and_grad(compiled.f, control=control)
    for number, x in enumerate(points):
        before = world(compiled)
        try:
            found = outcome(derivative, x)
        except CannotKeep:
            assert control == "keep" and world(compiled) == before, f"call {number}"
            derivative = value_and_grad(compiled.f, control="record")
            found = outcome(derivative, x)
        wanted = outcome(plain.f, x)
        on_tape = outcome(tape.gradient, taped.f, (x,))
        if isinstance(wanted, tuple):
            assert found == on_tape == wanted, f"call {number}"
        else:
            assert identical(found[0], wanted), f"call {number}: {found!r} instead of {wanted!r}"
            assert_identical(on_tape[0], wanted)
            assert_close(found[1], on_tape[1])
        assert world(compiled) == world(plain) == world(taped), f"call {number}"
    return derivative


@pytest.mark.parametrize("control", ["record", "auto", "keep"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_world_after_each_call(name: str, control: str) -> None:
    check(PROGRAMS[name], control)


NOT_KEPT = {
    "LOG = []\ndef f(x):\n    LOG.append(x)\n    return x * len(LOG)\n": "a list is read",
    "LOG = [1.0]\ndef f(x):\n    v = x * LOG[0]\n    LOG.append(x)\n    return v\n": "a list is read",
    "class M: pass\nm = M()\nm.h = 1.0\ndef f(x):\n    v = m.h * x\n    m.h = v\n    return v\n": "h is read, where a value that is being",
    "class M: pass\nm = M()\nm.k = 1\ndef f(x):\n    m.k += 1\n    return x * vars(m)['k']\n": "__dict__ is read",
    "class M: pass\nm = M()\nm.k = 1\ndef f(x):\n    m.k += 1\n    return x * m.__dict__.get('k')\n": "__dict__ is read",
    "N = 'a'\ndef f(x):\n    global N\n    N += 'b'\n    return x\n": "N is read",
    "import numpy as np\nLOG = []\ndef f(x):\n    LOG.append(x * np.ones(2))\n    return x\n": r"append\(\)",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_KEPT)
def test_changes_of_state_that_are_not_kept(text: str) -> None:
    made, before = module(text), world(module(text))
    with pytest.raises(CannotKeep, match=f"state outside the function changes: {NOT_KEPT[text]}"):
        grad(made.f, control="keep")(1.0)
    assert world(made) == before


WATCH = "N, LOG = 0, []\ndef f(x):\n    global N\n    N += 1\n    LOG.append(float(x * x))\n    return x ** 3\n"


@pytest.mark.parametrize("control", ["auto", "keep"])
def test_one_path_serves_a_history_that_grows(control: str) -> None:
    assert len(check(WATCH, control).paths) == 1


STEPS = {
    "a global, read before and after": (
        "K = 0\ndef f(x, n):\n    global K\n    t = 0.0\n    for i in range(n):\n        t = t + x * K\n        K += 1\n        t = t + x * x * K\n"
        "    return t\n"),
    "attributes in a branch": (
        "class M: pass\nm = M()\nm.calls, m.last = 0, 1.5\ndef f(x, n):\n    t = m.last * x\n    for i in range(n):\n        if t > 1.0:\n"
        "            m.calls += 1\n        t = t + x * m.last\n        m.last = 0.5 * i\n    return t * m.calls\n"),
    "a history": "LOG = []\ndef f(x, n):\n    t = x\n    for i in range(n):\n        t = t * x\n        LOG.append(t)\n        LOG.append((i, t, 'a'))\n    return t\n",
    "a list that is read, and one that is filled": (
        "W, LOG = [1.0, 2.0], []\ndef f(x, n):\n    t = x\n    for i in range(n):\n        t = t * x + W[1] * x\n        LOG.append(i)\n    return t + sum(W)\n"),
    "nonlocal": (
        "def make():\n    k = 0\n    def f(x, n):\n        nonlocal k\n        t = x\n        for i in range(n):\n            k = k + 1\n"
        "            t = t + x * k\n        return t\n    return f\nf = make()\n"),
    "a method": (
        "class M:\n    def __init__(self):\n        self.calls, self.seen = 0, {}\n    def step(self, t, x):\n        self.calls += 1\n"
        "        self.seen[self.calls] = t\n        return t * x + self.calls\nm = M()\ndef f(x, n):\n    t = x\n    for i in range(n):\n"
        "        t = m.step(t, x)\n    return t\n"),
    "a deque and a set": (
        "import collections\nQ, S = collections.deque(maxlen=3), set()\ndef f(x, n):\n    t = x\n    while n > 0:\n        t = t * x\n"
        "        Q.append(t)\n        S.add(n)\n        n -= 1\n    return t\n"),
    "an exception after some steps": (
        "N = 0\ndef f(x, n):\n    global N\n    t = x\n    for i in range(n):\n        N += 1\n        if t > 3.0:\n            raise ValueError(N)\n"
        "        t = t + x\n    return t * N\n"),
}  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "auto"])
@pytest.mark.parametrize("name", STEPS)
def test_the_world_after_loops(name: str, control: str) -> None:
    made, plain = module(STEPS[name]), module(STEPS[name])
    derivative, recorded = value_and_grad(made.f, control=control), value_and_grad(module(STEPS[name]).f, control="record")
    for x, n in [(0.7, 3), (1.1, 0), (0.5, 5), (0.9, 2), (1.2, 20), (0.3, 17), (0.8, 1)]:
        wanted, found, other = (outcome(function, x, n) for function in (plain.f, derivative, recorded))
        assert world(made) == world(plain)
        if isinstance(wanted[0] if isinstance(wanted, tuple) else wanted, type):
            assert found == wanted
        else:
            assert_identical(found[0], wanted)
            assert_close(found[1], other[1])
    assert control == "auto" or len(derivative.paths) == 1


def test_a_list_that_is_another_one_in_a_later_call() -> None:
    """What is filled and what is read are two lists in the first call, and one in the second."""
    text = "W, LOG = [1.0], []\ndef f(x, n):\n    for i in range(n):\n        x = x * W[0]\n        LOG.append(2.0)\n    return x + sum(W)\n"
    made, plain = module(text), module(text)
    derivative = value_and_grad(made.f, control="keep")
    assert derivative(1.5, 2)[0] == plain.f(1.5, 2)
    made.LOG, plain.LOG = made.W, plain.W
    with pytest.raises(CannotKeep):
        derivative(1.5, 2)


INNER = (
    "K = 1.5\ndef f(x):\n    K = 5.0\n    def note(v):\n        global K\n        def deeper(w):\n            return w * K\n"
    "        return deeper(v) * sum(K * v for _ in range(2))\n    for i in range(3):\n        x = note(x) * 0.5\n    return x * K\n",
    "K = 1.5\ndef f(x):\n    K = 5.0\n    def note(v):\n        K = 7.0\n        def deeper(w):\n            global K\n"
    "            K = K + 1.0\n            return w * K\n        return deeper(v) * K\n    for i in range(3):\n        x = note(x) * 0.01\n    return x * K\n",
)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("text", INNER)
def test_a_global_that_has_the_name_of_a_variable_around(text: str, control: str) -> None:
    assert len(check(text, control, (1.1, 0.5, 2.0)).paths) == 1


def test_each_kind_of_derivative_changes_it_once() -> None:
    made = module(WATCH)
    second = grad(grad(made.f))
    assert [second(2.0), second(3.0)] == [12.0, 18.0]
    assert (made.N, made.LOG) == (2, [4.0, 9.0])
    value, pullback = vjp(made.f, 2.0)
    assert (value, pullback(1.0), pullback(2.0)) == (8.0, (12.0,), (24.0,))
    assert (made.N, made.LOG) == (3, [4.0, 9.0, 4.0])
    assert all(type(v) is float for v in made.LOG)


@pytest.mark.parametrize("control", ["record", "auto"])
def test_a_followed_value_that_is_read_from_where_its_place_is_not_told(control: str) -> None:
    for read in ("LOG[-1]", "LOG.pop()", "sum(LOG)", "max(LOG)", "[v for v in LOG][0]", "LOG[0:1][0]"):
        made = module(f"LOG = []\ndef f(x):\n    LOG.append(x * x)\n    return {read} * x\n")
        with pytest.raises(UnsupportedMutation, match="kept in a list outside the function"):
            grad(made.f, control=control)(2.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("LOG = []\nclass A: pass\ndef f(x):\n    a = A()\n    a.v = x\n    LOG.append(a)\n    return x\n", "an object of the class A"),
        ("LOG = []\ndef f(x):\n    l = [x]\n    LOG.append(l)\n    l.append(1.0)\n    return x\n", "a list that is kept outside"),
        ("class A: pass\na = A()\ndef f(x):\n    a.__class__ = int\n    return x\n", "'__class__' of an object"),
        ("class A: pass\na = A()\ndef f(x):\n    a.p = (x, 1.0)\n    return a.p[0] * x\n", "kept in a A outside"),
        ("import numpy as np\nB = np.ones(3)\nC = B[1:]\ndef f(x):\n    B[1] = x\n    return np.sum(C) * x\n", "shares memory"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnsupportedMutation, match=message):
        grad(module(text).f)(2.0)


def test_an_array_that_is_kept_may_not_be_written_afterwards() -> None:
    made = module("import numpy as np\nLOG = []\ndef f(x):\n    y = x * np.ones(2)\n    LOG.append(y)\n    y[0] = 1.0\n    return np.sum(y)\n")
    with pytest.raises(UnsupportedMutation, match="native code refers to"):
        grad(made.f)(2.0)


LINES = (
    "N += 1", "LOG.append(float(v))", "m.n = m.n + 1.0", "m.last = v * x", "D['k'] = v", "v = v + D['k'] * x", "v = v * m.n", "v = v + m.last",
    "v = v * N", "D[N] = float(v)", "v = v + len(LOG) * x", "LOG.clear()", "D.pop(N, None)", "v = v + len(D) * x", "N = N + len(LOG)",
    "LOG.extend([1.0, N])", "m.log = LOG[-2:]", "v = v + len(m.log) * x", "print(N, file=m)",
)  # fmt: skip
HEADS = ("if x > 0.6:", "if N % 2:", "if len(LOG) > 3:", "for _ in range(2):", "if v > 1.0:")


@st.composite
def programs(draw: Any) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(2, 7))):
        head = draw(st.sampled_from((None, None, *HEADS)))
        line = draw(st.sampled_from(LINES))
        lines += [f"    {line}"] if head is None else [f"    {head}", f"        {line}"]
    return ("class M:\n    n, last, log = 1.0, 0.5, ()\n    text = ''\n    def write(self, text):\n        self.text += text\n\n"
            "m, N, LOG, D = M(), 1, [0.5], {'k': 0.25}\ndef f(x):\n    global N\n    v = x\n" + "\n".join(lines) + "\n    return v * x\n")  # fmt: skip


@pytest.mark.parametrize("control", ["record", "auto", "keep"])
def test_generated_programs(control: str) -> None:
    @profile(30)
    @given(programs(), st.lists(st.sampled_from((0.5, 1.0, 0.75, -0.5)), min_size=3, max_size=6))
    def run(text: str, points: list[float]) -> None:
        with quiet(), np.errstate(all="ignore"):
            check(text, control, points)

    run()


def test_a_memo_that_is_asked_after_another_change() -> None:
    """What is asked of a container from outside is told by the container, whatever has been put into it since."""

    class Model:
        def __init__(self) -> None:
            self.calls, self.memo, self.log = 0, dict[float, float](), list[float]()

        def __call__(self, x: Any) -> Any:
            self.calls += 1
            key = round(float(x), 1)
            if key in self.memo:
                scale = self.memo[key]
            else:
                scale = self.memo[key] = 1.0 + len(self.memo)
            value = x * x * scale
            self.log.append(float(value))
            return value

    for control in ("record", "auto"):
        model, plain = Model(), Model()
        derived = value_and_grad(lambda x: model(x), control=control)  # type: ignore[call-overload]  # noqa: B023
        for x in (1.0, 2.0, 1.0, 2.0, 3.0, 1.0):
            value = plain(x)
            assert derived(x) == (value, 2.0 * value / x)
            assert vars(model) == vars(plain)
