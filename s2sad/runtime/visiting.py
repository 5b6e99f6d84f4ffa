"""How `np.nditer` goes over arrays."""
from __future__ import annotations

from typing import Any

import numpy as np


def visited(arrays: Any, flags: Any, op_flags: Any, op_dtypes: Any, order: str, casting: str) -> tuple[Any, Any, Any]:
    """The axes of the iteration from the outermost to the innermost, those that it goes along backwards, and the classes of the numbers
    of all operands, or their dtypes. Raises what NumPy raises.

    >>> x = np.zeros((2, 3))
    >>> visited([x], [], None, None, "K", "safe")[:2], visited([x[:, ::-1].T], [], None, None, "K", "safe")[:2]
    (((0, 1), ()), ((1, 0), (0,)))
    """
    counted = [flag for flag in flags if flag not in ("c_index", "f_index", "multi_index")]
    make: Any = np.nditer
    with make(arrays, [*counted, "multi_index"], op_flags, op_dtypes, order, casting) as it:
        kinds = tuple(d.type if d == np.dtype(d.type) else d for d in it.dtypes)
        if it.itersize == 0:
            return tuple(range(it.ndim)), (), kinds
        axes: list[int] = []
        first, count = it.multi_index, 1
        while count < it.itersize:
            it.iterindex = count
            axis = next(k for k, place in enumerate(it.multi_index) if place != first[k])
            axes.insert(0, axis)
            count *= it.shape[axis]
        alone = [k for k in range(it.ndim) if k not in axes]
        return (*alone, *axes), tuple(k for k, place in enumerate(first) if place), kinds
