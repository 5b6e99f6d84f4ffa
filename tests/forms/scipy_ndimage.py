"""The functions of scipy.ndimage: each boundary mode, odd and even filters, origins, axes, ties."""

from typing import Any

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(31)
MODES = ("reflect", "constant", "nearest", "mirror", "wrap")

LINEAR = [
    *[form(f"scipy.ndimage.correlate1d(a, w, mode={m!r}, cval=0.7)", a=draw(5), w=draw(4)) for m in MODES],
    form("scipy.ndimage.correlate1d(a, w, axis=0, origin=1)", a=draw(4, 2), w=draw(3)),
    form("scipy.ndimage.correlate1d(a, w, mode='wrap')", a=draw(2), w=draw(7)),
    form("scipy.ndimage.correlate1d(a, w)", a=draw(3), w=cplx(2), single=False, but="SciPy makes complex weights double"),
    form("scipy.ndimage.convolve1d(a, w, mode='mirror')", a=draw(2, 4), w=draw(3)),
    form("scipy.ndimage.convolve1d(a, w, axis=0, origin=-1, cval=0.5, mode='constant')", a=draw(4, 2), w=draw(4)),
    *[form(f"scipy.ndimage.correlate(a, w, mode={m!r}, cval=0.7)", a=draw(3, 4), w=draw(2, 3)) for m in MODES],
    form("scipy.ndimage.correlate(a, w, origin=(0, -1))", a=draw(3, 4), w=draw(3, 2)),
    form("scipy.ndimage.correlate(a, w, mode='grid-wrap', axes=1)", a=draw(2, 4), w=draw(3)),
    form("scipy.ndimage.convolve(a, w)", a=draw(3, 4), w=draw(2, 3)),
    form("scipy.ndimage.convolve(a, w, mode='nearest', origin=1, axes=(0,))", a=draw(4, 2), w=draw(3)),
    form("scipy.ndimage.convolve(a, w)", a=cplx(4), w=draw(3)),
    *[form(f"scipy.ndimage.gaussian_filter(a, 0.8, mode={m!r})", a=draw(4, 3)) for m in MODES],
    form("scipy.ndimage.gaussian_filter(a, (0.8, 1.2), order=(1, 0), truncate=2.0)", a=draw(4, 3)),
    form("scipy.ndimage.gaussian_filter(a, 1.0, order=2, mode='constant', cval=1.5, radius=2, axes=(0,))", a=draw(4, 3)),
    form("scipy.ndimage.gaussian_filter(a, 0.0)", a=draw(3)),
    form("scipy.ndimage.gaussian_filter1d(a, 1.3, axis=0, order=1, mode='nearest')", a=draw(4, 2)),
    form("scipy.ndimage.gaussian_filter1d(a, sigma)", a=draw(5), sigma=0.9),
    *[form(f"scipy.ndimage.uniform_filter(a, 3, mode={m!r}, cval=0.3)", a=draw(4, 3)) for m in MODES],
    form("scipy.ndimage.uniform_filter(a, (2, 3), origin=(-1, 0), mode=('wrap', 'nearest'))", a=draw(4, 3)),
    form("scipy.ndimage.uniform_filter(a, 1)", a=draw(3)),
    form("scipy.ndimage.uniform_filter1d(a, 4, axis=0, origin=1)", a=draw(5, 2)),
    form("scipy.ndimage.sobel(a)", a=draw(3, 4)),
    form("scipy.ndimage.sobel(a, axis=0, mode='constant', cval=0.4)", a=draw(3, 4)),
    form("scipy.ndimage.sobel(a, mode=('wrap', 'mirror'))", a=draw(3, 4)),
    form("scipy.ndimage.prewitt(a, 0, mode='nearest')", a=draw(3, 4)),
    form("scipy.ndimage.laplace(a)", a=draw(3, 4)),
    form("scipy.ndimage.laplace(a, mode='constant', cval=2.0, axes=(1,))", a=draw(3, 4)),
    form("scipy.ndimage.gaussian_laplace(a, 0.9)", a=draw(3, 4)),
    form("scipy.ndimage.gaussian_laplace(a, (0.9, 1.1), mode='mirror', truncate=2.0)", a=draw(3, 4)),
    form("scipy.ndimage.gaussian_gradient_magnitude(a, 0.9)", a=draw(3, 4)),
    form("scipy.ndimage.gaussian_gradient_magnitude(a, 0.7, mode='wrap', truncate=2.0)", a=draw(5)),
    form("scipy.ndimage.gaussian_gradient_magnitude(a, 0.7)", a=np.full(4, 2.0), edge={"a": np.zeros(4)}),
]

