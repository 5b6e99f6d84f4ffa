"""The rules of operators, math, cmath and elementwise NumPy functions, evaluated on plain numbers.

Every primitive that the three modules register needs a row of samples below: its pullbacks are compared with central
differences of `Re sum(g * f)` on them. Complex gradients are compared as d/da - i d/db.
"""
from __future__ import annotations

import ast
import builtins
import cmath
import contextlib
import doctest
import inspect
import math
import pathlib
import runpy
import types
import warnings
from typing import Any
from unittest import mock

import numpy as np
import pytest

import s2sad.rules
from s2sad.rules import language
from s2sad.rules.language import BY_FUNCTION, BY_NAME, Primitive
from s2sad.rules.rule_text import REQUIRED, SYMBOLS, Formula
from s2sad.runtime import functions as runtime
from tests.rule_samples_elementwise import EDGES, ROWS, arguments

pytestmark = pytest.mark.sampled(1)  # all of them: each is of another function

MODULES = ("operators", "math_functions", "ufuncs")
STEP = 1e-4


def registered(module: str) -> dict[str, Primitive]:
    """What one module of rules registers, by running it once more against empty tables."""
    tables = (BY_FUNCTION, BY_NAME, language.METHODS, language.ATTRIBUTES, language.METHOD_NAMES)
    with contextlib.ExitStack() as stack:
        for table in tables:
            stack.enter_context(mock.patch.dict(table, clear=True))
        path = pathlib.Path(s2sad.rules.__path__[0]) / f"{module}.py"
        runpy.run_path(str(path), run_name=f"s2sad.rules.{module}")
        return dict(BY_NAME)


PRIMITIVES = {name: p for module in MODULES for name, p in registered(module).items()}


def evaluate(primitive: Primitive, bound: list[Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return primitive.evaluate(bound)


def results(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value]


def cotangent_of(value: Any, rng: np.random.Generator) -> Any:
    """A random cotangent of the shape and dtype of a result; zero for a result that is no float."""
    if isinstance(value, tuple):
        return tuple(cotangent_of(v, rng) for v in value)
    dtype = np.asarray(value).dtype
    if dtype.kind not in "fc":
        return np.zeros(np.shape(value))
    g = rng.uniform(0.5, 2.0, np.shape(value)).astype(dtype)
    if dtype.kind == "c":
        g = g + 1j * rng.uniform(0.5, 2.0, np.shape(value)).astype(g.real.dtype)
    return g if isinstance(value, np.ndarray) else dtype.type(g) if isinstance(value, np.generic) else g.item()


def pullback(primitive: Primitive, name: str, bound: list[Any], ans: Any, g: Any) -> Any:
    """The contribution to one parameter as the engine makes it, before it sums over broadcast axes."""
    formula = primitive.pullbacks[name]
    values = {p.name: v for p, v in zip(primitive.parameters, bound, strict=True)}
    with np.errstate(all="ignore"):
        value = eval(formula.text, {**formula.namespace, **values, "ans": ans, "g": g})
        return value if primitive.kind != "elementwise" or formula.uses_cotangent else g * value


def settle(contribution: Any, argument: Any) -> Any:
    """The contribution in the shape of its argument, real for a real one."""
    if isinstance(argument, (list, tuple)):
        return [settle(c, a) for c, a in zip(contribution, argument, strict=True)]
    summed = runtime.unbroadcast(contribution, np.shape(argument))
    return np.real(summed) if np.asarray(argument).dtype.kind == "f" else summed


def replaced(bound: list[Any], position: int, path: tuple[int, ...], new: Any) -> list[Any]:
    """The arguments with one of them, or one item of it, replaced."""
    if path:
        items = list(bound[position])
        items[path[0]] = new
        new = type(bound[position])(items)
    return [*bound[:position], new, *bound[position + 1 :]]


def seeded(value: Any, g: Any) -> float:
    """`Re sum(g * value)`."""
    return sum(float(np.real(np.sum(np.multiply(c, r)))) for c, r in zip(results(g), results(value), strict=True))


def differences(primitive: Primitive, bound: list[Any], position: int, path: tuple[int, ...], g: Any) -> Any:
    """Central differences of fourth order of `Re sum(g * f)` in every entry of one argument."""
    argument = bound[position][path[0]] if path else bound[position]
    value = np.asarray(argument)
    gradient = np.zeros(value.shape, value.dtype)
    for index in np.ndindex(value.shape):
        for direction in (1.0, 1j) if value.dtype.kind == "c" else (1.0,):
            total = 0.0
            for k, weight in ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12)):
                moved = value.copy()
                moved[index] += k * STEP * direction
                new = moved if isinstance(argument, np.ndarray) else moved.item()
                value_there = evaluate(primitive, replaced(bound, position, path, new))
                total += weight * seeded(value_there, g)
            gradient[index] += total / STEP * np.conj(direction)
    return gradient


