"""Names in generated code: those of the source, with what an adjoint adds to them."""
from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.generated_counts import assigned_names, nameless
from tests.oracles import agrees

LINE = np.linspace(0.5, 1.5, 6)
SQUARE = 0.3 * np.eye(3)


def source(function: Any, *args: Any, argnums: Any = 0, control: str = "keep") -> str:
    compiled = value_and_grad(function, argnums=argnums, control=control)
    compiled(*args)
    return compiled.source


# What belongs to a named array


def thomas(a: Any, b: Any, c: Any, d: Any) -> Any:
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    x = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x * x)


def kernel_matrix(x: Any, s: Any) -> Any:
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j]) ** 2)
    return np.sum(K * K)


def filled_in_a_branch(x: Any, flag: Any) -> Any:
    y = np.zeros(len(x))
    for i in range(len(x)):
        if x[i] > flag:
            y[i] = np.sin(x[i])
        else:
            y[i] = x[i] ** 3
    return np.sum(y * y)


def in_a_helper(x: Any) -> Any:
    return np.sum(running(x) ** 2)


def running(values: Any) -> Any:
    sums = np.zeros(len(values))
    for k in range(1, len(values)):
        sums[k] = sums[k - 1] * values[k] + values[k]
    return sums


@pytest.mark.parametrize(
    ("function", "args", "argnums", "names"),
    [
        (thomas, (LINE, LINE + 4, LINE, LINE), (0, 1, 2, 3), ("cp_bar", "dp_bar", "x_bar", "a_bar", "b_bar", "c_bar", "d_bar", "m_bar")),
        (kernel_matrix, (LINE, 0.7), (0, 1), ("K_bar", "x_bar", "s_bar")),
        (filled_in_a_branch, (LINE, 1.0), 0, ("y_bar", "x_bar")),
        (in_a_helper, (LINE,), 0, ("sums_bar",)),
    ],
)
def test_the_cotangent_of_a_named_array_is_called_after_it(function: Any, args: Any, argnums: Any, names: tuple[str, ...]) -> None:
    assert set(names) <= assigned_names(source(function, *args, argnums=argnums))


# Elements, and what is saved


def over_steps(x: Any, w: Any) -> Any:
    h = np.zeros(w.shape[0])
    for t in range(len(x)):
        h = np.tanh(w @ h + x[t])
    return np.sum(h * h)


def tapers(x: Any, w: Any) -> Any:
    y = np.zeros(len(x))
    y[0] = x[0] * w
    for i in range(1, len(x)):
        y[i] = np.exp(y[i - 1] * w) / (x[i] * x[i] + x[i] * w + x[i])
    return np.sum(y * np.sin(y))


def rows_of_a_product(a: Any, v: Any) -> Any:
    for i in range(a.shape[0]):
        v = v + np.tanh(a[i] * v) * a[i, 0] * a[i, 0] * a[i, 0]
    return np.sum(v * v)