TIED = np.array([1.0, 3.0, 3.0, 2.0, 3.0])
CHOOSING = [
    *[form(f"scipy.ndimage.maximum_filter(a, 3, mode={m!r})", a=draw(4, 3)) for m in MODES],
    form("scipy.ndimage.maximum_filter(a, size=(2, 3), origin=(0, 1))", a=draw(4, 3)),
    form("scipy.ndimage.maximum_filter(a, footprint=np.array([[0, 1], [1, 1]]))", a=draw(4, 3)),
    form("scipy.ndimage.maximum_filter(a, 3, axes=(1,), mode='constant', cval=0.2)", a=draw(2, 5)),
    form("scipy.ndimage.maximum_filter(a, 3)", a=TIED, edge={"a": [0.0, 2.0, 1.5, 0.0, 1.5]}),
    form("scipy.ndimage.minimum_filter(a, 3, mode='nearest')", a=draw(4, 3)),
    form("scipy.ndimage.minimum_filter(a, footprint=[1, 0, 1])", a=draw(6)),
    form("scipy.ndimage.maximum_filter1d(a, 3, axis=0)", a=draw(4, 2)),
    form("scipy.ndimage.minimum_filter1d(a, 4, origin=1)", a=draw(5)),
    form("scipy.ndimage.median_filter(a, 3)", a=draw(5, 4)),
    form("scipy.ndimage.median_filter(a, footprint=[[1, 1, 0, 1]], mode='wrap')", a=draw(2, 6)),
    form("scipy.ndimage.percentile_filter(a, 20, 5)", a=draw(7)),
    form("scipy.ndimage.rank_filter(a, -2, (3, 2), mode='mirror')", a=draw(4, 4)),
    form("scipy.ndimage.rank_filter(a, 0, 3)", a=draw(4)),
    form("scipy.ndimage.grey_erosion(a, 3)", a=draw(5)),
    form("scipy.ndimage.grey_erosion(a, structure=[[0.1, 0.3, -0.2]], mode='mirror')", a=draw(2, 5)),
    form("scipy.ndimage.grey_dilation(a, size=(2, 3))", a=draw(3, 5)),
    form("scipy.ndimage.grey_dilation(a, structure=[0.1, 0.3, -0.2, 0.0], mode='wrap', origin=1)", a=draw(6)),
    form("scipy.ndimage.grey_dilation(a, footprint=[1, 0, 0, 1])", a=draw(6)),
    form("scipy.ndimage.grey_opening(a, 3)", a=draw(6)),
    form("scipy.ndimage.grey_closing(a, size=(2, 2))", a=draw(3, 4)),
    form("scipy.ndimage.morphological_gradient(a, 3)", a=draw(6)),
    form("scipy.ndimage.morphological_laplace(a, 3)", a=draw(6)),
    form("scipy.ndimage.white_tophat(a, 3)", a=draw(6)),
    form("scipy.ndimage.black_tophat(a, 3)", a=draw(6)),
]

FREQUENCIES = [
    form("scipy.ndimage.fourier_gaussian(a, 0.7)", a=cplx(5)),
    form("scipy.ndimage.fourier_gaussian(a, (0.7, 0.4), n=4, axis=1)", a=draw(2, 3)),
    form("scipy.ndimage.fourier_uniform(a, 2)", a=cplx(2, 4)),
    form("scipy.ndimage.fourier_ellipsoid(a, 2)", a=cplx(4, 3)),
    form("scipy.ndimage.fourier_shift(a, 0.3)", a=cplx(5)),
]

LABELS = np.array([[1, 1, 0], [2, 2, 1], [0, 2, 2]])
BY_LABELS: Any = {"kept": False, "but": "how many there are of each label is known from values alone"}

FORMS = [
    *LINEAR, *CHOOSING, *FREQUENCIES,
    # By labels
    *(form(f"np.asarray(scipy.ndimage.{name}(x, labels, [1, 2]))", x=draw(3, 3), labels=LABELS, **BY_LABELS)
      for name in ("sum", "sum_labels", "mean", "variance", "standard_deviation", "maximum", "minimum", "median")),
    *(form(f"scipy.ndimage.{name}(x)", x=draw(2, 3)) for name in ("mean", "variance")),
    form("np.array(scipy.ndimage.center_of_mass(x * x, labels, [1, 2]))", x=draw(3, 3), labels=LABELS, **BY_LABELS),
    form("scipy.ndimage.extrema(x, labels, [1, 2])[:2]", x=draw(3, 3), labels=LABELS, **BY_LABELS),
]
