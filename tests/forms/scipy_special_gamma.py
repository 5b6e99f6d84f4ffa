"""The gamma function of scipy.special, and what is made of it."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(17)
POSITIVE = np.array([0.3, 1.0, 2.5, 9.0])
BOTH = np.array([-1.3, -0.4, 0.7, 3.2])
INSIDE = np.array([0.1, 0.5, 0.83])
INF = np.inf
AWAY = cplx(3) * 2.0 + np.array([-3.0, 0.5, 4.0])

FORMS = [
    form("scipy.special.gamma(x)", x=BOTH),
    form("scipy.special.gamma(z)", z=AWAY),
    form("scipy.special.gammaln(x)", x=BOTH),
    form("scipy.special.gammaln(x)", x=0.5),
    form("scipy.special.loggamma(x)", x=POSITIVE),
    form("scipy.special.loggamma(z)", z=AWAY),
    form("scipy.special.psi(x)", x=BOTH),
    form("scipy.special.digamma(z)", z=AWAY),
    form("scipy.special.polygamma(2, x)", x=POSITIVE),
    form("scipy.special.polygamma(np.array([0, 1, 3]), x)", x=INSIDE),
    form("scipy.special.rgamma(x)", x=np.array([-3.0, -0.4, 0.0, 0.7, 3.2])),
    form("scipy.special.rgamma(x)", x=np.array([0.0, -1.0, -4.0]), edge={"x": [1.0, -1.0, 24.0]}),
    form("scipy.special.rgamma(z)", z=AWAY),
    form("scipy.special.multigammaln(a, 3)", a=POSITIVE + 1.0),
    form("scipy.special.multigammaln(a, 2)", a=1.5),
    form("scipy.special.beta(a, b)", a=POSITIVE, b=np.array([2.0, 0.7, 1.1, 0.2])),
    form("scipy.special.beta(a, b)", a=POSITIVE, b=0.6),
    form("scipy.special.betaln(a, b)", a=POSITIVE, b=np.array([2.0, 0.7, 1.1, 0.2])),
    form("scipy.special.poch(z, m)", z=POSITIVE, m=np.array([2.0, 0.7, 1.1, -0.2])),
    form("scipy.special.binom(n, k)", n=np.array([5.0, 3.7]), k=np.array([2.0, 1.2])),
    form("scipy.special.comb(N, k)", N=np.array([5.0, 3.7]), k=np.array([2.0, 1.2])),
    form("scipy.special.comb(N, k, repetition=True)", N=np.array([5.0, 3.7]), k=np.array([2.0, 1.2])),
    form("scipy.special.comb(N, 3)", N=np.array([-1.0, 2.0]), edge={"N": [0.0, 0.0]}),
    form("scipy.special.perm(N, k)", N=np.array([5.0, 3.7]), k=np.array([2.0, 1.2])),
    form("scipy.special.factorial(n)", n=np.array([0.0, 2.5, 4.0])),
    form("scipy.special.factorial(n)", n=-1.5, edge={"n": 0.0}),
    form("scipy.special.factorial(n, extend='complex')", n=np.array([-1.5, 2.5])),
    form("scipy.special.gammainc(0.7, x)", x=POSITIVE),
    form("scipy.special.gammainc(a, x)", a=2.5, x=POSITIVE, still=("a",)),
    form("scipy.special.gammainc(np.array([0.5, 1.0, 2.0]), x)", x=0.0, edge={"x": INF}),
    form("scipy.special.gammainc(np.array([1.0, 2.0]), x)", x=0.0, edge={"x": 1.0}),
    form("scipy.special.gammainc(a, x)", a=POSITIVE, x=np.array([[0.2], [3.0], [12.0]])),
    form("scipy.special.gammaincc(a, x)", a=POSITIVE, x=2.3),
    form("scipy.special.gammaincinv(a, y)", a=1.7, y=INSIDE),
    form("scipy.special.gammainccinv(a, y)", a=1.7, y=INSIDE),
    form("scipy.special.betainc(a, b, x)", a=1.7, b=np.array([[0.6], [2.3]]), x=INSIDE),
    form("scipy.special.betainc(1.0, 2.0, x)", x=np.array([0.0, 1.0]), edge={"x": [2.0, 0.0]}),
    form("scipy.special.betaincc(a, b, x)", a=1.7, b=0.6, x=INSIDE),
    form("scipy.special.betaincinv(a, b, y)", a=1.7, b=0.6, y=INSIDE),
    form("scipy.special.betainccinv(a, b, y)", a=1.7, b=0.6, y=INSIDE),
]
