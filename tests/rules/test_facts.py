"""What is stated of a primitive with its rule is honoured by those who ask."""
from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import MissingRule, RuleError
from s2sad.ir.program import ArrayType, Assign, Block, Const, Function, If, StackType, Var
from s2sad.passes.absent import may_be_none
from s2sad.passes.placing import place_in_regions
from s2sad.passes.strengthen import decides
from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import BY_NAME, elementwise, linear, rule_of, zero
from s2sad.rules.lists import LISTED
from s2sad.rules.operations import COPY_IN_ORDER, MULTIPLY, REPLACED
from s2sad.rules.results import Unstated, result
from s2sad.types.arrays import Array
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size
from tests.rules import facts_of_dependence, facts_of_lengths, facts_of_machines, facts_of_many
from tests.rules.stating import GIVEN, TESTS, honours, lines, refused, rules, serves, source

assert facts_of_lengths.measured and facts_of_dependence.turned and facts_of_many.turned and facts_of_machines.text_of


@pytest.mark.parametrize("fact", [f.name for f in fields(Facts)])
def test_a_fact_is_honoured(fact: str) -> None:
    """Each shows in what is made of a function, which is another without it."""
    TESTS[fact]()


X = np.array([1.0, 2.0, 3.0, 4.0])
SIZE = Size.of(Symbol("n"))
LARGE = np.linspace(1.0, 2.0, 600)


# Functions that rules are stated for


def negated(x: Any, copy: bool = True) -> Any:
    return -x


def doubled(x: Any) -> Any:
    GIVEN.append(x)
    return x * 2


def either(x: Any, y: Any) -> Any:
    return x + 0 * y


def entries(a: Any) -> Any:
    return np.size(a)


def alike(a: Any) -> Any:
    return np.multiply(a, 1.0)


def longer(a: Any) -> Any:
    return np.append(a, 0.0)


def twofold(n: Any) -> Any:
    return n + n if type(n) is Size else 1


def products(a: Any, b: Any) -> Any:
    return np.sum(a) * np.sum(b)


def mirrored(a: Any, copy: Any = False) -> Any:
    return a[::-1].copy() if copy else a[::-1]


def repeated(a: Any, shape: Any) -> Any:
    return np.broadcast_to(a, shape)


def square(n: Any) -> Any:
    return np.ones((n, 3))


def put(array: Any, index: Any, value: Any) -> Any:
    new = array.copy()
    new[index] = value
    return new


def chosen(a: Any, index: Any) -> Any:
    return a[index]


def along(a: Any, way: Any = 0) -> Any:
    return np.sum(a, axis=way)


def blank(shape: Any) -> Any:
    return np.zeros(shape)


def full_of(shape: Any, v: Any) -> Any:
    return np.full(shape, v)


def joined(x: Any, y: Any) -> Any:
    return x + y


def mean_of(a: Any, axis: Any = None) -> Any:
    return np.mean(a, axis=axis)


def quotient(x: Any, y: Any) -> Any:
    return x / y


def running(a: Any, dtype: Any = None, out: Any = None) -> Any:
    return np.cumsum(a, dtype=dtype, out=out)


def bounded(x: Any, y: Any) -> Any:
    return x / y if y else 7.0


def below(x: Any, y: Any) -> Any:
    return x < y


# The type of the result


def class_of_a_choice(x: float) -> float:
    s: Any = 1
    if x > 1.0:
        s = x
    y = doubled(s)
    return x * y if isinstance(y, float) else x


def class_of_the_first(x: float) -> float:
    s: Any = 1
    if x > 1.0:
        s = x
    y = either(x, s)
    return x * y if isinstance(y, float) else x


@honours("result_type")
def _() -> None:
    for result_type, f, known in (("own", class_of_a_choice, True), ("first", class_of_a_choice, False),
                                  ("first", class_of_the_first, True), ("mixed", class_of_the_first, False)):  # fmt: skip
        with rules():
            linear("doubled(x)", x="2.0 * g", facts=Facts(result_type=result_type))  # type: ignore[arg-type]
            elementwise("either(x, y)", x="1.0", y="0.0", facts=ELEMENTWISE.but(result_type=result_type))
            if known:
                assert "isinstance" not in source(f, 2.0, control="keep")
            else:
                assert "the class of a number" in refused(f, 2.0)


