"""Where NumPy takes an array it takes a list: each rule with a list for each of its arrays, and what a rule raises."""
from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, RuleError, grad, linear, rule, tape, value_and_grad
from s2sad.rules.language import BY_NAME, Primitive
from tests.oracles import assert_close, assert_identical
from tests.rules.test_rules_arrays import SAMPLES
from tests.rules.test_rules_elementwise import ROWS, arguments


def calls(name: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The arguments of sample calls of a primitive."""
    if name in SAMPLES:
        yield from ((call.args, call.kwargs) for call in SAMPLES[name])
    else:
        yield from ((tuple(arguments(text, 3)), {}) for text in ROWS.get(name, ()))


def is_small(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == float and 0 < value.size <= 12 and value.ndim > 0


def cases() -> Iterator[tuple[str, int]]:
    """Each parameter of a rule that takes an array."""
    for name, primitive in BY_NAME.items():
        if primitive.pullbacks and (name.startswith("np.") or name in ("+", "-", "*", "/", "**", "@")):
            for position, parameter in enumerate(primitive.parameters):
                if parameter.name in primitive.pullbacks and not parameter.variadic and sample(name, position) is not None:
                    yield name, position


@functools.cache
def sample(name: str, position: int) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    """A sample call with a small array of floats there, and with an array elsewhere where Python asks for one."""
    operator = not name.startswith("np.")
    fitting = (c for c in calls(name) if len(c[0]) > position and is_small(c[0][position]) and not np.isnan(c[0][position]).any()
               and (not operator or isinstance(c[0][1 - position], np.ndarray)))  # fmt: skip
    return next(fitting, None)


def total(primitive: Primitive, kwargs: dict[str, Any]) -> Callable[..., Any]:
    callee = primitive.callee

    def f(*args: Any) -> Any:
        result = callee(*args, **kwargs)
        parts = result if isinstance(result, (tuple, list)) else [result]
        return sum(np.sum(np.real(part) * 1.5) for part in parts)

    return f


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("name", "position"), list(cases()))
def test_a_list_for_an_array_where_numpy_takes_one(name: str, position: int) -> None:
    args, kwargs = sample(name, position) or ((), {})
    f = total(BY_NAME[name], kwargs)
    listed = tuple(a.tolist() if i == position else a for i, a in enumerate(args))
    expected = value_and_grad(f, argnums=position, control="record")(*args)
    ways = value_and_grad(f, argnums=position, control="record"), lambda *args: tape.gradient(f, args, position)
    try:
        f(*listed)
    except Exception as error:  # it does not
        for way in ways:
            with pytest.raises(type(error)):
                way(*listed)
        return
    for found in (way(*listed) for way in ways):
        assert_identical(found[0], f(*listed))
        assert_close(np.array(found[1]), expected[1], 1e-12)


def kept_and_recorded(f: Any, *args: Any) -> list[Any]:
    found = [value_and_grad(f, control=control)(*args) for control in ("record", "keep", "auto")]
    assert all(value == f(*args) for value, _ in found)
    return [gradient for _, gradient in found] + [tape.gradient(f, args, 0)[1]]


@pytest.mark.parametrize(("function", "expected"), [
    (lambda x: np.sum(np.matmul([x, x], [x, x])), 8.0),  # 2 x x
    (lambda x: np.sum([x, 2.0 * x] @ np.array([[1.0, 2.0], [3.0, 4.0]])), 17.0),  # 3 x + 14 x
    (lambda x: np.sum(np.power([x, 3.0], x)), 4.0 * (math.log(2.0) + 1.0) + 9.0 * math.log(3.0)),
    (lambda x: np.sum(np.array(x) ** [2.0, 3.0]), 16.0),  # 2 x + 3 x x
    (lambda x: np.sum(np.float64(x) ** [2.0, 3.0]), 16.0),
    (lambda x: np.sum(np.clip([x, 3.0 * x], 0, 5)), 1.0),
    (lambda x: np.sum(np.transpose([x, x]) * [1.0, x]), 5.0),  # x + x x
    (lambda x: np.sum(np.clip(np.array([x, x]), [0.0, 3.0], (5.0, 5.0))), 1.0),
    (lambda x: np.sum(np.outer([1.0, 2.0], (x, x * x))), 15.0),  # 3 (x + x x)
    (lambda x: np.linalg.norm([[x, 0.0], [0.0, 0.0]]), 1.0),
])  # fmt: skip
def test_lists_as_people_write_them(function: Any, expected: float) -> None:
    assert_close(kept_and_recorded(function, 2.0), [expected] * 4, 1e-12)


@pytest.mark.parametrize("function", [lambda x: np.sum(x ** [2.0, 3.0]), lambda x: np.sum([x] * 2 + x), lambda x: x - [x]])
def test_lists_that_python_does_not_take(function: Any) -> None:
    with pytest.raises(TypeError) as plain:
        function(2.0)
    for control in ("record", "auto"):
        with pytest.raises(TypeError) as found:
            grad(function, control=control)(2.0)
        assert str(found.value) == str(plain.value)


def chosen(a: Any, where: Any) -> Any:
    return np.multiply(a, np.equal(where, 1))


linear("chosen(a, where)", a="np.where(np.equal(where, 1), np.add(g, [0.0]), np.multiply([0, 0, 0], where))")


@pytest.mark.parametrize("where", [[0, 1, 1], (0, 1, 1), np.array([0, 1, 1])])
def test_operators_are_written_of_arrays_alone(where: Any) -> None:
    """`[0, 1, 1] == 1` is no array of truth values."""
    source = grad(lambda a: np.sum(chosen(a, where)))
    assert source(np.arange(3.0)).tolist() == [0.0, 1.0, 1.0]
    assert grad(lambda a: np.sum(chosen(a, [0, 1, 1])))(np.arange(3.0)).tolist() == [0.0, 1.0, 1.0]


def halved_items(a: Any) -> Any:
    return np.divide(a, 2.0)


def _wants_a_shape(g: Any, a: Any) -> Any:
    return g * a.shape[3]


rule("halved_items(a)", a="_wants_a_shape(g, a)")


def test_what_a_rule_raises_is_told_at_the_users_line() -> None:
    def f(x: Any) -> Any:
        return np.sum(halved_items(x))

    message = r"(?s)test_lists_as_arrays.py:\d+:.*bad rule: the rule '_wants_a_shape\(g, a\)' of halved_items raises IndexError: " \
              r"tuple index out of range.*np.sum\(halved_items\(x\)\).*hint: it is given at .*test_lists_as_arrays.py:\d+"  # fmt: skip
    for derivative in (grad(f, control="record"), grad(f)):
        with pytest.raises(RuleError, match=message):
            derivative(np.ones(2))
    with pytest.raises(RuleError, match=r"(?s)test_lists_as_arrays.py:\d+:.*the rule .* of halved_items raises IndexError.*def f\(x"):
        tape.gradient(f, (np.ones(2),), 0)
    with pytest.raises((RuleError, CannotKeep)):
        grad(f, control="keep")(np.ones(2))
