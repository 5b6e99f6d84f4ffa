"""Densities that are estimated by kernels, by the places, the data, the weights and the width."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(47)
KDE = "scipy.stats.gaussian_kde"
W = np.array([0.4, 1.1, 0.7, 0.2, 0.9])

FORMS = [
    form(f"{KDE}(d)(x)", d=draw(5), x=draw(3)),
    form(f"{KDE}(d, weights=w).evaluate(x)", d=draw(2, 5), w=W, x=draw(2, 3)),
    form(f"{KDE}(d, bw_method=h).pdf(x)", d=draw(5), h=0.4, x=draw(2)),
    form(f"{KDE}(d, 'silverman').logpdf(x)", d=draw(2, 5), x=draw(2)),
    form(f"{KDE}([0.3, 1.2, 0.7], bw_method=0.3, weights=[0.2, 0.5, 0.3])(x)", x=draw(3)),
]