@honours("asks")
def _() -> None:
    def f(x: Any) -> Any:
        return np.sum(x) * entries(x)

    with rules():
        zero("entries(a)")
        assert "entries(x)" in source(f, X)
    with rules():
        zero("entries(a)", facts=Facts(asks="type"))
        assert "entries(" not in source(f, X)
    with rules():
        zero("entries(a)", facts=Facts(asks="size"))
        assert serves(f, (np.ones(2),), (np.ones(5),)) == 1
        assert "entries(" not in source(f, X, control="keep")


@honours("gives")
def _() -> None:
    given = [Array(float, (SIZE, 2))]
    with rules():
        zero("longer(a)")
        with pytest.raises(Unstated, match="longer"):
            result(BY_NAME["longer"], given)
    with rules():
        zero("longer(a)", facts=Facts(gives=lambda a: (np.size(a) + 1,)))
        assert str(result(BY_NAME["longer"], given)) == "float64[2*n + 1]"
    with rules():
        zero("longer(a)", facts=Facts(gives=lambda a: Array(int, (np.size(a) + 1,))))
        assert str(result(BY_NAME["longer"], given)) == "int64[2*n + 1]"


@honours("of_sizes")
def _() -> None:
    for of_sizes, text in ((True, "2*n"), (False, "1")):
        with rules():
            zero("twofold(n)", facts=Facts(of_sizes=of_sizes))
            assert str(result(BY_NAME["twofold"], [SIZE])) == text


@honours("dynamic")
def _() -> None:
    def f(x: Any, n: int) -> Any:
        return x * doubled(n)

    for dynamic, guarded, kept in ((False, False, True), ("fractions", True, True), (True, True, False)):
        with rules():
            elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(dynamic=dynamic))
            assert ("is int" in source(f, 3.0, 2)) == guarded
            if kept:
                source(f, 3.0, 2, control="keep")
            else:
                assert "depends on values" in refused(f, 3.0, 2)
    with rules():
        elementwise("either(x, y)", x="1.0", y="0.0", facts=ELEMENTWISE.but(dynamic="exponent"))
        assert "is float" in source(lambda x, y: x * either(x, y), 3.0, 2.0)
        assert "is float" not in source(lambda x: x * either(x, 2.0), 3.0)


# Its memory


def gradient(copy: bool, facts: Facts) -> str:
    """That of a function whose rule gives the argument mirrored."""
    with rules():
        zero("mirrored(a, copy=False)", facts=facts)
        linear("products(a, b)", a=f"mirrored(a, copy={copy})[:4] if g is not None else 0.0")
        return " ".join(lines(source(lambda x: products(x, 1.0), X)))


@honours("memory")
def _() -> None:
    assert "np.array(mirrored(" not in gradient(False, Facts(memory="fresh"))
    for memory in ("view", "shown", "layout", "asked", "spread"):
        assert "np.array(mirrored(" in gradient(False, Facts(memory=memory)), memory  # type: ignore[arg-type]
    assert "np.array(mirrored(" not in gradient(True, Facts(memory="asked"))
    for memory, there in (("shown", True), ("view", False)):
        with rules():
            zero("mirrored(a)", facts=Facts(memory=memory))  # type: ignore[arg-type]
            linear("products(a, b)", a="mirrored(g * np.ones(4))")
            found = source(lambda x: products(x, 1.0) + np.dot(x[1:], np.ones(3)), X)
            assert ("mirrored(np.ones(4)).copy()" in found) == there
    with rules("np.broadcast_to"):
        for memory, there in (("spread", False), ("view", True)):
            with rules():
                zero("repeated(a, shape)", facts=Facts(memory=memory))  # type: ignore[arg-type]
                linear("products(a, b)", a="repeated(g, np.shape(a))")
                assert ("repeated(" in source(lambda x: products(x * x, 1.0), X)) == there


def written_through(x: float, n: int) -> Any:
    y = doubled(square(4))
    z = np.reshape(y, -1)
    for k in range(n):
        z[k] = x
    return np.sum(y)