def inexact(argument: Any) -> bool:
    return not isinstance(argument, (list, tuple, str, type(None))) and np.asarray(argument).dtype.kind in "fc"


def leaves(argument: Any) -> list[tuple[tuple[int, ...], Any]]:
    if isinstance(argument, (list, tuple)):
        return [((i,), a) for i, a in enumerate(argument) if inexact(a)]
    return [((), argument)] if inexact(argument) else []


def test_every_primitive_has_samples() -> None:
    assert set(PRIMITIVES) <= set(ROWS), sorted(set(PRIMITIVES) - set(ROWS))


CASES = [(name, i) for name, samples in ROWS.items() if name in PRIMITIVES for i in range(len(samples))]


def bound_to(primitive: Any, given: Any) -> list[Any]:
    """Sample arguments in the order of the parameters; those with a default by name, as a call may ask for."""
    if any(p.variadic for p in primitive.parameters):
        return list(primitive.bind(tuple(given), {}))
    required = [p for p in primitive.parameters if p.default is REQUIRED]
    named = {p.name: v for p, v in zip(primitive.parameters[len(required) :], given[len(required) :], strict=False)}
    return list(primitive.bind(tuple(given[: len(required)]), named))


@pytest.mark.parametrize(("name", "number"), CASES)
def test_pullbacks_agree_with_differences(name: str, number: int) -> None:
    primitive = PRIMITIVES[name]
    given = arguments(ROWS[name][number], 7 * number + 1)
    bound = bound_to(primitive, given)
    ans = evaluate(primitive, bound)
    g = cotangent_of(ans, np.random.default_rng(number))
    for position, argument in enumerate(bound[: len(given)]):
        parameter = primitive.parameters[position].name
        if not leaves(argument) or (primitive.pullbacks and parameter not in primitive.pullbacks):
            continue
        settled = settle(pullback(primitive, parameter, bound, ans, g), argument) if primitive.pullbacks else None
        for path, leaf in leaves(argument):
            got = np.zeros(np.shape(leaf)) if settled is None else settled[path[0]] if path else settled
            expected = differences(primitive, bound, position, path, g)
            scale = max([1.0, *np.abs(expected).ravel(), *(np.abs(np.sum(r)) for r in results(ans) if inexact(r))])
            np.testing.assert_allclose(got, expected, rtol=0, atol=3e-11 * scale, err_msg=f"{name} {parameter}")


@pytest.mark.parametrize(("name", "args", "parameter", "g", "expected"), EDGES)
def test_edges(name: str, args: tuple[Any, ...], parameter: str, g: Any, expected: Any) -> None:
    primitive = PRIMITIVES[name]
    bound = bound_to(primitive, args)
    contribution = pullback(primitive, parameter, bound, evaluate(primitive, bound), g)
    np.testing.assert_array_equal(settle(contribution, bound[primitive.index(parameter)]), expected)


@pytest.mark.parametrize(("name", "number"), [c for c in CASES if PRIMITIVES[c[0]].pullbacks])
def test_single_precision_stays(name: str, number: int) -> None:
    primitive = PRIMITIVES[name]
    bound = bound_to(primitive, arguments(ROWS[name][number], number))
    bound = [b.astype(np.float32) if isinstance(b, np.ndarray) and b.dtype == np.float64 else b for b in bound]
    ans = evaluate(primitive, bound)
    if name == "interp_spread" or any(getattr(r, "dtype", None) != np.float32 for r in results(ans) if inexact(r)):
        return  # np.interp computes in double precision
    g = cotangent_of(ans, np.random.default_rng(number))
    for position, argument in enumerate(bound):
        parameter = primitive.parameters[position].name
        if getattr(argument, "dtype", None) == np.float32 and parameter in primitive.pullbacks:
            contribution = settle(pullback(primitive, parameter, bound, ans, g), argument)
            assert np.shape(contribution) == argument.shape
            assert np.result_type(contribution, np.float32) == np.float32


# Closure: whatever a right side calls has a rule, or is decided by shapes and types alone

NATIVE = {np.shape, np.ndim, np.size, len, isinstance, range, enumerate, zip, list, tuple, reversed}
KEYWORDS = (ast.Is, ast.IsNot, ast.Not, ast.In, ast.NotIn)


