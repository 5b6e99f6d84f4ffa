"""The transforms of scipy.fft: odd and even lengths, cut and filled, along other axes, in each norm and of each type."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(27)

FOURIER = [
    form("scipy.fft.fft(x)", x=draw(5)),
    form("scipy.fft.fft(x, n=3)", x=cplx(5)),
    form("scipy.fft.fft(x, n=7, axis=0, norm='ortho', workers=1)", x=cplx(4, 2)),
    form("scipy.fft.ifft(x)", x=cplx(5)),
    form("scipy.fft.ifft(x, n=6, norm='forward')", x=draw(2, 4)),
    form("scipy.fft.rfft(x)", x=draw(5)),
    form("scipy.fft.rfft(x, overwrite_x=False)", x=draw(2, 6)),
    form("scipy.fft.rfft(x, n=4, axis=0, norm='ortho')", x=draw(5, 2)),
    form("scipy.fft.rfft(x, n=8)", x=draw(5)),
    form("scipy.fft.irfft(x)", x=cplx(4)),
    form("scipy.fft.irfft(x, n=5)", x=cplx(2, 3)),
    form("scipy.fft.irfft(x, n=9, norm='forward')", x=cplx(3)),
    form("scipy.fft.hfft(x)", x=cplx(4)),
    form("scipy.fft.hfft(x, n=5, norm='ortho')", x=cplx(2, 4)),
    form("scipy.fft.ihfft(x)", x=draw(5)),
    form("scipy.fft.ihfft(x, n=4, axis=0, norm='forward')", x=draw(6, 2)),
    form("scipy.fft.fft2(x)", x=cplx(3, 4)),
    form("scipy.fft.fft2(x, s=(2, 5), norm='ortho')", x=draw(3, 4)),
    form("scipy.fft.ifft2(x, axes=(0, 1))", x=cplx(2, 3, 2)),
    form("scipy.fft.fftn(x, s=(3,), axes=1)", x=draw(2, 4)),
    form("scipy.fft.fftn(x, s=(3,))", x=draw(2, 4)),
    form("scipy.fft.ifftn(x, axes=(0, -1))", x=cplx(2, 2, 3)),
    form("scipy.fft.rfft2(x)", x=draw(3, 4)),
    form("scipy.fft.rfft2(x, s=(2, -1))", x=draw(3, 4)),
    form("scipy.fft.rfftn(x, s=3)", x=draw(2, 4)),
    form("scipy.fft.irfft2(x)", x=cplx(3, 3)),
    form("scipy.fft.irfft2(x, s=(2, 5), norm='ortho')", x=cplx(3, 3)),
    form("scipy.fft.rfftn(x, axes=(1, 0))", x=draw(4, 3)),
    form("scipy.fft.irfftn(x)", x=cplx(2, 3, 3)),
    form("scipy.fft.hfft2(x)", x=cplx(2, 3)),
    form("scipy.fft.hfftn(x, s=(2, 3), norm='forward')", x=cplx(2, 3)),
    form("scipy.fft.ihfft2(x, s=(2, 3))", x=draw(3, 4)),
    form("scipy.fft.ihfftn(x, axes=(1, 0))", x=draw(3, 2)),
    form("scipy.fft.fftshift(x)", x=draw(5)),
    form("scipy.fft.fftshift(x, axes=1)", x=cplx(2, 4)),
    form("scipy.fft.ifftshift(x)", x=draw(3, 4)),
    form("scipy.fft.ifftshift(x, axes=(0,))", x=draw(3, 2)),
    form("scipy.fft.fftfreq(5, d)", d=0.5),
    form("scipy.fft.rfftfreq(6, d)", d=0.5),
]

TRIGONOMETRIC = [
    *[form(f"scipy.fft.{name}(x, {kind})", x=draw(4)) for name in ("dct", "idct", "dst", "idst") for kind in (1, 2, 3, 4)],
    *[form(f"scipy.fft.{name}(x, {kind}, norm='ortho')", x=draw(3)) for name in ("dct", "idct", "dst", "idst") for kind in (1, 2, 3)],
    form("scipy.fft.dct(x)", x=cplx(3)),
    form("scipy.fft.dct(x, norm='ortho', orthogonalize=False)", x=draw(4)),
    form("scipy.fft.dct(x, 3, norm='forward', orthogonalize=True)", x=draw(4)),
    form("scipy.fft.idct(x, 1, norm='ortho', orthogonalize=False)", x=draw(4)),
    form("scipy.fft.dst(x, 3, norm='ortho', orthogonalize=False)", x=draw(4)),
    form("scipy.fft.idst(x, norm='forward', orthogonalize=True)", x=draw(4)),
    form("scipy.fft.dct(x, n=5, axis=0, norm='forward')", x=draw(3, 2)),
    form("scipy.fft.dst(x, n=2, axis=0)", x=draw(3, 2)),
    form("scipy.fft.dct(x, 4)", x=draw(1)),
    form("scipy.fft.dctn(x)", x=draw(3, 2)),
    form("scipy.fft.dctn(x, 1, axes=(0, -1))", x=draw(3, 1, 2)),
    form("scipy.fft.idctn(x, 2, s=(2, 4), norm='ortho')", x=draw(3, 3)),
    form("scipy.fft.dstn(x, 3, axes=0)", x=draw(3, 2)),
    form("scipy.fft.idstn(x, 2, s=(2,), norm='forward')", x=draw(2, 3)),
]

HANKEL = [
    form("scipy.fft.fht(a, 0.3, 0.5)", a=np.array([0.2, 0.9, -0.4, 0.7, 1.1])),
    form("scipy.fft.fht(a, 0.3, 0.5, offset=0.1, bias=0.2)", a=draw(2, 4)),
    form("scipy.fft.ifht(A, 0.3, 1.5, bias=-0.1)", A=draw(5)),
]

FORMS = [*FOURIER, *TRIGONOMETRIC, *HANKEL]
