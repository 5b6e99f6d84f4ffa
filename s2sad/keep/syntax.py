"""The parts of a function that keeping walks: its statements as they are, its expressions lowered one by one.

Control flow is walked, so conditional expressions become questions with functions for their branches.
"""
from __future__ import annotations

import ast
import functools
import types
from dataclasses import replace
from typing import Any

import gast

from s2sad.errors import CannotKeep
from s2sad.front import fence, scopes
from s2sad.front.lookup import Source
from s2sad.front.lower import Lowering, _comparison, compiled
from s2sad.front.nodes import NAMES, ask, constant, definition, load, locate, parameters, store, thunk
from s2sad.front.patterns import describe

VALUE, WALK = "__value__", "__walk__"
FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef)


class KeptLowering(Lowering):
    """Lowering in which nothing but the walk decides about control flow. What the calls in `handed_on` give is assigned or returned."""

    def __init__(self, source: Source, found: dict[int, scopes.Scope]) -> None:
        super().__init__(source, found)
        self.handed_on: set[int] = set()

    def visit_Call(self, node: Any) -> Any:
        """What a call gives may be one thing or another, which is told apart unless it is assigned or returned."""
        call = super().visit_Call(node)
        if id(node) in self.handed_on and getattr(call.func, "attr", "") == "call":
            call.func.attr = "handed_on"
        return call

    comprehensions: list[Any]

    def assign(self, target: Any, value: Any) -> list[Any]:
        stars = [k for k, e in enumerate(getattr(target, "elts", ())) if isinstance(e, gast.Starred)]
        if stars:
            value = ask("apart", value, constant(stars[0]), constant(len(target.elts) - stars[0] - 1))
        return super().assign(target, value)

    def plain(self, target: Any, in_turn: bool = False) -> tuple[Any, list[Any]]:
        found, after = super().plain(target, in_turn)
        if isinstance(target, gast.Starred) and isinstance(found.value, (ast.Name, gast.Name)):
            name = found.value.id
            after = [ast.Assign([store(name)], ask("gathered", load(name)), None), *after]
        return found, after

    def visit_List(self, node: Any) -> Any:
        """A list of which a part is taken from another one."""
        if isinstance(node.ctx, gast.Store) or not any(isinstance(e, gast.Starred) for e in node.elts):
            return self.generic_visit(node)
        pieces = [self.visit(e.value) if isinstance(e, gast.Starred) else ast.List([self.visit(e)], ast.Load()) for e in node.elts]
        return ask("concatenated", *pieces)

    def visit_BoolOp(self, node: Any) -> Any:
        result = self.visit(node.values[-1])
        for value in reversed(node.values[:-1]):
            result = ask("both" if isinstance(node.op, gast.And) else "either", self.visit(value), thunk(result))
        return result

    def _chain(self, left: Any, ops: list[Any], operands: list[Any]) -> Any:
        symbol = constant(_comparison(ops[0]))
        if len(ops) == 1:
            return ask("compare", symbol, left, operands[0])
        first = ask("compare", symbol, left, ask("hold", operands[0]))
        return ask("chain", first, thunk(self._chain(ask("held"), ops[1:], operands[1:])))

    def tested(self, node: Any) -> Any:
        """A condition, of which only the truth matters: a list in it stands for whether it has items."""
        if isinstance(node, gast.BoolOp):
            question = "both" if isinstance(node.op, gast.And) else "either"
            result = self.tested(node.values[-1])
            for value in reversed(node.values[:-1]):
                result = ask(question, self.tested(value), thunk(result))
            return locate(result, node)
        return locate(ask("condition", self.visit(node)), node)

    def visit_IfExp(self, node: Any) -> Any:
        return ask("choose", self.tested(node.test), thunk(self.visit(node.body)), thunk(self.visit(node.orelse)))

    def visit_UnaryOp(self, node: Any) -> Any:
        if isinstance(node.op, gast.Not):
            return ask("negated", self.visit(node.operand))
        return super().visit_UnaryOp(node)

    def visit_Assert(self, node: Any) -> Any:
        return ast.Expr(ask("certain", self.visit(node.test)))

    def visit_NamedExpr(self, node: Any) -> Any:
        """The names of the function are in its namespace, also for a part of the expression that is a function by itself."""
        return ask("let", load(NAMES), constant(node.target.id), self.visit(node.value))

    def visit_ClassDef(self, node: Any) -> Any:
        raise CannotKeep("a class that is defined inside the function", self.source.location(node), "define it outside")


    # Comprehensions, which are walked as loops where they cannot run as they are

    def visit_ListComp(self, node: Any) -> Any:
        return self.walkable(node)

    visit_GeneratorExp = visit_ListComp

    def walkable(self, node: Any) -> Any:
        """A question with the first iterable, the comprehension as it is, its number, and the names from around that Python holds."""
        number = len(self.comprehensions)
        self.comprehensions.append(node)
        whole = self.comprehension(node)
        first, whole.generators[0].iter.args[0] = whole.generators[0].iter.args[0], load(VALUE)
        held = {n for scope in self.scopes[1:] for n in scope.names} - scopes.Comprehension(node).names
        read = sorted({n.id for n in gast.walk(node) if isinstance(n, gast.Name)} & held)
        names = ast.Dict([constant(n) for n in read], [load(n) for n in read])
        native = ast.Lambda(ast.arguments([], [ast.arg(VALUE, None, None)], None, [], [], None, []), whole)
        return ask("comprehension", load(WALK), constant(number), names, first, native)

    def visit_Yield(self, node: Any) -> Any:
        raise CannotKeep("a generator that is sent values", self.source.location(node), "let `yield` be a statement of its own")

    visit_YieldFrom = visit_Yield


