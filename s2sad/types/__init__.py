"""Types of values: arrays of known dtype and shape, sizes that are numbers or polynomials, and how results follow. Types of arguments come
in, the type of a result goes out. It may import the errors.

A size is a whole number, or a polynomial with whole coefficients over symbols (`sizes.py`): `n`, `n - 1`, `2*n*m`. Two sizes are the same
if they have the same normal form. What that does not tell (is `n` equal to `m`, is `k` below `n`) is a question to the machine that walks
the function: sizes carry a reference to who answers (what is known already: `known.py`). So a shape function is ordinary Python over sizes,
and runs on plain numbers just as well.

An `Array` (`arrays.py`) stands for any array of its dtype and shape. It answers what types tell, and refuses to be computed with.
How it lies in memory are strides (`strides.py`), of sizes as well.
"""
