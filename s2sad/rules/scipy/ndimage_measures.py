"""Functions of scipy.ndimage that multiply frequencies, gather by labels, whose derivative is zero, or that have none."""
from __future__ import annotations

import scipy.ndimage

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import linear, zero
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy import ndimage
from s2sad.types import filters

TABLES = (ndimage,)

# A factor for each frequency
for _name, _width in (("gaussian", "sigma"), ("uniform", "size"), ("ellipsoid", "size"), ("shift", "shift")):
    linear(f"scipy.ndimage.fourier_{_name}(input, {_width}, n=-1, axis=-1)", input=f"scipy.ndimage.fourier_{_name}(g, {_width}, n, axis)",
           facts=Facts(gives=filters.in_frequency if _name != "shift" else filters.turned_in_frequency))  # fmt: skip

# Of what is there and what is not
for _name in ("closing", "dilation", "erosion", "opening"):
    zero(f"scipy.ndimage.binary_{_name}(input, structure=None, iterations=1)")
zero("scipy.ndimage.binary_fill_holes(input, structure=None)")
zero("scipy.ndimage.binary_hit_or_miss(input, structure1=None, structure2=None)")
zero("scipy.ndimage.binary_propagation(input, structure=None, mask=None)")
zero("scipy.ndimage.distance_transform_edt(input)")
zero("scipy.ndimage.distance_transform_bf(input, metric='euclidean')")
zero("scipy.ndimage.distance_transform_cdt(input, metric='chessboard')")
zero("scipy.ndimage.label(input, structure=None)")
zero("scipy.ndimage.find_objects(input, max_label=0)")
zero("scipy.ndimage.histogram(input, min, max, bins, labels=None, index=None)")
zero("scipy.ndimage.maximum_position(input, labels=None, index=None)")
zero("scipy.ndimage.minimum_position(input, labels=None, index=None)")
zero("scipy.ndimage.generate_binary_structure(rank, connectivity)")
zero("scipy.ndimage.iterate_structure(structure, iterations, origin=None)")
zero("scipy.ndimage.value_indices(arr, ignore_value=None)")
follow(*[f"scipy.ndimage.{name}" for name in (
    "center_of_mass", "extrema", "maximum", "mean", "median", "minimum", "standard_deviation", "sum", "sum_labels",
    "variance")])  # fmt: skip
refuse("scipy.ndimage.labeled_comprehension", why="it calls a function of the user's for each label, which is not followed there")
refuse("scipy.ndimage.watershed_ift", why="it gives labels")
