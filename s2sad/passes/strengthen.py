"""The products of cotangents and partial derivatives made strong: 0 times anything is 0."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir import Assign, Block, Function, If, Loop, Statement, everything
from s2sad.primitives import STRONG


def has_products(function: Function) -> bool:
    """Whether there is a product that could be strong."""
    return any(isinstance(s, Assign) and s.strong for s in everything(function.statements))


def strengthen(function: Function) -> Function:
    """Each statement that is a product of a cotangent evaluates the strong one."""
    return replace(function, statements=_statements(function.statements))


def _statements(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    return tuple(map(_statement, statements))


def _statement(statement: Statement) -> Statement:
    match statement:
        case Assign(strong=True):
            return replace(statement, primitive=STRONG[statement.primitive].primitive)
        case Loop():
            return replace(statement, body=_block(statement.body))
        case If():
            return replace(statement, then=_block(statement.then), orelse=_block(statement.orelse))
    return statement


def _block(block: Block) -> Block:
    return replace(block, statements=_statements(block.statements))
