"""Exceptions of the user's function come out as they are, with the user's lines, recorded or compiled."""

from __future__ import annotations

import contextlib
import logging
import math
import traceback
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from tests.oracles import agrees, module

TABLE = {"a": 2.0}
ITEMS = [1.0, 2.0]


class Refused(Exception):
    """An exception class of the user's, with attributes."""

    def __init__(self, code: int, value: Any) -> None:
        super().__init__(f"refused with code {code}")
        self.code, self.value = code, value


RAISING = {
    "raise": ("raise ValueError('negative')", ValueError, "negative"),
    "division": ("x = 1.0 / (x + 1.0)", ZeroDivisionError, "float division by zero"),
    "math": ("x = math.log(x)", ValueError, None),
    "index": ("x = x * ITEMS[5]", IndexError, "list index out of range"),
    "key": ("x = x * TABLE['missing']", KeyError, "'missing'"),
    "attribute": ("x = x * math.absent", AttributeError, "absent"),
    "name": ("x = x * nothing", NameError, "name 'nothing' is not defined"),
    "type": ("x = x + 'text'", TypeError, None),
    "unpack": ("a, b = [x, x, x]", ValueError, "too many values to unpack"),
    "assert": ("assert x > 0, 'must be positive'", AssertionError, "must be positive"),
    "call": ("x = math.sin(x, x)", TypeError, None),
    "shape": ("x = np.ones(2) @ np.ones(3) * x", ValueError, None),
    "axis": ("x = np.sum(np.ones(3) * x, axis=3)", Exception, "axis 3 is out of bounds"),
    "reshape": ("x = np.sum(np.reshape(np.ones(3) * x, (2, 2)))", ValueError, "cannot reshape"),
    "singular": ("x = np.sum(np.linalg.inv(np.zeros((2, 2)) * x))", np.linalg.LinAlgError, "Singular matrix"),
    "unbound": ("x = x * late; late = 1.0", UnboundLocalError, "late"),
    "overflow": ("x = math.exp(1000.0 * abs(x))", OverflowError, None),
    "iteration": ("x = sum(v for v in x)", TypeError, "not iterable"),
    "own": ("raise Refused(3, None)", Refused, "refused with code 3"),
    "stop": ("x = next(iter([]))", StopIteration, None),
}


@pytest.mark.parametrize("case", RAISING)
def test_the_users_exception_and_line(case: str) -> None:
    statement, kind, text = RAISING[case]
    made = module(f"import math\nimport numpy as np\n\n\ndef helper(x):\n    {statement}\n    return x\n\n\n"
                  "def f(x):\n    y = x * 2.0\n    if x < 0:\n        y = helper(x)\n    return y * x\n",
                  TABLE=TABLE, ITEMS=ITEMS, Refused=Refused)  # fmt: skip
    with pytest.raises(kind) as plain:
        made.f(-1.0)
    for derivative in (grad(made.f), value_and_grad(made.f)):
        for x in (-1.0, 2.0, -1.0, -1.0):
            if x > 0:
                agrees(value_and_grad(made.f), made.f, x)
                derivative(x)
                continue
            with pytest.raises(kind) as caught:
                derivative(x)
            assert type(caught.value) is plain.type
            assert text is None or text in str(caught.value)
            if case not in ("type", "call", "iteration"):
                assert str(caught.value) == str(plain.value)
            lines = users_lines(caught.value, made.f.__code__.co_filename)
            assert lines == [("f", 13, "y = helper(x)"), ("helper", 6, statement)]


def users_lines(error: BaseException, file: str) -> list[tuple[str, int | None, str | None]]:
    """Function, line and text of the frames of the traceback that stand in a file, the innermost last."""
    return [(f.name, f.lineno, f.line) for f in traceback.extract_tb(error.__traceback__) if f.filename == file]


