"""What native code adds up in any order, as NumPy's own sums do: several numbers at a time, if the machine can.

All else keeps its order. NaN and infinities are kept.
"""

from __future__ import annotations

from typing import Any


def plus(total: Any, x: Any) -> Any:
    """The sum of some elements, with one more."""
    return total + x
