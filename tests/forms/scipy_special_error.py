"""The error function of scipy.special and its relatives, and the normal distribution."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(19)
BOTH = np.array([-1.3, -0.4, 0.0, 0.7, 2.2])
INSIDE = np.array([0.1, 0.5, 0.83])
INF = np.inf

FORMS = [
    form("scipy.special.erf(x)", x=draw(4), analytic=True),
    form("scipy.special.erf(x)", x=0.3),
    form("scipy.special.erf(z)", z=cplx(3)),
    form("scipy.special.erfc(x)", x=draw(4), analytic=True),
    form("scipy.special.erfi(x)", x=draw(4), analytic=True),
    form("scipy.special.erfcx(x)", x=np.array([-2.0, 0.0, 3.0, 24.0, 27.0, 500.0])),
    form("scipy.special.erfcx(x)", x=1e9, edge={"x": -1e-18 / np.sqrt(np.pi)}),
    form("scipy.special.erfcx(z)", z=cplx(3) + np.array([0.0, 2.0, 40.0])),
    form("scipy.special.dawsn(x)", x=np.array([-30.0, -2.0, 0.0, 3.0, 24.0, 27.0])),
    form("scipy.special.dawsn(x)", x=1e9, edge={"x": -5e-19}),
    form("scipy.special.dawsn(z)", z=cplx(3) + np.array([0.0, 2.0, 40.0])),
    form("scipy.special.wofz(z)", z=cplx(4) + np.array([0.0, 2.0, 40.0, 35.0j])),
    form("scipy.special.wofz(x)", x=draw(3)),
    form("scipy.special.erfinv(y)", y=np.array([-0.9, 0.0, 0.5])),
    form("scipy.special.erfinv(y)", y=np.array([-1.0, 1.0]), edge={"y": [INF, INF]}),
    form("scipy.special.erfcinv(y)", y=np.array([0.1, 1.0, 1.5])),
    form("scipy.special.erfcinv(y)", y=0.0, edge={"y": -INF}),
    form("scipy.special.ndtr(x)", x=BOTH, analytic=True),
    form("scipy.special.ndtri(y)", y=INSIDE),
    form("scipy.special.log_ndtr(x)", x=np.array([-30.0, -2.0, 0.0, 3.0])),
    form("scipy.special.log_ndtr(x)", x=np.array([-1e9, 50.0]), edge={"x": [1e9, 0.0]}),
    form("scipy.special.log_ndtr(z)", z=cplx(3)),
    form("scipy.special.ndtri_exp(y)", y=np.array([-700.0, -3.0, -0.4])),
    form("scipy.special.owens_t(h, a)", h=np.array([-1.5, 0.0, 0.8]), a=np.array([0.5, -2.0, 1.0])),
    form("scipy.special.voigt_profile(x, sigma, gamma)", x=np.array([-2.0, 0.0, 0.5, 90.0]), sigma=1.3, gamma=0.6),
    form("scipy.special.voigt_profile(x, sigma, gamma)", x=0.4, sigma=np.array([0.7]), gamma=0.0, still=("gamma",)),
]
