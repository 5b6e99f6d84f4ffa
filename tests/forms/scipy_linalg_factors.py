"""Eigenvalues, singular values and orthogonal factors of scipy.linalg; what is not unique in a form that is."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(31)
REAL = "whether eigenvectors are real depends on the values"
SPD = np.array([[3.0, 0.5, 0.2], [0.5, 2.0, 0.3], [0.2, 0.3, 4.0]])
HPD = np.array([[3.0, 0.5 - 1.0j], [0.5 + 1.0j, 2.0]])

FORMS = [
    form("[(w, v[0] * v) for w, v in [scipy.linalg.eigh(a)]]", a=draw(3, 3)),
    form("scipy.linalg.eigh(a, lower=False)", a=draw(2, 2, 2)),
    form("scipy.linalg.eigh(a, eigvals_only=True)", a=cplx(3, 3)),
    form("[(w, np.abs(v)) for w, v in [scipy.linalg.eigh(a)]]", a=cplx(3, 3)),
    form("scipy.linalg.eigh(a, b)", a=draw(3, 3), b=SPD),
    form("scipy.linalg.eigh(a, b, lower=False, eigvals_only=True)", a=draw(3, 3), b=SPD),
    form("[(w, np.abs(v)) for w, v in [scipy.linalg.eigh(a, b)]]", a=cplx(2, 2), b=HPD),
    form("scipy.linalg.eigh(a, subset_by_index=[1, 2])", a=draw(4, 4)),
    form("scipy.linalg.eigh(a, b, eigvals_only=True, subset_by_index=[0, 1])", a=draw(3, 3), b=SPD),
    form("scipy.linalg.eigvalsh(a)", a=cplx(3, 3)),
    form("scipy.linalg.eigvalsh(a, b, lower=False)", a=draw(3, 3), b=SPD),
    form("scipy.linalg.eigvalsh(a, subset_by_index=[2, 2])", a=draw(3, 3)),
    form("scipy.linalg.eigh_tridiagonal(d, e)", d=draw(4), e=draw(3)),
    form("scipy.linalg.eigh_tridiagonal(d, e, eigvals_only=True)", d=draw(3), e=draw(2)),
    form("scipy.linalg.eigvalsh_tridiagonal(d, e)", d=draw(3), e=draw(2)),
    form("scipy.linalg.eig(a)", a=cplx(3, 3)),
    form("scipy.linalg.eig(a)", a=np.array([[1.0, 2.0, 0.3], [-3.0, 1.5, 0.2], [0.1, 0.4, 3.0]]), kept=False, single=False,
         but=f"{REAL}, and their order on precision"),
    form("scipy.linalg.eig(a)", a=np.array([[1.0, 2.0], [0.5, -1.0]]), kept=False, but=REAL),
    form("scipy.linalg.eig(a, right=False)", a=np.array([[1.0, 2.0], [-3.0, 1.5]])),
    form("scipy.linalg.eigvals(a)", a=draw(3, 3)),
    form("scipy.linalg.eigvals(a)", a=cplx(2, 2, 2)),
    # Singular values
    form("scipy.linalg.svd(a)", a=draw(3, 3)),
    form("scipy.linalg.svd(a, full_matrices=False)", a=draw(2, 3)),
    form("[(u * s) @ vh for u, s, vh in [scipy.linalg.svd(a, full_matrices=False, lapack_driver='gesvd')]]", a=cplx(3, 2)),
    form("scipy.linalg.svd(a, compute_uv=False)", a=cplx(2, 3)),
    form("scipy.linalg.svdvals(a)", a=draw(2, 3, 2)),
    # Orthogonal and triangular factors
    form("scipy.linalg.qr(a)", a=draw(3, 3)),
    form("scipy.linalg.qr(a, mode='economic')", a=cplx(3, 2)),
    form("scipy.linalg.qr(a, mode='economic')", a=draw(2, 2, 3)),
    form("scipy.linalg.qr(a, mode='r')", a=draw(3, 2)),
    form("scipy.linalg.qr(a, mode='economic', pivoting=True)[:2]", a=draw(4, 3)),
    form("scipy.linalg.qr(a, mode='r', pivoting=True)[0]", a=cplx(2, 3)),
    form("[(q[:, :2], r) for q, r in [scipy.linalg.qr(a)]]", a=draw(4, 2)),
    form("scipy.linalg.rq(a)", a=draw(3, 3)),
    form("scipy.linalg.rq(a, mode='economic')", a=cplx(2, 3)),
    form("scipy.linalg.rq(a, mode='economic')", a=draw(3, 2)),
    form("scipy.linalg.rq(a, mode='r')", a=draw(2, 4)),
    form("[(r, q[2:]) for r, q in [scipy.linalg.rq(a)]]", a=draw(2, 4)),
    # Polar factors
    form("scipy.linalg.polar(a)", a=draw(3, 3)),
    form("scipy.linalg.polar(a)", a=cplx(3, 2)),
    form("scipy.linalg.polar(a, side='left')", a=cplx(2, 3)),
    form("scipy.linalg.polar(a)", a=np.array([[0.6, -0.8], [0.8, 0.6]])),
    form("scipy.linalg.orthogonal_procrustes(a, b)", a=draw(4, 2), b=draw(4, 2)),
    form("scipy.linalg.orthogonal_procrustes(a, b)", a=cplx(3, 2), b=cplx(3, 2)),
]
