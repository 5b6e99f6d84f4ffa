"""Code that is not looked into writes into arrays from outside: what was read before is differentiated as it was then.

Each program is called ten times in a world that goes on from call to call. Of an analytic function the complex step gives the gradient,
in the same world.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad, vjp
from s2sad.errors import CannotKeep, UnsupportedMutation
from tests.oracles import module

X = np.array([0.5, -1.25, 2.0])
CALLS = 10
HEAD = """
import functools, re
import numpy as np
from s2sad import grad

STATE = np.arange(3.0) + 1
def grows(found):
    STATE[:] = STATE * 1.25 + 1
    return ""
def call():
    re.sub("a", grows, "aba")
"""

PROGRAMS = {
    "a product": "def f(x):\n    value = np.sum(x * STATE)\n    call()\n    return value",
    "read again after it": "def f(x):\n    value = np.sum(x * STATE)\n    call()\n    return value + np.sum(x**2 * STATE)",
    "the same expression before and after": (
        "def f(x):\n    s = STATE\n    one = np.sum(x**2 * s)\n    call()\n    return one - 3 * np.sum(x**2 * s)"),
    "a number of it": "def f(x):\n    s = STATE\n    one = s[1] * x[0] ** 2\n    call()\n    return one + s[1] * x[1] ** 3",
    "what is computed of it": "def f(x):\n    w = np.exp(STATE / 100)\n    value = np.sum(x**3 * w)\n    call()\n    return value + x @ w",
    "views": "def f(x):\n    s = STATE\n    v = s[1:]\n    one = x[1:] @ v\n    call()\n    return one + x[1:] ** 2 @ v + x @ s",
    "a view of a view": "def f(x):\n    v = STATE[::-1][:2]\n    one = x[1:] @ v\n    call()\n    return one + x[:2] ** 2 @ v",
    "another shape": "def f(x):\n    v = STATE.reshape(3, 1)\n    one = x @ v\n    call()\n    return np.sum(one * 2 + x**2 @ v)",
    "twice the call": "def f(x):\n    one = x @ STATE\n    call()\n    two = x**2 @ STATE\n    call()\n    return one + two + x**3 @ STATE",
    "a loop of calls": (
        "def f(x):\n    total, s = 0.0, STATE\n    for k in range(3):\n        total = total + x ** (k + 1) @ s\n"
        "        call()\n    return total"),
    "a branch on it": (
        "def f(x):\n    value = x @ STATE\n    call()\n    return value + x @ STATE if STATE[0] < 9 else value * 2"),
    "integers": (
        "COUNT = np.arange(3)\ndef counts(found):\n    COUNT[:] += 1\n    return ''\ndef f(x):\n    value = x @ COUNT\n"
        "    re.sub('a', counts, 'aba')\n    return value * x[0]"),
    "two arrays in one memory": (
        "PART = STATE[1:]\ndef f(x):\n    value = x[1:] @ PART + x @ STATE\n    call()\n    return value + x[1:] ** 2 @ PART"),
    "in a closure": (
        "def made(s):\n    def f(x):\n        value = x**2 @ s\n        call()\n        return value + x @ s\n    return f\n"
        "f = made(STATE)"),
    "a default": "def f(x, s=STATE):\n    value = x**2 @ s\n    call()\n    return value + x @ s",
    "an attribute": (
        "class A: pass\na = A()\na.s = STATE\ndef f(x):\n    value = x**2 @ a.s\n    call()\n    return value + x @ a.s"),
    "an item of a list": (
        "ALL = [STATE, 2.0]\ndef f(x):\n    value = x**2 @ ALL[0]\n    call()\n    return value + x @ ALL[0]"),
    "items of a dict": (
        "ALL = {'s': STATE}\ndef f(x):\n    values = list(ALL.values())\n    value = x**2 @ values[0]\n    call()\n"
        "    return value + x @ values[0]"),
    "in a container of the function": "def f(x):\n    own = [STATE]\n    value = x**2 @ own[0]\n    call()\n    return value + x @ own[0]",
    "in an object of the function": (
        "class A:\n    def __init__(self, s): self.s = s\ndef f(x):\n    own = A(STATE)\n    value = x**2 @ own.s\n    call()\n"
        "    return value + x @ own.s"),
    "an inner gradient": (
        "def f(x):\n    inner = grad(lambda y: y**2 @ STATE)(x)\n    call()\n    return inner @ x + grad(lambda y: y @ STATE)(x) @ x"),
    "an inner gradient that is the array": (
        "def f(x):\n    inner = grad(lambda y: y @ STATE)(x)\n    call()\n    return inner @ x**2"),
    "a call in an inner function": (
        "def g(y):\n    value = y**2 @ STATE\n    call()\n    return value + y @ STATE\ndef f(x):\n    return grad(g)(x) @ x"),
    "it raises": (
        "def bad(found):\n    STATE[:] += 1\n    raise ValueError('no')\ndef f(x):\n    value = x @ STATE\n    try:\n"
        "        re.sub('a', bad, 'aba')\n    except ValueError:\n        value = value + x**2 @ STATE\n    return value"),
    "sorted by a key that writes": (
        "ITEMS = [3, 1, 2]\ndef key(n):\n    STATE[:] += n\n    return n\ndef f(x):\n    value = x @ STATE\n"
        "    for n in sorted(ITEMS, key=key):\n        value = value + n * x @ STATE\n    return value"),
    "a list outside is sorted": (
        "ITEMS = [3, 1, 2]\ndef key(n):\n    STATE[:] += 1\n    return -n\ndef f(x):\n    value = x**2 @ STATE\n    ITEMS.sort(key=key)\n"
        "    return value + x @ STATE"),
    "reduce": (
        "def both(one, other):\n    STATE[:] += other\n    return one * other\ndef f(x):\n    value = x**2 @ STATE\n"
        "    return value * functools.reduce(both, [1.5, 0.5, 2.0]) + x @ STATE"),
    "map": (
        "def each(n):\n    STATE[:] += n\n    return n + 0.5\ndef f(x):\n    value = x**2 @ STATE\n"
        "    return value * sum(map(each, [1, 2])) + x @ STATE"),
    "map, not looked into": (
        "import collections\ndef each(n):\n    STATE[:] += n\n    return n\ndef f(x):\n    value = x**2 @ STATE\n"
        "    collections.deque(map(each, (1, 2)), 0)\n    return value + x @ STATE"),
    "a method that is not looked into": (
        "class A:\n    exec('def step(self):\\n    STATE[:] += 1\\n    return 2.0', globals(), locals())\na = A()\ndef f(x):\n"
        "    value = x**2 @ STATE\n    return value * a.step() + x @ STATE"),
    "an array that such a method gives": (
        "class A:\n    exec('def step(self):\\n    STATE[:] += 1\\n    return STATE', globals(), locals())\na = A()\ndef f(x):\n"
        "    one = a.step()\n    value = x**2 @ one\n    two = a.step()\n    return value + x**3 @ one + x @ two"),
    "the memory is written elsewhere": (
        "VIEW = memoryview(STATE)\ndef f(x):\n    value = x**2 @ STATE\n    VIEW[1] = 7.5\n    VIEW[0] = VIEW[0] + 1\n"
        "    return value + x @ STATE"),
    "it is handed out": (
        "SEEN = []\nexec('def keeps(s):\\n    SEEN.append(s)\\n    STATE[:] += 1', globals())\ndef f(x):\n    value = x**2 @ STATE\n"
        "    keeps(STATE)\n    keeps(STATE[1:])\n    return value + x @ STATE"),
    "a list holds the array that is kept": (
        "HELD = [None]\ndef f(x):\n    s = STATE\n    value = x**2 @ s\n    HELD[0] = s\n    call()\n    return value + x @ HELD[0]"),
    "a partial function": (
        "def by(n, found):\n    STATE[:] += n\n    return ''\ndef f(x):\n    value = x**2 @ STATE\n"
        "    re.sub('a', functools.partial(by, 2), 'aba')\n    return value + x @ STATE"),
    "a dict that makes its items": (
        "import collections\ndef made():\n    STATE[:] += 1\n    return 0.5\nD, N = collections.defaultdict(made), [0]\ndef f(x):\n"
        "    N[0] = N[0] + 1\n    value = x**2 @ STATE\n    return value * D[N[0]] + x @ STATE"),
    "a function of a sequence": (
        "def each(n):\n    STATE[:] += n\n    return n\ndef f(x):\n    value = x**2 @ STATE\n"
        "    text = ','.join(map(str, map(each, (1, 2))))\n"
        "    return value * len(text) + x @ STATE"),
    "what it gives is of another type": (
        "N = np.zeros(1, int)\nexec('def other():\\n    STATE[:] += 1\\n"
        "    N[0] += 1\\n    return 2 if N[0] % 2 else 0.5', globals())\ndef f(x):\n"
        "    s = STATE\n    value = x**2 @ s\n    return value * other() + x @ s"),
    "what it gives decides": (
        "N = np.zeros(1, int)\nexec('def other():\\n    STATE[:] += 1\\n    N[0] += 1\\n    return int(N[0]) % 3', globals())\ndef f(x):\n"
        "    value = x**2 @ STATE\n    n = other()\n    if n == 1:\n        return value * 2 + x @ STATE\n"
        "    return value + n * x**3 @ STATE"),
    "an array in a fortran order": (
        "S = np.asfortranarray(np.arange(6.0).reshape(2, 3))\ndef more(found):\n    S[:] += 1\n    return ''\ndef f(x):\n"
        "    r = S.ravel()[:3]\n"
        "    t = S.T\n    value = x**2 @ r + np.sum(t[:, 0] * x)\n    re.sub('a', more, 'aba')\n    return value + x @ r + x**3 @ t[:, 1]"),
    "code that prints": (
        "class M:\n    def write(self, text): STATE[:] += 1\nm = M()\ndef f(x):\n    value = x**2 @ STATE\n    print(1, file=m)\n"
        "    return value + x @ STATE"),
}  # fmt: skip


class World:
    """A module with its arrays, which can be put back."""

    def __init__(self, text: str) -> None:
        self.text, made = text, module(HEAD + text)
        self.arrays = [v for v in vars(made).values() if isinstance(v, np.ndarray)]
        self.f: Callable[..., Any] = made.f

    def held(self) -> list[Any]:
        return [a.copy() for a in self.arrays]

    def again(self, held: list[Any]) -> None:
        for array, before in zip(self.arrays, held, strict=True):
            array[...] = before

    def afresh(self, function: Callable[..., Any], *args: Any) -> Any:
        """What a function gives, in a world that is put back afterwards."""
        held = self.held()
        try:
            return function(*args)
        finally:
            self.again(held)

    def gradient(self, x: Any) -> Any:
        """By the complex step; by differences, which are exact, where a quadratic polynomial has a gradient inside."""
        if "grad(" in self.text:
            return np.array([self.afresh(self.f, x + e) - self.afresh(self.f, x - e) for e in np.eye(len(x))]) / 2
        step = 1e-30
        return np.array([self.afresh(self.f, x + 1j * step * e).imag / step for e in np.eye(len(x))])

    def directional(self, x: Any, v: Any) -> Any:
        """The derivative of the gradient along v; the gradient of a cubic polynomial is quadratic, so that the difference is exact."""
        return self.gradient(x + 0.5 * v) - self.gradient(x - 0.5 * v)


@pytest.fixture(params=PROGRAMS)
def world(request: Any) -> World:
    return World(PROGRAMS[request.param])


def agrees(found: Any, expected: Any) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-12, atol=1e-12))


@pytest.mark.parametrize("control", ["record", "auto", "keep"])
def test_the_gradient_is_of_what_was_read(world: World, control: Any) -> None:
    both = value_and_grad(world.f, control=control)
    for k in range(CALLS):
        x, held = X + 0.25 * k, world.held()
        expected, after = (world.f(x), world.held())
        world.again(held)
        gradient = world.gradient(x)
        try:
            value, found = both(x)
        except CannotKeep:
            assert control == "keep"
            return
        assert value == expected
        assert agrees(found, gradient)
        assert all(map(np.array_equal, world.held(), after))


def test_second_order(world: World) -> None:
    v = np.array([1.0, -0.5, 0.25])
    second = grad(lambda x: grad(world.f)(x) @ v)
    for k in range(CALLS):
        x = X + 0.25 * k
        expected = world.directional(x, v)
        assert np.allclose(second(x), expected, rtol=1e-10, atol=1e-10)


def test_a_pullback_that_is_called_later(world: World) -> None:
    for k in range(4):
        x = X + 0.25 * k
        expected = world.gradient(x)
        _, pullback = vjp(world.f, x)
        for array in world.arrays:
            array[...] += 1
        assert agrees(pullback(1.0)[0], expected)


def test_the_tape(world: World) -> None:
    for k in range(4):
        x = X + 0.25 * k
        expected = world.gradient(x)
        assert agrees(tape.gradient(world.f, (x,))[1], expected)


STAYING = {
    "an argument is the array": "def f(x):\n    value = x @ x\n    call()\n    return value + x @ x",
    "an argument is a part of it": "def f(x):\n    value = x[:2] @ x[:2]\n    call()\n    return value",
    "it is not read after the call": "def f(x):\n    value = x @ x\n    call()\n    return value",
    "an array of the function": (
        "HELD = [None]\ndef change(found):\n    HELD[0][:] += 1\n    return ''\ndef f(x):\n    own = x * 2\n    HELD[0] = own\n"
        "    re.sub('a', change, 'aba')\n    return own @ x"),
    "a derivative at it": (
        "def g(s):\n    value = s @ s\n    call()\n    return value\ndef f(x):\n    return grad(g)(STATE * 1) @ x + grad(g)(STATE) @ x"),
}  # fmt: skip


@pytest.mark.parametrize("control", ["record", "auto"])
@pytest.mark.parametrize("name", STAYING)
def test_what_is_differentiated_is_not_written(name: str, control: Any) -> None:
    made = module(HEAD + STAYING[name])
    x = {"an argument is the array": made.STATE, "it is not read after the call": made.STATE,
         "an argument is a part of it": made.STATE[1:]}.get(name, X)  # fmt: skip
    both = value_and_grad(made.f, control=control)
    for differentiate in (both, both, lambda x: tape.gradient(made.f, (x,))):
        with pytest.raises(UnsupportedMutation, match="code that is not followed writes into an array"):
            differentiate(x)


LAYOUTS = """
def more(found):
    GRID[:] += 1
    return ""
