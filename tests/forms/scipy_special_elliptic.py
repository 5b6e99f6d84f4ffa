"""Elliptic integrals and functions of scipy.special."""

import math

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(22)
M = np.array([-1.5, 0.0, 0.3, 0.95])
X, Y = np.array([0.4, 1.0, 7.0]), np.array([1.3, 1.0, 0.2])
S = math.cos(0.4) - math.sin(0.4) + 1.0
BY_M = -0.25 * S * (0.4 - 0.5 * math.sin(0.8)) - 0.5 * math.sin(0.4) ** 2

FORMS = [
    form("scipy.special.ellipk(m)", m=M),
    form("scipy.special.ellipk(m)", m=0.5),
    form("scipy.special.ellipkm1(p)", p=np.array([1e-3, 0.4, 1.0])),
    form("scipy.special.ellipe(m)", m=M),
    form("scipy.special.ellipkinc(phi, m)", phi=np.array([[-0.7], [0.0], [1.2], [8.0]]), m=M),
    form("scipy.special.ellipkinc(phi, m)", phi=0.5 * math.pi, m=0.3),
    form("scipy.special.ellipeinc(phi, m)", phi=np.array([[-0.7], [0.0], [1.2], [8.0]]), m=M),
    form("scipy.special.ellipj(u, m)", u=np.array([[-0.7], [0.0], [1.2], [6.0]]), m=np.array([0.1, 0.5, 0.97])),
    form("scipy.special.ellipj(u, m)", u=0.4, m=0.0, edge={"u": S, "m": BY_M}),
    form("scipy.special.elliprf(x, y, z)", x=X, y=Y, z=0.6),
    form("scipy.special.elliprd(x, y, z)", x=X, y=Y, z=0.6),
    form("scipy.special.elliprc(x, y)", x=X, y=Y),
    form("scipy.special.elliprg(x, y, z)", x=X, y=Y, z=0.6),
    form("scipy.special.elliprj(x, y, z, p)", x=X, y=Y, z=0.6, p=1.7),
    form("scipy.special.elliprf(x, y, 1.0)", x=cplx(2) + 2.0, y=0.7),
    form("scipy.special.elliprd(x, y, 1.0)", x=cplx(2) + 2.0, y=0.7),
    form("scipy.special.agm(a, b)", a=X, b=Y),
    form("scipy.special.agm(a, b)", a=-X, b=-0.3),
]
