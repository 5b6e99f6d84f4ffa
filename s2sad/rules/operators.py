"""Python's operators, each in one rule with its ufunc, and the builtin functions of one or two numbers."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import elementwise, linear, rule, zero
from s2sad.rules.leading import product, product_with
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.functions import power, power_derivative, ratio, unbroadcast
from s2sad.types import dependence, families
from s2sad.types import operators as types


def abs_partial(x: Any, ans: Any) -> Any:
    """d|x| as a factor of a real cotangent: the sign, or the conjugate direction of a complex number; 0 at 0."""
    if np.iscomplexobj(x):
        return ratio_or_zero(np.conj(x), ans)
    return np.sign(x)


def as_scalar_pullback(g: Any, x: Any) -> Any:
    """The cotangent of a one-element array that was turned into a number."""
    if np.ndim(x) == 0:
        return g
    return np.reshape(g, np.shape(x))


def matmul_left(g: Any, x: Any, y: Any) -> Any:
    """The pullback of `x @ y` for `x`, in all ranks; a 1-D factor has no batch axes."""
    if np.ndim(y) == 1:
        if np.ndim(x) == 1:
            return g * y
        return np.outer(g, y) if np.ndim(x) == 2 else np.expand_dims(g, -1) * y
    if np.ndim(x) == 1:
        if np.ndim(y) == 2:
            return y @ g
        return unbroadcast(np.sum(y * np.expand_dims(g, -2), axis=-1), np.shape(x))
    if np.ndim(y) == 2:
        return g @ y.T
    return unbroadcast(g @ np.swapaxes(y, -1, -2), np.shape(x))


def matmul_right(g: Any, x: Any, y: Any) -> Any:
    """The pullback of `x @ y` for `y`, in all ranks."""
    if np.ndim(x) == 1:
        if np.ndim(y) == 1:
            return g * x
        if np.ndim(y) == 2:
            return np.outer(x, g)
        return np.expand_dims(x, -1) * np.expand_dims(g, -2)
    if np.ndim(x) == 2 and np.ndim(y) <= 2:
        return x.T @ g
    if np.ndim(y) <= 2:
        # All batches in one product.
        rows = math.prod(np.shape(x)[:-1])
        flat = np.reshape(x, (rows, np.shape(x)[-1]))
        return flat.T @ np.reshape(g, (rows, *np.shape(y)[1:]))
    return unbroadcast(np.swapaxes(x, -1, -2) @ g, np.shape(y))


CHEAP = ELEMENTWISE.but(cheap=True)  # as operators of numbers are, unlike ufuncs
OF_SIZES = ELEMENTWISE.but(of_sizes=True)
ARITHMETIC = OF_SIZES.but(cheap=True)
COMMUTES = ARITHMETIC.but(commutes=True)
OWN_TYPE = Facts(gives=families.number, result_type="own")
EACH = Facts(gives=families.elementwise)
PRODUCT = Facts(gives=types.matmul, again="number", mapped={"x": "product(x, y)", "y": "product_with(x, y)"})

elementwise("x + y", x="1", y="1", facts=COMMUTES)
elementwise("np.add(x, y)", x="1", y="1", facts=OF_SIZES.but(operator="+"))
elementwise("x - y", x="1", y="-1", facts=ARITHMETIC)
elementwise("np.subtract(x, y)", x="1", y="-1", facts=OF_SIZES.but(operator="-"))
elementwise("x * y", x="y", y="x", facts=COMMUTES)
elementwise("np.multiply(x, y)", x="y", y="x", facts=OF_SIZES.but(operator="*"))
elementwise("x / y", x="1.0 / y", y="-(g / y) * ans", may_raise=True, facts=CHEAP.but(divides=True, total="ratio"))
elementwise("np.divide(x, y)", x="1.0 / y", y="-(g / y) * ans", may_raise=True)
elementwise("-x", x="-1", facts=ARITHMETIC)
elementwise("np.negative(x)", x="-1", facts=OF_SIZES)
elementwise("+x", x="1", facts=OF_SIZES)
elementwise("np.positive(x)", x="1")
elementwise("x ** y", x="power_derivative(x, y, dx=1)", y="power_derivative(x, y, dy=1)", may_raise=True,
            facts=CHEAP.but(dynamic="exponent", total="power"))  # fmt: skip
elementwise("math.pow(x, y)", "np.power(x, y)", "np.float_power(x, y)",
            x="power_derivative(x, y, dx=1)", y="power_derivative(x, y, dy=1)", may_raise=True)  # fmt: skip
elementwise("pow(base, exp)", base="power_derivative(base, exp, dx=1)", exp="power_derivative(base, exp, dy=1)", may_raise=True)
rule("x @ y", x="matmul_left(g, x, y)", y="matmul_right(g, x, y)", jvp="x_dot @ y + x @ y_dot",
       facts=PRODUCT.but(buffer=True, spreads=dependence.product(dependence.of_matmul, "x", "y")))  # fmt: skip
rule("np.matmul(x, y)", x="matmul_left(g, x, y)", y="matmul_right(g, x, y)", jvp="x_dot @ y + x @ y_dot",
       facts=PRODUCT.but(spreads=dependence.product(dependence.of_matmul, "x", "y")))  # fmt: skip

# x == (x // y) * y + x % y. The quotient is taken from the floor division itself: floor(x / y) may be one too large.
zero("x // y", may_raise=True, facts=EACH.but(cheap=True, of_sizes=True, divides=True))
zero("np.floor_divide(x, y)", may_raise=True, facts=EACH)
elementwise("x % y", x="1", y="-(x // y)", may_raise=True, facts=CHEAP.but(of_sizes=True, divides=True))
elementwise("np.mod(x, y)", x="1", y="-(x // y)", may_raise=True)
rule("divmod(x, y)", "np.divmod(x, y)", x="unbroadcast(g[1], np.shape(x))",
     y="unbroadcast(-ans[0] * g[1], np.shape(y))", may_raise=True,
       facts=Facts(gives=types.pairwise, spreads=dependence.elementwise))  # fmt: skip
elementwise("np.fmod(x, y)", "math.fmod(x, y)", "math.remainder(x, y)", x="1", y="np.rint((ans - x) / y)",
            may_raise=True)  # fmt: skip

elementwise("abs(x)", "np.abs(x)", x="abs_partial(x, ans)", facts=ELEMENTWISE.but(again=True))
linear("float(x)", x="as_scalar_pullback(g, x)", facts=OWN_TYPE.but(mapped="np.reshape(x, np.shape(x)[:1])"))
linear("complex(real=0, imag=0)", real="as_scalar_pullback(g, real)", imag="as_scalar_pullback(g * 1j, imag)", facts=OWN_TYPE)
zero("int(x, base=10)", may_raise=True, facts=OWN_TYPE.but(gives=types.whole))
zero("round(number, ndigits=None)", may_raise=True, facts=Facts(gives=types.rounded))
zero("bool(x)", may_raise=True, facts=Facts(gives=types.truth))
zero("x.is_integer()", facts=EACH)

for symbol in ("<", "<=", "==", "!=", ">", ">="):
    zero(f"x {symbol} y", facts=EACH.but(cheap=True, compares=symbol))
for name, symbol in {"less": "<", "less_equal": "<=", "equal": "==", "not_equal": "!=", "greater": ">", "greater_equal": ">="}.items():
    zero(f"np.{name}(x, y)", facts=EACH.but(operator=symbol))
zero("x & y", "x | y", "x ^ y", "~x", "np.bitwise_and(x, y)", "np.bitwise_or(x, y)", "np.bitwise_xor(x, y)",
     "np.invert(x)", facts=EACH)  # fmt: skip
zero("x << y", "x >> y", "np.left_shift(x, y)", "np.right_shift(x, y)", may_raise=True, facts=EACH)

# The helpers of the rules above.
elementwise("ratio(a, b)", a="ratio(1.0, b)", b="-ratio(ans, b)", facts=ELEMENTWISE.but(of_numbers="/"))
elementwise("power(x, y)", x="power_derivative(x, y, dx=1)", y="power_derivative(x, y, dy=1)")
elementwise("power_derivative(x, y, dx=0, dy=0)", x="power_derivative(x, y, dx=dx + 1, dy=dy)",
            y="power_derivative(x, y, dx=dx, dy=dy + 1)")  # fmt: skip
