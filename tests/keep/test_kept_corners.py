"""Small programs at the corners of keeping: parts between unknown bounds, swapped buffers, reversed views, many sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.adjoint.sweep import Sweep
from s2sad.errors import CannotKeep, InvalidIR
from s2sad.ir.program import Var
from s2sad.runtime.stacks import added_cotangents, no_cotangents
from tests.oracles import agrees, module

X = np.array([1.0, 2.0, 3.0])
BODIES = {
    "sums at one place": ("b = 0.5 * x\n    s = x[0]\n    s = np.sin(s + b[1])\n    s = np.sin(s + b[1])\n    s = np.sin(s + b[1])\n"
                          "    return s + np.sum(np.sin(b)) + n", (2, 0)),
    "length of a part between two numbers": ("w = x[n - 1 :]\n    return x[0] * len(x[n:]) + len(w) * x[1]", (1, 2, 3, 0)),
    "loop over a part": ("w = x[n:]\n    s = 0.0\n    for k in range(len(w)):\n        s += w[k] ** 2\n    return s", (1, 2, 0)),
    "mean of a part": ("return np.mean(x[n : n + 2]) * np.size(x[n : n + 2])", (0, 1, 2)),
    "reversed in a loop": ("for _ in range(n):\n        x = 2.0 * x[::-1]\n    return np.sum(x * x * x[0])", (1, 2, 0, 3)),
    "reversed under a function": ("y = np.zeros_like(x)\n    for _ in range(n):\n        y[:] = x + 0.2 * np.tanh(y[::-1])\n"
                                  "    return np.sum(y * y)", (3, 1, 0)),
    "swap within a branch": ("b, w = x.copy(), x * 0.0\n    r = x * 1.0\n    while n:\n        if n & 1:\n"
                             "            np.multiply(r, b, out=w)\n"
                             "            r, w = w, r\n        n >>= 1\n    return np.sum(r * 2.0)", (3, 5, 0)),
    "swap of two buffers": ("r, w = x.copy(), x * 2.0\n    for _ in range(n):\n        for i in range(len(x)):\n"
                            "            w[i] = r[i] + 0.1 * r[i - 1] * r[i]\n        r, w = w, r\n    return np.sum(r * r) + np.sum(w)",
                            (3, 1, 0)),
    "another name in a loop": ("a, b = x.copy(), x.copy()\n    for _ in range(n):\n        b = a\n        a[0] = a[0] * x[1]\n"
                               "    return np.sum(a) + np.sum(b)", (2, 1, 0)),
    "array without axes": ("y = np.array(0.0)\n    for k in range(n):\n        y[()] = y + x[k]\n        y[...] = y * x[0]\n"
                           "    return y * y", (2, 3, 1)),
}  # fmt: skip


@pytest.mark.parametrize("form", BODIES)
def test_small_programs(form: str) -> None:
    text, numbers = BODIES[form]
    function = module(f"import numpy as np\n\n\ndef f(x, n):\n    {text}\n").f
    derivative = value_and_grad(function, control="keep")
    for n in numbers:
        agrees(derivative, function, X, n)
        agrees(derivative, function, np.linspace(0.4, 1.2, 4), n)


def test_the_difference_of_any_two_of_many_numbers() -> None:
    """Whole numbers from outside are told apart by samples; no difference of two of them is taken for known."""
    names = [f"n{k}" for k in range(10)]
    for one, other in ((6, 5), (1, 0), (9, 8), (4, 2)):
        function = module(f"import numpy as np\n\n\ndef f(x, {', '.join(names)}):\n    return x * len(np.zeros(n{one} - n{other}))\n").f
        agrees(value_and_grad(function), function, 2.0, *(10 * k + 3 for k in range(10)))
        derivative = value_and_grad(function, control="keep")
        for scale in (10, 7):
            agrees(derivative, function, 2.0, *(scale * k + 3 for k in range(10)))


def test_what_a_step_saves_is_not_written_by_a_loop_around_it() -> None:
    """Rows of an array that only the outer loop writes stand on stacks of the inner one."""
    text = """import numpy as np


def f(x, n):
    m = x.reshape(-1, 1).copy()
    acc = np.zeros_like(m)
    for _ in range(n):
        for i in range(len(m)):
            for j in range(i + 1, len(m)):
                d = m[j] * m[i]
                acc[i] += d
        m += 0.1 * acc
    return np.sum(m * m)