def test_an_exception_from_a_compiled_path_has_the_users_line() -> None:
    made = module("import math\n\n\ndef f(x):\n    y = x + 1.0\n    return math.log(y) * x\n")
    derivative = grad(made.f)
    derivative(1.0)
    assert len(derivative.paths) == 1
    with pytest.raises(ValueError) as caught:
        derivative(-2.0)
    assert users_lines(caught.value, made.f.__code__.co_filename) == [("f", 6, "return math.log(y) * x")]
    assert derivative(1.0) == pytest.approx(math.log(2.0) + 0.5)
    assert len(derivative.paths) == 1


def test_the_adjoint_never_raises_where_the_function_does_not() -> None:
    """`sqrt` has an infinite derivative at 0: that is a value, with a warning, and no exception."""
    with pytest.warns(RuntimeWarning):
        value, gradient = value_and_grad(lambda x: math.sqrt(x))(0.0)
    assert value == 0.0 and gradient == math.inf


def test_attributes_cause_and_context_of_the_exception() -> None:
    def f(x):
        try:
            return 1.0 / x
        except ZeroDivisionError as error:
            raise Refused(7, x) from error

    derivative = grad(f)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            derivative(0.0)
        assert caught.value.code == 7 and type(caught.value.value) is float and caught.value.value == 0.0
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert derivative(2.0) == -0.25


def test_an_exception_with_values_in_it_holds_plain_numbers() -> None:
    def f(x):
        y = x * 2.0
        if np.sum(y) > 3.0:
            raise ValueError("too large", y, [x, 1.0], {"y": y})
        return np.sum(y)

    derivative = grad(f)
    for x in (1.0, 2.0, np.array([1.0, 2.0])):
        try:
            f(x)
        except ValueError as error:
            wanted = error
            with pytest.raises(ValueError) as caught:
                derivative(x)
            assert repr(caught.value.args) == repr(wanted.args)
            assert [type(a) for a in caught.value.args] == [type(a) for a in wanted.args]
            assert type(caught.value.args[2][0]) is type(x)
        else:
            derivative(x)


def test_messages_formatted_from_values() -> None:
    def f(x):
        if x > 1.0:
            raise ValueError(f"x is {x:.3f}, its square {x * x!r}")
        return x

    derivative = grad(f)
    for x in (2.0, 0.5, 3.0):
        if x > 1.0:
            with pytest.raises(ValueError, match=rf"^x is {x:.3f}, its square {x * x!r}$"):
                derivative(x)
        else:
            assert derivative(x) == 1.0


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_exceptions_that_are_no_errors_pass(kind: type) -> None:
    def f(x):
        if x > 1.0:
            raise kind
        return x

    derivative = grad(f)
    for x in (2.0, 0.5, 2.0):
        if x > 1.0:
            with pytest.raises(kind):
                derivative(x)
        else:
            assert derivative(x) == 1.0


def test_endless_recursion_is_a_recursion_error() -> None:
    def f(x):
        return f(x + 1.0)

    with pytest.raises(RecursionError):
        grad(f)(1.0)


# Exceptions that the function catches


def test_a_caught_exception_is_one_of_the_paths() -> None:
    def f(x):
        try:
            y = math.log(x)
        except ValueError:
            y = -(x**2)
        return y * 3.0

    derivative = value_and_grad(f)
    for x in (2.0, -1.0, 0.5, -3.0, 0.0):
        agrees(derivative, f, x)
    assert len(derivative.paths) == 2


@pytest.mark.parametrize("x", [2.0, 0.0, -1.0, 5.0])
def test_try_except_else_finally_in_any_order(x: float) -> None:
    def f(x):
        seen = []
        total = 0.0 * x
        for k in (x, 1.0, 2.0 * x):
            try:
                value = math.sqrt(k) / k
            except ZeroDivisionError as error:
                seen.append(str(error))
                total += 3.0 * k
                continue
            except (ValueError, ArithmeticError) as error:
                seen.extend(error.args)
                total += k * k
            else:
                total += value
            finally:
                total += 0.5 * k
        return total * (1.0 + len(seen))

    derivative = value_and_grad(f)
    for other in (x, 1.0, -x, x):
        agrees(derivative, f, other)


