"""Densities estimated by kernels: how the class prepares them is followed."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.stats
from scipy.stats import _kde

from s2sad.rules.following import FOLLOWED
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy import kernels


def _output_dtype(covariance: Any, points: Any) -> Any:
    dtype = np.result_type(covariance, points, np.float32)
    return dtype.type, "float" if dtype == np.float32 else "double"


Kernels = scipy.stats.gaussian_kde
OTHERS: dict[Any, Any] = {Kernels: Kernels, Kernels.__init__: Kernels.__init__, _kde._get_output_dtype: _output_dtype}
FOLLOWED.update(OTHERS)
refuse(*(f"scipy.stats.gaussian_kde.{name}" for name in ("integrate_gaussian", "integrate_box_1d", "integrate_box", "integrate_kde")),
       why="it integrates the estimate")  # fmt: skip
refuse("scipy.stats.gaussian_kde.resample", why="it draws random numbers")
