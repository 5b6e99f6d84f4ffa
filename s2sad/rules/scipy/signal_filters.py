"""Rules of scipy.signal: smoothing, trends, analytic signals, second-order sections, medians, filters between rates."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.fft
import scipy.signal

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.fft import fitted, fitted_all
from s2sad.rules.following import follow, instead
from s2sad.rules.language import linear, rule
from s2sad.rules.scipy import ndimage, signal
from s2sad.rules.scipy.boundaries import one_by_one_back
from s2sad.rules.scipy.choosing import means, shares
from s2sad.rules.scipy.signal import lags
from s2sad.types import filters, signals

TABLES = (ndimage, signal)  # whose rules those here use

# Polynomials fitted to pieces


def savgol_back(c: Any, window_length: int, polyorder: int, deriv: int, delta: float, axis: int, mode: str) -> Any:
    """The transpose: the ends of mode "interp" are polynomials through the first and the last window."""
    weights = scipy.signal.savgol_coeffs(window_length, polyorder, deriv=deriv, delta=delta)
    if mode != "interp":
        return one_by_one_back(c, [(axis, weights[::-1], mode, _middle(window_length))])
    c = np.moveaxis(c, axis, 0)
    half, inner = window_length // 2, c.copy()
    ends = scipy.signal.savgol_filter(np.eye(window_length), window_length, polyorder, deriv, delta, 0)
    inner[:half] = inner[len(c) - half :] = 0.0
    found = one_by_one_back(inner, [(0, weights[::-1], "constant", _middle(window_length))])
    found[:window_length] += np.tensordot(ends[:half], c[:half], ((0,), (0,)))
    found[len(c) - window_length :] += np.tensordot(ends[window_length - half :], c[len(c) - half :], ((0,), (0,)))
    return np.moveaxis(found, 0, axis)


def _middle(length: int) -> int:
    return length % 2 - 1


GIVEN = "window_length, polyorder, deriv, delta, axis, mode"
linear("scipy.signal.savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode='interp', cval=0.0)",
       x=f"savgol_back(g, {GIVEN})", jvp=f"scipy.signal.savgol_filter(x_dot, {GIVEN})", facts=Facts(gives=signals.floating))  # fmt: skip
linear(f"savgol_back(c, {GIVEN})", c=f"scipy.signal.savgol_filter(g, {GIVEN})", facts=Facts(gives=filters.like_cotangent))

# What is left when lines are taken away is a projection, which is symmetric
linear("scipy.signal.detrend(data, axis=-1, type='linear', bp=0, overwrite_data=False)", data="scipy.signal.detrend(g, axis, type, bp)",
       facts=Facts(gives=signals.without_trend))  # fmt: skip

# Analytic signals: negative frequencies are left out, and others doubled


def _doubled(count: Any, middle: float) -> Any:
    k = np.arange(count)
    return np.where(np.equal(k, 0), 1.0, np.where(np.less(2 * k, count), 2.0, np.where(np.equal(2 * k, count), middle, 0.0)))


def _hilbert_back(g: Any, x: Any, N: Any, axis: int) -> Any:
    count = np.shape(x)[axis] if N is None else N
    there = np.moveaxis(scipy.fft.ifft(g, axis=axis), axis, -1) * _doubled(count, 1.0)
    return fitted(np.real(scipy.fft.fft(np.moveaxis(there, -1, axis), axis=axis)), np.shape(x)[axis], axis)


def _hilbert2_back(g: Any, x: Any, axes: Any) -> Any:
    there = np.moveaxis(scipy.fft.ifft2(g, axes=axes), axes, (-2, -1))
    rows, columns = np.shape(there)[-2], np.shape(there)[-1]
    kept = there * np.expand_dims(_doubled(rows, 0.0), 1) * _doubled(columns, 0.0)
    return fitted_all(np.real(scipy.fft.fft2(np.moveaxis(kept, (-2, -1), axes), axes=axes)), x, axes)


linear("scipy.signal.hilbert(x, N=None, axis=-1)", x="_hilbert_back(g, x, N, axis)", facts=Facts(gives=signals.analytic))
linear("scipy.signal.hilbert2(x, N=None, axes=(-2, -1))", x="_hilbert2_back(g, x, axes)", facts=Facts(gives=signals.analytic_in_the_plane))

# Second-order sections, one behind another


def _stages(sos: Any, x: Any, axis: int, zi: Any) -> Any:
    """What goes into each section, and what comes out of the last one."""
    found = [x]
    for k in range(np.shape(sos)[0]):
        y = scipy.signal.lfilter(sos[k, :3], sos[k, 3:], found[-1], axis, None if zi is None else zi[k])
        found.append(y if zi is None else y[0])
    return found


def _sections_back(g: Any, sos: Any, x: Any, axis: int, zi: Any) -> Any:
    """The cotangents of what goes in, of the sections, and of what was there before."""
    sos, x = np.asarray(sos), np.asarray(x)
    stages = _stages(sos, x, axis, zi)
    back, left = (g, ()) if zi is None else g
    sections: list[Any] = []
    before: list[Any] = []
    for k in range(np.shape(sos)[0] - 1, -1, -1):
        b, a, inside = sos[k, :3], sos[k, 3:], None if zi is None else zi[k]
        both = back if zi is None else (back, left[k])
        out = stages[k + 1] if zi is None else (stages[k + 1], None)
        of_a = signal.by_denominator(both, b, a, stages[k], axis, inside, out)
        of_b = signal.by_numerator(both, b, a, stages[k], axis, inside)
        sections.insert(0, np.concatenate([of_b, np.where(np.arange(3) == 0, 0.0, of_a)]))
        if zi is not None:
            before.insert(0, signal.by_start(both, b, a, stages[k], axis, inside))
        back = signal.by_signal(both, b, a, stages[k], axis, inside)
    return back, np.stack(sections), before


def _sosfilt_x(g: Any, sos: Any, x: Any, axis: int, zi: Any) -> Any:
    if zi is None:
        return np.flip(scipy.signal.sosfilt(sos, np.flip(g, axis), axis), axis)
    return _sections_back(g, sos, x, axis, zi)[0]


rule("scipy.signal.sosfilt(sos, x, axis=-1, zi=None)", sos="_sections_back(g, sos, x, axis, zi)[1]", x="_sosfilt_x(g, sos, x, axis, zi)",
     zi="np.stack(_sections_back(g, sos, x, axis, zi)[2])", facts=Facts(gives=signals.in_sections))  # fmt: skip


def _longer(v: Any, count: Any) -> Any:
    return np.concatenate([v, np.zeros(count - np.shape(v)[0])])


def _steady_back(g: Any, b: Any, a: Any, ans: Any, denominator: bool) -> Any:
    """The state is the solution of a system with the coefficients, divided by the first of `a`, in its first column; none depends on the
    scale of both."""
    b, a = np.asarray(b), np.asarray(a)
    count = np.shape(g)[0]
    top, bottom = _longer(b, count + 1) / a[0], _longer(a, count + 1) / a[0]
    column = np.expand_dims(bottom[1:], 1) * np.eye(1, count)
    back = np.linalg.solve(np.transpose(np.eye(count) - np.eye(count, k=1) + column), g)
    of_a = -back * (ans[0] + top[0]) / a[0]
    of_b = np.concatenate([np.expand_dims(-np.sum(back * bottom[1:]), 0), back]) / a[0]
    if not denominator:
        return of_b[: np.shape(b)[0]]
    scale = -(np.sum(of_a * bottom[1:]) + np.sum(of_b * top))
    return np.concatenate([np.expand_dims(scale, 0), of_a])[: np.shape(a)[0]]


rule("scipy.signal.lfilter_zi(b, a)", b="_steady_back(g, b, a, ans, False)", a="_steady_back(g, b, a, ans, True)",
     facts=Facts(gives=signals.state))  # fmt: skip
follow("scipy.signal.filtfilt", "scipy.signal.sosfiltfilt")


def sosfilt_zi(sos: Any) -> Any:
    """What SciPy does, without an array to write into."""
    sos, scale, found = np.asarray(sos), 1.0, []
    for k in range(np.shape(sos)[0]):
        found.append(scale * scipy.signal.lfilter_zi(sos[k, :3], sos[k, 3:]))
        scale = scale * (np.sum(sos[k, :3]) / np.sum(sos[k, 3:]))
    return np.stack(found)


instead("scipy.signal.sosfilt_zi", "s2sad.rules.scipy.signal_filters.sosfilt_zi")

# Medians, and other ranks


def _medians(name: str, call: str, first: str, given: str) -> None:
    rule(f"scipy.signal.{name}({call})", jvp=f"means({first}_dot, {first}, ans, 'filter', {given}, 'constant', 0.0, 0, None)",
         facts=Facts(gives=signals.like(first)), namespace=globals(), **_shared(first, given))  # fmt: skip


def _shared(first: str, given: str) -> Any:
    return {first: f"shares(g, {first}, ans, 'filter', {given}, 'constant', 0.0, 0, None)"}


SIZE = "3 if kernel_size is None else kernel_size, None, None"
_medians("medfilt", "volume, kernel_size=None", "volume", SIZE)
_medians("medfilt2d", "input, kernel_size=3", "input", SIZE)
_medians("order_filter", "a, domain, rank", "a", "None, domain, None")

# Filters between rates: the parts of a form that is linear in taps, a signal and a cotangent


def upfirdn_back(c: Any, h: Any, length: int, up: int, down: int, axis: int) -> Any:
    """The transpose is a filter the other way, with the taps turned around."""
    late = -(len(h) - 1) % up
    taps = np.concatenate([np.zeros(late, h.dtype), h[::-1]])
    there = np.moveaxis(scipy.signal.upfirdn(taps, c, down, up, axis), axis, 0)[(len(h) - 1 + late) // up :][:length]
    missing = length - len(there)
    return np.moveaxis(np.concatenate([there, np.zeros((missing, *there.shape[1:]), there.dtype)]), 0, axis)


def taps_back(c: Any, x: Any, count: int, up: int, down: int, axis: int) -> Any:
    whole = max((c.shape[axis] - 1) * down + 1, (x.shape[axis] - 1) * up + 1)
    return lags(_stuffed(c, down, whole, axis), _stuffed(x, up, whole, axis), count, -1)


def _stuffed(v: Any, step: int, length: int, axis: int) -> Any:
    v = np.moveaxis(v, axis, -1)
    found = np.zeros((*v.shape[:-1], length), v.dtype)
    found[..., : (v.shape[-1] - 1) * step + 1 : step] = v
    return found


def _beside_zeros(g: Any, mode: str, cval: Any) -> Any:
    if mode != "constant" or cval != 0:
        raise MissingRule("scipy.signal.upfirdn has a rule for mode='constant' with cval=0; extend the signal by np.pad")
    return g


rule("scipy.signal.upfirdn(h, x, up=1, down=1, axis=-1, mode='constant', cval=0)",
     h="taps_back(_beside_zeros(g, mode, cval), x, np.shape(h)[0], up, down, axis)",
     x="upfirdn_back(_beside_zeros(g, mode, cval), h, np.shape(x)[axis], up, down, axis)",
     jvp="scipy.signal.upfirdn(_beside_zeros(h_dot, mode, cval), x, up, down, axis)"
         " + scipy.signal.upfirdn(h, _beside_zeros(x_dot, mode, cval), up, down, axis)",
     facts=Facts(gives=signals.resampled))  # fmt: skip
rule("upfirdn_back(c, h, length, up, down, axis)", c="scipy.signal.upfirdn(h, g, up, down, axis)",
     h="taps_back(c, g, np.shape(h)[0], up, down, axis)",
     jvp="upfirdn_back(c_dot, h, length, up, down, axis) + upfirdn_back(c, h_dot, length, up, down, axis)",
     facts=Facts(gives=signals.before_resampling))  # fmt: skip
rule("taps_back(c, x, count, up, down, axis)", c="scipy.signal.upfirdn(g, x, up, down, axis)",
     x="upfirdn_back(c, g, np.shape(x)[axis], up, down, axis)",
     jvp="taps_back(c_dot, x, count, up, down, axis) + taps_back(c, x_dot, count, up, down, axis)",
     facts=Facts(gives=signals.taps))  # fmt: skip
