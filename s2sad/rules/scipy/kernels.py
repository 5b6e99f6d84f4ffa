"""What is added up for each place where a density is estimated by kernels."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.stats
from scipy.stats import (
    _kde,
    _stats,
)

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.types import densities


def _apart(points: Any, xi: Any, cho_cov: Any) -> Any:
    """How far each place is from each point, in the coordinates in which kernels are round: an axis of coordinates in front."""
    places = np.linalg.solve(np.tril(cho_cov), np.transpose(xi))
    return np.expand_dims(places, 2) - np.expand_dims(np.linalg.solve(np.tril(cho_cov), np.transpose(points)), 1)


def _kernels(apart: Any, cho_cov: Any) -> Any:
    scale = math.sqrt(2.0 * math.pi) ** np.shape(cho_cov)[0] * np.prod(np.diagonal(cho_cov))
    return np.exp(-0.5 * np.sum(apart * apart, axis=0)) / scale


def _pulls(share: Any, apart: Any, cho_cov: Any) -> Any:
    """The cotangents of the differences between places and points, from those of the exponents of the kernels."""
    rows = np.shape(apart)
    flat = np.linalg.solve(np.transpose(np.tril(cho_cov)), np.reshape(-share * apart, (rows[0], rows[1] * rows[2])))
    return np.reshape(flat, rows)


def _cho_back(share: Any, apart: Any, cho_cov: Any) -> Any:
    """The triangle scales the differences, and its diagonal the height."""
    rows = np.shape(apart)
    pulls = np.reshape(_pulls(share, apart, cho_cov), (rows[0], rows[1] * rows[2]))
    turned = -pulls @ np.transpose(np.reshape(apart, (rows[0], rows[1] * rows[2])))
    return np.tril(turned) - np.sum(share) * np.diag(1.0 / np.diagonal(cho_cov))


def _share(g: Any, points: Any, values: Any, xi: Any, cho_cov: Any) -> Any:
    """The cotangents of the logarithms of the kernels."""
    return (g @ np.transpose(values)) * _kernels(_apart(points, xi, cho_cov), cho_cov)


def _points_back(share: Any, points: Any, xi: Any, cho_cov: Any) -> Any:
    return -np.transpose(np.sum(_pulls(share, _apart(points, xi, cho_cov), cho_cov), axis=1))


def _places_back(share: Any, points: Any, xi: Any, cho_cov: Any) -> Any:
    return np.transpose(np.sum(_pulls(share, _apart(points, xi, cho_cov), cho_cov), axis=2))


GIVEN = "points, values, xi, cho_cov"
for _kind in ("float", "double"):
    for _name, _g in (("gaussian_kernel_estimate", "g"), ("gaussian_kernel_estimate_log", "(g * np.exp(-ans))")):
        _s = f"_share({_g}, {GIVEN})"
        rule(f"scipy.stats._stats.{_name}['{_kind}']({GIVEN}, dtype)", points=f"_points_back({_s}, points, xi, cho_cov)",
             values=f"np.transpose(_kernels(_apart(points, xi, cho_cov), cho_cov)) @ {_g}", xi=f"_places_back({_s}, points, xi, cho_cov)",
             cho_cov=f"_cho_back({_s}, _apart(points, xi, cho_cov), cho_cov)", facts=Facts(gives=densities.estimates))  # fmt: skip
