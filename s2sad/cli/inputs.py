"""What a command line names: a function in a file or a module, and the point to call it at."""
from __future__ import annotations

import importlib
import importlib.util
import inspect
import linecache
import os
import sys
import traceback
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.cli import values
from s2sad.cli.refused import InputError, meant, short
from s2sad.cli.values import Unreadable
from s2sad.machine.transforms import differentiable
from s2sad.settings import Argnums

ARRAYS = (".npy", ".npz")


# The function


def load(target: str) -> Callable[..., Any]:
    """The function that `FILE.py:NAME` or `package.module:NAME` names; NAME may have dots, as in `Model.loss`.

    Raises InputError, and what the module itself raises when it is imported.
    """
    place, separator, name = target.rpartition(":")
    if not separator or not name or not place:
        known = "its name stands after a colon, as in model.py:loss or package.model:loss"
        raise InputError(f"{short(repr(target))} names no function: {known}")
    module = _file(place) if place.endswith(".py") or os.sep in place else _module(place)
    found: Any = module
    owner: Any = None
    for part in name.split("."):
        if not hasattr(found, part):
            raise InputError(f"{place} has no {short(repr(name))}{_known(found, part)}")
        owner, found = found, getattr(found, part)
    if isinstance(found, type):
        raise InputError(f"{target} is a class; name a function or a method{_methods(found)}")
    if not callable(found):
        raise InputError(f"{target} is of type {type(found).__name__}, not a function")
    bound: Callable[..., Any] = _bound(found, owner, target)
    return bound


def _file(place: str) -> Any:
    path = Path(place)
    if not path.is_file():
        raise InputError(f"{place} is a folder, not a file" if path.is_dir() else f"no such file: {place}")
    if path.suffix != ".py" or place.endswith("/"):
        raise InputError(f"{place}: a file of Python ends in .py")
    try:
        text = path.read_bytes()
        importlib.util.decode_source(text)
        code = compile(text, str(path.resolve()), "exec", dont_inherit=True)
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror}") from None
    except SyntaxError as error:
        raise InputError(f"{place}:{error.lineno or 1}: {type(error).__name__}: {error.msg.replace(str(path.resolve()), place)}") from None
    except UnicodeDecodeError:
        raise InputError(f"{place} is no text in UTF-8, and does not say what it is in") from None
    except ValueError as error:
        raise InputError(f"{place} is no Python: {error}") from None
    # A name that no library has: code of a library is not differentiated but looked up in the rules.
    name = path.stem
    if name in sys.stdlib_module_names or name in sys.modules or name in ("numpy", "scipy", "s2sad"):
        name = f"{name}_file"
    module = types.ModuleType(name)
    module.__file__ = code.co_filename
    sys.modules[name] = module
    _look_in(os.path.dirname(code.co_filename))
    linecache.checkcache(code.co_filename)
    exec(code, module.__dict__)
    return module


def _module(place: str) -> Any:
    if place.startswith("."):
        raise InputError(f"{short(place)}: a module is named from the top, as in package.model")
    _look_in(os.getcwd())
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(f"{error.name}.")):
            hint = "; a file of Python ends in .py" if os.path.isfile(place) else ""
            raise InputError(f"no module named {short(place)}{hint}") from None
        raise
    except (ImportError, ValueError, TypeError) as error:
        if any(f.filename.endswith(".py") and "importlib" not in f.filename for f in traceback.extract_tb(error.__traceback__)[1:]):
            raise
        raise InputError(f"{short(place)} cannot be imported: {error}") from None


