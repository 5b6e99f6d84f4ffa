"""Rules of scipy.special: elliptic integrals and functions.

A derivative by the parameter m is an integral of Carlson's again, in which nothing cancels and no m is special (DLMF 19.18, 19.25). Those
have derivatives that SciPy has no function for; `carlson` computes them.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, rule
from s2sad.rules.scipy.special import cython
from s2sad.runtime.functions import unbroadcast
from s2sad.runtime.special import carlson
from s2sad.types import dependence
from s2sad.types import special as types

# Complete integrals
SOURCE = "DLMF 19.25.1"
elementwise("scipy.special.ellipk(m)", m="scipy.special.elliprd(0.0, 1.0, 1.0 - m) / 6.0", facts=cython("ellipk(m)"))
elementwise("scipy.special.ellipkm1(p)", p="-scipy.special.elliprd(0.0, 1.0, p) / 6.0", facts=cython("ellipkm1(p)"))
elementwise("scipy.special.ellipe(m)", m="-scipy.special.elliprd(0.0, 1.0 - m, 1.0) / 6.0", facts=cython("ellipe(m)"))


# Incomplete ones: beyond a quarter they grow by the complete ones, for each half turn by two
SOURCE = "DLMF 19.25.5, 19.25.9"
def _within_half_turn(phi: Any) -> tuple[Any, Any, Any]:
    """The half turns, and the sine and the cosine of what is left."""
    turns = np.rint(phi / np.pi)
    return turns, np.sin(phi - turns * np.pi), np.cos(phi - turns * np.pi)


def first_by_parameter(phi: Any, m: Any) -> Any:
    turns, s, c = _within_half_turn(phi)
    part = s * s * s * scipy.special.elliprd(c * c, 1.0, 1.0 - m * s * s)
    missing = np.where(np.equal(turns, 0.0), 1.0, 1.0 - m)  # of the parameter to 1, where there is a half turn
    return (part + 2.0 * turns * scipy.special.elliprd(0.0, 1.0, missing)) / 6.0


def _second_by_parameter(phi: Any, m: Any) -> Any:
    turns, s, c = _within_half_turn(phi)
    part = s * s * s * scipy.special.elliprd(c * c, 1.0 - m * s * s, 1.0)
    return -(part + 2.0 * turns * scipy.special.elliprd(0.0, 1.0 - m, 1.0)) / 6.0


elementwise("scipy.special.ellipkinc(phi, m)", phi="1.0 / np.sqrt(1.0 - m * np.sin(phi) ** 2)", m="first_by_parameter(phi, m)",
            facts=cython("ellipkinc(phi, m)"))  # fmt: skip
elementwise("scipy.special.ellipeinc(phi, m)", phi="np.sqrt(1.0 - m * np.sin(phi) ** 2)", m="_second_by_parameter(phi, m)",
            facts=cython("ellipeinc(phi, m)"))  # fmt: skip


# The functions of Jacobi sn, cn, dn, and the amplitude, whose sine is sn and whose integral of the first kind is u
SOURCE = "DLMF 22.13, 22.16"
def _of_amplitude(g: Any, m: Any, ans: Any) -> Any:
    return g[0] * ans[1] - g[1] * ans[0] - g[2] * m * ans[0] * ans[1] / ans[2] + g[3]


def _by_parameter(m: Any, ans: Any) -> Any:
    """Of the amplitude."""
    return -ans[2] * first_by_parameter(ans[3], m)


def _jacobi_ahead(turn: Any, m: Any, m_dot: Any, ans: Any) -> Any:
    return (turn * ans[1], -turn * ans[0], -(turn * m * ans[0] * ans[1] + 0.5 * m_dot * ans[0] * ans[0]) / ans[2], turn)


rule("scipy.special.ellipj(u, m)", u="unbroadcast(_of_amplitude(g, m, ans) * ans[2], np.shape(u))",
     m="unbroadcast(_of_amplitude(g, m, ans) * _by_parameter(m, ans) - 0.5 * g[2] * ans[0] * ans[0] / ans[2], np.shape(m))",
     jvp="_jacobi_ahead(u_dot * ans[2] + m_dot * _by_parameter(m, ans), m, m_dot, ans)",
     facts=Facts(gives=types.four, spreads=dependence.elementwise))  # fmt: skip

# Carlson's integrals: R_F and R_G are symmetric, R_D is in x and y, R_J in x, y and z
SOURCE = "DLMF 19.16"
elementwise("carlson(x, y, z, p, a=0.5, b=0.5, c=0.5, d=0.0, k=0.0)",
            x="-a * carlson(x, y, z, p, a=a + 1.0, b=b, c=c, d=d, k=k)", y="-b * carlson(x, y, z, p, a=a, b=b + 1.0, c=c, d=d, k=k)",
            z="-c * carlson(x, y, z, p, a=a, b=b, c=c + 1.0, d=d, k=k)",
            p="-d * carlson(x, y, z, p, a=a, b=b, c=c, d=d + 1.0, k=k)")  # fmt: skip
elementwise("scipy.special.elliprf(x, y, z)", x="-scipy.special.elliprd(y, z, x) / 6.0", y="-scipy.special.elliprd(z, x, y) / 6.0",
            z="-scipy.special.elliprd(x, y, z) / 6.0", facts=cython("elliprf(x, y, z)"))  # fmt: skip
elementwise("scipy.special.elliprd(x, y, z)", x="-0.75 * carlson(x, y, z, 1.0, a=1.5, c=1.5)",
            y="-0.75 * carlson(x, y, z, 1.0, b=1.5, c=1.5)",
            z="-2.25 * carlson(x, y, z, 1.0, c=2.5)", facts=cython("elliprd(x, y, z)"))  # fmt: skip
elementwise("scipy.special.elliprc(x, y)", x="-0.25 * carlson(x, y, 1.0, 1.0, a=1.5, b=1.0, c=0.0)",
            y="-0.5 * carlson(x, y, 1.0, 1.0, b=2.0, c=0.0)", facts=cython("elliprc(x, y)"))  # fmt: skip
elementwise("scipy.special.elliprg(x, y, z)", x="0.125 * carlson(x, y, z, 1.0, a=1.5, k=1.0)",
            y="0.125 * carlson(x, y, z, 1.0, b=1.5, k=1.0)", z="0.125 * carlson(x, y, z, 1.0, c=1.5, k=1.0)",
            facts=cython("elliprg(x, y, z)"))  # fmt: skip
elementwise("scipy.special.elliprj(x, y, z, p)", x="-0.75 * carlson(x, y, z, p, a=1.5, d=1.0)",
            y="-0.75 * carlson(x, y, z, p, b=1.5, d=1.0)",
            z="-0.75 * carlson(x, y, z, p, c=1.5, d=1.0)", p="-1.5 * carlson(x, y, z, p, d=2.0)",
            facts=cython("elliprj(x, y, z, p)"))  # fmt: skip

# The arithmetic-geometric mean, pi / 2 over R_F(0, a * a, b * b)
SOURCE = "DLMF 19.22.11"
elementwise("scipy.special.agm(a, b)", a="ans * ans * np.abs(a) * scipy.special.elliprd(0.0, b * b, a * a) * (2.0 / (3.0 * math.pi))",
            b="ans * ans * np.abs(b) * scipy.special.elliprd(0.0, a * a, b * b) * (2.0 / (3.0 * math.pi))",
            facts=cython("agm(a, b)"))  # fmt: skip
