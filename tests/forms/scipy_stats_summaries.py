"""Summaries of samples in scipy.stats."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(43)
A = np.array([0.7, 1.3, 0.4, 2.1, 1.9])
B = np.array([[0.7, 1.3, 0.4], [2.1, 1.9, 1.1], [0.2, 0.9, 2.6], [1.4, 0.3, 1.7]])
W = np.array([0.4, 1.1, 0.7, 0.2])

FORMS = [
    form("a * scipy.stats.zscore(a)", a=A),
    form("scipy.stats.zscore(a, axis=1, ddof=1)", a=B),
    form("a * scipy.stats.zscore(a, axis=None)", a=B),
    form("scipy.stats.gzscore(a)", a=B),
    form("scipy.stats.zmap(s, c)", s=draw(3), c=A),
    form("scipy.stats.zmap(s, c, axis=1, ddof=1)", s=draw(4, 2), c=B),
    form("scipy.stats.zmap(s, c, axis=None)", s=draw(4, 3), c=B),
    form("scipy.stats.zmap(s, c)", s=draw(2, 3), c=B),
    form("scipy.stats.gmean(a)", a=A),
    form("scipy.stats.gmean(a, axis=1)", a=B),
    form("scipy.stats.gmean(a, axis=None, keepdims=True)", a=B),
    form("scipy.stats.gmean(a, weights=w)", a=A[:4], w=W),
    form("scipy.stats.gmean(a, 1, weights=w)", a=B, w=B[::-1] + 0.2),
    form("scipy.stats.hmean(a)", a=B),
    form("scipy.stats.hmean(a, axis=1, keepdims=True)", a=B),
    form("scipy.stats.hmean(a, weights=w)", a=A[:4], w=W),
    form("scipy.stats.pmean(a, 2.5)", a=A),
    form("scipy.stats.pmean(a, -1, axis=1, weights=w)", a=B, w=B[::-1] + 0.2),
    form("scipy.stats.trim_mean(a, 0.3)", a=A),
    form("scipy.stats.trim_mean(a, 0.25)", a=B),
    form("scipy.stats.trim_mean(a, 0.1, axis=None)", a=B),
    form("scipy.stats.moment(a, 3)", a=A),
    form("scipy.stats.moment(a, order=4, axis=1)", a=B),
    form("scipy.stats.moment(a, 3, axis=None, center=c)", a=B, c=0.4),
    form("scipy.stats.moment(a, 2, center=c)", a=A, c=0.4),
    form("scipy.stats.moment(a, [1, 2, 3], axis=None)", a=B),
    form("scipy.stats.moment(a)", a=A, edge={"a": np.zeros(5)}),
    form("scipy.stats.skew(a)", a=A),
    form("scipy.stats.skew(a, 1, False)", a=B),
    form("scipy.stats.skew(a, axis=(0, 1))", a=B),
    form("scipy.stats.kurtosis(a)", a=A),
    form("scipy.stats.kurtosis(a, axis=0, fisher=False, bias=False)", a=B),
    form("scipy.stats.kurtosis(a, axis=None, keepdims=True)", a=B),
    form("scipy.stats.sem(a)", a=A),
    form("scipy.stats.sem(a, axis=1, ddof=0)", a=B),
    form("scipy.stats.sem(a)", a=np.array([2.0, 2.0, 2.0]), edge={"a": np.zeros(3)}),
    form("a[0] * scipy.stats.variation(a)", a=A),
    form("scipy.stats.variation(a, axis=None, ddof=1)", a=B),
    form("scipy.stats.gstd(a)", a=A),
    form("scipy.stats.gstd(a, axis=1, ddof=0, keepdims=True)", a=B),
]

LONG = "SciPy asks about values here"
FORMS += [
    form("scipy.stats.boxcox(x, lmbda=m)", x=A, m=0.4),
    form("scipy.stats.boxcox(x, 0.0)", x=A),
    form("scipy.stats.boxcox_llf(m, x)", x=A, m=0.4, kept=False, but=LONG),
    form("scipy.stats.yeojohnson(x, m)", x=draw(4), m=0.4),
    form("scipy.stats.circmean(x)", x=A),
    form("scipy.stats.circmean(x, high=180.0, low=-180.0, axis=1)", x=20.0 * B),
    form("scipy.stats.circvar(x, axis=0)", x=B),
    form("scipy.stats.circstd(x)", x=A),
    form("scipy.stats.differential_entropy(x)", x=A),
    form("scipy.stats.differential_entropy(x, axis=1, method='vasicek', window_length=1, base=2)", x=B),
    form("p * scipy.stats.entropy(p)", p=A),
    form("p[:, 0] * scipy.stats.entropy(p, q, base=2, axis=1)", p=B, q=B[::-1] + 0.2),
    form("scipy.stats.iqr(x, scale=2.0, keepdims=True)", x=A),
    form("scipy.stats.iqr(x, axis=1, rng=(20, 60))", x=B),
    form("scipy.stats.kstat(x, 3)", x=A),
    form("scipy.stats.kstat(x)", x=B),
    form("scipy.stats.kstatvar(x, 1)", x=A),
    form("scipy.stats.median_abs_deviation(x)", x=np.array([0.7, 1.3, 0.4, 2.1])),
    form("scipy.stats.median_abs_deviation(x, axis=1, scale='normal')", x=np.array([[0.7, 1.3, 0.4, 2.1], [0.2, 1.7, 1.1, 2.4]])),
    form("scipy.stats.describe(x).variance", x=A, kept=False, but=LONG),
    form("scipy.stats.describe(x, axis=1)[3]", x=B, kept=False, but=LONG),
    form("scipy.stats.tmean(x, (0.5, 2.0))", x=A, kept=False, but=LONG),
    form("scipy.stats.tmean(x)", x=B, kept=False, but=LONG),
    form("scipy.stats.tvar(x, (0.5, 2.0))", x=A, kept=False, but=LONG),
    form("scipy.stats.tstd(x, (0.5, 2.0))", x=A, kept=False, but=LONG),
    form("scipy.stats.tsem(x)", x=A, kept=False, but=LONG),
    form("scipy.stats.tmin(x, 0.5)", x=A),
    form("scipy.stats.tmax(x, 2.0)", x=A),
    form("scipy.stats.sigmaclip(x, 3.0, 3.0).clipped", x=A, kept=False, but=LONG),
    form("scipy.stats.trimboth(x, 0.2)", x=A),
    form("scipy.stats.trim1(x, 0.2)", x=A),
]