"""
    function = module(text).f
    for control in ("keep", "record"):
        agrees(value_and_grad(function, control=control), function, X, 3)
    weights = np.arange(1.0, 4.0)

    def total(x, n):
        return np.sum(value_and_grad(function)(x, n)[1] * weights)

    found = [value_and_grad(total, control=control)(X, 3)[1] for control in ("keep", "record")]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


HIGHER = {
    "saved on one side of a branch": "while x < n:\n        return 0.1\n    for k in range(2):\n        t = y * math.sin(x)\n"
                                     "        if t > 1.2:\n            break\n    return t * x",
    "left early": "t = x\n    for k in range(n + 4):\n        t = math.sin(t) * x + y * t * t\n"
                  "        if t > 0.9:\n            t = 0.5 * t\n"
                  "        if t * x > 0.8:\n            break\n    return t * t",
    "loops in a branch in a loop": "s = x\n    for i in range(n + 3):\n        if i % 2:\n"
                                   "            for j in range(i):\n"
                                   "                s = s + 0.1 * math.sin(s * y)\n        else:\n"
                                   "            s = s * x + y\n    return s * y",
    "an element of an array": "a = np.zeros(3)\n    a[0] = x\n    for i in range(1, n + 3):\n"
                              "        a[i] = a[i - 1] * y + np.sin(a[i - 1])\n"
                              "        if a[i] > 1.0:\n            a[i] *= 0.5\n    return np.sum(a * a)",
    "a row at a time": "h = x * np.ones(2)\n    if y > 0.5:\n        for i in range(n + 3):\n            h = np.tanh(h * y + x)\n"
                       "    return np.sum(h * h)",
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", HIGHER)
def test_derivatives_up_to_the_fourth_order(form: str) -> None:
    """A stack is read by loops of several sweeps from the third on; on a side of a branch that has none nothing is read."""
    function = module(f"import math\n\nimport numpy as np\n\n\ndef f(x, y, n):\n    {HIGHER[form]}\n").f
    kept, recorded = function, function
    for order in range(1, 5):
        kept, recorded = grad(kept, argnums=order % 2, control="keep"), grad(recorded, argnums=order % 2, control="record")
        for args in ((0.37, 0.8, 0), (0.9, 0.3, 0)):
            np.testing.assert_allclose(kept(*args), recorded(*args), rtol=1e-10)
        assert all(path.kept is not None for path in kept.paths)


NAMES = {
    "an array or its double": "v = 2.0 * a\n    if a[0] > n:\n        v = a\n    a[0] = 3.0 * a[1]",
    "in a loop": "v = 2.0 * a\n    for _ in range(n):\n        v = a\n    a[0] = 3.0 * a[1]",
    "before a loop": "v = a\n    for _ in range(n):\n        v = 2.0 * v\n    a[0] = 3.0 * a[1]",
    "written in the loop": "v = a\n    for _ in range(n):\n        a[0] = 3.0 * a[1]\n        v = 2.0 * v",
    "copied in the loop": "v = a\n    for i in range(n):\n        a[i] = np.sin(a[0])\n        v = v.copy()",
    "a part in the loop": "v = a[1:]\n    for _ in range(n):\n        a[1] = 3.0 * a[0]\n        v = 2.0 * v",
    "a part in a branch": "v = a[1:]\n    if a[0] > n:\n        v = 2.0 * v\n    a[1] = 3.0 * a[0]",
    "a part after a loop": "v, w = 2.0 * a, a[1:]\n    for _ in range(n):\n        v = w\n    a[1] = 3.0 * a[0]",
    "a conditional expression": "b = 2.0 * a\n    v = a if a[0] > n else b\n    b[0] = a[1]\n    a[1] = 3.0 * a[0]",
    "three names": "w = v = a\n    for _ in range(n):\n        v = 2.0 * v\n    if a[0] > 0.5:\n        w = 3.0 * w\n    a[0] = w[1]",
    "a name that is gone": "v = w = a\n    a = None\n    if v[0] > n:\n        v = 2.0 * v\n"
                           "    if v[1] > n:\n        v = v * v\n    v[0] = 5.0\n    v = v * w",
    "a part of either": "v = a\n    if a[0] > n:\n        v = 2.0 * v\n    w = v[1:]\n    a[1] = 3.0 * a[0]\n    v = w",
    "what a loop returns": "v = first(a, n)\n    a[0] = 3.0 * a[1]",
    "written on one side": "v = 2.0 * a\n    if a[0] > n:\n        v = a\n    if a[1] > n:\n        a[0] = 3.0 * a[1]\n    v = v * v",
}  # fmt: skip


@pytest.mark.parametrize("form", NAMES)
def test_arrays_that_may_be_another_under_a_second_name(form: str) -> None:
    """Kept control flow refuses what it cannot tell; recorded, the function's numbers come out either way."""
    helper = "def first(a, n):\n    for i in range(n):\n        if a[i] > 0.1:\n            return a\n    return a * 2.0"
    text = f"import numpy as np\n\n\n{helper}\n\n\ndef f(x, n):\n    a = x.copy()\n    {NAMES[form]}\n    return np.sum(v * v)\n"
    function = module(text).f
    for n in (0, 1, 3):
        for x in (np.array([0.3, 0.5, 0.2]), np.array([-0.3, -0.5, 0.2]), np.array([1.3, 3.5, 0.2])):
            agrees(value_and_grad(function), function, x, n)
            with pytest.raises(CannotKeep, match=r"two names|which array is read depends on the path"):
                value_and_grad(function, control="keep")(x, n)