def replaced_in_turn(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        for i in range(1, len(x)):
            x[i] = x[i] * x[i] * x[i - 1] + x[i] * x[i - 1] + np.cos(x[i - 1])
    return np.sum(x)


@pytest.mark.parametrize(
    ("function", "args", "argnums", "names"),
    [
        (tapers, (LINE, 0.5), (0, 1), {"x_i"}),
        (rows_of_a_product, (SQUARE, LINE[:3]), (0, 1), {"a_i0", "v_saved"}),
        (replaced_in_turn, (LINE, 2), 0, {"x_i", "x_prev", "x_i_bar"}),
        (over_steps, (np.ones((4, 3)), SQUARE), 1, {"w_T", "h_saved"}),
    ],
)
def test_what_is_not_named_is_called_after_what_it_is_read_from(function: Any, args: Any, argnums: Any, names: set[str]) -> None:
    assert names <= assigned_names(source(function, *args, argnums=argnums))


def user_has_these(x: Any) -> Any:
    x_prev = 0.0
    total = 0.0
    for i in range(1, len(x)):
        total += np.sin(x[i - 1]) * x[i - 1] * x[i - 1] * x_prev
        x_prev = x[i - 1] + x_prev
    return total


def test_a_name_made_of_an_element_leaves_the_users_alone() -> None:
    kept, recorded = (value_and_grad(user_has_these, control=control) for control in ("keep", "record"))
    (value, slope), (same, expected) = kept(LINE), recorded(LINE)
    assert value == same == user_has_these(LINE)
    np.testing.assert_allclose(slope, expected, rtol=1e-12)
    assert "x_prev = total = 0.0" in kept.source


@pytest.mark.parametrize(
    ("function", "args", "argnums"),
    [
        (thomas, (LINE, LINE + 4, LINE, LINE), (0, 1, 2, 3)),
        (replaced_in_turn, (LINE, 2), 0),
        (over_steps, (np.ones((4, 3)), SQUARE), 1),
    ],
)
def test_at_most_a_quarter_of_the_names_says_nothing(function: Any, args: Any, argnums: Any) -> None:
    text = source(function, *args, argnums=argnums)
    assert len(nameless(text)) <= len(assigned_names(text)) / 4


# One name for what is never needed at the same time


def argument_rebound(A: Any, sweeps: int) -> Any:
    A = A.copy()
    n = A.shape[0]
    for _ in range(sweeps):
        for i in range(1, n - 1):
            A[i] = (A[i - 1] + A[i] * A[i] + A[i + 1]) / 3.0
    return np.sum(A)


def computed_again(a: Any, b: Any) -> Any:
    total = 0.0
    for i in range(len(a)):
        m = b[i] - a[i]
        total += m / (1.0 + m * m)
    return total


def state_given(x: Any, h: Any) -> Any:
    for i in range(len(x)):
        h = np.sin(h) * x[i]
    return np.sum(h)


def test_the_name_of_a_loop_variable_is_the_users_even_if_it_is_t() -> None:
    text = source(over_steps, np.ones((4, 3)), SQUARE, argnums=1)
    assert text.count("    for t in range(") == 2


@pytest.mark.parametrize(
    ("function", "args", "name"),
    [
        (over_steps, (np.ones((4, 3)), SQUARE), "t"),
        (argument_rebound, (LINE, 3), "A"),
        (computed_again, (LINE, 2 * LINE), "m"),
        (state_given, (LINE, LINE[:3]), "x"),
    ],
)
def test_a_version_has_a_number_only_where_two_are_needed_at_once(function: Any, args: Any, name: str) -> None:
    assert not any(n.startswith(f"{name}_") and n.rpartition("_")[2].isdigit() for n in assigned_names(source(function, *args)))


def test_the_index_of_a_loop_without_one_is_not_called_as_the_user_calls_another() -> None:
    text = source(argument_rebound, LINE, 3)
    assert "    for step in range(sweeps):" in text and "        for i in range(1, " in text


def test_an_array_is_not_given_a_second_name_where_a_loop_takes_it_up() -> None:
    lines = [line.strip() for line in source(over_steps, np.ones((4, 3)), SQUARE, argnums=1).splitlines()]
    assert [line for line in lines if line.startswith("h") and line.partition(" = ")[2].isidentifier()] == ["h_saved[t] = h"]
    assert "A = A.copy()" in source(argument_rebound, LINE, 3)


def needed_later(x: Any, n: int) -> Any:
    y = x.copy()
    for i in range(n):
        y[i] = y[i] * x[i]
    x, z = y * 2.0, x
    for _ in range(n):
        x = x * y + z
    return np.sum(x * z)


def swapped(a: Any, b: Any, n: int) -> Any:
    for _ in range(n):
        a, b = b * a, a + np.sin(b)
    return a * b


def one_side_keeps_it(x: Any, n: int) -> Any:
    y = x
    for _ in range(n):
        before = y
        if y > 1.0:
            y = y / 2.0
        if before > 1.2:
            y = y + before * x
    return y * x


def of_another_kind(x: Any, n: int) -> Any:
    s = np.sum(x)
    for _ in range(n):
        x = x * s
        s = s / 2.0
    x = np.sum(x)
    for _ in range(n):
        x = x * x / (1.0 + x * x)
    return x


def walked_down(x: Any, n: int) -> Any:
    total, k = 0.0, n
    while k > 0:
        m = x * k
        k = k - 1
        total += m * np.sin(k * m)
    return total


@pytest.mark.parametrize("steps", [0, 1, 4])
@pytest.mark.parametrize(
    ("function", "args"),
    [
        (needed_later, (LINE,)),
        (swapped, (0.3, 0.4)),
        (one_side_keeps_it, (1.3,)),
        (of_another_kind, (LINE,)),
        (walked_down, (0.7,)),
        (argument_rebound, (LINE,)),
    ],
)
def test_what_is_read_later_keeps_its_name(function: Any, args: Any, steps: int) -> None:
    kept, recorded = (value_and_grad(function, control=control) for control in ("keep", "record"))
    (value, slope), (same, expected) = kept(*args, steps), recorded(*args, steps)
    assert value == same == function(*args, steps)
    np.testing.assert_allclose(slope, expected, rtol=1e-11)  # some digits cancel


def own_names(x: Any, x_bar: Any, t1: Any, n: int) -> Any:
    i_saved = 0.0
    for t in range(n):
        t2 = np.sin(x * t1)
        x_bar = x_bar * t2 + t2 * t2
        i_saved += x_bar * x * t
    return i_saved + x_bar


def test_names_of_the_users_own_that_look_like_ours() -> None:
    kept, recorded = (value_and_grad(own_names, argnums=(0, 1, 2), control=control) for control in ("keep", "record"))
    (value, slopes), (same, expected) = (f(0.3, 0.4, 0.5, 3) for f in (kept, recorded))
    assert value == same == own_names(0.3, 0.4, 0.5, 3)
    np.testing.assert_allclose(slopes, expected, rtol=1e-12)
    assert "t2 = " in kept.source and "i_saved += " in kept.source and "for t in range(n)" in kept.source


def left_by_the_number_of_the_step(x: Any, n: Any) -> Any:
    y = np.tanh(x)
    for i in range(x.shape[1]):
        for j in range(n):
            y[j, i] = np.tanh(x[j, 0])
            part = np.tanh(x[:, i + 1 :] + y[:, i + 1 :])
            if i == n:
                return np.sum(np.sin(y)) + np.sum(part)
        y[1::2] = np.tanh(np.cos(y[1::2]))
    return np.sum(np.sin(y))


def test_what_stands_in_front_of_a_loop_does_not_go_by_the_name_that_the_loop_begins_to_fill() -> None:
    derivative = value_and_grad(left_by_the_number_of_the_step, control="keep")
    for shape in ((4, 6), (2, 5), (3, 3)):
        agrees(derivative, left_by_the_number_of_the_step, np.linspace(0.1, 1.3, shape[0] * shape[1]).reshape(shape), shape[0])


def handed_from_loop_to_loop(A: Any) -> Any:
    L = A.copy()
    for i in range(len(L)):
        for j in range(i):
            L[i, j] -= L[i, :j] @ L[:j, j]
        for j in range(i, len(L)):
            L[i, j] -= L[i, :i] @ L[:i, j]
    return np.sum(np.sin(L))


def a_step_in_between(u: Any, n: Any) -> Any:
    v, a = 2.0 * u, np.sin(u)
    for _ in range(n):
        v = v + 0.5 * a
        a = np.zeros_like(v)
        for i in range(len(v)):
            a[i] -= v[i] * v[0]
        v = v + 0.5 * a
    return np.sum(v * np.cos(a))


@pytest.mark.parametrize("function, args", [(handed_from_loop_to_loop, (SQUARE + 0.1,)), (a_step_in_between, (LINE, 4))])
def test_what_loops_hand_on_keeps_its_name_in_between(function: Any, args: Any) -> None:
    derivative = value_and_grad(function, control="keep")
    agrees(derivative, function, *args)
    assert not re.search(r"\b[Lva](_bar)?_1\b", derivative.source.partition("saved[::-1]")[0]), derivative.source
    assert not re.search(r"cos_a\[.*\] [-+]= ", derivative.source), "what is added up has the name of a cotangent"


def read_after_a_step(v: Any, n: Any) -> Any:
    total = 0.0
    for k in range(n):
        before = v
        v = np.sin(v) + 0.1 * k
        middle = v * v
        v = middle - v
        total = total + np.sum(before * v) + np.sum(middle)
        while total > 5.0:
            v = v * 0.5
            total = total - 1.0 - np.sum(v * before)
    return total + np.sum(v)


def test_a_name_that_is_free_in_a_step_is_not_taken_from_what_is_read_later() -> None:
    for n in range(5):
        agrees(value_and_grad(read_after_a_step, control="keep"), read_after_a_step, LINE, n)


def of_things_with_names(K: Any, H: Any, v: Any, dt: Any) -> Any:
    total = 0.0
    for i in range(len(v)):
        total = total + np.sum(np.sin(K @ H) * (v @ v) * np.cos(K @ H) * (v @ v)) * np.exp(0.5 * dt) / (0.5 * dt) ** v[i]
        total = total * np.sin(-v[i]) + np.cos(v[i] - dt) / (v[i] - dt)
    return total / np.exp(v.sum()) * v.sum()


def values_by_name(text: str) -> dict[str, str]:
    """What is assigned to each name first, also where values stand side by side."""
    found: dict[str, str] = {}
    for node in (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Assign)):
        target, value = node.targets[-1], node.value
        together = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        pairs: Any = zip(target.elts, value.elts, strict=True) if together else [(target, value)]  # type: ignore[attr-defined]
        for one, given in pairs:
            found.setdefault(ast.unparse(one), ast.unparse(given))
    return found


