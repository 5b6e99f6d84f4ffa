"""Filters of scipy.signal: smoothing, trends, analytic signals, second-order sections, medians, other rates."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(39)
SOS = np.array([[0.4, 0.3, -0.2, 1.0, -0.5, 0.2], [0.7, -0.1, 0.3, 1.0, 0.3, -0.1]])
ROW = "np.stack([np.concatenate([b, [1.0], a])])"
STEADY = {"kept": False, "but": "SciPy asks its arguments what their kinds and values are"}

SMOOTH = [
    form("scipy.signal.savgol_filter(x, 5, 2)", x=draw(9)),
    form("scipy.signal.savgol_filter(x, 4, 2, axis=0)", x=draw(6, 2)),
    form("scipy.signal.savgol_filter(x, 5, 3, deriv=1, delta=0.5)", x=draw(2, 7)),
    *[form(f"scipy.signal.savgol_filter(x, 5, 2, mode={m!r}, cval=0.4)", x=draw(6)) for m in ("mirror", "nearest", "wrap", "constant")],
    form("scipy.signal.savgol_filter(x, 4, 1, mode='nearest')", x=draw(6)),
    form("scipy.signal.detrend(x)", x=draw(7)),
    form("scipy.signal.detrend(x, axis=0, type='constant')", x=draw(5, 2)),
    form("scipy.signal.detrend(x, bp=[3, 5])", x=draw(2, 8)),
    form("scipy.signal.hilbert(x)", x=draw(5)),
    form("scipy.signal.hilbert(x)", x=draw(2, 6)),
    form("scipy.signal.hilbert(x, 7, axis=0)", x=draw(5, 2)),
    form("scipy.signal.hilbert(x, N=4)", x=draw(5)),
    form("scipy.signal.hilbert2(x)", x=draw(4, 3)),
    form("scipy.signal.hilbert2(x, N=(3, 5))", x=draw(4, 4)),
]

SECTIONS = [
    form("scipy.signal.sosfilt(sos, x)", sos=SOS, x=draw(6), still=("sos",)),
    form(f"scipy.signal.sosfilt({ROW}, x, axis=0)", b=draw(3), a=np.array([-0.4, 0.2]), x=draw(5, 2)),
    form("scipy.signal.sosfilt(sos, x, zi=zi)", sos=SOS, x=draw(5), zi=draw(2, 2), still=("sos",)),
    form(f"scipy.signal.sosfilt({ROW}, x, axis=0, zi=zi)", b=draw(3), a=np.array([-0.4, 0.2]), x=draw(4, 2), zi=draw(1, 2, 2)),
    form("scipy.signal.filtfilt(b, a, x)", b=draw(2), a=np.array([1.0, -0.4]), x=draw(9)),
    form("scipy.signal.filtfilt(b, a, x, axis=0, padtype='even', padlen=2)", b=draw(2), a=np.array([1.0, -0.4]), x=draw(5, 2)),
    form("scipy.signal.sosfiltfilt(sos, x, padlen=3)", sos=SOS, x=draw(8), still=("sos",), **STEADY),
    form("scipy.signal.lfilter_zi(b, a)", b=draw(3), a=np.array([1.2, -0.4, 0.1])),
    form("scipy.signal.lfilter_zi(b, a)", b=draw(4), a=np.array([1.2, -0.4])),
    form("scipy.signal.sosfilt_zi(sos)", sos=SOS, single=False, but="SciPy computes it in double precision"),
]

RANKS = [
    form("scipy.signal.medfilt(x)", x=draw(6)),
    form("scipy.signal.medfilt(x, 5)", x=draw(8)),
    form("scipy.signal.medfilt(x, [3, 1])", x=draw(4, 3)),
    form("scipy.signal.medfilt2d(x, 3)", x=draw(4, 5)),
    form("scipy.signal.order_filter(x, np.ones((3, 3)), 7)", x=draw(4, 4)),
]

RATES = [
    form("scipy.signal.upfirdn(h, x, up=3, down=2)", h=draw(4), x=draw(5)),
    form("scipy.signal.upfirdn(h, x, 2, 3, axis=0)", h=draw(7), x=draw(4, 2)),
    form("scipy.signal.upfirdn(h, x)", h=draw(2), x=cplx(3)),
    form("scipy.signal.upfirdn(h, x, down=4)", h=draw(2), x=draw(9)),
]

FORMS = [*SMOOTH, *SECTIONS, *RANKS, *RATES]