HOLDERS = {
    "a deque": ("collections.deque([a])", "h[0]"),
    "an ordered dictionary": ("collections.OrderedDict(k=a)", "h['k']"),
    "a dictionary": ("{'k': [(a, 2)]}", "h['k'][0][0]"),
    "a view of a dictionary": ("types.MappingProxyType({'k': a})", "h['k']"),
    "a named tuple": ("Pair(a, 1)", "h.one"),
    "an object": ("types.SimpleNamespace(v=a)", "h.v"),
    "a default": ("lambda z=a: z", "h()"),
    "a default by name": ("lambda *, z=a: z", "h()"),
    "a closure": ("(lambda b: lambda: b)(a)", "h()"),
    "a partial function": ("functools.partial(np.multiply, a)", "h(1.0)"),
    "a method": ("a.sum", "h() * np.ones(2)"),
    "a part": ("a.T", "h"),
}
BODIES_THAT_WRITE = {
    "after a branch": "if a[1] > 0.5:\n        a = 2.0 * a\n    a[0] = 7.0 * a[1]",
    "in a loop": "for _ in range(n):\n        a[0] = 7.0 * a[1]\n        a = 2.0 * a",
}


@pytest.mark.parametrize("body", BODIES_THAT_WRITE)
@pytest.mark.parametrize("holder", HOLDERS)
def test_arrays_that_something_else_holds(holder: str, body: str) -> None:
    """A second name need not be a name."""
    made, read = HOLDERS[holder]
    head = "import collections\nimport functools\nimport types\n\nimport numpy as np\n\n"
    head += "Pair = collections.namedtuple('Pair', 'one other')\n\n\ndef f(x, n):\n    a = x * 1.0\n"
    text = f"{head}    h = {made}\n    {BODIES_THAT_WRITE[body]}\n    return np.sum(a * np.sin({read}))\n"
    function = module(text).f
    for x in (np.array([0.3, 0.8]), np.array([0.9, 0.2])):
        agrees(value_and_grad(function), function, x, 2)
        with pytest.raises(CannotKeep, match="two names"):
            value_and_grad(function, control="keep")(x, 2)


OUTSIDE = np.array([1.0, 2.0, 3.0])
FROM_OUTSIDE = {
    "an array outside in a branch": "v = OUTSIDE if x[0] > 0.5 else 2.0 * x\n    v[0] = x[1]",
    "an array outside in a loop": "v = 2.0 * x\n    for _ in range(n):\n        v = OUTSIDE\n    v += x",
    "the argument in a loop": "for _ in range(n):\n        x = 2.0 * x\n    x[0] = 1.0\n    v = x",
    "the argument, written before": "x[1] = 0.5\n    for _ in range(n):\n        x = 2.0 * x\n    x[0] = 1.0\n    v = x",
    "another argument": "if x[2] > n:\n        y = 2.0 * y\n    y[0] = 1.0\n    v = y",
}


@pytest.mark.parametrize("form", FROM_OUTSIDE)
def test_arrays_that_the_caller_or_a_module_holds_as_well(form: str) -> None:
    """On one way a write would be seen outside the function."""
    text = f"import numpy as np\n\n\ndef f(x, y, n):\n    {FROM_OUTSIDE[form]}\n    return np.sum(v * x)\n"
    derivative = value_and_grad(module(text, OUTSIDE=OUTSIDE).f, control="keep")
    for n in (0, 2):
        for x in (np.array([0.3, 0.8, 1.0]), np.array([0.9, 0.8, 1.0])):
            with pytest.raises(CannotKeep, match="two names"):
                derivative(x, x + 1.0, n)
    assert OUTSIDE.tolist() == [1.0, 2.0, 3.0]


