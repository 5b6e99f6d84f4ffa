"""Distribution functions of scipy.special and their inverses."""

import numpy as np

from tests.forms.form import form

POSITIVE = np.array([0.3, 1.0, 2.5, 9.0])
INSIDE = np.array([0.1, 0.5, 0.83])
K = np.array([[0], [2], [5]])

FORMS = [
    form("scipy.special.bdtr(k, 5, p)", k=K.astype(float), p=INSIDE, still=("k",)),
    form("scipy.special.bdtrc(np.array([2, 4]), 5, p)", p=np.array([0.1, 0.7])),
    form("scipy.special.bdtri(np.array([2, 4]), 5, y)", y=np.array([0.1, 0.7])),
    form("scipy.special.nbdtr(k, 4, p)", k=K, p=INSIDE),
    form("scipy.special.nbdtrc(2, 4, p)", p=INSIDE),
    form("scipy.special.nbdtri(2, 4, y)", y=INSIDE),
    form("scipy.special.pdtr(k, m)", k=K, m=POSITIVE),
    form("scipy.special.pdtrc(2, m)", m=POSITIVE),
    form("scipy.special.pdtri(2, y)", y=INSIDE),
    form("scipy.special.chdtr(v, x)", v=3.0, x=POSITIVE),
    form("scipy.special.chdtrc(v, x)", v=3.0, x=POSITIVE),
    form("scipy.special.chdtri(v, p)", v=3.0, p=INSIDE),
    form("scipy.special.gdtr(a, b, x)", a=0.7, b=1.7, x=POSITIVE),
    form("scipy.special.gdtrc(a, b, x)", a=0.7, b=1.7, x=POSITIVE),
    form("scipy.special.gdtria(p, b, x)", b=1.7, p=INSIDE, x=0.7),
    form("scipy.special.gdtrix(a, b, p)", a=0.7, b=1.7, p=INSIDE),
    form("scipy.special.chdtriv(p, x)", p=INSIDE, x=2.3),
    form("scipy.special.gdtrib(a, p, x)", a=0.7, p=INSIDE, x=2.3),
    form("scipy.special.fdtr(n, d, x)", n=3.0, d=5.0, x=POSITIVE),
    form("scipy.special.fdtrc(n, d, x)", n=3.0, d=5.0, x=POSITIVE),
    form("scipy.special.fdtri(n, d, p)", n=3.0, d=5.0, p=INSIDE),
    form("scipy.special.stdtr(v, t)", v=3.0, t=np.array([-1.3, 0.4, 2.2])),
    form("scipy.special.stdtrit(v, p)", v=3.0, p=np.array([0.1, 0.83])),
    form("scipy.special.stdtr(3.0, t)", t=0.0),
    form("scipy.special.btdtria(p, b, x)", p=0.3, b=0.7, x=INSIDE),
    form("scipy.special.btdtrib(a, p, x)", a=1.7, p=0.3, x=INSIDE),
    form("scipy.special.chndtr(x, 3.0, nc)", x=np.array([0.3, 1.0, 2.5, 90.0]), nc=np.array([0.1, 1.0, 4.0, 80.0])),
    form("scipy.special.chndtrix(p, 3.0, nc)", p=INSIDE, nc=1.3),
    form("scipy.special.chndtrinc(x, 3.0, p)", x=np.array([7.0, 9.0]), p=np.array([0.3, 0.5])),
    form("scipy.special.nrdtrimn(p, std, x)", p=INSIDE, std=1.4, x=0.3),
    form("scipy.special.nrdtrisd(mn, p, x)", mn=-0.3, p=np.array([0.1, 0.7]), x=0.4),
    form("scipy.special.tklmbda(x, lmbda)", x=np.array([-0.7, 0.0, 0.9]), lmbda=np.array([[0.1], [0.5], [-0.3]])),
    form("scipy.special.tklmbda(x, lmbda)", x=np.array([-3.0, 3.0]), lmbda=0.5, edge={"x": [0.0, 0.0], "lmbda": 0.0}),
    form("scipy.special.kolmogorov(y)", y=np.array([0.2, 0.5, 0.79, 0.81, 2.0])),
    form("scipy.special.kolmogi(p)", p=INSIDE),
]
