"""Functions of NumPy about numbers along axes: moments, quantiles, differences, sums that skip what is not a number."""
from __future__ import annotations

from s2sad.rules.following import follow

follow("np.allclose", "np.array_equal", "np.average", "np.corrcoef", "np.cov", "np.cumulative_prod", "np.cumulative_sum",
       "np.ediff1d", "np.gradient", "np.histogram", "np.interp", "np.isin", "np.kaiser", "np.median", "np.nancumprod",
       "np.nancumsum", "np.nanmedian", "np.nanpercentile", "np.nanquantile", "np.nanstd", "np.nanvar", "np.percentile",
       "np.piecewise", "np.quantile", "np.real_if_close", "np.sort_complex", "np.std", "np.trapezoid", "np.unique", "np.unwrap",
       "np.var")
