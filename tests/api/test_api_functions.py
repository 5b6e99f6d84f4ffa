"""Functions of every kind, and where their source text comes from."""

from __future__ import annotations

import functools
import linecache
import os
import types
from typing import Any

import pytest

from s2sad import SourceUnavailable, grad, value_and_grad
from tests.oracles import agrees, module


def test_lambdas_on_one_line() -> None:
    one, other, third = (lambda x: x * 2.0), (lambda x: x * 3.0), (lambda y: y * y)
    assert [grad(f)(1.5) for f in (one, other, third)] == [2.0, 3.0, 3.0]
    same = [lambda x: x * 2.0, lambda x: x * 2.0, lambda x: (lambda y: y * 5.0)(x)]
    assert [grad(f)(1.5) for f in same] == [2.0, 2.0, 5.0]
    pair = {"a": lambda x, k=2.0: k * x, "b": lambda x, k=3.0: k * x}
    assert grad(pair["a"])(1.0) == 2.0 and grad(pair["b"])(1.0) == 3.0
    assert grad(lambda x: (lambda: x * x)())(3.0) == grad(lambda x: [lambda: x, lambda: x * x][1]())(3.0) == 6.0


def test_lambdas_over_several_lines() -> None:
    function = functools.reduce(
        lambda f, g: lambda x:
            f(g(x)),
        [lambda x: x * x,
         lambda x: (
             3.0 * x
         ), lambda x: x + 1.0],
    )  # fmt: skip
    assert grad(function)(2.0) == 54.0


def test_nested_functions_and_functions_of_functions() -> None:
    def outer(k):
        def inner(x):
            def innermost(y):
                return k * x * y

            return innermost(x)

        return inner

    assert grad(outer(2.0))(3.0) == 12.0
    assert grad(lambda k: outer(k)(3.0))(2.0) == 9.0
    assert grad(lambda x: grad(outer(x))(x))(3.0) == 12.0


def doubling(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return 2.0 * function(*args, **kwargs)

    return wrapper


@doubling
@functools.lru_cache
def cached(x):
    return x * x


@doubling
@doubling
def quadrupled(x, *, k=1.0):
    return k * x * x


def test_the_effect_of_a_decorator_is_part_of_the_function() -> None:
    assert agrees(value_and_grad(quadrupled), quadrupled, 3.0) == 24.0
    assert agrees(value_and_grad(quadrupled), quadrupled, 3.0, k=2.0) == 48.0
    assert quadrupled.__wrapped__.__wrapped__(1.0) == 1.0

    @grad
    @doubling
    def decorated_twice(x):
        return x**3

    assert decorated_twice(2.0) == 24.0
    assert decorated_twice.__name__ == "decorated_twice"


def test_a_cached_function_is_computed_afresh() -> None:
    assert agrees(value_and_grad(cached), cached, 3.0) == 12.0


# The source text


def test_functions_made_by_exec() -> None:
    made = module(
        "def f(x):\n    return x * x\n\ng = lambda x: x ** 3\nclass C:\n    def m(self, x):\n        return 2.0 * x\n"
    )
    assert grad(made.f)(3.0) == 6.0
    assert grad(made.g)(2.0) == 12.0
    assert grad(made.C().m)(2.0) == 2.0


def test_two_versions_of_one_name() -> None:
    one, two = module("def f(x):\n    return 2.0 * x\n"), module("def f(x):\n    return 3.0 * x\n")
    assert grad(one.f)(1.0) == 2.0 and grad(two.f)(1.0) == 3.0
    made = module("def f(x):\n    return 2.0 * x\nfirst = f\ndef f(x):\n    return 3.0 * x\n")
    assert grad(made.first)(1.0) == 2.0 and grad(made.f)(1.0) == 3.0


def test_no_source() -> None:
    namespace: dict[str, Any] = {}
    exec("def f(x):\n    return x * x\n", namespace)
    with pytest.raises(SourceUnavailable, match=r"source of f\(\) is not available") as caught:
        grad(namespace["f"])(1.0)
    assert isinstance(caught.value, OSError)
    helper = namespace["f"]
    with pytest.raises(SourceUnavailable):
        grad(lambda x: helper(x))(1.0)
    assert grad(lambda x: x * helper(3.0))(1.0) == 9.0


def test_source_that_changed(tmp_path: Any) -> None:
    file = tmp_path / "edited.py"
    text = "def f(x):\n    return 2.0 * x\n"
    file.write_text(text)
    made = types.ModuleType("edited")
    exec(compile(text, str(file), "exec"), made.__dict__)
    file.write_text("# a line more\ndef f(x):\n    return 3.0 * x\n")
    linecache.checkcache(str(file))
    with pytest.raises(SourceUnavailable, match="changed since it was compiled"):
        grad(made.f)(1.0)
    file.write_text("def f(x:\n")
    linecache.checkcache(str(file))
    with pytest.raises(SourceUnavailable, match="no longer parses"):
        grad(made.f)(1.0)
    file.write_text(text)
    linecache.checkcache(str(file))
    assert grad(made.f)(1.0) == 2.0


def test_source_with_every_kind_of_text() -> None:
    made = module("\n".join([
        "def f(x, größe=2.0):", "    é = größe * x  # ünï", "\ty = é" if False else "    y = é",
        "    s = 'naïve \\\n text'",
        "    return (y *", "            x) + len(s) * 0.0", ""]))  # fmt: skip
    assert grad(made.f)(3.0) == 12.0


def test_library_functions_without_source_run_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen module of the standard library has no source text; it sees nothing that is differentiated."""

    def f(x):
        return x * float(os.environ.get("S2SAD_TEST_FACTOR", "1.0")) * len(os.path.join("a", "b"))

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 2.0) == 3.0
    monkeypatch.setenv("S2SAD_TEST_FACTOR", "4.0")
    assert agrees(derivative, f, 2.0) == 12.0


@pytest.mark.parametrize("depth", [50, 400])
def test_recursion_as_deep_as_the_function_itself(depth: int) -> None:
    def descend(x, n):
        return x if n == 0 else descend(x * 0.99 + 0.01, n - 1)

    def f(x):
        return descend(x, depth)

    assert agrees(value_and_grad(f), f, 2.0) == pytest.approx(0.99**depth)