def _look_in(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _known(owner: Any, name: str) -> str:
    defined = vars(owner) if hasattr(owner, "__dict__") else {}
    functions = [n for n, v in defined.items() if callable(v) and not n.startswith("_")]
    own = [n for n in functions if getattr(defined[n], "__module__", None) == getattr(owner, "__name__", "")]
    return meant(name, functions) or (f"; it defines {', '.join(own)}" if own else "")


def _methods(owner: type) -> str:
    names = [n for n, v in vars(owner).items() if inspect.isfunction(v) and not n.startswith("_")]
    return f", as in {owner.__name__}.{names[0]}" if names else ""


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
    """Arguments from what follows `--at`: values, `.npy` and `.npz` files, and `name=value` of either.

    An `.npz` file without a name gives each of its arrays to the parameter of the same name, in the order of the function; or, if they
    have no names of parameters, its arrays in order when it was saved without names, its one array, or else one dict. Raises InputError.
    """
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    known = parameters(function)
    for token in tokens:
        name, separator, text = token.strip().partition("=")
        if separator and name.strip().isidentifier():
            _add(kwargs, name.strip(), value(text, written=token), token, function)
        elif token.strip().endswith(".npz"):
            arrays = _arrays(token.strip())
            if arrays and all(name in known for name in arrays):
                for name in arrays:
                    _add(kwargs, name, arrays[name], token, function)
            else:
                args += _in_order(arrays)
        else:
            args.append(value(token))
    _by_position(known, args, kwargs)
    _check_call(function, args, kwargs)
    return tuple(args), kwargs


def _add(kwargs: dict[str, Any], name: str, found: Any, token: str, function: Callable[..., Any]) -> None:
    """An argument that is given by its name. Raises InputError where there is none of that name, or it is there already."""
    told = f"--at {short(token)}"
    if name in kwargs:
        raise InputError(f"{told}: {name} is given twice")
    known = parameters(function)
    if known and name not in known and not any(p.kind is p.VAR_KEYWORD for p in known.values()):
        raise InputError(f"{told}: unknown argument {name}{_takes(function, name)}")
    kwargs[name] = found


def _takes(function: Callable[..., Any], name: str = "") -> str:
    """The rest of a sentence: what the arguments of a function are called."""
    names, title = [*parameters(function)], getattr(function, "__name__", "the function")
    return meant(name, names) or f"; {title} takes {', '.join(names) or 'no arguments'}"


def _by_position(known: dict[str, inspect.Parameter], args: list[Any], kwargs: dict[str, Any]) -> None:
    """Arguments that were given by name are passed by position, in the order of the function, as far as that goes."""
    for name, parameter in [*known.items()][len(args) :]:
        if name not in kwargs or parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            break
        args.append(kwargs.pop(name))


def value(text: str, option: str = "--at", written: str = "") -> Any:
    """One value: by the grammar of `values`, or the contents of a file. Raises InputError, which names the option and what was written."""
    text, told = text.strip(), f"{option} {short(written or text)}"
    if text.endswith(ARRAYS):
        arrays = _arrays(text)
        return arrays if isinstance(arrays, (np.ndarray, np.generic)) else next(iter(arrays.values())) if len(arrays) == 1 else arrays
    try:
        return values.read(text)
    except Unreadable as error:
        reason = str(error)
    if os.path.isfile(text):
        raise InputError(f"{told}: a file of arrays is .npy or .npz, as numpy.save writes it")
    raise InputError(f"{told}: {reason if text else 'there is no value'}")


def _arrays(path: str) -> Any:
    """An array, or a dict of those of a file; what has no dimension is a number."""
    if not os.path.isfile(path):
        raise InputError(f"no such file: {path}")
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded[()]
        with loaded:
            return {name: loaded[name][()] for name in loaded.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is no file of arrays: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error).partition("\n")[0]
    if "Object arrays" in said:
        return "it holds objects, which are pickled"
    return "numpy.save has not written it" if "pickled" in said else said


def _in_order(arrays: Any) -> list[Any]:
    if list(arrays) == [f"arr_{i}" for i in range(len(arrays))] or len(arrays) == 1:
        return [*arrays.values()]
    return [arrays]


def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters by their names; none where there is no signature."""
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


def _check_call(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> None:
    """Raise InputError unless these are arguments of the function."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        raise InputError(_wrong_call(function, args, kwargs)) from None


def _wrong_call(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> str:
    known, title = parameters(function), getattr(function, "__name__", "the function")
    inorder = [n for n, p in known.items() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(args) > len(inorder) and not any(p.kind is p.VAR_POSITIONAL for p in known.values()):
        by_name = [n for n, p in known.items() if p.kind is p.KEYWORD_ONLY]
        hint = f"; {by_name[0]} is given by its name, as in --at {by_name[0]}=1.0" if by_name else ""
        return f"{title} takes {_count(inorder)} by position ({', '.join(inorder) or 'none'}), and {len(args)} are given after --at{hint}"
    twice = [n for n in inorder[: len(args)] if n in kwargs]
    if twice:
        return f"{twice[0]} is given twice after --at, by position and by name"
    missing = [n for n, p in known.items() if p.default is p.empty and n not in kwargs and n not in inorder[: len(args)]
               and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]  # fmt: skip
    return f"{title} takes {', '.join(known)}; missing after --at: {', '.join(missing)}"


def _count(names: list[str]) -> str:
    return f"{len(names)} argument{'s' * (len(names) != 1)}"


# Which arguments to differentiate


def chosen(tokens: list[str], function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Argnums:
    """The choice of `--argnums` for a call. Raises InputError where the function has no such argument, or it is not given."""
    found = argnums(tokens)
    for place in found if isinstance(found, tuple) else (found,):
        if isinstance(place, str) and place not in kwargs and place not in [*parameters(function)][: len(args)]:
            known = place in parameters(function)
            raise InputError(f"--argnums {short(place)}: " + (f"{place} is not given after --at" if known else
                                                              f"unknown argument {place}{_takes(function, place)}"))  # fmt: skip
        if isinstance(place, int) and not -len(args) <= place < len(args):
            raise InputError(f"--argnums {place}: {_count([*args])} given by position after --at, counted from 0")
    return found


def argnums(tokens: list[str]) -> int | str | tuple[int | str, ...]:
    """The choice of `--argnums`: positions or names, one of them or several, also with commas. Raises InputError."""
    parts = [part.strip() for token in tokens for part in token.split(",") if part.strip()]
    if not parts:
        raise InputError(f"--argnums {short(' '.join(tokens))}: neither a position nor the name of a parameter")
    for part in parts:
        if not part.isidentifier() and not part.removeprefix("-").isdigit():
            raise InputError(f"--argnums {short(part)}: neither a position nor the name of a parameter")
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
