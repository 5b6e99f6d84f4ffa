"""The functions of scipy.special that take a line: logistic functions, sums of exponentials, entropies, losses, angles."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(16)
POSITIVE = np.array([0.3, 1.0, 2.5, 9.0])
INSIDE = np.array([0.1, 0.5, 0.83])
INF, NAN = np.inf, np.nan
REAL = "the function is of real numbers only"
DOUBLE = "SciPy has the function in double precision only"

FORMS = [
    form("scipy.special.expit(x)", x=draw(4)),
    form("scipy.special.expit(x)", x=np.array([-800.0, 0.0, 40.0]), edge={"x": [0.0, 0.25, np.exp(-40.0)]}),
    form("scipy.special.logit(x)", x=INSIDE),
    form("scipy.special.logit(x)", x=np.array([0.0, 1.0]), edge={"x": [INF, INF]}),
    form("scipy.special.log_expit(x)", x=draw(4)),
    form("scipy.special.log_expit(x)", x=np.array([-800.0, 0.0]), edge={"x": [1.0, 0.5]}),
    form("scipy.special.softplus(x)", x=draw(4)),
    form("scipy.special.logsumexp(a)", a=draw(4)),
    form("scipy.special.logsumexp(a)", a=0.7),
    form("scipy.special.logsumexp(a, axis=1)", a=draw(2, 3)),
    form("scipy.special.logsumexp(a, axis=(0, -1), keepdims=True)", a=draw(2, 3, 2)),
    form("scipy.special.logsumexp(a, axis=0, b=b)", a=draw(3, 2), b=draw(3, 2) ** 2 + 0.1),
    form("scipy.special.logsumexp(a, b=b)", a=draw(3, 2), b=np.array([0.4, 1.5])),
    form("scipy.special.logsumexp(a, 0, b)", a=draw(3, 1), b=draw(3, 2) ** 2 + 0.1),
    form("scipy.special.logsumexp(a, axis=1, b=b, return_sign=True)[0]", a=draw(2, 3), b=np.array([0.4, -1.5, -0.3])),
    form("scipy.special.logsumexp(a, axis=1, b=b, keepdims=True, return_sign=True)", a=draw(2, 3), b=np.array([-0.4, 0.5, 2.3])),
    form("scipy.special.logsumexp(a)", a=cplx(4)),
    form("scipy.special.logsumexp(a, axis=0, return_sign=True)", a=cplx(3, 2)),
    form("scipy.special.logsumexp(a)", a=np.array([-INF, 1.0, 1.0]), edge={"a": [0.0, 0.5, 0.5]}),
    form("scipy.special.logsumexp(a, axis=1)", a=np.array([[-INF, -INF], [900.0, -INF]]), edge={"a": [[0.0, 0.0], [1.0, 0.0]]}),
    form("scipy.special.logsumexp(a, b=b)", a=np.array([0.0, 5.0]), b=np.array([1.0, 0.0]), edge={"a": [1.0, 0.0], "b": [1.0, np.exp(5.0)]}),
    form("scipy.special.softmax(x)", x=draw(4)),
    form("scipy.special.softmax(x, axis=1)", x=draw(2, 3)),
    form("scipy.special.softmax(x, axis=(0, 1))", x=draw(2, 2, 2)),
    form("scipy.special.softmax(x)", x=np.array([-INF, 0.0, 0.0]), edge={"x": [0.0, 0.0, 0.0]}),
    form("scipy.special.log_softmax(x)", x=draw(4)),
    form("scipy.special.log_softmax(x, axis=0)", x=draw(3, 2)),
    form("scipy.special.log_softmax(x, axis=-1)", x=np.array([0.0, 0.0]), edge={"x": [0.0, 0.0]}),
    form("scipy.special.xlogy(x, y)", x=draw(3), y=np.array([0.3, 1.0, 4.0])),
    form("scipy.special.xlogy(x, y)", x=cplx(2), y=cplx(2)),
    form("scipy.special.xlogy(x, y)", x=0.0, y=2.0, edge={"x": np.log(2.0), "y": 0.0}),
    form("scipy.special.xlogy(x, y)", x=np.array([0.0, 0.0]), y=np.array([0.0, 3.0]), edge={"x": [-INF, np.log(3.0)], "y": [0.0, 0.0]}),
    form("scipy.special.xlog1py(x, y)", x=draw(3), y=np.array([-0.3, 1.0, 4.0])),
    form("scipy.special.xlog1py(x, y)", x=np.array([0.0, 0.0]), y=np.array([-1.0, 0.5]), edge={"x": [-INF, np.log1p(0.5)], "y": [0.0, 0.0]}),
    form("scipy.special.entr(x)", x=POSITIVE),
    form("scipy.special.entr(x)", x=np.array([0.0, 1.0]), edge={"x": [INF, -1.0]}),
    form("scipy.special.rel_entr(x, y)", x=POSITIVE, y=np.array([0.5, 1.0, 0.1, 3.0])),
    form("scipy.special.rel_entr(x, y)", x=POSITIVE, y=0.7),
    form("scipy.special.rel_entr(x, y)", x=np.array([0.0, 0.0]), y=np.array([0.0, 2.0]), edge={"x": [0.0, -INF], "y": [0.0, 0.0]}),
    form("scipy.special.kl_div(x, y)", x=POSITIVE, y=np.array([0.5, 1.0, 0.1, 3.0])),
    form("scipy.special.kl_div(x, y)", x=np.array([0.0, 0.0]), y=np.array([0.0, 2.0]), edge={"x": [0.0, -INF], "y": [1.0, 1.0]}),
    form("scipy.special.huber(delta, r)", delta=1.5, r=np.array([-3.0, -0.4, 0.0, 1.1, 9.0])),
    form("scipy.special.huber(delta, r)", delta=1.0, r=np.array([-1.0, 1.0]), edge={"delta": 0.0, "r": [-1.0, 1.0]}),
    form("scipy.special.pseudo_huber(delta, r)", delta=np.array([[0.5], [1.5]]), r=np.array([-3.0, -0.4, 0.0, 1e-3, 9.0])),
    form("scipy.special.pseudo_huber(delta, r)", delta=np.array([0.0, 0.0]), r=np.array([0.0, 2.0]), edge={"delta": [0.0, 2.0], "r": [0.0, 0.0]}),
    form("scipy.special.exp2(x)", x=draw(3)),
    form("scipy.special.exp10(x)", x=draw(3)),
    form("scipy.special.expm1(x)", x=cplx(3)),
    form("scipy.special.log1p(x)", x=INSIDE, analytic=True),
    form("scipy.special.cbrt(x)", x=np.array([-2.0, 0.3, 8.0])),
    form("scipy.special.cbrt(x)", x=0.0, edge={"x": INF}),
    form("scipy.special.cosm1(x)", x=draw(3)),
    form("scipy.special.exprel(x)", x=np.array([-3.0, 0.0, 1e-4, 2.0])),
    form("scipy.special.powm1(x, y)", x=POSITIVE, y=np.array([-1.2, 0.5, 2.0, 0.0])),
    form("scipy.special.radian(d, m, s)", d=draw(3), m=draw(3), s=4.0),
    form("scipy.special.sindg(x)", x=np.array([-30.0, 0.0, 100.0])),
    form("scipy.special.cosdg(x)", x=np.array([-30.0, 0.0, 100.0])),
    form("scipy.special.tandg(x)", x=np.array([-30.0, 0.0, 100.0])),
    form("scipy.special.cotdg(x)", x=np.array([-30.0, 10.0, 100.0])),
    form("scipy.special.boxcox(x, lmbda)", x=POSITIVE, lmbda=np.array([[-1.2], [0.0], [0.5], [2.0]])),
    form("scipy.special.boxcox(x, lmbda)", x=0.0, lmbda=2.0, edge={"x": 0.0, "lmbda": 0.25}),
    form("scipy.special.boxcox1p(x, lmbda)", x=INSIDE, lmbda=np.array([0.0, 0.5, 2.0])),
    form("scipy.special.inv_boxcox(x, lmbda)", x=INSIDE, lmbda=np.array([[0.0], [0.5], [-0.7]])),
    form("scipy.special.inv_boxcox1p(x, lmbda)", x=INSIDE, lmbda=np.array([[0.0], [0.5], [-0.7]])),
    form("np.sinc(x)", x=draw(3)),
]
