"""Distributions of several variables."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(41)
NORMAL, SHARES = "scipy.stats.multivariate_normal", "scipy.stats.dirichlet"
COV = np.array([[2.0, 0.3, -0.5], [0.3, 1.5, 0.4], [-0.5, 0.4, 1.2]])

FORMS = [
    form(f"{NORMAL}.logpdf(x, m, c)", x=draw(3), m=draw(3), c=COV),
    form(f"{NORMAL}.logpdf(x, m, a @ a.T + np.eye(3))", x=draw(4, 3), m=draw(3), a=draw(3, 3)),
    form(f"{NORMAL}.logpdf(x, mean=m, cov=c)", x=draw(2, 2, 3), m=draw(3), c=COV),
    form(f"{NORMAL}.logpdf(x, m, c)", x=draw(4, 3), m=draw(3), c=np.array([0.5, 1.5, 2.0])),
    form(f"{NORMAL}.logpdf(x, m, c)", x=draw(4, 3), m=draw(3), c=0.7),
    form(f"{NORMAL}.logpdf(x, m, c)", x=draw(4), m=0.3, c=0.7),
    form(f"{NORMAL}.logpdf(x, m)", x=draw(1, 3), m=draw(3)),
    form(f"{NORMAL}.logpdf(x, cov=c)", x=draw(3), c=COV),
    form(f"{NORMAL}.logpdf(x)", x=draw(4)),
    form(f"{NORMAL}.logpdf(x)", x=0.4),
    form(f"{NORMAL}.pdf(x, m, c)", x=draw(2, 3), m=draw(3), c=COV),
    form(f"{NORMAL}.pdf(x, m, [[2.0, c], [c, 1.0]])", x=draw(2), m=draw(2), c=0.3),
    form(f"{NORMAL}.entropy(m, a @ a.T + np.eye(3))", m=draw(3), a=draw(3, 3)),
    form(f"{NORMAL}(m, c).logpdf(x)", x=draw(2, 3), m=draw(3), c=COV),
    form(f"{NORMAL}(cov=c).pdf(x) + {NORMAL}(cov=c).entropy()", x=draw(3), c=COV),
    form(f"{NORMAL}.logpdf(x, m, scipy.stats.Covariance.from_diagonal([1.0, 2.0]))", x=draw(2), m=draw(2), kept=False,
         but="what a class of SciPy makes is not looked into"),
    form(f"{NORMAL}.logpdf(x, cov=scipy.stats.Covariance.from_diagonal([1.0, 2.0]))", x=draw(2), kept=False,
         but="what a class of SciPy makes is not looked into"),
    form(f"{SHARES}.logpdf(x / np.sum(x), a)", x=draw(3) ** 2 + 0.2, a=np.array([0.7, 1.0, 2.5])),
    form(f"{SHARES}.logpdf(x, a)", x=np.array([0.2, 0.5]), a=np.array([0.7, 1.4, 2.5])),
    form(f"{SHARES}.logpdf(x / np.sum(x, 0), a)", x=draw(3, 2) ** 2 + 0.2, a=np.array([0.7, 1.4, 2.5])),
    form(f"{SHARES}.pdf(x, a)", x=np.array([[0.2, 0.3], [0.5, 0.1]]), a=np.array([1.7, 1.4, 2.5])),
    form(f"{SHARES}(a).logpdf(x)", x=np.array([0.2, 0.5]), a=np.array([0.7, 1.4, 2.5])),
    form(f"{SHARES}(a).pdf(x)", x=np.array([0.2, 0.5]), a=np.array([0.7, 1.4, 2.5])),
]
