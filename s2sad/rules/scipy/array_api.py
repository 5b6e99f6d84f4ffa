"""What SciPy asks of arrays of any library, as it answers for NumPy's."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy._lib import _array_api, _util

from s2sad.rules.following import FOLLOWED


def _namespace(*arrays: Any, **options: Any) -> Any:
    return np


def _asarray(array: Any, dtype: Any = None, order: Any = None, copy: Any = None, *, xp: Any = None, check_finite: bool = False,
             subok: bool = False) -> Any:  # fmt: skip
    if copy is True:
        made = np.array(array, order=order, dtype=dtype, subok=subok)
    elif subok:
        made = np.asanyarray(array, order=order, dtype=dtype)
    else:
        made = np.asarray(array, order=order, dtype=dtype)
    if check_finite and not np.all(np.isfinite(made)):
        raise ValueError("array must not contain infs or NaNs")
    return made


def _result_type(*args: Any, force_floating: bool = False, xp: Any = None) -> Any:
    given = [np.asanyarray(a) if isinstance(a, (list, tuple)) else a for a in args if a is not None]
    return np.result_type(*given, *([1.0] if force_floating else []))


def _promote(*args: Any, broadcast: bool = False, force_floating: bool = False, xp: Any = None) -> Any:
    if len(args) == 0:
        return args
    dtype = _result_type(*args, force_floating=force_floating)
    found = [a if a is None else np.asanyarray(a, dtype=dtype) for a in args]
    if broadcast:
        whole = np.broadcast_shapes(*[np.shape(a) for a in found if a is not None])
        found = [a if a is None or np.shape(a) == whole else np.broadcast_to(a, whole) for a in found]
    return found[0] if len(found) == 1 else tuple(found)


def _size(x: Any) -> Any:
    return np.size(x)


def _device(x: Any) -> str:
    return "cpu"


def _is_lazy(x: Any) -> bool:
    return False


def _yes(xp: Any) -> bool:
    return True


def _no(xp: Any) -> bool:
    return False


def _masks(*args: Any, xp: Any) -> Any:
    return args[0] if len(args) == 1 else args


def _length(x: Any, axis: Any, keepdims: bool = False, xp: Any = None) -> Any:
    if axis is None:
        return np.size(x)
    found: Any = 1
    for k in axis if isinstance(axis, (tuple, list)) else (axis,):
        found = found * np.shape(x)[k]
    return found


def _at(self: Any, x: Any, idx: Any = None, /) -> None:
    self._x, self._idx = x, idx


def _part(self: Any, idx: Any) -> Any:
    return extra.at(self._x, idx)


def _vecdot(x1: Any, x2: Any, /, *, axis: Any = -1, keepdims: bool = False) -> Any:
    found = np.vecdot(x1, x2) if axis == -1 else np.vecdot(np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1))
    return np.expand_dims(found, axis) if keepdims else found


def _set(self: Any, y: Any, /, copy: Any = None, xp: Any = None) -> Any:
    x = np.array(self._x)
    x[self._idx] = y
    return x


def _apply_where(cond: Any, args: Any, f1: Any, f2: Any = None, /, *, fill_value: Any = None, kwargs: Any = None, xp: Any = None) -> Any:
    given, named = args if isinstance(args, tuple) else (args,), kwargs or {}
    return np.where(cond, f1(*given, **named), fill_value if f2 is None else f2(*given, **named))


ANSWERS: dict[str, Any] = {
    "array_namespace": _namespace, "_asarray": _asarray, "xp_result_type": _result_type, "xp_promote": _promote, "xp_size": _size,
    "xp_device": _device, "is_lazy_array": _is_lazy, "is_numpy": _yes, "_length_nonmasked": _length, "_share_masks": _masks,
    **dict.fromkeys(("is_marray", "is_jax", "is_torch", "is_cupy", "is_dask", "is_array_api_strict"), _no),
}  # fmt: skip
for _name, _answer in ANSWERS.items():
    if hasattr(_array_api, _name):
        FOLLOWED[getattr(_array_api, _name)] = _answer
extra = _array_api.xpx
OTHERS: dict[Any, Any] = {extra.at.__init__: _at, extra.at.__getitem__: _part, extra.at.set: _set, extra.apply_where: _apply_where,
                          np.vecdot: _vecdot}  # fmt: skip
if hasattr(_util, "np_vecdot"):
    OTHERS[_util.np_vecdot] = _vecdot
FOLLOWED.update(OTHERS)
