"""Functions of one code share what was compiled, and never a value: each is bound to its own cells, defaults and globals."""
from __future__ import annotations

import functools
import math
import random
import types
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import tape, value_and_grad
from s2sad.calls import shared_paths
from s2sad.ir.program import Assign, Const
from tests.oracles import assert_close, assert_identical

Make = Callable[..., Any]


@pytest.fixture(name="anew", autouse=True)
def anew_fixture() -> Iterator[None]:
    shared_paths._places.clear()
    yield
    shared_paths._places.clear()


def agrees(function: Any, *args: Any, derive: Any = value_and_grad) -> int:
    """That a derivative gives what the tape gives and the function itself, in two calls; and how many recordings that took."""
    derived = derive(function)
    for _ in range(3):
        value, gradient = derived(*args)
        assert_identical(value, function(*args))
        assert_close(gradient, tape.gradient(function, args)[1])
    return int(derived.stats().recordings)


def scaled(a: Any) -> Any:
    return lambda x: a * x * x


def test_from_the_third_on_nothing_is_compiled() -> None:
    assert [agrees(scaled(float(k)), 3.0) for k in range(6)] == [1, 1, 0, 0, 0, 0]
    assert [agrees(lambda x, k=k: k * x, 3.0) for k in (1.0, 2.0, 3.0, 4.0)] == [1, 1, 0, 0]


def test_of_one_function_that_is_differentiated_again_and_again() -> None:
    function = scaled(3.0)
    assert [agrees(function, 2.0) for _ in range(4)] == [1, 1, 0, 0]


TIMES = np.linspace(0.0, 2.0, 5)


def test_arrays_from_outside_whose_types_are_told_anew_in_each_recording() -> None:
    def with_default(p: Any, t: Any = TIMES) -> Any:
        return np.sum(p[0] * np.exp(-p[1] * t))

    point = np.array([1.0, 2.0])
    assert [agrees(with_default, point) for _ in range(4)] == [1, 1, 0, 0]
    assert [agrees(lambda p, k=k: k * np.sum((p - TIMES[:2]) ** 2), point) for k in (1.0, 2.0, 3.0, 4.0)] == [1, 1, 0, 0]


VALUES: list[Any] = [1.0, 2, True, np.float32(3.0), np.float64(4.0), np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([[1.0, 2.0]] * 2),
                     5.0, 6, np.array([1, 2]), np.float64(-0.0), -0.0, 0.0, 1j, float("1e300")]  # fmt: skip


def test_cells_with_values_of_other_types() -> None:
    """In any order, with those of before again."""
    def make(a: Any) -> Any:
        return lambda x: np.sum(np.real(a * x)) * 2.0

    chooser = random.Random(1)
    recorded = [agrees(make(chooser.choice(VALUES)), 1.5) for _ in range(80)]
    assert recorded.count(0) > 40


def test_cells_that_decide_the_way() -> None:
    def make(flag: Any, n: Any, name: Any, items: Any) -> Any:
        def f(x: Any) -> Any:
            y = x if flag else x * x
            for _ in range(n):
                y = y * 2.0
            for item in items:
                y = y + item * x
            return {"a": y, "b": y * y}[name]
        return f

    chooser = random.Random(2)
    for _ in range(60):
        items: Any = [chooser.random() for _ in range(chooser.randrange(3))]
        agrees(make(chooser.choice([True, False, 0, 1, None, "yes"]), chooser.randrange(4), chooser.choice("ab"),
                    chooser.choice([items, tuple(items), dict.fromkeys(items)])), 1.5)  # fmt: skip


class Part:
    def __init__(self, k: float) -> None:
        self.k = k

    def times(self, x: Any) -> Any:
        return self.k * x


class Other(Part):
    def times(self, x: Any) -> Any:
        return self.k + x


def test_objects_in_cells_that_change() -> None:
    def make(part: Any, log: list[float]) -> Any:
        return lambda x: part.times(x) * log[-1] * x

    parts, recorded = [Part(2.0), Part(3.0), Other(4.0), Part(5.0), Other(6.0)], 0
    for part in parts * 2:
        log = [1.0, 2.0]
        function = make(part, log)
        recorded += agrees(function, 3.0)
        derived = value_and_grad(function)
        for k in (7.0, 8.0):
            part.k, log[-1] = k, k
            assert_identical(derived(3.0), (function(3.0), tape.gradient(function, (3.0,))[1]))
        log.append(9.0)
        assert_identical(derived(3.0), (function(3.0), tape.gradient(function, (3.0,))[1]))
    assert recorded < 10


