"""Values as Python source over `np` and `math`, exact to the last bit."""
from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np

WRITTEN_OUT = 256  # entries of an array beyond which its bytes are written
WIDTH = 100
SCALARS = (np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
           np.float16, np.float32, np.float64, np.complex64, np.complex128)  # fmt: skip


class NotLiteral(TypeError):
    """A value that cannot be written as source."""


def literal(value: Any) -> str:
    """An expression for numbers, strings, arrays, and lists, tuples, dicts and sets of them.

    Raises NotLiteral for anything else.

    >>> literal([0.1, np.float32(0.1), float("inf"), np.arange(3)])
    "[0.1, np.float32(0.10000000149011612), math.inf, np.array([0, 1, 2], dtype='int64')]"
    """
    kind = type(value)
    if kind is float:
        if math.isfinite(value):
            return repr(value)
        return "math.nan" if math.isnan(value) else f"{'-' * (value < 0)}math.inf"
    if kind is complex:
        return f"complex({literal(value.real)}, {literal(value.imag)})"
    if value is None or kind in (bool, int, str, bytes):
        return repr(value)
    if kind is np.ndarray:
        return _array(value)
    if kind in SCALARS:
        return f"np.{kind.__name__}({literal(value.item())})"
    if isinstance(value, np.dtype) and value.type in SCALARS:
        return f"np.dtype({value.str!r})"
    return _container(value, kind)


def _container(value: Any, kind: type) -> str:
    if kind is dict:
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    if kind is list:
        return f"[{', '.join(map(literal, value))}]"
    if kind is tuple:
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if kind is set or kind is frozenset:
        return f"{kind.__name__}([{', '.join(sorted(map(literal, value)))}])"
    if kind is slice:
        return f"slice({', '.join(literal(p) for p in (value.start, value.stop, value.step))})"
    raise NotLiteral(f"{'an' if kind.__name__[0] in 'aeiouAEIOU' else 'a'} {kind.__name__}")


def is_literal(value: Any) -> bool:
    """Whether `literal` can write the value."""
    try:
        literal(value)
    except NotLiteral:
        return False
    return True


def _array(value: np.ndarray[Any, Any]) -> str:
    if value.dtype.kind not in "US" and value.dtype.type not in SCALARS:
        raise NotLiteral(f"an array of {value.dtype}")
    name = value.dtype.name if value.dtype.isnative and value.dtype.kind not in "US" else value.dtype.str
    if value.size == 0:
        return f"np.zeros({value.shape}, dtype={name!r})"
    if value.size > WRITTEN_OUT:
        return _bytes(value, name)
    text = "\n".join(textwrap.wrap(literal(value.tolist()), WIDTH, break_long_words=False, break_on_hyphens=False))
    if value.dtype.kind in "US":
        text = literal(value.tolist())  # a blank in a string is no place to break
    return f"np.array({text}, dtype={name!r}{_order(value)})"


def _bytes(value: np.ndarray[Any, Any], name: str) -> str:
    order = "F" if _order(value) else "C"
    lines = "\n".join(textwrap.wrap(value.tobytes(order=order).hex(), WIDTH))  # type: ignore[arg-type]
    buffer = f'np.frombuffer(bytes.fromhex("""\n{lines}\n"""), dtype={name!r})'
    return f"{buffer}.reshape({value.shape}{_order(value)}).copy({repr('F') if order == 'F' else ''})"


def _order(value: np.ndarray[Any, Any]) -> str:
    """The memory order matters: sums and products of matrices go through memory, and their last bits show it."""
    return ", order='F'" if value.flags.f_contiguous and not value.flags.c_contiguous else ""