HARMLESS = {
    "nothing written": "v = a\n    for _ in range(n):\n        v = 2.0 * v\n    return np.sum(v * a)",
    "written before": "a[0] = a[1]\n    v = a\n    if a[0] > n:\n        v = 2.0 * v\n    return np.sum(v * a)",
    "not read any more": "v = a\n    for _ in range(n):\n        v = 2.0 * v\n    s = np.sum(v)\n"
                         "    a[0] = 3.0 * a[1]\n    return s * np.sum(a)",
    "rows by name": "for i in range(n):\n        row = a[i : i + 2]\n        a[i] = np.sum(row)\n    return np.sum(a)",
    "copied": "v = a.copy()\n    for _ in range(n):\n        a[0] = 3.0 * a[1]\n        v = 2.0 * v\n    return np.sum(v * a)",
    "its own array": "v = 2.0 * a\n    if a[0] > n:\n        v = v * a\n    v[0] = a[1]\n    a[0] = 5.0\n    return np.sum(v * a)",
}


@pytest.mark.parametrize("form", HARMLESS)
def test_second_names_that_do_no_harm(form: str) -> None:
    function = module(f"import numpy as np\n\n\ndef f(x, n):\n    a = x.copy()\n    {HARMLESS[form]}\n").f
    derivative = value_and_grad(function, control="keep")
    for n in (0, 1, 2):
        for x in (np.array([0.3, 0.5, 0.2, 0.4]), np.array([-0.3, -0.5, 0.2, 1.0])):
            agrees(derivative, function, x, n)
    assert len(derivative.paths) == 1


OPTIONAL = {
    "in a loop": "s = a[0]\n    for i in range(n):\n        if s > 0.5:\n            t = np.sin(s * a)\n        s = s * 0.7\n"
                 "        if i == 0:\n            if s > 0.35:\n                s += np.sum(t * t)\n    return s",
    "on one side": "s = a[0]\n    c = s > 0.5\n    if c:\n        t = np.sin(s * a)\n    s = s * 0.7\n"
                   "    if c:\n        s += np.sum(t * t)\n    return s",
    "before a loop": "s = a[0]\n    c = s > 0.5\n    if c:\n        t = np.sin(s * a)\n    for i in range(n):\n"
                     "        s = s * 0.7\n        if c:\n            s += np.sum(t * t) * t[i]\n    return s",
    "two of them": "s = a[0]\n    for i in range(n):\n        c = s > 0.5\n        if c:\n            t = np.sin(s * a)\n"
                   "            u = t * a\n        s = s * 0.7\n        if c:\n            s += np.sum(t * t)\n"
                   "            for j in range(n):\n"
                   "                s += np.sum(u * t * s) * 0.1\n        s = s + 0.2\n    return s",
}  # fmt: skip


