"""The parts of a function that keeping walks: its statements as they are, its expressions lowered one by one.

Control flow is walked, so conditional expressions become questions with functions for their branches.
"""
from __future__ import annotations

import ast
import functools
import types
import warnings
from dataclasses import replace
from typing import Any

import gast

from s2sad import fence, scopes
from s2sad.errors import CannotKeep
from s2sad.lower import Lowering, _comparison
from s2sad.nodes import ask, constant, copied, load
from s2sad.source import Source

VALUE = "__value__"
FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef)


class KeptLowering(Lowering):
    """Lowering in which nothing but the walk decides about control flow."""

    def visit_BoolOp(self, node: Any) -> Any:
        result = self.visit(node.values[-1])
        for value in reversed(node.values[:-1]):
            result = ask("both" if isinstance(node.op, gast.And) else "either", self.visit(value), _thunk(result))
        return result

    def _chain(self, left: Any, ops: list[Any], operands: list[Any]) -> Any:
        symbol = constant(_comparison(ops[0]))
        if len(ops) == 1:
            return ask("compare", symbol, left, operands[0])
        first = ask("compare", symbol, left, ask("hold", operands[0]))
        return ask("chain", first, _thunk(self._chain(ask("held"), ops[1:], operands[1:])))

    def visit_IfExp(self, node: Any) -> Any:
        return ask("choose", self.visit(node.test), _thunk(self.visit(node.body)), _thunk(self.visit(node.orelse)))

    def visit_UnaryOp(self, node: Any) -> Any:
        if isinstance(node.op, gast.Not):
            return ask("negated", self.visit(node.operand))
        return super().visit_UnaryOp(node)

    def visit_Assert(self, node: Any) -> Any:
        return gast.Expr(ask("certain", self.visit(node.test)))

    def visit_NamedExpr(self, node: Any) -> Any:
        raise CannotKeep("an assignment inside an expression", self.source.location(node), "assign in a statement of its own")

    def visit_Try(self, node: Any) -> Any:
        raise CannotKeep("`try`: which exception an operation raises is known on a recorded path only", self.source.location(node),
                         "test the condition with an `if`")  # fmt: skip

    def visit_With(self, node: Any) -> Any:
        raise CannotKeep("`with`", self.source.location(node), "take the loop out of it")

    def visit_Match(self, node: Any) -> Any:
        raise CannotKeep("`match`", self.source.location(node), "write it as a chain of `if` and `elif`")

    def visit_ClassDef(self, node: Any) -> Any:
        raise CannotKeep("a class that is defined inside the function", self.source.location(node), "define it outside")


def _thunk(expression: Any) -> Any:
    nothing = gast.arguments([], [], None, [], [], None, [])
    return gast.Lambda(nothing, expression)


class Parts:
    """A function for the walk: its statements, and the code of what stands between its control flow, compiled as it is met."""

    def __init__(self, source: Source) -> None:
        fence.check(source)
        self.source = replace(source, node=copied(source.node))
        self.lowering = KeptLowering(self.source)
        node = self.source.node
        self.name = getattr(node, "name", "<lambda>")
        self.signature = self._signature(node.args)
        self.body: list[Any] = [gast.Return(node.body)] if isinstance(node, gast.Lambda) else list(node.body)
        if isinstance(node, gast.Lambda):
            gast.copy_location(self.body[0], node.body)
        self.codes: dict[int, types.CodeType] = {}
        self.nested: dict[int, Parts] = {}

    def _signature(self, args: Any) -> types.CodeType:
        """The code of a function that gives its arguments by name."""
        own = copied(args)
        own.defaults, own.kw_defaults = [], [None] * len(own.kwonlyargs)
        for argument in (*own.posonlyargs, *own.args, *own.kwonlyargs, own.vararg, own.kwarg):
            if argument is not None:
                argument.annotation = None
        call = gast.Call(load("locals"), [], [])
        stub = gast.FunctionDef(self.name if self.name.isidentifier() else "function", own, [gast.Return(call)], [], None, None, [])
        code = self._compile([stub])
        return next(c for c in code.co_consts if isinstance(c, types.CodeType))

    def _compile(self, statements: list[Any]) -> types.CodeType:
        module = gast.gast_to_ast(gast.Module(statements, []))
        ast.fix_missing_locations(module)
        return self._named(module, "exec")

    def _named(self, tree: Any, mode: str) -> types.CodeType:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            code: types.CodeType = compile(tree, self.source.file, mode, dont_inherit=True)
        return code.replace(co_name=self.source.code.co_name)

    def statement(self, node: Any) -> types.CodeType:
        """The code of a statement without control flow."""
        if id(node) not in self.codes:
            self.codes[id(node)] = self._compile(self.lowering.block([node]))
        return self.codes[id(node)]

    def expression(self, node: Any) -> types.CodeType:
        if id(node) not in self.codes:
            lowered = self.lowering.visit(node)
            tree = ast.Expression(gast.gast_to_ast(gast.Expr(lowered)).value)
            ast.fix_missing_locations(tree)
            self.codes[id(node)] = self._named(tree, "eval")
        return self.codes[id(node)]

    def target(self, node: Any) -> types.CodeType:
        """The code that assigns the value under the name VALUE to the target of a loop."""
        if id(node) not in self.codes:
            statements = self.lowering.assign(node, load(VALUE))
            for each in statements:
                for part in gast.walk(each):
                    if "lineno" in getattr(part, "_attributes", ()) and not hasattr(part, "lineno"):
                        gast.copy_location(part, node)
            self.codes[id(node)] = self._compile(statements)
        return self.codes[id(node)]

    def function(self, node: Any) -> Parts:
        """The parts of a function defined inside."""
        if id(node) not in self.nested:
            self.nested[id(node)] = Parts(replace(self.source, node=node))
        return self.nested[id(node)]


@functools.lru_cache(maxsize=1024)
def parts(source: Source) -> Parts:
    return Parts(source)


def jumps(statements: list[Any], within_loop: bool = True) -> bool:
    """Whether the statements may leave the block they stand in: by `return`, or by a `break` or `continue` of the loop around them."""
    for node in statements:
        if isinstance(node, (gast.Return, gast.Raise)) or (within_loop and isinstance(node, (gast.Break, gast.Continue))):
            return True
        if isinstance(node, gast.If) and jumps([*node.body, *node.orelse], within_loop):
            return True
        if isinstance(node, (gast.For, gast.While)) and (jumps(node.body, False) or jumps(node.orelse, within_loop)):
            return True
    return False


def falls(statements: list[Any]) -> bool:
    """Whether what follows the statements may be reached."""
    ends = (n for n in statements if isinstance(n, (gast.Return, gast.Raise, gast.Break, gast.Continue)))
    return next(ends, None) is None and all(falls(n.body) or falls(n.orelse) for n in statements if isinstance(n, gast.If))


def is_short(statements: list[Any]) -> bool:
    """Whether the statements are no more than a way out, which may as well stand on each way that leads there."""
    if len(statements) != 1 or not isinstance(statements[0], (gast.Return, gast.Break, gast.Continue)):
        return False
    return not any(isinstance(n, (gast.Call, gast.IfExp, gast.BoolOp)) for n in gast.walk(statements[0]))


def yields(source: Source) -> bool:
    """Whether calling the function makes a generator."""
    return any(isinstance(n, (gast.Yield, gast.YieldFrom)) for n in scopes._own_nodes(
        [source.node.body] if isinstance(source.node, gast.Lambda) else source.node.body))  # fmt: skip


def restructures(node: Any) -> bool:
    return isinstance(node, (gast.For, gast.While, gast.If))