@honours("order")
def _() -> None:
    for made, then, known in (("C", "kept", True), ("any", "kept", False), ("C", "any", False), ("any", "C", True)):
        with rules():
            zero("square(n)", facts=Facts(order=made))  # type: ignore[arg-type]
            linear("doubled(x)", x="2.0 * g", facts=Facts(order=then))  # type: ignore[arg-type]
            if known:
                assert "square(4)" in source(written_through, 1.0, 2, control="keep")
            else:
                assert "memory layout" in refused(written_through, 1.0, 2)


@honours("buffer")
def _() -> None:
    for buffer in (True, False):
        with rules():
            linear("doubled(x)", x="doubled(g)", facts=Facts(buffer=buffer))
            assert ("*= y" in source(lambda x, y: np.sum(doubled(x) * y), LARGE, LARGE)) == buffer


@honours("writes")
def _() -> None:
    for writes, text in (("=", "[2] = v"), ("+=", "[2] += v"), ("-=", "[2] -= v"), ("at", "np.add.at("), ("", "put(a, 2, v)")):
        with rules():
            linear("put(array, index, value)", array="put(g, index, 0.0)", value="g[index]", facts=Facts(writes=writes))
            assert text in source(lambda v, a: np.sum(put(a, 2, v)), 3.0, X)


@honours("holds")
def _() -> None:
    taken = "list_of_several"
    for holds in (True, False):
        with rules():
            linear(f"{taken}(a, b)", a="g[0]", b="g[1]", facts=Facts(holds=holds), namespace={taken: lambda a, b: [a, b]})
            one, other, made, result = (Var(ArrayType(np.dtype(float), (3,))) for _ in range(4))
            lists = Assign((made,), BY_NAME[taken], (one, other))
            write = Assign((result,), REPLACED, (one, Const(0), Const(0.0)))
            branch = If((), Const(True), Block((), (write,), ()), Block((), (), ()))
            placed = place_in_regions(Function("f", (other,), (Assign((one,), COPY_IN_ORDER, (other, Const("K"))), lists, branch), ()))
            assert holds is (len(placed.statements) == 4)


@honours("takes")
def _() -> None:
    for takes in (True, False):
        with rules():
            linear("first_of(items)", items="g", facts=Facts(takes=takes), namespace={"first_of": lambda items: items[0]})
            kind = ArrayType(np.dtype(float), (3,))
            items, one, result = Var(StackType(kind)), Var(kind), Var(kind)
            write = Assign((result,), REPLACED, (one, Const(0), Const(0.0)))
            inside = (Assign((items,), LISTED, (Const(()),)), Assign((one,), BY_NAME["first_of"], (items,)), write)
            placed = place_in_regions(Function("f", (), inside, ()))
            assert takes is (len(placed.statements) == 4)


@honours("overwrites")
def _() -> None:
    def f(x: Any) -> Any:
        y = x * 1.0
        negated(y, copy=False)
        return np.sum(y * y * y)

    for overwrites, gradient in (("copy", -3.0 * X**2), ("", 3.0 * X**2)):
        with rules():
            elementwise("negated(x, copy=True)", x="-1.0", facts=ELEMENTWISE.but(overwrites=overwrites))
            assert (s2sad.grad(f, control="record")(X) == gradient).all()


@honours("in_dtype_of_out")
def _() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(4, np.float32)
        running(x, out=y)
        return np.sum(y)

    for in_dtype_of_out in (True, False):
        with rules():
            linear("running(a, dtype=None)", a="np.cumsum(g[::-1])[::-1]", facts=Facts(in_dtype_of_out=in_dtype_of_out))
            assert ("dtype=np.float32)" in source(f, X).partition("running(")[2].splitlines()[0]) == in_dtype_of_out


# Evaluating it


@honours("may_raise")
def _() -> None:
    def f(x: Any) -> Any:
        doubled(x)
        return x * x

    for may_raise in (True, False):
        with rules():
            elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(may_raise=may_raise))
            assert ("doubled(x)" in source(f, 3.0)) == may_raise
    with rules():
        elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(may_raise="sizes"))
        assert "doubled(x)" not in source(f, 3.0) and "doubled(n)" in source(lambda x, n: (doubled(n), x)[1], 3.0, 2)


