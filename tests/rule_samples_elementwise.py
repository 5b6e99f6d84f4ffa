"""Samples for the rules of operators, math, cmath and elementwise NumPy functions: a row for each primitive.

A row is a list of argument lists. Each is a text, evaluated with R(low, high, *shape) for smooth random points,
C(*shape) for complex ones away from branch cuts, I(low, high, *shape) for integers, and M for a mask.
"""
from __future__ import annotations

from typing import Any

import numpy as np

R_ANY = ["R(-2, 2)", "R(-2, 2, 2, 3)", "R(-2, 2, 0)", "C(2)"]
R_REAL = ["R(-2, 2)", "R(-2, 2, 2, 3)"]
R_POSITIVE = ["R(0.3, 4)", "R(0.3, 4, 3)", "C(2)"]
R_UNIT = ["R(-0.9, 0.9)", "R(-0.9, 0.9, 3)", "C(2)"]
R_ABOVE = ["R(1.2, 3)", "R(1.2, 3, 3)", "C(2)"]
PAIRS = ["R(-2, 2), R(1, 3)", "R(-2, 2, 2, 3), R(1, 3, 3)", "R(-2, 2, 2, 1), R(1, 3, 3)", "R(1, 3), R(-2, 2, 2)",
         "R(-2, 2), 2",
         "R(-2, 2, 1, 2), R(1, 3)"]  # fmt: skip
COMPLEX_PAIRS = [*PAIRS, "C(2), R(1, 3)", "R(-2, 2, 3), C(3)", "C(), C()"]
REAL_NUMBERS = ["R(-2, 2), R(1, 3)", "R(1, 3), R(-2, 2)"]
INTEGERS = ["I(1, 9, 3), I(1, 4, 3)"]


def rows(names: str, samples: list[str]) -> dict[str, list[str]]:
    return dict.fromkeys(names.split(), samples)


def each(prefix: str, names: str, samples: list[str]) -> dict[str, list[str]]:
    return {f"{prefix}.{name}": samples for name in names.split()}


def scalars(samples: list[str], keep_complex: bool) -> list[str]:
    """The samples that are single numbers."""
    return [s for s in samples if s.count(",") == 1] * 3 + (["C()"] if keep_complex else [])


MATRIX_PAIRS = ["R(-2, 2, 3), R(-2, 2, 3)", "R(-2, 2, 3), R(-2, 2, 3, 2)", "R(-2, 2, 2, 3), R(-2, 2, 3)",
                "R(-2, 2, 2, 3), R(-2, 2, 3, 2)", "R(-2, 2, 4, 2, 3), R(-2, 2, 3)", "R(-2, 2, 3), R(-2, 2, 4, 3, 2)",
                "R(-2, 2, 4, 2, 3), R(-2, 2, 3, 2)", "R(-2, 2, 2, 3), R(-2, 2, 4, 3, 2)",
                "C(5, 1, 2, 3), R(-2, 2, 4, 3, 2)",
                "R(-2, 2, 0, 3), R(-2, 2, 3, 2)", "R(-2, 2, 2, 2, 0), R(-2, 2, 0, 2)"]  # fmt: skip

SHARED = {**rows("exp sin cos tan atan sinh cosh tanh asinh isnan isinf isfinite", R_REAL),
          **rows("sqrt log10", R_POSITIVE),
          **rows("asin acos atanh", R_UNIT), "acosh": R_ABOVE}  # fmt: skip