class Parts:
    """A function for the walk: its statements, and the code of what stands between its control flow, compiled as it is met."""

    def __init__(self, source: Source) -> None:
        found = scopes.resolve(source.node)
        fence.check(source, found)
        self.source, self.scope = source, found[id(source.node)]
        self.lowering = KeptLowering(source, found)
        self.lowering.comprehensions = []
        node = source.node
        self.name = getattr(node, "name", "<lambda>")
        self.signature = self._signature(node.args)
        self.body: list[Any] = [gast.Return(node.body)] if isinstance(node, gast.Lambda) else list(node.body)
        if isinstance(node, gast.Lambda):
            gast.copy_location(self.body[0], node.body)
        self.asking: set[int] = set()  # the statements and expressions, by their ids, in which Python asks for truth values
        self.codes: dict[int, types.CodeType] = {}
        self.tests: dict[int, types.CodeType] = {}
        self.patterns: dict[int, tuple[types.CodeType, list[str]]] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        self.nested: dict[int, Parts] = {}

    def _signature(self, args: Any) -> types.CodeType:
        """The code of a function that gives its arguments by name."""
        body: list[Any] = [ast.Return(ast.Call(load("locals"), [], []))]
        name = self.name if self.name.isidentifier() else "function"
        stub = locate(definition(name, parameters(args), body, []), self.source.node)
        code = self._compiled(ast.Module([stub], []))
        return next(c for c in code.co_consts if isinstance(c, types.CodeType))

    def _compiled(self, tree: Any, mode: str = "exec") -> types.CodeType:
        return compiled(tree, self.source.file, mode).replace(co_name=self.source.code.co_name)

    def statement(self, node: Any) -> types.CodeType:
        """The code of a statement without control flow."""
        if id(node) not in self.codes:
            if isinstance(node, gast.Assign) and all(isinstance(t, gast.Name) for t in node.targets):
                self.lowering.handed_on.add(id(node.value))
            self.codes[id(node)] = self._compiled(ast.Module(self.lowering.block([node]), []))
        return self.codes[id(node)]

    def read_by(self, node: Any) -> tuple[str, ...]:
        """The names that a statement or an expression does something with, and does not only hand on."""
        if id(node) not in self.names:
            names = [n for n in gast.walk(node) if isinstance(n, gast.Name)]
            if isinstance(node, gast.Assign) and all(isinstance(t, gast.Name) for t in node.targets):
                names = [n for n in names if isinstance(n.ctx, gast.Load) and n is not node.value]
            self.names[id(node)] = tuple(dict.fromkeys(n.id for n in names))
        return self.names[id(node)]

    def surely_read_by(self, node: Any) -> tuple[str, ...]:
        """The names of which the value is asked for sure; those of a part that may be left out are not."""
        if isinstance(node, gast.AugAssign):
            return self.read_by(node)
        parts = [node]
        for part in parts:
            parts += _surely_asked(part)
        return tuple(n.id for n in parts if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load))

    def expression(self, node: Any) -> types.CodeType:
        if id(node) not in self.codes:
            self.codes[id(node)] = self._compiled(ast.Expression(self.lowering.visit(node)), "eval")
        return self.codes[id(node)]

    def condition(self, node: Any) -> types.CodeType:
        if id(node) not in self.tests:
            self.tests[id(node)] = self._compiled(ast.Expression(self.lowering.tested(node)), "eval")
        return self.tests[id(node)]

    def target(self, node: Any) -> types.CodeType:
        """The code that assigns the value under the name VALUE to the target of a loop."""
        if id(node) not in self.codes:
            statements = [locate(each, node) for each in self.lowering.assign(node, load(VALUE))]
            self.codes[id(node)] = self._compiled(ast.Module(statements, []))
        return self.codes[id(node)]

    def pattern(self, case: Any) -> tuple[types.CodeType, list[str]]:
        """The code of what describes the pattern of a case, and the names that it captures."""
        if id(case) not in self.patterns:
            names: list[str] = []
            described = locate(describe(self.lowering, case.pattern, names), case.pattern)
            self.patterns[id(case)] = self._compiled(ast.Expression(described), "eval"), names
        return self.patterns[id(case)]

    def kind_of(self, number: int) -> tuple[bool, bool]:
        """Whether a comprehension makes a list, and whether it has one loop and no condition."""
        node = self.lowering.comprehensions[number]
        return isinstance(node, gast.ListComp), len(node.generators) == 1 and not node.generators[0].ifs

    def comprehension(self, number: int) -> Parts:
        """A comprehension as a generator; its body is a loop."""
        node = self.lowering.comprehensions[number]
        if id(node) not in self.nested:
            last = gast.Expr(gast.copy_location(gast.Yield(node.elt), node.elt))
            none = gast.arguments([], [], None, [], [], None, [])
            function = gast.FunctionDef("comprehension", none, [loop_of(node, last)], [], None, None)
            self.nested[id(node)] = Parts(replace(self.source, node=gast.copy_location(function, node)))
        return self.nested[id(node)]

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
        if isinstance(node, (gast.For, gast.While)):
            if jumps(node.body, False) or jumps(node.orelse, within_loop):
                return True
        elif any(jumps(block, within_loop) for block in blocks(node)):
            return True
    return False


