"""Discrete Fourier transforms. The matrix of one is symmetric, so its transpose is the same transform, cut or filled up to the length of
what came in; those of real arrays are a part of it.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import linear
from s2sad.rules.leading import behind
from s2sad.types import spectra

SCALED_AT_THE_OTHER_END: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def fitted(g: Any, length: Any, axis: int) -> Any:
    """The first entries along an axis, so many, with zeros where there are fewer."""
    given = np.shape(g)[axis]
    if given > length:
        return np.moveaxis(np.moveaxis(g, axis, 0)[:length], 0, axis)
    if given < length:
        return np.moveaxis(np.pad(np.moveaxis(g, axis, -1), [*((0, 0),) * (np.ndim(g) - 1), (0, length - given)]), -1, axis)
    return g


def fitted_all(g: Any, a: Any, axes: Any) -> Any:
    for axis in axes:
        g = fitted(g, np.shape(a)[axis], axis)
    return g


def _axes(a: Any, s: Any, axes: Any) -> Any:
    """The axes that a transform goes over: those that are said, else as many of the last ones as there are lengths, else all."""
    if axes is not None:
        return tuple(axes)
    return tuple(range(-(np.ndim(a) if s is None else len(s)), 0))


def _whole_back(g: Any, a: Any, axis: int, norm: Any) -> Any:
    return fitted(np.fft.fft(g, axis=axis, norm=norm), np.shape(a)[axis], axis)


def _inverse_back(g: Any, a: Any, axis: int, norm: Any) -> Any:
    return fitted(np.fft.ifft(g, axis=axis, norm=norm), np.shape(a)[axis], axis)


def _half_back(g: Any, a: Any, n: Any, axis: int, norm: Any) -> Any:
    """The frequencies that are not there have no cotangent."""
    length = np.shape(a)[axis]
    return fitted(np.real(np.fft.fft(g, n=length if n is None else n, axis=axis, norm=norm)), length, axis)


def _from_half_back(g: Any, a: Any, axis: int, norm: Any) -> Any:
    """Each frequency stands for its negative as well, but for the first, and the last of an even number."""
    there = np.conj(np.fft.rfft(g, axis=axis, norm=SCALED_AT_THE_OTHER_END[norm]))
    k = np.arange(np.shape(there)[axis])
    alone = np.equal(k, 0) | np.equal(2 * k, np.shape(g)[axis])
    both = np.moveaxis(np.where(alone, 0.5, 1.0) * np.moveaxis(there, axis, -1), -1, axis)
    return fitted(2.0 * both, np.shape(a)[axis], axis)


def _whole_back_n(g: Any, a: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(a, s, axes)
    return fitted_all(np.fft.fftn(g, axes=over, norm=norm), a, over)


def _inverse_back_n(g: Any, a: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(a, s, axes)
    return fitted_all(np.fft.ifftn(g, axes=over, norm=norm), a, over)


def _half_back_n(g: Any, a: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(a, s, axes)
    others = fitted_all(np.fft.fftn(g, axes=over[:-1], norm=norm), a, over[:-1]) if len(over) > 1 else g
    return _half_back(others, a, None if s is None or s[-1] == -1 else s[-1], over[-1], norm)


def _from_half_back_n(g: Any, a: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(a, s, axes)
    last = _from_half_back(g, a, over[-1], norm)
    return fitted_all(np.fft.ifftn(last, axes=over[:-1], norm=norm), a, over[:-1]) if len(over) > 1 else last


linear("np.fft.fft(a, n=None, axis=-1, norm=None)", a="_whole_back(g, a, axis, norm)",
       facts=Facts(gives=spectra.full, mapped="np.fft.fft(a, n, behind(axis), norm)"))  # fmt: skip
linear("np.fft.ifft(a, n=None, axis=-1, norm=None)", a="_inverse_back(g, a, axis, norm)",
       facts=Facts(gives=spectra.full, mapped="np.fft.ifft(a, n, behind(axis), norm)"))  # fmt: skip
linear("np.fft.rfft(a, n=None, axis=-1, norm=None)", a="_half_back(g, a, n, axis, norm)",
       facts=Facts(gives=spectra.half, mapped="np.fft.rfft(a, n, behind(axis), norm)"))  # fmt: skip
linear("np.fft.irfft(a, n=None, axis=-1, norm=None)", a="_from_half_back(g, a, axis, norm)",
       facts=Facts(gives=spectra.from_half, mapped="np.fft.irfft(a, n, behind(axis), norm)"))  # fmt: skip
linear("np.fft.fftn(a, s=None, axes=None, norm=None)", "np.fft.fft2(a, s=None, axes=(-2, -1), norm=None)",
       a="_whole_back_n(g, a, s, axes, norm)", facts=Facts(gives=spectra.full_n))  # fmt: skip
linear("np.fft.ifftn(a, s=None, axes=None, norm=None)", "np.fft.ifft2(a, s=None, axes=(-2, -1), norm=None)",
       a="_inverse_back_n(g, a, s, axes, norm)", facts=Facts(gives=spectra.full_n))  # fmt: skip
linear("np.fft.rfftn(a, s=None, axes=None, norm=None)", "np.fft.rfft2(a, s=None, axes=(-2, -1), norm=None)",
       a="_half_back_n(g, a, s, axes, norm)", facts=Facts(gives=spectra.half_n))  # fmt: skip
linear("np.fft.irfftn(a, s=None, axes=None, norm=None)", "np.fft.irfft2(a, s=None, axes=(-2, -1), norm=None)",
       a="_from_half_back_n(g, a, s, axes, norm)", facts=Facts(gives=spectra.from_half_n))  # fmt: skip

# The transforms of what is real in frequency: those of the conjugate, scaled at the other end
linear("np.fft.hfft(a, n=None, axis=-1, norm=None)", a="np.conj(_from_half_back(g, a, axis, SCALED_AT_THE_OTHER_END[norm]))",
       facts=Facts(gives=spectra.from_half))  # fmt: skip
linear("np.fft.ihfft(a, n=None, axis=-1, norm=None)", a="_half_back(np.conj(g), a, n, axis, SCALED_AT_THE_OTHER_END[norm])",
       facts=Facts(gives=spectra.half))  # fmt: skip

follow("np.fft.fftshift", "np.fft.ifftshift", "np.fft.fftfreq", "np.fft.rfftfreq")
