"""What a class or a container means may change between two calls; each case is a module, then statements run in it."""

from __future__ import annotations

from typing import Any

import pytest

from s2sad import value_and_grad
from tests.oracles import agrees, module, run

CLASSES: dict[str, tuple[str, ...]] = {
    "a class method": (
        "class B:\n    k = 2.0\n    @classmethod\n    def s(cls, x): return cls.k * x\ndef f(x): return B.s(x)",
                       "B.k = 3.0", "B.s = classmethod(lambda cls, x: 7 * x)"),
    "a static method": ("class B:\n    @staticmethod\n    def s(x): return 2 * x\ndef f(x): return B.s(x)",
                        "B.s = staticmethod(lambda x: 7 * x)"),
    "a class in a class": ("class A:\n    class B:\n        k = 2.0\ndef f(x): return A.B.k * x",
                           "A.B.k = 3.0", "A.B = type('C', (), {'k': 9.0})"),
    "__init__": ("class A:\n    def __init__(self, k): self.k = k\ndef f(x): return A(2.0).k * x",
                 "def i(self, k): self.k = k * 5\nA.__init__ = i"),
    "__new__": (
        "class A:\n    def __new__(cls, k):\n        o = object.__new__(cls)\n        o.k = k\n        return o\n"
                "def f(x): return A(2.0).k * x",
                "def n(cls, k):\n    o = object.__new__(cls)\n    o.k = 5 * k\n    return o\nA.__new__ = n"),
    "__post_init__": ("from dataclasses import dataclass\n@dataclass\nclass A:\n    k: float\n"
                      "    def __post_init__(self): self.k = self.k * 2\ndef f(x): return A(2.0).k * x",
                      "def i(self): self.k = self.k * 5\nA.__post_init__ = i"),
    "__enter__": ("class M:\n    def __enter__(self): return 2.0\n    def __exit__(self, *a): return False\nm = M()\n"
                  "def f(x):\n    with m as k: return k * x", "M.__enter__ = lambda self: 5.0"),
    "__iter__": (
        "class I:\n    def __iter__(self): return iter([1.0, 2.0])\ni = I()\ndef f(x): return sum(v * x for v in i)",
                 "I.__iter__ = lambda self: iter([5.0])"),
    "__contains__": (
        "class I:\n    def __contains__(self, v): return True\ni = I()\ndef f(x): return x if 1 in i else 2 * x",
                     "I.__contains__ = lambda self, v: False"),
    "__bool__ appears": (
        "class I: pass\ni = I()\ndef f(x): return x if i else 2 * x", "I.__bool__ = lambda self: False"),
    "__eq__ appears": (
        "class I: pass\ni = I()\ndef f(x): return x if i == 3 else 2 * x", "I.__eq__ = lambda self, o: True"),
    "__getattr__": ("class I:\n    def __getattr__(self, n): return 2.0\ni = I()\ndef f(x): return i.foo * x",
                    "I.__getattr__ = lambda self, n: 3.0", "I.foo = 7.0", "del I.foo", "i.foo = 8.0"),
    "__getattribute__ appears": ("class I:\n    k = 2.0\ni = I()\ndef f(x): return i.k * x",
                                 "I.__getattribute__ = lambda self, n: 3.0"),
    "a descriptor": (
        "class D:\n    def __get__(self, o, t): return 2.0\nclass I:\n    k = D()\ni = I()\ndef f(x): return i.k * x",
                     "D.__get__ = lambda self, o, t: 3.0", "I.k = 8.0"),
    "a property": (
        "class I:\n    r = 1.0\n    @property\n    def k(self): return self.r * 2\ni = I()\ndef f(x): return i.k * x",
                   "I.r = 3.0", "I.k = property(lambda self: 10.0)", "I.k = 4.0"),
    "a subclass overrides": (
        "class A:\n    def m(self, x): return x\nclass B(A): pass\nb = B()\ndef f(x): return b.m(x)",
                             "B.m = lambda self, x: 4 * x", "del B.m", "A.m = lambda self, x: 9 * x"),
    "isinstance": ("class A: pass\nclass B: pass\no = A()\ndef f(x): return x if isinstance(o, B) else 2 * x",
                   "o = B()", "B = int"),
    "a class inside the function": (
        "K = 2.0\ndef f(x):\n    class A:\n        k = K\n        def m(self): return self.k * x * K\n"
                                    "    return A().m()", "K = 5.0"),
    "a decorated function": (
        "def dec(k):\n    def d(g):\n        def w(x): return k * g(x)\n        return w\n    return d\n"
                             "@dec(2.0)\ndef h(x): return x\ndef f(x): return h(x)",
                             "h.__closure__[1].cell_contents = 7.0"),
}  # fmt: skip
VALUES: dict[str, tuple[str, ...]] = {
    "is True": ("K = 1\ndef f(x): return x * 2 if K is True else x", "K = True", "K = 1", "K = False", "K = None"),
    "is not False": (
        "K = False\ndef f(x): return x * 2 if K is not False else x", "K = True", "K = 0", "K = np.False_"),
    "is None": ("K = None\ndef f(x): return x * 2 if K is None else x", "K = 0", "K = None", "K = []"),
    "a nan": ("K = float('nan')\ndef f(x): return x if K != K else 2 * x", "K = 1.0", "K = float('nan')"),
    "a text": ("K = 'a'\ndef f(x): return x * len(K)", "K = 'abc'"),
    "bytes": ("K = b'a'\ndef f(x): return x * K[0]", "K = b'z'"),
    "an index": ("T, I = [1.0, 2.0, 3.0], 0\ndef f(x): return T[I] * x", "I = 2", "I = -1", "I = True"),
    "a slice": ("T = [1.0, 2.0, 3.0]\ndef f(x): return sum(T[-2:]) * x", "T.append(9.0)", "T[:] = [1.0]"),
    "equal lists": ("T = [1.0, 2.0]\ndef f(x): return x if T == [1.0, 2.0] else 2 * x", "T[1] = 3.0", "T[1] = 2.0"),
    "equal arrays": ("T = np.ones(2)\ndef f(x): return x if np.array_equal(T, [1, 1]) else 2 * x",
                     "T[1] = 3.0", "T[1] = 1.0", "T = np.ones(3)"),
    "a list of arrays": ("T = [np.ones(2), np.ones(2)]\ndef f(x): return np.sum(sum(w * x for w in T))",
                         "T[0] = np.full(2, 5.0)", "T.append(np.ones(1))", "T[1] = 2.0"),
    "dict.get": ("T = {'a': 2.0}\ndef f(x): return T.get('b', 1.0) * x", "T['b'] = 5.0", "del T['b']"),
    "items in order": (
        "T = {'a': 2.0}\ndef f(x): return sum(v * x for k, v in sorted(T.items()))", "T['0'] = 5.0", "T['a'] = 9.0"),
    "a counter": (
        "import collections\nT = collections.Counter('aab')\ndef f(x): return T['a'] * x + T['z']", "T['a'] += 5",
        "T['z'] = 3"),
    "a chain of dicts": (
        "import collections\nA = {'k': 1.0}\nT = collections.ChainMap({}, A)\ndef f(x): return T['k'] * x",
                         "A['k'] = 4.0", "T['k'] = 9.0"),
    "a mapping proxy": (
        "import types\nA = {'k': 1.0}\nT = types.MappingProxyType(A)\ndef f(x): return T['k'] * x", "A['k'] = 4.0"),
    "an array of the standard library": (
        "import array\nT = array.array('d', [1.0, 2.0])\ndef f(x): return T[1] * x + len(T)",
                                         "T[1] = 4.0", "T.append(1.0)"),
    "a set": ("T = {1.0, 2.0}\ndef f(x): return sum(t * x for t in T) + x", "T.add(5.0)", "T.clear()"),
    "keywords": (
        "T = {'k': 2.0}\ndef h(x, k=1.0, j=0.0): return k * x + j\ndef f(x): return h(x, **T)", "T['j'] = 5.0",
        "del T['k']"),
    "positional arguments": (
        "T = [2.0]\ndef h(x, k=1.0, j=0.0): return k * x + j\ndef f(x): return h(x, *T)", "T.append(5.0)",
        "T.clear()"),
    "a default inside": ("K = 2.0\ndef f(x):\n    def g(y, k=K): return k * y\n    return g(x)", "K = 5.0"),
    "a condition": (
        "T = [1.0, -2.0, 3.0]\ndef f(x): return sum([t * x for t in T if t > 0])", "T[1] = 2.0", "T[0] = -1.0"),
}  # fmt: skip


@pytest.mark.parametrize("case", [*CLASSES.items(), *VALUES.items()], ids=lambda case: case[0])
def test_a_change_between_two_calls_is_seen(case: Any) -> None:
    first, *changes = case[1]
    made = module("import numpy as np\n" + first + "\n")
    derivative = value_and_grad(made.f)
    agrees(derivative, made.f, 3.0)
    for change in changes:
        run(made, change + "\n")
        agrees(derivative, made.f, 3.0)
        agrees(derivative, made.f, 3.0)


@pytest.mark.parametrize("flag", [True, False, None, 1, 0, 1.0])
def test_identity_of_an_argument_with_a_singleton(flag: Any) -> None:
    def f(x, flag):
        a = 2.0 if flag is True else 3.0
        b = 5.0 if flag is not False else 7.0
        c = 11.0 if flag is None else 13.0
        return a * b * c * x

    derivative = value_and_grad(f)
    for other in (flag, True, False, None, flag):
        agrees(derivative, f, 2.0, other)
