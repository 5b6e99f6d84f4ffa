"""Sparse arrays that are written: what shares memory with them, and what does not, is as with the arrays of SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as la

import s2sad
from s2sad import MissingRule, check_grads, value_and_grad
from tests.oracles import assert_close, module

Y, EYE = np.array([1.0, 2.0, 4.0, 3.0, 5.0]), np.arange(5)
WEIGHTS = np.sin(np.arange(25.0)).reshape(5, 5) + 2.0
NAMES = {"np": np, "sp": sp, "la": la, "W": WEIGHTS, "X": np.arange(5.0), "e": EYE, "w5": np.arange(1.0, 6.0)}
MADE = {
    "csr": "sp.csr_array((z, np.array([0, 2, 1, 3, 4]), np.array([0, 2, 3, 3, 4, 5])), shape=(5, 5))",
    "csc": "sp.csc_array((z, np.array([0, 2, 1, 3, 4]), np.array([0, 2, 3, 3, 4, 5])), shape=(5, 5))",
    "coo": "sp.coo_array((z, (np.array([0, 2, 1, 3, 4]), np.array([0, 0, 1, 3, 4]))), shape=(5, 5))",
    "dia": "sp.dia_array((z[None, :], np.array([0])), shape=(5, 5))",
}
OTHERS = ["a.copy()", "a.conj()", "a.conj(copy=False)", "a + 0", "a - 0", "-a", "a.astype(float)", "a.astype(float, copy=False)", "a.real",
          "a.T", "a.transpose(copy=True)", "a.tocoo()", "a.tocoo(copy=False)", "a.asformat('csr')", "a.asformat('coo', copy=True)",
          "a.tocsc()", "a.todia()", "abs(a)", "a.power(1)", "a ** 1", "a.sin()", "a.reshape((5, 5))", "sp.csr_array(a)", "sp.csc_array(a)",
          "sp.coo_array(a)", "sp.coo_array(a, copy=True)", "sp.dia_array(a)"]  # fmt: skip
WRITES = ["b.data *= 2.0", "a.data *= 2.0", "z[2] = 7.0"]

PROGRAMS = {
    "data is assigned": "a = sp.csr_array((y * 1.0, e, np.arange(6))); a.data = a.data * 3; return a.sum()",
    "data is another array": "a = sp.csr_array((y * 1.0, e, np.arange(6))); d = y * y; a.data = d; d[1] = 4.0; return np.sum(a @ w5)",
    "places of a copy": "a = sp.csr_array((y * 1.0, e, np.arange(6))); b = a.copy(); r = b @ w5; b.indices[1] = 0; "
                        "return np.sum(a @ w5) + 3 * np.sum((b @ w5) * r)",
    "a flat copy": "z = y * 1.0; a = sp.csr_array((z, e, np.arange(6)), copy=True); z[1] = 3.0; return np.sum(a @ w5)",
    "splu": "a = sp.csc_array((y * 1.0, e, np.arange(6))); s = la.splu(a); a.data[0] = 4.0; return s.solve(np.ones(5)).sum()",
    "factorized": "a = sp.csc_array((y * 1.0, e, np.arange(6))); s = la.factorized(a); a.data *= y; return s(np.ones(5)).sum() + a.sum()",
    "a diagonal": "a = sp.dia_array((y[None, :] * 1, [0]), shape=(5, 5)); b = a.diagonal(); b[1] = 5.0; "
                  "return np.sum(b * X) + np.sum(a.toarray())",
    "a constant's element": "w = sp.csr_array(np.eye(5)); r = w @ (y * y); w[0, 1] = 3.0; return np.sum(r * X) + np.sum(w @ y)",
    "a constant's data": "w = sp.csr_array(np.tri(5)); r = w @ (y * y); w.data *= 3; return np.sum((w @ r) * X)",
    "a constant's places": "w = sp.csr_array(np.tri(5)); r = w @ (y * y); w.indices[0] = 2; return np.sum((w @ r) * X)",
    "elements' products": "w = sp.csr_array(np.tri(5)); r = w.multiply(y); w.indices[0] = 2; return np.sum(r @ w5)",
    "sorted in place": "z = y * 1.0; i = np.array([2, 0, 1, 4, 3]); a = sp.csr_array((z, i, np.array([0, 2, 3, 3, 5, 5])), shape=(5, 5)); "
                       "c = sp.csr_array(a); b = abs(a); return i[0] * z[0] + np.sum(c.toarray() * W) + np.sum(b.toarray() * W)",
    "summed in place": "z = y * 1.0; a = sp.csr_array((z, np.array([2, 0, 2, 1, 1]), np.array([0, 3, 3, 3, 5, 5])), shape=(5, 5)); "
                       "b = abs(a); z[1] = 9.0; return z[4] * z[3] + np.sum(a.toarray() * W) + np.sum(b.toarray() * W)",
    "sorted by a solver": "a = sp.csc_array((y * 1.0, np.array([1, 0, 2, 1, 2]), np.array([0, 2, 3, 5])), shape=(3, 3)); "
                          "b = a.copy(); r = la.spsolve(a, np.array([1.0, 2.0, 4.0])); a.data[0] *= 3.0; "
                          "return r @ r + np.sum(a.toarray() * W[:3, :3]) + b.data[0]",
}  # fmt: skip


def followed(body: str) -> None:
    """A program has the value that it has without us, and its derivative, recorded and kept where it can be."""
    f = module("def f(y):\n    " + body.replace("; ", "\n    ") + "\n", **NAMES).f
    wanted = f(Y.copy())
    found, slopes = value_and_grad(f)(Y)
    assert found == wanted
    check_grads(f, (Y,), modes=("compiled", "tape"))
    try:
        kept = value_and_grad(f, control="keep")(Y)
    except s2sad.errors.S2sadError:  # said, and nothing else is given
        return
    assert_close(kept, (wanted, slopes))


@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
@pytest.mark.parametrize("what", PROGRAMS)
def test_writes_are_seen_where_scipy_shows_them(what: str) -> None:
    followed(PROGRAMS[what])


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("other", OTHERS)
def test_memory_is_shared_where_scipy_shares_it(name: str, other: str) -> None:
    for write in WRITES:
        f = module(f"def f(y):\n    z = y * 1.0\n    a = {MADE[name]}\n    b = {other}\n    {write}\n"
                   "    return np.sum(a.toarray() * W) + 10 * np.sum(b.toarray() * W) + 100 * np.sum(z * y)\n", **NAMES).f  # fmt: skip
        found, slopes = value_and_grad(f)(Y)
        assert found == f(Y)
        assert_close(slopes, np.array([(f(Y + 1e-4 * step) - f(Y - 1e-4 * step)) / 2e-4 for step in np.eye(5)]), rtol=1e-6)


def assigned(name: str, value: Any) -> Any:
    return module(f"def f(y):\n    a = sp.csr_array((y * 1.0, e, np.arange(6)))\n    a.{name} = {value}\n    return a.sum()\n", **NAMES).f


@pytest.mark.parametrize("name", ["indices", "indptr"])
def test_other_attributes_are_not_assigned(name: str) -> None:
    with pytest.raises(MissingRule, match=f"{name} of a sparse array whose entries are differentiated is assigned"):
        value_and_grad(assigned(name, "np.arange(5)"))(Y)


def test_the_number_of_entries_stays() -> None:
    with pytest.raises(MissingRule, match="other than an array of as many entries is assigned to the data"):
        value_and_grad(assigned("data", "np.ones(4)"))(Y)
