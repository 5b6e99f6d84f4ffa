"""Functions of scipy.signal that are followed, that have no derivative, or whose derivative is zero."""
from __future__ import annotations

import scipy.signal

from s2sad.rules.following import follow
from s2sad.rules.language import zero
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy import signal_filters

TABLES = (signal_filters,)  # whose rules are met on the way


def _all(why: str, names: str) -> None:
    refuse(*[f"scipy.signal.{name}" for name in names.split()], why=why)


follow("scipy.signal.chirp", "scipy.signal.sawtooth", "scipy.signal.gausspulse", "scipy.signal.sweep_poly", "scipy.signal.wiener",
       "scipy.signal.czt", "scipy.signal.deconvolve", "scipy.signal.freqz", "scipy.signal.freqz_sos", "scipy.signal.get_window",
       "scipy.signal.sosfreqz", "scipy.signal.freqs", "scipy.signal.freqs_zpk", "scipy.signal.freqz_zpk", "scipy.signal.normalize",
       "scipy.signal.zpk2tf", "scipy.signal.bilinear", "scipy.signal.envelope",
       "scipy.signal.vectorstrength", "scipy.signal.gauss_spline", "scipy.signal.group_delay")  # fmt: skip
follow("scipy.signal.periodogram", "scipy.signal.welch", "scipy.signal.csd", "scipy.signal.coherence")
follow(*[f"scipy.signal.{name}" for name in (
    "stft istft spectrogram ShortTimeFFT zoom_fft ZoomFFT CZT czt_points resample resample_poly decimate "
    "firwin firwin2 firls savgol_coeffs kaiser_atten kaiser_beta gammatone "
    "butter cheb1ap cheb2ap cheby1 cheby2 bessel iirfilter iirpeak iirnotch "
    "lp2lp lp2hp lp2lp_zpk lp2hp_zpk lp2bp_zpk lp2bs_zpk bilinear_zpk sos2tf tf2zpk zpk2sos tf2ss").split()])
follow("scipy.signal.windows.gaussian", "scipy.signal.windows.kaiser", "scipy.signal.windows.exponential",
       "scipy.signal.windows.general_gaussian")  # fmt: skip

# Where something is, or how much of it there is
zero("scipy.signal.find_peaks(x, distance=None)")
zero("scipy.signal.find_peaks_cwt(vector, widths)")
zero("scipy.signal.argrelmax(data, axis=0, order=1, mode='clip')")
zero("scipy.signal.argrelmin(data, axis=0, order=1, mode='clip')")
zero("scipy.signal.argrelextrema(data, comparator, axis=0, order=1, mode='clip')")
zero("scipy.signal.choose_conv_method(in1, in2, mode='full', measure=False)")
zero("scipy.signal.correlation_lags(in1_len, in2_len, mode='full')")
zero("scipy.signal.check_COLA(window, nperseg, noverlap, tol=1e-10)")
zero("scipy.signal.check_NOLA(window, nperseg, noverlap, tol=1e-10)")
zero("scipy.signal.square(t, duty=0.5)")

_all("it designs a filter; differentiate by the coefficients that it gives, in scipy.signal.lfilter or scipy.signal.sosfilt",
     "band_stop_obj besselap buttap buttord cheb1ord cheb2ord ellip ellipap ellipord firwin_2d iirdesign iircomb kaiserord "
     "minimum_phase remez")  # fmt: skip
_all("it finds roots of polynomials, whose order may change with them",
     "residue residuez invres invresz unique_roots tf2sos sos2zpk ss2zpk zpk2ss")  # fmt: skip
_all("it writes coefficients one by one into arrays of another kind; write the formula out",
     "abcd_normalize lp2bp lp2bs ss2tf")
_all("it divides by the first coefficient only where that is not 1: there the derivative by it would be missing", "lfiltic")
_all("systems are objects of SciPy's, which are not followed; use scipy.signal.lfilter, scipy.linalg.expm or scipy.integrate.solve_ivp",
     "StateSpace TransferFunction ZerosPolesGain bode cont2discrete dbode dfreqresp dimpulse dlsim dlti dstep findfreqs freqresp impulse "
     "lsim lti place_poles step")  # fmt: skip
_all("it adds shifted copies of a window in place; write the formula out", "closest_STFT_dual_window")
_all("it computes splines in compiled code; use scipy.ndimage.spline_filter1d",
     "cspline1d cspline1d_eval cspline2d qspline1d qspline1d_eval qspline2d sepfir2d spline_filter symiirorder1 symiirorder2")
_all("it solves for each frequency in compiled code", "lombscargle")
_all("it solves equations in bands by LAPACK; set them up for scipy.linalg.solveh_banded", "whittaker_henderson")
_all("it measures peaks in compiled code; take the values at the places that scipy.signal.find_peaks gives", "peak_prominences peak_widths")
_all("what it gives has no number that is differentiated in it", "max_len_seq unit_impulse")
