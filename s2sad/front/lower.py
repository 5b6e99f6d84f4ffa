"""From the user's function to one in which every operation goes through a machine.

The rewritten function runs as Python: scopes, loops, exceptions, generators and `with` stay what they are, and keep the
user's line numbers. Only operations are redirected: `x * y` becomes `__s2sad__.binary("*", x, y)`, `if c:` becomes
`if __s2sad__.truth(c):`, a free name becomes `__s2sad__.free(__unit__, "name")`. The machine decides what an operation means:
recording it, or putting it on the tape.
"""
from __future__ import annotations

import ast
import contextlib
import functools
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

import gast

from s2sad.collecting import uncollected
from s2sad.errors import UnsupportedSyntax
from s2sad.front import fence, scopes
from s2sad.front.lookup import Source
from s2sad.front.nodes import (
    DELETE,
    LOAD,
    STORE,
    UNIT,
    Rewriter,
    ask,
    behind_items,
    constant,
    definition,
    hint,
    let_through,
    load,
    locate,
    parameters,
    plain_target,
    store,
)  # fmt: skip
from s2sad.front.patterns import lower_match
from s2sad.rules.rule_text import SYMBOLS
from s2sad.runtime.notices import MACHINE, ignoring
from s2sad.tracebacks import LOWERED

DEBUGGERS = frozenset({"breakpoint", "set_trace"})
_lock = threading.RLock()
OPERATORS: dict[str, str] = {kind.__name__: symbol for kind, (symbol, _) in SYMBOLS.items()}


