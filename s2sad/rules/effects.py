"""Effects of which it is known what they give: what is printed or logged gives nothing, nor does NumPy's error state, and a draw gives
numbers of its distribution. What else is called without being looked into gives what it gives, which only the call knows.
"""
from __future__ import annotations

import inspect
import logging
import random
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.rules.results import shaped
from s2sad.types.arrays import Array, element, shape_of
from s2sad.types.families import broadcast
from s2sad.types.sizes import is_whole

WRITTEN = (print, warnings.warn, logging.debug, logging.info, logging.warning, logging.error, logging.critical)
LOGGED = ("debug", "info", "warning", "error", "critical")

ASSERTIONS = frozenset({
    "assert_", "assert_allclose", "assert_almost_equal", "assert_approx_equal", "assert_array_almost_equal",
    "assert_array_almost_equal_nulp", "assert_array_equal", "assert_array_less", "assert_equal", "assert_string_equal"})  # fmt: skip

# Draws that are independent of one another: as many as `size` says, or else one for each element of the parameters
EACH = frozenset({
    "random", "random_sample", "uniform", "integers", "randint", "normal", "standard_normal", "exponential", "standard_exponential",
    "gamma", "standard_gamma", "beta", "binomial", "negative_binomial", "geometric", "poisson", "logseries", "zipf", "hypergeometric",
    "chisquare", "noncentral_chisquare", "f", "noncentral_f", "standard_t", "standard_cauchy", "laplace", "logistic", "lognormal",
    "gumbel", "pareto", "power", "rayleigh", "triangular", "vonmises", "wald", "weibull"})  # fmt: skip
ALONG = frozenset({"rand", "randn"})  # which are given the shape as it is
NUMBERS = frozenset({
    "random", "uniform", "gauss", "normalvariate", "lognormvariate", "expovariate", "gammavariate", "betavariate", "paretovariate",
    "weibullvariate", "vonmisesvariate", "triangular", "randint", "randrange"})  # fmt: skip


def gives(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[], Any] | None:
    """What tells the result of an effect from the types of its arguments; None where only the call knows.

    >>> gives(np.random.default_rng().normal, (0.0, 1.0, 3), {})().shape
    (3,)
    >>> gives(np.random.default_rng().bytes, (3,), {}) is None
    True
    """
    if any(function is f for f in (*WRITTEN, np.errstate.__enter__, np.errstate.__exit__)):
        return _nothing
    if asserts(function):
        return _nothing
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if owner is None and args and getattr(type(args[0]), name, None) is function:
        owner, args = args[0], args[1:]
    if isinstance(owner, logging.Logger):
        return _nothing if name in LOGGED else None
    if type(owner) is random.Random and name in NUMBERS:
        return lambda: _some(getattr(random.Random(0), name)(*map(_some, args), **{k: _some(v) for k, v in kwargs.items()}))
    if not _is_generator(owner) or name not in EACH | ALONG:
        return None
    method = getattr(np.random.default_rng(0) if type(owner).__name__ == "Generator" else np.random.RandomState(0), name)
    return (lambda: shaped(method(*(1 for _ in args)), args)) if name in ALONG else lambda: _each(method, args, kwargs)


def asserts(function: Any) -> bool:
    """Whether it is one of numpy.testing that raises or gives nothing.

    >>> asserts(np.testing.assert_allclose), asserts(np.testing.assert_raises), asserts(np.allclose)
    (True, False, False)
    """
    module = getattr(function, "__module__", None)
    return isinstance(module, str) and module.startswith("numpy.testing") and getattr(function, "__name__", "") in ASSERTIONS


def beside_output(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by name without a `file` that is where output goes anyway."""
    return {k: v for k, v in kwargs.items() if k != "file" or (v is not sys.stdout and v is not sys.stderr)}


def _is_generator(owner: Any) -> bool:
    """Whether it is one of NumPy's. What is loaded with it is not loaded to find that out."""
    made = sys.modules.get("numpy.random")
    return made is not None and type(owner) in (made.Generator, made.RandomState)


def _nothing() -> None:
    return None


def _each(method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    given = inspect.signature(method).bind(*args, **kwargs).arguments
    size = given.pop("size", None)
    like = method(**{k: _some(v) for k, v in given.items()}, size=None if size is None else 1)
    if size is not None:
        return shaped(like, (size,) if is_whole(size) else tuple(size))
    return shaped(like, broadcast(*map(shape_of, given.values())))


def _some(value: Any) -> Any:
    """A value of the type that nearly every distribution takes."""
    if isinstance(value, (float, np.floating)):
        return type(value)(0.5)
    return np.full((1,) * value.ndim, 0.5, value.dtype) if type(value) is Array else element(value)
