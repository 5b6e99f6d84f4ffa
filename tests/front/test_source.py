"""Finding the definition of a function in its text: lambdas that share a line, and functions of constants."""

from __future__ import annotations

import ast
from typing import Any

import gast
import pytest

from s2sad import value_and_grad
from s2sad.front.lookup import find
from tests.oracles import agrees

# fmt: off
ON_ONE_LINE: Any = [lambda x: 3.0, lambda x: 4.0, lambda x: x * x, lambda x: 2.0 * x, lambda x: -1.0, lambda x: (lambda y: 5.0)(x) * x,
                    lambda x: (lambda y: 6.0)(x) * x, lambda x: x, lambda x: True, lambda x: 1]
ALIKE: Any = (lambda x: 7.0, lambda x: 7.0)
# fmt: on


@pytest.mark.parametrize("function", ON_ONE_LINE, ids=range(len(ON_ONE_LINE)))
def test_lambdas_on_one_line_are_told_apart(function: Any) -> None:
    node = find(function.__code__).node
    assert eval(compile_lambda(node))(1.5) == function(1.5)
    if function(1.5) is not True and function(1.5) != 1:
        agrees(value_and_grad(function), function, 1.5)


def compile_lambda(node: Any) -> Any:
    return compile(ast.fix_missing_locations(ast.Expression(gast.gast_to_ast(node))), "lambda", "eval")


def test_lambdas_that_are_alike_may_stand_for_each_other() -> None:
    for function in ALIKE:
        assert agrees(value_and_grad(function), function, 2.0) == 0.0
