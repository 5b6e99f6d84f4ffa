"""Functions of NumPy in other libraries for derivatives: a plain function comes in, and one of that library goes out.

`torch` gives functions of PyTorch's tensors, `jax` functions of JAX's arrays; each asks s2sad for the derivatives. A module is loaded
when it is asked for, and needs the library that it is named after. `derived` holds what they share. It may import all that stands
before it.
"""
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s2sad.interop import jax, torch

__all__ = ["jax", "torch"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
