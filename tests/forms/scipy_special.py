"""The functions of scipy.special."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(16)
POSITIVE = np.array([0.3, 1.0, 2.5, 9.0])

FORMS = [
    form("scipy.special.gammaln(x)", x=POSITIVE),
    form("scipy.special.gamma(x)", x=POSITIVE),
    form("scipy.special.polygamma(2, x)", x=POSITIVE),
    form("scipy.special.erf(x)", x=draw(4), analytic=True),
    form("scipy.special.expit(x)", x=draw(4)),
]
