"""Orthogonal polynomials and functions of Legendre of scipy.special."""

import numpy as np
from scipy.special import sph_legendre_p

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(21)
X = np.array([-1.0, -0.3, 0.6, 1.0, 1.4])
N = np.array([[0], [1], [4]])
X01 = np.array([0.0, 0.3, 1.0])

FORMS = [
    form("scipy.special.eval_legendre(n, x)", n=N, x=X),
    form("scipy.special.eval_legendre(1.5, x)", x=np.array([-0.3, 0.6])),
    form("scipy.special.eval_legendre(3, z)", z=cplx(2)),
    form("scipy.special.eval_chebyt(n, x)", n=N, x=X),
    form("scipy.special.eval_chebyt(3, x)", x=0.3),
    form("scipy.special.eval_chebyu(n, x)", n=N, x=X),
    form("scipy.special.eval_chebyc(n, x)", n=N, x=X),
    form("scipy.special.eval_chebys(n, x)", n=N, x=X),
    form("scipy.special.eval_gegenbauer(n, 0.7, x)", n=N, x=X),
    form("scipy.special.eval_jacobi(n, 0.7, 1.2, x)", n=N, x=X),
    form("scipy.special.eval_sh_legendre(n, x)", n=N, x=X01),
    form("scipy.special.eval_sh_chebyt(n, x)", n=N, x=X01),
    form("scipy.special.eval_sh_chebyu(n, x)", n=N, x=X01),
    form("scipy.special.eval_sh_jacobi(n, 2.3, 1.2, x)", n=N, x=X01),
    form("scipy.special.eval_laguerre(n, x)", n=N, x=X),
    form("scipy.special.eval_genlaguerre(n, 0.7, x)", n=N, x=X),
    form("scipy.special.eval_hermite(n, x)", n=N, x=X),
    form("scipy.special.eval_hermitenorm(n, x)", n=N, x=X),
    form("scipy.special.assoc_laguerre(x, 3, 0.7)", x=X),
    form("scipy.special.legendre_p(n, x)", n=N, x=X),
    form("scipy.special.legendre_p(3, x, diff_n=2)", x=X),
    form("scipy.special.assoc_legendre_p(3, 1, x)", x=np.array([-0.3, 0.6])),
    form("scipy.special.assoc_legendre_p(3, 1, x, norm=True, diff_n=1)", x=np.array([-0.3, 0.6]), twice=False,
         but="SciPy has no third derivative"),
    form("scipy.special.sph_legendre_p(3, m, theta)", m=np.array([[0], [1], [-2], [3], [4]]), theta=np.array([-0.7, 0.4, 2.0])),
    form("scipy.special.sph_legendre_p(3, 1, theta)", theta=0.0, edge={"theta": sph_legendre_p(3, 1, 0.0, diff_n=1)[1]}),
    form("scipy.special.sph_harm_y(2, m, theta, phi)", m=np.array([[0], [1], [-1], [2]]), theta=np.array([-0.4, 2.0]), phi=0.3),
    form("scipy.special.sph_harm_y(2, 1, theta, phi)", theta=0.4, phi=draw(2)),
    form("scipy.special.lpmv(np.array([0, 1, 2]), 2.0, x)", x=np.array([[-0.3], [0.6]])),
    form("scipy.special.lpmv(0, 0.7, x)", x=0.3),
    form("scipy.special.legendre_p_all(2, x)", x=X),
    form("scipy.special.legendre_p_all(2, x, diff_n=1)", x=0.3),
    form("scipy.special.assoc_legendre_p_all(2, 1, x)", x=np.array([-0.3, 0.6])),
    form("scipy.special.sph_legendre_p_all(2, 1, theta)", theta=np.array([-0.3, 0.6])),
    form("scipy.special.sph_harm_y_all(2, 1, theta, phi)", theta=np.array([0.3, 0.6]), phi=0.2),
]
