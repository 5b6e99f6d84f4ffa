"""Sparse arrays of SciPy: products, by what they meet and by their entries; what their methods give, and how they are made."""

import numpy as np
import scipy.sparse

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(31)

# Three rows and four columns, and a square one; of the places below one stands there twice
INDICES, POINTERS = np.array([0, 2, 1, 0, 3]), np.array([0, 2, 3, 5])
ROWS, COLUMNS = np.array([0, 1, 2, 0, 2, 0]), np.array([0, 1, 2, 2, 0, 0])
CSR = {"i": INDICES, "p": POINTERS}
COO = {"r": ROWS, "c": COLUMNS}
A = scipy.sparse.csr_array((draw(5), INDICES, POINTERS), shape=(3, 4))
SQUARE = scipy.sparse.csc_array(np.diag([3.0, 2.0, 4.0]) + np.eye(3, k=1))
csr = "scipy.sparse.csr_array((d, i, p), shape=(3, 4))"
coo = "scipy.sparse.coo_array((d, (r, c)), shape=(3, 3))"
dia = "scipy.sparse.dia_array((d, np.array([0, -1])), shape=(3, 4))"
bsr = "scipy.sparse.bsr_array((d, np.array([1, 0]), np.array([0, 1, 2])), shape=(4, 4))"
csc = "scipy.sparse.csc_array((d, i, p), shape=(4, 3))"
WRITTEN = "the array of diagonals is written in a loop"
MADE_BY_VALUES = "which entries there are may depend on values"

PRODUCTS = [
    form("scipy.sparse.csr_array.__matmul__(A, x)", x=draw(4), A=A),
    form("scipy.sparse.csr_array.dot(A, x)", x=draw(4, 2), A=A),
    form("scipy.sparse.csr_array.__rmatmul__(A, x)", x=draw(3), A=A),
    form("scipy.sparse.csr_array.__rmatmul__(A, x)", x=draw(2, 3), A=A),
    form("scipy.sparse.coo_array.__matmul__(A, x)", x=cplx(4), A=A.tocoo()),
    form("scipy.sparse.dia_array.dot(A, x)", x=draw(4), A=A.todia()),
    form("scipy.sparse.bsr_array.dot(A, x)", x=draw(4), A=A.tobsr((1, 2))),
    form("scipy.sparse.csc_array.dot(A, x)", x=draw(4, 1), A=A.tocsc()),
    form("scipy.sparse.lil_array.dot(A, x)", x=draw(4), A=A.tolil(), kept=False, but="lists of numbers are converted in each call"),
    form("scipy.sparse.csr_matrix.__mul__(A, x)", x=draw(4), A=scipy.sparse.csr_matrix(A)),
    form("scipy.sparse.csr_matrix.__rmul__(A, x)", x=draw(3), A=scipy.sparse.csr_matrix(A)),
    form("scipy.sparse.csr_array.multiply(A, x).toarray()", x=draw(4), A=A, kept=False, but=MADE_BY_VALUES),
    form("scipy.sparse.csr_array.__add__(A, x)", x=draw(3, 4), A=A),
    form("scipy.sparse.csr_array.__sub__(A, x)", x=draw(3, 4), A=A),
    form("scipy.sparse.csr_array.__rsub__(A, x)", x=draw(3, 4), A=A),
    form(f"{csr} @ x", d=draw(5), x=draw(4), **CSR),
    form(f"{csr} @ x", d=cplx(5), x=draw(4, 2), **CSR),
    form(f"x @ {csr}", d=draw(5), x=cplx(3), **CSR),
    form(f"{csr}.T @ x", d=draw(5), x=draw(3), **CSR),
    form(f"{csc} @ x", d=draw(5), x=draw(3), **CSR),
    form(f"{coo} @ x", d=draw(6), x=draw(3), **COO),
    form(f"{coo}.T.dot(x)", d=draw(6), x=draw(3), **COO),
    form(f"{dia} @ x", d=draw(2, 4), x=draw(4)),
    form(f"{bsr} @ x", d=draw(2, 2, 2), x=draw(4)),
    form("scipy.sparse.csr_matrix((d, i, p), shape=(3, 4)) * x", d=draw(5), x=draw(4), **CSR),
    form(f"({csr} * s) @ x", d=draw(5), x=draw(4), s=0.7, **CSR),
    form(f"(s * {csr} / 3.0) @ x", d=draw(5), x=draw(4), s=0.7, single=False, but="SciPy divides in double precision", **CSR),
    form(f"{csr} @ x", d=draw(0), x=draw(4), i=np.zeros(0, int), p=np.zeros(4, int)),
]

