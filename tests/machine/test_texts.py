"""A number that is read from a text of a differentiated value is refused, never a zero; texts for people are no matter."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from s2sad import CannotKeep, MissingRule, UnsupportedMutation, grad, tape, value_and_grad, vjp

REASON = "a number is read from a text that was made of a value that is being differentiated"
READ: dict[str, Callable[..., Any]] = {
    "str": lambda x: float(str(x)) * 2.0,
    "repr": lambda x: float(repr(x)) * 2.0,
    "format": lambda x: float(format(x, ".3f")) * x,
    "an f-string": lambda x: float(f"{x:.3f}"),
    "a number of NumPy": lambda x: np.float64(str(x)),
    "a complex number": lambda x: complex(str(x)).real,
}
DERIVED: dict[str, Callable[..., Any]] = {
    "a part": lambda x: float(str(x)[:3]),
    "words": lambda x: sum(float(word) for word in f"{x} {x}".split()),
    "joined": lambda x: float("".join([str(x), "0"])),
    "a sum": lambda x: float("1" + str(x)),
    "a method": lambda x: float(str(x).strip()),
    "an operator": lambda x: float("%.3f" % x),  # noqa: UP031
    "an array": lambda x: np.array([str(x)]).astype(float)[0],
}  # fmt: skip


@pytest.mark.parametrize("name", READ | DERIVED)
def test_a_number_from_a_text_is_refused(name: str) -> None:
    f = (READ | DERIVED)[name]
    for control in ("record", "auto", "keep"):
        with pytest.raises((MissingRule, CannotKeep) if control == "keep" else MissingRule) as caught:
            grad(f, control=control)(1.5)
        assert control == "keep" or REASON in str(caught.value) or name in ("an operator", "an array")
    with pytest.raises(MissingRule):
        vjp(f, 1.5)
    if name in READ:
        with pytest.raises(MissingRule, match=REASON):
            tape.gradient(f, (1.5,))


def test_texts_for_people_and_texts_of_constants() -> None:
    stream = io.StringIO()

    def logged(x: Any, k: Any) -> Any:
        text = f"{x:.2f}"
        stream.write(text)
        return x * float(str(k)) * len(text.split(".")) * float("2.0") * (1.0 if text == "1.50" else 3.0)

    assert [grad(logged)(x, 3.0) for x in (1.5, 2.5)] == [12.0, 36.0]
    assert stream.getvalue() == "1.502.50"
    assert grad(lambda x: x * json.loads("2.0"))(1.5) == 2.0
    assert grad(lambda x: x * int(f"{x:.0f}"))(2.0) == 2.0  # whole numbers have the derivative zero, as int(x) has


def test_an_inner_derivative_does_not_refuse_what_is_constant_for_it() -> None:
    def inner(y: Any, x: Any) -> Any:
        return y * float(str(x))

    assert grad(inner)(2.0, 3.0) == 3.0
    with pytest.raises(MissingRule, match=REASON):
        grad(lambda x: grad(inner)(2.0, x))(3.0)


def overlapping(a: Any) -> Any:
    a[0] = 5.0
    return np.sum(a * a)


def test_a_written_argument_that_overlaps_itself_is_refused() -> None:
    memory = np.array([1.0, 2.0, 3.0, 4.0])
    for control in ("record", "auto", "keep"):
        for shape, strides in (((2, 2), (8, 8)), ((3, 2), (8, 16)), ((2, 2), (0, 8)), ((2, 2), (4, 16))):
            with pytest.raises((UnsupportedMutation, ValueError), match=r"share memory with one another|read-only"):
                grad(overlapping, control=control)(as_strided(memory, shape, strides))
        for apart in (as_strided(memory, (2, 2), (8, 16)), memory.reshape(2, 2).T, memory[::-1].reshape(2, 2), memory[::2]):
            try:
                assert np.all(grad(overlapping, control=control)(apart)[0] == 0.0)
            except CannotKeep:
                assert control == "keep"
    assert memory.tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("control", ["record", "auto", "tape"])
def test_methods_of_a_text_from_outside_write_what_is_differentiated(control: str) -> None:
    def f(x: float, form: str, between: str) -> float:
        text = form.format(x) + between.join(f"{v:.0f}" for v in (x, 10.0 * x))
        return x * len(text) + x * x * text.count("1")

    derived = (lambda *args: tape.gradient(f, args)) if control == "tape" else value_and_grad(f, control=control)
    for x, form, between, slope in (
        (1.25, "{:.2f}", "-", 8.0 + 2.5 * 3),  # 1.251-12
        (1.25, "{:.1f}", "-", 7.0 + 2.5 * 3),  # 1.21-12
        (3.25, "{:.2f}", "", 7.0),  # 3.25332
        (1.25, "x", "-+", 6.0 + 2.5 * 2),  # x1-+12
    ):
        assert derived(x, form, between) == (f(x, form, between), slope)


def test_a_number_read_from_what_a_text_from_outside_wrote_is_refused() -> None:
    with pytest.raises(MissingRule, match="read from a text"):
        value_and_grad(lambda x, form: float(form.format(x)) * x)(1.5, "{}")
