"""Functions of scipy.signal that are followed: designs of filters by their frequencies, changes of rate, short-time transforms."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(43)
ASKED = {"kept": False, "but": "SciPy asks its arguments what their kinds and values are"}
B, A = np.array([1.0, 2.0]), np.array([1.0, 3.0, 1.0])
ZPK = {"z": np.array([1.0]), "p": np.array([-1.0, -2.0]), "k": 1.5}
WINDOW = "np.array([0.2, 0.9, 0.4])"

FORMS = [
    # Short-time transforms, and those of a part of the circle
    form("scipy.signal.stft(x, nperseg=4)[2]", x=draw(6), **ASKED),
    form("scipy.signal.istft(z, nperseg=4)[1]", z=cplx(3, 3), **ASKED),
    form("scipy.signal.spectrogram(x, nperseg=4)[2]", x=draw(6), **ASKED),
    form(f"scipy.signal.ShortTimeFFT({WINDOW}, 2, 1.0).stft(x)", x=draw(6), **ASKED),
    form("scipy.signal.zoom_fft(x, 0.5, 3)", x=draw(3), **ASKED),
    form("scipy.signal.ZoomFFT(3, 0.5)(x)", x=draw(3), **ASKED),
    form("scipy.signal.CZT(3)(x)", x=draw(3), **ASKED),
    form("scipy.signal.czt_points(3, w, a)", w=1.2 + 0.5j, a=0.3 + 1j, **ASKED),
    # Changes of rate
    form("scipy.signal.resample(x, 6)", x=draw(4)),
    form("scipy.signal.resample(x, 3, axis=1)", x=cplx(2, 4)),
    form("scipy.signal.resample_poly(x, 3, 2, window=h, padtype='mean')", x=draw(5), h=draw(5), **ASKED),
    form("scipy.signal.resample_poly(x, 2, 3)", x=draw(5), **ASKED),
    form("scipy.signal.decimate(x, 2, ftype='fir', n=4)", x=draw(8), **ASKED),
    form("scipy.signal.upfirdn(h, x, 2, 1, mode='constant', cval=0.0)", h=draw(3), x=draw(4)),
    # Designs
    form("scipy.signal.firwin(5, w)", w=0.3, **ASKED),
    form("scipy.signal.firwin(5, [w, 0.6], pass_zero=False)", w=0.3, **ASKED),
    form("scipy.signal.firwin2(5, [0.0, 0.5, 1.0], v)", v=draw(3), **ASKED),
    form("scipy.signal.firls(3, [0.0, 0.3, 0.5, 1.0], v)", v=np.array([1.0, 0.9, 0.2, 0.1]), **ASKED),
    form("scipy.signal.savgol_coeffs(5, 2, pos=p)", p=1.7, **ASKED),
    form("scipy.signal.savgol_coeffs(5, 2, deriv=1, delta=d)", d=0.7, **ASKED),
    form("scipy.signal.kaiser_beta(a)", a=30.0),
    form("scipy.signal.kaiser_atten(7, w)", w=0.1),
    form("scipy.signal.butter(1, w)", w=0.3, **ASKED),
    form("scipy.signal.cheb1ap(2, r)", r=1.0, **ASKED),
    form("scipy.signal.cheb2ap(2, r)", r=20.0, **ASKED),
    form("scipy.signal.cheby1(1, r, w)", w=0.3, r=1.0, **ASKED),
    form("scipy.signal.cheby2(1, r, w)", w=0.3, r=20.0, **ASKED),
    form("scipy.signal.bessel(1, w)", w=0.3, **ASKED),
    form("scipy.signal.iirfilter(1, w, btype='low')", w=0.3, **ASKED),
    form("scipy.signal.iirpeak(w, q)", w=0.3, q=10.0, **ASKED),
    form("scipy.signal.iirnotch(w, q)", w=0.3, q=10.0, **ASKED),
    form("scipy.signal.gammatone(f, 'fir', fs=16000)[0][:4]", f=440.0, **ASKED),
    # From one form of a filter to another
    form("scipy.signal.lp2lp(b, a, w)", b=B, a=A, w=0.5),
    form("scipy.signal.lp2hp(b, a, w)", b=B, a=A, w=0.5),
    form("scipy.signal.lp2lp_zpk(z, p, k, w)", **ZPK, w=0.5),
    form("scipy.signal.lp2hp_zpk(z, p, k, w)", **ZPK, w=0.5),
    form("scipy.signal.lp2bp_zpk(z, p, k, w, 0.7)", **ZPK, w=0.5),
    form("scipy.signal.lp2bs_zpk(z, p, k, w, 0.7)", **ZPK, w=0.5),
    form("scipy.signal.bilinear_zpk(z, p, k, 1.0)", **ZPK, **ASKED),
    form("scipy.signal.sos2tf(s)", s=np.array([[1.0, 2.0, 1.0, 1.0, 0.5, 0.2]]), **ASKED),
    form("scipy.signal.tf2zpk(b, a)", b=B, a=A, **ASKED),
    form("scipy.signal.tf2ss(b, a)", b=B, a=A, **ASKED),
    form("scipy.signal.zpk2sos(z, p, k)", z=np.array([1.0, 0.5]), p=np.array([-0.1, -0.2]), k=1.5, **ASKED),
]