class Lowering(Rewriter):
    """One pass over the tree of a function (the unit)."""

    def __init__(self, source: Source, found: dict[int, scopes.Scope]) -> None:
        self.source = source
        self.found = found
        self.scopes: list[scopes.Scope | scopes.Comprehension] = [found[id(source.node)]]  # around what is visited, from the outermost
        qualified = source.code.co_qualname.split(".")
        outer = qualified[-2] if len(qualified) > 1 else ""
        self.classes: list[str] = [] if outer in ("", "<locals>") else [outer]
        self.depth_of_local_class = 0
        self.temporaries = 0

    @contextlib.contextmanager
    def within(self, scope: scopes.Scope | scopes.Comprehension) -> Iterator[None]:
        self.scopes.append(scope)
        try:
            yield
        finally:
            self.scopes.pop()

    def fresh(self) -> str:
        self.temporaries += 1
        return f"__t{self.temporaries}__"

    def mangle(self, name: str) -> str:
        """Private names of a class body, as the compiler mangles them."""
        if self.classes and name.startswith("__") and not name.endswith("__"):
            return f"_{self.classes[-1].lstrip('_')}{name}"
        return name

    # Names

    def visit_Name(self, node: Any) -> Any:
        if not isinstance(node.ctx, gast.Load):
            return ast.Name(node.id, STORE if isinstance(node.ctx, gast.Store) else DELETE)
        if scopes.is_own(node.id, self.scopes):
            return load(node.id)
        return ask("free", load(UNIT), constant(self.mangle(node.id)))

    def visit_Constant(self, node: Any) -> Any:
        return constant(node.value)

    def visit_Global(self, node: Any) -> Any:
        return ast.Pass()  # what belongs outside is read and assigned through the machine

    def visit_Nonlocal(self, node: Any) -> Any:
        own = [name for name in node.names if name not in self.scopes[-1].outside]
        return ast.Nonlocal(own) if own else ast.Pass()

    def visit_NamedExpr(self, node: Any) -> Any:
        return ast.NamedExpr(self.visit(node.target), ask("name", constant(node.target.id), self.visit(node.value)))

    # Operations

    def visit_BinOp(self, node: Any) -> Any:
        return ask("binary", constant(OPERATORS[type(node.op).__name__]), self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: Any) -> Any:
        if isinstance(node.op, gast.Not):
            return ast.UnaryOp(ast.Not(), ask("truth", self.visit(node.operand)))
        operand = self.visit(node.operand)
        if isinstance(operand, ast.Constant) and isinstance(node.op, gast.USub):
            return ast.UnaryOp(ast.USub(), operand)
        return ask("unary", constant(OPERATORS[type(node.op).__name__]), operand)

    def visit_BoolOp(self, node: Any) -> Any:
        """`a and b` is `b if test(a) else last()`: `last` gives the value just tested, so nothing is evaluated twice."""
        result = self.visit(node.values[-1])
        for value in reversed(node.values[:-1]):
            test = ask("test", self.visit(value))
            branches = (result, ask("last")) if isinstance(node.op, gast.And) else (ask("last"), result)
            result = ast.IfExp(test, *branches)
        return result

    def visit_Compare(self, node: Any) -> Any:
        """A chain holds each middle operand on a stack of the machine, to be evaluated once."""
        operands = [self.visit(o) for o in (node.left, *node.comparators)]
        return self._chain(operands[0], node.ops, operands[1:])

    def _chain(self, left: Any, ops: list[Any], operands: list[Any]) -> Any:
        symbol = constant(_comparison(ops[0]))
        if len(ops) == 1:
            return ask("compare", symbol, left, operands[0])
        first = ask("test", ask("compare", symbol, left, ask("hold", operands[0])))
        return ast.IfExp(first, self._chain(ask("held"), ops[1:], operands[1:]), ask("unhold"))

    def truth(self, test: Any) -> Any:
        """The question of a condition, at the place of the condition."""
        return locate(ask("truth", self.visit(test)), test)

    def visit_IfExp(self, node: Any) -> Any:
        return ast.IfExp(self.truth(node.test), self.visit(node.body), self.visit(node.orelse))

    def visit_Call(self, node: Any) -> Any:
        if isinstance(node.func, gast.Name) and node.func.id == "super" and not node.args:
            if self.depth_of_local_class:
                return ast.Call(load("super"), [], [])
            return ask("super_of", load(UNIT), load(self.first_argument()))
        args = [self.visit(a) for a in node.args]
        keywords = [ast.keyword(k.arg, self.visit(k.value) if k.arg else ask("mapping", self.visit(k.value))) for k in node.keywords]
        if DEBUGGERS.intersection((getattr(node.func, "id", ""), getattr(node.func, "attr", ""))):  # it stops in the frame that calls it
            return ast.Call(ask("debugger", self.visit(node.func)), args, keywords)
        return ask("call", self.visit(node.func), *args, keywords=keywords)

    def first_argument(self) -> str:
        arguments = self.source.node.args
        return str((arguments.posonlyargs + arguments.args)[0].id)

    def visit_Attribute(self, node: Any) -> Any:
        return ask("attribute", self.visit(node.value), constant(self.mangle(node.attr)))

    def visit_Subscript(self, node: Any) -> Any:
        return ask("item", self.visit(node.value), self.visit(node.slice))

    def visit_Slice(self, node: Any) -> Any:
        parts = [constant(None) if p is None else self.visit(p) for p in (node.lower, node.upper, node.step)]
        return ask("slice", *parts)

    def visit_Starred(self, node: Any) -> Any:
        if isinstance(node.ctx, gast.Store):
            return self.generic_visit(node)
        return ast.Starred(ask("iterate", self.visit(node.value)), LOAD)

    def visit_JoinedStr(self, node: Any) -> Any:
        return ask("fstring", *[self.visit(v) for v in node.values])

    def visit_FormattedValue(self, node: Any) -> Any:
        spec = constant("") if node.format_spec is None else self.visit(node.format_spec)
        return ast.Tuple([self.visit(node.value), constant(node.conversion), spec], LOAD)

    def visit_YieldFrom(self, node: Any) -> Any:
        return ast.YieldFrom(ask("iterate", self.visit(node.value)))

    def comprehension(self, node: Any) -> Any:
        outermost = self.visit(node.generators[0].iter)  # which is evaluated around the comprehension
        with self.within(scopes.Comprehension(node)):
            generators = [self.generator(g, self.visit(g.iter) if k else outermost) for k, g in enumerate(node.generators)]
            items = [self.visit(getattr(node, name)) for name in ("elt", "key", "value") if name in node._fields]
        return getattr(ast, type(node).__name__)(*items, generators)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def generator(self, node: Any, iterable: Any) -> Any:
        if not plain_target(node.target):
            raise UnsupportedSyntax("an attribute or item as the target of a comprehension",
                                    self.source.location(node.target), "use a name as the target")  # fmt: skip
        iterable = ask("over", iterable, constant(hint(node.target)))
        return ast.comprehension(self.visit(node.target), iterable, [self.truth(test) for test in node.ifs], 0)

    # Statements

    def visit_Assign(self, node: Any) -> Any:
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.assign(node.targets[0], value)
        name = self.fresh()
        first = ast.Assign([store(name)], value, None)
        return [first, *(s for target in node.targets for s in self.assign(target, load(name)))]

    def assign(self, target: Any, value: Any) -> list[Any]:
        """Statements that assign a lowered value to a target of any form."""
        match target:
            case gast.Name(id=name) if name in self.scopes[-1].outside:
                return [ast.Expr(ask("assign_free", value, load(UNIT), constant(self.mangle(name))))]
            case gast.Name(id=name):
                return [ast.Assign([self.visit(target)], ask("name", constant(name), value), None)]
            case gast.Attribute():
                return [ast.Expr(ask("set_attribute", value, self.visit(target.value), constant(self.mangle(target.attr))))]
            case gast.Subscript():
                return [ast.Expr(ask("set_item", value, self.visit(target.value), self.visit(target.slice)))]
            case _:
                plain, after = self.plain(target)
                names = ast.Tuple([constant(hint(e)) for e in target.elts], LOAD)
                return [ast.Assign([plain], ask("unpack", value, names), None), *after]

    def plain(self, target: Any, in_turn: bool = False) -> tuple[Any, list[Any]]:
        """The target with names in place of attributes and items, and of the names behind them, and statements that pass the values on."""
        match target:
            case gast.Name(id=name) if name not in self.scopes[-1].outside and not in_turn:
                return self.visit(target), []
            case gast.Tuple() | gast.List():
                parts = [self.plain(e, in_turn or behind) for e, behind in zip(target.elts, behind_items(target.elts), strict=True)]
                return ast.Tuple([p for p, _ in parts], STORE), [s for _, statements in parts for s in statements]
            case gast.Starred():
                inner, after = self.plain(target.value, in_turn)
                return ast.Starred(inner, STORE), after
            case _:
                name = self.fresh()
                return store(name), self.assign(target, load(name))

    def visit_AnnAssign(self, node: Any) -> Any:
        if self.scopes[-1].is_class and isinstance(node.target, gast.Name):
            value = None if node.value is None else self.visit(node.value)
            text = constant(ast.unparse(gast.gast_to_ast(node.annotation)))
            annotation = ast.Call(ast.Attribute(load(UNIT), "annotation", LOAD), [text], [])
            return ast.AnnAssign(self.visit(node.target), annotation, value, node.simple)
        return [ast.Pass()] if node.value is None else self.assign(node.target, self.visit(node.value))

    def visit_AugAssign(self, node: Any) -> Any:
        symbol, value = constant(OPERATORS[type(node.op).__name__]), node.value
        match node.target:
            case gast.Name(id=name):
                # A name bound in an enclosing function (nonlocal) is read as it is written, so the load is the store's.
                outside = name in self.scopes[-1].outside
                now = ask("free", load(UNIT), constant(self.mangle(name))) if outside else load(name)
                return self.assign(node.target, ask("inplace", symbol, now, self.visit(value)))
            case gast.Attribute():
                owner, attr = self.fresh(), constant(self.mangle(node.target.attr))
                new = ask("inplace", symbol, ask("attribute", load(owner), attr), self.visit(value))
                return [ast.Assign([store(owner)], self.visit(node.target.value), None),
                        ast.Expr(ask("set_attribute", new, load(owner), attr))]  # fmt: skip
            case _:
                owner, index = self.visit(node.target.value), self.visit(node.target.slice)
                if not isinstance(value, (gast.Name, gast.Constant)):  # it may raise, or write into what the item is read from
                    return ast.Expr(ask("inplace_held", symbol, ask("hold_item", owner, index), self.visit(value)))
                return ast.Expr(ask("inplace_item", symbol, owner, index, self.visit(value)))

    def visit_Delete(self, node: Any) -> Any:
        statements: list[Any] = []
        for target in node.targets:
            match target:
                case gast.Attribute():
                    question = ask("delete_attribute", self.visit(target.value), constant(self.mangle(target.attr)))
                    statements.append(ast.Expr(question))
                case gast.Subscript():
                    statements.append(ast.Expr(ask("delete_item", self.visit(target.value), self.visit(target.slice))))
                case _:
                    statements.append(ast.Delete([self.visit(target)]))
        return statements

    def visit_For(self, node: Any) -> Any:
        target, after = self.plain(node.target)
        iterable = locate(ask("over", self.visit(node.iter), constant(hint(node.target))), node.iter)
        return ast.For(target, iterable, after + self.block(node.body), self.block(node.orelse), None)

    def visit_While(self, node: Any) -> Any:
        turns = self.fresh()
        test = locate(ask("turn", load(turns), self.visit(node.test)), node.test)
        loop = ast.While(test, self.block(node.body), self.block(node.orelse))
        return [ast.Assign([store(turns)], ask("turns"), None), loop, ast.Delete([ast.Name(turns, DELETE)])]

    def visit_If(self, node: Any) -> Any:
        return ast.If(self.truth(node.test), self.block(node.body), self.block(node.orelse))

    def visit_Assert(self, node: Any) -> Any:
        return ast.Assert(self.truth(node.test), None if node.msg is None else self.visit(node.msg))

    def visit_Try(self, node: Any) -> Any:
        return let_through(self.generic_visit(node))

    def visit_ExceptHandler(self, node: Any) -> Any:
        return ast.ExceptHandler(self.part(node.type), None if node.name is None else node.name.id, self.block(node.body))

    def visit_With(self, node: Any) -> Any:
        items, before = [], []
        for item in node.items:
            manager = locate(ask("manager", self.visit(item.context_expr)), item.context_expr)
            target, after = (None, []) if item.optional_vars is None else self.plain(item.optional_vars)
            items.append(ast.withitem(manager, target))
            before += after
        return ast.With(items, before + self.block(node.body), None)

    def visit_Match(self, node: Any) -> Any:
        return lower_match(self, node)

    def visit_Import(self, node: Any) -> Any:
        """The import as it stands, then the modules as they are found in each call."""
        names = [(a.asname or a.name.partition(".")[0], a.name if a.asname else a.name.partition(".")[0]) for a in node.names]
        return [self.generic_visit(node), *(ast.Assign([store(name)], ask("module", constant(found)), None) for name, found in names)]

    def visit_ImportFrom(self, node: Any) -> Any:
        """The import as it stands, then reads of what it imports; what is relative, is so to the module of the user's function."""
        module = constant(node.module)
        reads = []
        for alias in node.names:
            if node.level:
                place = ast.Attribute(load(UNIT), "relative", LOAD)
                module = ast.Call(place, [constant(node.module or ""), constant(alias.name), constant(node.level)], [])
            reads.append(ast.Assign([store(alias.asname or alias.name)], ask("imported", module, constant(alias.name)), None))
        return reads if node.level else [self.generic_visit(node), *reads]

    # Definitions

    def visit_FunctionDef(self, node: Any) -> Any:
        decorators = [ask("decorator", self.visit(d)) for d in node.decorator_list]
        args = self.arguments(node.args)
        with self.within(self.found[id(node)]):
            return definition(node.name, args, self.block(node.body), decorators)

    def visit_Lambda(self, node: Any) -> Any:
        args = self.arguments(node.args)
        with self.within(self.found[id(node)]):
            return ast.Lambda(args, self.visit(node.body))

    def arguments(self, args: Any) -> Any:
        defaults = [self.visit(d) for d in args.defaults]
        return parameters(args, defaults, [None if d is None else self.visit(d) for d in args.kw_defaults])

    def visit_ClassDef(self, node: Any) -> Any:
        bases = [self.visit(b) for b in node.bases]
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        decorators = [ask("decorator", self.visit(d)) for d in node.decorator_list]
        self.classes.append(node.name)
        self.depth_of_local_class += 1
        with self.within(self.found[id(node)]):
            body = self.block(node.body)
        self.depth_of_local_class -= 1
        self.classes.pop()
        return ast.ClassDef(node.name, bases, keywords, body, decorators)

    def unit(self) -> Any:
        """The whole function as a definition without defaults and decorators, which the caller supplies."""
        node = self.source.node
        body = [ast.Return(self.visit(node.body))] if isinstance(node, gast.Lambda) else self.block(node.body)
        return locate(definition(getattr(node, "name", "__lambda__"), parameters(node.args), body, []), node)


