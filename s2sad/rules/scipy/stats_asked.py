"""What distributions of scipy.stats are asked for besides densities and probabilities: moments, and where they are."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.stats._distn_infrastructure import rv_generic

from s2sad.rules.following import FOLLOWED
from s2sad.rules.language import zero
from s2sad.rules.solving import constant, in_place_of, refused, varies


def parameters(self: Any, args: Any, kwds: Any) -> Any:
    """The shapes, the place and the scale."""
    names = [] if self.shapes is None else self.shapes.split(", ")
    given = {**dict(zip([*names, "loc", "scale"], args, strict=False)), **kwds}
    return [given[name] for name in names], given.get("loc", 0), given.get("scale", 1)


def standard_moment(dist: Any, order: int, shapes: Any) -> Any:
    return dist.moment(order, *shapes)


def moment_of(dist: Any, order: int, args: Any, kwds: Any) -> Any:
    return dist.moment(order, *args, **kwds)


def ends_of(dist: Any, shapes: Any) -> Any:
    """The ends of the standard distribution."""
    return list(dist.support(*shapes))


def support_of(dist: Any, args: Any, kwds: Any) -> Any:
    return list(dist.support(*args, **kwds))


zero("standard_moment(dist, order, shapes)")
zero("moment_of(dist, order, args, kwds)")
zero("ends_of(dist, shapes)")
zero("support_of(dist, args, kwds)")


def _moment(self: Any, order: Any, *args: Any, **kwds: Any) -> Any:
    """The first two by the rules of mean and variance; others are polynomials in the place and the scale."""
    value = moment_of(self, order, constant(args), constant(kwds))
    if order == 0:
        return value
    if order == 1:
        return in_place_of(value, self.mean(*args, **kwds))
    if order == 2:
        return in_place_of(value, self.var(*args, **kwds) + self.mean(*args, **kwds) ** 2)
    shapes, loc, scale = parameters(self, args, kwds)
    if varies(shapes):
        refused(f"the moments of scipy.stats.{self.name} above the second have no derivative by its shapes; those of its mean and variance")
    total = 0.0
    for k in range(order + 1):
        total = total + math.comb(order, k) * standard_moment(self, k, shapes) * scale**k * loc ** (order - k)
    return in_place_of(value, total)


def standard_stats(dist: Any, shapes: Any, moments: str) -> Any:
    return [dist.stats(*shapes, moments=kind) for kind in moments]


zero("standard_stats(dist, shapes, moments)")


def _stats(self: Any, *args: Any, **kwds: Any) -> Any:
    """Mean and variance by their rules; skewness and kurtosis are those of the shapes."""
    kinds, given = kwds.get("moments", "mv"), {name: value for name, value in kwds.items() if name != "moments"}
    shapes, _, _ = parameters(self, args, given)
    if varies(shapes) and ("s" in kinds or "k" in kinds):
        refused(f"skewness and kurtosis of scipy.stats.{self.name} have no derivative by its shapes")
    value = standard_stats(self, constant(shapes), kinds)
    found = [self.mean(*args, **given) if kinds[i] == "m" else self.var(*args, **given) if kinds[i] == "v" else value[i]
             for i in range(len(kinds))]  # fmt: skip
    return found[0] if len(found) == 1 else tuple(found)


def _support(self: Any, *args: Any, **kwds: Any) -> Any:
    shapes, loc, scale = parameters(self, args, kwds)
    if varies(shapes) and type(self)._get_support is not rv_generic._get_support:
        refused(f"the ends of scipy.stats.{self.name} have no derivative by its shapes")
    low, high = support_of(self, constant(args), constant(kwds))
    standard = ends_of(self, constant(shapes))
    return _moved(low, standard[0], loc, scale), _moved(high, standard[1], loc, scale)


def _moved(value: Any, end: Any, loc: Any, scale: Any) -> Any:
    finite = np.isfinite(end)
    return in_place_of(value, np.where(finite, np.where(finite, end, 0.0) * scale + loc, 0.0))


FOLLOWED |= {rv_generic.moment: _moment, rv_generic.support: _support, rv_generic.stats: _stats}