def test_functions_in_cells() -> None:
    def make(g: Any, a: float) -> Any:
        return lambda x: g(x) * a

    def double(x: Any) -> Any:
        return 2.0 * x

    inner: list[Any] = [math.sin, math.cos, double, math.sin, math.sin, np.tanh, double, double, scaled(2.0), scaled(3.0), scaled(4.0)]
    for k, g in enumerate(inner * 2):
        agrees(make(g, float(k)), 0.5)


def test_functions_that_are_made_with_their_helpers() -> None:
    def make(a: float) -> Any:
        def helper(y: Any) -> Any:
            return a * y

        return lambda x: helper(x) * a

    for k in range(5):
        assert value_and_grad(make(float(k)))(3.0) == (3.0 * k * k, 1.0 * k * k)


PUBLISHED: Any = None


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("as_method", [False, True])
def test_a_helper_elsewhere_that_has_the_very_cell(as_method: bool, kept: bool) -> None:
    """What it reads there is its own, also for another function of the same code, whose cell is another one."""
    def make(a: float, publish: bool) -> Any:
        global PUBLISHED

        class Holder:
            def method(self, y: Any) -> Any:
                return a * y

        def helper(y: Any) -> Any:
            return a * y

        def looped(x: Any, n: int) -> Any:
            s = 0.0
            for _ in range(n):
                s = s + PUBLISHED(x) * a if s >= 0.0 else s
            return s

        if publish:
            PUBLISHED = Holder().method if as_method else helper
        return looped if kept else lambda x, n: PUBLISHED(x) * a * n

    helper = 0.0
    for a, publish in ((2.0, True), (3.0, True), (5.0, False), (7.0, False), (11.0, True), (13.0, False), (17.0, False)):
        helper, function = a if publish else helper, make(a, publish)
        for _ in range(3):  # the helper is known from the second time on
            assert value_and_grad(function, control="keep" if kept else "auto")(1.0, 4) == (4 * helper * a, 4 * helper * a)


def test_a_function_that_calls_itself_by_its_cell_and_one_that_is_called_by_a_global() -> None:
    def make(a: float) -> Any:
        def power(x: Any, n: int) -> Any:
            return a if n == 0 else x * power(x, n - 1)
        return power

    for k in range(1, 6):
        agrees(make(float(k)), 1.5, 3)
    global PUBLISHED
    for k in range(1, 6):
        step = by_the_global(float(k))
        PUBLISHED = step if k % 2 else PUBLISHED
        agrees(step, 1.5, 2)


def by_the_global(a: float) -> Any:
    return lambda x, n: a if n == 0 else x * PUBLISHED(x, n - 1)


def test_the_same_code_in_another_module() -> None:
    text = "def make(a):\n    return lambda x: helper(x) * a * slope\ndef helper(x):\n    return x * factor\n"
    code = compile(text, "<in modules>", "exec")
    import linecache
    linecache.cache["<in modules>"] = (len(text), None, text.splitlines(True), "<in modules>")
    modules = [{"slope": k, "factor": 10.0 * k, "__name__": f"part_{k}"} for k in (1.0, 2.0, 3.0)]
    for module in modules:
        exec(code, module)
    for _ in range(3):
        for module in modules:
            function = module["make"](2.0)  # type: ignore[operator]
            assert function.__code__ is modules[0]["make"](1.0).__code__  # type: ignore[operator]
            agrees(function, 3.0)
    modules[1]["slope"] = 7.0
    agrees(modules[1]["make"](2.0), 3.0)  # type: ignore[operator]
    modules[1]["helper"] = modules[0]["helper"]
    agrees(modules[1]["make"](2.0), 3.0)  # type: ignore[operator]


def test_the_same_code_with_globals_of_another_name_space() -> None:
    """A module that is loaded, and a copy of its function with other globals, which say that they are those of the same module."""
    copied = {**globals(), "SLOPE": 7.0}
    for k in range(5):
        function = by_the_slope(float(k))
        other = types.FunctionType(function.__code__, copied, function.__name__, None, function.__closure__)
        other.__qualname__ = function.__qualname__
        assert value_and_grad(function)(3.0) == (6.0 * k, 2.0 * k)
        assert value_and_grad(other)(3.0) == (21.0 * k, 7.0 * k)


SLOPE = 2.0


def by_the_slope(a: float) -> Any:
    return lambda x: x * SLOPE * a


def slope_of(x: Any) -> Any:
    return x * SLOPE


