"""Numbers by functions that are more than an expression: sums and products of items, powers' derivatives, what is made whole."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const
from s2sad.native.contractions import Contractions
from s2sad.native.joining import several
from s2sad.native.lazy import Lazy, Of
from s2sad.native.numbers import LARGEST, PYTHON, as_lazy, converted, kind_of, real, weak
from s2sad.native.places import Node, binary, call, compared, const
from s2sad.native.writer import Number
from s2sad.rules.language import BY_NAME

CHUNK = 12  # terms of a sum in one line
MOST_LOGARITHMS = 3  # of derivatives of a power in its exponent


class ScalarForms(Contractions):
    """The part that writes functions of numbers, and of lists of them whose lengths are known."""

    # Sums and products of items

    def items(self, operand: Any) -> list[Any]:
        """The items of a list or a tuple, each a Number or an array."""
        found = self.take(operand)
        if not isinstance(found, (list, tuple)) or not all(isinstance(i, (Number, Lazy)) for i in found):
            raise CannotBeNative("the items of something other than a list of numbers and arrays are read", self.where)
        return list(found)

    def form_sum_of_items(self, statement: Assign) -> None:
        items, start = self.items(statement.args[0]), self.take(statement.args[1])
        zero = isinstance(start, Number) and isinstance(start.node, ast.Constant) and start.node.value == 0
        if not (zero and items and (isinstance(items[0], Lazy) or np.dtype(items[0].kind).kind in "fc")):
            items.insert(0, start)
        self.joined_up(statement, "+", items)

    def joined_up(self, statement: Assign, symbol: str, items: Sequence[Any]) -> None:
        """The items, joined by an operator one after the other."""
        (target,) = statement.targets
        total = items[0]
        for number, item in enumerate(items[1:]):
            if isinstance(total, Number) and number % CHUNK == CHUNK - 1:
                total = self.named(total, self.hint(target))
            total = self.combined_items(symbol, total, item)
        if isinstance(total, Number):
            return self.define(target, self.as_kind(total, kind_of(target.type)))
        self.bind(statement, total)

    def combined_items(self, symbol: str, one: Any, other: Any) -> Any:
        """`one` and `other` by an operator, as Python or NumPy computes it of their classes."""
        if not isinstance(one, (Number, Lazy)) or not isinstance(other, (Number, Lazy)):
            raise CannotBeNative("something other than numbers and arrays is read here", self.where)
        primitive = BY_NAME[symbol]
        if isinstance(one, Number) and isinstance(other, Number):
            result = joint(one.kind, other.kind)
            if result is int:
                sizes = binary(real(one), symbol, real(other))
                self.leave_if(compared(call("abs", sizes), ">", const(LARGEST)))
            return Number(self.combined(primitive, [(one.node, one.kind), (other.node, other.kind)], result), result)
        lazies, kinds = zip(*(self.as_array(v) for v in (one, other)), strict=True)
        dims = max((v.dims for v in lazies), key=len)
        if any(v.dims != dims for v in lazies if v.dims):
            raise CannotBeNative("arrays of several shapes are added up", self.where)
        result = joint(*kinds)

        def make(*nodes: Node) -> Node:
            return self.combined(primitive, list(zip(nodes, kinds, strict=True)), result)

        return Of(tuple(lazies), tuple(self.spread(v, dims) for v in lazies), make, dims, np.dtype(result))

    def as_array(self, value: Any) -> tuple[Lazy, Any]:
        if isinstance(value, Lazy):
            return value.stored or value, value.dtype.type
        return as_lazy(self.named(value)), value.kind

    def as_kind(self, number: Number, kind: Any) -> Node:
        """A number as one of the class that Python gives. Raises CannotBeNative where that would not be the same number."""
        if np.dtype(number.kind).kind == "c" and np.dtype(kind).kind != "c":
            raise CannotBeNative("complex numbers are made real", self.where)
        if number.kind is kind or np.dtype(number.kind) == np.dtype(kind):
            return number.node
        if isinstance(number.node, ast.Constant) and np.dtype(kind) == np.float64:
            return const(float(number.node.value))  # type: ignore[arg-type]
        if np.dtype(kind) == np.float64:
            return real(number)
        return call(kind.__name__ if kind in PYTHON else self.dtype(kind), number.node)

    def form_product_of_items(self, statement: Assign) -> None:
        items, start = self.items(statement.args[0]), self.take(statement.args[1])
        self.joined_up(statement, "*", [start, *items])

    def form_exact_sum(self, statement: Assign) -> None:
        items = self.items(statement.args[0])
        if not items or not all(isinstance(i, Number) for i in items):
            raise CannotBeNative("math.fsum of something other than numbers has no native form", self.where)
        parts = ast.Tuple([real(i) for i in items], ast.Load())
        self.checked(statement, call("support.exact_sum", parts))

    def checked(self, statement: Assign, node: Node) -> None:
        """A number for which Python may raise an exception where it is not finite."""
        (target,) = statement.targets
        shown = self.named(Number(node, kind_of(target.type)), self.hint(target))
        self.leave_if(ast.UnaryOp(ast.Not(), call("np.isfinite" if shown.kind is complex else "math.isfinite", shown.node)))
        self.define(target, shown.node)

    # Roots and logarithms

    def form_hypot(self, statement: Assign) -> None:
        self.length_of_vector(statement, [i.node for i in self.items(statement.args[0]) if isinstance(i, Number)])

    def form_dist(self, statement: Assign) -> None:
        p, q = self.items(statement.args[0]), self.items(statement.args[1])
        if len(p) != len(q) or not all(isinstance(i, Number) for i in (*p, *q)):
            raise CannotBeNative("the distance of something other than lists of numbers is asked", self.where)
        self.length_of_vector(statement, [binary(a.node, "-", b.node) for a, b in zip(p, q, strict=True)])

    def length_of_vector(self, statement: Assign, nodes: list[Node]) -> None:
        found = call("abs", nodes[0]) if len(nodes) == 1 else const(0.0)
        if len(nodes) > 1:
            found = nodes[0]
            for node in nodes[1:]:
                found = call("math.hypot", found, node)
        (target,) = statement.targets
        self.define(target, call("np.float64", found) if len(nodes) == 1 else found)

    def form_log(self, statement: Assign) -> None:
        x = self.number(statement.args[0])
        parts = [call("math.log", n.node) for n in (x, *self.items(statement.args[1]))]
        self.checked(statement, parts[0] if len(parts) == 1 else binary(parts[0], "/", parts[1]))

    def form_complex_log(self, statement: Assign) -> None:
        x = self.number(statement.args[0])
        parts = [call("np.log", call("complex", n.node)) for n in (x, *self.items(statement.args[1]))]
        self.checked(statement, parts[0] if len(parts) == 1 else binary(parts[0], "/", parts[1]))

    def form_complex_function(self, statement: Assign) -> None:
        """A function of `cmath` by the one of NumPy; where that is not finite Python may raise an exception."""
        x = self.number(statement.args[0])
        own = statement.primitive.name.partition(".")[2]
        theirs = {"a": "arc"}.get(own[0], own[0]) + own[1:] if own not in ("exp", "atan2") else own
        self.checked(statement, call(f"np.{theirs}", call("complex", x.node)))

    # Derivatives of powers

    def form_power_derivative(self, statement: Assign) -> None:
        (target,) = statement.targets
        given = [self.take(a) for a in statement.args]
        dx, dy = (a.value if isinstance(a, Const) else None for a in statement.args[2:4])
        result = kind_of(target.type) or target.type.dtype.type  # type: ignore[union-attr]
        if not isinstance(dx, int) or not isinstance(dy, int) or dy > MOST_LOGARITHMS:
            raise CannotBeNative("this derivative of a power has no native form", self.where)
        if result is int or (dy and np.dtype(result).kind == "c"):
            raise CannotBeNative("this derivative of a power has no native form", self.where)
        if not isinstance(target.type, ArrayType) or not target.type.shape:
            x, y = (self.named(n) for n in given[:2])
            return self.define(target, self.slope_of_power((x.node, x.kind), (y.node, y.kind), dx, dy, result))
        lazies, kinds = zip(*(self.as_array(v) for v in given[:2]), strict=True)
        dims = self.dims(target)

        def make(*nodes: Node) -> Node:
            return self.slope_of_power((nodes[0], kinds[0]), (nodes[1], kinds[1]), dx, dy, result)

        maps = tuple(self.spread(v, dims) for v in lazies)
        self.bind(statement, Of(tuple(lazies), maps, make, dims, np.dtype(result), 12))

    def slope_of_power(self, x: tuple[Node, Any], y: tuple[Node, Any], dx: int, dy: int, result: Any) -> Node:
        base, exponent = converted((x, y), result)
        if np.dtype(x[1]).kind in "iub":
            base = call("np.float64", base)
        known = y[0].value if isinstance(y[0], ast.Constant) else None
        if isinstance(known, (int, float)) and not dy:
            factor = 1.0
            for step in range(dx):
                factor *= known - step
            left = known - dx
            power = base if left == 1 else binary(base, "**", const(left))
            node: Node = const(factor) if left == 0 else const(0.0) if not factor else binary(const(factor), "*", power)
        elif dy:
            node = call("support.power_slopes", base, exponent, const(dx), const(dy))
        else:
            node = call("support.power_slope", base, exponent, const(dx))
        return node if np.dtype(result).itemsize >= 8 and np.dtype(result).kind == "f" else call(self.plain_class(result), node)

    def plain_class(self, kind: Any) -> str:
        return kind.__name__ if kind in PYTHON else self.dtype(kind)

    # What is made whole, and classes

    def whole_of(self, statement: Assign, function: str) -> None:
        x = self.number(statement.args[0])
        (target,) = statement.targets
        if any(not isinstance(a, Const) or a.value not in (None, 10) for a in statement.args[1:]):
            raise CannotBeNative("a number is rounded to places, or read of a text", self.where)
        if np.dtype(x.kind).kind in "iub":
            return self.define(target, self.as_kind(x, kind_of(target.type)) if np.dtype(x.kind).kind != "b" else call("int", x.node))
        shown = self.named(x)
        self.leave_if(ast.UnaryOp(ast.Not(), compared(call("abs", shown.node), "<", const(LARGEST))))
        node = call(function, shown.node) if function else shown.node
        self.define(target, call("int", node))

    def form_whole(self, statement: Assign) -> None:
        self.whole_of(statement, "")

    def form_floor(self, statement: Assign) -> None:
        self.whole_of(statement, "np.floor")

    def form_ceil(self, statement: Assign) -> None:
        self.whole_of(statement, "np.ceil")

    def form_trunc(self, statement: Assign) -> None:
        self.whole_of(statement, "np.trunc")

    def form_round(self, statement: Assign) -> None:
        if kind_of(statement.targets[0].type) is not int:
            raise CannotBeNative("a number is rounded to places", self.where)
        self.whole_of(statement, "np.rint")

    def form_of_class(self, statement: Assign) -> None:
        c = self.take(statement.args[0])
        self.take(statement.args[1])
        (target,) = statement.targets
        kind = kind_of(target.type)
        if not isinstance(c, Number) or kind is None:
            raise CannotBeNative("something other than a number is made one of a class", self.where)
        self.define(target, self.as_kind(c, kind))

    def form_complex(self, statement: Assign) -> None:
        parts = [self.number(a) for a in statement.args]
        zero = isinstance(parts[1].node, ast.Constant) and parts[1].node.value == 0
        plain = all(np.dtype(p.kind).kind != "c" for p in parts)
        nodes = [parts[0].node] if zero and not plain else [real(p) for p in parts]
        if not plain and not zero:
            raise CannotBeNative("a complex number is made of complex numbers", self.where)
        self.define(statement.targets[0], call("complex", *nodes))

    def form_rect(self, statement: Assign) -> None:
        r, phi = (self.named(self.number(a)) for a in statement.args)
        real, imaginary = (binary(r.node, "*", call(f"math.{f}", phi.node)) for f in ("cos", "sin"))
        self.checked(statement, call("complex", real, imaginary))

    def form_least(self, statement: Assign) -> None:
        self.extreme(statement, "least")

    def form_greatest(self, statement: Assign) -> None:
        self.extreme(statement, "greatest")

    def extreme(self, statement: Assign, function: str) -> None:
        items = self.items(statement.args[0])
        (target,) = statement.targets
        if not items or not all(isinstance(i, Number) and i.kind is items[0].kind for i in items):
            raise CannotBeNative("the extreme of numbers of several classes is asked", self.where)
        found = items[0].node
        for item in items[1:]:
            found = call(f"support.{function}", found, item.node)
        self.define(target, found)

    # Functions of whole numbers

    def form_comb(self, statement: Assign) -> None:
        n, k = (self.whole_within(a, 60) for a in statement.args)
        self.define(statement.targets[0], call("support.ways", n, k))

    def form_factorial(self, statement: Assign) -> None:
        n = self.whole_within(statement.args[0], 20)
        self.define(statement.targets[0], call("support.falling", n, n))

    def form_perm(self, statement: Assign) -> None:
        """The number of ways to take `k` of `n`, or all of them; 0 where there are fewer."""
        n, rest = self.whole_within(statement.args[0], 20), self.items(statement.args[1])
        self.define(statement.targets[0], call("support.falling", n, *([self.small(k, 20) for k in rest] or [n])))

    def form_isqrt(self, statement: Assign) -> None:
        self.define(statement.targets[0], call("int", call("math.sqrt", self.whole_within(statement.args[0], 2**52))))

    def form_lcm(self, statement: Assign) -> None:
        items = self.items(statement.args[0])
        if len(items) != 2:
            raise CannotBeNative("the least multiple of other than two whole numbers is asked", self.where)
        x, y = (self.small(i, 2**31) for i in items)
        self.define(statement.targets[0], binary(binary(x, "//", call("max", call("math.gcd", x, y), const(1))), "*", y))

    def form_gcd(self, statement: Assign) -> None:
        items = self.items(statement.args[0])
        if len(items) != 2 or any(i.kind is not int for i in items):
            raise CannotBeNative("the greatest divisor of other than two whole numbers is asked", self.where)
        self.define(statement.targets[0], call("math.gcd", *(i.node for i in items)))

    def whole_within(self, operand: Any, most: int) -> Node:
        """A whole number that is not below 0 and so small that the call is not handed over."""
        return self.small(self.number(operand), most)

    def small(self, number: Number, most: int) -> Node:
        found = self.named(number)
        if found.kind is not int:
            raise CannotBeNative("a whole number of another class than int is asked for", self.where)
        self.leave_if(ast.UnaryOp(ast.Not(), ast.Compare(const(0), [ast.LtE(), ast.LtE()], [found.node, const(most)])))
        return found.node

    # Several results

    @several
    def form_polar(self, statement: Assign) -> None:
        x = self.named(self.number(statement.args[0]))
        parts = [call("abs", x.node), call("math.atan2", call("np.imag", x.node), call("np.real", x.node))]
        self.give_all(statement, parts, [float, float])

    def give_all(self, statement: Assign, nodes: list[Node], kinds: list[Any]) -> None:
        if len(nodes) != len(statement.targets):
            raise CannotBeNative(f"{statement.primitive.name} has no native form", self.where)
        for target, node, kind in zip(statement.targets, nodes, kinds, strict=True):
            self.define(target, self.as_kind(Number(node, kind), kind_of(target.type)))


def joint(one: Any, other: Any) -> Any:
    """The class of a sum or a product of numbers of two."""
    if one in PYTHON and other in PYTHON:
        return type(one(1) + other(1))
    return np.result_type(weak(one), weak(other)).type
