"""Exceptions raised and caught on the way, and `with` statements."""

from __future__ import annotations

import contextlib
import math

import numpy as np

from . import program
from .samples import positive, wave


class OutOfRange(ValueError):
    def __init__(self, message, value):
        super().__init__(message)
        self.value = value


class Scope:
    """A context manager that collects what is added while it is open."""

    def __init__(self, scale):
        self.scale = scale
        self.items = []
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.closed = True
        return kind is not None and issubclass(kind, OutOfRange)

    def add(self, value):
        if value > 10.0:
            raise OutOfRange("too large", value)
        self.items.append(value * self.scale)


@contextlib.contextmanager
def logged(log, name, weight):
    log.append(f"enter {name}")
    try:
        yield weight * 2
    finally:
        log.append(f"leave {name}")


def checked_sqrt(x):
    if x < 0:
        raise OutOfRange(f"negative: {x:.1f}", -x)
    return math.sqrt(x)


@program((2.0, 0.5, 4.0), (2.0, 0.5, 0.0), argnums=(0, 1))
def zero_division_caught(x, y, divisor):
    try:
        ratio = x / divisor
    except ZeroDivisionError:
        ratio = y * 3
    return ratio * x + y


@program((0.5, "a"), (0.5, "missing"), (0.5, None), argnums=0)
def key_error_with_fallback(x, key):
    table = {"a": x**2, "b": math.exp(x)}
    try:
        value = table[key]
    except KeyError as error:
        value = 4 * x if error.args[0] is None else x
    else:
        value = value + table["b"]
    return value * 2


@program(([0.5, 1.5, -0.7], 2.0), ([0.9], 0.3), argnums=(0, 1))
def index_error_ends_loop(values, x):
    total, k = 0.0, 0
    while True:
        try:
            total += values[k] * x ** (k + 1)
        except IndexError:
            break
        k += 1
    return total + k * x


@program((4.0, 2.0), (-4.0, 2.0), (20.0, 0.5), argnums=(0, 1))
def custom_exception_carries_a_value(x, y):
    try:
        root = checked_sqrt(x) * y
        if root > 2.2:
            raise OutOfRange("big", root / 2)
    except OutOfRange as problem:
        root = problem.value * y**2 + (len(str(problem)) > 4)
    return root + x * y


@program((0.7, 1), (0.7, 2), (0.7, 3), (0.7, 4), argnums=0)
def clauses_else_and_finally(x, which):
    trail = []
    try:
        trail.append(x)
        if which == 1:
            raise ValueError("one")
        if which == 2:
            raise TypeError("two")
        if which == 3:
            {}["three"]
    except ValueError:
        trail.append(x * 2)
    except (TypeError, LookupError) as error:
        trail.append(x**3 if isinstance(error, KeyError) else -x)
    else:
        trail.append(math.sin(x))
    finally:
        trail.append(1.5 * x)
    return sum(t * (k + 1) for k, t in enumerate(trail))


@program((0.7, 5.0), (0.7, 0.2), argnums=(0, 1))
def finally_runs_on_return(x, y):
    state = {"total": x}

    def compute():
        try:
            if y > 1:
                return x * y
            state["total"] = state["total"] + y
        finally:
            state["total"] *= 3
        return x - y

    return compute() + state["total"]


@program((3.0, 1.0), (-3.0, 1.0), (-3.0, -1.0), argnums=(0, 1))
def reraise_and_chain(x, y):
    def inner():
        try:
            return checked_sqrt(x)
        except OutOfRange as error:
            if y < 0:
                raise RuntimeError("nested") from error
            raise

    try:
        return inner() * y
    except OutOfRange as error:
        return error.value * y
    except RuntimeError as error:
        return error.__cause__.value * x * y


@program((positive(4),), (wave(4),), (wave(5, phase=1.0),))
def exceptions_inside_a_loop(values):
    total, failures = 0.0, 0
    for v in values:
        try:
            total += checked_sqrt(v) * (failures + 1)
        except ValueError as error:
            failures += 1
            total -= error.value**2
            continue
        finally:
            total *= 1.1
    return total + failures


@program((2.0, 1.5), (33.0, 1.5), argnums=(0, 1))
def with_user_context_manager(x, scale):
    with Scope(scale) as scope:
        scope.add(x / 3)
        scope.add(x * x / 10)
        scope.add(x)
        assert not scope.closed
    bonus = x if len(scope.items) == 3 else scale
    return sum(item**2 for item in scope.items) + scope.closed * bonus


@program((0.4, 1.5), (2.4, -0.3), argnums=(0, 1))
def with_contextlib_managers(x, y):
    log = []
    with logged(log, "outer", x) as a, logged(log, "inner", y) as b:
        value = a * b
        with contextlib.suppress(ZeroDivisionError, KeyError):
            value = value + x
            value = value / (0.0 if x > 1 else 2.0)
            value = value * 1.5
    with contextlib.ExitStack() as stack, np.errstate(divide="ignore"):
        weight = stack.enter_context(logged(log, "stack", value))
        weight = weight + np.log(np.abs(x))
    return value * weight + len(log) * y


@program((np.array([2.0, 1.0]), np.array([[1.0, 2.0], [3.0, 4.5]])), (np.array([2.0, 1.0]), np.ones((2, 2))), argnums=0)
def linalg_error_falls_back(b, a):
    try:
        solution = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        solution = b / np.trace(a)
    return np.sum(solution**2)


@program(("1.5", 0.4), ("many", 0.4), (None, 0.4), argnums=1)
def parsing_with_fallbacks(text, x):
    try:
        factor = float(text)
    except ValueError:
        factor = float(len(text))
    except TypeError:
        factor = -1.0
    try:
        return factor * math.log(x - 0.5)
    except ValueError:
        return factor * x**2
