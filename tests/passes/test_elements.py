"""Elements of cotangents in loops: read once and not set to zero, first added to and so assigned; and only where that can be told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from s2sad.calls import kept_paths
from s2sad.ir.liveness import stays
from s2sad.ir.program import AGAIN, ArrayType, Assign, Var
from s2sad.passes import PASSES
from s2sad.passes.elements import assign_first, drop_unread
from s2sad.rules.operations import GETITEM
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size
from tests.oracles import agrees, assert_close, assert_identical, module

X = np.linspace(0.2, 1.0, 6)
A = np.linspace(0.2, 1.0, 16).reshape(4, 4)


def kept(function: Callable[..., Any], *args: Any, argnums: Any = 0) -> list[str]:
    """The lines of the adjoint of a function that keeps its control flow, after it has been compared with the tape."""
    derivative = value_and_grad(function, argnums=argnums, control="keep")
    agrees(derivative, function, *args, argnums=argnums)
    lines = [line.strip() for line in derivative.source.split("\n")]
    return [line for line in lines if "_bar" in line and not line.startswith(("#", "return"))]


def recurrence(x, y):
    s = np.zeros(len(x))
    s[0] = y[0]
    for i in range(1, len(x)):
        s[i] = s[i - 1] * x[i] + y[i]
    return np.sum(s * s)


def backwards(x, y):
    s = np.zeros(len(x))
    s[-1] = y[-1]
    for i in range(len(x) - 2, -1, -1):
        s[i] = s[i + 1] * x[i] + y[i]
    return np.sum(s * s)


def table(A):
    T = np.zeros(A.shape)
    for i in range(1, A.shape[0]):
        for j in range(1, A.shape[1]):
            T[i, j] = A[i, j] * (T[i - 1, j] + T[i, j - 1] + 1.0)
    return np.sum(T)


def on_one_side(x):
    s = np.zeros(len(x))
    for i in range(len(x)):
        if x[i] > 0.5:
            s[i] = np.sin(x[i])
        else:
            s[i] = x[i] * x[i]
    return np.sum(s * s)


@pytest.mark.parametrize("function, args", [(recurrence, (X, X)), (backwards, (X, X)), (table, (A,)), (on_one_side, (X,))])
def test_a_cotangent_that_is_read_once_is_not_set_to_zero(function: Callable[..., Any], args: Any) -> None:
    assert not any(line.endswith(" = 0.0") and "[" in line for line in kept(function, *args))


def test_the_first_addition_to_fresh_zeros_is_an_assignment() -> None:
    lines = kept(recurrence, X, X, argnums=(0, 1))
    assert {line.split(" = ")[0] for line in lines if line.startswith(("x_bar[", "y_bar["))} == {"x_bar[i]", "y_bar[i]", "y_bar[0]"}
    assert [line for line in kept(table, A) if "A_bar[" in line and "+=" not in line]


def neighbours(x):
    total = 0.0
    for i in range(len(x) - 1):
        total = total + x[i] * x[i + 1]
    return total


def test_of_two_additions_the_one_that_comes_first_is_an_assignment() -> None:
    lines = kept(neighbours, X)
    assert [line.split("]")[1][:3] for line in lines if line.startswith("x_bar[")] == [" +=", " = "]


def gates(W, x):
    n = x.shape[0]
    for _ in range(3):
        z = W @ x
        x = np.sin(z[:n]) * np.cos(z[n : 2 * n]) + np.tanh(z[2 * n :])
    return np.sum(x)


def test_slices_that_do_not_meet_are_assigned() -> None:
    lines = kept(gates, np.linspace(-1.0, 1.0, 27).reshape(9, 3), X[:3], argnums=(0, 1))
    assert len([line for line in lines if line.startswith("z_bar[") and " = " in line]) == 3


def one_place(x):
    s = np.zeros(1)
    for i in range(len(x)):
        s[0] = s[0] * x[i] + 1.0
    return s[0]


def read_again(x):
    s = np.zeros(len(x))
    for i in range(1, len(x)):
        s[i] = np.sin(x[i])
        s[i - 1] = s[i] * s[i - 1]
    return np.sum(s * s)


def twice(x):
    total = 0.0
    for _ in range(2):
        for i in range(len(x)):
            total = total + np.sin(x[i]) * total
    return total


def from_both_ends(x):
    s = np.zeros(len(x))
    for i in range(len(x)):
        s[i] = s[i] + x[i] * x[len(x) - 1 - i]
    return np.sum(s)


def by_table(x, where):
    s = np.zeros(len(x))
    for i in range(len(where)):
        s[where[i]] = s[where[i]] + x[where[i]] * x[i]
    return np.sum(s)


def turned_round(x):
    total = x[0]
    for _ in range(2):
        z = np.zeros(3)
        z[0] = x[1] * total
        z[2] = total
        y = np.stack([z, z[::-1]])  # the cotangent of z is a row of that of y, which is added to
        total = y[0] @ y[1] + x[0]
    return total


@pytest.mark.parametrize("function", [one_place, read_again, twice, from_both_ends, turned_round])
def test_what_is_met_again_is_added_and_set_to_zero_as_before(function: Callable[..., Any]) -> None:
    kept(function, X)


def test_places_that_only_the_run_knows_are_added_to() -> None:
    lines = kept(by_table, X, np.array([1, 1, 3, 0, 3]))
    assert not any(line.startswith("x_bar[") and " = " in line for line in lines)


@pytest.mark.parametrize("function, args", [(recurrence, (X, X)), (on_one_side, (X,)), (neighbours, (X,)), (one_place, (X,))])
def test_derivatives_of_derivatives_and_pullbacks_are_right(function: Callable[..., Any], args: Any) -> None:
    def slope(*a: Any) -> Any:
        return np.sum(grad(function, control="keep")(*a) * X)

    agrees(value_and_grad(slope, control="keep"), slope, *args)
    value, pullback = vjp(function, *args, control="keep")
    assert_identical(value, function(*args))
    assert_close(pullback(2.0)[0], 2.0 * grad(function, control="record")(*args), rtol=1e-12)


# Programs at random, with the passes and without them


class Written:
    """A program of loops over elements and parts of two arrays, longer than the loops go, so that each index is inside."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []

    def text(self) -> str:
        start = self.random.choice(["np.zeros(n + 4)", "np.ones(n + 4)", "y * 1.0"])
        self.lines = ["def f(x, y, n):", f"    a, b = {start}, y * 0.5", "    M = np.zeros((n + 4, n + 4))"]
        for _ in range(self.random.randint(1, 3)):
            self.loop("i", "    ")
        self.lines.append("    return np.sum(a * np.sin(y)) + np.sum(b * a) + np.sum(M * M) + a[2]")
        return "import numpy as np\n" + "\n".join(self.lines) + "\n"

    def loop(self, index: str, indent: str) -> None:
        span = ["range(n)", "range(1, n)", "range(n - 1, -1, -1)", "reversed(range(n))", "range(0, n, 2)", "range(n - 2, 0, -2)"]
        inner = ["range(i)", "range(i, n)", "range(i + 1, n)"] if index == "j" else []
        self.lines.append(f"{indent}for {index} in {self.random.choice(span + inner)}:")
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.random()
            if kind < 0.2 and index == "i":
                self.loop("j", indent + "    ")
            elif kind < 0.4:
                condition = self.random.choice([f"{index} % 2 == 0", f"{self.read(index)} > 0.3", f"{index} > 1"])
                self.lines.append(f"{indent}    if {condition}:")
                self.lines.append(f"{indent}        {self.write(index)}")
            else:
                self.lines.append(f"{indent}    {self.write(index)}")

    def place(self, index: str) -> str:
        index = self.random.choice(["i", "j"]) if index == "j" else "i"
        turned = self.random.random() < 0.15
        return f"n + 1 - {index}" if turned else f"{index} + {self.random.randint(0, 3)}"

    def element(self, index: str) -> str:
        if self.random.random() < 0.2:
            return f"M[{self.place(index)}, {self.place(index)}]"
        return f"{self.random.choice('ab')}[{self.place(index)}]"

    def read(self, index: str) -> str:
        kind = self.random.random()
        if kind < 0.15:
            return f"np.sum({self.random.choice('ab')}[{self.random.choice([':i', 'i:', '1:i + 1', 'i + 1:'])}])"
        return f"x[{self.place(index)}]" if kind < 0.4 else self.element(index)

    def write(self, index: str) -> str:
        if self.random.random() < 0.15:
            name, part = self.random.choice("ab"), self.random.choice([":i", "i:", "i:i + 2", "2:"])
            return f"{name}[{part}] {self.random.choice(['=', '+='])} np.sin({self.read(index)}) * y[{part}]"
        value = self.random.choice(["0.5 * {} * {}", "np.sin({}) + 0.3 * {}", "np.tanh({}) * {}", "{} - 0.5 * {}", "0.7 * ({} + {})"])
        sign = self.random.choice(["=", "=", "+=", "-=", "*="])
        return f"{self.element(index)} {sign} np.sin({value.format(self.read(index), self.read(index))})"