ROWS: dict[str, list[str]] = {
    **rows("+ - * np.add np.subtract np.multiply / np.divide", COMPLEX_PAIRS),
    **rows("// % np.floor_divide np.mod divmod np.divmod np.fmod", [*PAIRS, "R(-9, -5, 3), R(-2, -1, 3)"]),
    **rows("math.fmod math.remainder", ["R(5, 9), R(-2, -1)", "R(-9, -5), R(1, 2)", "R(-9, 9), R(1, 2)"]),
    **rows("** np.power power", ["R(0.5, 2), R(-2, 2)", "R(0.5, 2, 2, 3), R(-2, 2, 3)", "R(-2, 2, 3), 3",
                                 "R(-2, 2), 2", "2, R(-2, 2, 3)",
                                 "R(-2, 2), 0", "C(2), R(1, 2)", "R(1, 2, 2, 1), I(-3, 4, 3)", "R(0.5, 2), C(2)"]),
    **rows("pow", ["R(0.5, 2), R(-2, 2)", "C(), R(1, 2)", "R(-2, -1), 0.5", "R(-2, -1), 3", "R(1, 2, 3), 2"]),
    **rows("math.pow np.float_power", ["R(0.5, 2), R(-2, 2)", "R(-2, -1), 3"]),
    "power_derivative": ["R(0.5, 2), R(-2, 2), 1, 0", "R(0.5, 2, 2, 1), R(-2, 2, 3), 0, 1", "R(0.5, 2, 3), 2, 2, 1",
                         "2, R(1, 2, 3), 3, 2"],
    **rows("neg np.negative pos np.positive abs np.abs np.square", R_ANY),
    **rows("@ np.matmul", MATRIX_PAIRS),
    **rows("float bool", ["R(-2, 2)", "R(-2, 2, 1)[0]", "np.asarray(R(-2, 2))"]),
    "int": ["R(2.2, 2.8)"], ".is_integer": ["R(2.2, 2.8)", "2.0"], "round": ["R(2.6, 2.9)", "2.3411, 2"],
    "complex": ["R(-2, 2)", "R(-2, 2), R(-2, 2)", "C(), C()"],
    **rows("< <= == != > >= np.less np.less_equal np.equal np.not_equal np.greater np.greater_equal", PAIRS),
    **rows("& | ^ << >> np.bitwise_and np.bitwise_or np.bitwise_xor np.left_shift np.right_shift np.gcd np.lcm",
           INTEGERS),
    **rows("~ np.invert np.bitwise_count", ["I(1, 9, 3)"]),
    **rows("ratio", COMPLEX_PAIRS),
    **{f"{m}.{name}": scalars(samples, m == "cmath") for m in ("math", "cmath") for name, samples in SHARED.items()},
    "math.log": ["R(0.3, 4)", "R(0.3, 4), R(1.5, 4)", "R(0.3, 4), 10"],
    "cmath.log": ["C()", "C(), C()", "C(), R(1.5, 4)"],
    **each("math", "log2 log1p gamma lgamma", ["R(0.3, 4)"] * 3 + ["R(5, 9)"]),
    **each("math", "expm1 degrees radians fabs erf erfc frexp modf cbrt exp2 floor ceil trunc ulp",
           ["R(-2, -1.1)", "R(1.1, 1.9)"]),
    **each("math", "copysign atan2 hypot", [*REAL_NUMBERS, "R(-2, -1), R(-2, -1)"]),
    "math.nextafter": ["R(-2, 2), 3.0"], "math.ldexp": ["R(-2, 2), 3"], "math.fma": ["R(-2, 2), R(1, 2), R(1, 2)"],
    **rows("math.isclose cmath.isclose", REAL_NUMBERS),
    **rows("math.dist math.sumprod", ["list(R(-2, 2, 3)), tuple(R(-2, 2, 3))", "R(-2, 2, 3), R(-2, 2, 3)"]),
    "math.prod": ["list(R(1, 2, 4))", "[2.0, 0.0, 3.0]", "(0.0, 0.0, 3.0), 2.0", "R(1, 2, 3), R(1, 2)", "[]", "[2.0]",
                  "[R(1, 2, 2), 3.0]"],
    "math.fsum": ["list(R(1, 2, 4))", "R(1, 2, 3)", "[]", "R(1, 2, 0)"],
    **rows("math.factorial math.isqrt", ["7"]), **rows("math.comb math.perm math.gcd math.lcm", ["7, 3"]),
    "digamma": ["R(0.3, 9)", "R(-1.8, -1.2)"], "polygamma": ["1, R(0.3, 9)", "2, R(-1.8, -1.2)"],
    **rows("cmath.phase cmath.polar", ["C()", "R(1, 2)"]), "cmath.rect": ["R(1, 2), R(-2, 2)"],
    "np.tan": ["R(-1.2, 1.2)", "R(-1.2, 1.2, 2, 3)", "C(2)"],
    **each("np", "sin cos arctan sinh cosh tanh arcsinh exp exp2 expm1", R_ANY),
    **each("np", "log log2 log10 log1p sqrt reciprocal", R_POSITIVE),
    **each("np", "arcsin arccos arctanh", R_UNIT), "np.arccosh": R_ABOVE,
    **each("np", "cbrt deg2rad radians rad2deg degrees fabs modf frexp floor ceil trunc rint fix spacing sign signbit",
           ["R(-1.9, -1.6)", "R(1.1, 1.4, 2, 3)"]),
    **each("np", "round around", ["R(1.1, 1.4, 2, 3)", "R(1.1, 1.4, 3), 0"]),
    **each("np", "logaddexp logaddexp2 hypot arctan2 copysign maximum minimum fmax fmin isclose", PAIRS),
    **each("np", "logical_and logical_or logical_xor heaviside", PAIRS),
    **each("np", "isfinite isinf isnan isposinf isneginf logical_not nan_to_num", R_REAL),
    "np.isnat": ["np.array(['NaT'], 'M8[s]')"],
    **each("np", "isreal iscomplex isrealobj iscomplexobj real imag conj angle", R_ANY),
    "np.angle": ["C(3)", "C(2), True", "R(1, 2, 3)"],
    "np.nextafter": ["R(-2, 2, 3), 3.0"],
    "np.ldexp": ["R(-2, 2, 3), 3", "R(-2, 2), I(1, 4, 2)"],
    "np.sinc": ["R(-5, 5)", "R(-3, 3, 2, 3)", "0.0", "1e-4"], "sinc_derivative": ["R(-5, 5, 20)", "R(-5, 5, 20), 2"],
    "np.i0": ["R(-5, 5)", "R(-9, 9, 2, 3)", "0.0"], "i0_derivative": ["R(-9, 9, 5)", "R(-9, 9, 5), 2"],
    "share": ["R(1, 2), True, True", "R(1, 2), True, False", "R(1, 2), False, True"],
    "halved": ["C(3), np.array([False, False, True])", "C(3), np.array([False, False, False])", "C(2, 3), M"],
    "np.clip": ["R(-2, 2, 2, 9), -1.0, 1.0", "R(-2, 2), -1.0, None", "R(-2, 2, 9), None, R(-1, 1, 9)",
                "R(-2, 2, 9), R(-2, 0, 1), R(0, 1)"],
    "np.where": ["M, R(-2, 2, 3), R(-2, 2)", "M, R(-2, 2, 2, 1), C(3)", "True, R(-2, 2), 1.0"],
    "np.select": ["[M, ~M[::-1]], [R(-2, 2, 3), R(-2, 2)], R(-2, 2)", "[M, M], R(-2, 2, 2, 3)",
                  "(M,), (R(-2, 2, 2, 3),), R(-2, 2, 3)"],
    "np.interp": ["R(-1, 3, 9), [0.0, 0.5, 2.0], R(-2, 2, 3)", "R(-1, 3), np.arange(3.0), C(3)",
                  "R(-1, 3, 2, 4), np.arange(3.0), R(1, 2, 3), R(1, 2), -1.0",
                  "R(3, 4, 2), np.ones(1), R(1, 2, 1)"],
    "interp_slope": ["R(-1, 3, 9), np.arange(3.0), R(1, 2, 3)"],
    "interp_slope_spread": ["R(1, 2, 9), R(-1, 3, 9), np.arange(3.0)"],
    "interp_spread": ["R(1, 2, 9), R(-1, 3, 9), np.arange(3.0)",
                      "R(1, 2, 9), R(-1, 3, 9), np.arange(3.0), True, False"],
    "np.vecdot": ["R(-2, 2, 3), R(-2, 2, 3)", "C(2, 3), C(3)"],
    "np.matvec": ["R(-2, 2, 2, 3), R(-2, 2, 3)", "R(-2, 2, 2, 3), C(4, 3)", "C(5, 2, 3), R(-2, 2, 3)"],
    "np.vecmat": ["R(-2, 2, 2), R(-2, 2, 2, 3)", "C(4, 2), C(2, 3)", "C(2), R(-2, 2, 5, 2, 3)"],
}  # fmt: skip


