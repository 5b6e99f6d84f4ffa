"""What every exported module has beside the generated code; the functions are copied into it by their source."""
from __future__ import annotations

from typing import Any

import numpy as np


class OtherPath(ValueError):
    """The arguments leave the path that this module was exported for."""


def _checked(name: str, value: Any, kind: type) -> Any:
    """The argument if it is of the type at the time of export."""
    if type(value) is not kind:
        raise TypeError(f"{name} must be of type {kind.__name__}, not {type(value).__name__}")
    return value


def _checked_float(name: str, value: Any) -> float:
    """An argument to differentiate: a float; an int counts as one."""
    if type(value) in (int, np.float64):
        return float(value)
    return float(_checked(name, value, float))


def _checked_array(name: str, value: Any, dtype: str, shape: tuple[int, ...]) -> Any:
    """The argument if it is an array of the dtype and shape at the time of export."""
    if type(value) is not np.ndarray or value.dtype != dtype:
        found = f"an array of {value.dtype}" if isinstance(value, np.ndarray) else f"of type {type(value).__name__}"
        raise TypeError(f"{name} must be an array of {dtype}, not {found}")
    if value.shape != shape:
        raise OtherPath(f"{name} has the shape {value.shape}; the exported path holds for {shape}")
    return value


def _checked_rank(name: str, value: Any, dtype: str, shape: tuple[int | None, ...]) -> Any:
    """The argument if it is an array of the dtype and of as many dimensions as at the time of export; None is any number."""
    if type(value) is not np.ndarray or value.dtype != dtype:
        found = f"an array of {value.dtype}" if isinstance(value, np.ndarray) else f"of type {type(value).__name__}"
        raise TypeError(f"{name} must be an array of {dtype}, not {found}")
    if value.ndim != len(shape) or any(n not in (None, m) for n, m in zip(shape, value.shape, strict=True)):
        raise OtherPath(f"{name} has the shape {value.shape}; the exported path holds for {shape}, where None is any number")
    return value


def _check_container(name: str, value: Any, kind: str, keys: tuple[Any, ...]) -> None:
    """The argument has to be a container of the class and keys, fields or length at the time of export."""
    if type(value).__name__ != kind:
        raise TypeError(f"{name} must be of type {kind}, not {type(value).__name__}")
    if isinstance(value, (list, dict)) or type(value) is tuple:
        found = tuple(value) if isinstance(value, dict) else tuple(range(len(value)))
        if [*map(repr, found)] != [*map(repr, keys)]:  # 1 and True are different keys, and so is another order
            raise OtherPath(f"{name} has the keys {found}; the exported path holds for {keys}")


def _rebuilt(like: Any, fields: dict[str, Any]) -> Any:
    """An instance of the class of `like` with these fields."""
    if isinstance(like, tuple):
        return type(like)(*fields.values())
    instance = object.__new__(type(like))
    for name, value in fields.items():
        object.__setattr__(instance, name, value)
    return instance


def _stand_in(kind: str, fields: dict[str, Any]) -> Any:
    """An object that has the name of a class and its fields."""
    instance = type(kind, (), {})()
    vars(instance).update(fields)
    return instance


def _agree(found: Any, stored: Any) -> bool:
    """Whether two results are the same but for rounding, which differs between machines."""
    if isinstance(stored, (list, tuple)):
        return len(found) == len(stored) and all(_agree(a, b) for a, b in zip(found, stored, strict=True))
    if isinstance(stored, dict):
        return list(found) == list(stored) and all(_agree(found[key], stored[key]) for key in stored)
    if hasattr(stored, "__dict__"):
        return _agree(vars(found), vars(stored))
    expected = np.asarray(stored)
    if expected.dtype.kind not in "fc":
        return bool(np.array_equal(found, stored))
    precision = 1e4 * np.finfo(expected.dtype).eps
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    same_kind = np.shape(found) == expected.shape and np.asarray(found).dtype == expected.dtype
    return same_kind and bool(np.allclose(found, expected, rtol=precision, atol=precision * scale, equal_nan=True))


COPIED = (_checked, _checked_float, _checked_array, _checked_rank, _check_container, _rebuilt, _stand_in, _agree)

SELF_CHECK = '''
def self_check():
    """Evaluate at the point of export and compare with what came out then. Raises AssertionError."""
{call}
    stored = {stored}
    if not _agree(found, stored):
        raise AssertionError(f"self-check failed: {{found!r}} instead of {{stored!r}}")


if __name__ == "__main__":
    self_check()
    print("self-check passed: the value and gradient of the time of export")
'''
