"""Tables of rules that are read when somebody calls what they are about: those of SciPy, and of parts of NumPy that it loads late itself.

A table stands in the module that a name here says, and is looked for by the module of a function.
"""
from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any

import numpy as np

from s2sad.runtime import asking

THEMES = ("", "_bessel", "_distributions", "_elliptic", "_error", "_gamma", "_hyper", "_orthogonal", "_refused", "_waves")
SPECIAL = tuple(f"scipy.special{theme}" for theme in THEMES)
TABLES = {
    "numpy": ("arranging", "calling", "differences", "histograms", "objects", "padding", "polynomials", "quantiles", "statistics",
              "visiting", "without"),
    "numpy.fft": ("fft",),
    "numpy.lib": ("arranging",),
    "numpy.linalg": ("decompositions",),
    "numpy.polynomial": ("polynomials",),
    "scipy._external": ("scipy.array_api",),
    "scipy._lib": ("scipy.array_api",),
    "scipy.fft": ("scipy.fft",),
    "scipy.integrate": ("scipy.integrate", "scipy.integrate_functions", "scipy.integrate_equations"),
    "scipy.interpolate": ("scipy.interpolate", "scipy.interpolate_cells", "scipy.interpolate_knots", "scipy.interpolate_pieces",
                          "scipy.interpolate_scattered"),
    "scipy.linalg": ("scipy.linalg", "scipy.linalg_factors", "scipy.linalg_functions", "scipy.linalg_arranged"),
    "scipy.ndimage": ("scipy.ndimage", "scipy.ndimage_splines", "scipy.ndimage_measures"),
    "scipy.optimize": ("scipy.optimize", "scipy.optimize_fits"),
    "scipy.signal": ("scipy.signal", "scipy.signal_filters", "scipy.signal_followed"),
    "scipy.sparse": ("scipy.sparse",),
    "scipy.spatial": ("scipy.spatial", "scipy.rotations", "scipy.rotations_fitted", "scipy.rotating", "scipy.rotating_rigid"),
    "scipy.special": SPECIAL,
    "scipy.stats": ("scipy.stats", "scipy.stats_continuous", "scipy.stats_extremes", "scipy.stats_discrete", "scipy.stats_moments",
                    "scipy.stats_asked", "scipy.stats_frozen", "scipy.stats_multivariate", "scipy.stats_summaries", "scipy.stats_followed",
                    "scipy.stats_powers",
                    "scipy.stats_kernels"),
}
NAMES = frozenset(name for names in TABLES.values() for name in names)
PENDING = dict(TABLES)
UFUNCS = "scipy.special"  # whose ufuncs do not say where they are from
CLASSES = {"SuperLU": "scipy.sparse"}  # which say that they are Python's


def load(function: Any) -> bool:
    """Read the table of a function that stands in none so far. Gives whether there was one to read."""
    names = PENDING.pop(home(function), ())
    for name in names:
        importlib.import_module(f"s2sad.rules.{name}")
    return bool(names)


def home(function: Any) -> str:
    """The part of SciPy or NumPy that a function is of.

    >>> import scipy.special
    >>> home(scipy.special.gammaln), home(scipy.special.logsumexp), home(np.fft.fft), home(np.sin), home(len)
    ('scipy.special', 'scipy.special', 'numpy.fft', 'numpy', '')
    """
    if isinstance(function, np.ufunc):
        return "numpy" if getattr(np, function.__name__, None) is function else UFUNCS if UFUNCS in sys.modules else ""
    if isinstance(function, type) and function.__module__ == "builtins":
        return CLASSES.get(function.__name__, "")
    if isinstance(function, types.MethodType):
        function = function.__func__
    module = str(asking.attribute(function, "__module__") or asking.attribute(type(function), "__module__") or "")
    package, _, rest = module.partition(".")
    return ".".join([package, *rest.split(".")[:1]]) if package in ("numpy", "scipy") and rest else package if package == "numpy" else ""


def load_all() -> None:
    """Read all tables whose packages are installed, as what lists them does."""
    for package, names in [*PENDING.items()]:
        if package.startswith("numpy") or importlib.util.find_spec("scipy"):
            PENDING.pop(package, None)
            for name in names:
                importlib.import_module(f"s2sad.rules.{name}")