def test_what_is_caught_depends_on_the_captured_table() -> None:
    table = {"a": 2.0}

    def f(x, key):
        try:
            return x * table[key]
        except KeyError as error:
            return x * x if error.args == ("b",) else x

    derivative = value_and_grad(f)
    for key in "abc":
        agrees(derivative, f, 3.0, key)
    table["b"] = 7.0
    for key in "abc":
        agrees(derivative, f, 3.0, key)
    del table["a"]
    for key in "abc":
        agrees(derivative, f, 3.0, key)


def test_an_exception_of_a_helper_is_caught_by_its_caller() -> None:
    def check(x):
        if x < 0:
            raise Refused(1, x)
        if x > 10:
            raise Refused(2, [x, "large"])
        return x

    def f(x):
        try:
            return check(x) * 2.0
        except Refused as refused:
            if refused.code == 1:
                return -refused.value * x
            return refused.value[0] * 5.0

    derivative = value_and_grad(f)
    for x, slope in ((1.0, 2.0), (-3.0, 6.0), (20.0, 5.0), (4.0, 2.0), (-1.0, 2.0)):
        assert agrees(derivative, f, x) == slope


def test_nested_handlers_reraise_and_suppress() -> None:
    def f(x):
        with contextlib.suppress(ZeroDivisionError):
            try:
                try:
                    x = x / (x - 1.0)
                except ZeroDivisionError:
                    x = x * 3.0
                    raise
                finally:
                    x = x * 2.0
            except ValueError:
                x = x * 100.0
            x = x * 5.0
        return x

    derivative = value_and_grad(f)
    for x in (2.0, 1.0, 3.0, 1.0):
        agrees(derivative, f, x)


def test_an_exception_in_the_middle_of_an_array_function() -> None:
    def f(a):
        try:
            inverse = np.linalg.inv(a)
        except np.linalg.LinAlgError:
            inverse = a.T
        return np.sum(inverse * a)

    derivative = value_and_grad(f)
    for a in (np.eye(2) + 0.5, np.ones((2, 2)), np.eye(3), np.zeros((3, 3)), np.array([[2.0, 1.0], [0.5, 3.0]])):
        agrees(derivative, f, a)


def test_assertions_that_hold_and_fail() -> None:
    def f(x):
        assert np.all(x > 0), f"x is {x}"
        return np.sum(np.log(x))

    derivative = grad(f)
    for x in (np.array([1.0, 2.0]), np.array([1.0, -2.0]), np.array([4.0, 0.5])):
        if np.all(x > 0):
            np.testing.assert_allclose(derivative(x), 1.0 / x, rtol=1e-15)
        else:
            with pytest.raises(AssertionError, match="x is"):
                derivative(x)


def test_the_tape_raises_the_same() -> None:
    with pytest.raises(ValueError) as caught:
        tape.gradient(lambda x: math.log(x), (-1.0,))
    assert users_lines(caught.value, __file__)[-1][0] == "<lambda>"


SAYING = ["LOG.exception('late: %s', 7)", "LOG.warning('late', exc_info=True)", "LINES.append(traceback.format_exc())",
          "LINES.append(repr(sys.exc_info()[1]))", "LINES.append('plain')"]  # fmt: skip


@pytest.mark.parametrize("statement", SAYING)
def test_what_a_handler_says_of_its_exception(statement: str) -> None:
    """In each call, and with the user's lines alone; what does not ask for the exception is compiled."""
    lines: list[str] = []
    log = logging.Logger("user's")
    log.addHandler(handler := logging.Handler())
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    made = module("import math, sys, traceback\n\n\ndef f(x):\n    try:\n        return math.log(x)\n    except ValueError:\n"
                  f"        {statement}\n        return x * x\n", LOG=log, LINES=lines)  # fmt: skip
    derivative = grad(made.f)
    for x in (-1.0, -2.0, 2.0, -3.0):
        lines.clear()
        made.f(x)
        plain = [*lines]
        lines.clear()
        assert derivative(x) == (2.0 * x if x < 0 else 0.5)
        assert lines == plain and len(lines) == (x < 0)
    assert (derivative.stats().recordings == 2) == (statement == "LINES.append('plain')")
