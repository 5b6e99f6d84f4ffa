"""Hypergeometric functions of scipy.special, integrals of exponentials and of trigonometric functions, zeta functions."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(18)
POSITIVE = np.array([0.3, 1.0, 2.5, 9.0])
INSIDE = np.array([0.1, 0.5, 0.83])
BOTH = np.array([-3.3, -0.4, 0.7, 3.2])

FORMS = [
    form("scipy.special.hyp0f1(1.5, z)", z=BOTH),
    form("scipy.special.hyp0f1(1.5, z)", z=cplx(2)),
    form("scipy.special.hyp1f1(0.7, 1.5, x)", x=BOTH),
    form("scipy.special.hyp1f1(0.7, 1.5, z)", z=cplx(2)),
    form("scipy.special.hyp2f1(0.7, 1.5, 2.2, x)", x=np.array([-2.0, 0.0, 0.4])),
    form("scipy.special.hyp2f1(0.7, 1.5, 2.2, z)", z=0.5 * cplx(2)),
    form("scipy.special.hyperu(0.7, 1.5, x)", x=POSITIVE),
    form("scipy.special.wright_bessel(0.5, 1.0, x)", x=INSIDE),
    form("scipy.special.log_wright_bessel(0.5, 1.0, x)", x=INSIDE),
    form("scipy.special.expi(x)", x=BOTH),
    form("scipy.special.expi(z)", z=cplx(3)),
    form("scipy.special.exp1(x)", x=POSITIVE),
    form("scipy.special.exp1(z)", z=cplx(3)),
    form("scipy.special.expn(n, x)", n=np.array([[0], [1], [3]]), x=POSITIVE),
    form("scipy.special.expn(2, x)", x=0.8),
    form("scipy.special.sici(x)", x=np.array([-2.0, 0.3, 8.0])),
    form("scipy.special.sici(z)", z=cplx(3) + 2.0),
    form("scipy.special.sici(x)[0]", x=np.array([0.0]), edge={"x": [1.0]}),
    form("scipy.special.shichi(x)", x=np.array([-2.0, 0.3, 4.0])),
    form("scipy.special.shichi(z)", z=cplx(3) + 2.0),
    form("scipy.special.shichi(x)[0]", x=np.array([0.0]), edge={"x": [1.0]}),
    form("scipy.special.fresnel(x)", x=BOTH),
    form("scipy.special.fresnel(z)", z=cplx(3)),
    form("scipy.special.spence(x)", x=np.array([0.1, 0.7, 1.0, 1.2, 5.0])),
    form("scipy.special.spence(z)", z=cplx(3) + 2.0),
    form("scipy.special.zeta(x)", x=np.array([-3.5, -0.4, 0.5, 1.7, 6.0])),
    form("scipy.special.zeta(x, q)", x=np.array([1.3, 2.0, 6.0]), q=np.array([0.3, 1.0, 7.0])),
    form("scipy.special.zetac(x)", x=np.array([-1.5, 0.5, 1.7, 6.0])),
    form("scipy.special.lambertw(x)", x=np.array([-0.3, 0.5, 7.0])),
    form("scipy.special.lambertw(z, 2)", z=cplx(3) + 1.0),
    form("scipy.special.lambertw(x, k=-1)", x=np.array([-0.3, -0.05])),
    form("scipy.special.lambertw(x)", x=0.0, edge={"x": 1.0}),
    form("scipy.special.wrightomega(x)", x=BOTH),
    form("scipy.special.wrightomega(z)", z=cplx(3)),
]
