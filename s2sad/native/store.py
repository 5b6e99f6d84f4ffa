"""From the text of a module to a function of it in machine code, by Numba: made once for a text in a process, and stored on disk.

The function is a dispatcher of Numba's, so it takes arguments of any types and is compiled for each of them when it is first called with
them, or read from the disk; other code that Numba compiles may call it.
"""
from __future__ import annotations

import functools
import importlib
import itertools
import linecache
import re
import sys
import threading
import types
import warnings
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np

from s2sad.collecting import staying
from s2sad.errors import CannotBeNative
from s2sad.native.on_disk import Code, OnDisk, text_of
from s2sad.native.waiting import announced
from s2sad.quickly import dataclass

OLDEST = (0, 62)
HINT = "pip install 's2sad[numba]'"
CONTRACT = frozenset({"contract"})
"""What of floating-point arithmetic the compiler may change: a product and a sum may be one operation, which keeps NaN and infinities."""

REASSOCIATED = CONTRACT | {"reassoc"}
"""And sums may be added up in another order, several numbers at a time, which keeps them too."""
ANY_ORDER = "s2sad.native.any_order"
"""The module whose functions may be compiled so in any case."""
THREADS = dict.fromkeys(("comprehension", "reduction", "inplace_binop", "setitem", "numpy", "stencil", "fusion"), False) | {"prange": True}
"""What Numba runs over threads: loops that say so, and nothing of which it would choose the order of sums."""

COMMENT, QUOTES = re.compile("^[ \\t]*#.*$", re.MULTILINE), re.compile("\"{3}|'{3}")

_made: dict[tuple[str, str, Options], Callable[..., Any]] = {}
_numbers = itertools.count(1)
_making = threading.Lock()


@dataclass(frozen=True)
class Options:
    """How a function is compiled."""

    parallel: bool = False
    fastmath: frozenset[str] = CONTRACT

    @property
    def keywords(self) -> dict[str, Any]:
        """As Numba takes them, for what the function calls; the function itself may take its loops apart besides."""
        return {"error_model": "numpy", "nogil": True, "fastmath": set(self.fastmath)}

    @property
    def said(self) -> str:
        """The same for the same options, in every process."""
        return f"parallel={self.parallel} fastmath={','.join(sorted(self.fastmath))}"


def compiled(module_text: str, name: str, *, parallel: bool = False, fastmath: frozenset[str] = CONTRACT,
             title: str = "") -> Callable[..., Any]:  # fmt: skip
    """The function of this name in a module of this text, compiled for the types of its arguments when it is called.

    The text imports what it needs; what it defines beside the function, and plain functions of `s2sad.native` that it imports, are compiled
    with it. Division and powers are NumPy's, without exceptions. `title` is what the user calls it. The same text gives the same function.
    With NUMBA_DISABLE_JIT=1 it is the plain function. Raises CannotBeNative where there is no Numba, or one that cannot be used.
    """
    numba, options = loaded(), Options(parallel, fastmath)
    key = (module_text, name, options)
    with _making:
        if key not in _made:
            code = Code(name, title or name, (said(module_text), name, options.said), parallel)
            _made[key] = _function(numba, _module(module_text, code), code, options)
        return _made[key]


def said(text: str) -> str:
    """What a text says to the compiler: a line that is a comment says that it is a line.

    The user's line and its number stand there, so a function that is moved in its file is not compiled again.
    """
    return text if QUOTES.search(text) else COMMENT.sub("#", text)


def loaded() -> Any:
    """Numba. Raises CannotBeNative where it is not installed, does not load, or is too old."""
    try:
        with staying():
            import numba
    except Exception as error:
        reason = "" if isinstance(error, ModuleNotFoundError) and error.name == "numba" else f", which does not load here: {error}"
        raise CannotBeNative(f'backend="numba" needs Numba{reason}', hint=HINT) from None
    if tuple(map(int, numba.__version__.split(".")[:2])) < OLDEST:
        raise CannotBeNative(f'backend="numba" needs Numba {".".join(map(str, OLDEST))} or newer, not {numba.__version__}', hint=HINT)
    return numba


def _module(text: str, code: Code) -> types.ModuleType:
    """The module, under a name that no other code has: names of machine code are made of it, and those are the process's."""
    key = sha256("\n".join(code.told).encode()).hexdigest()
    module = types.ModuleType(f"s2sad_native_{key[:24]}")
    file = module.__file__ = f"<s2sad native {code.name} {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    sys.modules[module.__name__] = module
    exec(compile(text, file, "exec"), module.__dict__)
    return module


def _function(numba: Any, module: types.ModuleType, code: Code, options: Options) -> Callable[..., Any]:
    """The function as Numba dispatches it, which asks the disk first; what it calls is compiled with it."""
    if numba.config.DISABLE_JIT:
        return module.__dict__[code.name]  # type: ignore[no-any-return]
    # Arrays with gaps are copied for products of matrices, which is no fault of the user's.
    warnings.filterwarnings("ignore", category=numba.NumbaPerformanceWarning, module="<s2sad native")
    called = _ours(module)
    for other, value in list(module.__dict__.items()):
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__ and other != code.name:
            module.__dict__[other] = numba.njit(**options.keywords)(value)
    dispatcher = numba.njit(parallel=THREADS if options.parallel else False, **options.keywords)(module.__dict__[code.name])
    module.__dict__[code.name] = dispatcher
    try:
        known = [text_of(other) for other in sorted(called)]
        _stored(dispatcher, replace(code, told=(*code.told, *known)), functools.partial(_jitable, called))
    except (OSError, AttributeError):
        _jitable(called)
    announced(dispatcher, code.title)
    return dispatcher  # type: ignore[no-any-return]


def machine_code(function: Any, leaves: list[Any]) -> Callable[..., Any] | None:
    """What runs for arguments of these classes once Numba has looked at them, if there is that: it takes what they are for granted, which
    of arrays is that they lie without gaps, in the order of C, and may be written into."""
    overloads, typeof = getattr(function, "overloads", None), getattr(function, "typeof_pyval", None)
    if overloads is None or typeof is None or not all(leaf.flags.carray for leaf in leaves if isinstance(leaf, np.ndarray)):
        return None
    found = overloads.get(tuple(map(typeof, leaves)))
    return getattr(found, "entry_point", None)


def _stored(dispatcher: Any, code: Code, prepare: Callable[[], None]) -> None:
    """Have the disk asked before something is compiled. Raises AttributeError where this Numba has no such place."""
    if callable(dispatcher._cache.load_overload) and callable(dispatcher._cache.save_overload):
        dispatcher._cache = OnDisk(code, prepare)


# What compiled code calls of ours


def _ours(module: types.ModuleType, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """The modules of this package that a module has something from, and those that they have something from."""
    things = vars(module).values()
    names = {thing.__name__ if isinstance(thing, types.ModuleType) else getattr(thing, "__module__", None) for thing in things}
    for name in names:
        if isinstance(name, str) and name.startswith("s2sad.native.") and name in sys.modules and name not in found:
            found = _ours(sys.modules[name], found | {name})
    return found


_jitable_modules: set[str] = set()


def _jitable(modules: frozenset[str]) -> None:
    """The plain functions of modules of ours may be called from what Numba compiles, and call one another there."""
    extending = importlib.import_module("numba.extending")
    for name in modules - _jitable_modules:
        options = Options(fastmath=REASSOCIATED if name == ANY_ORDER else CONTRACT)
        for function in vars(sys.modules[name]).values():
            if isinstance(function, types.FunctionType) and function.__module__ == name:
                extending.register_jitable(**options.keywords)(function)
        _jitable_modules.add(name)
