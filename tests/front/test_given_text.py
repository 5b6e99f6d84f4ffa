"""`s2sad.source`: the text of a function that Python has not kept."""
from __future__ import annotations

import functools
from typing import Any

import pytest

import s2sad

TEXT = "def f(x, y=2.0):\n    z = x * x\n    return z * y\n"


def made(text: str, name: str = "f", **scope: Any) -> Any:
    exec(text, scope)
    return scope[name]


@pytest.mark.parametrize("given", [TEXT, TEXT.rstrip(), f"import os\n\n\n{TEXT}# more\n", TEXT.replace("    ", "  "),
                                   "\n".join(f"    {line}" for line in TEXT.splitlines()), f"class A:\n    pass\n{TEXT}"])  # fmt: skip
def test_a_text_in_whichever_lines(given: str) -> None:
    function = made(TEXT)
    with pytest.raises(s2sad.SourceUnavailable, match=r"source of f\(\) is not available.*\n.*s2sad.source\(f, text\)"):
        s2sad.grad(function)(3.0)
    assert s2sad.source(function, given) is function
    assert s2sad.grad(function)(3.0) == 12.0


@pytest.mark.parametrize("given", [TEXT.replace("z * y", "z + y"), TEXT.replace("f(", "g("), TEXT.replace("x * x", "x * 2.0"), "f = 1\n",
                                   TEXT.replace("x * x", "x * g"), TEXT.replace("(x, y=2.0)", "(y, x)")])  # fmt: skip
def test_the_text_of_another_function_is_refused(given: str) -> None:
    function = made(TEXT)
    with pytest.raises(s2sad.SourceUnavailable, match=r"not the one that f\(\) was compiled from") as caught:
        s2sad.source(function, given)
    assert "with its decorators" in caught.value.hint
    with pytest.raises(s2sad.SourceUnavailable, match="is not available"):
        s2sad.grad(function)(3.0)


def test_what_is_no_text_and_what_has_none() -> None:
    with pytest.raises(s2sad.SourceUnavailable, match="does not parse"):
        s2sad.source(made(TEXT), "def f(x:")
    with pytest.raises(TypeError, match="is a string, not int"):
        s2sad.source(made(TEXT), 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not a function that is written in Python"):
        s2sad.source(len, TEXT)


def test_functions_in_functions_methods_and_lambdas() -> None:
    text = "def outer(a):\n    def f(x):\n        return a * x * x\n    return f\n"
    function = made(text, "outer")(3.0)
    inner = "    def f(x):\n        return a * x * x\n"
    assert s2sad.grad(s2sad.source(function, inner))(2.0) == 12.0
    assert s2sad.grad(s2sad.source(made(text, "outer")(4.0), text))(2.0) == 16.0
    whole = "class C:\n    def m(self, x):\n        return self.k * x\n    k = 5.0\n"
    instance = made(whole, "C")()
    assert s2sad.grad(s2sad.source(instance.m, whole))(2.0) == 5.0
    pair = "pair = (lambda x: x * 2.0, lambda x: x * 3.0)\n"
    two, three = made(pair, "pair")
    assert [s2sad.grad(s2sad.source(each, pair))(1.0) for each in (two, three)] == [2.0, 3.0]
    partial = functools.partial(made(TEXT), y=7.0)
    assert s2sad.grad(s2sad.source(partial, TEXT))(3.0) == 42.0


def test_an_error_shows_the_text_that_was_given() -> None:
    text = "def f(x):\n    return eval('x')\n"
    function = s2sad.source(made(text), f"# above\n{text}")
    with pytest.raises(s2sad.UnsupportedSyntax, match=r"<string>:3:12: .*\n    3 \|     return eval\('x'\)\n      \|            \^{9}\n"):
        s2sad.grad(function)(1.0)
