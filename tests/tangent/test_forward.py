"""Tangents stand next to their values: over lists and regions, with writes, containers and rules that state none; of any order."""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad import grad, jvp, linearize, tape
from s2sad.api.forward import Jvp, Linearized
from s2sad.ir.program import last_phase
from s2sad.runtime.same import same_key
from s2sad.settings import Settings
from tests.oracles import assert_close

CONTROLS = pytest.mark.parametrize("control", ["record", "keep"])
X, V = np.array([0.3, -1.2, 0.7]), np.array([1.0, 0.5, -2.0])


def tangent(f: Any, primals: tuple[Any, ...], tangents: tuple[Any, ...], control: str) -> Any:
    value, found = Jvp(f, False, Settings(control=control, verify=True))(primals, tangents)
    assert np.array_equal(value, f(*primals))
    return found


def source(f: Any, primals: tuple[Any, ...], tangents: tuple[Any, ...], control: str) -> str:
    made = Jvp(f, False, Settings(control=control, verify=True))
    made(primals, tangents)
    return made.source


def along(f: Any, primals: tuple[Any, ...], tangents: tuple[Any, ...], step: float = 1e-6) -> Any:
    """The central difference."""

    def at(h: float) -> Any:
        return f(*(x if t is None else x + h * t for x, t in zip(primals, tangents, strict=True)))

    return (at(step) - at(-step)) / (2 * step)


def straight(x, w):
    a = x * math.sin(w)
    return a / (x + w)


def written(x):
    z = np.zeros(4)
    z[1:] = x * x
    z[0] = x[1]
    z += np.sin(z)
    view = z[:2]
    view *= 3.0
    return z


def without_a_stated_tangent(x):
    a = np.outer(x, x) + 3.0 * np.eye(3)
    return np.linalg.solve(a, x) + np.cumprod(x) + np.sort(x) * np.linalg.det(a) + np.linalg.eigvalsh(a + np.diag(x))


def loop(x):
    y, s = np.zeros(8), 0.0
    for i in range(8):
        s = s * x[i % 3] + np.sin(s + x[0])
        if s > 0.4:
            s = s - x[1] * i
        elif s < -2.0:
            break
        y[i] = s
    return y


def waits(x):
    found, t = [], x
    while np.sum(t * t) < 100.0:
        t = t * 1.5
        found.append(np.sum(t) * t[0])
    return np.array(found)


def sizes(x):
    total = 0.0
    for n in range(1, 4):
        part = x[:n] if n % 2 else x[n - 1 :]
        total = total + np.prod(part) * np.max(part)
    return total


def late(x):
    for i in range(4):
        if i == 2:
            kept = np.exp(x)
    return kept * x


@CONTROLS
@pytest.mark.parametrize("f", [written, without_a_stated_tangent, loop, waits, sizes, late], ids=lambda f: f.__name__)
def test_tangents_are_those_of_differences_and_of_the_transpose(f: Any, control: str) -> None:
    found = tangent(f, (X,), (V,), control)
    assert_close(found, along(f, (X,), (V,)), 1e-6)
    value, pullback = s2sad.vjp(f, X, control=control)
    w = np.cos(np.arange(np.size(value)) + 1.0).reshape(np.shape(value))[()]
    assert_close(np.sum(found * w), np.sum(pullback(w)[0] * V), 1e-12)


def test_the_code_has_each_tangent_next_to_its_value() -> None:
    text = source(straight, (2.0, 1.0), (1.0, 0.5), "record")
    assert re.sub(r"test_forward.py:\d\d", "f", text) == textwrap.dedent("""\
        def straight_jvp(x, w, x_dot, w_dot):
            # f  a = x * math.sin(w)
            sin_w = math.sin(w)
            a = x * sin_w
            a_dot = x_dot * sin_w + w_dot * math.cos(w) * x
            # f  return a / (x + w)
            x_plus_w = x + w
            t1 = a / x_plus_w
            return t1, a_dot / x_plus_w - t1 * ((x_dot + w_dot) / x_plus_w)
    """)


def test_what_does_not_change_costs_nothing() -> None:
    text = source(straight, (2.0, 1.0), (1.0, None), "record")
    assert "w_dot" not in text.partition("\n")[2] and "cos" not in text
    with_matrix = source(lambda a, x: np.tanh(a @ x), (np.eye(3), X), (None, V), "record")
    assert "a_dot" not in with_matrix.partition("\n")[2] and "a @ x_dot" in with_matrix


def test_no_stack_is_saved_and_loops_stay_loops() -> None:
    text = source(loop, (X,), (V,), "keep")
    assert "saved" not in text and text.count("for ") == 1 and "s_dot" in text


def cube(x):
    return x * x * x


