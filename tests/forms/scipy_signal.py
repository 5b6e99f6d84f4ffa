"""The functions of scipy.signal: modes, methods, boundaries, recursive filters with what was there before."""

from typing import Any

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(33)

CONVOLUTION = [
    form("scipy.signal.convolve(a, v)", a=draw(5), v=draw(3)),
    form("scipy.signal.convolve(a, v, 'same')", a=cplx(5), v=cplx(2)),
    form("scipy.signal.convolve(a, v, mode='valid', method='fft')", a=draw(3, 4), v=draw(2, 2)),
    form("scipy.signal.convolve(a, v, mode='valid')", a=draw(2), v=draw(5)),
    form("scipy.signal.convolve(a, v, mode='same', method='direct')", a=draw(2, 3), v=draw(3, 2)),
    form("scipy.signal.convolve(a, v)", a=1.5, v=-0.3),
    form("scipy.signal.correlate(a, v)", a=draw(5), v=draw(3)),
    form("scipy.signal.correlate(a, v, 'same', method='direct')", a=draw(2, 5), v=draw(2, 2)),
    form("scipy.signal.correlate(a, v, mode='valid')", a=cplx(2), v=cplx(4)),
    form("scipy.signal.correlate(a, v, mode='same')", a=cplx(4), v=cplx(2)),
    form("scipy.signal.fftconvolve(a, v)", a=draw(2, 3), v=draw(1, 2)),
    form("scipy.signal.fftconvolve(a, v, 'same', axes=1)", a=draw(2, 3), v=draw(1, 4)),
    form("scipy.signal.fftconvolve(a, v, mode='valid', axes=[0])", a=draw(4, 1), v=draw(2, 3)),
    form("scipy.signal.fftconvolve(a, v, axes=1)", a=cplx(2, 1), v=cplx(1, 3)),
    form("scipy.signal.oaconvolve(a, v)", a=draw(7), v=draw(2)),
    form("scipy.signal.oaconvolve(a, v, 'same', axes=0)", a=draw(5, 2), v=draw(2, 2)),
    *[form(f"scipy.signal.convolve2d(a, v, {m!r}, boundary={b!r}, fillvalue=0.4)", a=draw(3, 4), v=draw(2, 3))
      for m in ("full", "same", "valid") for b in ("fill", "wrap", "symm")],
    form("scipy.signal.convolve2d(a, v, mode='valid')", a=draw(2, 2), v=draw(3, 4)),
    form("scipy.signal.correlate2d(a, v)", a=draw(3, 4), v=draw(2, 3)),
    form("scipy.signal.correlate2d(a, v, 'same', 'symm')", a=cplx(3, 4), v=cplx(2, 2)),
    form("scipy.signal.correlate2d(a, v, 'valid')", a=draw(3, 4), v=draw(2, 3)),
    form("scipy.signal.correlate2d(a, v, 'valid')", a=draw(2, 3), v=draw(4, 3)),
]

STABLE = np.array([1.3, -0.4, 0.2])
FILTERS = [
    form("scipy.signal.lfilter(b, a, x)", b=draw(2), a=STABLE, x=draw(6)),
    form("scipy.signal.lfilter(b, a, x, axis=0)", b=draw(4), a=STABLE, x=draw(5, 2)),
    form("scipy.signal.lfilter(b, a, x)", b=0.7, a=STABLE, x=draw(4)),
    form("scipy.signal.lfilter(b, 2.0, x)", b=draw(3), x=draw(2, 4)),
    form("scipy.signal.lfilter(b, a, x)", b=draw(5), a=STABLE, x=draw(3)),
    form("scipy.signal.lfilter([1.0, theta], [1.0, -phi], x)", theta=0.4, phi=0.7, x=draw(5)),
    form("scipy.signal.lfilter(b, a, x)", b=cplx(2), a=STABLE, x=cplx(4)),
    form("scipy.signal.lfilter(b, a, x, zi=zi)", b=draw(2), a=STABLE, x=draw(5), zi=draw(2)),
    form("scipy.signal.lfilter(b, a, x, axis=0, zi=zi)", b=draw(4), a=STABLE[:2], x=draw(4, 2), zi=draw(3, 1)),
    form("scipy.signal.lfilter(b, [2.0], x, zi=zi)", b=draw(3), x=draw(4), zi=draw(2)),
    form("scipy.signal.lfilter(b, a, x, zi=zi)", b=draw(4), a=STABLE, x=draw(2), zi=draw(3)),
]

ASKED: Any = {"kept": False, "but": "SciPy asks for the kinds of arrays in ways that types do not tell"}

FORMS = [
    *CONVOLUTION,
    *FILTERS,
    form("scipy.signal.freqz(b, a, worN=5)[1]", b=draw(3), a=np.array([1.0, 0.2]), **ASKED),
    form("scipy.signal.freqz_sos(s, worN=4)[1]", s=np.array([[0.3, 0.2, 0.1, 1.0, -0.4, 0.2]]), **ASKED),
    form("scipy.signal.sosfreqz(s, worN=3)[1]", s=np.array([[0.3, 0.2, 0.1, 1.0, -0.4, 0.2]]), **ASKED),
    form("scipy.signal.deconvolve(x, d)[0]", x=draw(6), d=np.array([1.0, 0.5, 0.2])),
    form("scipy.signal.czt(x)", x=draw(5), **ASKED),
    form("scipy.signal.get_window(('kaiser', beta), 6)", beta=4.0, **ASKED),
]
