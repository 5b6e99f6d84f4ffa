"""Transforms of scipy.fft: Fourier's as those of NumPy, cosine and sine transforms of the types 1 to 4, and fast Hankel transforms.

The matrix of a cosine transform of type 1 or 4 is symmetric, that of type 2 is the transpose of that of type 3: but for the first and last
entry, which stand alone where others stand for themselves and their mirror image, unless the transform is made orthogonal. So it is of sine
transforms, where of the types 2 and 3 the last entry stands alone.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.fft

from s2sad.rules.facts import Facts
from s2sad.rules.fft import SCALED_AT_THE_OTHER_END, fitted, fitted_all
from s2sad.rules.following import follow
from s2sad.rules.language import linear, zero
from s2sad.rules.leading import behind
from s2sad.rules.refusing import refuse
from s2sad.types import transforms

TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
INVERSE = {1: 1, 2: 3, 3: 2, 4: 4}


def _axes(x: Any, s: Any, axes: Any) -> Any:
    """The axes that a transform goes over: those that are said, else as many of the last ones as there are lengths, else all."""
    if axes is not None:
        return tuple(axes) if isinstance(axes, (tuple, list)) else (axes,)
    return tuple(range(-(np.ndim(x) if s is None else len(s) if isinstance(s, (tuple, list)) else 1), 0))


def _last(s: Any) -> Any:
    """The length along the last axis, where one is said."""
    last = s[-1] if isinstance(s, (tuple, list)) else s
    return None if last is None or last == -1 else last


# Fourier transforms


def _whole_back(g: Any, x: Any, axis: int, norm: Any) -> Any:
    return fitted(scipy.fft.fft(g, axis=axis, norm=norm), np.shape(x)[axis], axis)


def _inverse_back(g: Any, x: Any, axis: int, norm: Any) -> Any:
    return fitted(scipy.fft.ifft(g, axis=axis, norm=norm), np.shape(x)[axis], axis)


def _half_back(g: Any, x: Any, n: Any, axis: int, norm: Any) -> Any:
    """The frequencies that are not there have no cotangent."""
    length = np.shape(x)[axis]
    return fitted(np.real(scipy.fft.fft(g, n=length if n is None else n, axis=axis, norm=norm)), length, axis)


def _from_half_back(g: Any, x: Any, axis: int, norm: Any) -> Any:
    """Each frequency stands for its negative as well, but for the first, and the last of an even number."""
    there = np.conj(scipy.fft.rfft(g, axis=axis, norm=SCALED_AT_THE_OTHER_END[norm]))
    k = np.arange(np.shape(there)[axis])
    alone = np.equal(k, 0) | np.equal(2 * k, np.shape(g)[axis])
    both = np.moveaxis(np.where(alone, 0.5, 1.0) * np.moveaxis(there, axis, -1), -1, axis)
    return fitted(2.0 * both, np.shape(x)[axis], axis)


def _whole_back_n(g: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(x, s, axes)
    return fitted_all(scipy.fft.fftn(g, axes=over, norm=norm), x, over)


def _inverse_back_n(g: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(x, s, axes)
    return fitted_all(scipy.fft.ifftn(g, axes=over, norm=norm), x, over)


def _half_back_n(g: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(x, s, axes)
    others = fitted_all(scipy.fft.fftn(g, axes=over[:-1], norm=norm), x, over[:-1]) if len(over) > 1 else g
    return _half_back(others, x, _last(s), over[-1], norm)


def _from_half_back_n(g: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    over = _axes(x, s, axes)
    last = _from_half_back(g, x, over[-1], norm)
    return fitted_all(scipy.fft.ifftn(last, axes=over[:-1], norm=norm), x, over[:-1]) if len(over) > 1 else last


LONG = "n=None, axis=-1, norm=None, overwrite_x=False, workers=None"
PLANE = "s=None, axes=(-2, -1), norm=None, overwrite_x=False, workers=None"
SPACE = "s=None, axes=None, norm=None, overwrite_x=False, workers=None"
OTHER = "SCALED_AT_THE_OTHER_END[norm]"

linear(f"scipy.fft.fft(x, {LONG})", x="_whole_back(g, x, axis, norm)",
       facts=Facts(gives=transforms.full, mapped="scipy.fft.fft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.ifft(x, {LONG})", x="_inverse_back(g, x, axis, norm)",
       facts=Facts(gives=transforms.full, mapped="scipy.fft.ifft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.rfft(x, {LONG})", x="_half_back(g, x, n, axis, norm)",
       facts=Facts(gives=transforms.half, mapped="scipy.fft.rfft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.irfft(x, {LONG})", x="_from_half_back(g, x, axis, norm)",
       facts=Facts(gives=transforms.from_half, mapped="scipy.fft.irfft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.fftn(x, {SPACE})", f"scipy.fft.fft2(x, {PLANE})", x="_whole_back_n(g, x, s, axes, norm)",
       facts=Facts(gives=transforms.full_n))  # fmt: skip
linear(f"scipy.fft.ifftn(x, {SPACE})", f"scipy.fft.ifft2(x, {PLANE})", x="_inverse_back_n(g, x, s, axes, norm)",
       facts=Facts(gives=transforms.full_n))  # fmt: skip
linear(f"scipy.fft.rfftn(x, {SPACE})", f"scipy.fft.rfft2(x, {PLANE})", x="_half_back_n(g, x, s, axes, norm)",
       facts=Facts(gives=transforms.half_n))  # fmt: skip
linear(f"scipy.fft.irfftn(x, {SPACE})", f"scipy.fft.irfft2(x, {PLANE})", x="_from_half_back_n(g, x, s, axes, norm)",
       facts=Facts(gives=transforms.from_half_n))  # fmt: skip

# The transforms of what is real in frequency: those of the conjugate, scaled at the other end
linear(f"scipy.fft.hfft(x, {LONG})", x=f"np.conj(_from_half_back(g, x, axis, {OTHER}))",
       facts=Facts(gives=transforms.from_half, mapped="scipy.fft.hfft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.ihfft(x, {LONG})", x=f"_half_back(np.conj(g), x, n, axis, {OTHER})",
       facts=Facts(gives=transforms.half, mapped="scipy.fft.ihfft(x, n, behind(axis), norm)"))  # fmt: skip
linear(f"scipy.fft.hfftn(x, {SPACE})", f"scipy.fft.hfft2(x, {PLANE})", x=f"np.conj(_from_half_back_n(g, x, s, axes, {OTHER}))",
       facts=Facts(gives=transforms.from_half_n))  # fmt: skip
linear(f"scipy.fft.ihfftn(x, {SPACE})", f"scipy.fft.ihfft2(x, {PLANE})", x=f"_half_back_n(np.conj(g), x, s, axes, {OTHER})",
       facts=Facts(gives=transforms.half_n))  # fmt: skip

follow("scipy.fft.fftshift", "scipy.fft.ifftshift", "scipy.fft.fftfreq", "scipy.fft.rfftfreq")

# Cosine and sine transforms


def _weighed(x: Any, axis: int, cosine: bool, type: int, inverse: bool) -> Any:
    """An array whose entries that stand alone in a transform of the type are doubled, or halved."""
    k = np.arange(np.shape(x)[axis])
    last = np.equal(k, np.shape(x)[axis] - 1)
    alone = (np.equal(k, 0) | last if type == 1 else np.equal(k, 0)) if cosine else last
    return np.moveaxis(np.where(alone, 0.5 if inverse else 2.0, 1.0) * np.moveaxis(x, axis, -1), -1, axis)


def _weighed_all(x: Any, axes: Any, cosine: bool, type: int, inverse: bool) -> Any:
    for axis in axes:
        x = _weighed(x, axis, cosine, type, inverse)
    return x


def _trigonometric_back(g: Any, transform: Any, cosine: bool, type: int, axes: Any, norm: Any, orthogonal: Any, inverse: bool) -> Any:
    """The cotangent of what was transformed, before it was cut or filled to its length."""
    back = TRANSPOSED[type]
    forward = INVERSE[type] if inverse else type
    if (norm == "ortho" if orthogonal is None else orthogonal) or type == 4 or (type == 1 and not cosine):
        return transform(g, type=back, axes=axes, norm=norm, orthogonalize=orthogonal)
    before = _weighed_all(g, axes, cosine, forward, False) if forward in (1, 2) else g
    there = transform(before, type=back, axes=axes, norm=norm, orthogonalize=orthogonal)
    return _weighed_all(there, axes, cosine, forward, True) if forward in (1, 3) else there


def _trigonometric_along(g: Any, x: Any, transform: Any, cosine: bool, type: int, axis: int, norm: Any, orthogonal: Any,
                         inverse: bool) -> Any:  # fmt: skip
    return fitted(_trigonometric_back(g, transform, cosine, type, (axis,), norm, orthogonal, inverse), np.shape(x)[axis], axis)


def _trigonometric_over(g: Any, x: Any, transform: Any, cosine: bool, type: int, s: Any, axes: Any, norm: Any, orthogonal: Any,
                        inverse: bool) -> Any:  # fmt: skip
    over = _axes(x, s, axes)
    return fitted_all(_trigonometric_back(g, transform, cosine, type, over, norm, orthogonal, inverse), x, over)


def _trigonometric(name: str, cosine: bool, inverse: bool) -> None:
    rest = "norm=None, overwrite_x=False, workers=None, orthogonalize=None"
    given = f"scipy.fft.{name}n, {cosine}, type"
    linear(f"scipy.fft.{name}(x, type=2, n=None, axis=-1, {rest})",
           x=f"_trigonometric_along(g, x, {given}, axis, norm, orthogonalize, {inverse})", namespace=globals(),
           facts=Facts(gives=transforms.trigonometric,
                       mapped=f"scipy.fft.{name}(x, type, n, behind(axis), norm, orthogonalize=orthogonalize)"))  # fmt: skip
    linear(f"scipy.fft.{name}n(x, type=2, s=None, axes=None, {rest})",
           x=f"_trigonometric_over(g, x, {given}, s, axes, norm, orthogonalize, {inverse})", namespace=globals(),
           facts=Facts(gives=transforms.trigonometric_n))  # fmt: skip


_trigonometric("dct", True, False)
_trigonometric("idct", True, True)
_trigonometric("dst", False, False)
_trigonometric("idst", False, True)


# Fast Hankel transforms: a reversed circulant matrix between two diagonal ones that differ by a factor, which is symmetric
linear("scipy.fft.fht(a, dln, mu, offset=0.0, bias=0.0)", a="scipy.fft.fht(g, dln, mu, offset, bias)", facts=Facts(gives=transforms.hankel))
linear("scipy.fft.ifht(A, dln, mu, offset=0.0, bias=0.0)", A="scipy.fft.ifht(g, dln, mu, offset, bias)",
       facts=Facts(gives=transforms.inverse_hankel))  # fmt: skip

zero("scipy.fft.next_fast_len(target, real=False)")
zero("scipy.fft.prev_fast_len(target, real=False)")
refuse("scipy.fft.set_backend", "scipy.fft.skip_backend", "scipy.fft.set_global_backend", "scipy.fft.register_backend",
       why="it says which library computes transforms")  # fmt: skip
refuse("scipy.fft.set_workers", "scipy.fft.get_workers", why="it is about how many threads compute")
refuse("scipy.fft.fhtoffset", why="what it gives jumps from one grid to the next")
