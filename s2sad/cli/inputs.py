"""What a command line names: a function in a file or a module, and the point to call it at."""
from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import linecache
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.machine.transforms import differentiable


class InputError(Exception):
    """Bad input; the message is one line that says what is wrong."""


# The function


def load(target: str) -> Callable[..., Any]:
    """The function that `FILE.py:NAME` or `package.module:NAME` names; NAME may have dots, as in `Model.loss`.

    Raises InputError, and what the module itself raises when it is imported.
    """
    place, separator, name = target.rpartition(":")
    if not separator or not name or not place:
        raise InputError(f"{target}: name a function after a colon, as in model.py:loss or package.model:loss")
    module = _file(place) if place.endswith(".py") or os.sep in place else _module(place)
    found: Any = module
    owner: Any = None
    for part in name.split("."):
        if not hasattr(found, part):
            raise InputError(f"{place} has no {name!r}{_known(found, part)}")
        owner, found = found, getattr(found, part)
    if not callable(found):
        raise InputError(f"{target} is of type {type(found).__name__}, not a function")
    bound: Callable[..., Any] = _bound(found, owner, target)
    return bound


def _file(place: str) -> Any:
    path = Path(place)
    if not path.is_file():
        raise InputError(f"no such file: {place}")
    # A name that no library has: code of a library is not differentiated but looked up in the rules.
    name = path.stem
    if name in sys.stdlib_module_names or name in sys.modules or name in ("numpy", "scipy", "s2sad"):
        name = f"{name}_file"
    file = str(path.resolve())
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    _look_in(os.path.dirname(file))
    linecache.checkcache(file)
    exec(compile(path.read_bytes(), file, "exec", dont_inherit=True), module.__dict__)
    return module


def _module(place: str) -> Any:
    _look_in(os.getcwd())
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(f"{error.name}.")):
            raise InputError(f"no module named {place}") from None
        raise
    except (ImportError, ValueError) as error:
        raise InputError(f"{place} cannot be imported: {error}") from None


def _look_in(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _known(owner: Any, name: str) -> str:
    defined = vars(owner) if hasattr(owner, "__dict__") else {}
    functions = [n for n, v in defined.items() if callable(v) and not n.startswith("_")]
    near = difflib.get_close_matches(name, functions, 1)
    if near:
        return f"; did you mean {near[0]}?"
    own = [n for n in functions if getattr(defined[n], "__module__", None) == getattr(owner, "__name__", "")]
    return f"; it defines {', '.join(own)}" if own else ""


def _bound(found: Any, owner: Any, target: str) -> Any:
    """A method of a class needs an instance: the one that the class makes without arguments."""
    if not (isinstance(owner, type) and inspect.isfunction(found)):
        return found
    if isinstance(inspect.getattr_static(owner, found.__name__, None), staticmethod):
        return found
    try:
        inspect.signature(owner).bind()
    except (TypeError, ValueError):
        reason = f"{target} needs an instance, and {owner.__name__}() takes arguments"
        raise InputError(f"{reason}; name an instance that the module makes") from None
    return getattr(owner(), found.__name__)


# The point


def point(tokens: list[str], function: Callable[..., Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments from what follows `--at`: literals, `.npy` and `.npz` files, and `name=value` of either.

    An `.npz` file without a name gives each of its arrays to the parameter of the same name, or, if they have
    no names of parameters, its arrays in order when it was saved without names, else one dict. Raises InputError.
    """
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for token in tokens:
        name, separator, text = token.partition("=")
        if separator and name.strip().isidentifier():
            if name.strip() in kwargs:
                raise InputError(f"--at {token}: {name.strip()} is given twice")
            kwargs[name.strip()] = value(text)
        elif token.endswith(".npz"):
            _spread(value(token), function, args, kwargs)
        else:
            args.append(value(token))
    _check_call(function, args, kwargs)
    return tuple(args), kwargs


def value(text: str, option: str = "--at") -> Any:
    """One value: a literal, read and never run, or the contents of a file. Raises InputError, which names the option."""
    text = text.strip()
    if text.endswith((".npy", ".npz")):
        return _arrays(text)
    if text.lstrip("+-") in ("inf", "nan"):
        return float(text)
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        hint = f"; a string is written in quotes: \"'{text}'\"" if text.isidentifier() else ""
        known = "a literal such as 2, -1e-3, [1.0, 2.0] or 'text', or a .npy or .npz file"
        raise InputError(f"{option} {text or repr(text)}: not {known}{hint}") from None


def _arrays(path: str) -> Any:
    if not os.path.isfile(path):
        raise InputError(f"no such file: {path}")
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path} is no file of arrays: {str(error).partition(chr(10))[0]}") from None


def _spread(arrays: Any, function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> None:
    names = parameters(function)
    if isinstance(arrays, dict) and arrays and all(name in names for name in arrays):
        kwargs.update(arrays)
    elif isinstance(arrays, dict) and list(arrays) == [f"arr_{i}" for i in range(len(arrays))]:
        args.extend(arrays.values())
    else:
        args.append(arrays)


def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters by their names; none where there is no signature."""
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


def _check_call(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        title = getattr(function, "__name__", "the function")
        raise InputError(f"{title}{signature}: {error}; give the arguments after --at") from None


# Which arguments to differentiate


def argnums(tokens: list[str]) -> int | str | tuple[int | str, ...]:
    """The choice of `--argnums`: positions or names, one of them or several, also with commas. Raises InputError."""
    parts = [part.strip() for token in tokens for part in token.split(",") if part.strip()]
    for part in parts:
        if not part.isidentifier() and not part.removeprefix("-").isdigit():
            raise InputError(f"--argnums {part}: neither a position nor the name of a parameter")
    chosen = tuple(int(p) if p.removeprefix("-").isdigit() else p for p in parts)
    return chosen[0] if len(chosen) == 1 else chosen


Place = int | str


def candidates(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[Place, bool]]:
    """The arguments that can be differentiated, and whether each is an int, which may be meant as a count."""
    known = parameters(function)
    named = list(known)
    found: list[tuple[Place, bool]] = []
    given: list[tuple[Place, Any]] = [*enumerate(args), *kwargs.items()]
    for place, argument in given:
        title = place if isinstance(place, str) else named[place] if place < len(named) else ""
        whole = isinstance(argument, (int, np.integer)) and not isinstance(argument, bool)
        if whole and title in known and known[title].annotation in (int, "int"):
            continue
        array = isinstance(argument, np.ndarray) and argument.dtype.kind in "iu"
        if whole or array or any(map(differentiable, trees.flatten(argument)[0])):
            found.append((place, whole))
    return found