HALVE = "def halve(p, n):\n    for i in range(n):\n        if p[0] > 0.7:\n            return p\n        p = 0.5 * p\n    return p"
OPTIONAL["a step after that which defines it"] = (
    "s, have = a[0], False\n    for i in range(n):\n        if have:\n            s += np.sum(t * t)\n        if s > 0.4:\n"
    "            t = np.sin(s * a)\n            have = True\n        s = 0.8 * s\n    return s * a[1]"
)
OPTIONAL["a loop that may make no step"] = (
    "s = a[0]\n    for i in range(n + 2):\n        for j in range(i):\n            t = np.sin(s * a)\n        s = 0.8 * s\n"
    "        if i > 1:\n            s += np.sum(t * t)\n    return s * a[1]"
)
OPTIONAL["what a loop returns"] = "return np.sum(np.sin(halve(1.5 * a, n)))"
OPTIONAL["what a loop in a loop returns"] = (
    "c = 0.5 * a\n    s = a[0]\n    for i in range(2):\n        for j in range(2):\n            s = np.sin(s + c[1])\n"
    "            c = halve(c, n)\n        c = c + 0.1 * a\n    return s + np.sum(c)"
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", OPTIONAL)
def test_arrays_that_only_one_branch_defines(form: str) -> None:
    kept = recorded = module(f"import numpy as np\n\n\n{HALVE}\n\n\ndef f(a, n):\n    {OPTIONAL[form]}\n").f
    for _ in range(3):
        derivatives = [value_and_grad(f, control=c) for f, c in ((kept, "keep"), (recorded, "record"))]
        for a, n in ((np.array([0.6, 0.8]), 2), (np.array([0.3, 0.8]), 2), (np.array([0.9, 0.8]), 0), (np.array([0.9, 0.8]), 1)):
            (value, found), (expected, wanted) = (d(a, n) for d in derivatives)
            np.testing.assert_allclose(value, expected, rtol=1e-12)
            np.testing.assert_allclose(found, wanted, rtol=1e-12)
        assert all(path.kept is not None for path in derivatives[0].paths)
        kept, recorded = ((lambda a, n, d=d: np.sum(np.sin(d(a, n)[1]))) for d in derivatives)


def test_cotangents_of_stacks_that_differ_in_length() -> None:
    """The loop of the shorter one was left early."""
    assert added_cotangents([1.0, 2.0, 0.0], [0.5, 0.25]) == [1.5, 2.25]
    assert added_cotangents(None, [1.0]) == added_cotangents([1.0], None) == [1.0]
    assert added_cotangents(None, None) is None and no_cotangents(None) is None
    zeros = no_cotangents([[np.float32(1.0), None], np.ones(2, np.float32)])
    assert zeros[0] == [0.0, None] and zeros[1].dtype == np.float32 and not zeros[1].any()


def test_a_cotangent_that_no_block_hands_on_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be missing from the gradient, which nobody would see."""
    add = Sweep.add

    def stray(sweep: Sweep, var: Var, contribution: object) -> None:
        add(sweep, var, contribution)
        sweep.cotangents.setdefault(lost, 1.0)

    lost = Var(float)
    monkeypatch.setattr(Sweep, "add", stray)
    function = module("def f(x, n):\n    for _ in range(n):\n        x = x * x\n    return x\n").f
    with pytest.raises(InvalidIR, match="is handed on nowhere"):
        grad(function, control="keep")(0.5, 3)


def test_two_arrays_of_a_loop_that_get_one_cotangent_are_two_in_its_adjoint() -> None:
    def f(a: Any, b: Any) -> Any:
        s = 1.0
        for i in range(len(a)):
            t = a + b
            a = np.sin(t)
            b = 0.5 * t * t
            s = s + a[i] * b[i] * s
        return s

    args = np.array([0.3, 0.5, 0.9]), np.array([0.2, 0.1, -0.4])
    value, found = value_and_grad(f, argnums=(0, 1), control="keep")(*args)
    expected, wanted = tape.gradient(f, args, (0, 1))
    assert value == expected
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_part_that_is_cut_short_in_another_call() -> None:
    """The one element that is left is added to each of the others, which code that was kept for three and three does not do: it asks."""

    def f(x: Any, a: int, b: int) -> Any:
        y = np.ones(b - a) * x[0]
        for _ in range(2):
            y = y * 2.0
        return np.sum(y + x[a:b])

    x = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    kept, recorded = value_and_grad(f, control="keep"), value_and_grad(f, control="record")
    for a, b, value, gradient in ((1, 4, 26.0, [12.0, 1.0, 1.0, 1.0, 0.0]), (4, 7, 60.0, [12.0, 0.0, 0.0, 0.0, 3.0])):
        for derivative in (kept, recorded):
            found = derivative(x, a, b)
            assert found[0] == value and found[1].tolist() == gradient
    assert len(kept.paths) == 2


def test_what_the_condition_alone_asks_for_stays() -> None:
    def f(x: float, n: int) -> float:
        j = k = 0
        while j < n:
            j += 2
            k += 1
        return x * k

    derivative = value_and_grad(f, control="keep")
    assert [derivative(1.5, n) for n in (3, 8, 0)] == [(3.0, 2.0), (6.0, 4.0), (0.0, 0.0)]


@pytest.mark.parametrize("control", ["keep", "record"])
def test_a_count_that_begins_where_the_call_says(control: str) -> None:
    def f(x: Any, first: int) -> Any:
        s = 0.0
        for k, v in enumerate(x, first):
            s = s + k * v
        return s

    derivative = value_and_grad(f, control=control)  # type: ignore[call-overload]
    for first, value in ((2, 20.0), (0, 8.0), (-5, -22.0)):
        found = derivative(X, first)
        assert found[0] == value and found[1].tolist() == [first, first + 1.0, first + 2.0]


@pytest.mark.parametrize("control", ["keep", "record"])
def test_two_variables_that_agree_on_one_side_are_two(control: str) -> None:
    def f(x: float, n: int) -> float:
        s = t = 0.0
        for i in range(n):
            if x > i:
                s, t = x * i, x * i
            else:
                s, t = x, x * 3.0
            s = s + 0.5 * t
        return s + t

    derivative = value_and_grad(f, control=control)  # type: ignore[call-overload]
    assert [derivative(1.5, n) for n in (3, 2, 0)] == [(8.25, 5.5), (3.75, 2.5), (0.0, 0.0)]
