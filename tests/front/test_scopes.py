"""Which names are a function's own: scopes within scopes, as Python has them."""

from __future__ import annotations

from typing import Any

import pytest

from s2sad import errors, value_and_grad
from tests.oracles import agrees, module

PROGRAMS: dict[str, tuple[str, float]] = {  # each with its derivative at 2.0
    "a comprehension in a class body reads past the class":
        ("K = 5.0\ndef f(x):\n    class C:\n        K = x\n        L = [K * x for _ in (1, 2)]\n    return C.L[1]", 5.0),
    "what a comprehension runs over is read in the class body":
        ("K = [5.0]\ndef f(x):\n    class C:\n        K = [x, x]\n        L = [v * x for v in K]\n    return C.L[1]", 4.0),
    "a function in a class body reads past the class":
        ("K = 5.0\ndef f(x):\n    class C:\n        K = x\n        def m(self): return K * x\n    return C().m()", 5.0),
    "what the first `for` runs over is read around it":
        ("i = 3.0\ndef f(x): return sum(v * x for i in [i] for v in (i, 2 * i))", 9.0),
    "a target is the comprehension's": ("i = 3.0\ndef f(x): return [i * x for i in (1, 2)][1] * i", 6.0),
    "a default is read around the function": ("i = 3.0\ndef f(x): return (lambda i=i: i * x)()", 3.0),
    "an assignment in a comprehension is the function's":
        ("v = 9.0\ndef f(x):\n    t = [v := k * x for k in (1, 2)]\n    return t[0] + v", 3.0),
    "a name of the function around":
        ("t = 9.0\ndef f(x):\n    t = x\n    def g():\n        nonlocal t\n        t = t * x\n    g()\n    return t", 4.0),
    "a global name of an inner function":
        ("i = 3.0\ndef f(x):\n    i = x\n    def g():\n        global i\n        return i * x\n    return g() * i", 12.0),
    "a declaration in a class body":
        ("i = 3.0\ndef f(x):\n    i = x\n    class C:\n        global i\n        i = 4.0\n    return C.__dict__.get('i', 5.0) * i", 5.0),
    "an exception's name":
        ("e = 3.0\ndef f(x):\n    try: 1 / 0\n    except ZeroDivisionError as e: t = x * len(e.args)\n    return t", 1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_names_are_found_where_python_finds_them(name: str) -> None:
    text, slope = PROGRAMS[name]
    f: Any = module(text).f
    derivative = value_and_grad(f, control="record")
    for _ in range(2):
        assert agrees(derivative, f, 2.0) == slope


def test_what_is_refused_first_is_what_stands_first() -> None:
    f: Any = module("def f(x):\n    y = [eval('x') for _ in (1, 2)]\n    class C:\n        z = locals()\n    return y[0]").f
    with pytest.raises(errors.UnsupportedSyntax, match=r":2:\d+: unsupported: eval\(\)"):
        value_and_grad(f)(2.0)
