"""Polynomials of NumPy: by their coefficients, their roots, and as objects."""
from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, instead
from s2sad.rules.language import rule
from s2sad.types import coefficients


def mapped(x: Any, old: Any, new: Any) -> Any:
    """Places in one interval as those in another; those of a polynomial are polynomials."""
    if type(x) not in (int, float, complex) and not isinstance(x, (np.generic, np.polynomial._polybase.ABCPolyBase)):
        x = np.asanyarray(x)
    off, scl = np.polynomial.polyutils.mapparms(old, new)
    return off + scl * x


def _roots_back(g: Any, ans: Any, p: Any) -> Any:
    """Where a coefficient changes, a root moves such that the polynomial stays zero: `dr = -dc r ** k / p'(r)`."""
    powers = np.power(np.reshape(ans, (-1, 1)), np.arange(len(p) - 1, -1, -1))
    return -((g / np.polyval(np.polyder(p), ans)) @ powers)


def _zeros_back(g: Any, ans: Any, seq_of_zeros: Any) -> Any:
    """The derivative by a root is the polynomial without it, negative: `-sum_m r ** m sum_i c[i] g[i + m + 1]`."""
    if np.ndim(ans) == 0:  # there is no root
        return 0.0 * seq_of_zeros
    sums = np.correlate(g[1:], np.conj(ans[:-1]), mode="full")[len(ans) - 2 :]
    return -np.polyval(np.flip(sums), seq_of_zeros)


def _vander_back(g: Any, x: Any, increasing: bool) -> Any:
    """By power: `k x ** (k - 1)`."""
    count = np.shape(g)[1]
    k = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    return np.sum(g * (k * np.power(np.reshape(x, (-1, 1)), np.maximum(k - 1, 0))), axis=1)


def of_matrix(seq_of_zeros: Any) -> Any:
    """The characteristic polynomial of a square matrix."""
    return np.poly(np.linalg.eigvals(seq_of_zeros))


def _is_matrix(seq_of_zeros: Any) -> bool:
    return np.ndim(seq_of_zeros) == 2


rule("np.roots(p)", p="_roots_back(g, ans, p)", jvp="-(np.polyval(p_dot, ans) / np.polyval(np.polyder(p), ans))", dynamic=True,
     facts=Facts(gives=coefficients.roots))  # fmt: skip
rule("np.vander(x, N=None, increasing=False)", x="_vander_back(g, x, increasing)", facts=Facts(gives=coefficients.powers))
instead("np.poly", f"{__name__}.of_matrix", when=_is_matrix)
rule("np.poly(seq_of_zeros)", seq_of_zeros="_zeros_back(g, ans, seq_of_zeros)", dynamic=True, facts=Facts(gives=coefficients.of_zeros))
follow("np.polyadd", "np.polyder", "np.polydiv", "np.polyfit", "np.polyint", "np.polymul", "np.polysub", "np.polyval",
       "np.poly1d")

KINDS = {"polynomial": "Polynomial", "chebyshev": "Chebyshev", "legendre": "Legendre", "hermite": "Hermite", "hermite_e": "HermiteE",
         "laguerre": "Laguerre"}  # fmt: skip
for _module, _kind in KINDS.items():
    _found = importlib.import_module(f"numpy.polynomial.{_module}")
    _functions = [n for n in _found.__all__ if callable(getattr(_found, n)) and not isinstance(getattr(_found, n), type)]
    follow(f"np.polynomial.{_kind}", *[f"np.polynomial.{_module}.{n}" for n in _functions])
instead("np.polynomial.polyutils.mapdomain", f"{__name__}.mapped")
follow(*[f"np.polynomial.polyutils.{n}" for n in ("as_series", "trimseq", "trimcoef", "getdomain", "mapdomain", "mapparms")])
