"""Linear algebra of NumPy: matrices wide and tall, stacks, complex ones; what is not unique in a form that is."""


import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(19)
SQUARE = draw(3, 3) + 3.0 * np.eye(3)
STACK = draw(2, 2, 2) + 3.0 * np.eye(2)
COMPLEX = cplx(2, 2) + 2.0 * np.eye(2)
REAL = "whether eigenvalues are real depends on the values"
RANK = "whether there are residuals depends on the rank"

FORMS = [
    # Eigenvalues of symmetric and Hermitian matrices
    form("np.linalg.eigh(a)", a=draw(3, 3)),
    form("np.linalg.eigh(a, UPLO='U')", a=draw(2, 2, 2)),
    form("np.linalg.eigh(a)[0]", a=cplx(3, 3)),
    form("[(w, np.abs(v)) for w, v in [np.linalg.eigh(a, 'U')]]", a=cplx(3, 3)),
    form("np.linalg.eigvalsh(a)", a=cplx(3, 3)),
    form("np.linalg.eigvalsh(a, UPLO='U')", a=draw(2, 2, 2)),
    # Singular values
    form("np.linalg.svd(a)", a=draw(3, 3)),
    form("np.linalg.svd(a, full_matrices=False)", a=draw(4, 2)),
    form("np.linalg.svd(a, full_matrices=False)", a=draw(2, 2, 3)),
    form("np.linalg.svd(a)[:2]", a=draw(2, 3)),
    form("[(u * s) @ vh for u, s, vh in [np.linalg.svd(a, full_matrices=False)]]", a=cplx(2, 3)),
    form("[np.abs(u[:, :1]) for u, s, vh in [np.linalg.svd(a)]]", a=cplx(3, 2)),
    form("[u @ vh for u, s, vh in [np.linalg.svd(a, full_matrices=False)]]", a=cplx(3, 2)),
    form("np.linalg.svd(a, compute_uv=False)", a=cplx(2, 3)),
    form("np.linalg.svd(a, compute_uv=False, hermitian=True)", a=draw(3, 3)),
    form("[(u * s) @ vh for u, s, vh in [np.linalg.svd(a, hermitian=True)]]", a=cplx(2, 2)),
    # Orthogonal and triangular factors
    form("np.linalg.qr(a)", a=draw(3, 3)),
    form("np.linalg.qr(a)", a=draw(2, 3, 2)),
    form("np.linalg.qr(a)", a=draw(2, 4)),
    form("np.linalg.qr(a)", a=cplx(3, 2)),
    form("np.linalg.qr(a)", a=cplx(2, 3)),
    form("np.linalg.qr(a, mode='r')", a=draw(3, 2)),
    form("np.linalg.qr(a, mode='r')", a=cplx(2, 3)),
    form("np.linalg.qr(a, mode='complete')", a=draw(2, 2)),
    form("[(q[:, :2], r) for q, r in [np.linalg.qr(a, mode='complete')]]", a=draw(4, 2)),
    form("[(q[:, 2:] @ np.conj(q[:, 2:].T), r) for q, r in [np.linalg.qr(a, 'complete')]]", a=cplx(4, 2)),
    # Pseudo-inverse
    form("np.linalg.pinv(a)", a=draw(3, 2)),
    form("np.linalg.pinv(a, rcond=1e-10)", a=draw(2, 2, 3)),
    form("np.linalg.pinv(a, rtol=1e-6)", a=cplx(3, 2)),
    form("np.linalg.pinv(a, hermitian=True)", a=cplx(2, 2)),
    # Eigenvalues of any matrix
    form("np.linalg.eig(a)", a=cplx(3, 3)),
    form("np.linalg.eig(a)", a=cplx(2, 2, 2)),
    form("np.linalg.eig(a)", a=np.array([[1.0, 2.0, 0.3], [0.5, -1.0, 0.2], [0.1, 0.4, 3.0]]), kept=False, but=REAL),
    form("np.linalg.eig(a)", a=np.array([[1.0, 2.0, 0.3], [-3.0, 1.5, 0.2], [0.1, 0.4, 3.0]]), kept=False, but=REAL),
    form("np.linalg.eigvals(a)", a=cplx(3, 3)),
    form("np.linalg.eigvals(a)", a=np.array([[1.0, 2.0], [-3.0, 1.5]]), kept=False, but=REAL),
    # Least squares
    form("np.linalg.lstsq(a, b)", a=draw(4, 2), b=draw(4), kept=False, but=RANK),
    form("np.linalg.lstsq(a, b, rcond=None)", a=cplx(3, 2), b=cplx(3, 2), kept=False, but=RANK),
    form("np.linalg.lstsq(a, b)", a=draw(2, 3), b=draw(2, 2)),
    form("np.linalg.lstsq(a, b, rcond=-1)[0]", a=cplx(2, 3), b=cplx(2), still=("b",)),
    form("np.linalg.lstsq(a @ c, b, rcond=1e-6)[0]", a=draw(4, 1), c=draw(1, 2), b=draw(4), kept=False, but=RANK),
    # Norms
    form("np.linalg.vector_norm(x)", x=cplx(3)),
    form("np.linalg.vector_norm(x, axis=1)", x=draw(3, 3)),
    form("np.linalg.vector_norm(x, axis=(0, 2), keepdims=True, ord=3)", x=draw(2, 3, 2)),
    form("np.linalg.vector_norm(x, ord=np.inf)", x=draw(2, 2)),
    form("np.linalg.vector_norm(x, axis=-1, ord=-np.inf)", x=draw(2, 3)),
    form("np.linalg.vector_norm(x, ord=1, axis=0)", x=cplx(2, 2)),
    form("np.linalg.vector_norm(x, ord=0)", x=draw(3)),
    form("np.linalg.vector_norm(x)", x=np.zeros(3), edge={"x": [0.0, 0.0, 0.0]}),
    form("np.linalg.vector_norm(x, ord=np.inf)", x=np.array([2.0, -2.0, 1.0]), edge={"x": [0.5, -0.5, 0.0]}),
    *[form(f"np.linalg.matrix_norm(x, ord={p!r})", x=draw(3, 2)) for p in ("fro", "nuc", 2, -2, 1, -1)],
    form("np.linalg.matrix_norm(x, ord=np.inf, keepdims=True)", x=draw(2, 2, 3)),
    form("np.linalg.matrix_norm(x, ord='nuc')", x=cplx(2, 2)),
    form("np.linalg.norm(x, ord=-np.inf)", x=draw(3, 3)),
    form("np.linalg.norm(x, ord='nuc', axis=(0, 2))", x=draw(2, 2, 3)),
    form("np.linalg.norm(x, ord=2, axis=(1, 0), keepdims=True)", x=draw(2, 3, 2)),
    form("np.linalg.norm(x, axis=1, keepdims=True)", x=cplx(2, 3)),
    form("np.linalg.cond(x)", x=draw(3, 2)),
    form("np.linalg.cond(x, -2)", x=cplx(2, 2)),
    form("np.linalg.cond(x, 'fro')", x=draw(2, 2, 2)),
    form("np.linalg.cond(x, p='nuc')", x=draw(2, 2)),
    form("np.linalg.cond(x, 1)", x=draw(3, 3)),
    form("np.linalg.cond(x, -np.inf)", x=draw(2, 2)),
    form("np.linalg.svdvals(x)", x=cplx(2, 3)),
    form("np.linalg.svdvals(x)", x=draw(2, 3, 2)),
    form("np.linalg.matrix_rank(x) * x", x=draw(2, 2)),
    form("np.linalg.matrix_rank(x, hermitian=True, rtol=1e-9) * x", x=draw(2, 2)),
    # Equations, inverses and determinants
    form("np.linalg.solve(a, b)", a=STACK, b=draw(2, 2, 1)),
    form("np.linalg.solve(a, b)", a=COMPLEX, b=draw(2)),
    form("np.linalg.inv(a)", a=STACK),
    form("np.linalg.inv(a)", a=COMPLEX),
    form("np.linalg.det(a)", a=STACK),
    form("np.linalg.det(a)", a=COMPLEX),
    form("np.linalg.slogdet(a)", a=COMPLEX),
    form("np.linalg.slogdet(a)", a=STACK),
    form("np.linalg.cholesky(a @ np.conj(a.T) + np.eye(2))", a=COMPLEX),
    form("np.linalg.cholesky(a, upper=True)", a=SQUARE @ SQUARE.T),
    form("np.linalg.tensorsolve(a, b)", a=draw(4, 2, 2), b=draw(4)),
    form("np.linalg.tensorsolve(a, b, axes=(0, 2))", a=draw(2, 6, 3), b=draw(6)),
    form("np.linalg.tensorsolve(a, b)", a=cplx(2, 1, 2), b=cplx(2, 1)),
    form("np.linalg.tensorinv(a, ind=1)", a=draw(4, 2, 2)),
    form("np.linalg.tensorinv(a)", a=cplx(2, 1, 2)),
    # Products and powers
    form("np.linalg.matrix_power(a, -2)", a=STACK),
    form("np.linalg.matrix_power(a, 3)", a=COMPLEX),
    form("np.linalg.multi_dot([a, b, c])", a=draw(2), b=cplx(2, 3), c=draw(3, 2)),
    form("np.linalg.matmul(a, b)", a=cplx(2, 3), b=draw(3)),
    form("np.linalg.outer(a, b)", a=cplx(2), b=draw(3)),
    form("np.linalg.cross(a, b)", a=draw(2, 3), b=cplx(3)),
    form("np.linalg.cross(a, b, axis=0)", a=draw(3, 2), b=draw(3, 2)),
    form("np.linalg.vecdot(a, b)", a=cplx(2, 3), b=cplx(3)),
    form("np.linalg.vecdot(a, b, axis=0)", a=draw(3, 2), b=draw(3, 2)),
    form("np.linalg.tensordot(a, b)", a=draw(2, 2, 3), b=draw(2, 3)),
    form("np.linalg.tensordot(a, b, axes=((0,), (1,)))", a=cplx(2, 3), b=draw(2, 2)),
    form("np.linalg.trace(a, offset=-1)", a=cplx(2, 3, 3)),
    form("np.linalg.diagonal(a, offset=1)", a=draw(2, 2, 3)),
    form("np.linalg.matrix_transpose(a)", a=cplx(2, 2, 3)),
]