def arguments(sample: str, seed: int) -> list[Any]:
    rng = np.random.default_rng(seed)

    def uniform(low: float, high: float, *shape: int) -> Any:
        # Three decimals: no sample comes nearer to a kink than the step of the differences, by the choice of the rows.
        values = rng.uniform(low, high, shape).round(3)
        return float(values) if shape == () else values

    def unbranched(*shape: int) -> Any:
        values = rng.uniform(0.4, 0.9, shape) + 1j * rng.uniform(0.3, 0.9, shape)
        return complex(values) if shape == () else values

    names = {"R": uniform, "C": unbranched, "I": lambda low, high, *shape: rng.integers(low, high, shape),
             "M": np.array([True, False, True]), "np": np}  # fmt: skip
    return list(eval(f"({sample},)", names))


# The edges, by exact value: primitive, arguments, parameter, cotangent, expected contribution

Z, INF = np.zeros(2), np.inf
POWERS_AT_ZERO = [(2, "x", 0.0), (1, "x", 1.0), (0, "x", 0.0), (0.5, "x", INF), (2.0, "y", 0.0), (0.5, "y", 0.0)]
EDGES: list[tuple[str, tuple[Any, ...], str, Any, Any]] = [
    ("abs", (0.0,), "x", 1.0, 0.0), ("np.abs", (np.array([-0.0, -3.0]),), "x", 1.0, [0.0, -1.0]),
    ("np.abs", (Z * 1j,), "x", 1.0, Z),
    ("np.fabs", (Z,), "x", 1.0, Z), ("math.fabs", (0.0,), "x", 1.0, 0.0),
    ("np.sqrt", (Z,), "x", 1.0, Z + INF), ("math.sqrt", (0.0,), "x", 1.0, INF), ("np.cbrt", (Z,), "x", 1.0, Z + INF),
    ("math.cbrt", (0.0,), "x", 1.0, INF), ("math.asin", (1.0,), "x", 1.0, INF), ("math.acos", (-1.0,), "x", 1.0, -INF),
    ("math.acosh", (1.0,), "x", 1.0, INF), ("np.arcsin", (np.ones(1),), "x", 1.0, [INF]),
    *[("**", (x, y), parameter, 1.0, np.full(np.shape(x), d)) for x in (0.0, Z, np.float64(0.0))
      for y, parameter, d in POWERS_AT_ZERO],
    ("**", (Z, -1), "x", 1.0, Z - INF),
    ("**", (1e-200, -1), "x", 1.0, -INF), ("**", (2.0, np.array([0, 2], np.uint8)), "x", np.ones(2), 4.0),
    ("**", (np.array([1.5]), np.array([100], np.int8)), "x", 1.0, [100 * 1.5**99]),
    ("np.maximum", (1.0, 1.0), "x", 1.0, 0.5), ("np.minimum", (Z, 0.0), "y", np.ones(2), 1.0),
    ("np.maximum", (np.array([-1.0, 0.0, 2.0]), 0.0), "x", np.array([3.0, 1.0, 1.0]), [0.0, 0.5, 1.0]),
    ("np.fmax", (np.array([1.0, np.nan]), np.array([np.nan, 1.0])), "x", 1.0, [1.0, 0.0]),
    ("np.clip", (np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), 0.0, 1.0), "a", np.array([3.0, 1.0, 1.0, 1.0, 3.0]),
     [0.0, 0.5, 1.0, 0.5, 0.0]),
    ("np.clip", (np.array([-1.0, 0.0, 0.5]), Z[:1], 1.0), "a_min", np.array([1.0, 1.0, 3.0]), [1.5]),
    ("np.where", (np.array([True, False]), Z, 0.0), "x", np.array([1.0, INF]), [1.0, 0.0]),
    ("np.select", ([np.array([True, False])], [Z], 0.0), "choicelist", np.array([1.0, INF]), [[1.0, 0.0]]),
    ("np.nan_to_num", (np.array([np.nan, INF, 1.0]),), "x", np.array([INF, 1.0, 1.0]), [0.0, 0.0, 1.0]),
    ("np.hypot", (Z, Z), "x", 1.0, Z), ("math.hypot", (0.0, 0.0, 0.0), "coordinates", 1.0, [0.0, 0.0, 0.0]),
    ("math.dist", ([1.0], [1.0]), "q", 1.0, [0.0]), ("math.atan2", (0.0, 0.0), "y", 1.0, np.nan),
    ("np.arctan2", (np.array([0.0]), np.array([1e-200])), "y", 1.0, [1e200]),
    ("math.atan2", (0.0, 1e-200), "y", 1.0, 1e200),
    # x / y rounds to 10 although the quotient is below it.
    ("%", (1.0, 0.1), "y", 1.0, -9.0), ("math.fmod", (1.0, 0.1), "y", 1.0, -9.0),
    ("np.fmod", (np.ones(1), 0.1), "y", 1.0, [-9.0]),
    ("%", (-5.0, 3.0), "y", 1.0, 2.0), ("math.fmod", (-5.0, 3.0), "y", 1.0, 1.0),
    ("math.remainder", (5.0, 3.0), "y", 1.0, -2.0),
    ("divmod", (-5.0, 3.0), "y", (7.0, 1.0), 2.0), ("np.heaviside", (Z, 3.0), "h0", np.ones(2), 2.0),
    ("np.interp", (np.array([-1.0, 0.0, 1.0, 2.0, 3.0]), [0.0, 1.0, 2.0], np.array([0.0, 3.0, 4.0])), "x", 1.0,
     [0.0, 3.0, 1.0, 1.0, 0.0]),
    ("ratio", (1.0, -0.0), "a", 1.0, -INF), ("math.prod", ([0.0, 0.0],), "iterable", 1.0, [0.0, 0.0]),
]  # fmt: skip
