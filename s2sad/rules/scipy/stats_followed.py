"""Functions of scipy.stats whose source is followed: without what SciPy puts around them to leave out NaNs, which is refused."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.stats
from scipy.stats._stats_py import LinregressResult, SignificanceResult

from s2sad.rules.following import FOLLOWED, follow, means
from s2sad.rules.language import zero
from s2sad.rules.refusing import REFUSED
from s2sad.rules.solving import constant, in_place_of, refused

follow("scipy.stats.boxcox", "scipy.stats.describe",
       "scipy.stats.sigmaclip", "scipy.stats.trimboth", "scipy.stats.trim1", "scipy.stats.energy_distance",
       "scipy.stats.wasserstein_distance")  # fmt: skip


def with_nan_policy(x: Any) -> Any:
    """Stands for a call with another policy than the usual one."""
    return x


REFUSED[with_nan_policy] = "NaNs are left out, or looked for, before anything is computed"


def _followed(source: Callable[..., Any], place: int) -> Any:
    """The source of a function, which does not look at the policy that is given by name, or at a place."""

    def function(*args: Any, nan_policy: str = "propagate", _no_deco: bool = False, **kwargs: Any) -> Any:
        policy = args[place] if len(args) > place else nan_policy
        return source(*args, **kwargs) if policy == "propagate" else with_nan_policy(args)

    return function


GIVEN = ("bartlett circmean circstd circvar differential_entropy entropy kstat kstatvar levene median_abs_deviation pearsonr "
         "tmax tmean tmin tsem tstd ttest_1samp ttest_ind ttest_rel tvar")  # fmt: skip
for _name in GIVEN.split():
    _found = getattr(scipy.stats, _name)
    _source = inspect.unwrap(_found)
    _names = list(inspect.signature(_source).parameters)
    FOLLOWED[_found] = _followed(_source, _names.index("nan_policy") if "nan_policy" in _names else len(_names))
    FOLLOWED[_source] = _source


# What ranks say does not change with the numbers, until two of them change places


def ranked(a: Any, b: Any, axis: Any, nan_policy: str, alternative: str) -> Any:
    found = scipy.stats.spearmanr(a, b, axis, nan_policy, alternative)
    return [found.statistic, found.pvalue]


zero("ranked(a, b, axis, nan_policy, alternative)")


def _spearmanr(a: Any, b: Any = None, axis: Any = 0, nan_policy: Any = "propagate", alternative: Any = "two-sided") -> Any:
    statistic, pvalue = ranked(a, b, axis, nan_policy, alternative)
    found = SignificanceResult(statistic, pvalue)
    found.correlation = statistic
    return found


means("scipy.stats.spearmanr", _spearmanr)


# A line through points, and what is said of it


def regressed(x: Any, y: Any, alternative: str) -> Any:
    found = scipy.stats.linregress(x, y, alternative)
    return [*found, found.intercept_stderr]


zero("regressed(x, y, alternative)")


def _linregress(x: Any, y: Any, alternative: Any = "two-sided", *, axis: Any = 0, nan_policy: Any = "propagate",
                keepdims: Any = False) -> Any:  # fmt: skip
    x, y = np.asarray(x), np.asarray(y)
    if np.ndim(x) != 1 or np.ndim(y) != 1 or nan_policy != "propagate" or keepdims:
        refused("scipy.stats.linregress() has a derivative for two arrays of one axis, with NaNs as they are")
    found = regressed(constant(x), constant(y), alternative)
    computed = _line(x, y, alternative)
    slope, intercept, r, p, error, at_zero = [in_place_of(found[i], computed[i]) for i in range(6)]
    return LinregressResult(slope=slope, intercept=intercept, rvalue=r, pvalue=p, stderr=error, intercept_stderr=at_zero)


def _line(x: Any, y: Any, alternative: str) -> Any:
    """By sums of squares and products; two points leave no error."""
    n, mx, my = len(x), np.mean(x), np.mean(y)
    xx, xy, yy = np.sum((x - mx) ** 2), np.sum((x - mx) * (y - my)), np.sum((y - my) ** 2)
    slope, r = xy / xx, xy / np.sqrt(xx * yy)
    if n == 2:
        return [slope, my - slope * mx, r, 0.0 * r, 0.0 * slope, 0.0 * slope]
    left = (1.0 - r) * (1.0 + r)
    t, error = r * np.sqrt((n - 2) / left), np.sqrt(left * yy / xx / (n - 2))
    return [slope, my - slope * mx, r, _beyond(t, n - 2, alternative), error, error * np.sqrt(xx / n + mx * mx)]


def _beyond(t: Any, df: Any, alternative: str) -> Any:
    if alternative == "two-sided":
        return 2.0 * scipy.stats.t.sf(np.abs(t), df)
    return scipy.stats.t.sf(t, df) if alternative == "greater" else scipy.stats.t.cdf(t, df)


means("scipy.stats.linregress", _linregress)
