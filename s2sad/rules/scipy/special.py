"""Rules of scipy.special: by the formulas of the NIST Digital Library of Mathematical Functions (DLMF), whose numbers stand beside them."""
from __future__ import annotations

import math

import numpy as np
import scipy.special

from s2sad.rules.facts import ELEMENTWISE
from s2sad.rules.language import elementwise

# Gamma function and relatives
elementwise("scipy.special.gammaln(x)", x="scipy.special.psi(x)", facts=ELEMENTWISE.but(native="scipy.special.cython_special.gammaln(x)"))
elementwise("scipy.special.gamma(x)", x="ans * scipy.special.psi(x)")
elementwise("scipy.special.psi(z)", z="scipy.special.polygamma(1, z)")
elementwise("scipy.special.polygamma(n, x)", x="scipy.special.polygamma(n + 1, x)")

# Error function
elementwise("scipy.special.erf(z)", z="2.0 / math.sqrt(math.pi) * np.exp(-z * z)")
elementwise("scipy.special.expit(x)", x="ans * (1.0 - ans)")
