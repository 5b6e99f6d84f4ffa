"""Functions of scipy.signal that are followed: waves, windows by their parameters, responses, spectra."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(41)
ASKED = {"kept": False, "but": "SciPy asks its arguments what their kinds and values are"}
T = np.array([0.1, 0.33, 0.52, 0.77])
B, A = draw(3), np.array([1.0, -0.4, 0.2])

FORMS = [
    form("scipy.signal.chirp(t, f0, 1.0, f1)", t=T, f0=1.2, f1=3.0),
    form("scipy.signal.sawtooth(t, 0.3)", t=T),
    form("scipy.signal.gausspulse(t, fc=5)", t=T),
    form("scipy.signal.sweep_poly(t, p)", t=T, p=draw(3)),
    form("scipy.signal.wiener(x, 3)", x=draw(8)),
    form("scipy.signal.freqs(b, a, worN=w)", b=B, a=A, w=T),
    form("scipy.signal.freqz_zpk(z, p, k, worN=w)", z=draw(2), p=draw(2), k=1.3, w=T, **ASKED),
    form("scipy.signal.freqs_zpk(z, p, k, worN=w)", z=draw(2), p=draw(2), k=1.3, w=T, **ASKED),
    form("scipy.signal.zpk2tf(z, p, k)", z=draw(2), p=draw(2), k=1.3, **ASKED),
    form("scipy.signal.normalize(b, a)", b=B, a=A),
    form("scipy.signal.bilinear(b, a, 2.0)", b=B, a=A, **ASKED),
    form("scipy.signal.envelope(x)", x=draw(8)),
    form("scipy.signal.vectorstrength(t, 0.4)", t=T, **ASKED),
    form("scipy.signal.gauss_spline(x, 3)", x=T),
    form("scipy.signal.group_delay((b, a), w=w)", b=B, a=A, w=T, **ASKED),
    form("scipy.signal.periodogram(x)", x=draw(6), **ASKED),
    form("scipy.signal.welch(x, nperseg=4)", x=draw(8), **ASKED),
    form("scipy.signal.csd(x, y, nperseg=4)", x=draw(8), y=draw(8), **ASKED),
    form("scipy.signal.coherence(x, y, nperseg=4)", x=draw(10), y=draw(10), **ASKED),
    form("scipy.signal.windows.gaussian(6, std)", std=1.3, **ASKED),
    form("scipy.signal.windows.kaiser(6, beta)", beta=1.3, **ASKED),
    form("scipy.signal.windows.exponential(6, tau=tau)", tau=1.3, **ASKED),
    form("scipy.signal.windows.general_gaussian(6, p, 2.0)", p=1.3, **ASKED),
]