@pytest.mark.sampled(8)
@pytest.mark.parametrize("first", range(0, 40, 10))
def test_programs_at_random_have_the_gradients_that_they_have_without_these_passes(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    other = 0
    for text in (Written(seed).text() for seed in range(first, first + 10)):
        function = module(text).f
        slope = value_and_grad(function, argnums=(0, 1), control="keep")
        calls = [(np.linspace(0.3, 1.1, n + 4), np.linspace(-0.9, 0.8, n + 4), n) for n in (5, 0, 2)]
        with monkeypatch.context() as patch:
            patch.setattr(kept_paths, "PASSES", tuple(p for p in PASSES if p not in (assign_first, drop_unread)))
            plain = value_and_grad(function, argnums=(0, 1), control="keep")
            plain(*calls[0])
        for args in calls:
            agrees(slope, function, *args, argnums=(0, 1))
            value, gradients = plain(*args)
            again, ours = slope(*args)
            assert value == again
            for one, two in zip(gradients, ours, strict=True):
                np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12, err_msg=text)
        other += slope.source != plain.source
    assert other > 3


def columns(A, b):
    y = np.zeros(A.shape)
    for j in range(2, A.shape[1]):
        y[:, j] = A[:, j] * b + y[:, j - 1] * b * b - y[:, j - 2] * b
    return np.sum(y * y)


def test_a_part_that_is_read_before_other_parts_are_written_is_not_copied() -> None:
    derivative = value_and_grad(columns, argnums=(0, 1), control="keep")
    agrees(derivative, columns, A, 0.5, argnums=(0, 1))
    adjoint = derivative.source.partition("y_bar = ")[2]
    assert ".copy()" not in adjoint and "= 0.0\n" not in adjoint.partition("for ")[2]


def rows_shifted(A, b):
    y = A.copy()
    for j in range(A.shape[0] - 1):
        row = y[j]
        y[j + 1] += row * b
        y[j] = y[j + 1] * row
        y[0] += row
    return np.sum(y * y)


def test_a_part_that_is_written_while_it_is_needed_is_copied() -> None:
    derivative = value_and_grad(rows_shifted, argnums=(0, 1), control="keep")
    agrees(derivative, rows_shifted, A, 0.5, argnums=(0, 1))


def test_what_is_computed_again_is_not_there_for_what_it_might_raise() -> None:
    array, index, element = Var(ArrayType(np.dtype(float), (Size.of(Symbol("n")),))), Var(int), Var(np.float64)
    read = Assign((element,), GETITEM, (array, index))
    assert stays(read, False) and not stays(replace(read, within=((AGAIN, None),)), False)