def f(x):
    r = GRID.ravel()
    value = x**2 @ r[:3]
    re.sub("a", more, "aba")
    return value + x @ r[:3]
"""


def test_a_view_of_an_array_that_lies_otherwise_is_a_copy() -> None:
    """`ravel` of rows is a view, which sees what is written; of columns it is a copy."""
    grid = np.arange(6.0).reshape(2, 3) + 1
    made = module(HEAD + "GRID = None" + LAYOUTS)
    both = value_and_grad(made.f, control="record")
    for k in range(CALLS):
        x = X + 0.25 * k
        layout = np.asfortranarray if k % 3 == 1 else np.ascontiguousarray

        def called(function: Any, x: Any, layout: Any = layout) -> Any:
            made.GRID = layout(grid.copy())
            return function(x)

        steps = [called(made.f, x + 1e-30j * step).imag / 1e-30 for step in np.eye(3)]
        value, found = called(both, x)
        assert value == called(made.f, x)
        assert agrees(found, steps)


TWO = {
    "one after the other": "j, q = ONE, TWO\n    j[:] = j + 5.0\n    q[:] = q + 1.0",
    "of each other": "q, j = TWO, ONE\n    q[0] = j[1] + 1.0\n    j[0] = q[2]",
    "in a loop": "for a in (ONE, TWO):\n        a *= 2.0\n        a[1] += a[0]",
}


@pytest.mark.parametrize("writes", TWO.values(), ids=TWO)
@pytest.mark.parametrize("control", ["record", "auto"])
def test_two_arrays_of_one_type_and_shape_are_told_apart(writes: str, control: str) -> None:
    made = module(f"def f(x):\n    {writes}\n    return np.sum(x) * ONE[1] + TWO[0] * x[0]\n", np=np, ONE=X.copy(), TWO=2.0 * X)

    def called(function: Any, x: Any) -> Any:
        made.ONE[:], made.TWO[:] = X, [0.0, 2.0, 3.0]
        return function(x), made.ONE.tolist(), made.TWO.tolist()

    both = value_and_grad(made.f, control=control)
    for k in range(CALLS):
        x = X + 0.25 * k
        (value, found), *after = called(both, x)
        assert [value, *after] == list(called(made.f, x))
        assert agrees(found, [called(made.f, step)[0] for step in np.eye(3)])  # it is linear
