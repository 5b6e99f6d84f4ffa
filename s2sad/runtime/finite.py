"""NaN and infinity: noticing them in results at little cost."""
from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from s2sad.runtime import notices

ndarray = np.ndarray
_switch = [True]


def nonfinite_warnings(on: bool | None = None) -> bool:
    """Whether a NaN or infinity that the arguments do not have is reported as a NonFiniteWarning; with an argument, set it.

    >>> import s2sad
    >>> s2sad.nonfinite_warnings(False)
    False
    >>> s2sad.nonfinite_warnings(True)
    True
    """
    if on is not None:
        _switch[0] = on
    return _switch[0]


def finite(value: Any) -> bool:
    """False where a value may hold a NaN or infinity, at the cost of one reduction."""
    kind = type(value)
    if kind is float:
        return isfinite(value)
    if kind is np.ndarray and value.dtype.kind in "fc":
        total = notices.unheard(value.dot, value) if value.ndim == 1 else notices.unheard(np.vdot, value, value)
        return isfinite(total) if value.dtype.kind == "f" else bool(np.isfinite(total))
    return not isinstance(value, (np.floating, complex)) or bool(np.isfinite(value))


def finite_test(name: str, value: Any) -> str:
    """The text of `finite` for a value of this type that is called `name`; empty where there is nothing to test."""
    if isinstance(value, (float, np.floating)):
        return f"__isfinite__({name})"
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        flat = name if value.ndim == 1 else f"{name}.ravel()"
        return f"__isfinite__((__f__ := {flat}).dot(__f__))"
    return f"__finite__({name})" if isinstance(value, (complex, np.inexact, np.ndarray)) else ""


def quiet() -> Any:
    """A context in which NumPy does not warn; where it is told to raise, it does."""
    return np.errstate(**{kind: "ignore" if what in ("warn", "print") else what for kind, what in np.geterr().items()})  # type: ignore[arg-type]


def same_value(one: Any, other: Any) -> bool:
    """Whether two results are the same number, or arrays of the same numbers; a NaN is the same as a NaN."""
    if isinstance(one, (float, complex, np.inexact)) or (isinstance(one, np.ndarray) and one.dtype.kind in "fc"):
        return np.array_equal(one, other, equal_nan=True)
    return bool(np.array_equal(one, other))


def exactly_finite(value: Any) -> bool:
    """Whether a leaf holds no NaN and no infinity."""
    if isinstance(value, (float, complex, np.inexact)) or (isinstance(value, np.ndarray) and value.dtype.kind in "fc"):
        return bool(np.all(np.isfinite(value)))
    return True
