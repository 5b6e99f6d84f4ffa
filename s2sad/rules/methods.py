"""Methods and attributes of arrays: each means a function. Those of the ufuncs stand with the ufuncs."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules import creation, indexing, products, reductions, shapes
from s2sad.rules.language import BY_FUNCTION, BY_NAME, attribute, method


def _reshape(a: Any, *shape: Any, order: Any = "C", copy: Any = None) -> Any:
    wanted: Any = shape[0] if len(shape) == 1 else shape
    return np.reshape(a, wanted, order=order, copy=copy)


def _transpose(a: Any, *axes: Any) -> Any:
    if len(axes) == 1 and (axes[0] is None or np.ndim(axes[0])):
        return np.transpose(a, axes[0])
    return np.transpose(a, axes) if axes else np.transpose(a)


def _compress(a: Any, condition: Any, axis: Any = None) -> Any:
    return np.compress(condition, a, axis=axis)


def _view(a: Any, *kinds: Any, **named: Any) -> Any:
    kinds = (*kinds, *named.values())
    if kinds not in ((), (np.ndarray,)) or named.keys() - {"type"}:
        raise MissingRule("view() with a dtype reads the bytes of numbers as others", hint="use astype, which converts the numbers")
    return a[...]


def _array_wrap(a: Any, array: Any, context: Any = None, return_scalar: Any = False) -> Any:
    """The class of the result is that of arrays."""
    return array[()] if return_scalar and np.ndim(array) == 0 else array


def _calling(name: str) -> Callable[..., Any]:
    """The method of an array as a function, for those that NumPy has no function for."""

    def call(array: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(array, name)(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    return call


for _name in ("all", "any", "argmax", "argmin", "argpartition", "argsort", "cumprod", "cumsum", "diagonal", "dot",
              "max", "mean", "min", "nonzero", "prod", "ravel", "repeat", "searchsorted", "squeeze", "std", "sum",
              "swapaxes", "take", "trace", "var"):  # fmt: skip
    method(_name, getattr(np, _name), direct=True)

for _name in ("astype", "copy", "flatten", "is_integer", "item", "tolist"):
    _function = _calling(_name)
    BY_FUNCTION[_function] = BY_NAME[f".{_name}"]
    method(_name, _function)

method("reshape", _reshape)
method("transpose", _transpose)
method("compress", _compress)
attribute("T", np.transpose, direct=True)
attribute("mT", np.matrix_transpose)
method("view", _view)
method("__array_wrap__", _array_wrap)

for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "pos", "abs",
              "lt", "le", "eq", "ne", "gt", "ge", "getitem"):  # fmt: skip
    method(f"__{_name}__", getattr(operator, _name))
