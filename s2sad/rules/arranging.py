"""Functions of NumPy that arrange, choose and search: what is joined, cut, padded, repeated along axes, counted and compared."""
from __future__ import annotations

from s2sad.rules.following import follow

follow("np.append", "np.apply_along_axis", "np.apply_over_axes", "np.array_equiv", "np.block", "np.bmat", "np.choose",
       "np.delete", "np.einsum_path", "np.fill_diagonal", "np.fromfunction", "np.insert", "np.intersect1d",
       "np.lib.stride_tricks.sliding_window_view", "np.mask_indices", "np.resize", "np.setdiff1d", "np.setxor1d", "np.trim_zeros",
       "np.union1d", "np.vectorize")