@CONTROLS
def test_compositions_of_any_order(control: str) -> None:
    def forward(f: Any, x: float) -> Any:
        return jvp(f, (x,), (1.0,), control=control)[1]

    orders = [lambda x: forward(lambda y: forward(cube, y), x), lambda x: forward(grad(cube), x),
              lambda x: grad(lambda y: forward(cube, y))(x), grad(grad(cube))]  # fmt: skip
    assert [order(2.0) for order in orders] == [12.0] * 4
    assert forward(lambda x: forward(lambda y: grad(cube)(y), x), 2.0) == 6.0


def test_perturbations_are_not_confused() -> None:
    """The inner derivative is by y alone: d/dx (x * d/dy (x + y)) is 1, not 2."""
    assert jvp(lambda x: x * jvp(lambda y: x + y, (x,), (1.0,))[1], (3.0,), (1.0,)) == (3.0, 1.0)
    assert jvp(lambda x: x * grad(lambda y: x * y)(x), (3.0,), (1.0,)) == (9.0, 6.0)
    assert grad(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1])(3.0) == 6.0


@CONTROLS
def test_second_order_through_loops(control: str) -> None:
    def slope(x: Any) -> Any:
        return np.sum(jvp(loop, (x,), (V,), control=control)[1] ** 2)

    def by_tape(x: Any) -> Any:
        return tape.gradient(lambda z: np.sum(loop(z) * np.arange(8.0)), (x,))[1]

    assert_close(grad(slope, control=control)(X) @ V, along(slope, (X,), (V,)), 1e-6)
    found = tangent(grad(lambda z: np.sum(loop(z) * np.arange(8.0)), control=control), (X,), (V,), control)
    assert_close(found, along(by_tape, (X,), (V,)), 1e-6)


@dataclass
class State:
    mass: float
    place: np.ndarray


def test_containers_go_in_and_out() -> None:
    def f(state: State, options: dict[str, Any]) -> Any:
        return {"e": state.mass * np.sum(state.place**2) * options["scale"], "n": 3, "of": [state.place * 2.0, "text"]}

    primals = State(2.0, X), {"scale": 1.5, "title": "t", "steps": 4}
    value, found = jvp(f, primals, (State(1.0, V), {"scale": 0.0, "title": None, "steps": None}))
    assert_close(found["e"], 1.5 * (X @ X + 4.0 * (X @ V)), 1e-14)
    assert same_key(found["n"]) == same_key(0.0) and found["of"][1] is None and np.array_equal(found["of"][0], 2.0 * V)
    assert value["n"] == 3


@CONTROLS
def test_whole_numbers_in_a_value_have_zeros_of_floats(control: str) -> None:
    def f(x: Any, n: Any) -> Any:
        return {"y": x * n, "n": n + 1, "a": np.arange(len(x)), "i": np.int32(4), "no": ("t", n > 1, np.ones(2, bool), None)}

    def looked_at(found: Any) -> None:
        assert same_key(found["n"]) == same_key(0.0) == same_key(found["i"]) and found["no"] == (None,) * 4
        assert found["a"].dtype == np.float64 and found["a"].tolist() == [0.0] * len(X)

    looked_at(jvp(f, (X, 3), (V, None), control=control)[1])
    looked_at(linearize(f, X, 3, control=control)[1](V, None))
    looked_at(jvp(lambda x: jvp(f, (x, 3), (V, None))[1], (X,), (V,), control=control)[1])
    looked_at(tape.tangent(f, (X, 3), (V, None))[1])
    updated = s2sad.tree.map(lambda y, dot: y if dot is None else y + 0.1 * dot, *jvp(f, (X, 3), (V, None), control=control))
    assert updated["n"] == 4.0
    assert jvp(lambda x: len(x), (X,), (V,), control=control) == (len(X), 0.0)


def test_dtypes_are_those_of_the_values() -> None:
    x = X.astype(np.float32)
    value, found = jvp(lambda x: np.sin(x) * 2.0, (x,), (V,))
    assert value.dtype == found.dtype == np.float32
    _, found = jvp(lambda x: np.exp(1j * x) * np.abs(x + 2j), (X,), (V,))
    assert_close(found, along(lambda x: np.exp(1j * x) * np.abs(x + 2j), (X,), (V,)), 1e-6)
    _, found = jvp(lambda z: np.abs(z) * np.conj(z), (X + 1j,), (V * (1 - 2j),))
    assert_close(found, along(lambda z: np.abs(z) * np.conj(z), (X + 1j,), (V * (1 - 2j),)), 1e-6)
    assert jvp(lambda n: n * n, (3,), (1,)) == (9.0, 6.0)


