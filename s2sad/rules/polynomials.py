"""Polynomials of NumPy: by their coefficients, their roots, and as objects."""
from __future__ import annotations

from s2sad.rules.following import follow

follow("np.poly", "np.polyadd", "np.polyder", "np.polydiv", "np.polyfit", "np.polyint", "np.polymul", "np.polysub", "np.polyval",
       "np.poly1d", "np.roots", "np.vander")
