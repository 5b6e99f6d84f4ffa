"""What the text of generated code looks like: what goes into one line, how loops run, in which order, and under which comments."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees


def lines_of(function: Callable[..., Any], *args: Any, **options: Any) -> list[str]:
    """The lines of the kept value and gradient, without comments."""
    return [line for line in text_of(function, *args, **options) if not line.lstrip().startswith("#")]


def text_of(function: Callable[..., Any], *args: Any, **options: Any) -> list[str]:
    compiled = value_and_grad(function, **{"control": "keep", **options})
    compiled(*args)
    source: str = compiled.source
    here = Path(__file__).read_text().split("\n")
    source = re.sub(r"(test_text.py):(\d+)  ", r"\1: ", source)
    source = re.sub(r"(adjoint of test_text.py):(\d+)", lambda m: f"{m[1]}: {here[int(m[2]) - 1].strip()}", source)
    return source.rstrip().split("\n")


def nine_points(u: Any) -> Any:
    u = u.copy()
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            u[i, j] = (u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1] + u[i, j - 1] + u[i, j]
                       + u[i, j + 1] + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]) / 9.0  # fmt: skip
    return np.sum(u)


def test_what_is_used_once_is_written_in_place_up_to_the_length_of_a_line() -> None:
    text = lines_of(nine_points, np.ones((4, 4)))
    sums = [line for line in text if line.count("[") > 2]
    assert [line.count("[") for line in sums] == [6, 4], sums
    assert max(map(len, text)) <= 110


def recurrence(a: Any, b: Any) -> Any:
    n = len(b)
    x = np.zeros(n)
    x[0] = b[0]
    for i in range(1, n):
        x[i] = b[i] - a[i - 1] * x[i - 1]
    for i in range(n - 2, -1, -1):
        x[i] = a[i] * x[i + 1]
    return np.sum(x)


def test_indices_are_written_where_they_are_used_and_loops_run_as_in_the_source_turned_round() -> None:
    text = "\n".join(lines_of(recurrence, np.ones(4), np.ones(4)))
    assert "b[i] - a[i - 1] * x[i - 1]" in text and re.search(r"a\[i\] \* x\w*\[i \+ 1\]", text)
    loops = [line.strip() for line in text.split("\n") if line.lstrip().startswith("for ")]
    assert loops == ["for i in range(1, n):", "for i in range(n - 2, -1, -1):", "for i in range(n - 1):", "for i in range(n - 1, 0, -1):"]


def pairs(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            total += math.sqrt((x[i] - x[j]) ** 2 + 0.1)
    return total


def test_where_a_value_is_kept_is_told_without_brackets() -> None:
    text = "\n".join(lines_of(pairs, np.array([0.1, 0.4, 0.9])))
    assert "for j in range(i + 1, " in text and ", i, -1):" in text
    assert "(i + 1)" not in text


def halved(x: Any, n: int) -> Any:
    u = x.copy()
    for _ in range(n):
        u[1:] *= 0.5
    return np.sum(u)


def test_steps_that_ask_no_number_have_no_direction() -> None:
    text = lines_of(halved, np.ones(3), 2)
    assert [line.strip() for line in text if line.lstrip().startswith("for ")] == ["for _ in range(n):"] * 2


def element_read_twice(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total += (1.0 - x[i]) * x[i]
    return total


def element_written_between(x: Any) -> Any:
    x = x.copy()
    total = 0.0
    for i in range(len(x)):
        old = x[i] + 0.0
        x[i] = 2.0 * old
        total += (old - 1.0) * x[i]
    return total


def test_an_element_is_read_twice_unless_it_is_written_between() -> None:
    assert any("(1.0 - x[i]) * x[i]" in line for line in lines_of(element_read_twice, np.ones(3)))
    x = np.array([0.3, -0.7, 1.1])
    value, gradient = value_and_grad(element_written_between, control="keep")(x)
    assert value == element_written_between(x)
    np.testing.assert_allclose(gradient, 4.0 * x - 2.0, rtol=1e-12)


def over_itself(x: Any, d: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        total = total + math.cos(x - i) / (x - i) + x * (d * i) / (d * i + 1.0)
    return total


def test_what_is_written_twice_in_a_line_has_its_own_brackets_each_time() -> None:
    derivative = value_and_grad(over_itself, control="keep")
    agrees(derivative, over_itself, 0.3, 0.2, 3)
    assert any("math.cos(x - i) / (x - i) + " in line for line in derivative.source.split("\n") if "#" not in line)


def counted_down(x: Any, k: int) -> Any:
    """The index is another number after each of its uses."""
    total = 0.0
    while k > 1:
        total += x[k - 1] * x[k - 2]
        k = k - 1
        total += x[k - 1] ** 2
    return total


def bounds_that_change(x: Any, n: int) -> Any:
    total = 0.0
    for _ in range(3):
        for i in range(n - 1):
            total += x[i] * x[n - 2]
        n = n - 1
    return total + x[n - 1]


@pytest.mark.parametrize("function", [counted_down, bounds_that_change])
def test_an_index_is_that_of_its_place_where_its_names_change(function: Any) -> None:
    x = np.array([0.3, -0.7, 1.1, 0.4, 0.9])
    kept = value_and_grad(function, control="keep")(x, 5)
    recorded = value_and_grad(function, control="record")(x, 5)
    assert kept[0] == function(x, 5)
    np.testing.assert_allclose(kept[1], recorded[1], rtol=1e-12)


def cell(x: Any, W: Any, U: Any, b: Any, h: Any) -> Any:
    n = h.shape[0]
    total = 0.0
    for t in range(x.shape[0]):
        z = W @ x[t] + U @ h + b
        h = np.tanh(z[:n]) * np.tanh(z[n:])
        total = total + np.sum(h)
    return total


CELL = (np.ones((2, 3)), np.ones((8, 3)), np.ones((8, 4)), np.ones(8), np.ones(4))


def test_what_is_asked_of_sizes_stands_in_one_place_by_the_shapes_of_arguments() -> None:
    text = lines_of(cell, *CELL)
    asked = [k for k, line in enumerate(text) if "OtherPath" in line]
    assert asked == [3] and text[1] == "    n = h.shape[0]"
    assert text[2] == "    if W.shape != (2 * n, x.shape[1]) or U.shape != (2 * n, n) or b.shape != (2 * n,):"
    assert sum("# the sizes this is written for" in line for line in text_of(cell, *CELL)) == 1


@pytest.mark.parametrize("k", range(len(CELL)))
@pytest.mark.parametrize("axis", [0, 1])
def test_each_size_is_asked(k: int, axis: int) -> None:
    """A call with one size that is another gives what the function gives: a value, or its exception."""
    compiled = value_and_grad(cell, control="keep")
    compiled(*CELL)
    args = list(CELL)
    if axis < args[k].ndim:
        args[k] = np.concatenate([args[k], args[k].take([0], axis)], axis)
    try:
        wanted = cell(*args)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            compiled(*args)
    else:
        assert compiled(*args)[0] == wanted


def first_parts(x: Any, n: int) -> Any:
    total = 0.0
    for _ in range(3):
        total = total + np.sum(x[:n] * x[n : 2 * n])
    return total


def test_a_bound_that_follows_from_another_one_is_not_asked() -> None:
    asked = [line.strip() for line in lines_of(first_parts, np.ones(7), 3) if line.startswith("    if ")]
    assert asked == ["if n < 0 or x.shape[0] < 2 * n:"]


def neighbours(x: Any) -> Any:
    return np.sum(x[1:] * x[:-1])


@pytest.mark.parametrize("control", ["keep", "record"])
def test_the_value_is_computed_before_its_adjoint(control: str) -> None:
    text = text_of(neighbours, np.ones(4), control=control)
    at = next(k for k, line in enumerate(text) if line.startswith("    value = "))
    assert text[at + 1] == "    # adjoint of test_text.py: return np.sum(x[1:] * x[:-1])" and len(text) > at + 4
    assert text[-1].startswith("    return value, ") and "    # test_text.py: return np.sum(x[1:] * x[:-1])" in text[:at]


def hoisted(a: Any, n: int) -> Any:
    u = a.copy()
    for _ in range(n):
        for i in range(1, len(u)):
            for j in range(1, len(u)):
                u[i, j] = 0.5 * (u[i - 1, j - 1] + u[i - 1, j])
    return np.sum(u)


def test_a_comment_stands_once_where_its_line_is_and_once_above_its_adjoint() -> None:
    text = [line for line in text_of(hoisted, np.ones((3, 3)), 2) if re.search(r"#.*u\[i, j\] = 0.5 \* \(u\[i - 1, j - 1\]", line)]
    assert [line.split("test_text.py")[0] for line in text] == [" " * 16 + "# ", " " * 16 + "# adjoint of "]


def quotients(x: Any, a: float) -> Any:
    total = 0.0
    for i in range(len(x)):
        d = x[i] - a
        total += math.sin(d) / (d * d + 1.0)
    return total


def test_what_is_computed_again_stands_under_the_comment_of_an_adjoint() -> None:
    text = text_of(quotients, np.ones(3), 0.5)
    first, *again = [k for k, line in enumerate(text) if line.lstrip().startswith("d = ")]
    assert not text[first - 1].lstrip().startswith("# adjoint of")
    assert again and all(text[k - 1].lstrip().startswith("# adjoint of") for k in again), text
    assert [line.strip() for line in text if line.endswith("# test_text.py: d = x[i] - a")] == ["# test_text.py: d = x[i] - a"]


def scaled_parts(x: Any, c: Any) -> Any:
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * c[i]
    y[1:] = y[1:] / 3.0
    return np.sum(y * y)


def test_a_part_that_is_multiplied_is_written_so() -> None:
    text = "\n".join(lines_of(scaled_parts, np.ones(3), np.ones(3)))
    assert "y[i] *= c[i]" in text and "y[1:] /= 3.0" in text


def of_other_kinds(x: Any, c: Any) -> Any:
    y = np.zeros((2, len(x)))
    y[0] = x
    y[0] = y[0] * c
    n = np.arange(3)
    n[1:] = n[1:] / 2
    return np.sum(y * y) + n[2]


def test_a_part_takes_what_has_other_sizes_or_is_of_another_kind() -> None:
    x, c = np.array([0.5, 1.5]), np.array([[2.0, 3.0]])
    for control in ("keep", "record"):
        value, gradient = value_and_grad(of_other_kinds, control=control)(x, c)
        assert value == of_other_kinds(x, c)
        np.testing.assert_allclose(gradient, 2 * x * c[0] ** 2, rtol=1e-12)


def of_one_size(n: int, x: Any) -> Any:
    y = np.zeros((n,))
    for i in range(n):
        y[i] = x[i] * x[i]
    return np.sum(y)


def test_a_shape_of_one_size_is_that_size() -> None:
    text = "\n".join(lines_of(of_one_size, 3, np.ones(3), argnums=1))
    assert "np.zeros(n)" in text and "(n,)" not in text


def carried_back(a: Any, x: Any) -> Any:
    x = x.copy()
    for i in range(len(x) - 1):
        x[i + 1] = a[i] * x[i] * x[i + 1]
    return np.sum(x)


def test_an_element_that_has_a_name_is_not_memory() -> None:
    """What reads it is written in place although the array is written in between."""
    text = "\n".join(lines_of(carried_back, np.ones(4), np.ones(4), argnums=0))
    assert not re.search(r"t(\d+) = .*\n(.*\n)?.*_bar\[i\] (-|\+)?= t\1$", text, re.MULTILINE), text


def first_elements(a: Any, b: Any) -> Any:
    x = np.zeros(len(a))
    x[0] = a[0] / b[0]
    x[1] = a[1] / b[0]
    for i in range(2, len(a)):
        x[i] = a[i] * x[i - 1]
    return np.sum(x)


def test_an_element_of_an_argument_is_written_where_it_is_used_outside_loops() -> None:
    text = lines_of(first_elements, np.ones(4), np.ones(4), argnums=(0, 1))
    assert sum(line.count("/ b[0]") for line in text) > 3 and not any(line.endswith(" = b[0]") for line in text)
