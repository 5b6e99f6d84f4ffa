"""Exported modules: they stand alone, and agree with the compiled gradient to the last bit."""

from __future__ import annotations

import ast
import cmath
import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest

import s2sad
from s2sad import trees
from s2sad.api.inspection import Inspection
from s2sad.export import NotExported, export
from tests import programs

RATE = 0.5
STEPS = 2
WEIGHTS = np.array([1.0, -2.0, 0.5])
CONFIG = {"rate": 0.25, "mode": "square"}
DRAWS = np.random.default_rng(0)


def scaled(v, factor=3.0):
    return v * factor * RATE


def model(x, n):
    total = 0.0
    for _ in range(n):
        total += scaled(x)
    return total + float(np.sum(WEIGHTS * x))


def branch(x):
    if x > 1.0:
        return x * x
    return -x


def made(source: str) -> dict:
    namespace: dict = {"__name__": "made"}
    exec(compile(source, "<exported>", "exec"), namespace)
    return namespace


def exported(function, args, argnums=0, **options):
    """The exported function, and its module."""
    module = made(export(function, args, argnums, **options))
    return next(v for k, v in module.items() if k.endswith("_value_and_grad") and k[0] != "_"), module


def identical(one, other):
    a, one_structure = trees.flatten(one)
    b, other_structure = trees.flatten(other)
    assert [type(x) for x in a] == [type(x) for x in b]
    assert one_structure == other_structure
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


# What a module is


# Paths that depend on what a class defines cannot leave the class behind: export refuses them.
BY_CLASS = {"classes.dynamic_attributes", "operators.descriptors_of_a_kernel"}
EXPORTED = [p for p in programs.load()[::7] if p.name not in BY_CLASS]