def test_globals_and_helpers_that_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(a: float) -> Any:
        return lambda x: slope_of(x) * SLOPE * a

    for k in range(8):
        agrees(make(float(k)), 3.0)
        if k == 4:
            monkeypatch.setitem(globals(), "SLOPE", 5.0)
        if k == 5:
            monkeypatch.setitem(globals(), "slope_of", lambda x: x * x)
        if k == 6:
            monkeypatch.setitem(globals(), "SLOPE", np.array(5.0))


def test_defaults() -> None:
    code = (lambda x, a=1.0, *, b=2.0: x * a * b).__code__

    def made(defaults: Any, keywords: Any) -> Any:
        function = types.FunctionType(code, globals(), "made", defaults)
        function.__kwdefaults__ = keywords
        return function

    for k in range(4):
        agrees(made((float(k),), {"b": 3.0 * k}), 3.0)
        agrees(made((k,), {"b": np.float64(k)}), 3.0)
        agrees(made((k, float(k)), {"b": 2.0}), 3.0)
        with pytest.raises(TypeError):
            value_and_grad(made((float(k),), None))(3.0)
        with pytest.raises(TypeError):
            value_and_grad(made(None, {"b": 3.0}))(3.0)
        assert value_and_grad(made(None, None))(3.0, 2.0, b=5.0 + k) == (30.0 + 6.0 * k, 10.0 + 2.0 * k)
    function = made((1.0,), {"b": 2.0})
    derived = value_and_grad(function)
    assert derived(3.0) == (6.0, 2.0)
    function.__defaults__ = (4.0,)
    function.__kwdefaults__["b"] = 5.0
    assert derived(3.0) == (60.0, 20.0)


def test_code_that_is_replaced_in_place() -> None:
    for k in range(5):
        function = scaled(float(k))
        derived = value_and_grad(function)
        assert derived(3.0) == (9.0 * k, 6.0 * k)
        function.__code__ = (lambda a: lambda x: a + x)(1.0).__code__
        assert derived(3.0) == (3.0 + k, 1.0)


def test_cells_that_are_assigned_later() -> None:
    def make() -> Any:
        def f(x: Any) -> Any:
            return late * x

        def assign(value: Any) -> None:
            nonlocal late
            late = value
        if False:
            late = None
        return f, assign

    for k in range(5):
        f, assign = make()
        derived = value_and_grad(f)
        with pytest.raises(NameError):
            derived(1.0)
        for value in (float(k), k, np.float64(k)):
            assign(value)
            assert_identical(derived(2.0), (f(2.0), tape.gradient(f, (2.0,))[1]))


def test_functions_that_assign_their_cells() -> None:
    def make(count: float) -> Any:
        def f(x: Any) -> Any:
            nonlocal count
            count = count + 1.0
            return count * x
        return f, lambda: count

    for k in range(5):
        f, counted = make(float(k))
        derived = value_and_grad(f)
        assert derived(2.0) == (2.0 * (k + 1), k + 1.0) and derived(2.0) == (2.0 * (k + 2), k + 2.0)
        assert counted() == k + 2


def test_effects_happen_once_in_each_call() -> None:
    def make(log: list[Any], a: float) -> Any:
        def f(x: Any) -> Any:
            log.append(a)
            return a * x
        return f

    for k in range(5):
        log: list[Any] = []
        derived = value_and_grad(make(log, float(k)))
        assert [derived(2.0) for _ in range(3)] == [(2.0 * k, 1.0 * k)] * 3
        assert log == [float(k)] * 3
        assert derived.stats().recordings == 1, "what has an effect is recorded for each"


@pytest.mark.parametrize("derive", [
    value_and_grad, lambda f: lambda *a: (f(*a), s2sad.grad(f)(*a)), functools.partial(value_and_grad, control="record"),
    functools.partial(value_and_grad, control="keep"), lambda f: lambda *a: (f(*a), s2sad.elementwise_grad(f)(*a)),
    lambda f: lambda *a: (f(*a), s2sad.jacobian(f)(*a)), lambda f: lambda *a: (f(*a), s2sad.vjp(f, *a)[1](1.0)[0]),
    lambda f: lambda *a: s2sad.jvp(f, a, (1.0,) * len(a)), lambda f: lambda *a: (s2sad.compiled(f)(*a), tape.gradient(f, a)[1])])
def test_all_kinds_of_derivatives_of_one_code(derive: Any) -> None:
    """Mixed, so that what one kind has left is not taken by another."""
    for k in range(4):
        function = scaled(float(k))
        assert value_and_grad(function)(3.0) == (9.0 * k, 6.0 * k)
        value, gradient = derive(function)(3.0)
        assert_identical(value, function(3.0))
        assert_close(gradient, 6.0 * k)
        assert s2sad.grad(s2sad.grad(function))(3.0) == 2.0 * k
        assert value_and_grad(s2sad.grad(function))(3.0) == (6.0 * k, 2.0 * k)


