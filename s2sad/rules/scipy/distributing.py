"""Distributions of scipy.stats: what a family is in standard form goes in, and the rules of its methods come out, with place and scale.

    continuous("gamma(a)", "over(a - 1.0, y) - 1.0", a="np.log(y) - psi(a)", above=True)

says how the logarithm of the density changes with the standardised argument `y = (x - loc) / scale` and with each shape. From this follow
the derivatives of all that is made of the density; outside of the support they are zero. The value is always SciPy's own.

The derivative of a cumulative distribution by a shape is stated where it has a closed form or a series (`cdf`), in `y`, the shapes and the
density `p` of `y`. Where it is not stated, the parameter has no rule, and a shape that is differentiated there is refused.
"""
from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.special
import scipy.stats

from s2sad.rules.following import name_objects
from s2sad.rules.language import elementwise
from s2sad.rules.scipy.logarithms import log_part, log_slope
from s2sad.rules.scipy.special_distributions import f_by_denominator, f_by_numerator, t_by_freedom
from s2sad.runtime.special import gammainc_derivative
from s2sad.runtime.special_beta import betainc_derivative

OBJECTS: dict[tuple[type, str], Any] = {}
"""The distributions that have rules, by what tells one from a copy."""
CALLS: dict[str, str] = {}
"""The continuous ones by their names, with their shapes."""
MOMENTS: set[str] = set()
psi = scipy.special.psi


def over(a: Any, b: Any) -> Any:
    """A quotient, 0 where both are 0: of a power with the exponent 0 at the end of the support, of a count of none that cannot be."""
    return np.where(np.equal(a, 0) & np.equal(b, 0), 0.0, a / b)


def within(log: Any, d: Any) -> Any:
    """A derivative of a logarithm where that is of something: outside of the support nothing changes."""
    return np.where(np.isneginf(log), 0.0, d)


def among(density: Any, d: Any) -> Any:
    """A derivative of a density, which has none where it is 0."""
    return np.where(np.equal(density, 0), 0.0, d)


def inner(probability: Any, d: Any) -> Any:
    """A derivative of a probability, which is neither 0 nor 1 where it changes."""
    return np.where(np.equal(probability, 0) | np.equal(probability, 1), 0.0, d)


def inner_of_log(log: Any, d: Any) -> Any:
    """The same of its logarithm, by a derivative of the probability."""
    return np.where(np.isneginf(log) | np.equal(log, 0), 0.0, d * np.exp(-log))


def weighed(y: Any, density: Any) -> Any:
    """A product with a density, which is 0 at the ends, where the other factor may be infinite."""
    return np.where(np.equal(density, 0), 0.0, y * density)


def relative(log: Any, of: Any) -> Any:
    """A density, by its logarithm, as a part of a probability."""
    return np.where(np.isneginf(log), 0.0, np.exp(log - of))


# Continuous distributions

def continuous(call: str, score: str, bounded: bool = False, cdf: Mapping[str, str] | None = None, **shapes: str) -> None:
    """The rules of a continuous distribution.

    `score` is the derivative of the logarithm of its density by `y`, and `shapes` are those by its shapes. `bounded` says that it is
    not everywhere where numbers are.
    """
    name, names = _parts(call)
    CALLS[name] = call
    family = _Family(name, names, score, shapes, cdf or {}, bounded)
    _densities(family)
    _probabilities(family)
    _quantiles(family)
    known(name)


def _parts(call: str) -> tuple[str, list[str]]:
    """The name of a distribution, and those of its shapes."""
    name, _, rest = call.rstrip(")").partition("(")
    return name, [shape for shape in rest.split(", ") if shape]


def known(name: str) -> None:
    """Say that a distribution has rules."""
    found = getattr(scipy.stats, name)
    OBJECTS[type(found), found.name] = found
    name_objects(f"scipy.stats.{name}")


class _Family:
    """The texts of a family."""

    def __init__(self, name: str, names: list[str], score: str, shapes: Mapping[str, str], cdf: Mapping[str, str], bounded: bool) -> None:
        self.name, self.names, self.score, self.shapes, self.cdf, self.bounded = f"scipy.stats.{name}", names, score, shapes, cdf, bounded

    def left(self, method: str, first: str) -> str:
        return f"{self.name}.{method}({', '.join([first, *self.names])}, loc=0, scale=1)"

    def of(self, method: str, first: str = "x") -> str:
        return f"{self.name}.{method}({', '.join([first, *self.names])}, loc, scale)"

    def standard(self, text: str, argument: str = "x") -> str:
        """A text in `y` and `p` as one in what the methods are given."""
        text = re.sub(r"\bp\b", f"(scale * {self.of('pdf', argument)})", text)
        return re.sub(r"\by\b", f"(({argument} - loc) / scale)", text)

    def by_cdf(self, form: str, argument: str = "x") -> dict[str, str]:
        """Of each shape whose derivative of the probability is known, a text with that in place of `D`."""
        return {shape: form.replace("D", f"({self.standard(text, argument)})") for shape, text in self.cdf.items()}