@pytest.fixture(autouse=True)
def partial_derivatives_may_be_infinite() -> Iterator[None]:
    """What comes of them is compared; NumPy's warnings are those of the programs, which overflow and divide by zero on purpose."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yield


@pytest.mark.sampled(8)
@pytest.mark.parametrize("program", EXPORTED, ids=lambda p: p.name)
def test_a_module_imports_nothing_else_and_computes_the_same(program, capsys):
    args = program.calls[0]
    try:
        source = export(program.function, args, program.argnums)
    except NotExported:
        assert program.name in {"matching.value_and_singleton_patterns", "mathfns.cmath_functions", "syntax.fstrings_and_print",
                                "kept_state.discrete_fourier_sums", "customs.system_of_equations_with_a_container"}  # fmt: skip
        return
    tree = ast.parse(source)
    imports = [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    assert {a.name for n in imports for a in n.names} <= {"numpy", "math"}
    module = made(source)
    module["self_check"]()
    compiled = s2sad.value_and_grad(program.function, argnums=program.argnums)
    compiled(*args)
    function = module[f"{compiled.__name__.replace('<lambda>', 'function')}_value_and_grad"]
    identical(function(*args), compiled(*args))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("program", programs.load()[::11], ids=lambda p: p.name)
def test_the_command_line_shows_what_the_generated_code_gives(program, capsys):
    args = program.calls[0]
    compiled = s2sad.value_and_grad(program.function, argnums=program.argnums)
    compiled(*args)
    seen = Inspection(compiled, args, {})
    identical((seen.value, seen.gradient), compiled(*args))


def test_writes_in_place_bring_no_functions_along():
    def in_place(x):
        y = np.zeros(3)
        y[0] = x[0] ** 2
        y[1:] += y[:-1] * x[1:]
        return np.sum(y * y)

    source = export(in_place, (np.array([1.0, 2.0, 3.0]),), 0)
    defined = {n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    strong = {"_in_place_value_and_grad_strong", "holds_nan", "strong_product", "_zero_where"}  # what answers where a result is NaN
    assert defined - strong == {"in_place_value_and_grad", "_in_place_value_and_grad", "_checked_array", "_agree", "self_check"}
    made(source)["self_check"]()


def test_it_runs_where_s2sad_is_not(tmp_path):
    path = tmp_path / "out.py"
    path.write_text(export(model, (2.0, 2)))
    code = f"import runpy, sys; sys.modules['s2sad'] = None; runpy.run_path({str(path)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "self-check passed: the value and gradient of the time of export\n"


def test_the_self_check_sees_a_changed_number():
    source = export(branch, (3.0,))
    assert "stored = (9.0, 6.0)" in source
    for changed in ("stored = (9.0, 6.000001)", "stored = (9.000001, 6.0)"):
        with pytest.raises(AssertionError, match="self-check failed: "):
            made(source.replace("stored = (9.0, 6.0)", changed))["self_check"]()
    with pytest.raises(AssertionError, match="self-check failed"):
        made(source.replace("return x * x,", "return x * x * x,"))["self_check"]()


def test_the_self_check_sees_a_changed_array_dtype_or_structure():
    from s2sad.export.module_text import _agree

    array = np.array([1.0, 2.0])
    assert _agree([array], [array * (1 + 1e-15)])
    assert not _agree([array], [array * (1 + 1e-9)])
    assert not _agree([array.astype(np.float32)], [array])
    assert not _agree([array[:1]], [array])
    assert not _agree({"a": 1.0}, {"b": 1.0})
    assert _agree([np.nan, np.inf, None, "a"], [np.nan, np.inf, None, "a"])
    assert not _agree([np.inf], [1.0])
    assert not _agree([0.0], [None])


def test_the_header_names_version_sources_path_and_arguments():
    lines = export(model, (2.0, 2), base=programs.__path__[0] + "/..").splitlines()
    assert lines[0] == f"# Exported by s2sad {s2sad.__version__}: value and gradient of model(x, n) by x."
    assert lines[1].startswith("# source export/test_export.py:model sha256:")
    assert lines[2].startswith("# source export/test_export.py:scaled sha256:")
    assert "#     x: float" in lines and "#     n: int" in lines
    assert f"#     test_export.py:{model.__code__.co_firstlineno + 2}: `n` is 2" in lines
    line = scaled.__code__.co_firstlineno + 1
    assert f"#     RATE = 0.5, which is {__name__}.RATE in test_export.py:{line}" in lines
    assert "#     scaled_factor = 3.0, which is the default of factor in scaled()" in "\n".join(lines)


# Structures


class Point(NamedTuple):
    x: float
    y: float


@dataclasses.dataclass
class Layer:
    weights: np.ndarray
    size: int


def test_containers_keep_their_classes():
    def loss(params, point, layer, *, bias):
        return float(np.sum(params["w"] * layer.weights)) * point.x + point.y * params["more"][1] + bias

    args = ({"w": np.ones(2), "more": [1, 2.0]}, Point(3.0, 4.0), Layer(np.array([1.0, 2.0]), 2))
    function, module = exported(loss, args, (0, 1, 2, "bias"), kwargs={"bias": 1})
    module["self_check"]()
    value, (params, point, layer, bias) = function(*args, bias=1.0)
    assert (value, bias) == (18.0, 1.0)
    assert params["more"] == [0.0, 4.0] and point == Point(3.0, 2.0)
    assert type(layer) is Layer and layer.size == 0.0
    np.testing.assert_array_equal(params["w"], [3.0, 6.0])
    np.testing.assert_array_equal(layer.weights, [3.0, 3.0])
    with pytest.raises(TypeError, match=r"^point must be of type Point, not tuple$"):
        function(args[0], (3.0, 4.0), args[2], bias=1.0)
    with pytest.raises(module["OtherPath"], match=r"^params has the keys \('w',\)"):
        function({"w": np.ones(2)}, *args[1:], bias=1.0)
    with pytest.raises(module["OtherPath"], match=r"^params\['w'\] has the shape \(3,\)"):
        function({"w": np.ones(3), "more": [1, 2.0]}, *args[1:], bias=1.0)


def test_a_value_with_more_beside_it():
    def pair(x, names):
        return x * x, {"names": names, "double": 2 * x}

    function, _ = exported(pair, (3.0, ["a", "b"]), has_aux=True)
    assert function(3.0, ["a", "b"]) == ((9.0, {"names": ["a", "b"], "double": 6.0}), 6.0)


def test_variadic_and_nested_functions_and_lambdas():
    def total(*numbers):
        return sum(n * n for n in numbers)

    function, _ = exported(total, (1.0, 2.0), (0, 1))
    assert function(3.0, 4.0) == (25.0, (6.0, 8.0))
    function, module = exported(lambda x: x * 3.0, (1.0,))
    assert module["function_value_and_grad"](2.0) == (6.0, 3.0)


def test_methods_of_objects():
    class Model:
        def __init__(self):
            self.rate = 2.0

        def loss(self, x):
            return self.rate * x

    function, _ = exported(Model().loss, (3.0,))
    assert function(4.0) == (8.0, 2.0)
    assert function(4.0, rate=5.0) == (20.0, 5.0)
    assert "rate = 2.0, which is self.rate" in export(Model().loss, (3.0,))


# What cannot be taken along


class Opaque:
    def __array__(self, dtype=None, copy=None):
        return np.ones(2)


WHOLE = Opaque()


def draws(x):
    return x * DRAWS.normal()


def whole(x):
    return np.sum(x * np.asarray(WHOLE))


def complex_module(x):
    return abs(cmath.exp(x))


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (draws, (2.0,), r"cannot be exported: normal\(\) is performed anew at each call"),
        (whole, (np.ones(2),), f"cannot be exported: {__name__}.WHOLE is a Opaque, used as a whole"),
        (
            complex_module,
            (2.0,),
            "cannot be exported: cmath is the module cmath; an exported module imports NumPy, SciPy and math",
        ),
    ],
)
def test_what_needs_an_object_is_refused_at_its_line(function, args, message):
    with pytest.raises(NotExported, match=message) as refused:
        export(function, args)
    assert refused.value.location.line == function.__code__.co_firstlineno + 1


def test_arguments_that_cannot_be_written_are_refused():
    with pytest.raises(NotExported, match=r"^cannot be exported: function\(\) is called with a function"):
        export(lambda x, call: call(x), (2.0, lambda v: v * v))


def test_errors_of_differentiation_come_out_as_they_are():
    with pytest.raises(s2sad.NotDifferentiable, match="returns an array"):
        export(lambda x: x * 2.0, (np.ones(2),))
