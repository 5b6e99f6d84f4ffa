"""The rules for arrays against central differences, on plain numbers: no compiler, no tape."""
from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.rule_text import Formula
from tests.rule_samples_arrays import INDEXING, REDUCTIONS, Call
from tests.rule_samples_linalg import LINALG, PRODUCTS
from tests.rule_samples_shapes import CREATION, SHAPES

pytestmark = pytest.mark.sampled(1)  # all of them: each is of another function

MODULES = ("indexing", "reductions", "shapes", "creation", "products", "linalg", "methods")
for _module in MODULES:
    importlib.import_module(f"s2sad.rules.{_module}")

importlib.import_module("s2sad.rules.operators")
importlib.import_module("s2sad.rules.ufuncs")
SAMPLES = {**INDEXING, **REDUCTIONS, **SHAPES, **CREATION, **PRODUCTS, **LINALG}
rng = np.random.default_rng(7)
START = rng.bit_generator.state


@pytest.fixture(autouse=True)
def same_draws() -> None:
    """Each test draws the same numbers in whatever order the tests run."""
    rng.bit_generator.state = START


def draw(*shape: int) -> Any:
    return rng.standard_normal(shape)


# ---------------------------------------------------------------------------- nested values as flat vectors


def active(value: Any) -> bool:
    """Whether a sample argument is one that the engine could differentiate."""
    if isinstance(value, (list, tuple)):
        return any(active(v) for v in value)
    return isinstance(value, (float, complex, np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "fc"


def flatten(value: Any) -> np.ndarray:
    """All active entries as one vector."""
    if isinstance(value, (list, tuple)):
        return np.concatenate([np.zeros(0), *[flatten(v) for v in value]])
    return np.asarray(value).ravel() if active(value) else np.zeros(0)


def rebuild(value: Any, entries: Iterator[Any]) -> Any:
    """`value` with its active entries replaced, in the order of `flatten`."""
    if isinstance(value, (list, tuple)):
        parts = [rebuild(v, entries) for v in value]
        return parts if isinstance(value, list) else type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if not active(value):
        return value
    if isinstance(value, (float, complex)):
        return type(value)(next(entries))
    out = np.empty(np.shape(value), np.asarray(value).dtype)
    for place in np.ndindex(out.shape):
        out[place] = next(entries)
    return out if isinstance(value, np.ndarray) else out[()]


def cotangent_like(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        parts = [cotangent_like(v) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if not active(value):
        return np.zeros(np.shape(value))
    g = draw(*np.shape(value))
    g = g + 1j * draw(*np.shape(value)) if np.iscomplexobj(value) else g
    return g.astype(np.asarray(value).dtype) if isinstance(value, np.ndarray) else np.asarray(value).dtype.type(g)


def pair(g: Any, value: Any) -> Any:
    """The sum of products of cotangent and value, over every active entry."""
    if isinstance(value, (list, tuple)):
        return sum((pair(h, v) for h, v in zip(g, value, strict=True)), 0.0)
    return np.sum(np.asarray(g) * np.asarray(value)) if active(value) else 0.0


# ---------------------------------------------------------------------------- what the engine does with a rule


def unbroadcast(contribution: Any, argument: Any) -> Any:
    """Summed to the argument's shape and brought to its dtype, as the engine promises to every rule."""
    if not active(argument):
        return None
    if isinstance(argument, (list, tuple)) and not isinstance(contribution, np.ndarray):
        assert len(contribution) == len(argument), "one cotangent per element"
        return [unbroadcast(c, a) for c, a in zip(contribution, argument, strict=True)]
    c = np.asarray(contribution)
    shape = np.shape(argument)
    c = np.sum(c, axis=tuple(range(c.ndim - len(shape)))) if c.ndim > len(shape) else c
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and np.shape(c)[i] != 1)
    c = np.sum(c, axis=stretched, keepdims=True) if stretched else c
    assert np.shape(c) == shape, f"cotangent of shape {np.shape(c)} for an argument of shape {shape}"
    dtype = np.asarray(flatten(argument)).dtype if isinstance(argument, (list, tuple)) else np.asarray(argument).dtype
    return np.asarray(c if dtype.kind == "c" else np.real(c)).astype(dtype)


def contribution(primitive: Primitive, formula: Formula, bound: list[Any], ans: Any, g: Any) -> Any:
    values = dict(zip((p.name for p in primitive.parameters), bound, strict=True))
    scope = {**formula.namespace, **values, "ans": ans, "g": g}
    value = eval(compile(formula.text, "<rule>", "eval"), scope)
    return value * g if primitive.kind == "elementwise" and not formula.uses_cotangent else value


def differences(function: Callable[[Any], Any], argument: Any, g: Any, step: float = 1e-6) -> np.ndarray:
    """The derivative of `pair(g, function(argument))` by central differences: d/dx - i d/dy for complex entries."""
    point = flatten(argument)
    out = np.zeros(point.shape, point.dtype)

    def slope(i: int, h: complex) -> Any:
        ends = []
        for sign in (1, -1):
            moved = point.copy()
            moved[i] += sign * h
            ends.append(pair(g, function(rebuild(argument, iter(moved)))))
        return (ends[0] - ends[1]) / (2 * step)

    for i in range(point.size):
        if point.dtype.kind == "c":
            out[i] = np.real(slope(i, step)) - 1j * np.real(slope(i, 1j * step))
        else:
            out[i] = np.real(slope(i, step))
    return out


NARROW = {"np.float16", "np.float32", "np.complex64"}
"""Casts too coarse for differences; they have a test of their own."""


def rows() -> list[Any]:
    return [
        pytest.param(name, call, id=f"{name}-{i}") for name, calls in SAMPLES.items() for i, call in enumerate(calls)
    ]


def mine() -> list[Primitive]:
    """Every primitive that the modules under test registered."""
    files = {importlib.import_module(f"s2sad.rules.{m}").__file__ for m in MODULES}
    return [p for p in BY_NAME.values() if any(f.location.file in files for f in p.pullbacks.values())]


def test_every_primitive_has_samples() -> None:
    missing = [p.name for p in mine() if p.name not in {*SAMPLES, *NARROW}]
    assert not missing


def test_results_that_cannot_be_written_are_said_to_be_so() -> None:
    """No pass writes into them then, and no gradient is one."""
    wrong = []
    for name, calls in SAMPLES.items():
        for call in calls:
            result = BY_NAME[name].evaluate(BY_NAME[name].bind(call.args, call.kwargs))
            parts = result if isinstance(result, (list, tuple)) else [result]
            if not (BY_NAME[name].read_only or all(map(is_writeable, parts))):
                wrong.append(name)
    assert not wrong


def is_writeable(value: Any) -> bool:
    try:
        return not isinstance(value, np.ndarray) or value.flags.writeable
    except FutureWarning:  # it will not be
        return False


def test_every_pullback_is_sampled() -> None:
    missing = []
    for primitive in [p for p in mine() if p.name not in NARROW]:
        seen = set()
        for call in SAMPLES.get(primitive.name, []):
            bound = primitive.bind(call.args, call.kwargs)
            seen |= {p.name for p, v in zip(primitive.parameters, bound, strict=True) if active(v)}
        missing += [f"{primitive.name}: {name}" for name in primitive.pullbacks if name not in seen]
    assert not missing


@pytest.mark.parametrize(("name", "call"), rows())
def test_pullbacks_match_central_differences(name: str, call: Call) -> None:
    primitive = BY_NAME[name]
    bound = primitive.bind(call.args, call.kwargs)
    ans = primitive.evaluate(bound)
    g = cotangent_like(ans)
    for parameter, formula in primitive.pullbacks.items():
        place = primitive.index(parameter)
        if not active(bound[place]):
            continue
        found = unbroadcast(contribution(primitive, formula, bound, ans, g), bound[place])
        expected = differences(
            lambda v, place=place: primitive.evaluate([*bound[:place], v, *bound[place + 1 :]]), bound[place], g
        )
        np.testing.assert_allclose(flatten(found), expected, rtol=2e-7, atol=2e-7, err_msg=f"{name}: {parameter}")


@pytest.mark.parametrize(("name", "call"), [r for r in rows() if BY_NAME[r.values[0]].kind == "linear"])
def test_linear_rules_are_linear(name: str, call: Call) -> None:
    primitive = BY_NAME[name]
    bound = primitive.bind(call.args, call.kwargs)
    linear_in = [primitive.index(p) for p in primitive.pullbacks]
    doubled = [
        rebuild(v, iter(2 * flatten(v))) if i in linear_in and active(v) else v for i, v in enumerate(bound)
    ]  # fmt: skip
    np.testing.assert_allclose(flatten(primitive.evaluate(doubled)), 2 * flatten(primitive.evaluate(bound)), rtol=1e-13)


def narrow(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return value if np.iscomplexobj(flatten(value)) else rebuild(value, iter(flatten(value).astype(np.float32)))
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value


def has_wide_array(call: Call) -> bool:
    values = [*call.args, *call.kwargs.values()]
    return any(isinstance(v, np.ndarray) and v.dtype == np.float64 for v in values)


@pytest.mark.parametrize(("name", "call"), [r for r in rows() if has_wide_array(r.values[1])])
def test_single_precision_works_too(name: str, call: Call) -> None:
    primitive = BY_NAME[name]
    wide = primitive.bind(call.args, call.kwargs)
    bound = [narrow(v) for v in wide]
    ans, reference = primitive.evaluate(bound), primitive.evaluate(wide)
    g = cotangent_like(ans)
    for parameter, formula in primitive.pullbacks.items():
        argument = bound[primitive.index(parameter)]
        if isinstance(argument, np.ndarray) and argument.dtype == np.float32:
            found = unbroadcast(contribution(primitive, formula, bound, ans, g), argument)
            expected = contribution(primitive, formula, wide, reference, g)
            assert found.dtype == np.float32
            expected = unbroadcast(expected, wide[primitive.index(parameter)])
            np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-4)


def test_right_sides_use_only_functions_with_rules() -> None:
    missing = set()
    for primitive in mine():
        for formula in primitive.pullbacks.values():
            for node in ast.walk(ast.parse(formula.text)):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("np."):
                    name = ast.unparse(node.func)
                    if name not in BY_NAME and name not in ("np.shape", "np.ndim", "np.size"):
                        missing.add(name)
    assert not missing
