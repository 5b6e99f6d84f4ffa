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
from tests.oracles import agrees, module

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
