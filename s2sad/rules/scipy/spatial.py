"""Rules of scipy.spatial: distances between rows, and what is followed or has no derivative."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.spatial.distance
import scipy.spatial.transform
from scipy.spatial.distance import squareform

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, instead, means
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy import spatial_metrics
from s2sad.rules.solving import varies
from s2sad.types import distances

FRESH = Facts(fixed=("out",))


def _with_function(*args: Any, **kwargs: Any) -> bool:
    """Whether the metric is a function."""
    return callable(kwargs.get("metric", args[-1] if args else None))


def _among_back(g: Any, X: Any, ans: Any, metric: Any, p: Any, w: Any, V: Any, VI: Any) -> Any:
    """Each pair is taken in both orders, which makes twice what it is, and each row as the first one, which makes half of it."""
    return spatial_metrics.back(squareform(g), X, X, squareform(ans), metric, p, w, V, VI)


def _half(g: Any) -> Any:
    return 0.5 * squareform(g)


def _triangle(g: Any, X: Any) -> Any:
    """Of a matrix, the part above its diagonal is read; an entry of a row stands in both parts."""
    if np.ndim(X) == 2:
        return np.triu(squareform(g), 1)
    return squareform(np.triu(g + g.T, 1) + np.tril(g + g.T, -1), "no", False)


rule("scipy.spatial.distance.cdist(XA, XB, metric='euclidean', out=None, p=2, w=None, V=None, VI=None)",
     XA="spatial_metrics.back(g, XA, XB, ans, metric, p, w, V, VI)", XB="spatial_metrics.back(g.T, XB, XA, ans.T, metric, p, w, V, VI)",
     w="spatial_metrics.weights_back(g, XA, XB, ans, metric, p)", V="spatial_metrics.variances_back(g, XA, XB, ans, V)",
     VI="spatial_metrics.inverse_back(g, XA, XB, ans)", facts=FRESH.but(gives=distances.between))  # fmt: skip
rule("scipy.spatial.distance.pdist(X, metric='euclidean', out=None, p=2, w=None, V=None, VI=None)",
     X="_among_back(g, X, ans, metric, p, w, V, VI)", w="spatial_metrics.weights_back(_half(g), X, X, squareform(ans), metric, p)",
     V="spatial_metrics.variances_back(_half(g), X, X, squareform(ans), V)",
     VI="spatial_metrics.inverse_back(_half(g), X, X, squareform(ans))", facts=FRESH.but(gives=distances.among))  # fmt: skip
instead("scipy.spatial.distance.cdist", "s2sad.rules.scipy.spatial_metrics.cdist", when=_with_function)
instead("scipy.spatial.distance.pdist", "s2sad.rules.scipy.spatial_metrics.pdist", when=_with_function)
linear("scipy.spatial.distance.squareform(X, force='no', checks=True)", X="_triangle(g, X)",
       jvp="scipy.spatial.distance.squareform(X_dot, force, False)", facts=Facts(gives=distances.other_form))  # fmt: skip

linear("scipy.spatial.distance._validate_vector(u, dtype=None)", u="g", jvp="u_dot", facts=Facts(gives=distances.vector, memory="layout"))
linear("scipy.spatial.distance._validate_weights(w, dtype=np.float64)", w="g", jvp="w_dot",
       facts=Facts(gives=distances.weights, memory="layout"))  # fmt: skip
follow("scipy.spatial.distance.euclidean", "scipy.spatial.distance.sqeuclidean", "scipy.spatial.distance.cityblock",
       "scipy.spatial.distance.minkowski", "scipy.spatial.distance.chebyshev", "scipy.spatial.distance.cosine",
       "scipy.spatial.distance.correlation", "scipy.spatial.distance.mahalanobis", "scipy.spatial.distance.seuclidean",
       "scipy.spatial.distance.braycurtis", "scipy.spatial.distance.canberra", "scipy.spatial.distance.jensenshannon")  # fmt: skip
follow("scipy.spatial.distance_matrix", "scipy.spatial.geometric_slerp")


def _simple(p: Any) -> bool:
    """Whether there is a formula without powers, which has no derivative by the one that it is without."""
    return p == np.inf or (p == 1 and not varies(p))


def _powers_of_distances(x: Any, y: Any, p: Any = 2.0) -> Any:
    x, y = np.asarray(x), np.asarray(y)
    dtype = np.promote_types(np.promote_types(x.dtype, y.dtype), "float64")
    apart = np.abs(y.astype(dtype) - x.astype(dtype))
    if p == np.inf:
        return np.amax(apart, axis=-1)
    return np.sum(apart if _simple(p) else apart**p, axis=-1)


def _minkowski_distance(x: Any, y: Any, p: Any = 2.0) -> Any:
    powers = scipy.spatial.minkowski_distance_p(x, y, p)
    return powers if _simple(p) else powers ** (1.0 / p)


means("scipy.spatial.minkowski_distance_p", _powers_of_distances)
means("scipy.spatial.minkowski_distance", _minkowski_distance)
for _name in ("dice", "hamming", "jaccard", "rogerstanimoto", "russellrao", "sokalsneath", "yule"):
    zero(f"scipy.spatial.distance.{_name}(u, v, w=None)", facts=Facts(gives=distances.number))
zero("scipy.spatial.distance.is_valid_dm(D, tol=0.0, throw=False, name='D', warning=False)")
zero("scipy.spatial.distance.is_valid_y(y, warning=False, throw=False, name=None)")
zero("scipy.spatial.distance.num_obs_dm(d)")
zero("scipy.spatial.distance.num_obs_y(Y)")
refuse("scipy.spatial.distance.directed_hausdorff", why="it searches for a pair of points; take that pair and compute its distance")
refuse("scipy.spatial.KDTree", "scipy.spatial.cKDTree", why="it searches for points; compute distances to those that it finds")
refuse("scipy.spatial.ConvexHull", "scipy.spatial.Delaunay", "scipy.spatial.Voronoi", "scipy.spatial.HalfspaceIntersection",
       "scipy.spatial.SphericalVoronoi", "scipy.spatial.tsearch",
       why="it is computed by a geometric library, which finds which points belong together")
follow("scipy.spatial.procrustes")
refuse("scipy.spatial.Rectangle", why="it is an object for searching")
refuse("scipy.spatial.convex_hull_plot_2d", "scipy.spatial.delaunay_plot_2d", "scipy.spatial.voronoi_plot_2d", why="it draws")
refuse("scipy.spatial.transform.RotationSpline",
       why="it looks for angular rates step by step, in an object of SciPy's; scipy.spatial.transform.Slerp has one")  # fmt: skip
