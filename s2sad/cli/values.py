"""The values that a command line gives: a text comes in, numbers, strings, containers and arrays go out. Nothing is evaluated as Python.

    value      ::= expression [":" kind]               kind: `array`, or a dtype of NumPy
    expression ::= literal | name | expression operator expression | call
    name       ::= [("np" | "math") "."] ("pi" | "e" | "tau" | "inf" | "nan")
    operator   ::= "+" | "-" | "*" | "/" | "//" | "%" | "**"      between numbers and arrays
    call       ::= "np." function "(" expressions ")" | expression ".reshape(" expressions ")"

A literal is one of Python, with expressions in it; functions are those of FUNCTIONS, each of which makes an array or a number.
"""
from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from s2sad.cli.refused import meant, short
from s2sad.parsing import parse

NAMES = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan}
MODULES = ("np", "numpy", "math")
KINDS = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "complex128",
         "complex64")  # fmt: skip
PYTHON_KINDS = {"float": float, "int": int, "complex": complex, "bool": bool}
MAKERS: tuple[Any, ...] = (np.array, np.asarray, np.linspace, np.logspace, np.geomspace, np.arange, np.zeros, np.ones, np.full, np.eye,
                           np.identity)  # fmt: skip
FUNCTIONS = (*(function.__name__ for function in MAKERS), *KINDS)
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
LARGEST = 100_000_000
"""How many numbers an array may have that a function makes."""
DIGITS = 4_000
"""How many bits a whole number may have that a power is."""


class Unreadable(Exception):
    """A text that is no value; the message says why."""


def read(text: str) -> Any:
    """The value that a text writes. Raises Unreadable.

    >>> read("[1/3, -pi]"), read("[[1, 2], [3, 4]]:float32").dtype, read("np.linspace(0, 1, 3)").tolist()
    ([0.3333333333333333, -3.141592653589793], dtype('float32'), [0.0, 0.5, 1.0])
    """
    written, separator, kind = text.rpartition(":")
    if separator and kind.strip().isidentifier() and written.strip():
        return _of_kind(_value(written), kind.strip())
    return _value(text)


def _tree(text: str) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):
            return parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        blank = any(bracket in error.msg for bracket in ("never closed", "unmatched", "does not match"))
        hint = "; a value with blanks in it stands in quotes, as in '[1.0, 2.0]'" if blank else ""
        raise Unreadable(f"this cannot be read: {error.msg}{hint}") from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise Unreadable(str(error) or "this is nested too deeply") from None


def _of_kind(value: Any, kind: str) -> Any:
    if kind not in ("array", *KINDS, *PYTHON_KINDS):
        raise Unreadable(f"{short(kind)} is no kind of array{meant(kind, ('array', *KINDS)) or '; :array or a dtype as in :float32 is'}")
    try:
        made = np.array(value, dtype=None if kind == "array" else kind)
    except (ValueError, TypeError, OverflowError) as error:
        said = "the parts differ in length" if "inhomogeneous" in str(error) else _first(error)
        raise Unreadable(f"there is no array of this: {said}") from None
    if made.dtype.kind not in "biufc":
        raise Unreadable("an array is of numbers")
    return made


def _value(text: str) -> Any:
    node = _tree(text)
    try:
        return _evaluated(node)
    except RecursionError:
        raise Unreadable("this is nested too deeply") from None
    except Unreadable as error:  # what is said of all of it need not repeat it
        whole, said = _shown(node), str(error)
        raise Unreadable(said.removeprefix(f"{whole}: ").replace(f"{whole} is", "this is", 1)) from None


def _evaluated(node: Any) -> Any:
    match node:
        case ast.Constant(value=value) if value is not ...:
            return value
        case ast.List(elts=parts):
            return [_evaluated(p) for p in parts]
        case ast.Tuple(elts=parts):
            return tuple(_evaluated(p) for p in parts)
        case ast.Set(elts=parts):
            return _calculated(node, lambda: {_evaluated(p) for p in parts})
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return _calculated(node, lambda: {_evaluated(k): _evaluated(v) for k, v in zip(keys, values, strict=True)})
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            found = _number(operand)
            return _calculated(node, lambda: -found if isinstance(sign, ast.USub) else +found)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in OPERATORS:
            return _binary(node, OPERATORS[type(op)], _number(left), _number(right))
        case ast.Name() | ast.Attribute():
            return _named(node)
        case ast.Call():
            return _called(node)
    _refuse(node)


def _number(node: Any) -> Any:
    """What can be calculated with."""
    found = _evaluated(node)
    if not isinstance(found, (int, float, complex, np.ndarray, np.generic)):
        raise Unreadable(f"{_shown(node)} is no number")
    return found


