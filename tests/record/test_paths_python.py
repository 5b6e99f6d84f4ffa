"""What Python code does besides computing: imports relative to its package, debuggers, and being pickled."""

from __future__ import annotations

import functools
import importlib
import math
import pathlib
import pdb
import pickle
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import agrees, module, run

PACKAGE = {
    "__init__": "RATE = 2.0\n",
    "helpers": "def twice(x):\n    return 2.0 * x\n",
    "model": "def f(x):\n    from . import RATE, helpers\n    from .helpers import twice as double\n"
             "    for _ in range(3):\n        from .inner.deep import cube\n        x = cube(x)\n"
             "    return RATE * double(x) * helpers.twice(x)\n",
    "inner/__init__": "",
    "inner/deep": "from ..helpers import twice\n\ndef cube(x):\n    from ..helpers import twice\n    return twice(x) ** 3\n",
}  # fmt: skip


@pytest.fixture
def model(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module `model` of a package that is there for one test."""
    for name, text in PACKAGE.items():
        file = tmp_path / "parcel" / f"{name}.py"
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("parcel.model")
    for name in [n for n in sys.modules if n.partition(".")[0] == "parcel"]:
        del sys.modules[name]


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_relative_import_inside_the_function(model: Any, control: Any) -> None:
    derivative = value_and_grad(model.f, control=control)
    for x in (0.5, 0.75, 0.5):
        agrees(derivative, model.f, x)
    sys.modules["parcel"].RATE = 5.0  # type: ignore[attr-defined]
    agrees(derivative, model.f, 0.5)


def test_what_is_not_there_is_not_imported() -> None:
    made = module("def f(x):\n    from .nowhere import twice\n    return twice(x)\n")
    with pytest.raises((ImportError, ImportWarning)):
        value_and_grad(made.f)(1.0)


def scaled(k: float, x: float) -> float:
    return k * x * x


class Scaled:
    def __init__(self, k: float) -> None:
        self.k = k

    def __call__(self, x: float) -> float:
        return self.k * math.sin(x)


@pytest.mark.parametrize("function", [functools.partial(scaled, 3.0), Scaled(2.0), functools.partial(Scaled(2.0)), scaled])
def test_the_gradient_of_any_callable_is_pickled(function: Any) -> None:
    args = (1.5,) if function is not scaled else (2.0, 1.5)
    derivative = grad(function)
    derivative(*args)
    restored = pickle.loads(pickle.dumps(derivative))
    assert restored(*args) == derivative(*args)
    assert pickle.loads(pickle.dumps(grad(grad(function))))(*args) == grad(grad(function))(*args)


STOPS = """
import pdb
def helper(y):
    {}
    return y * y

def f(x):
    return helper(2.0 * x)
"""


@pytest.mark.parametrize("call", ["breakpoint()", "pdb.set_trace()", "from pdb import set_trace; set_trace()"])
def test_a_debugger_stops_in_the_users_frame(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def stop(*args: Any, **kwargs: Any) -> None:
        frame = sys._getframe(1)
        seen.append((frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno, frame.f_locals["y"]))

    monkeypatch.setattr(sys, "breakpointhook", stop)
    monkeypatch.setattr(pdb, "set_trace", stop)
    made = module(STOPS.format(call))
    made.f(1.0)
    plain = seen.pop()
    derivative = value_and_grad(made.f)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in (1.5, 1.5, 2.0):
            assert derivative(x) == (4.0 * x * x, 8.0 * x)
            *place, y = seen.pop()
            assert (*place, y.value) == (*plain[:3], 2.0 * x)
            assert not seen
    tape.gradient(made.f, (1.0,))
    assert seen.pop()[:3] == plain[:3]
    with pytest.raises(CannotKeep, match="a debugger is started"):
        value_and_grad(made.f, control="keep")(1.0)
    assert np.isfinite(value_and_grad(made.f, control="auto")(1.0)[0])


def test_a_function_of_that_name_is_followed() -> None:
    made = module("def breakpoint(x):\n    return x * x\ndef f(x):\n    return breakpoint(x) * x\n")
    assert agrees(value_and_grad(made.f), made.f, 2.0) == 12.0


MAPPING = """
from collections.abc import Mapping
class D(Mapping):
    def __init__(s, d): s.d = d
    def __getitem__(s, k): return s.d[k]
    def __iter__(s): return iter(s.d)
    def __len__(s): return len(s.d)
m = D({'a': 2.0})
def f(x): return m.get('a', 1.0) * x * sum(m.values()) * sum(dict(m).values())
"""
CHANGES: dict[str, tuple[str, ...]] = {
    "a copied object": (
        "import copy\nclass P: pass\np = P(); p.k = 2.0; p.l = [1.0]\n"
        "def f(x):\n    q = copy.deepcopy(p); q.k = q.k * x; q.l.append(x)\n    return q.k * sum(q.l) * len(vars(q))",
        "p.k = 3.0", "p.l.append(5.0)", "p.m = 1.0", "del p.m\np.l = [2.0]",
        "P.__copy__ = lambda s: s", "P.__deepcopy__ = lambda s, memo: type('R', (), {'k': 7.0, 'l': [1.0]})()"),
    "a copied dict": (
        "import copy\nC = {'a': {'b': [1.0, 2.0]}}\n"
        "def f(x):\n    c = copy.deepcopy(C); c['a']['b'][0] = x\n    return sum(c['a']['b']) * x",
        "C['a']['b'].append(3.0)", "C['a']['b'][1] = 9.0", "C['a'] = {'b': [5.0]}"),
    "a dispatching function": (
        "import functools\n@functools.singledispatch\ndef g(v): return v * 2.0\ndef f(x): return g(x) * x",
        "@g.register(float)\ndef _(v): return v * v", "g.register(float, lambda v: v * 7.0)"),
    "a comparison": (
        "import functools\nK = functools.cmp_to_key(lambda a, b: -1 if a < b else 1)\n"
        "def f(x): return sorted([x, 2 * x], key=K)[0] * x", "K = functools.cmp_to_key(lambda a, b: 1 if a < b else -1)"),
    "a metaclass": (
        "class M(type):\n    def __call__(c, *a):\n        o = super().__call__(*a); o.k = o.k * 2; return o\n"
        "    def __len__(c): return 2\nclass A(metaclass=M):\n    def __init__(s, k): s.k = k\n"
        "def f(x): return A(x).k * x * len(A)",
        "M.__len__ = lambda c: 5", "M.__call__ = lambda c, *a: type.__call__(c, *a)",
        "A.__init__ = lambda s, k: setattr(s, 'k', 3 * k)"),
    "a mapping": (MAPPING, "m.d['b'] = 3.0", "del m.d['a']", "m.d = {'a': 9.0}", "D.__getitem__ = lambda s, k: 4.0",
                  "D.get = lambda s, k, d=None: 11.0"),
    "a descriptor": (
        "class D:\n    def __get__(s, o, t=None): return 2.0\n    def __set__(s, o, v): o.__dict__['z'] = v\n"
        "class A:\n    v = D()\ndef f(x):\n    a = A(); a.v = x\n    return a.z * a.v",
        "D.__set__ = lambda s, o, v: o.__dict__.__setitem__('z', v * 5)", "del A.v\nA.z = 1.0"),
    "how attributes are set": (
        "class A: pass\ndef f(x):\n    a = A(); a.v = x\n    return a.v * x",
        "A.__setattr__ = lambda s, n, v: object.__setattr__(s, n, v * 3)", "A.v = property(lambda s: 7.0, lambda s, v: None)"),
    "what native code calls": (
        "class A:\n    def __init__(s, k): s.k = k * K\nclass B:\n    def __call__(s, k): return k * K\nK, b = 2.0, B()\n"
        "def f(x): return sum(a.k for a in map(A, [x, x])) + sum(map(b, [x]))",
        "K = 3.0", "A.__init__ = lambda s, k: setattr(s, 'k', k * 9.0)", "B.__call__ = lambda s, k: k * 9.0"),
    "a member of an enum": (
        "import enum\nclass E(enum.IntEnum):\n    A = 1\n    B = 2\nV = E.A\ndef f(x): return x ** V * V", "V = E.B", "V = 2", "V = 2.5"),
    "the attributes of an object": (
        "import types\nn = types.SimpleNamespace(a=1.0)\ndef f(x): return sum(vars(n).values()) * x", "n.b = 2.0", "n.a = 5.0", "del n.a"),
}  # fmt: skip


@pytest.mark.parametrize("control", ["record", "auto"])
@pytest.mark.parametrize("case", CHANGES.items(), ids=lambda case: case[0])
def test_a_change_between_two_calls_is_seen(case: Any, control: Any) -> None:
    first, *changes = case[1]
    made = module(f"import numpy as np\n{first}\n")
    derivative = value_and_grad(made.f, control=control)
    agrees(derivative, made.f, 3.0)
    for change in changes:
        run(made, change + "\n")
        for x in (3.0, 0.5, 3.0):
            agrees(derivative, made.f, x)


def test_the_rest_of_a_mapping_holds_what_the_pattern_does_not_name() -> None:
    def f(p: Any) -> Any:
        match p:
            case {"scale": scale, **rest}:
                return scale * sum(rest.values()) * len(rest)
        return 0.0

    assert value_and_grad(f)({"scale": 2.0, "a": 3.0, "b": 5.0}) == (32.0, {"scale": 16.0, "a": 4.0, "b": 4.0})