@honours("effect")
def _() -> None:
    def f(x: Any) -> Any:
        doubled(x)
        return x * x

    for effect in (True, False):
        with rules():
            elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(effect=effect))
            assert ("doubled(x)" in source(f, 3.0)) == effect


@honours("cheap")
def _() -> None:
    def f(x: Any, n: int) -> Any:
        for _ in range(n):
            x = x * doubled(x)
        return x

    for cheap in (True, False):
        with rules():
            elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(cheap=cheap))
            assert source(f, 1.0, 3, control="keep").count("[0.0] * n") == (1 if cheap else 2)


@honours("again")
def _() -> None:
    def f(x: Any, n: int) -> Any:
        for _ in range(n):
            x = x * doubled(x)
        return x

    for again in (True, False):
        with rules():
            elementwise("doubled(x)", x="2.0", facts=ELEMENTWISE.but(again=again))
            assert source(f, 1.0, 3, control="keep").count("[0.0] * n") == (1 if again else 2)


@honours("anew")
def _() -> None:
    def f(x: Any, n: int) -> Any:
        for _ in range(n):
            y = square(4)
            y[0] = x
            x = np.sum(y) * 0.1
        return x

    for anew in (True, False):
        with rules():
            zero("square(n)", facts=Facts(order="C", anew=anew))
            text = source(f, 1.0, 3, control="keep")
            assert (text.index("for ") < text.index("square(4)")) == anew


def or_sevenfold(x: float, y: float) -> float:
    try:
        z = quotient(math.sqrt(x), y)
    except (ZeroDivisionError, ValueError):
        z = 7.0 * x
    return z


def asked_before(divides: bool, outside: tuple[tuple[str, float], ...]) -> str:
    with rules("math.sqrt"):
        elementwise("quotient(x, y)", x="1.0 / y", may_raise=True, facts=ELEMENTWISE.but(divides=divides))
        elementwise("math.sqrt(x)", x="0.5 / ans", may_raise=True, facts=ELEMENTWISE.but(outside=outside))
        return source(or_sevenfold, 4.0, 2.0, control="keep")


@honours("divides")
def _() -> None:
    assert "y == 0" in asked_before(True, ()) and "y == 0" not in asked_before(False, ())


@honours("outside")
def _() -> None:
    assert "x < 0.0" in asked_before(False, (("<", 0.0),)) and "x < 0.0" not in asked_before(False, ())


# Its arguments, its values and its derivatives


def in_part(x: Any, y: Any) -> Any:
    n, m = len(x), len(y)
    return np.sum(x[:m] * y) if below(m, n) else np.sum(x)


@honours("compares")
def _() -> None:
    for compares in ("<", ""):
        with rules():
            zero("below(x, y)", facts=Facts(compares=compares))
            assert ("if m >= n" in source(in_part, X, X[:2], control="keep")) != bool(compares)


@honours("indexed")
def _() -> None:
    for indexed in (True, False):
        with rules():
            linear("chosen(a, index)", a="put(np.zeros(np.shape(a)), index, g)", facts=Facts(indexed=indexed, placed=True))
            slope = s2sad.grad(lambda x, i: chosen(x, i), control="record")
            slope(X, 1), slope(X, 2)
            assert len(slope.paths) == (1 if indexed else 2)


@honours("placed")
def _() -> None:
    for placed in (True, False):
        with rules():
            linear("chosen(a, index)", a="put(np.zeros(np.shape(a)), index, g)", facts=Facts(placed=placed))
            assert ("is np.ndarray" in source(lambda x, i: np.sum(chosen(x, i)), X, np.array([0, 2]))) != placed


@honours("axes")
def _() -> None:
    for axes in (("way",), ()):
        GIVEN.clear()
        with rules():
            facts = Facts(axes=axes, gives=lambda a, way: GIVEN.append(way) or a.shape[:1])
            linear("along(a, way=0)", a="np.ones(np.shape(a)) * np.sum(g)", facts=facts)
            source(lambda x, k: np.sum(along(x, k)), np.ones((2, 2)), 1, control="keep")
            assert {type(way) for way in GIVEN} == {int if axes else Size}


@honours("as_given")
def _() -> None:
    for as_given in (True, False):
        with rules():
            partial = "[g, g]" if as_given else "1.0"
            elementwise("alike(a)", a=partial, facts=ELEMENTWISE.but(as_given=as_given))
            assert ("alike([x, 1.0])" in source(lambda x: np.sum(alike([x, 1.0])), 3.0)) == as_given


