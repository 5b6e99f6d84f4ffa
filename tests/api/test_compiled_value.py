"""`compiled` runs the function alone: its value to the last bit, its effects once, and no adjoint."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import NotDifferentiable, S2sadError, compiled, grad
from tests.oracles import assert_identical, module

pytestmark = pytest.mark.sampled(1)  # all of them: each is of another kind of function
CONTROLS = ("auto", "record", "keep")


@dataclasses.dataclass
class State:
    """What a program takes and gives."""

    x: Any
    steps: int


def iterated(state, rate):
    x, taken = state.x, []
    for k in range(state.steps):
        x = x - rate * np.sin(x) / (k + 1)
        if np.sum(x) > 2.0:
            x = x * 0.5
        taken.append(np.sum(x))
    return State(x, state.steps + 1), {"last": taken[-1], "kind": x.dtype.name}, (x[0] > 0, None)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_value_and_no_adjoint(control: str, dtype: Any) -> None:
    made = compiled(iterated, control=control)
    for steps in (3, 20, 5, 3):
        state, rate = State(np.linspace(0.5, 1.5, steps).astype(dtype), steps), dtype(0.3)
        assert_identical(made(state, rate), iterated(state, rate))
    assert {path.kept is not None for path in made.paths} == {control == "keep"} or control == "auto"
    assert made.source.startswith("def iterated_compiled(") and "_bar" not in made.source and "adjoint" not in made.source
    assert sorted(made.stages(state, rate)) == ["adjoint", "code", "optimised"] and "np.sin" in made.wengert
    assert repr(made).startswith("<compiled code of iterated(state, rate), ")


def test_effects_happen_once_and_arguments_stay() -> None:
    text = "import numpy as np\nSEEN = []\ndef f(x, n):\n    SEEN.append(n)\n    x[0] = n\n    print(n)\n    return x if n > 1 else -x\n"
    made = module(text)
    f, x = compiled(made.f), np.arange(3.0)
    for n in (1, 2, 1, 2):
        value = f(x, n)
        assert_identical(value, np.array([n, 1.0, 2.0]) * (1.0 if n > 1 else -1.0))
        value[:] = 7.0
    assert made.SEEN == [1, 2, 1, 2]
    assert_identical(x, np.arange(3.0))


def test_arrays_of_the_result_are_its_own() -> None:
    f, x = compiled(lambda x: (x, x, x[1:])), np.arange(3.0)
    for _ in range(2):
        parts = f(x)
        assert not any(np.shares_memory(a, b) for i, a in enumerate((x, *parts)) for b in parts[i:])


def test_what_the_function_raises_and_calls_without_a_rule() -> None:
    def f(x):
        if x[0] < 0.0:
            raise ValueError("below")
        return np.ma.average(x), int(x[0]), {"top": np.argmax(x)}

    made = compiled(f)
    for x in (np.array([0.0, 7.0]), np.array([3.0, 0.5])):
        assert_identical(made(x), f(x))
    for _ in range(2):
        with pytest.raises(ValueError, match="below"):
            made(np.array([-1.0, 2.0]))
    assert made(np.array([3, 1]))[1] == 3 and made([2.0, 1.0])[1] == 2


class Decaying:
    """With a method that is compiled."""

    rate = 2.0

    @compiled(control="record")
    def at(self, t):
        """The value at a time."""
        self.rate = self.rate + 1.0
        return np.exp(-self.rate * t)


@compiled
def root(a, n):
    x = a
    for _ in range(n):
        x = 0.5 * (x + a / x)
    return x


def test_methods_pickles_and_derivatives_of_it() -> None:
    decaying = Decaying()
    assert [decaying.at(0.5), decaying.at(0.5)] == [np.exp(-1.5), np.exp(-2.0)] and decaying.rate == 4.0
    assert Decaying.at.__doc__ == "The value at a time." and pickle.loads(pickle.dumps(root)) is root
    assert grad(root)(2.0, 20) == grad(root.function)(2.0, 20) == pytest.approx(0.5 / np.sqrt(2.0))
    assert grad(lambda x: compiled(np.sin)(x) * s2sad.grad(root)(x, 5))(2.0) == pytest.approx(
        np.cos(2.0) * grad(root)(2.0, 5) + np.sin(2.0) * grad(grad(root))(2.0, 5))  # fmt: skip
    assert compiled(np.sin)(1.0) == np.sin(1.0) and compiled(lambda: 3)() == 3
    with pytest.raises(TypeError, match="3 is not callable"):
        compiled(3)
    with pytest.raises(ValueError, match="control is one of"):
        compiled(root, control="jit")


class Held:
    """An object that is made by a call."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def get(self):
        return self.x


def generated(x):
    yield x


@pytest.mark.parametrize("function", [
    lambda x: Held(x), lambda x: Held(1.0), lambda x: Held(x).get, generated, lambda x: iter([x]), lambda x: {1, 2}, lambda x: {x},
    lambda x: ValueError(x), lambda x: {x: 1.0}, lambda x: bytearray(b"a"), lambda x: [lambda: x],
], ids=range(11))  # fmt: skip
def test_a_result_that_holds_what_the_call_has_made(function: Any) -> None:
    for derived in (compiled(function), grad(lambda x: (x, function(x)), has_aux=True)):
        with pytest.raises(NotDifferentiable, match="the result holds a ") as caught:
            derived(2.0)
        assert caught.value.location is not None
    with pytest.raises(S2sadError):
        compiled(function, control="keep")(2.0)
