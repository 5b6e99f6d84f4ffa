"""The edges of the functions of scipy.special."""

from __future__ import annotations

import math

from scipy.special import lambertw

from tests.forms.edges import INF, NAN, at, each

S = "scipy.special.F"
LAMBERT = lambertw(-2 + 0j) / (-2.0 * (1.0 + lambertw(-2 + 0j)))  # DLMF 4.13.4, on the cut
ELEMENTARY = [
    at("scipy.special.expit(x)", {"x": [0.0]}, x=[-800.0]), at("scipy.special.log_expit(x)", {"x": [1.0]}, x=[-800.0]),
    at("scipy.special.log_ndtr(x)", {"x": [1e9]}, x=[-1e9]), at("scipy.special.erfcx(x)", {"x": -1e-18 / math.sqrt(math.pi)}, x=1e9),
    at("scipy.special.dawsn(x)", {"x": -5e-19}, x=1e9),
    at("scipy.special.wofz(z)", {"z_re": 0.0, "z_im": -1e-18 / math.sqrt(math.pi)}, z=1e9j),
    *each(S + "(x)", "logit ndtri", {"x": [INF, INF]}, x=[0.0, 1.0]), at("scipy.special.erfinv(x)", {"x": [INF, INF]}, x=[-1.0, 1.0]),
    at("scipy.special.erfcinv(x)", {"x": [-INF, -INF]}, x=[0.0, 2.0]), *each(S + "(x)", "cbrt entr", {"x": [INF]}, x=[0.0]),
    at("scipy.special.log1p(x)", {"x": [INF]}, x=[-1.0]), at("scipy.special.logsumexp(a)", {"a": [0.0, 0.5, 0.5]}, a=[-INF, 1.0, 1.0]),
    at("scipy.special.logsumexp(a)", {"a": [0.0, 0.0]}, a=[-INF, -INF]), at("scipy.special.logsumexp(a)", {"a": [NAN, 0.0]}, a=[INF, 0.0]),
    at("scipy.special.softmax(x)[0]", {"x": [0.0, 0.0]}, x=[-INF, 0.0]),
    at("scipy.special.xlogy(x, y)", {"x": [-INF, math.log(3.0)], "y": [0.0, 0.0]}, x=[0.0, 0.0], y=[0.0, 3.0]),
    at("scipy.special.xlog1py(x, y)", {"x": [-INF, math.log(3.0)], "y": [0.0, 0.0]}, x=[0.0, 0.0], y=[-1.0, 2.0]),
    at("scipy.special.rel_entr(x, y)", {"x": [0.0, -INF], "y": [0.0, 0.0]}, x=[0.0, 0.0], y=[0.0, 2.0]),
    at("scipy.special.kl_div(x, y)", {"x": [0.0, -INF], "y": [1.0, 1.0]}, x=[0.0, 0.0], y=[0.0, 2.0]),
    at("scipy.special.huber(d, r)", {"d": 0.0, "r": [-1.0, 1.0]}, d=1.0, r=[-1.0, 1.0]),
    at("scipy.special.pseudo_huber(d, r)", {"r": [0.0]}, ("d",), d=0.0, r=[0.0]),
    at("scipy.special.boxcox(x, l)", {"x": [0.5], "l": [0.5 * math.log(2.0) ** 2]}, x=[2.0], l=[0.0]),
    at("scipy.special.boxcox(x, l)", {"x": [0.0], "l": [0.25]}, x=[0.0], l=[2.0]),
    at("scipy.special.boxcox1p(x, l)", {"x": [0.5], "l": [0.5 * math.log(2.0) ** 2]}, x=[1.0], l=[0.0]),
    at("scipy.special.boxcox1p(x, l)", {"x": [0.0], "l": [0.25]}, x=[-1.0], l=[2.0]),
    *each(S + "(x, l)", "inv_boxcox inv_boxcox1p", {"x": [math.e], "l": [-0.5 * math.e]}, x=[1.0], l=[0.0]),
    at("scipy.special.exprel(x)", {"x": [0.5]}, x=[0.0]), at("scipy.special.sinc(x)", {"x": [0.0]}, x=[0.0]),
    at("scipy.special.powm1(x, y)", {"x": [1.0, 0.0], "y": [0.0, 0.0]}, x=[0.0, 0.0], y=[1.0, 2.0]),
    at("scipy.special.tandg(x)", {"x": [INF]}, x=[90.0]), at("scipy.special.cotdg(x)", {"x": [-INF]}, x=[0.0]),
    *each("x * " + S + "(x)", "round", {"x": [2.0]}, x=[2.0]), at("scipy.special.diric(x, 5)", {"x": [0.0]}, x=[0.0]),
    at("scipy.special.agm(a, b)", {"a": 0.5, "b": 0.5}, a=1.0, b=1.0), at("scipy.special.agm(a, 1.0)", {"a": NAN}, a=0.0),
]  # fmt: skip
GAMMAS = [
    *each(S + "(x)", "digamma psi", {"x": [INF, INF]}, x=[0.0, -1.0]),
    at("scipy.special.polygamma(1, x)", {"x": [-INF, -INF]}, x=[0.0, -1.0]),
    *each(S + "(x)", "gamma gammaln loggamma", {"x": [-INF, NAN]}, x=[0.0, -1.0]),
    at("scipy.special.rgamma(x)", {"x": [1.0, -1.0, 2.0]}, x=[0.0, -1.0, -2.0]),
    *each(S + "(a, 1.0)", "beta betaln", {"a": [-INF]}, a=[0.0]), at("scipy.special.poch(z, 1.0)", {"z": [NAN, NAN]}, z=[0.0, -1.0]),
    at("scipy.special.binom(n, k)", {"n": NAN, "k": NAN}, n=3.0, k=4.0),
    *each(S + "(n, k)", "comb perm", {"n": 0.0, "k": 0.0}, n=3.0, k=4.0), at("scipy.special.factorial(n)", {"n": [0.0]}, n=[-1.0]),
    at("x * scipy.special.gammasgn(x)", {"x": [1.0]}, x=[0.0]),
    *[at(f"scipy.special.gammainc({a}, x)", {"x": d}, x=0.0) for a, d in ((0.5, INF), (1.0, 1.0), (2.0, 0.0))],
    at("scipy.special.gammaincc(1.0, x)", {"x": -1.0}, x=0.0), at("scipy.special.betainc(1.0, 2.0, x)", {"x": [2.0, 0.0]}, x=[0.0, 1.0]),
    at("scipy.special.betaincc(1.0, 2.0, x)", {"x": [-2.0, 0.0]}, x=[0.0, 1.0]), at("scipy.special.gammaincinv(2.0, y)", {"y": INF}, y=0.0),
    at("scipy.special.betaincinv(2.0, 2.0, y)", {"y": INF}, y=0.0), at("scipy.special.gammainccinv(2.0, y)", {"y": -INF}, y=1.0),
    at("scipy.special.betainccinv(2.0, 2.0, y)", {"y": -INF}, y=1.0),
    at("scipy.special.voigt_profile(x, s, 1.0)", {"x": NAN, "s": NAN}, x=0.0, s=0.0),
    at("scipy.special.loggamma(z)", {"z_re": 0.03648997397857652, "z_im": 0.0}, z=-0.5 + 0j),
    at("scipy.special.kolmogorov(x)", {"x": [0.0, 0.0]}, x=[0.0, -1.0]),
    at("scipy.special.tklmbda(x, l)", {"x": [0.0, 0.0], "l": 0.0}, x=[-3.0, 3.0], l=0.5),
    at("scipy.special.chdtr(2.0, x)", {"x": 0.5}, x=0.0), at("scipy.special.fdtr(2.0, 3.0, x)", {"x": 1.0}, x=0.0),
    at("scipy.special.gdtr(1.0, 1.0, x)", {"x": 1.0}, x=0.0), at("scipy.special.stdtrit(2.0, p)", {"p": INF}, p=1.0),
]  # fmt: skip
WAVES = [
    *each(S + "(0.5, x)", "jv iv", {"x": [INF]}, x=[0.0]), *each(S + "(1, x)", "jv iv jve ive", {"x": [0.5]}, x=[0.0]),
    *each(S + "(x)", "j1 i1 i1e", {"x": [0.5]}, x=[0.0]), *each(S + "(x)", "j0 i0 i0e", {"x": [0.0]}, x=[0.0]),
    *each(S + "(1, x)", "spherical_jn spherical_in", {"x": [1.0 / 3.0]}, x=[0.0]), at("scipy.special.y0(x)", {"x": [INF]}, x=[0.0]),
    *each(S + "(x)", "k0 k1 ker", {"x": [-INF]}, x=[0.0]), *each(S + "(1, x)", "kn kv", {"x": [-INF]}, x=[0.0]),
    *each(S + "(x)", "y1 k0e k1e", {"x": [NAN]}, x=[0.0]), *each(S + "(1, x)", "yn yv kve spherical_yn", {"x": [NAN]}, x=[0.0]),
    at("scipy.special.spherical_kn(1, x)", {"x": [-INF]}, x=[0.0]), at("scipy.special.hankel1(0, z)", {"z_re": NAN, "z_im": NAN}, z=0j),
    at("scipy.special.ellipk(m)", {"m": [math.pi / 8.0, INF]}, m=[0.0, 1.0]),
    at("scipy.special.ellipe(m)", {"m": [-math.pi / 8.0, -INF]}, m=[0.0, 1.0]),
    *each(S + "(x)", "ellipkm1 spence exp1", {"x": [-INF]}, x=[0.0]),
    at("scipy.special.ellipkinc(1.0, m)", {"m": (1.0 - math.sin(1.0) * math.cos(1.0)) / 4.0}, m=0.0),
    at("scipy.special.ellipeinc(1.0, m)", {"m": -(1.0 - math.sin(1.0) * math.cos(1.0)) / 4.0}, m=0.0),
    at("scipy.special.ellipj(0.4, m)[0]", {"m": -0.25 * (0.4 - math.sin(0.4) * math.cos(0.4)) * math.cos(0.4)}, m=0.0),
    at("scipy.special.ellipj(0.4, m)[0]", {"m": -0.25 * (math.sinh(0.4) * math.cosh(0.4) - 0.4) / math.cosh(0.4) ** 2}, m=1.0),
    at("scipy.special.elliprf(x, y, z)", dict.fromkeys("xyz", -1.0 / 6.0), x=1.0, y=1.0, z=1.0),
    at("scipy.special.elliprg(x, y, z)", dict.fromkeys("xyz", 1.0 / 6.0), x=1.0, y=1.0, z=1.0),
    at("scipy.special.elliprc(x, y)", {"x": -1.0 / 6.0, "y": -1.0 / 3.0}, x=1.0, y=1.0),
    at("scipy.special.elliprd(x, y, z)", {"x": -0.3, "y": -0.3, "z": -0.9}, x=1.0, y=1.0, z=1.0),
    at("scipy.special.elliprj(x, y, z, p)", {"x": -0.3, "y": -0.3, "z": -0.3, "p": -0.6}, x=1.0, y=1.0, z=1.0, p=1.0),
    at("scipy.special.elliprc(x, 1.0)", {"x": -INF}, x=0.0), at("scipy.special.elliprf(x, 1.0, 1.0)", {"x": -INF}, x=0.0),
    at("scipy.special.expi(x)", {"x": [INF]}, x=[0.0]), *[at(f"scipy.special.expn({n}, x)", {"x": -INF}, x=0.0) for n in (1, 2)],
    *[f for i, d in ((0, 1.0), (1, INF)) for f in each(S + f"(x)[{i}]", "sici shichi", {"x": [d]}, x=[0.0])],
    at("scipy.special.lambertw(x)", {"x": 1.0}, x=0.0),
    at("scipy.special.lambertw(z)", {"z_re": LAMBERT.real, "z_im": -LAMBERT.imag}, z=-2 + 0j),
    at("scipy.special.spence(z)", {"z_re": math.log(2.0) / 3.0, "z_im": -math.pi / 3.0}, z=-2 + 0j),
    at("scipy.special.exp1(z)", {"z_re": 0.5 * math.exp(2.0), "z_im": 0.0}, z=-2 + 0j),
    *each(S + "(x)", "zeta zetac", {"x": [-INF]}, x=[1.0]), *each(S + "(z)", "log1p", {"z_re": -0.5, "z_im": 0.0}, z=-3 + 0j),
    *each(S + "(2, x)", "eval_legendre legendre_p", {"x": [3.0, -3.0]}, x=[1.0, -1.0]),
    at("scipy.special.eval_chebyt(3, x)", {"x": [9.0, 9.0]}, x=[1.0, -1.0]),
    at("scipy.special.eval_chebyu(3, x)", {"x": [20.0, 20.0]}, x=[1.0, -1.0]),
    at("scipy.special.eval_jacobi(2, 0.5, 0.5, x)", {"x": [5.0, -5.0]}, x=[1.0, -1.0]),
    at("scipy.special.lpmv(1, 2, x)", {"x": [NAN, NAN]}, x=[1.0, -1.0]),
    at("scipy.special.assoc_legendre_p(2, 1, x)", {"x": [INF]}, x=[1.0]),
    at("scipy.special.sph_legendre_p(2, 1, t)", {"t": -math.sqrt(15.0 / (8.0 * math.pi))}, t=0.0),
    at("scipy.special.sph_harm_y(2, 1, t, 0.0)", {"t": -math.sqrt(15.0 / (8.0 * math.pi))}, t=0.0),
    *each(S + "(x)[1]", "itj0y0", {"x": [-INF]}, x=[0.0]), *each(S + "(x)[1]", "iti0k0", {"x": [INF]}, x=[0.0]),
]  # fmt: skip
CLAIMS = [*ELEMENTARY, *GAMMAS, *WAVES]
RAISES: list = []