def test_what_joins_two_things_is_called_after_them() -> None:
    derivative = value_and_grad(of_things_with_names, argnums=(0, 1, 2, 3), control="keep")
    derivative(SQUARE, SQUARE, LINE, 0.3)
    text = derivative.source.replace("v[i]", "v_i")
    for name, value in (("K_times_H", "K @ H"), ("v_dot_v", "v @ v"), ("half_dt", "0.5 * dt"), ("v_sum", "v.sum()")):
        assert values_by_name(text).get(name) == value, derivative.source
    assert not re.search(r"\w+_(times|plus|minus|dot|over)_\w+_(times|plus|minus|dot|over)_", derivative.source)


# What a part is called, and what is known of a value by its use


def diffused(u: Any, nu: Any, n: int) -> Any:
    u = u.copy()
    for _ in range(n):
        inner = u[1:-1, 1:-1] * np.sin(u[1:-1, 1:-1])
        u[1:-1, 1:-1] = inner + nu * np.sin(u[2:, 1:-1] - u[:-2, 1:-1]) * u[1:-1, 2:] * np.cos(u[1:-1, 2:])
    return np.sum(u * u)


def differences(x: Any) -> Any:
    return np.sum((x[1:] - x[:-1]) ** 3 * x[1:] * np.sin(x[:-1]))