METHODS = [
    form(f"{csr}.toarray()", d=cplx(5), **CSR),
    form(f"{coo}.toarray()", d=draw(6), **COO),
    form(f"{dia}.toarray()", d=draw(2, 4)),
    form(f"{bsr}.todense()", d=draw(2, 2, 2)),
    form(f"{csr}.data", d=draw(5), **CSR),
    form(f"(-{csr}).data", d=draw(5), **CSR),
    form(f"{csr}.conj().data", d=cplx(5), **CSR),
    form(f"abs({csr}).sum()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.power(3) @ x", d=draw(5), x=draw(4), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.sum()", d=draw(5), **CSR),
    form(f"{csr}.sum(axis=0)", d=draw(5), **CSR),
    form(f"{coo}.sum(axis=-1)", d=draw(6), **COO),
    form(f"{dia}.mean()", d=draw(2, 4)),
    form(f"{csr}.mean(axis=1)", d=draw(5), **CSR),
    form(f"{csr}.diagonal()", d=draw(5), **CSR),
    form(f"{coo}.diagonal(k=-2)", d=draw(6), **COO),
    form(f"{dia}.trace()", d=draw(2, 4)),
    form(f"{coo}.tocsr() @ x", d=draw(6), x=draw(3), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"{coo}.tocsc().data", d=draw(6), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"{csr}.tocsc().data", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.tobsr((1, 2)).data", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{dia}.tocoo() @ x", d=draw(2, 4), x=draw(4), kept=False, but=MADE_BY_VALUES),
    form(f"{csr}.reshape((4, 3)).toarray()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}[0, 2]", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}[0, 1] + {csr}[-1, -1]", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}[1:, [0, 3]].toarray()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}[0].toarray()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"({csr} + A).toarray()", d=draw(5), A=A.tocoo(), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"(A - {csr}) @ x", d=draw(5), x=draw(4), A=A, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.multiply(A) @ x", d=draw(5), x=draw(4), A=A, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.multiply(x).toarray()", d=draw(5), x=draw(3, 1), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.maximum(A).toarray()", d=draw(5), A=A, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr} + x", d=draw(5), x=draw(3, 4), **CSR),
]

MAKING = [
    form("scipy.sparse.csr_array((d, (r, c)), shape=(3, 4)) @ x", d=draw(6), x=draw(4), kept=False, but=MADE_BY_VALUES, **COO),
    form("scipy.sparse.csc_matrix((d, (r, c))).toarray()", d=draw(6), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.csr_array({csc}).data", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"scipy.sparse.hstack([{csr}, A]).toarray()", d=draw(5), A=A, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"scipy.sparse.vstack([A, {csr}]) @ x", d=draw(5), x=draw(4), A=A, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"scipy.sparse.block_diag([{coo}, x]).toarray()", d=draw(6), x=draw(2, 2), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.block_array([[{coo}, None], [A, {coo}]]).sum(axis=0)", d=draw(6), A=SQUARE, kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.bmat([[{coo}, A]]).toarray()", d=draw(6), A=SQUARE, kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.tril({csr}, -1).toarray()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"scipy.sparse.triu({coo}) @ x", d=draw(6), x=draw(3), kept=False, but=MADE_BY_VALUES, **COO),
]

OTHER = [
    form(f"({csr} @ A).toarray()", d=draw(5), A=A.T.tocoo(), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{coo}.T @ {coo} @ x", d=draw(6), x=draw(3), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"({csc} @ {csr}).toarray()", d=draw(5), kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"{csr}.sqrt().data", d=np.abs(draw(5)) + 0.5, kept=False, but=MADE_BY_VALUES, **CSR),
    form("scipy.sparse.diags_array([d, e], offsets=[0, -1]) @ x", d=draw(3), e=draw(2), x=draw(3), kept=False, but=WRITTEN),
    form("scipy.sparse.diags([d, 2.0], [0, 1], shape=(3, 3)).toarray()", d=draw(3), kept=False, but=WRITTEN),
    form("scipy.sparse.spdiags(d, np.array([0, 1]), 3, 4) @ x", d=draw(2, 4), x=draw(4)),
    form(f"scipy.sparse.kron({csr}, A, format='coo').toarray()", d=draw(5), A=SQUARE, kept=False, but=MADE_BY_VALUES, **CSR),
    form(f"scipy.sparse.kron({coo}, {coo}).toarray()", d=draw(6), kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.kronsum({coo}, A) @ x", d=draw(6), x=draw(9), A=SQUARE, kept=False, but=MADE_BY_VALUES, **COO),
    form(f"scipy.sparse.find({coo})[2]", d=draw(6), kept=False, but=MADE_BY_VALUES, **COO),
    *[form(f"scipy.sparse.{kind}_matrix((d, (r, c)), shape=(3, 3)) * x", d=draw(6), x=draw(3), kept=False, but=MADE_BY_VALUES, **COO)
      for kind in ("bsr", "csc")],
    form("scipy.sparse.coo_matrix((d, (r, c)), shape=(3, 3)) * x", d=draw(6), x=draw(3), **COO),
    form("x * scipy.sparse.isspmatrix_coo(scipy.sparse.coo_matrix((d, (r, c))))", d=draw(6), x=0.3, **COO),
    form("scipy.sparse.dia_matrix((d, [0, 1]), shape=(3, 3)) * x", d=draw(2, 3), x=draw(3)),
    form(f"x * scipy.sparse.issparse({csr})", d=draw(5), x=0.3, **CSR),
    form("x * scipy.sparse.isspmatrix_csr(scipy.sparse.csr_matrix((d, i, p), shape=(3, 4)))", d=draw(5), x=0.3, **CSR),
    form("x * scipy.sparse.isspmatrix_dia(scipy.sparse.dia_matrix((d, [0, 1]), shape=(3, 3)))", d=draw(2, 3), x=0.3),
    *[form(f"x * scipy.sparse.isspmatrix{kind}(scipy.sparse.{kind[1:] or 'csc'}_matrix((d, (r, c))))", d=draw(6), x=0.3, kept=False,
           but=MADE_BY_VALUES, **COO) for kind in ("", "_bsr", "_csc")],
]

NEW = [form(f"scipy.sparse.matrix_transpose({csr}) @ x", d=draw(5), x=draw(3), **CSR)] if hasattr(scipy.sparse, "matrix_transpose") else []

FORMS = PRODUCTS + METHODS + MAKING + OTHER + NEW
