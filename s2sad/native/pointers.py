"""Functions of Cython modules, such as `scipy.special.cython_special`, as native code calls them: by the address that the module tells.

The address gets a name in this process, and machine code is linked with that; so it may be stored, and another process finds the function
where its own SciPy has it.
"""
from __future__ import annotations

import ctypes
import importlib
import re
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.native import store

OF_DOUBLES = re.compile(r"double \(((?:double(?:, )?)+)(?:int __pyx_skip_dispatch)?\)")
VERSION = r"(?:__pyx_fuse(?:_\d+)+)?"  # of a function for several classes of numbers, one for each


def function(module: str, name: str) -> Any:
    """A function of doubles in a Cython module, to be called by native code. Raises CannotBeNative where there is none."""
    numba = store.loaded()
    address, count = found(module, name)
    if numba.config.DISABLE_JIT:
        return ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * count)(address)
    symbol = f"s2sad_{module}_{name}".replace(".", "_")
    importlib.import_module("llvmlite.binding").add_symbol(symbol, address)
    double = numba.types.float64
    return numba.types.ExternalFunction(symbol, double(*[double] * count))


def found(module: str, name: str) -> tuple[int, int]:
    """The address of a function, and how many doubles it takes."""
    try:
        exported = importlib.import_module(module).__pyx_capi__
    except (ImportError, AttributeError) as error:
        raise CannotBeNative(f"{module} does not load here: {error}") from None
    for capsule in (found for known, found in exported.items() if re.fullmatch(VERSION + re.escape(name), known)):
        signature = told(capsule)
        if match := OF_DOUBLES.fullmatch(signature):
            return pointer(capsule, signature), match[1].count("double")
    raise CannotBeNative(f"{module} has no function {name} of floats")


def told(capsule: Any) -> str:
    """The signature that a capsule is named by."""
    ask = ctypes.pythonapi.PyCapsule_GetName
    ask.restype, ask.argtypes = ctypes.c_char_p, [ctypes.py_object]
    return str(ask(capsule).decode())


def pointer(capsule: Any, signature: str) -> int:
    ask = ctypes.pythonapi.PyCapsule_GetPointer
    ask.restype, ask.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(ask(capsule, signature.encode()))
