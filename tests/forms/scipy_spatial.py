"""Distances of scipy.spatial: each metric, with weights and what else it takes, where points are equal, too."""

import numpy as np
import scipy

from tests.forms.form import NEWER, form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(35)
V = np.array([0.5, 1.2, 0.8])
VI = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.0]])
A, B = np.abs(draw(3, 3)) + 0.1, np.abs(draw(2, 3)) + 0.1
DEPRECATED = tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 18)
METRICS = ("sqeuclidean", "cityblock", "minkowski", "chebyshev", "cosine", "correlation", "canberra", "braycurtis", "jensenshannon")

BETWEEN = [
    form("scipy.spatial.distance.cdist(a, b)", a=draw(3, 2), b=draw(4, 2)),
    *[form(f"scipy.spatial.distance.cdist(a, b, {m!r})", a=A, b=B) for m in METRICS],
    form("scipy.spatial.distance.cdist(a, b, 'minkowski', p=3.0, w=w)", a=A, b=B, w=V),
    form("scipy.spatial.distance.cdist(a, b, 'minkowski', p=1)", a=A, b=B),
    form("scipy.spatial.distance.cdist(a, b, metric='euclidean', w=w)", a=A, b=B, w=V),
    form("scipy.spatial.distance.cdist(a, b, 'sqeuclidean', w=w)", a=A, b=B, w=V),
    form("scipy.spatial.distance.cdist(a, b, 'cb', w=w)", a=A, b=B, w=V),
    *[form(f"scipy.spatial.distance.cdist(a, b, {m!r}, w=w)", a=A, b=B, w=V, still=("w",))
      for m in ("cosine", "canberra", "braycurtis", "chebyshev")],
    form("scipy.spatial.distance.cdist(a, b, 'seuclidean', V=v)", a=A, b=B, v=V),
    form("scipy.spatial.distance.cdist(a, b, 'mahalanobis', VI=v)", a=A, b=B, v=VI),
    form("scipy.spatial.distance.cdist(a, b, 'hamming')", a=A, b=B),
    form("scipy.spatial.distance.cdist(a, b, lambda u, v: np.sum((u - v) ** 3))", a=A, b=B),
    form("scipy.spatial.distance.cdist(a, a)", a=draw(3, 2), twice=False, but="the distance of a point to itself has a kink"),
    form("scipy.spatial.distance.cdist(a, np.array([[1.0, 2.0]]))", a=np.array([[1.0, 2.0]]), edge={"a": [[0.0, 0.0]]}),
]

AMONG = [
    form("scipy.spatial.distance.pdist(a)", a=draw(4, 2)),
    *[form(f"scipy.spatial.distance.pdist(a, {m!r})", a=A) for m in ("sqeuclidean", "cosine", "cityblock", "jensenshannon")],
    form("scipy.spatial.distance.pdist(a, 'minkowski', p=3, w=w)", a=A, w=V),
    form("scipy.spatial.distance.pdist(a, 'seuclidean', V=v)", a=A, v=V),
    form("scipy.spatial.distance.pdist(a, 'mahalanobis', VI=v)", a=A, v=VI),
    form("scipy.spatial.distance.pdist(a, lambda u, v: np.sum((u - v) ** 3))", a=A),
    form("scipy.spatial.distance.squareform(x)", x=draw(6)),
    form("scipy.spatial.distance.squareform(x, checks=False)", x=draw(3, 3)),
]

PAIRS = [
    form("scipy.spatial.distance._validate_vector(u)", u=draw(3)),
    form("scipy.spatial.distance._validate_weights(w)", w=V),
    form("scipy.spatial.distance.euclidean(u, v)", u=draw(3), v=draw(3)),
    form("scipy.spatial.distance.euclidean(u, np.ones(3))", u=np.ones(3), edge={"u": np.zeros(3)}),
    form("scipy.spatial.distance.sqeuclidean(u, v, w)", u=draw(3), v=draw(3), w=V),
    form("scipy.spatial.distance.cityblock(u, v)", u=draw(3), v=draw(3)),
    form("scipy.spatial.distance.minkowski(u, v, 3.0, w)", u=draw(3), v=draw(3), w=V),
    form("scipy.spatial.distance.chebyshev(u, v)", u=draw(3), v=draw(3)),
    form("scipy.spatial.distance.cosine(u, v)", u=draw(3), v=draw(3)),
    form("scipy.spatial.distance.correlation(u, v)", u=draw(4), v=draw(4)),
    form("scipy.spatial.distance.mahalanobis(u, v, VI)", u=draw(3), v=draw(3), VI=VI),
    form("scipy.spatial.distance.seuclidean(u, v, V)", u=draw(3), v=draw(3), V=V),
    form("scipy.spatial.distance.braycurtis(u, v)", u=draw(3), v=draw(3)),
    form("u * scipy.spatial.distance.canberra(u, v)", u=A[0], v=A[1]),
    form("scipy.spatial.distance.jensenshannon(u, v)", u=A[0], v=A[1]),
    form("scipy.spatial.distance.hamming(u, v) + np.sum(u * v)", u=draw(3), v=draw(3)),
    form("scipy.spatial.distance_matrix(x, y)", x=draw(2, 3), y=draw(2, 3), deprecated=DEPRECATED),
    form("scipy.spatial.distance_matrix(x, y, p=3)", x=draw(2, 3), y=draw(2, 3), deprecated=DEPRECATED),
    form("scipy.spatial.minkowski_distance(x, y, 1)", x=draw(2, 3), y=draw(2, 3), deprecated=NEWER),
    form("scipy.spatial.minkowski_distance_p(x, y)", x=draw(2, 3), y=draw(2, 3), deprecated=NEWER),
    form("scipy.spatial.geometric_slerp([0.6, 0.8], [0.0, 1.0], t)", t=np.array([0.2, 0.7]), kept=False,
         but="whether the ends are equal is asked of their values"),
]

FORMS = [
    *BETWEEN,
    *AMONG,
    *PAIRS,
    form("scipy.spatial.procrustes(x, y)[2]", x=draw(4, 2), y=draw(4, 2)),
]
