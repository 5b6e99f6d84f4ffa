"""What is no list: each rule that a Function obeys, broken once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from s2sad.errors import InvalidIR
from s2sad.ir.program import Assign, Block, Const, Function, Guard, If, Var
from s2sad.ir.verify import verify
from s2sad.rules.language import BY_NAME
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size

X, Y, Z, ASKED = Var(float), Var(float), Var(float), Var(bool)
FIRST = Assign((Y,), BY_NAME["*"], (X, Const(2.0)), None)
SECOND = Assign((Z,), BY_NAME["+"], (Y, X), None)
LIST = Function("f", (X,), (FIRST, SECOND), (Z,), {})
EMPTY = Block((), (), ())
ASK = Assign((ASKED,), BY_NAME["<"], (X, Const(1.0)), None)
BROKEN: dict[str, Any] = {
    "reads .* before it is defined": replace(LIST, statements=(SECOND, FIRST)),
    "which is not defined": replace(LIST, statements=(FIRST,)),
    "a second time": replace(LIST, statements=(FIRST, FIRST, SECOND)),
    "takes 2 operands": replace(LIST, statements=(replace(FIRST, args=(X,)), SECOND)),
    "is given what stands for a value": replace(LIST, statements=(replace(FIRST, args=(X, Const(Size.of(Symbol("n"))))), SECOND)),
    "unknown guard": replace(LIST, statements=(FIRST, SECOND, Guard("maybe", X, True, None))),  # type: ignore[arg-type]
    "a branch has parameters": replace(LIST, statements=(FIRST, SECOND, ASK, If((), ASKED, Block((Var(float),), (), ()), EMPTY, None, 0))),
    "too few or too many results": replace(LIST, statements=(FIRST, SECOND, ASK, If((Var(float),), ASKED, EMPTY, EMPTY, None, 0))),
}


def test_a_list_in_order_is_one() -> None:
    verify(LIST)


@pytest.mark.parametrize("message", BROKEN)
def test_a_broken_list_is_a_fault(message: str) -> None:
    with pytest.raises(InvalidIR, match=message):
        verify(BROKEN[message])