def test_arguments_and_results_that_are_chosen() -> None:
    def make(a: float) -> Any:
        return lambda x, y: (a * x * y, a)

    for k in range(4):
        function = make(float(k))
        assert s2sad.grad(function, argnums=1, has_aux=True)(2.0, 3.0) == (2.0 * k, float(k))
        assert s2sad.grad(function, argnums=(0, 1), has_aux=True)(2.0, 3.0) == ((3.0 * k, 2.0 * k), float(k))
        assert s2sad.grad(function, "y", has_aux=True)(2.0, y=3.0) == (2.0 * k, float(k))
        assert value_and_grad(function, has_aux=True)(2.0, 3.0) == ((6.0 * k, float(k)), 3.0 * k)


def test_second_derivatives_compile_nothing_either() -> None:
    recorded = []
    for k in range(5):
        derived = s2sad.grad(s2sad.grad(lambda x, k=k: k * x**3))
        assert derived(2.0) == 12.0 * k
        recorded.append(derived.stats().recordings)
    assert recorded == [1, 1, 0, 0, 0]


def test_derivatives_inside_functions() -> None:
    def make(a: float) -> Any:
        inner = s2sad.grad(lambda y: a * y**3)
        return lambda x: inner(x) * a

    for k in range(5):
        assert value_and_grad(make(float(k)))(2.0) == (12.0 * k * k, 12.0 * k * k)


def test_products_of_zero_and_infinity() -> None:
    def make(a: Any) -> Any:
        return lambda x: np.sqrt(x) * a

    for a in (0.0, 1.0, 0.0, 2.0, 0.0, 0.0):
        derived = value_and_grad(make(a))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(3):
                assert derived(0.0) == (0.0, 0.0 if a == 0.0 else math.inf)
                assert derived(4.0) == (2.0 * a, 0.25 * a)


def test_what_is_not_finite_is_told_of_each() -> None:
    def make(a: Any) -> Any:
        return lambda x: np.log(x) * a

    for k in range(4):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            value_and_grad(make(1.0 + k))(np.float64(0.0))
        assert [str(w.message) for w in told if w.category is s2sad.NonFiniteWarning and "np.log(x) * a" in str(w.message)]


def test_rules_and_backends_of_now() -> None:
    def make(a: float) -> Any:
        return lambda x: a * np.tanh(x)

    for k in range(4):
        assert_close(value_and_grad(make(float(k)))(0.5)[1], k * (1.0 - math.tanh(0.5) ** 2))
        with s2sad.rules.override():
            s2sad.elementwise("np.tanh(x)", x="7.0")
            assert_close(value_and_grad(make(float(k)))(0.5)[1], k * 7.0)


def test_native_code_is_of_each_function() -> None:
    pytest.importorskip("numba", reason="Numba is not installed")
    for k in range(4):
        natively = value_and_grad(scaled(float(k)), backend="numba")
        assert natively(3.0) == (9.0 * k, 6.0 * k) and natively.stats().native == (True,)
        assert value_and_grad(scaled(float(k)), backend="auto")(3.0) == (9.0 * k, 6.0 * k)
        assert value_and_grad(scaled(float(k)))(3.0) == (9.0 * k, 6.0 * k)


def test_a_function_with_a_rule_or_attributes_of_its_own() -> None:
    for k in range(4):
        function = scaled(float(k))
        agrees(function, 3.0)
        wrapped = functools.wraps(scaled(100.0))(function)
        assert value_and_grad(wrapped)(3.0)[0] == wrapped(3.0)


def test_threads() -> None:
    def work(number: int) -> None:
        for k in range(30):
            a = float(number * 100 + k)
            assert value_and_grad(scaled(a))(3.0) == (9.0 * a, 6.0 * a)

    with ThreadPoolExecutor(8) as pool:
        assert len([*pool.map(work, range(8))]) == 8


def test_arrays_that_are_written_in_the_function() -> None:
    compiled = []
    for k in range(4):
        derived = s2sad.grad(lambda x, k=k: np.sum(np.array([1.0, 2.0]) * x) * k)
        assert derived(3.0) == 3.0 * k
        compiled.append(derived.stats().compilations)
    assert compiled == [1, 1, 0, 0]