def corners(x: Any) -> Any:
    return np.sum(np.sin(x[::2] * x[::-1][::2]) ** x[::2]) + np.sum(x[3:5] * np.sin(x[3:5]) * np.exp(x[3:5]))


def test_a_part_is_called_after_where_it_lies() -> None:
    names = assigned_names(source(diffused, np.outer(LINE, LINE), 0.3, 2))
    assert {"u_inner", "u_right", "u_below_bar"} <= names
    assert {"x_head", "x_tail"} <= assigned_names(source(differences, LINE))
    assert not any(re.search("inner|head|tail", name) for name in assigned_names(source(corners, LINE)))


def shared_divisor(x: Any, s: Any, w: Any) -> Any:
    return np.sum(np.sin(x) / (s * s + w + 1.0)) + np.sum(x / (s * s + w + 1.0))


def divisor_and_more(x: Any, s: Any, w: Any) -> Any:
    below = s * s + w + 1.0
    return np.sum(np.sin(x) / (s * s + w + 2.0)) + np.sum(np.cos(x * (s * s + w + 2.0))) + below


def test_what_others_are_divided_by_is_a_denominator_if_it_is_nothing_else() -> None:
    assert "denominator" in assigned_names(source(shared_divisor, LINE, 0.7, 0.2))
    assert "denominator" not in assigned_names(source(divisor_and_more, LINE, 0.7, 0.2))


