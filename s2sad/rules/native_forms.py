"""How primitives are written natively, of one element each: an expression in their parameters, in what Numba takes of Python, `math`, `np`
and `support`; or, with an `@`, the name of a way that the native emitter knows to write them.

What has no form is not native. The table stands apart from the rules because it is in another language than theirs, one that is loaded
with the native backend alone.
"""

from __future__ import annotations

from s2sad.rules import linalg, lists, math_functions, methods, operations, own, products, reductions, shapes, strong, structural, ufuncs
from s2sad.rules.language import BY_NAME, STRONG, Primitive

# The modules whose primitives have forms here:
TABLE = (linalg, lists, math_functions, methods, operations, own, products, reductions, shapes, strong, ufuncs)
SAME = """
    x + y, x - y, x * y, x / y, x ** y, x // y, x % y, -x, +x, abs(x)
    x < y, x <= y, x == y, x != y, x > y, x >= y
    x & y, x | y, x ^ y, ~x
    math.exp(x), math.sqrt(x), math.log10(x), math.sin(x), math.cos(x), math.tan(x), math.asin(x), math.acos(x), math.atan(x)
    math.sinh(x), math.cosh(x), math.tanh(x), math.acosh(x), math.atanh(x), math.log2(x), math.log1p(x), math.expm1(x), math.asinh(x)
    math.atan2(y, x), math.degrees(x), math.radians(x), math.fabs(x), math.copysign(x, y), math.erf(x), math.erfc(x), math.gamma(x)
    math.lgamma(x), math.isnan(x), math.isinf(x), math.isfinite(x)
    np.exp(x), np.exp2(x), np.expm1(x), np.log(x), np.log2(x), np.log10(x), np.log1p(x), np.sqrt(x), np.cbrt(x), np.hypot(x, y)
    np.sin(x), np.cos(x), np.tan(x), np.arcsin(x), np.arccos(x), np.arctan(x), np.arctan2(y, x), np.sinh(x), np.cosh(x), np.tanh(x)
    np.arcsinh(x), np.arccosh(x), np.arctanh(x), np.copysign(x, y), np.floor(x), np.ceil(x), np.trunc(x), np.rint(x)
    np.isfinite(x), np.isinf(x), np.isnan(x), np.logaddexp(x, y), np.nextafter(x, y), np.signbit(x)
    np.float32(x), np.float64(x)
"""
COMPLEX = "exp sqrt log10 sin cos tan asin acos atan sinh cosh tanh acosh atanh asinh".split()
OTHERS = {
    "np.add": "x + y", "np.subtract": "x - y", "np.multiply": "x * y", "np.divide": "x / y", "np.negative": "-x", "np.positive": "x",
    "np.power": "x ** y", "np.float_power": "np.float64(x) ** np.float64(y)", "math.pow": "np.float64(x) ** np.float64(y)",
    "np.square": "x * x",
    "np.reciprocal": "1 / x", "np.abs": "abs(x)", "np.fabs": "abs(x)", "np.floor_divide": "x // y", "np.mod": "x % y",
    "np.less": "x < y", "np.less_equal": "x <= y", "np.equal": "x == y", "np.not_equal": "x != y", "np.greater": "x > y",
    "np.greater_equal": "x >= y", "np.logical_and": "bool(x) and bool(y)", "np.logical_or": "bool(x) or bool(y)",
    "np.logical_not": "not x", "np.logical_xor": "bool(x) != bool(y)", "np.bitwise_and": "x & y", "np.bitwise_or": "x | y",
    "np.bitwise_xor": "x ^ y", "np.left_shift": "support.shifted_left(x, y)", "<<": "support.shifted_left(x, y)",
    "np.right_shift": "support.shifted_right(x, y)", ">>": "support.shifted_right(x, y)",
    "np.fmod": "support.rest(x, y)", "math.fmod": "support.rest(x, y)", "not": "not x",
    "np.maximum": "support.larger(x, y)", "np.minimum": "support.smaller(x, y)", "np.fmax": "support.larger_number(x, y)",
    "np.fmin": "support.smaller_number(x, y)", "np.clip": "@clip", "np.sign": "support.sign(x)", "np.fix": "np.trunc(x)",
    "np.heaviside": "support.heaviside(x, h0)", "np.deg2rad": "np.deg2rad(x)", "np.radians": "np.deg2rad(x)",
    "np.rad2deg": "np.rad2deg(x)", "np.degrees": "np.rad2deg(x)", "np.sinc": "support.sinc(x)", "np.logaddexp2": "support.logaddexp2(x, y)",
    "math.cbrt": "np.cbrt(x)", "math.exp2": "2.0 ** x", "math.log": "@log", "math.hypot": "@hypot",
    "ratio": "a / b", "ratio_or_zero": "support.ratio_or_zero(a, b)", "power": "x ** y", "power_derivative": "@power_derivative",
    "share": "support.share(c, chosen, tie)", "halved": "(0.5 * c if tie else c)", "np.where": "x if condition else y",
    "bool": "bool(x)", "float": "np.float64(x)", "int": "@whole", "math.floor": "@floor", "math.ceil": "@ceil", "math.trunc": "@trunc",
    "round": "@round", "of_class": "@of_class", "least": "@least", "greatest": "@greatest", "sum": "@sum_of_items",
    "math.prod": "@product_of_items", "math.fsum": "@exact_sum", "math.dist": "@dist", "complex": "@complex", "pow": "base ** exp",
    "divmod": "@divmod", "np.divmod": "@divmod", "math.modf": "@modf", "np.modf": "@modf", "math.frexp": "@frexp", "np.frexp": "@frexp",
    "np.select": "@select", "np.nan_to_num": "@nan_to_num", "np.round": "@rounded", "np.around": "@rounded", ".item": "@item",
    ".tolist": "@tolist", "math.remainder": "support.remainder(np.float64(x), np.float64(y))",
    "sinc_derivative": "support.sinc_derivative(np.float64(x), n)", "i0_derivative": "support.i0_derivative(np.float64(x), n)",
    "np.i0": "support.i0_derivative(np.float64(x), 0)", "math.perm": "@perm", "math.isqrt": "@isqrt", "math.lcm": "@lcm",
    **{f"np.{k}": "@made_whole" for k in ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32")},
    "cmath.polar": "@polar",
    "math.isclose": "support.close(a, b, rel_tol, abs_tol)", "math.ldexp": "support.scaled(np.float64(x), i)",
    "np.ldexp": "support.scaled(np.float64(x), i)",
    "math.comb": "@comb", "math.factorial": "@factorial", "math.gcd": "@gcd",
    "math.nextafter": "np.nextafter(np.float64(x), np.float64(y))", "digamma": "support.digamma(np.float64(x))",
    "cmath.log": "@complex_log",
    "cmath.phase": "math.atan2(np.imag(x), np.real(x))", "cmath.rect": "@rect",
    **{f"cmath.{f}": f"np.{f}(x)" for f in ("isnan", "isinf", "isfinite")},
    **{f"cmath.{f}": "@complex_function" for f in COMPLEX},
    "np.conj": "np.conj(x)", "np.real": "np.real(val)", "np.imag": "np.imag(val)", ".conjugate": "np.conj(x)", "np.angle": "@none",
    "np.isposinf": "x == np.inf", "np.isneginf": "x == -np.inf", ".astype": "@astype", "np.astype": "@astype",
    # Memory
    "identity": "@same", "copied": "@copied", "np.copy": "@copied", ".copy": "@copied", "np.array": "@array", "np.asarray": "@array",
    "np.ascontiguousarray": "@array", "np.asanyarray": "@array", "copied_if_there": "@copied",
    "getitem": "@getitem", "replaced": "@written", "accumulated": "@written", "diminished": "@written", "scatter": "@scatter",
    "accumulated_at": "@written_at", "np.take": "@take", "scatter_last": "@scatter_last", "last_written": "@last_written",
    "np.take_along_axis": "@take_along_axis",
    "scatter_along_axis": "@scatter_along_axis",
    # Sizes
    "dim": "@dim", "shape": "@shape", "np.shape": "@shape", "np.size": "@size", "np.ndim": "@rank", "count": "@count",
    "length_of": "@length_of", "no_cotangents": "@no_cotangents", "added_cotangents": "@added_cotangents",
    # Lists of unknown length
    "listed": "@listed", "list_copied": "@list_copied", "appended": "@appended", "popped": "@popped", "stored": "@stored",
    "added_item": "@added_item", "item_of": "@item_of", "filled": "@filled", "stacked": "@stacked", "unstacked": "@unstacked",
    "total_of": "@total_of",
    # New arrays
    "np.zeros": "@zeros", "np.ones": "@ones", "np.empty": "@empty", "np.full": "@full", "np.zeros_like": "@zeros_like",
    "np.ones_like": "@ones_like", "np.empty_like": "@empty_like", "np.full_like": "@full_like", "np.eye": "@eye",
    "np.identity": "@identity", "np.arange": "@arange", "np.linspace": "@linspace",
    # Shapes
    "np.transpose": "@transpose", "np.matrix_transpose": "@swap_last", "np.swapaxes": "@swapaxes", "np.moveaxis": "@moveaxis",
    "np.expand_dims": "@expand_dims", "np.squeeze": "@squeeze", "np.broadcast_to": "@broadcast_to", "np.reshape": "@reshape",
    "np.ravel": "@ravel", ".flatten": "@flatten", "np.flip": "@flip", "np.fliplr": "@fliplr", "np.flipud": "@flipud", "np.roll": "@roll",
    "np.diagonal": "@diagonal", "np.diag": "@diag", "scatter_diagonal": "@scatter_diagonal", "np.tril": "@tril", "np.triu": "@triu",
    "np.concatenate": "@concatenate", "np.hstack": "@hstack", "np.vstack": "@vstack", "np.stack": "@stack", "np.diff": "@diff",
    "np.repeat": "@repeat", "np.tile": "@tile", **{f"np.atleast_{n}d": "@of_rank" for n in (1, 2, 3)},
    "np.unstack": "@unstack", "np.broadcast_arrays": "@broadcast_arrays", "np.meshgrid": "@meshgrid", "np.rollaxis": "@rollaxis",
    "scatter_padded": "@scatter_padded",
    "np.column_stack": "@column_stack", "np.append": "@append", "np.pad": "@pad", "np.dstack": "@dstack",
    "np.split": "@split", "np.array_split": "@split",
    "np.vsplit": "@vsplit", "np.hsplit": "@hsplit", "np.dsplit": "@dsplit", "np.linalg.trace": "@trace",  "summed_to": "@summed_to",
    # Places and tables
    "np.nonzero": "@nonzero", "np.flatnonzero": "@flatnonzero", "np.argwhere": "@argwhere", "np.diag_indices": "@diag_indices",
    "np.tril_indices": "@places_below", "np.tril_indices_from": "@places_below", "np.triu_indices": "@places_above",
    "np.triu_indices_from": "@places_above", "np.indices": "@indices",
    "np.ix_": "@ix_", "np.unravel_index": "@unravel_index", "np.searchsorted": "@searchsorted", "np.digitize": "@digitize",
    "np.interp": "@interp", "interp_slope": "@interp_slope", "interp_spread": "@interp_spread",
    "interp_slope_spread": "@interp_slope_spread", "np.convolve": "@convolve", "np.correlate": "@correlate",
    # Reductions
    "np.sum": "@sum", "np.mean": "@mean", "np.max": "@max", "np.amax": "@max", "np.min": "@min", "np.amin": "@min", "np.prod": "@prod",
    "np.any": "@any", "np.all": "@all", "np.count_nonzero": "@count_nonzero", "np.argmax": "@argmax", "np.argmin": "@argmin",
    "np.var": "@var", "np.std": "@std", "np.cumsum": "@cumsum", "np.cumprod": "@cumprod",
    "exclusive_cumprod": "@exclusive_cumprod", "exclusive_scan": "@exclusive_scan", "np.sort": "@sort", "np.argsort": "@argsort",
    "product_of_others": "@product_of_others", "shared_where": "@shared_where",
    "mean_where": "@mean_where", "np.trace": "@trace",
    # Products
    "@": "@matmul", "np.matmul": "@matmul", "np.dot": "@dot", "np.outer": "@outer", "np.linalg.outer": "@outer", "np.inner": "@inner",
    "np.vdot": "@dot", "np.linalg.solve": "@solve", "np.linalg.inv": "@inv", "np.linalg.det": "@det", "np.linalg.cholesky": "@cholesky",
    "np.linalg.norm": "@norm", "np.linalg.slogdet": "@slogdet",
    "np.cross": "@cross", "np.linalg.cross": "@cross",
    "np.einsum": "@einsum", "np.tensordot": "@tensordot", "cofactors": "@cofactors",
    "np.linalg.matmul": "@matmul", "np.linalg.eigh": "@eigh", "np.linalg.eigvalsh": "@eigvalsh",
    "np.linalg.svd": "@svd", "np.linalg.qr": "@qr", "inverse_gaps": "@inverse_gaps", "between_vectors": "@between_vectors",
    "np.add.reduceat": "@reduceat", "scatter_segments": "@scatter_segments",
    **{f"np.{name}.reduce": f"@reduced_by_{name}" for name in ("logaddexp", "logaddexp2", "hypot")},
}  # fmt: skip


# What is quicker of the elements of an array of doubles, several at a time
IN_VECTORS = {"np.exp": "support.quick_exp", "np.tanh": "support.quick_tanh", "np.logaddexp": "support.quick_logaddexp"}

# What else is taken so, of what is called in a step
SEVERAL_AT_A_TIME = frozenset(
    {"abs", "max", "min", "float", "np.float64", "math.sqrt", "np.sqrt", "support.larger", "support.smaller", "support.plus"}
)
PRODUCT = "np.dot"  # by which native code multiplies matrices


def _split(text: str) -> list[str]:
    """The calls in a list of them, at the commas outside brackets."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            found.append(text[start:at].strip())
            start = at + 1
    return [f for f in (*found, text[start:].strip()) if f]


def _table() -> dict[Primitive, str]:
    calls = {call for line in SAME.strip().splitlines() for call in _split(line)}
    by_call = {p.call: p for p in BY_NAME.values()}
    forms = {by_call[call]: call for call in calls}
    front_end = {
        p.name: p for p in (structural.NOT, structural.LEAST, structural.GREATEST, structural.DIM, structural.SHAPE, structural.COUNT)
    }
    forms.update({front_end.get(known) or BY_NAME[known]: form for known, form in OTHERS.items()})
    forms.update({p.primitive: f"support.{p.primitive.name}({', '.join(q.name for q in p.primitive.parameters)})"
                  if plain in forms and not forms[plain].startswith("@") else "@strong" for plain, p in STRONG.items()})  # fmt: skip
    return forms


_FORMS = _table()


def form_of(primitive: Primitive) -> str | None:
    """The native form of a primitive, that of the table or that of its own rule; None where it has none."""
    return _FORMS.get(primitive) or primitive.native or None
