"""Interpolation of scipy.ndimage: each order and mode, by the array and by the places; moved and stretched arrays."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(37)
ALL = ("reflect", "constant", "nearest", "mirror", "wrap", "grid-wrap", "grid-constant")
INSIDE = np.array([[0.3, 1.6, 2.2], [1.4, 0.2, 2.7]])
FITS = "the shape that a turned array fits into is computed from its angle"
AROUND = np.array([[-0.7, 1.6, 4.3]])

MAPPED = [
    *[form(f"scipy.ndimage.map_coordinates(a, x, order={k})", a=draw(4, 4), x=INSIDE) for k in (1, 2, 3)],
    form("scipy.ndimage.map_coordinates(a, x, order=0)", a=draw(4, 4), x=INSIDE),
    *[form(f"scipy.ndimage.map_coordinates(a, x, mode={m!r}, cval=0.6)", a=draw(4), x=AROUND) for m in ALL],
    form("scipy.ndimage.map_coordinates(a, x, order=2, mode='reflect')", a=draw(4), x=AROUND),
    form("scipy.ndimage.map_coordinates(a, x, order=5, mode='mirror')", a=draw(7), x=AROUND),
    form("scipy.ndimage.map_coordinates(a, x, prefilter=False, mode='nearest')", a=draw(4), x=AROUND),
    form("scipy.ndimage.map_coordinates(a, x, order=1)", a=cplx(4), x=np.array([[0.4, 2.2]])),
    form("scipy.ndimage.map_coordinates(a, x, order=3)", a=draw(60), x=np.array([[0.4, 31.2, 58.7]]), twice=False,
         but="the second derivative is that of a short array"),
]

MOVED = [
    form("scipy.ndimage.shift(a, s_)", a=draw(5), s_=0.4, single=False, but="in single precision another sample comes in"),
    form("scipy.ndimage.shift(a, d, order=1, mode='nearest')", a=draw(3, 4), d=np.array([0.4, -0.7])),
    form("scipy.ndimage.shift(a, (0.3, 1.2), mode='wrap')", a=draw(3, 4)),
    form("scipy.ndimage.affine_transform(a, m, o, order=1, mode='nearest')", a=draw(3, 4), m=np.array([[0.9, 0.12], [-0.13, 0.8]]),
         o=np.array([0.13, 0.27])),
    form("scipy.ndimage.affine_transform(a, m, 0.3, mode='mirror')", a=draw(3, 4), m=np.array([0.77, 0.83])),
    form("scipy.ndimage.affine_transform(a, m, (0.3, 0.1), (2, 3), cval=0.2)", a=draw(3, 4), m=np.array([[0.9, 0.1], [-0.1, 0.8]])),
    form("scipy.ndimage.affine_transform(a, m, order=1)", a=draw(3, 4), m=np.array([[0.9, 0.1, 0.13], [-0.1, 0.8, 0.27]])),
    form("scipy.ndimage.zoom(a, 1.5)", a=draw(4, 3)),
    form("scipy.ndimage.zoom(a, (0.5, 2), order=1, mode='nearest')", a=draw(4, 3)),
    form("scipy.ndimage.zoom(a, 2, mode='grid-wrap', grid_mode=True)", a=draw(4)),
    form("scipy.ndimage.zoom(a, 1)", a=draw(4)),
    form("scipy.ndimage.rotate(a, 33.0)", a=draw(3, 4), kept=False, but=FITS),
    form("scipy.ndimage.rotate(a, angle, reshape=False, order=1, mode='nearest')", a=draw(3, 4), angle=33.0),
    form("scipy.ndimage.rotate(a, 20.0, axes=(0, 2), mode='mirror')", a=draw(3, 2, 3), kept=False, but=FITS),
    form("scipy.ndimage.spline_filter1d(a, 3, axis=0)", a=draw(4, 2)),
    form("scipy.ndimage.spline_filter1d(a, 5, mode='reflect')", a=draw(3)),
    form("scipy.ndimage.spline_filter1d(a, 1)", a=draw(3)),
    form("scipy.ndimage.spline_filter1d(a, 2, mode='grid-wrap')", a=draw(50)),
    form("scipy.ndimage.spline_filter1d(a)", a=draw(50)),
    form("scipy.ndimage.spline_filter(a, 3)", a=draw(3, 4)),
    form("scipy.ndimage.spline_filter(a, 4, mode='reflect')", a=draw(3)),
]

FORMS = [*MAPPED, *MOVED]