def spread_out(x: Any, s: Any, w: Any) -> Any:
    y = x * (s + w * w + 1.0)
    return np.sum(np.sin(x * (s + w + 1.5)) * x * (s + w + 1.5)) + y @ y


def test_an_array_times_a_number_is_called_after_the_array() -> None:
    assert "x_scaled" in assigned_names(source(spread_out, LINE, 0.7, 0.2))


def read_at_two_places(x: Any, n: int) -> Any:
    total = 0.0
    for i in range(1, n):
        total = total + np.sin(x[i] - x[i - 1]) * total
    return total * x[0]


def test_what_is_added_to_a_cotangent_is_that_of_what_is_read_there() -> None:
    text = source(read_at_two_places, LINE, 6)
    assert re.search(r"x_bar\[i - 1\] -= x_i_bar\n +x_bar\[i\] \+= x_i_bar", text), text


SCALE = 1.5


class Layer:
    def __init__(self) -> None:
        self.weight, self.bias, self.rest = SQUARE, 0.5, [0.25, {"decay": 0.9}]

    def of(self, x: Any) -> Any:
        return np.sin(x @ self.weight * self.bias) * self.rest[0] - x * self.rest[1]["decay"] * self.bias  # type: ignore[index]


layer = Layer()


def layered(x: Any) -> Any:
    total = 0.0
    for v in layer.of(x):
        total = total * SCALE + np.sin(v * layer.bias)
    return total


@pytest.mark.parametrize("control", ["keep", "record"])
def test_what_is_read_from_outside_keeps_its_name(control: str) -> None:
    names = assigned_names(source(layered, LINE[:3], control=control))
    assert {"layer", "layer_weight", "layer_bias", "layer_rest", "layer_rest_0", "SCALE"} <= names, names
    assert any(name in names for name in ("layer_rest_1_decay", "decay")), names


def written_and_read_twice(m: Any, n: int) -> Any:
    """The adjoint of a step writes into an array; two products read it after that, one of which the next step begins with."""
    a = m * 1.0
    for _ in range(n):
        a = a * m
        a = np.tanh(a * a[1])
    return np.sum(a)


def test_a_name_that_is_written_in_place_is_needed_until_its_last_version_is_read() -> None:
    agrees(value_and_grad(written_and_read_twice, control="keep"), written_and_read_twice, np.random.default_rng(0).normal(size=(3, 4)), 3)


def left_on_a_condition_that_is_decided(x: Any, n: int) -> Any:
    """Both sides of the branch tell that the loop is never left early."""
    s = 0.1 if x[0] > 0 else 0.0
    a = x * 1.0
    for _ in range(n):
        a = np.sin(a)
        if s < -1.5:
            break
    return np.sum(a)


def test_a_loop_that_is_never_left_early_has_no_break() -> None:
    assert "break" not in source(left_on_a_condition_that_is_decided, LINE, 4)
