"""The answer never depends on what was compiled before: what was missing appears, what was found is replaced or deleted.

Each case is a module, then statements run in it one after another; the function is compiled at each of these states.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.errors import UnsupportedMutation
from tests.oracles import agrees, module, run

IMPORTS = "import abc, collections, enum, functools, operator, types, typing\nimport numpy as np\n"
GUARDED = "def f(x):\n    try:\n        return {} * x\n    except Exception:\n        return x * x\n"

SUPER: dict[str, tuple[str, ...]] = {
    "a method behind super() is replaced": (
        "class B:\n    def h(self): return 2.0\nclass A(B):\n    def h(self): return super().h()\nE = 'A().h()'",
        "B.h = lambda self: 5.0", "B.h = property(lambda self: lambda: 4.0)", "del B.h"),
    "a class between gains a method": (
        "class C:\n    def h(self): return 2.0\nclass B(C): pass\nclass A(B):\n    def h(self): return super().h()\na = A()\n"
        "E = 'a.h()'", "B.h = lambda self: 5.0", "B.h = lambda self: 6.0", "del B.h", "del C.h"),
    "a class method behind super()": (
        "class C:\n    @classmethod\n    def h(cls): return 2.0\nclass B(C): pass\nclass A(B):\n    @classmethod\n"
        "    def h(cls): return super().h() * 2\nE = 'A.h()'",
        "B.h = classmethod(lambda cls: 5.0)", "B.h = staticmethod(lambda: 6.0)", "del B.h", "del C.h"),
    "class data behind super()": (
        "class B: k = 2.0\nclass A(B):\n    def h(self): return super().k\nE = 'A().h()'",
        "B.k = 5", "del B.k", "B.k = np.float64(3.0)"),
    "the bases change": (
        "class B:\n    def h(self): return 5.0\nclass C:\n    def h(self): return 2.0\nclass A(B):\n"
        "    def h(self): return super().h()\nE = 'A().h()'", "A.__bases__ = (C,)", "A.__bases__ = (B,)"),
}  # fmt: skip
METHODS: dict[str, tuple[str, ...]] = {
    "__bool__ comes before __len__": (
        "class A: pass\na = A()\ndef f(x): return x if a else x * x",
        "A.__len__ = lambda self: 0", "A.__bool__ = lambda self: True", "del A.__bool__"),
    "a subclass gains a reflected method": (
        "class A:\n    def __add__(self, other): return 2.0\nclass B(A): pass\na, b = A(), B()\nE = '(a + b)'",
        "B.__radd__ = lambda self, other: 5.0", "del B.__radd__"),
    "an operation of an own object": (
        "class A: pass\nE = '(A() + 1.0)'", "A.__add__ = lambda self, other: 5.0", "del A.__add__"),
    "the truth of an own object": (
        "class A: pass\ndef f(x): return x if A() else x * x", "A.__bool__ = lambda self: False", "del A.__bool__",
        "A.__len__ = lambda self: 0"),
    "the comparison of own objects": (
        "class A: pass\ndef f(x): return x if A() == A() else x * x", "A.__eq__ = lambda self, other: True", "del A.__eq__"),
    "__getattribute__ comes before a method": (
        "class A:\n    def m(self): return 2.0\na = A()\nE = 'a.m()'",
        "A.__getattribute__ = lambda self, name: lambda: 5.0", "del A.__getattribute__"),
}  # fmt: skip
KINDS: dict[str, tuple[str, ...]] = {
    "a class is registered": (
        "class B(abc.ABC): pass\nclass A: pass\na = A()\ndef f(x): return x if isinstance(a, B) else x * x", "B.register(A)"),
    "the class of an own object is registered": (
        "class B(abc.ABC): pass\nclass A: pass\ndef f(x): return x if isinstance(A(), (int, B)) else x * x", "B.register(A)"),
    "a subclass is registered": (
        "class B(abc.ABC): pass\nclass A: pass\ndef f(x): return x if issubclass(A, B) else x * x", "B.register(A)"),
    "the bases of an instance change": (
        "class B: pass\nclass C: pass\nclass A(B): pass\na = A()\ndef f(x): return x if isinstance(a, C | int) else x * x",
        "A.__bases__ = (C,)", "A.__bases__ = (B,)"),
    "a metaclass answers": (
        "K = True\nclass M(type):\n    def __instancecheck__(cls, value): return K\nclass B(metaclass=M): pass\nclass A: pass\n"
        "a = A()\ndef f(x): return x if isinstance(a, B) else x * x",
        "K = False", "M.__instancecheck__ = lambda cls, value: True", "del M.__instancecheck__"),
    "a protocol is fulfilled": (
        "@typing.runtime_checkable\nclass P(typing.Protocol):\n    def m(self): ...\nclass A: pass\na = A()\n"
        "def f(x): return x if isinstance(a, P) else x * x", "A.m = lambda self: 1", "del A.m", "a.m = lambda: 1"),
    "an object becomes callable": (
        "class A: pass\ndef f(x): return x if callable(A()) else x * x", "A.__call__ = lambda self: 1", "del A.__call__"),
}  # fmt: skip
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "a slot": ("class Q:\n    __slots__ = ('k',)\nq = Q()\nE = 'q.k'", "q.k = 5.0", "q.k = 6.0", "del q.k"),
    "a slot with a default": (
        "class Q:\n    __slots__ = ('k',)\nq = Q()\ndef f(x): return getattr(q, 'k', 2.5) * x", "q.k = 5.0", "del q.k"),
    "an attribute of an enum member": (
        "class Q(enum.Enum):\n    A = 1\nE = 'Q.A.k'", "Q.k = 5.0", "del Q.k", "Q.A.k = 4.0", "Q.A.k = 6.0", "del Q.A.k"),
    "an empty cell": (
        "def make():\n    k = 1.0\n    def read(): return k\n    def write(v):\n        nonlocal k\n        k = v\n"
        "    def clear():\n        nonlocal k\n        del k\n    return read, write, clear\nread, write, clear = make()\n"
        "clear()\nE = 'read()'", "write(5.0)", "write((1,))", "write(6.0)", "clear()"),
    "the name of a function": ("def q(): pass\nE = 'len(q.__name__)'", "q.__name__ = 'abc'", "q.__name__ = 'ab'"),
    "the text of a function": ("def q(): pass\nE = 'len(q.__doc__)'", "q.__doc__ = 'abc'", "q.__doc__ = None"),
    "defaults of a function": ("def q(a=1.0): pass\nE = 'q.__defaults__[0]'", "q.__defaults__ = (5.0,)", "q.__defaults__ = None"),
    "the dictionary of a function": ("def q(): pass\nE = \"q.__dict__['k']\"", "q.k = 5.0", "q.k = 6.0", "del q.k"),
    "the dictionary of a class": ("class Q: pass\nE = \"Q.__dict__.get('k', 2.0)\"", "Q.k = 5.0", "Q.k = 6.0", "del Q.k"),
    "a name between underscores": ("class Q: pass\nE = 'Q.__k__'", "Q.__k__ = 5.0", "Q.__k__ = 6.0", "del Q.__k__"),
    "a function of a class between underscores": (
        "class Q:\n    def __init__(self): self.k = 2.0\nclass R(Q):\n    def __init__(self): Q.__init__(self)\nE = 'R().k'",
        "def change(self): self.k = 5.0\nQ.__init__ = change"),
    "the name of a class": ("class Q: pass\nE = 'len(Q.__name__)'", "Q.__name__ = 'abc'"),
    "the order of the bases": ("class A: pass\nclass B(A): pass\nclass Q(A): pass\nE = 'len(Q.__mro__)'", "Q.__bases__ = (B,)"),
    "a property over an attribute of an own object": (
        "class Q:\n    def __init__(self): self.__dict__['k'] = 2.0\nE = 'Q().k'", "Q.k = property(lambda self: 5.0)", "del Q.k"),
    "attributes that a pattern matches": (
        "class Q:\n    __match_args__ = ('a',)\n    a, b = 2.0, 7.0\nq = Q()\ndef f(x):\n    match q:\n"
        "        case Q(k): return k * x\n", "Q.__match_args__ = ('b',)", "Q.__match_args__ = ('a',)"),
}  # fmt: skip
EQUAL = "K = 1\nclass A:\n    def __init__(self, v): self.v = v\n    def __eq__(self, other): return self.v == K\n"
HASH = ("K = 1\nclass A:\n    def __init__(self, v): self.v = v\n    def __hash__(self): return 1\n"
        "    def __eq__(self, other): return self.v + other.v == K\np, q = A(1), A(2)\n")  # fmt: skip
OWN = "K = 1\nclass A:\n    def __init__(self, v): self.v = v\n"
CONTAINERS: dict[str, tuple[str, ...]] = {
    "list.index": (EQUAL + "E = '([A(1), A(2)].index(0) + 1)'", "K = 2", "K = 3"),
    "list.count": (EQUAL + "E = '([A(1), A(2), A(2)].count(0) + 1)'", "K = 2", "K = 3"),
    "list.remove": (EQUAL + "def f(x):\n    q = [A(1), A(2)]\n    q.remove(0)\n    return q[0].v * x\n", "K = 2"),
    "in a list": (EQUAL + "def f(x): return x if 0 in [A(1), A(2)] else x * x", "K = 2", "K = 3"),
    "in a list from outside": (EQUAL + "q = [A(1), A(2)]\ndef f(x): return x if 0 in q else x * x", "K = 2", "K = 3"),
    "the comparison of tuples": (EQUAL + "def f(x): return x if (A(1), 2) == (3, 2) else x * x", "K = 2"),
    "the order of tuples": (EQUAL + "    def __lt__(self, other): return K > 2\n"
                            "def f(x): return x if (A(1), 2) < (A(2), 1) else x * x", "K = 3", "K = 4"),
    "dict.get": (HASH + "d = {p: 5.0}\ndef f(x): return d.get(q, 2.0) * x", "K = 3", "K = 4"),
    "an item of a dict": (HASH + "d = {p: 5.0}\nE = 'd[q]'", "K = 3", "K = 4"),
    "an item of an own dict": (HASH + "E = '{A(1): 5.0}[A(2)]'", "K = 3", "K = 4"),
    "an assignment to an item": (HASH + "def f(x):\n    d = {p: 5.0}\n    d[q] = 2.0\n    return sum(d.values()) * x", "K = 3", "K = 4"),
    "in a set": (HASH + "s = {p}\ndef f(x): return x if q in s else x * x", "K = 3", "K = 4"),
    "in an own set": (HASH + "def f(x): return x if (A(2), 1) in {(A(1), 1)} else x * x", "K = 3", "K = 4"),
    "functools.reduce": (OWN + "    def __add__(self, other): return A(self.v + other.v * K)\n"
                         "E = 'functools.reduce(operator.add, [A(1), A(2)]).v'", "K = 2", "A.__add__ = lambda self, other: A(7)"),
    "functions of operators": (
        OWN + "    def __eq__(self, other): return self.v == K\n    def __contains__(self, item): return K\n"
        "    def __getitem__(self, index): return K + 1.0\n    def __bool__(self): return K == 1\n    def __neg__(self): return K\n"
        "def f(x): return x * (operator.eq(A(1), 0) + operator.contains(A(1), 0) + operator.getitem(A(1), 0) + operator.neg(A(1))\n"
        "                      + operator.truth(A(1)) + operator.not_(A(1)))\n", "K = 2", "K = 0", "A.__neg__ = lambda self: 9.0"),
    "getters": (OWN + "    k = 2.0\n    def m(self, a, b=1.0): return K * a * b\n    def __getitem__(self, index): return K + index\n"
                "def f(x): return x * (operator.attrgetter('k')(A(1)) + operator.methodcaller('m', 3.0, b=2.0)(A(1))\n"
                "                      + operator.itemgetter(4)(A(1))\n"
                "                      + sum(map(operator.attrgetter('k', '__class__.k'), [A(2)]), ())[1])\n",
                "K = 2", "A.k = 5.0", "A.m = lambda self, a, b: a", "A.k = property(lambda self: 3.0)"),
    "an index": ("class A: pass\na, q = A(), [1.0, 2.0, 3.0]\nE = 'q[a]'", "A.__index__ = lambda self: 1", "A.__index__ = lambda self: 2",
                 "del A.__index__"),
    "an item of a class": ("class A: pass\nE = 'A[1]'", "A.__class_getitem__ = classmethod(lambda cls, i: 5.0 + i)",
                           "del A.__class_getitem__"),
}  # fmt: skip
CONSTRUCTION: dict[str, tuple[str, ...]] = {
    "a metaclass makes the instances": (
        "class M(type): pass\nclass A(metaclass=M):\n    def __init__(self, k): self.k = k\nE = 'A(2.0).k'",
        "M.__call__ = lambda cls, k: types.SimpleNamespace(k=7.0 * k)", "del M.__call__"),
    "__post_init__ that no one calls": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    k: float = 2.0\nE = 'A().k'", "A.__post_init__ = lambda self: 1 / 0"),
    "__init__ of a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    k: float = 2.0\nE = 'A().k'",
        "def change(self): self.k = 5.0\nA.__init__ = change"),
    "__setattr__": (
        "class A: pass\ndef f(x):\n    a = A()\n    a.k = 2.0\n    return a.k * x\n",
        "A.__setattr__ = lambda self, n, v: object.__setattr__(self, n, 5 * v)", "del A.__setattr__",
        "A.k = property(lambda self: 7.0, lambda self, v: None)", "del A.k"),
    "a cached property of an own object": (
        "class A:\n    @functools.cached_property\n    def k(self): return 2.0\nE = 'A().k'", "A.k = 5.0"),
    "the text of a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    k: float = 2.0\na = A()\nE = 'len(repr(a) + str(A()))'",
        "a.k = 5000.0", "A.__repr__ = lambda self: 'A'", "A.__str__ = lambda self: 'AA'"),
    "a field of an own namedtuple": (
        "A = collections.namedtuple('A', 'k')\nE = 'A(2.0).k'", "A.k = property(lambda self: 5.0)"),
    "a missing key of an own dict": (
        "K = 2.0\nclass A(dict): pass\nE = \"A()['k']\"", "A.__missing__ = lambda self, key: K", "K = 3.0", "del A.__missing__"),
    "iteration by __getitem__": (
        "K = 2.0\nclass A:\n    def __getitem__(self, i): return [K, K][i]\n"
        "def f(x): return sum(v * x for v in A()) + x * sum(list(A()))", "K = 3.0", "A.__iter__ = lambda self: iter([1.0])"),
    "a number by __float__": (
        "import math\nK = 4.0\nclass A:\n    def __float__(self): return K\ndef f(x): return math.sqrt(A()) * x", "K = 9.0"),
    "a slot behind __getattr__": (
        "class A:\n    __slots__ = ('k',)\n    def __getattr__(self, name): return 2.0\na = A()\nE = 'a.k'", "a.k = 7.0", "del a.k",
        "A.__getattr__ = lambda self, name: 5.0"),
    "__getattribute__ that asks the object": (
        "class A:\n    k = 2.0\n    def __getattribute__(self, name): return object.__getattribute__(self, name)\na = A()\nE = 'a.k'",
        "a.k = 4.0", "A.__getattribute__ = lambda self, name: 8.0", "del A.__getattribute__"),
    "a dataclass copied": (
        "import dataclasses\n@dataclasses.dataclass\nclass A:\n    k: float\n    j: float = 1.0\na = A(2.0)\n"
        "def f(x): return dataclasses.replace(a, j=x).k * x + sum(dataclasses.asdict(a).values()) * x", "a.k = 5.0"),
    "an attribute of a module of the library": (
        "import json\ndef f(x): return getattr(json, 'made_by_a_test', 2.0) * x", "json.made_by_a_test = 5.0",
        "del json.made_by_a_test"),
}  # fmt: skip


def outcome(call: Callable[..., Any]) -> Any:
    """The exception that a call raises, by class and text; None where it raises none."""
    try:
        call(3.0)
    except Exception as error:
        return type(error), str(error)
    return None


CASES = SUPER | METHODS | KINDS | ATTRIBUTES | CONTAINERS | CONSTRUCTION


@pytest.mark.filterwarnings("ignore::s2sad.errors.SlowPathWarning")  # of keys whose hash is not what it was when they were stored
@pytest.mark.parametrize("name", CASES)
def test_a_path_holds_while_what_it_asked_is_so(name: str) -> None:
    first, *changes = CASES[name]
    for start in range(len(changes) + 1):
        made = module(IMPORTS + first + "\n")
        if "E" in made.__dict__:
            run(made, GUARDED.format(made.E))
        for change in changes[:start]:
            run(made, change + "\n")
        derivative = value_and_grad(made.f)
        for change in ("", *changes[start:], *changes[:start]):
            try:
                run(made, change + "\n")
            except AttributeError:
                continue  # deleted twice
            for _ in range(2):
                if (wanted := outcome(made.f)) is None:
                    agrees(derivative, made.f, 3.0)
                else:
                    assert outcome(derivative) == wanted


WORLD: dict[str, tuple[str, str, str]] = {
    "an attribute of a module": ("Q = types.ModuleType('Q')\nQ.k = 5.0", "Q.k", "del Q.k"),
    "an attribute of a class": ("class Q: k = 5.0", "Q.k", "del Q.k"),
    "an attribute of a function": ("def Q(): pass\nQ.k = 5.0", "Q.k", "del Q.k"),
    "an attribute of an object": ("Q = types.SimpleNamespace(k=5.0)", "Q.k", "del Q.k"),
    "an attribute appears": ("class Q: pass", "Q.k", "Q.k = 5.0"),
    "a global": ("K = 5.0", "K", "del NAMES['K']"),
    "a global appears": ("", "K", "NAMES['K'] = 5.0"),
    "an item of a list": ("Q = [5.0]", "Q[0]", "Q.clear()"),
    "an item of a long list": ("Q = [5.0] * 300", "Q[299]", "Q.pop()"),
    "a key": ("Q = {'k': 5.0}", "Q['k']", "Q.clear()"),
    "an item of a list in a dict": ("Q = {'k': [5.0]}", "Q['k'][0]", "Q['k'].clear()"),
    "a key of a dict of another class": ("Q = collections.OrderedDict(k=5.0)", "Q['k']", "Q.clear()"),
    "a key that a dict makes": ("Q = collections.defaultdict(lambda: 2.0)", "(len(Q) + 1) * Q['k']", "pass"),
    "an item of a deque": ("Q = collections.deque([5.0])", "Q[0]", "Q.clear()"),
}


def with_effect(setup: str, body: str, change: str, at: int) -> Any:
    """A module with a function `effect()` that runs as it is; it runs `change` the `at`-th time, and gives 1 and -1 in turn."""
    made = module(IMPORTS + f"{setup}\nCALLS = [0]\ndef f(x):\n{body}")
    made.NAMES = made.__dict__
    text = f"def effect():\n    CALLS[0] += 1\n    if CALLS[0] == {at}:\n        {change}\n    return -((-1) ** CALLS[0])\n"
    exec(text, made.__dict__)  # without a source
    return made


@pytest.mark.parametrize("again", ["", "    try:\n        k = k * x + {}\n    except Exception:\n        k = k * x\n"])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("name", WORLD)
def test_what_an_effect_changes(name: str, at: int, again: str) -> None:
    """What was read before an effect stays what it was, also where the path is left after it; what is read after it is new."""
    setup, read, change = WORLD[name]
    body = f"    try:\n        k = {read}\n    except Exception:\n        k = x\n    r = effect()\n{again.format(read)}"
    made, twin = (with_effect(setup, f"{body}    return k * x * (3.0 if r > 0 else 4.0 * x)\n", change, at) for _ in range(2))
    derivative = value_and_grad(made.f)
    for _ in range(5):
        try:
            assert derivative(3.0)[0] == twin.f(3.0)
        except UnsupportedMutation as error:
            assert "had asked about before" in str(error)
            return
        assert made.CALLS == twin.CALLS


@pytest.mark.parametrize("change", ["NAMES['g'] = lambda: 2.0", "g.__code__ = (lambda: 2.0).__code__", "del NAMES['g']"])
def test_an_effect_that_replaces_code_is_refused_where_the_path_is_left_after_it(change: str) -> None:
    body = "    k = g()\n    return k * x * (3.0 if effect() > 0 else 4.0 * x)\n"
    made = with_effect("def g(): return 5.0", body, change, 2)
    derivative = value_and_grad(made.f)
    assert derivative(3.0)[0] == 45.0
    with pytest.raises(UnsupportedMutation, match="had asked about before") as raised:
        derivative(3.0)
    assert raised.value.location is not None and "effect()" in raised.value.location.text()