def _binary(node: ast.BinOp, operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if operation is operator.pow and isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > DIGITS:
        raise Unreadable(f"{_shown(node)} is too large")
    return _calculated(node, lambda: operation(left, right))


def _calculated(node: Any, action: Callable[[], Any]) -> Any:
    try:
        with np.errstate(all="ignore"):
            return action()
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unreadable(f"{_shown(node)}: {_first(error)}") from None


def _named(node: Any) -> Any:
    name = _short_name(node)
    if name in NAMES:
        return NAMES[name]
    _refuse(node)


def _short_name(node: Any) -> str:
    """The name of a constant or a function, without its module."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
            return name
    return ""


def _called(node: ast.Call) -> Any:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape" and _short_name(node.func) == "":
        array = _evaluated(node.func.value)
        if isinstance(array, np.ndarray):
            shape = [_evaluated(a) for a in node.args]
            return _calculated(node, lambda: array.reshape(*shape))
    name = _short_name(node.func)
    if name not in FUNCTIONS or isinstance(node.func, ast.Name) or any(k.arg is None for k in node.keywords):
        _refuse_call(node, name)
    args = [_evaluated(a) for a in node.args]
    kwargs: dict[str, Any] = {str(k.arg): _dtype(k.value) if k.arg == "dtype" else _evaluated(k.value) for k in node.keywords}
    if _size(name, args, kwargs) > LARGEST:
        raise Unreadable(f"{_shown(node)}: this is more than {LARGEST:,} numbers; save them as .npy")
    made = _calculated(node, lambda: getattr(np, name)(*args, **kwargs))
    if made.dtype.kind not in "biufc":
        raise Unreadable(f"{_shown(node)}: an array is of numbers")
    return made


def _dtype(node: Any) -> Any:
    name = node.value if isinstance(node, ast.Constant) else _short_name(node)
    if name not in KINDS and name not in PYTHON_KINDS:
        raise Unreadable(f"{_shown(node)} is no dtype; there are {', '.join((*PYTHON_KINDS, *KINDS))}")
    return PYTHON_KINDS.get(name, name)


def _size(name: str, args: list[Any], kwargs: dict[str, Any]) -> float:
    """About how many numbers a function makes; where its arguments are wrong, it says so itself."""
    given: dict[Any, Any] = {**dict(enumerate(args)), **kwargs}
    function = getattr(np, name)
    try:
        if function in (np.linspace, np.logspace, np.geomspace):
            return int(given.get("num", given.get(2, 50)))
        if function in (np.zeros, np.ones, np.full):
            shape: Any = given.get("shape", given.get(0))
            return math.prod(shape) if isinstance(shape, (tuple, list)) else int(shape)
        if function in (np.eye, np.identity):
            rows: Any = given.get("N", given.get("n", given.get(0)))
            return int(rows) * int(given.get("M", given.get(1)) or rows)
        if function is np.arange:
            start, stop, step = (*(args if len(args) > 1 else (0, *args)), kwargs.get("step", 1))[:3]
            return float((kwargs.get("stop", stop) - kwargs.get("start", start)) / step)
    except (TypeError, ValueError, ArithmeticError):
        pass
    return 0


def _refuse_call(node: ast.Call, name: str) -> NoReturn:
    """What is called is none of FUNCTIONS, or is not called as it should be."""
    if name in FUNCTIONS:
        raise Unreadable(f"{name} is written np.{name}" if isinstance(node.func, ast.Name) else f"{_shown(node)} has no ** here")
    written = ast.unparse(node.func)
    said = meant(written, [f"np.{known}" for known in FUNCTIONS]) if written.startswith(MODULES) else ""
    raise Unreadable(f"{_shown(node)} is not called: values are read, and nothing is run{said}")


def _refuse(node: Any) -> NoReturn:
    match node:
        case ast.Name(id=name):
            said = meant(name, (*NAMES, "True", "False", "None")) or f"; a string stands in quotes within quotes: \"'{short(name)}'\""
            raise Unreadable(f"{short(name)} is no value{said}")
        case ast.Attribute(value=ast.Name(id=module)) if module in MODULES:
            known = [f"{module}.{known}" for known in NAMES]
            said = meant(ast.unparse(node), known) or f"; there are {', '.join(known)}"
            raise Unreadable(f"{_shown(node)} is not known here{said}")
    raise Unreadable(f"{_shown(node)} is not run: values are literals, arithmetic, pi, np.linspace(0, 1, 5) and the like")


def _shown(node: Any) -> str:
    return short(ast.unparse(node))


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]
