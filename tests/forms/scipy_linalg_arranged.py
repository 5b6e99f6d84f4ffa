"""Matrices that vectors are arranged to, and systems of these and of bands, of scipy.linalg."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(41)
DOUBLE = "SciPy computes it in double precision"
VALUES = "which systems are near singular depends on the values"
BAND = np.array([[0.0, 0.3, -0.2, 0.4], [3.0, 4.0, 3.5, 5.0], [0.5, -0.6, 0.2, 0.0]])

FORMS = [
    form("scipy.linalg.toeplitz(c)", c=draw(3)),
    form("scipy.linalg.toeplitz(c)", c=cplx(3)),
    form("scipy.linalg.toeplitz(c, r)", c=draw(3), r=cplx(2)),
    form("scipy.linalg.circulant(c)", c=cplx(4)),
    form("scipy.linalg.hankel(c)", c=draw(3)),
    form("scipy.linalg.hankel(c, r)", c=draw(3), r=draw(2)),
    form("scipy.linalg.companion(a)", a=np.array([2.0, 1.0, -0.5, 0.3])),
    form("scipy.linalg.convolution_matrix(a, 3)", a=draw(2)),
    form("scipy.linalg.convolution_matrix(a, 2, mode='same')", a=draw(3)),
    form("scipy.linalg.fiedler(a)", a=draw(3)),
    form("scipy.linalg.fiedler_companion(a)", a=np.array([2.0, 1.0, -0.5, 0.3])),
    form("scipy.linalg.leslie(f, p)", f=draw(3), p=draw(2)),
    form("scipy.linalg.khatri_rao(a, b)", a=draw(2, 3), b=cplx(3, 3)),
    form("scipy.linalg.diagsvd(x, 2, 3)", x=draw(2)),
    form("scipy.linalg.block_diag(a, b, c)", a=draw(2, 2), b=cplx(3), c=draw(1, 2)),
    # Systems
    form("scipy.linalg.solve_toeplitz(c, b + 1.0)", c=np.array([3.0, 0.5, 0.2]), b=draw(3), single=False, but=DOUBLE),
    form("scipy.linalg.solve_toeplitz((c, r), b + 1.0)", c=cplx(3) + 4.0 * np.eye(3)[0], r=cplx(3), b=cplx(3, 2), single=False, but=DOUBLE),
    form("scipy.linalg.matmul_toeplitz((c, r), x)", c=draw(3), r=draw(2), x=draw(2)),
    form("scipy.linalg.matmul_toeplitz(c, x)", c=cplx(3), x=cplx(3, 2)),
    form("scipy.linalg.solve_circulant(c, b)", c=np.array([3.0, 0.5, 0.2]), b=draw(3)),
    form("scipy.linalg.solve_circulant(c, b)", c=np.array([3.0, 0.5j, 0.2]), b=cplx(3, 2), kept=False, but=VALUES),
    form("scipy.linalg.solve_banded((1, 1), ab, b + 1.0)", ab=BAND, b=draw(4)),
    form("scipy.linalg.solve_banded((0, 2), ab, b + 1.0)", ab=BAND[[2, 0, 1]], b=draw(4, 2)),
    form("scipy.linalg.solve_banded((2, 0), ab, b + 1.0)", ab=BAND[[1, 0, 2]] + 0.1j, b=cplx(4)),
    form("scipy.linalg.solveh_banded(ab, b + 1.0)", ab=BAND[:2], b=draw(4)),
    form("scipy.linalg.solveh_banded(ab, b + 1.0, lower=True)", ab=BAND[1:] + 0.1j, b=cplx(4, 2)),
    form("scipy.linalg.bandwidth(a)[0] * a", a=draw(2, 2)),
    form("scipy.linalg.hilbert(2) @ a", a=draw(2, 2)),
]
