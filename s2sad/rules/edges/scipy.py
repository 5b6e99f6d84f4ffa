"""At the edges of functions of SciPy besides scipy.special: matrices, distances, samples, images, splines, integrals, solvers."""
from __future__ import annotations

TIES = "ties share evenly"
EQUAL = "0 where all elements are equal"
SAME = "0 where both points are the same"
SPECTRUM = "equal eigenvalues: right for what is the same in any basis of their space; the rest warns"
RANK = "the rank stays as it is found: right for changes that keep it"
SUPPORT = "0 outside of the support; at its ends the slope from inside, 0 where the density is 0 there"
STEPS = "ppf goes by steps: 0"
FOUND = "by the equation at what is found, so 0 by the first guess; refused if not converged"
BOUND = "what lies at a bound stays there: 0"
LEAST = "by the condition of the minimum; 0 by the first guess; refused if not converged"
KNOT = "at a knot the slope to the right"
LEFT_AT_END = "at the last knot the slope to the left"

NOTES = {
    "scipy.linalg": {
        "0 at 0": "norm",
        "singular: the cofactors": "det",
        "one triangle is read, the other gets 0": "eigh eigvalsh cholesky cho_factor cho_solve solve_triangular pinvh",
        SPECTRUM: "eigh eig",
        "equal eigenvalues: right for their sum": "eigvals eigvalsh eigh_tridiagonal eigvalsh_tridiagonal",
        "equal singular values: right for their sum": "svd svdvals",
        "at a singular value of 0 the slope of one side": "svd svdvals",
        RANK: "pinv pinvh lstsq",
        "singular: raises LinAlgError": "lu lu_factor qr rq",
        "equal eigenvalues and no basis of eigenvectors are no exception": "expm logm sqrtm fractional_matrix_power",
        "not finite, or huge, of a singular matrix": "sqrtm",
        "elements that are not read get 0": "solve_banded toeplitz hankel solve_toeplitz",
        "0 where two numbers are equal": "fiedler",
    },
    "scipy.spatial": {SAME: "distance_matrix minkowski_distance"},
    "scipy.spatial.distance": {
        SAME: "cdist pdist euclidean minkowski mahalanobis seuclidean cityblock canberra",
        "the first of coordinates that differ equally": "chebyshev",
        "0 where it is 0 / 0 and NaN": "cosine correlation",
        "NaN where both are the same": "jensenshannon",
        "0: it counts": "hamming dice",
    },
    "scipy.stats": {
        SUPPORT: "expon gamma beta uniform weibull_min lognorm triang genextreme",
        "pdf has 0 at loc": "laplace laplace_asymmetric",
        "cdf and its logarithm have 0 at infinity": "norm",
        "ppf is infinite at 0 and 1": "norm",
        "at the ends of the range of the parameter the slope from inside": "poisson binom geom bernoulli",
        STEPS: "poisson",
        EQUAL: "sem variation",
        "NaN where all elements are equal": "zscore skew kurtosis",
        "infinite where all elements compared with are equal": "zmap",
        TIES: "iqr tmax tmin describe",
        "0 where equal elements are in the middle": "median_abs_deviation",
        "what is cut off gets 0; equal elements as NumPy orders them": "trim_mean trimboth trim1",
        "what lies outside of the limits gets 0": "tmean tvar",
        "inf at a probability of 0": "entropy",
        "the moment of order 1 is 0: 0": "moment",
        "at the power 0 the limit": "boxcox yeojohnson pmean",
        "no derivative by lambda_ at 1, and near 0 and -1": "power_divergence",
        "0 where both samples are the same": "wasserstein_distance energy_distance",
        "one triangle of cov is read, the other gets 0": "multivariate_normal",
    },
    "scipy.ndimage": {
        TIES: "maximum_filter minimum_filter maximum_filter1d minimum_filter1d grey_dilation grey_erosion "
              "median_filter rank_filter percentile_filter median extrema",
        "0 where the gradient of the image is 0": "gaussian_gradient_magnitude",
        EQUAL: "standard_deviation",
        "order 1: at a place of the grid the slope to the right": "map_coordinates shift",
        "order 0: 0 by places; outside 0 by both": "map_coordinates",
        "counts have 0": "histogram",
    },
    "scipy.signal": {
        TIES: "medfilt medfilt2d order_filter",
        "0 where the envelope is 0": "envelope",
        "0 also at the jumps": "square",
        "where it jumps the slope of the sides": "sawtooth",
    },
    "scipy.interpolate": {
        KNOT: "interpn RegularGridInterpolator interp1d BSpline splev make_interp_spline PchipInterpolator",
        LEFT_AT_END: "interpn RegularGridInterpolator interp1d",
        "outside, where the result is a fill value, 0": "RegularGridInterpolator interp1d splev",
        "equal heights: the slope of the mean that it takes then": "PchipInterpolator",
        "method nearest: 0 by places": "RegularGridInterpolator",
    },
    "scipy.integrate": {
        "an interval of length 0 has the slope of its end": "quad",
        "infinite limits are constants; the derivative under the integral is integrated as it is": "quad",
        "a jump of the integrand that moves is not seen: 0": "quad",
        "the slope of the numbers computed, steps and their control included": "solve_ivp",
        "the slope of the solution, integrated with it": "odeint",
    },
    "scipy.optimize": {
        FOUND: "brentq newton root_scalar fsolve root fixed_point",
        LEAST: "minimize minimize_scalar least_squares curve_fit",
        BOUND: "minimize least_squares nnls lsq_linear",
        "by the corner that is found: 0 by costs of the place, which jumps": "linprog",
    },
    "scipy.sparse.linalg": {
        "of elements that are stored, not of those left out": "spsolve",
        FOUND: "cg",
    },
}