def _densities(f: _Family) -> None:
    changes = {"x": f"({f.score}) / scale", "loc": f"-({f.score}) / scale", "scale": f"(-y * ({f.score}) - 1.0) / scale", **f.shapes}
    if f.score == "0":
        changes |= {"x": "0", "loc": "0", "scale": "-1.0 / scale"}
    of_log, of_density = ("within(ans, D)", "among(ans, ans * D)") if f.bounded else ("D", "ans * D")
    for method, form in (("logpdf", of_log), ("pdf", of_density)):
        _register(f.left(method, "x"), {n: "0" if d == "0" else form.replace("D", f"({f.standard(d)})") for n, d in changes.items()})


def _probabilities(f: _Family) -> None:
    for sign, minus, method in (("", "-", "cdf"), ("-", "", "sf")):
        part = f"relative({f.of('logpdf')}, ans)"
        for name, density, form in ((method, f.of("pdf"), f"inner(ans, {sign}D)"), (f"log{method}", part, f"inner_of_log(ans, {sign}D)")):
            changes = {"x": f"{sign}{density}", "loc": f"{minus}{density}", "scale": f"{minus}weighed({f.standard('y')}, {density})"}
            _register(f.left(name, "x"), {**changes, **f.by_cdf(form)})


def _quantiles(f: _Family) -> None:
    density = f.of("pdf", "ans")
    for sign, method in (("", "ppf"), ("-", "isf")):
        changes = {"q": f"{sign}1.0 / {density}", "loc": "1", "scale": f.standard("y", "ans")}
        _register(f.left(method, "q"), {**changes, **f.by_cdf(f"-over(D, {density})", "ans")})


def _register(call: str, partials: dict[str, Any]) -> None:
    elementwise(call, namespace=globals(), **partials)


# Discrete distributions


def discrete(call: str, pmf: Mapping[str, str] | None = None, cdf: Mapping[str, str] | None = None, **shapes: str) -> None:
    """The rules of a discrete distribution, by its shapes; where it is, and how often it takes a value, are whole numbers.

    `shapes` are the derivatives of the logarithm of the mass at `y`, and `cdf` those of the probability up to `y`, which may name the mass
    there, `m`. `pmf` are derivatives of the mass, where that may be 0 and change.
    """
    name, names = _parts(call)
    title, given = f"scipy.stats.{name}", ", ".join(names)
    log = {s: f"within(ans, {d})" for s, d in shapes.items()}
    masses = {s: f"among(ans, ans * ({d}))" for s, d in shapes.items()} | dict(pmf or {})
    for method, texts in (("logpmf", log), ("pmf", masses)):
        _register(f"{title}.{method}(k, {given}, loc=0)", {s: re.sub(r"\by\b", "(k - loc)", d) for s, d in texts.items()})
    mass = f"{title}.pmf(np.floor(k - loc), {given})"
    sums = {s: re.sub(r"\by\b", "np.floor(k - loc)", re.sub(r"\bm\b", mass, d)) for s, d in (cdf or {}).items()}
    for sign, method in (("", "cdf"), ("-", "sf")):
        _register(f"{title}.{method}(k, {given}, loc=0)", {s: f"inner(ans, {sign}({d}))" for s, d in sums.items()})
        _register(f"{title}.log{method}(k, {given}, loc=0)", {s: f"inner_of_log(ans, {sign}({d}))" for s, d in sums.items()})
    for method in ("ppf", "isf"):
        _register(f"{title}.{method}(q, {given}, loc=0)", {"q": "0", "loc": "1", **dict.fromkeys(shapes, "0")})
    known(name)


# Means and what goes with them


def moments(call: str, mean: Mapping[str, str] | None = None, var: Mapping[str, str] | None = None,
            entropy: Mapping[str, str] | None = None) -> None:  # fmt: skip
    """The rules of the mean, the variance, the deviation and the entropy of a distribution, by its shapes.

    Each is stated of the standard distribution; `ans` is the whole result. Where one is not stated, there is no rule by the shapes.
    """
    name, names = _parts(call)
    MOMENTS.add(name)
    scaled = isinstance(getattr(scipy.stats, name), scipy.stats.rv_continuous)
    placed = ", ".join([*names, "loc=0, scale=1" if scaled else "loc=0"])
    forms = {"mean": ("1", "(ans - loc) / scale", mean, "scale * (D)"), "var": ("0", "2.0 * ans / scale", var, "scale * scale * (D)"),
             "std": ("0", "ans / scale", var, "0.5 * scale * scale * (D) / ans"),
             "entropy": ("0", "1.0 / scale", entropy, "D")}  # fmt: skip
    for method, (loc, scale, by, form) in forms.items():
        whole = form if scaled else form.replace("scale * ", "")
        shapes = {shape: re.sub(r"\bD\b", d, whole) for shape, d in (by or {}).items()}
        _register(f"scipy.stats.{name}.{method}({placed})", {"loc": loc, **({"scale": scale} if scaled else {}), **shapes})
