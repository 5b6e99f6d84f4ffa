"""At the edges of functions of numbers: those of `math`, `cmath` and the elementwise ones of NumPy."""
from __future__ import annotations

ROOT = "inf at 0"
BRANCH = "on a branch cut the slope of the side that the sign of zero chooses"
NO_ANGLE = "NaN at 0"

NOTES = {
    "math": {
        "0 at 0": "fabs hypot dist copysign",
        ROOT: "sqrt cbrt",
        "inf at 1 and -1": "asin",
        "-inf at 1 and -1": "acos",
        "inf at 1": "acosh",
        "NaN where both are 0": "atan2",
        "0 at a base of 0 where the exponent is 0 or above 1, inf between 0 and 1": "pow",
        "NaN by the exponent of a negative base": "pow",
        "zeros need no division: the product of the others": "prod",
        "1 by x, minus the whole quotient by y, also at a jump": "fmod remainder",
        "1 for the fraction, 0 for the whole part, also at whole numbers": "modf",
        "at a power of 2 the slope to the right": "frexp",
        "1 by x, 0 by y": "nextafter",
        "0 also at the jumps": "floor ceil trunc",
    },
    "cmath": {
        NO_ANGLE: "phase polar sqrt",
        "NaN at 1 and -1": "acos asin acosh",
        BRANCH: "sqrt log log10 acos asin atan acosh asinh atanh phase",
        "0 by phi at r = 0": "rect",
    },
    "np": {
        "0 at 0": "abs absolute fabs hypot copysign sinc i0",
        "complex: 0 at 0": "abs absolute",
        ROOT: "sqrt cbrt log log2 log10",
        "inf at -1": "log1p",
        "inf at 1 and -1": "arcsin asin arctanh atanh",
        "-inf at 1 and -1": "arccos acos",
        "inf at 1": "arccosh acosh",
        "NaN where both are 0": "arctan2 atan2",
        "NaN at a complex 0; 0 of a real number, also at 0": "angle",
        BRANCH: "sqrt log log2 log10 log1p arccos acos arcsin asin arctan atan arccosh acosh arcsinh asinh arctanh atanh angle",
        "at a base of 0: 0 for the exponent 0 or above 1, 1 for 1, inf between 0 and 1": "power pow float_power",
        "by the exponent: 0 at a base of 0 and an exponent above 0, NaN for a negative base": "power pow float_power",
        "a pole at 0: -inf": "reciprocal",
        "infinite by both at a divisor of 0": "divide true_divide",
        "0 by both, also at the jumps": "floor_divide",
        "1 by x, minus the whole quotient by y, also at a jump": "mod remainder fmod divmod",
        "1 for the fraction, 0 for the whole part, also at whole numbers": "modf",
        "at a power of 2 the slope to the right": "frexp",
        "1 by x, 0 by y": "nextafter",
        "0 by x; 1 by h0 at 0": "heaviside",
        "0 at a NaN or an infinity, whose replacement gets 1": "nan_to_num",
        "NaN where both are -inf": "logaddexp logaddexp2",
        "0 also at the jumps": "floor ceil trunc fix rint round around sign",
        "refused by a complex number": "sign",
        "ties share evenly": "maximum minimum fmax fmin",
        "0 by both where one is NaN": "maximum minimum",
        "where one is NaN, 1 by the other": "fmax fmin",
        "a half at a bound, the other half to the bound; 1 inside, 0 outside": "clip",
        "what is not chosen gets 0, also where its slope is infinite": "where select choose",
        "the branch that is taken, also at its end": "piecewise",
    },
}
