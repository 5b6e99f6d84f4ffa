"""The edges of functions of SciPy besides those of scipy.special."""

from __future__ import annotations

import math

import numpy as np

from tests.forms.edges import INF, NAN, at, each, raises

EYE, ZEROS, ONES = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]
SINGULAR, SPD, FLAT = [[1.0, 2.0], [2.0, 4.0]], [[4.0, 2.0], [2.0, 3.0]], [[1.0, 0.0], [0.0, 0.0]]
POINT, ROW = [1.0, 2.0], [[1.0, 2.0]]
L, D, ST, SG, IM = "scipy.linalg.F", "scipy.spatial.distance.F", "scipy.stats.F", "scipy.signal.F", "scipy.ndimage.F"
IP, OP = "scipy.interpolate.F", "scipy.optimize.F"
MATRICES = [
    at("scipy.linalg.norm(x)", {"x": [0.0, 0.0]}, x=[0.0, 0.0]), at("scipy.linalg.det(a)", {"a": [[4.0, -2.0], [-2.0, 1.0]]}, a=SINGULAR),
    at("scipy.linalg.eigvalsh(a)[:1]", {"a": [[0.0, 0.0], [0.0, 1.0]]}, a=[[2.0, 0.0], [0.0, 1.0]]),
    at("scipy.linalg.cholesky(a)[0, 1]", {"a": [[-0.125, 0.5], [0.0, 0.0]]}, a=SPD),
    at("scipy.linalg.cho_factor(a, True)[0][1, 0]", {"a": [[-0.125, 0.0], [0.5, 0.0]]}, a=SPD),
    at("scipy.linalg.eigh(a, eigvals_only=True) ** 2", {"a": [[2.0, 0.0], [0.0, 2.0]]}, a=EYE),
    *each(L + "(a)[0] ** 2", "eigh eig", {"a": [[2.0, 0.0], [0.0, 2.0]]}, a=EYE),
    *each(L + "(a)", "eigvals eigvalsh svdvals", {"a": EYE}, a=EYE),
    at("scipy.linalg.cho_solve((c, False), [1.0, 2.0])", {"c": [[0.25, -1.0], [0.0, -1.5]]}, c=[[2.0, 1.0], [7.0, 1.0]]),
    at("scipy.linalg.solve_triangular(a, [1.0, 2.0])", {"a": [[1.0 / 48.0, -1.0 / 6.0], [0.0, -1.0 / 9.0]]}, a=SPD),
    at("scipy.linalg.eigvalsh_tridiagonal(d, e)", {"d": [1.0, 1.0], "e": [0.0]}, d=[1.0, 1.0], e=[0.0]),
    at("scipy.linalg.eigh_tridiagonal(d, e)[0]", {"d": [1.0, 1.0], "e": [0.0]}, d=[1.0, 1.0], e=[0.0]),
    at("scipy.linalg.svd(a)[1]", {"a": EYE}, a=EYE), at("scipy.linalg.svdvals(a)", {"a": EYE}, a=ZEROS),
    at("scipy.linalg.pinv(a)", {"a": [[-1.0, 1.0], [1.0, 0.0]]}, a=FLAT),
    at("scipy.linalg.pinvh(a)", {"a": [[-1.0, 0.0], [2.0, 0.0]]}, a=FLAT),
    at("scipy.linalg.lstsq(a, b)[0]", {"a": [[-0.5, -0.5], [-0.25, -0.25]], "b": [0.5, 0.5]}, a=ONES, b=[1.0, 2.0]),
    at("scipy.linalg.expm(a)", {"a": [[1.5, 1.0], [13.0 / 6.0, 1.5]]}, a=[[0.0, 1.0], [0.0, 0.0]]),
    at("scipy.linalg.logm(a)", {"a": ONES}, a=EYE), at("scipy.linalg.sqrtm(a)", {"a": [[0.5, 0.5], [0.5, 0.5]]}, a=EYE),
    at("scipy.linalg.fractional_matrix_power(a, 0.5)", {"a": [[0.5, 0.5], [0.5, 0.5]]}, a=EYE),
    at("scipy.linalg.solve_banded((0, 1), a, [1.0, 2.0])", {"a": [[0.0, -2.0], [1.0, 0.0]]}, a=[[9.0, 1.0], [1.0, 1.0]]),
    at("scipy.linalg.toeplitz(c, r)", {"c": [2.0, 1.0], "r": [0.0, 1.0]}, c=[1.0, 2.0], r=[7.0, 3.0]),
    at("scipy.linalg.hankel(c, r)", {"c": [1.0, 2.0], "r": [0.0, 1.0]}, c=[1.0, 2.0], r=[7.0, 3.0]),
    at("scipy.linalg.solve_toeplitz((c, r), [1.0, 2.0])", {"c": [-3.0, -1.0], "r": [0.0, -2.0]}, c=[1.0, 0.0], r=[7.0, 0.0]),
    at("scipy.linalg.fiedler(a)", {"a": [0.0, 0.0]}, a=[1.0, 1.0]),
]  # fmt: skip
POINTS = [
    *each("scipy.spatial.F(a, [[1.0, 2.0]])", "distance_matrix minkowski_distance", {"a": [[0.0, 0.0]]}, a=ROW),
    *each(D + "(a, [[1.0, 2.0]])", "cdist", {"a": [[0.0, 0.0]]}, a=ROW),
    *each(D + "(a)", "pdist", {"a": ZEROS}, a=[[1.0, 2.0], [1.0, 2.0]]),
    *each(D + "(a, [1.0, 2.0])", "euclidean minkowski cityblock canberra", {"a": [0.0, 0.0]}, a=POINT),
    at("scipy.spatial.distance.mahalanobis(a, [1.0, 2.0], np.eye(2))", {"a": [0.0, 0.0]}, a=POINT),
    at("scipy.spatial.distance.seuclidean(a, [1.0, 2.0], [1.0, 1.0])", {"a": [0.0, 0.0]}, a=POINT),
    at("scipy.spatial.distance.chebyshev(a, [2.0, 3.0])", {"a": [-1.0, 0.0]}, a=POINT),
    at("scipy.spatial.distance.cosine(a, [1.0, 2.0])", {"a": [0.0, 0.0]}, a=[0.0, 0.0]),
    at("scipy.spatial.distance.correlation(a, [1.0, 2.0])", {"a": [0.0, 0.0]}, a=[1.0, 1.0]),
    at("scipy.spatial.distance.jensenshannon(a, [0.5, 0.5])", {"a": [NAN, NAN]}, a=[0.5, 0.5]),
    at("scipy.spatial.distance.hamming(a, [1.0, 3.0]) * a[0]", {"a": [0.5, 0.0]}, a=POINT),
    at("scipy.spatial.distance.dice(a, [1.0, 1.0])", {"a": [0.0, 0.0]}, a=[1.0, 0.0]),
]  # fmt: skip
SAMPLES = [
    at("scipy.stats.expon.pdf(x)", {"x": [0.0, -1.0]}, x=[-1.0, 0.0]),
    at("scipy.stats.gamma.pdf(x, 1.0)", {"x": [0.0, -1.0]}, x=[-1.0, 0.0]),
    at("scipy.stats.weibull_min.pdf(x, 1.0)", {"x": [0.0, -1.0]}, x=[-1.0, 0.0]),
    at("scipy.stats.uniform.cdf(x)", {"x": [0.0, 1.0, 1.0, 0.0]}, x=[-1.0, 0.0, 1.0, 2.0]),
    at("scipy.stats.beta.pdf(x, 2.0, 2.0)", {"x": [0.0, 0.0, 0.0]}, x=[0.0, 1.0, 2.0]),
    at("scipy.stats.beta.cdf(x, 1.0, 1.0)", {"x": [1.0, 1.0]}, x=[0.0, 1.0]),
    at("scipy.stats.lognorm.pdf(x, 1.0)", {"x": [0.0, 0.0]}, x=[-1.0, 0.0]),
    at("scipy.stats.triang.pdf(x, 0.5)", {"x": [0.0, 0.0, 0.0]}, x=[-1.0, 0.0, 1.0]),
    at("scipy.stats.laplace.pdf(x)", {"x": [0.0]}, x=[0.0]),
    at("scipy.stats.genextreme.pdf(x, 0.5)", {"x": [0.0]}, x=[9.0]),
    at("scipy.stats.laplace_asymmetric.pdf(x, 1.5)", {"x": [0.0]}, x=[0.0]),
    *each("scipy.stats.norm.F(x)", "cdf logcdf", {"x": [0.0, 0.0]}, x=[-INF, INF]),
    at("scipy.stats.norm.ppf(x)", {"x": [INF, INF]}, x=[0.0, 1.0]), at("scipy.stats.poisson.ppf(q, 2.2)", {"q": 0.0}, q=0.5),
    at("scipy.stats.poisson.logpmf(0, m)", {"m": -1.0}, m=0.0), at("scipy.stats.binom.pmf([1, 3], 2, p)", {"p": 2.0}, p=0.0),
    at("scipy.stats.geom.pmf([0, 2], p)", {"p": -1.0}, p=1.0), at("scipy.stats.bernoulli.pmf([-1, 1], p)", {"p": 1.0}, p=0.0),
    *each(ST + "(a)", "sem variation", {"a": [0.0, 0.0]}, a=[2.0, 2.0]),
    *each(ST + "(a)", "zscore skew kurtosis", {"a": [NAN, NAN]}, a=[2.0, 2.0]),
    at("scipy.stats.zmap(a, [1.0, 1.0])", {"a": [INF, INF]}, a=[1.0, 2.0]),
    at("scipy.stats.iqr(a)", {"a": [-0.25, -0.25, 0.5]}, a=[1.0, 1.0, 3.0]),
    at("scipy.stats.tmax(a)", {"a": [0.0, 0.5, 0.5]}, a=[1.0, 3.0, 3.0]),
    at("scipy.stats.tmin(a)", {"a": [0.5, 0.5, 0.0]}, a=[1.0, 1.0, 3.0]),
    at("scipy.stats.describe(a).minmax", {"a": [0.5, 0.5, 1.0]}, a=[1.0, 1.0, 2.0]),
    at("scipy.stats.median_abs_deviation(a)", {"a": [0.0, 0.0, 0.0]}, a=[1.0, 1.0, 3.0]),
    at("scipy.stats.trim_mean(a, 0.25)", {"a": [0.0, 0.5, 0.5, 0.0]}, a=[1.0, 1.0, 2.0, 3.0]),
    at("scipy.stats.trimboth(a, 0.25)", {"a": [0.0, 1.0, 1.0, 0.0]}, a=[1.0, 1.0, 2.0, 3.0]),
    at("scipy.stats.trim1(a, 0.25)", {"a": [1.0, 1.0, 1.0, 0.0]}, a=[1.0, 1.0, 2.0, 3.0]),
    at("scipy.stats.tmean(a, (0.0, 2.0))", {"a": [0.5, 0.5, 0.0]}, a=[1.0, 2.0, 3.0]),
    at("scipy.stats.tvar(a, (0.0, 2.0))", {"a": [-1.0, 1.0, 0.0]}, a=[1.0, 2.0, 3.0]),
    at("scipy.stats.entropy(p)", {"p": [INF, 0.0]}, p=[0.0, 1.0]), at("scipy.stats.moment(a)", {"a": [0.0, 0.0]}, a=[1.0, 3.0]),
    at("scipy.stats.boxcox(a, 0.0)", {"a": [0.5, 0.25]}, a=[2.0, 4.0]),
    at("scipy.stats.yeojohnson(a, 0.0)", {"a": [1.0, 0.25]}, a=[0.0, 3.0]),
    at("scipy.stats.yeojohnson(1.0, p)", {"p": 0.5 * math.log(2.0) ** 2}, p=0.0),
    at("scipy.stats.yeojohnson(-1.0, p)", {"p": 0.5 * math.log(2.0) ** 2}, p=2.0),
    at("scipy.stats.pmean([1.0, 4.0], p)", {"p": math.log(2.0) ** 2}, p=0.0),
    *each(ST + "(a, [0.0, 1.0])", "wasserstein_distance energy_distance", {"a": [0.0, 0.0]}, a=[0.0, 1.0]),
    at("scipy.stats.multivariate_normal.logpdf([0.0, 0.0], [0.0, 0.0], c)", {"c": [[-0.5, 0.0], [0.0, -0.5]]}, c=EYE),
]  # fmt: skip
SHARED = {"a": [7.0 / 6.0, 11.0 / 6.0, 0.0]}
IMAGES = [
    *each(IM + "(a, 3)", "maximum_filter maximum_filter1d grey_dilation", SHARED, a=[2.0, 2.0, 1.0]),
    *each(IM + "(a, 3)", "minimum_filter minimum_filter1d grey_erosion", SHARED, a=[2.0, 2.0, 3.0]),
    at("scipy.ndimage.rank_filter(a, 0, 3)", SHARED, a=[2.0, 2.0, 3.0]),
    at("scipy.ndimage.median_filter(a, 3)", {"a": [7.0 / 6.0, 5.0 / 6.0, 1.0]}, a=[2.0, 2.0, 3.0]),
    at("scipy.ndimage.percentile_filter(a, 50, 3)", {"a": [7.0 / 6.0, 5.0 / 6.0, 1.0]}, a=[2.0, 2.0, 3.0]),
    at("scipy.ndimage.median(a)", {"a": [0.5, 0.5, 0.0]}, a=[1.0, 1.0, 4.0]),
    at("scipy.ndimage.extrema(a)[0]", {"a": [0.5, 0.5, 0.0]}, a=[1.0, 1.0, 4.0]),
    at("scipy.ndimage.standard_deviation(a)", {"a": [0.0, 0.0]}, a=[1.0, 1.0]),
    at("scipy.ndimage.gaussian_gradient_magnitude(a, 0.7)", {"a": [0.0, 0.0, 0.0]}, a=[2.0, 2.0, 2.0]),
    at("scipy.ndimage.map_coordinates([1.0, 3.0, 4.0], c, order=1)", {"c": [[2.0, 1.0]]}, c=[[0.0, 1.0]]),
    at("scipy.ndimage.map_coordinates(a, c, order=0)", {"a": [0.0, 1.0, 0.0], "c": [[0.0, 0.0]]}, a=[1.0, 3.0, 4.0], c=[[1.0, 5.0]]),
    at("scipy.ndimage.shift([1.0, 3.0, 4.0], s, order=1)", {"s": -2.0}, s=0.0),
    at("scipy.ndimage.histogram(a, 0.0, 2.0, 2) * a[0]", {"a": [2.0, 0.0]}, a=[0.5, 1.0]),
    at("scipy.signal.medfilt(a, 3)", {"a": [1.0, 2.0, 0.0]}, a=[2.0, 2.0, 3.0]),
    at("scipy.signal.order_filter(a, np.ones(3), 1)", {"a": [1.0, 2.0, 0.0]}, a=[2.0, 2.0, 3.0]),
    at("scipy.signal.medfilt2d(a, 3)[1, 1]", {"a": np.full((3, 3), 1.0 / 9.0)}, a=np.ones((3, 3))),
    at("scipy.signal.envelope(x)[0]", {"x": [0.0] * 4}, x=[0.0] * 4), at("x * scipy.signal.square(x)", {"x": [1.0]}, x=[0.0]),
    at("scipy.signal.sawtooth(x)", {"x": [1.0 / math.pi]}, x=[0.0]),
]  # fmt: skip
KNOTS, HEIGHTS = np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0, 4.0])
SPLINES = [
    *[at(f"scipy.interpolate.{call}", {"t": [3.0, 1.0, 1.0]}, ("x", "y"), x=KNOTS, y=HEIGHTS, t=[0.0, 1.0, 2.0])
      for call in ("interpn((x,), y, t)", "RegularGridInterpolator((x,), y)(t)", "interp1d(x, y)(t)")],
    *[at(f"scipy.interpolate.{call}", {"t": [0.0], "y": [0.0] * 3}, ("x",), x=KNOTS, y=HEIGHTS, t=[3.0])
      for call in ("RegularGridInterpolator((x,), y, bounds_error=False)(t)", "interp1d(x, y, bounds_error=False)(t)")],
    at("scipy.interpolate.RegularGridInterpolator((x,), y, method='nearest')(t)", {"t": [0.0]}, ("x", "y"), x=KNOTS, y=HEIGHTS, t=[0.2]),
    at("scipy.interpolate.BSpline([0.0, 0.0, 1.0, 2.0, 2.0], [0.0, 3.0, 4.0], 1)(t)", {"t": [1.0]}, t=[1.0]),
    at("scipy.interpolate.make_interp_spline(x, y, k=1)(t)", {"t": [1.0]}, ("x", "y"), x=KNOTS, y=HEIGHTS, t=[1.0]),
    at("scipy.interpolate.splev(t, (np.array([0.0, 0.0, 1.0, 2.0, 2.0]), np.array([0.0, 3.0, 4.0, 0.0, 0.0]), 1), ext=1)",
       {"t": [1.0, 0.0]}, t=[1.0, 3.0]),
    at("scipy.interpolate.PchipInterpolator([0.0, 1.0, 2.0, 3.0], y)(1.5)", {"y": [0.0, 0.5, 0.5, 0.0]}, y=[1.0] * 4),
    at("scipy.interpolate.PchipInterpolator([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 4.0, 3.0])(t)", {"t": [4.0 / 3.0]}, t=[1.0]),
]  # fmt: skip
INTEGRALS = [
    at("scipy.integrate.quad(lambda t: np.exp(-c * t), a, b)[0]", {"a": -math.exp(-1.0), "b": math.exp(-1.0), "c": 0.0}, a=1.0, b=1.0,
       c=1.0),
    at("scipy.integrate.quad(lambda t: np.exp(-c * t), a, np.inf)[0]", {"a": -1.0, "c": -1.0}, a=0.0, c=1.0),
    at("scipy.integrate.quad(lambda t: 1.0 if t > c else 0.0, 0.0, 1.0, points=[0.5])[0]", {"c": 0.0}, c=0.5),
    at("scipy.integrate.solve_ivp(lambda t, y: -c * y, (0.0, 1.0), [1.0]).y[0, -1]", {"c": -0.36649989607929206}, c=1.0),
    at("scipy.integrate.odeint(lambda y, t: -c * y, 1.0, [0.0, 1.0], rtol=1e-12, atol=1e-12)[-1, 0]", {"c": -math.exp(-1.0)}, c=1.0),
]  # fmt: skip
SOLVERS = [
    at("scipy.optimize.brentq(lambda x: x - c, a, b)", {"a": 0.0, "b": 0.0, "c": 1.0}, a=0.0, b=2.0, c=1.0),
    at("scipy.optimize.root_scalar(lambda x: x - c, bracket=(0.0, 2.0)).root", {"c": 1.0}, c=1.0),
    *each(OP + "(lambda x: x * x - c, x0)", "newton fsolve", {"c": math.sqrt(0.125), "x0": 0.0}, c=2.0, x0=1.0),
    at("scipy.optimize.root(lambda x: x * x - c, [x0]).x", {"c": math.sqrt(0.125), "x0": 0.0}, c=2.0, x0=1.0),
    at("scipy.optimize.fixed_point(lambda x: 0.5 * x + c, x0)", {"c": 2.0, "x0": 0.0}, c=1.0, x0=0.5),
    at("scipy.optimize.minimize(lambda x: (x[0] - c) ** 2, [x0]).x", {"c": 1.0, "x0": 0.0}, c=2.0, x0=1.0),
    at("scipy.optimize.minimize_scalar(lambda x: (x - c) ** 2).x", {"c": 1.0}, c=2.0),
    at("scipy.optimize.least_squares(lambda x: x - c, [x0]).x", {"c": 1.0, "x0": 0.0}, c=2.0, x0=1.0),
    at("scipy.optimize.curve_fit(lambda t, p: p * t, [0.0, 1.0, 2.0], y)[0]", {"y": [0.0, 0.2, 0.4]}, y=[0.0, 1.0, 2.0]),
    at("scipy.optimize.minimize(lambda x: (x[0] - c) ** 2, [0.5], bounds=[(0.0, 1.0)], method='L-BFGS-B').x", {"c": 0.0}, c=2.0),
    at("scipy.optimize.least_squares(lambda x: x - c, [0.5], bounds=(0.0, 1.0)).x", {"c": 0.0}, c=2.0),
    at("scipy.optimize.nnls(np.eye(2), b)[0]", {"b": [1.0, 0.0]}, b=[1.0, -1.0]),
    at("scipy.optimize.lsq_linear(np.eye(2), b, bounds=(0.0, 1.0)).x", {"b": [1.0, 0.0]}, b=[0.5, 2.0]),
    at("scipy.optimize.linprog(c, A_ub=[[-1.0, -1.0]], b_ub=b).x", {"c": [0.0, 0.0], "b": [-1.0]}, c=[1.0, 2.0], b=[-1.0]),
    at("scipy.sparse.linalg.cg(a, b, x0)[0]", {"a": [[0.0, -1.0], [0.0, -1.0]], "b": [1.0, 1.0], "x0": [0.0, 0.0]}, a=EYE, b=[0.0, 1.0],
       x0=[1.0, 1.0]),
    at("scipy.sparse.linalg.spsolve(scipy.sparse.csc_array((d, ([0, 1], [0, 1]))), b)", {"d": [-0.25, -0.125], "b": [0.5, 0.25]},
       d=[2.0, 4.0], b=[1.0, 2.0]),
]  # fmt: skip
CLAIMS = [*MATRICES, *POINTS, *SAMPLES, *IMAGES, *SPLINES, *INTEGRALS, *SOLVERS]
UNMET = "has not found"
RAISES = [
    *[raises(call, "ingular", a=ZEROS)
       for call in ("scipy.linalg.qr(a)[1]", "scipy.linalg.rq(a)[0]", "scipy.linalg.lu(a)[2]", "scipy.linalg.lu_factor(a)[0]")],
    *[raises("scipy.stats.power_divergence([1.0, 2.0, 6.0], lambda_=p).statistic", "no derivative by lambda_", p=p)
      for p in (0.0, 1.0, -1.0)],
    raises("scipy.optimize.root(lambda x: x * x + c, [1.0]).x", UNMET, c=2.0),
    raises("scipy.optimize.minimize_scalar(lambda x: (x - c) ** 2, bounds=(0.0, 1.0), method='bounded').x", UNMET, c=2.0),
]  # fmt: skip