def test_aux_is_handed_on() -> None:
    assert jvp(lambda x: (x * x, "aux"), (3.0,), (1.0,), has_aux=True) == (9.0, 6.0, "aux")

    def pair(x):
        return x * x, 2.0 * x

    assert jvp(pair, (3.0,), (1.0,), has_aux=True) == (9.0, 6.0, 6.0)
    assert jvp(pair, (3.0,), (1.0,)) == ((9.0, 6.0), (6.0, 2.0))


def test_effects_happen_once() -> None:
    seen = []

    def f(x: float) -> float:
        seen.append("here")
        return x * x

    assert [jvp(f, (k + 1.0,), (1.0,))[1] for k in range(3)] == [2.0, 4.0, 6.0]
    assert len(seen) == 3


@pytest.mark.parametrize("tangents, words", [
    ((1.0, 2.0), "there are 2 tangents for 1 arguments"),
    ((V,), r"the tangent has shape \(3,\), the argument \(\)"),
    (([1.0],), "a tangent does not have the structure of its argument"),
    ((1j,), "the tangent is complex, the argument real"),
])  # fmt: skip
def test_tangents_that_do_not_fit_are_refused(tangents: Any, words: str) -> None:
    with pytest.raises(s2sad.NotDifferentiable, match=words) as found:
        jvp(cube, (2.0,), tangents)
    assert "def cube" in str(found.value)


def test_primals_are_a_tuple_or_a_list() -> None:
    assert jvp(cube, [2.0], [1.0]) == (8.0, 12.0)
    with pytest.raises(TypeError, match="primals must be a tuple or a list with one item per argument, not float"):
        jvp(cube, 2.0, (1.0,))


@CONTROLS
@pytest.mark.parametrize("f", [written, without_a_stated_tangent, loop, waits], ids=lambda f: f.__name__)
def test_a_linear_map_is_the_derivative_of_its_call(f: Any, control: str) -> None:
    x = X.copy()
    value, derivative = linearize(f, x, control=control)
    assert np.array_equal(value, f(X))
    x[:] = 7.0  # the map belongs to the call
    assert_close(derivative(V), tangent(f, (X,), (V,), control), 1e-12)
    assert_close(derivative(2.0 * V), 2.0 * derivative(V), 1e-14)
    assert not np.any(derivative(None))


def test_the_second_half_of_a_linear_map_computes_nothing_again() -> None:
    made = Linearized(without_a_stated_tangent, Settings(control="record", verify=True))
    made.halves((X,), {})
    pullback = made.paths[0].pullback
    assert pullback is not None
    code = [line for line in pullback.built.text.source.splitlines() if "#" not in line]
    assert not [line for line in code if "det(" in line or "sort" in line]


def test_a_linear_map_leaves_whole_numbers_as_they_are() -> None:
    value, derivative = linearize(lambda x, n: sum(x ** k for k in range(n)), 2.0, 4)
    assert (value, derivative(1.0, None), derivative(3.0, None)) == (15.0, 17.0, 51.0)
    with pytest.raises(s2sad.NotDifferentiable, match="a tangent is given for what has no derivative"):
        derivative(1.0, 1.0)


@CONTROLS
def test_a_linear_map_inside_a_function_is_followed(control: str) -> None:
    def f(x: Any) -> Any:
        value, derivative = linearize(waits, x)
        return np.sum(derivative(V) ** 2) + np.sum(derivative(X) * value)

    def plainly(x: Any) -> Any:
        return np.sum(jvp(waits, (x,), (V,))[1] ** 2) + np.sum(jvp(waits, (x,), (X,))[1] * waits(x))

    assert_close(grad(f, control=control)(X), grad(plainly, control="record")(X), 1e-12)


class Pair(NamedTuple):
    a: float
    b: float


DIRECTION, STATE = Pair(1.0, 2.0), State(1.0, V)


@CONTROLS
def test_a_direction_may_be_read_from_outside(control: str) -> None:
    found = grad(lambda p: jvp(lambda q: q.a * q.b, (p,), (DIRECTION,))[1], control=control)(Pair(3.0, 4.0))
    assert found == Pair(2.0, 1.0)
    found = grad(lambda p: s2sad.vjp(lambda q: Pair(q.a * q.b, q.a), p)[1](DIRECTION)[0].a, control=control)(Pair(3.0, 4.0))
    assert found == Pair(0.0, 1.0)
    found = grad(lambda p: jvp(lambda q: q.mass * np.sum(q.place), (p,), (STATE,))[1], control=control)(State(2.0, X))
    assert_close(np.array([found.mass, *found.place]), np.array([np.sum(V), 1.0, 1.0, 1.0]), 1e-14)


def the_tangent_of_itself_written(x):
    _, moved = jvp(lambda y: y, (x,), (x,))
    moved[0] = 0.0
    return np.sum(moved * x) + np.sum(x)


