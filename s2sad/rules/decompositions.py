"""Functions of numpy.linalg that are followed, and decompositions whose derivatives are rules."""
from __future__ import annotations

from s2sad.rules.following import follow

follow("np.linalg.cond", "np.linalg.lstsq", "np.linalg.matrix_norm", "np.linalg.svd", "np.linalg.svdvals", "np.linalg.tensordot",
       "np.linalg.tensorinv", "np.linalg.tensorsolve", "np.linalg.vecdot", "np.linalg.vector_norm")
