"""At the edges of functions of arrays: reductions, orders, counts, interpolation and matrices, those of NumPy."""
from __future__ import annotations

TIES = "ties share evenly"
FIRST = "equal elements as NumPy orders them"
NO_NAN = "0 by a NaN"
KINK = "0 at 0"
SPECTRUM = "equal eigenvalues: right for what is the same in any basis of their space"
GAUGE = "what depends on the basis chosen warns"

NOTES = {
    "np": {
        TIES: "max amax min amin ptp nanmax nanmin median nanmedian quantile percentile nanquantile nanpercentile",
        "0 where the result is NaN": "max amax min amin",
        NO_NAN: "nansum nanprod nanmean nanvar nanstd nanmax nanmin nanmedian nanquantile nanpercentile nancumsum nancumprod",
        "by q at an element the slope to the right, 0 at both ends": "quantile percentile",
        "no elements: an empty gradient": "sum prod cumsum",
        "0 where all elements are equal": "std nanstd",
        "zeros need no division: the product of the others": "prod cumprod cumulative_prod nanprod nancumprod",
        "0 of one row alone": "corrcoef",
        FIRST: "sort sort_complex partition",
        "equal elements share evenly": "unique unique_values unique_all unique_counts unique_inverse union1d",
        "elements left out get 0": "intersect1d setdiff1d setxor1d trim_zeros extract compress delete",
        "elements read twice get the sum": "take repeat tile resize",
        "counts have 0; weights 1 in their bin, also at an edge": "histogram",
        "edges found from the data move with its ends, which share ties evenly": "histogram histogram_bin_edges",
        "0 by the data, 1 by weights in their bin": "bincount",
        "at a knot the slope to the right, at the last one to the left; 0 outside": "interp",
        "1 also where it jumps": "unwrap",
        "infinite at roots that are equal": "roots",
        "leading zeros get 0, trailing ones are roots at 0": "roots",
        "modes maximum, minimum and median share ties evenly": "pad",
        "0 by stop, whose step is the length": "arange",
        "0 of no differences": "diff ediff1d",
        "0 at beta = 0": "kaiser",
    },
    "np.linalg": {
        KINK: "norm vector_norm matrix_norm",
        "orders inf, -inf, 2, -2 of ties: even shares": "norm vector_norm matrix_norm",
        "order 0: 0": "norm vector_norm",
        "singular: the cofactors": "det",
        "an empty matrix: an empty gradient": "det",
        "the sign of real matrices has 0": "slogdet",
        "one triangle is read, the other gets 0": "eigh eigvalsh cholesky",
        SPECTRUM: "eigh eig",
        GAUGE: "eigh eig",
        "equal eigenvalues: right for their sum": "eigvalsh eigvals",
        "equal singular values: right for their sum": "svdvals svd",
        "at a singular value of 0 the slope of one side": "svdvals svd",
        "the rank stays as it is found: right for changes that keep it": "pinv lstsq",
        "0 where all singular values are equal": "cond",
        "0: it is a whole number": "matrix_rank",
        "power 0: 0": "matrix_power",
    },
}