def _comparison(op: Any) -> str:
    words = {"Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in"}
    return words.get(type(op).__name__) or OPERATORS[type(op).__name__]


def lower(source: Source) -> types.CodeType:
    """The code object of the rewritten function; its globals must hold the machine and the unit."""
    with _lock, uncollected():
        return _lower(source)


@functools.lru_cache(maxsize=4096)
def _lower(source: Source) -> types.CodeType:
    found = scopes.resolve(source.node)
    fence.check(source, found)
    code = compiled(ast.Module([Lowering(source, found).unit()], []), source.file)
    lowered = next(c for c in code.co_consts if isinstance(c, types.CodeType))
    return lowered.replace(co_name=source.code.co_name, co_qualname=source.code.co_qualname)


def compiled(tree: Any, file: str, mode: str = "exec") -> types.CodeType:
    """Compiled without the warnings of the user's text, which they have had."""
    with ignoring(SyntaxWarning):
        code: types.CodeType = compile(tree, file, mode, dont_inherit=True)
    return code


def instantiate(code: types.CodeType, machine: Any, unit: Any, builtins: Any) -> Callable[..., Any]:
    """The rewritten function bound to a machine; `unit` answers for its free names."""
    namespace = {MACHINE: machine, UNIT: unit, "__builtins__": builtins, "__name__": LOWERED}
    return types.FunctionType(code, namespace, code.co_name)
