"""Linear systems and factors of scipy.linalg: each structure, stacks, complex matrices."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(29)
SQUARE = draw(3, 3) + 4.0 * np.eye(3)
COMPLEX = cplx(2, 2) + 4.0 * np.eye(2)
STACK = draw(2, 2, 2) + 4.0 * np.eye(2)
RANK = "whether there are residuals depends on the rank"
STRUCTURES = ("gen", "sym", "her", "pos", "diagonal", "tridiagonal", "upper triangular", "lower triangular", "banded")

FORMS = [
    form("scipy.linalg.solve(a, b)", a=SQUARE, b=draw(3)),
    form("scipy.linalg.solve(a, b)", a=STACK, b=draw(2)),
    form("scipy.linalg.solve(a, b)", a=COMPLEX, b=draw(2, 2, 1)),
    form("scipy.linalg.solve(a, b, transposed=True)", a=SQUARE, b=draw(3, 2)),
    form("scipy.linalg.solve(a, b, assume_a='upper triangular', transposed=True)", a=SQUARE, b=draw(3)),
    *[form(f"scipy.linalg.solve(a, b, assume_a={s!r})", a=SQUARE, b=draw(3, 2)) for s in STRUCTURES],
    form("scipy.linalg.solve(a, b, lower=True, assume_a='sym')", a=COMPLEX, b=cplx(2)),
    form("scipy.linalg.solve(a, b, lower=True, assume_a='her')", a=COMPLEX, b=cplx(2, 1)),
    form("scipy.linalg.solve(a, b, assume_a='pos')", a=COMPLEX, b=cplx(2)),
    form("scipy.linalg.solve_triangular(a, b)", a=SQUARE, b=draw(3)),
    form("scipy.linalg.solve_triangular(a, b, lower=True, unit_diagonal=True)", a=SQUARE, b=draw(3, 2)),
    form("scipy.linalg.solve_triangular(a, b, trans='T', lower=True)", a=COMPLEX, b=cplx(2)),
    form("scipy.linalg.solve_triangular(a, b, trans=2)", a=COMPLEX, b=cplx(2, 2)),
    form("scipy.linalg.solve_triangular(a, b, lower=True)", a=STACK, b=draw(2)),
    # Cholesky factors
    form("scipy.linalg.cholesky(a)", a=SQUARE),
    form("scipy.linalg.cholesky(a, lower=True)", a=COMPLEX),
    form("scipy.linalg.cholesky(a, lower=True, check_finite=False)", a=STACK),
    form("scipy.linalg.cho_factor(a)[0]", a=SQUARE),
    form("scipy.linalg.cho_factor(a, lower=True)[0]", a=COMPLEX),
    form("scipy.linalg.cho_solve((c, True), b)", c=SQUARE, b=draw(3)),
    form("scipy.linalg.cho_solve((c, False), b)", c=COMPLEX, b=cplx(2, 2)),
    form("scipy.linalg.cho_solve(scipy.linalg.cho_factor(a + np.eye(3)), b)", a=SQUARE, b=draw(3)),
    form("scipy.linalg.cho_solve(scipy.linalg.cho_factor(a + np.eye(2), lower=True), b)", a=STACK, b=draw(2, 2, 1)),
    # Triangles and an order of rows
    form("scipy.linalg.lu(a)", a=draw(3, 3)),
    form("scipy.linalg.lu(a)", a=cplx(3, 2)),
    form("scipy.linalg.lu(a, p_indices=True)[1:]", a=draw(2, 2, 3)),
    form("scipy.linalg.lu(a, permute_l=True)", a=draw(3, 2)),
    form("scipy.linalg.lu_factor(a)[0]", a=draw(3, 3)),
    form("scipy.linalg.lu_factor(a)[0]", a=cplx(3, 2)),
    form("scipy.linalg.lu_solve((lu, p), b)", lu=SQUARE, p=np.array([2, 1, 2], np.int32), b=draw(3)),
    form("scipy.linalg.lu_solve((lu, p), b, trans=1)", lu=SQUARE, p=np.array([1, 2, 2], np.int32), b=draw(3, 2)),
    form("scipy.linalg.lu_solve((lu, p), b, trans=2)", lu=COMPLEX, p=np.array([1, 1], np.int32), b=cplx(2)),
    form("scipy.linalg.lu_solve(scipy.linalg.lu_factor(a + np.eye(3)), b)", a=SQUARE[::-1].copy(), b=draw(3)),
    # Inverses and the like
    form("scipy.linalg.inv(a)", a=STACK),
    form("scipy.linalg.inv(a, assume_a='her', lower=True)", a=COMPLEX),
    form("scipy.linalg.inv(a, assume_a='upper triangular')", a=SQUARE),
    form("scipy.linalg.det(a)", a=SQUARE, single=False, but="SciPy computes determinants in double precision"),
    form("scipy.linalg.det(a)", a=cplx(2, 2, 2)),
    form("scipy.linalg.pinv(a)", a=draw(3, 2)),
    form("scipy.linalg.pinv(a, rtol=1e-9, return_rank=True)[0]", a=cplx(2, 3)),
    form("scipy.linalg.pinvh(a)", a=COMPLEX),
    form("scipy.linalg.pinvh(a, lower=False)", a=SQUARE),
    form("scipy.linalg.lstsq(a, b)", a=draw(3, 2), b=draw(3), kept=False, but=RANK),
    form("scipy.linalg.lstsq(a, b, cond=1e-9)", a=draw(2, 3), b=draw(2, 2)),
    form("scipy.linalg.lstsq(a, b, lapack_driver='gelsy')[0]", a=cplx(3, 2), b=cplx(3), kept=False, but=RANK),
    form("scipy.linalg.norm(a)", a=draw(3)),
    form("scipy.linalg.norm(a, 'nuc')", a=cplx(2, 3)),
    form("scipy.linalg.norm(a, 1, axis=1, keepdims=True)", a=draw(2, 3)),
]