def test_there_is_an_end_to_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_paths, "PLACES_KEPT", 3)
    monkeypatch.setattr(shared_paths, "KINDS_KEPT", 2)
    monkeypatch.setattr(shared_paths, "PATTERNS_KEPT", 1)
    for n in range(5):
        text = f"def make(a):\n    return lambda x, n: a * np.sum(x) * {n} * (2 if n > 0 else 3)\n"
        scope: dict[str, Any] = {"np": np}
        exec(text, scope)
        for k in range(12):
            derived = value_and_grad(s2sad.source(scope["make"](float(k)), text))
            slope = k * n * (2.0 if k % 3 else 3.0)
            value, gradient = derived(np.ones(k % 4), k % 3)
            assert value == slope * (k % 4)
            assert_close(gradient, np.full(k % 4, slope))
    assert len(shared_paths._places) == 3
    for place in shared_paths._places.values():
        assert len(place.patterns) <= 2 and len(place.first) <= 2 and all(len(known) == 1 for known in place.patterns.values())


def test_what_is_shown_is_of_each() -> None:
    for k in range(4):
        derived = value_and_grad(scaled(float(k)))
        derived(3.0)
        assert "a = a_cell.cell_contents" in derived.source and "a" in derived.wengert and len(derived.paths) == 1
        (path,) = derived.paths
        names = path.built.text.namespace
        assert names["a_cell"] is derived.function.__closure__[0]
        constants = [c.value for s in path.function.statements if isinstance(s, Assign) for c in s.args if isinstance(c, Const)]
        assert any(value is derived.function.__closure__[0] for value in constants)


def test_results_that_have_the_function_for_a_key() -> None:
    def make(a: float) -> Any:
        def f(x: Any) -> Any:
            return a * x, {f: a, (f, 1): 2.0, "other": [f]}
        return f

    for k in range(5):
        f = make(float(k))
        assert value_and_grad(f, has_aux=True)(3.0) == (f(3.0), float(k))


def test_numbers_that_each_function_has_of_its_own() -> None:
    def number_of(what: Any) -> Any:
        return id(what) % 1009

    def make(a: float) -> Any:
        def f(x: Any) -> Any:
            return a * x + id(f) % 1013 + number_of(f)
        return f

    def of_its_number(f: Any) -> Any:
        return lambda x: number_of(f) * x

    functions = [*map(make, range(5)), *map(of_its_number, map(make, range(5)))]
    assert [value_and_grad(f)(3.0)[0] for f in functions] == [f(3.0) for f in functions]


def test_the_list_is_made_where_it_is_asked_for() -> None:
    """Most are called once, and nobody asks; who does gets that of his function, whatever has become of others since."""
    derived = []
    for k in range(5):
        derived.append(value_and_grad(scaled(float(k))))
        assert derived[-1](3.0) == (9.0 * k, 6.0 * k)
    paths = [path for each in derived for path in each.paths]
    assert ["function" in vars(path) for path in paths] == [True, True, False, False, False]
    shared_paths._places.clear()
    for each, path in zip(derived[2:], paths[2:], strict=True):
        cells = [c.value for s in path.function.statements if isinstance(s, Assign) for c in s.args if isinstance(c, Const)]
        assert each.function.__closure__[0] in cells and path.function is path.function
        assert each.stages(3.0)["optimised"] is not path.function and each.wengert == derived[1].wengert


def test_texts_and_none_among_the_arguments() -> None:
    class Text(str):
        pass

    def make(a: float) -> Any:
        return lambda x, way=None: a * x if way is None else x * x if way == "twice" else x * len(way) * a

    ways: list[Any] = [None, "twice", "".join(["tw", "ice"]), "other", b"twice", "", Text("twice"), None]
    compiled = [agrees(make(float(k)), 3.0, way) for k in range(4) for way in ways]
    assert sum(compiled) < len(compiled) / 2


def test_containers_among_the_arguments() -> None:
    def make(a: float) -> Any:
        return lambda p, q: a * p["w"][0] * p["w"][1] + np.sum(p["b"]) * q[0]

    compiled = []
    for k in range(6):
        derived = value_and_grad(make(float(k)))
        for p, q in (({"w": [1.0, 2.0], "b": np.ones(2)}, (3.0,)), ({"b": np.ones(2), "w": (1.0, 2.0)}, [3.0])):
            value, gradient = derived(p, q)
            assert value == derived.function(p, q) and list(gradient) == list(p)
            assert gradient["w"] == type(p["w"])([2.0 * k, 1.0 * k])  # type: ignore[call-overload]
        compiled.append(derived.stats().compilations)
    assert compiled == [2, 2, 0, 0, 0, 0]