def after_ways_out(statements: list[Any], count: int) -> int | None:
    """The position after so many statements that may leave the block, if there are more of them."""
    found = [k for k, node in enumerate(statements) if restructures(node) and jumps([node])]
    return found[count - 1] + 1 if len(found) > count else None


def blocks(node: Any) -> list[list[Any]]:
    """The blocks of statements in a statement that is no loop, nor a definition."""
    match node:
        case gast.If():
            return [node.body, node.orelse]
        case gast.With():
            return [node.body]
        case gast.Try():
            return [node.body, *(h.body for h in node.handlers), node.orelse, node.finalbody]
        case gast.Match():
            return [case.body for case in node.cases]
        case _:
            return []


def falls(statements: list[Any]) -> bool:
    """Whether what follows the statements may be reached."""
    ends = (n for n in statements if isinstance(n, (gast.Return, gast.Raise, gast.Break, gast.Continue)))
    return next(ends, None) is None and all(falls(n.body) or falls(n.orelse) for n in statements if isinstance(n, gast.If))


def is_short(statements: list[Any]) -> bool:
    """Whether the statements are no more than a way out, which may as well stand on each way that leads there."""
    if len(statements) != 1 or not isinstance(statements[0], (gast.Return, gast.Break, gast.Continue)):
        return False
    return not any(isinstance(n, (gast.Call, gast.IfExp, gast.BoolOp)) for n in gast.walk(statements[0]))


def yields(inner: Parts) -> bool:
    """Whether calling the function makes a generator."""
    return any(inner.scope.kinds.get(kind) for kind in (gast.Yield, gast.YieldFrom))


def restructures(node: Any) -> bool:
    return isinstance(node, (gast.For, gast.While, gast.If, gast.Try, gast.With, gast.Match))



def loop_of(node: Any, last: Any) -> Any:
    """A comprehension as a loop, in whose innermost step is the statement `last`."""
    body = gast.copy_location(last, node.elt)
    for generator in reversed(node.generators):
        for test in reversed(generator.ifs):
            body = gast.copy_location(gast.If(test, [body], []), test)
        body = gast.copy_location(gast.For(generator.target, generator.iter, [body], [], None), generator.iter)
    return body


def is_literal(node: Any) -> bool:
    """Whether nothing but functions is named, so that what a loop runs over stands in the text."""
    called = {id(n.func) for n in gast.walk(node) if isinstance(n, gast.Call)}
    return all(id(n) in called for n in gast.walk(node) if isinstance(n, (gast.Name, gast.Attribute)))


def _surely_asked(node: Any) -> tuple[Any, ...]:
    """The parts of a node that are asked for their value whenever it is."""
    match node:
        case gast.IfExp():
            return (node.test,)
        case gast.BoolOp():
            return (node.values[0],)
        case gast.Compare():
            return node.left, node.comparators[0]
        case gast.Lambda() | gast.FunctionDef() | gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
            return ()
    return tuple(gast.iter_child_nodes(node))
