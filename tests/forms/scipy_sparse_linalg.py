"""Equations with sparse arrays of SciPy, by their entries and right sides; their eigenvalues, singular values and norms."""

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(32)

ROWS, COLUMNS = np.array([0, 1, 2, 0, 1, 2, 0]), np.array([0, 1, 2, 1, 2, 0, 2])
PLACES = {"r": ROWS, "c": COLUMNS}
SHIFT = np.array([4.0, 5.0, 6.0, 0.0, 0.0, 0.0, 0.0])
csc = "scipy.sparse.csc_array((d + k, (r, c)), shape=(3, 3))"
SORTED = np.lexsort((ROWS, COLUMNS))  # solvers sort what they are given in its own memory
GIVEN = {"i": ROWS[SORTED], "p": np.array([0, 2, 4, 7]), "k": SHIFT[SORTED]}
given = "scipy.sparse.csc_array((d + k, i, p), shape=(3, 3))"
free = "scipy.sparse.csc_array((d, i, p), shape=(3, 3))"
BY_NORM = "the norm says how many terms are added up"
lower = "scipy.sparse.csr_array((d + 2.0, np.array([0, 0, 1, 1, 2]), np.array([0, 1, 3, 5])), shape=(3, 3))"
upper = "scipy.sparse.csc_array((d + 2.0, np.array([0, 0, 1, 1, 2]), np.array([0, 1, 3, 5])), shape=(3, 3))"
symmetric = "scipy.sparse.csc_array((np.concatenate([d, d[3:]]) + k, (r, c)), shape=(3, 3))"
BOTH = {"r": np.array([0, 1, 2, 0, 1, 1, 2]), "c": np.array([0, 1, 2, 1, 2, 0, 1]), "k": SHIFT}
A = scipy.sparse.csc_array(np.diag([3.0, 2.0, 4.0]) + np.eye(3, k=1))
S = scipy.sparse.csr_array(np.diag([3.0, 2.0, 4.0]) + 0.5 * np.eye(3, k=1) + 0.5 * np.eye(3, k=-1))
MADE = {"kept": False, "but": "the entries of one place are added up, and how many there are depends on the places"}
FACTORS = {"kept": False, "but": "factors are made in each call"}
OBJECT = {"kept": False, "but": "an object is made in each call"}
PLACED = {"kept": False, "but": "a place may have two entries"}
COARSE = {"single": False, "but": "single precision does not reach the tolerance"}
START = np.array([1.0, 0.5, -0.25])
la = "scipy.sparse.linalg"

FORMS = [
    form(f"{la}.spsolve(A, b)", b=draw(3), A=A),
    form(f"{la}.spsolve(A, b)", b=draw(3, 2), A=A.tocsr()),
    form(f"{la}.spsolve({given}, b)", d=draw(7), b=draw(3), still=("k",), **GIVEN),
    form(f"{la}.spsolve({given}, b)", d=cplx(7), b=draw(3, 1), still=("k",), **GIVEN),
    form(f"{la}.spsolve({csc}, b, permc_spec='NATURAL')", d=draw(7), b=draw(3, 2), k=SHIFT, still=("k",), **PLACES, **MADE),
    form(f"{la}.spsolve_triangular(A, b)", b=draw(3), A=A.T),
    form(f"{la}.spsolve_triangular({lower}, b)", d=draw(5), b=draw(3)),
    form(f"{la}.spsolve_triangular({upper}, b, lower=False)", d=draw(5), b=draw(3, 2)),
    form(f"{la}.spsolve_triangular({upper}, b, lower=False, unit_diagonal=True)", d=draw(5), b=draw(3)),
    form(f"{la}.splu(A).solve(b)", b=draw(3), A=A, **FACTORS),
    form(f"{la}.splu({given}).solve(b, 'T')", d=draw(7), b=draw(3, 2), still=("k",), **FACTORS, **GIVEN),
    form(f"{la}.factorized({given})(b)", d=draw(7), b=draw(3), still=("k",), **FACTORS, **GIVEN),
    form(f"{la}.cg(A, b, rtol=1e-13)[0]", b=draw(3), A=S, **COARSE),
    form(f"{la}.cg({symmetric}, b, rtol=1e-13)[0]", d=draw(5), b=draw(3), still=("k",), twice=False, kept=False, single=False,
         but="the matrix stays symmetric, and the entries of a place are added up", **BOTH),
    form(f"{la}.minres(A, b, rtol=1e-14, shift=0.2)[0]", b=draw(3), A=S, **COARSE),
    form(f"{la}.bicg({given}, b, rtol=1e-11)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.bicgstab({given}, b, rtol=1e-13)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.cgs({given}, b, rtol=1e-11)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.gmres({given}, b, x0, rtol=1e-13)[0]", d=draw(7), b=draw(3), x0=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.gmres(d + np.eye(3), b, rtol=1e-13)[0]", d=draw(3, 3), b=draw(3, 1), **COARSE),
    form(f"{la}.gcrotmk({given}, b, rtol=1e-11)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.lgmres({given}, b, rtol=1e-11)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.qmr({given}, b, rtol=1e-11)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.tfqmr({given}, b, rtol=1e-13)[0]", d=draw(7), b=draw(3), still=("k",), **GIVEN, **COARSE),
    form(f"{la}.aslinearoperator({given}) @ x", d=draw(7), x=draw(3), still=("k",), **OBJECT, **GIVEN),
    form(f"{la}.LinearOperator((3, 3), matvec=lambda v: s * v[::-1]) @ x", s=0.7, x=draw(3), **OBJECT),
    form(f"{la}.eigsh({symmetric}, 2, v0=v, return_eigenvectors=False)", d=draw(5), v=START, still=("k", "v"), single=False,
         kept=False, but="ARPACK", **BOTH),
    form(f"{la}.eigsh({symmetric}, 2, v0=v)[1] ** 2", d=draw(5), v=START, still=("k", "v"), single=False, kept=False, but="ARPACK", **BOTH),
    form(f"{la}.svds({given}, 2, v0=v, return_singular_vectors=False)", d=draw(7), v=START, still=("k", "v"), single=False,
         kept=False, but="ARPACK", **GIVEN),
    form(f"{la}.norm({given})", d=draw(7), still=("k",), **PLACED, **GIVEN),
    form(f"{la}.norm({given}, ord=1) + {la}.norm({given}, ord=-np.inf)", d=draw(7), still=("k",), **PLACED,
         **GIVEN),
    form(f"{la}.expm_multiply(A, b)", b=draw(3), A=A),
    form(f"{la}.expm_multiply(A, b)", b=cplx(3, 2), A=S),
    form(f"{la}.expm_multiply({free}, b)", d=draw(7), b=draw(3), i=GIVEN["i"], p=GIVEN["p"], kept=False, but=BY_NORM),
    form(f"{la}.expm_multiply(5.0 * {free}, b)", d=draw(7), b=draw(3, 2), i=GIVEN["i"], p=GIVEN["p"], twice=False, kept=False, but=BY_NORM),
    form(f"{la}.matrix_power({given}, 3) @ x", d=draw(7), x=draw(3), still=("k",), **PLACED, **GIVEN),
]