def unruled(tree: ast.AST, namespace: dict[str, Any], seen: set[Any]) -> list[str]:
    missing = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.UnaryOp)) and not isinstance(node.op, KEYWORDS):
            missing += [] if SYMBOLS[type(node.op)][0] in BY_NAME else [ast.unparse(node)]
        elif isinstance(node, ast.Call):
            missing += unruled_call(node.func, namespace, seen)
    return missing


def unruled_call(func: ast.expr, namespace: dict[str, Any], seen: set[Any]) -> list[str]:
    try:
        callee = eval(ast.unparse(func), {**vars(builtins), **namespace})
    except NameError:  # a method of a local value
        assert isinstance(func, ast.Attribute)
        return [] if func.attr in language.METHODS or func.attr == "append" else [ast.unparse(func)]
    if callee in BY_FUNCTION or callee in NATIVE or callee in seen:
        return []
    seen.add(callee)
    if isinstance(callee, types.FunctionType) and callee.__module__.startswith("s2sad."):
        return unruled(ast.parse(inspect.getsource(callee)).body[0], callee.__globals__, seen)
    return [ast.unparse(func)]


FORMULAS = [(f"{name}: {formula.text}", formula) for name, primitive in PRIMITIVES.items()
            for formula in (*primitive.pullbacks.values(), primitive.jvp) if formula is not None]  # fmt: skip


@pytest.mark.parametrize("formula", [f for _, f in FORMULAS], ids=[label for label, _ in FORMULAS])
def test_right_sides_are_closed(formula: Formula) -> None:
    assert unruled(ast.parse(formula.text), dict(formula.namespace), set()) == []


def test_every_ufunc_and_every_function_of_math_has_a_rule() -> None:
    functions = [f for f in vars(np).values() if isinstance(f, np.ufunc)]
    functions += [f for m in (math, cmath) for f in vars(m).values() if isinstance(f, types.BuiltinFunctionType)]
    functions += [function for _, function in SYMBOLS.values()]
    known = {p.callee for p in PRIMITIVES.values()}
    assert [f.__name__ for f in functions if f not in known] == []


# The special functions of the runtime, against closed forms


def test_polygamma() -> None:
    assert math.isclose(runtime.digamma(1.0), -np.euler_gamma, rel_tol=1e-15)
    assert math.isclose(runtime.digamma(0.5), -np.euler_gamma - 2 * math.log(2), rel_tol=1e-15)
    assert math.isclose(runtime.polygamma(1, 0.5), math.pi**2 / 2, rel_tol=1e-15)
    assert math.isclose(runtime.polygamma(3, 1.0), math.pi**4 / 15, rel_tol=1e-15)
    assert math.isclose(runtime.polygamma(1, -0.5), math.pi**2 / 2 + 4, rel_tol=1e-15)
    assert math.isclose(runtime.polygamma(2, 1e5), -1.00001000005e-10, rel_tol=1e-13)
    assert math.isclose(runtime.polygamma(1, 1e-200), math.inf) and math.isnan(runtime.digamma(-3.0))
    for n in range(4):
        for x in (-2.75, -0.3, 0.1, 1.9, 17.3):  # psi_n(x + 1) - psi_n(x) = (-1)^n n! / x^(n + 1)
            jump = (-1) ** n * math.factorial(n) / x ** (n + 1)
            size = max(abs(jump), abs(runtime.polygamma(n, x)))
            got = runtime.polygamma(n, x + 1) - runtime.polygamma(n, x)
            assert math.isclose(got, jump, abs_tol=1e-14 * size, rel_tol=0)


def test_derivatives_of_sinc_and_i0() -> None:
    for x in (0.0, 1e-9, 0.3, 0.95, 0.96, 1.27, 1.28, 4.1, -7.7):
        s = [runtime.sinc_derivative(x, n) for n in range(4)]
        t = math.pi * x
        assert math.isclose(s[0], np.sinc(x), abs_tol=1e-15)
        for n in range(1, 4):  # x s(x) = sin(pi x) / pi, differentiated n times
            right = math.pi ** (n - 1) * math.sin(t + n * math.pi / 2)
            assert math.isclose(x * s[n] + n * s[n - 1], right, abs_tol=4e-15 * math.pi**n)
    for x in (1e-9, 0.5, -3.0, 40.0, 600.0):  # x^2 I'' + x I' - x^2 I = 0
        i, d, dd = (runtime.i0_derivative(x, n) for n in range(3))
        assert math.isclose(i, np.i0(x), rel_tol=1e-13)
        assert math.isclose(x * dd + d, x * i, rel_tol=1e-13)


def test_runtime_examples() -> None:
    assert doctest.testmod(runtime).failed == 0
