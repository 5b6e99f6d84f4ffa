"""Functions of scipy.stats whose source is followed: without what SciPy puts around them to leave out NaNs, which is refused."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import scipy.stats

from s2sad.rules.following import FOLLOWED, follow
from s2sad.rules.refusing import REFUSED

follow("scipy.stats.boxcox", "scipy.stats.boxcox_llf", "scipy.stats.yeojohnson", "scipy.stats.describe",
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
         "power_divergence tmax tmean tmin tsem tstd ttest_1samp ttest_ind ttest_rel tvar")  # fmt: skip
for _name in GIVEN.split():
    _found = getattr(scipy.stats, _name)
    _source = inspect.unwrap(_found)
    _names = list(inspect.signature(_source).parameters)
    FOLLOWED[_found] = _followed(_source, _names.index("nan_policy") if "nan_policy" in _names else len(_names))
    FOLLOWED[_source] = _source