@honours("passes_none")
def _() -> None:
    for passes_none in (True, False):
        with rules():
            zero("doubled(x)", facts=Facts(passes_none=passes_none))
            one, other = Var(float), Var(float)
            branch = If((one,), Const(True), block(Const(None)), block(Const(1.0)))
            found = may_be_none((branch, Assign((other,), rule_of(doubled), (one,))))
            assert (other in found) == passes_none


def block(result: Const) -> Block:
    return Block((), (), (result,))


@honours("hides_nan")
def _() -> None:
    for hides_nan in (True, False):
        with rules():
            elementwise("doubled(x)", x="2.0", hides_nan=hides_nan)
            x, bar, answer = (Var(float) for _ in range(3))
            statements = (Assign((bar,), MULTIPLY, (x, x), strong=True), Assign((answer,), rule_of(doubled), (bar,)))
            assert decides(Function("f", (x,), statements, (answer,))) == hides_nan


@honours("real")
def _() -> None:
    with rules():
        zero("doubled(x)", real=False)
        assert s2sad.grad(lambda z: (z * doubled(z)).real)(1j) is not None
    with rules():
        zero("doubled(x)", real=True)
        with pytest.raises(MissingRule, match="no derivative rule for complex numbers"):
            s2sad.grad(lambda z: (z * doubled(z)).real)(1j)


def first_place(g: Any, a: Any) -> Any:
    made = blank(np.shape(a))
    made[0] += g
    return made


@honours("zeros")
def _() -> None:
    for zeros in (True, False):
        with rules():
            zero("blank(shape)", facts=Facts(zeros=zeros))
            linear("products(a, b)", a="first_place(g, a)")
            assert ("[0] += " in source(lambda x, y: products(x, 1.0) * y, X, 2.0)) != zeros


@honours("filled")
def _() -> None:
    for filled in ("v", ""):
        with rules():
            linear("full_of(shape, v)", v="np.sum(g)", facts=Facts(filled=filled))
            linear("products(a, b)", a="full_of(np.shape(a), g)")
            assert ("full_of(" in source(lambda x: products(x * x, 1.0), X)) != bool(filled)


@honours("commutes")
def _() -> None:
    for commutes in (True, False):
        with rules():
            elementwise("joined(x, y)", x="joined(y, x)", y="1.0", facts=ELEMENTWISE.but(commutes=commutes))
            assert source(lambda x, y: joined(x, y), 2.0, 3.0).count(" joined(") == (1 if commutes else 2)


@honours("operator")
def _() -> None:
    with rules():
        elementwise("joined(x, y)", x="joined(y, x)", y="1.0", facts=ELEMENTWISE.but(operator="+"))
        assert source(lambda x, y: np.sum(joined(x, y)), X, X).count("joined(") == 1


@honours("averages")
def _() -> None:
    for averages in ("np.sum", ""):
        with rules():
            linear("mean_of(a, axis=None)", a="np.ones(np.shape(a)) * (g / np.size(a))", facts=Facts(averages=averages))
            assert ("x.sum() / 4" in source(lambda x: mean_of(x), X)) == bool(averages)


@honours("of_numbers")
def _() -> None:
    for of_numbers in ("/", ""):
        with rules():
            elementwise("quotient(x, y)", x="1.0 / y", y="-ans / y", facts=ELEMENTWISE.but(of_numbers=of_numbers))
            assert ("x / 3.0" in source(lambda x: quotient(x, 3.0), 2.0, control="keep")) == bool(of_numbers)


@honours("total")
def _() -> None:
    for total in ("bounded", ""):
        with rules("/", "np.divide"):
            elementwise("x / y", x="1.0 / y", y="-ans / y", facts=ELEMENTWISE.but(total=total))
            elementwise("bounded(x, y)", x="1.0", y="0.0")
            elementwise("doubled(x)", x="3.0 / (x - x)")
            if total:
                assert s2sad.grad(doubled)(1.0) == 7.0
            else:
                with pytest.raises(RuleError, match="ZeroDivisionError"):
                    s2sad.grad(doubled)(1.0)