def the_cotangent_given_back_written(x):
    y = x * 1.0
    pulled = s2sad.vjp(lambda z: z, x)[1](y)[0]
    pulled[0] = 0.0
    return np.sum(pulled * x) + np.sum(y)


def a_map_of_what_is_written_afterwards(x):
    y = x * 1.0
    value, derivative = linearize(lambda z: z, x)
    moved = derivative(y)
    moved[0], value[1] = 0.0, 7.0
    return np.sum(moved * x * value) + np.sum(x * y)


@pytest.mark.parametrize("f", [the_tangent_of_itself_written, the_cotangent_given_back_written, a_map_of_what_is_written_afterwards],
                         ids=lambda f: f.__name__)  # fmt: skip
def test_what_comes_back_is_another_array_than_what_was_given(f: Any) -> None:
    wanted = np.array([along(f, (X,), (unit,)) for unit in np.eye(3)])
    for found in (grad(f, control="record")(X), grad(f, control="keep")(X), tape.gradient(f, (X,))[1]):
        assert_close(found, wanted, 1e-8)


@pytest.mark.parametrize("go", [lambda: s2sad.vjp(lambda x: 3, 2.0), lambda: linearize(lambda x: x * 2.0, 3)])
def test_where_there_is_no_linear_map_it_is_said(go: Any) -> None:
    with pytest.raises(s2sad.NotDifferentiable, match=r"no float of the result of <lambda>\(\) comes from one of the arguments"):
        go()
@CONTROLS
def test_a_constant_that_is_added_in_place_adds_nothing_to_the_tangent(control):
    def shifted(x):
        y = x * x
        y[1:] += 1.0
        np.add.at(y, [0, 0, 2], 2.0)
        before = y * 1.0
        y[:2] += x[1:]
        return y * before

    assert_close(tangent(shifted, (X,), (V,), control), along(shifted, (X,), (V,)), 1e-8)
    text = source(shifted, (X,), (V,), control)
    assert text.count("y_dot[") == 1 and "add.at(y_dot" not in text


def test_what_is_written_first_is_not_copied_for_the_shape_of_its_tangent():
    def spread(c):
        y = np.zeros(c.shape)
        y[..., 0] = c[..., 1] ** 2
        y[0] += c[1]
        return y

    c = np.arange(12.0).reshape(3, 4)
    assert_close(tangent(spread, (c,), (np.ones((3, 4)),), "keep"), along(spread, (c,), (np.ones((3, 4)),)), 1e-8)
    assert "copy" not in source(spread, (c,), (c,), "keep")


def test_a_sweep_over_tangents_that_a_loop_gives_comes_after_them():
    """They are no values of the function: what it gives by itself may be other in the last bits, which is no fault of the kept code."""
    def walk(x, rate):
        step = 0
        while True:
            x = x * (1 - 0.2 * rate) + 0.1
            step += 1
            if x < 0.5:
                return x - step
            if step >= 6:
                return x**2

    def slope(x, rate):
        return jvp(walk, (x, rate), (0.4, 0.3))[1]

    derivative = grad(slope, control="keep")
    assert_close(derivative(1.4, 0.3), grad(slope, control="record")(1.4, 0.3), 1e-14)
    assert derivative.paths[0].kept
    assert last_phase(derivative.paths[0].function.statements) == 2


EQUATION = s2sad.implicit(lambda v: (v * v + 0.5) ** 0.5, lambda y, v: y * y - v * v - 0.5)


def equation_before_a_loop(x):
    t = x * 0.5 + EQUATION(x)
    while t < 0.4:
        t = t + 0.3
    return t * x


@CONTROLS
def test_what_a_loop_hands_back_takes_part_in_what_its_seed_does(control):
    """A rule of the user's is asked with it, and is differentiated by it: of the linear map, and by the seed itself."""
    slope = grad(equation_before_a_loop, control="record")(1.5)
    assert_close(linearize(equation_before_a_loop, 1.5, control=control)[1](1.0), slope, 1e-12)
    for by in (lambda c: s2sad.vjp(equation_before_a_loop, 1.5)[1](c)[0] * c, lambda c: jvp(equation_before_a_loop, (1.5,), (c,))[1] * c):
        assert_close(grad(by, control=control)(2.0), 4.0 * slope, 1e-12)


def test_a_whole_number_that_a_loop_hands_back_takes_part_in_nothing():
    places = [0, -1]

    def f(x, n):
        y = x * 1.0
        for k in range(n):
            y = y * x[places[k % 2]] + EQUATION(y)
        return y

    moved = linearize(f, X, 3, control="keep")[1](V, None)
    assert_close(moved, jvp(f, (X, 3), (V, None), control="record")[1], 1e-12)
