"""Calls: by rule, by lowering the function's own source, by Python's protocols, or natively where nothing followed is involved."""
from __future__ import annotations

import builtins
import collections
import contextlib
import functools
import inspect
import math
import operator
import types
from collections.abc import Callable, Iterator, MappingView, Sequence
from typing import Any

import numpy as np

from s2sad import runtime, trees
from s2sad.errors import MissingRule, S2sadError, SourceUnavailable, UnsupportedSyntax, forgive
from s2sad.front import lookup
from s2sad.front.lower import instantiate, lower
from s2sad.machine import (
    array_writes,
    belonging,
    builtin_functions,
    caches,
    finding,
    labelled,
    numpy_forms,
    objects,
    standard_library,
    stepwise,
    texts,
    tree_functions,  # noqa: F401  which says what these functions mean
    ufunc_methods,
)
from s2sad.machine.callables import SPECIAL, Bound, NativeMethod, Transform
from s2sad.machine.callbacks import Callback
from s2sad.machine.native_code import GETTERS, OWN_CONTAINERS, follow, missing, own_function
from s2sad.machine.proposals import full_name
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.machine.units import FixedUnit, Unit
from s2sad.rules import effects, following, late, refusing, structural
from s2sad.rules.language import Primitive, rule_of
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE
from s2sad.tracebacks import LOWERED

LOOKED_INTO = frozenset({"contextlib", "functools", "collections", "collections.abc", "_collections_abc"})
RECORDS = frozenset({"logging", "warnings"})
PROTOCOL_MODULES = frozenset({"builtins", "itertools", "_functools", "functools", "_operator", "operator", "collections",
                              "_collections", "types", "dataclasses", "_heapq", "_bisect", "enum", "_collections_abc",
                              "weakref"})  # fmt: skip
METHOD_OF = {len: "__len__", abs: "__abs__", round: "__round__", iter: "__iter__", next: "__next__", repr: "__repr__",
             hash: "__hash__", divmod: "__divmod__", reversed: "__reversed__", int: "__int__", float: "__float__",
             complex: "__complex__", math.floor: "__floor__", math.ceil: "__ceil__", math.trunc: "__trunc__"}  # fmt: skip
STEPWISE = stepwise.__name__
EFFECTS = frozenset({print, input, open, setattr, delattr, exec, eval, breakpoint})


def fstring(machine: Any, parts: tuple[Any, ...]) -> Any:
    """The text of an f-string; a part is a string, or value, conversion and format."""
    texts = []
    for part in parts:
        if isinstance(part, tuple):
            value, conversion, spec = part
            convert = {-1: None, ord("r"): repr, ord("s"): str, ord("a"): ascii}[conversion]
            part = machine.call(format, value if convert is None else machine.call(convert, value), spec)
        texts.append(part)
    if any_traced(*texts):
        return machine.opaque("".join, (texts,), {}, pure=True)
    return "".join(texts)


def dispatch(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of `function(*args, **kwargs)`. A refusal without a place gets that of this call."""
    try:
        return _dispatch(machine, function, args, kwargs)
    except S2sadError as error:
        if error.location is not None or (place := machine.location()) is None:
            raise
        raise type(error)(error.reason, place, error.hint).with_traceback(error.__traceback__) from None


def _dispatch(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(function, Traced):  # which is not to be looked up, for its hash would be asked
        return _call_outside(machine, function, args, kwargs)
    known = objects.hashable(function)
    special = SPECIAL.get(known) or array_writes.SPECIAL.get(known) or ufunc_methods.followed(known)
    primitive = rule_of(known)
    if special is not None:
        return special(machine, *args, **kwargs)
    ours = _of_objects(known, args, kwargs) or _in_place_of(machine, known, function, args, kwargs)
    if ours is not None:
        return call_python(machine, *ours, kwargs)
    if primitive is not None:
        return by_rule(machine, primitive, function, args, kwargs)
    if refusing.why_not(known) and belonging.concerns(machine, args, kwargs):
        raise missing(machine, function)
    function = following.source_of(known) or function
    match function:
        case Transform():
            return function.trace(machine, args, kwargs)
        case Primitive():
            return machine.apply(function, function.bind(args, kwargs))
        case types.FunctionType():
            return call_python(machine, function, args, kwargs)
        case types.MethodType():
            return machine.call(function.__func__, function.__self__, *args, **kwargs)
        case _ if isinstance(function, GETTERS):
            return builtin_functions.getter(machine, function, *args, **kwargs)
        case functools.partial():
            return machine.call(function.func, *function.args, *args, **{**function.keywords, **kwargs})
        case Bound() | NativeMethod() | Callback():
            return function(*args, **kwargs)
        case type():
            return machine.construct(function, args, kwargs)
        case types.MethodDescriptorType() if numpy_forms.is_unbound(function, args):
            return numpy_forms.unbound(machine, function, args, kwargs)
        case standard_library.COMPARING():
            return standard_library.Ordered(machine, function, *args)
        case caches.CACHED():
            return caches.call(machine, function, args, kwargs)
        case types.BuiltinMethodType() if isinstance(function.__self__, caches.CACHED):
            return caches.method(machine, function.__name__, function.__self__)
        case types.BuiltinMethodType(__name__="__new__"):
            return belonging.own(machine, native(machine, function, args, kwargs))
    method = machine.method(function, "__call__")
    if method is not None:
        return machine.call(method, function, *args, **kwargs)
    if not callable(function):
        function(*args, **kwargs)
    return native(machine, function, args, kwargs)


def _in_place_of(machine: Any, known: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
    """The function of ours that is followed in place of one, and its arguments; None where nothing is differentiated. A wrong call raises
    what it does."""
    bound = _bound(function)
    if bound is not None:
        known, args = bound[0], (bound[1], *args)
    if known not in following.INSTEAD or not (belonging.concerns(machine, args, kwargs) or machine.active(args, kwargs)):
        return None
    with contextlib.suppress(ValueError):  # native code may not say what it takes
        inspect.signature(known).bind(*args, **kwargs)
    ours = following.in_place_of(known, strip(args), strip(kwargs))
    return None if ours is None else (ours, args)


def _of_objects(known: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
    """The function of ours, and its arguments, that a function of NumPy means which is given an array of objects first, or a ufunc that
    calls a function of Python's; None for any other function."""
    answers = following.ANSWERS.get(type(args[0])) if args else None
    if answers is not None and known in answers and known is not isinstance:
        return answers[known], args
    if not isinstance(known, np.ufunc) or rule_of(known) is not None:
        return None
    python = following.python_of(known) if any_traced(args, kwargs) or any(type(a) in following.ANSWERS for a in args) else None
    return None if python is None else (python[0], (*python[1], *args))


def _bound(function: Any) -> tuple[Any, Any] | None:
    """The native method of a class of SciPy's or NumPy's that a function is, and its owner."""
    if isinstance(function, NativeMethod):
        owner: Any = function.owner
        name = function.name
    elif isinstance(function, types.BuiltinMethodType) and not isinstance(function.__self__, (types.ModuleType, type)):
        owner, name = function.__self__, function.__name__
    else:
        return None
    kind = type(strip(owner))
    if not following.in_packages(kind.__module__) and kind.__name__ not in late.CLASSES:
        return None
    rule_of(kind)  # which reads the table
    return objects.hashable(getattr(kind, name, None)), owner


def by_rule(machine: Any, primitive: Primitive, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a primitive; on plain values it is just made, unless the machine wants it written down."""
    own = METHOD_OF.get(function)
    if own is not None and args and machine.method(args[0], own) is not None:
        return machine.call(machine.method(args[0], own), *args, **kwargs)
    if function is np.where and len(args) == 1 and not kwargs:
        return machine.call(np.nonzero, *args)
    if isinstance(function, np.ufunc) and len(args) > function.nin:
        args, kwargs = args[: function.nin], {**kwargs, "out": args[function.nin :]}
    args, kwargs = numpy_forms.named(primitive, function, args, numpy_forms.here(function, kwargs))
    out = kwargs.pop("out", None)
    if any(o is not None for o in (out if isinstance(out, tuple) else (out,))):
        return array_writes.into(machine, function, out, args, kwargs)
    if primitive.overwrites and array_writes.is_overwritten(machine, primitive, args, kwargs):
        return array_writes.overwrite(machine, primitive, function, args, kwargs)
    if primitive.root is not None and primitive.root[1] is math:
        args = tuple(_listed(machine, a) if machine.method(a, "__float__") is None else machine.call(float, a) for a in args)
    elif primitive.root is not None and primitive.root[1] is np:
        args = tuple([as_list(machine, a) for a in args])
    if not any_traced(args, kwargs) and not machine.lifts_call(primitive):
        return function(*args, **kwargs)
    if isinstance(function, np.ufunc) and kwargs.get("dtype") is not None and machine.active(args):
        args = numpy_forms.in_dtype(machine, function, args, kwargs)
        del kwargs["dtype"]
    try:
        bound = array_writes.intact(machine, primitive, primitive.bind(args, kwargs))
        _has_derivatives(machine, primitive, function, bound)
    except TypeError as error:
        late.load(function)
        if (source := following.source_of(function)) is not None:  # which is followed where the rule has no such argument
            return call_python(machine, source, args, kwargs)
        if machine.active(args, kwargs):
            function(*strip(args), **strip(kwargs))  # raises what a wrong call raises
            raise MissingRule(str(error), machine.location(), "leave the argument out, or compute its effect with other functions"
                              ) from None  # fmt: skip
        return machine.opaque(function, args, kwargs, pure=True)
    return machine.apply(primitive, bound)


def _has_derivatives(machine: Any, primitive: Primitive, function: Any, bound: list[Any]) -> None:
    """Raises TypeError where a rule lacks the derivative by an argument, and the source of the function can be followed."""
    if following.source_of(function) is not None and primitive.pullbacks:
        for parameter, value in zip(primitive.parameters, bound, strict=True):
            if parameter.name not in primitive.pullbacks and machine.active(value):
                raise TypeError(f"{primitive.name} has no derivative with respect to {parameter.name!r}")


def with_arrays(machine: Any, primitive: Primitive, bound: list[Any]) -> list[Any]:
    """The arguments as rules see them: lists and tuples are the arrays that NumPy makes of them.

    Where nothing is differentiated no rule will see them, and the sizes in a tuple stay sizes.
    """
    if not any(type(b) in (list, tuple) for b in bound) or not machine.active(*bound):
        return bound
    bound = [as_list(machine, b) for b in bound]
    values: list[Any] = strip(bound)
    return [machine.call(np.array, b) if type(b) in (list, tuple) and primitive.takes_array(p, values) else b
            for p, b in zip(primitive.parameters, bound, strict=True)]  # fmt: skip


def as_list(machine: Any, value: Any) -> Any:
    """A list in place of a sequence of another class, as NumPy iterates over it, also within lists; of an object the array that it says
    that it is."""
    kind = type(value)
    if (kind is list or kind is tuple) and not all(type(item) in objects.PLAIN or isinstance(item, Traced) for item in value):
        items = [as_list(machine, item) for item in value]
        return value if all(map(operator.is_, items, value)) else kind(items)
    if kind in objects.PLAIN or isinstance(value, Traced) or trees.is_namedtuple(value):
        return value
    if (isinstance(value, (list, tuple)) or Sequence in kind.__mro__) and belonging.concerns(machine, value):
        return [as_list(machine, item) for item in machine.iterate(value)]
    stands_for = machine.method(value, "__array__")
    return value if stands_for is None else machine.call(stands_for, value)


def _listed(machine: Any, value: Any) -> Any:
    """Numbers that an iterator or a view of a dict gives, as a list, in which followed ones are seen."""
    own = machine.method(value, "__iter__") is not None
    return list(machine.iterate(value)) if own or isinstance(value, (Iterator, MappingView, collections.deque)) else value


def call_python(machine: Any, function: types.FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function written in Python: lowered from its source, unless it belongs to a library and sees nothing active."""
    if MACHINE in function.__globals__:
        return function(*args, **kwargs)
    if objects.generated(function):
        return function(*args, **kwargs)
    if function.__code__ is standard_library.DISPATCH:
        return machine.pins.chosen(function, *args)
    module = function.__module__ or ""
    if module.startswith("s2sad.") and not is_own(module) and module != LOWERED:
        return own_function(machine, function, args, kwargs)
    if objects.is_library(module) and module not in LOOKED_INTO and not is_own(module):
        if module.partition(".")[0] in RECORDS:
            args = tuple([texts.logged(machine, a) for a in args])
        if effects.asserts(function):
            return machine.opaque(function, args, kwargs)
        if module.partition(".")[0] in RECORDS or not belonging.concerns(machine, args, kwargs):
            return machine.opaque(function, args, kwargs, pure=module.partition(".")[0] == "numpy")
        if (module.partition(".")[0] == "numpy" and not following.is_followed(function)) or refusing.why_not(function):
            raise missing(machine, function)
        machine.attempts.into_library(function, args, kwargs)
    if belonging.apart(machine, function, args, kwargs):
        return machine.natively(function, args, kwargs)
    try:
        lowered = machine.lowered(function)
    except SourceUnavailable as error:
        if not belonging.concerns(machine, args, kwargs):
            forgive(error)
            return machine.opaque(function, args, kwargs)
        raise
    return labelled.followed(machine, function, lowered, args, kwargs)


def is_own(module: str) -> bool:
    return module in runtime.FORMULAS or module == STEPWISE or (module.startswith("s2sad.rules.") and module != "s2sad.rules.language")


def native(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A callable that is not Python code."""
    own = METHOD_OF.get(objects.hashable(function))
    if own is not None and args:
        method = machine.method(args[0], own)
        if method is not None:
            return machine.call(method, *args, **kwargs)
    if follows_protocols(function):
        container = _written(function, args)
        if container is not None and machine.outer(container, f"{function.__name__}()"):
            owner = () if args and args[0] is container else (container,)
            writer = getattr(type(container), function.__name__) if owner else function
            return machine.change(f"{function.__name__}() of a container from outside", writer, *owner, *args, **kwargs)
        owner = asking.attribute(function, "__self__")
        if isinstance(owner, (str, bytes)) and function.__name__ == "join":  # what it iterates over is to be seen
            args = tuple([a if isinstance(a, (Traced, list, tuple, str, bytes)) else list(machine.iterate(a)) for a in args])
        if not (isinstance(owner, (str, bytes)) and any_traced(args, kwargs)):
            if isinstance(owner, list) and function.__name__ == "sort":
                return builtin_functions.sort_in_place(machine, owner, **kwargs)
            answer = finding.method_of_container(machine, owner, asking.title(function), args)
            if answer is not NotImplemented:
                return answer
            return follow(machine, function, args, kwargs)
        return machine.opaque(function, args, kwargs, pure=True)
    args = tuple([list(machine.iterate(a)) if belonging.passing(a) else a for a in args])
    if machine.active(args, kwargs):
        raise missing(machine, function)
    if belonging.has_made(machine, asking.receiver(function), args, kwargs):
        raise UnsupportedSyntax(f"{full_name(function)}() is native code, and is given an object that the function has made",
                                machine.location(), "give it numbers, arrays or text")  # fmt: skip
    pure = not any_traced(args, kwargs) and asking.attribute(function, "__module__", "") in ("math", "cmath")
    if pure:
        return function(*args, **kwargs)
    return machine.opaque(function, args, kwargs, pure=_is_numpy(function))


def _is_numpy(function: Any) -> bool:
    module = asking.attribute(function, "__module__") or ""
    return isinstance(function, np.ufunc) or (module.startswith("numpy") and not module.startswith("numpy.random"))


def follows_protocols(function: Any) -> bool:
    """Whether a native callable only compares, adds, iterates and moves its arguments, so that it may run on traced values."""
    owner = asking.attribute(function, "__self__")
    if isinstance(function, types.MethodWrapperType):
        return function.__objclass__.__module__ in PROTOCOL_MODULES
    if owner is not None and not isinstance(owner, types.ModuleType):
        kind = owner if isinstance(owner, type) else type(owner)
        return isinstance(owner, (*OWN_CONTAINERS, BaseException)) or kind.__module__ in PROTOCOL_MODULES
    if objects.hashable(function) in EFFECTS:
        return False
    module = asking.attribute(function, "__module__")
    if module is None:  # a method of a builtin class, unbound
        return asking.attribute(asking.attribute(function, "__objclass__"), "__module__", "") in PROTOCOL_MODULES
    return module in PROTOCOL_MODULES or type(function).__module__ in ("operator", "functools", "_operator")


WRITERS = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "setdefault", "popitem",
                     "add", "discard", "appendleft", "popleft", "extendleft", "rotate", "__setitem__", "__delitem__", "__iadd__",
                     "__imul__", "heappush", "heappop", "heapify", "heapreplace", "heappushpop", "insort_left", "insort_right",
                     "move_to_end", "setitem", "delitem", "iadd", "iconcat", "imul", "ior"})  # fmt: skip


def _written(function: Any, args: tuple[Any, ...]) -> Any:
    """The container that a native function writes into, its owner or its first argument; None for one that writes into none."""
    owner = asking.attribute(function, "__self__")
    if owner is None or isinstance(owner, types.ModuleType):
        owner = args[0] if args else None
    written = asking.title(function) in WRITERS and isinstance(strip(owner), (list, dict, set, collections.deque))
    return owner if written else None


def _call_outside(machine: Any, function: Traced, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    method = machine.method(function, "__call__")
    if method is not None:
        return machine.call(method, function, *args, **kwargs)
    if not callable(function.value):
        function.value(*args, **kwargs)  # raises what Python raises
    if machine.active(args, kwargs):
        raise missing(machine, function.value)
    return machine.opaque(function, args, kwargs)


# Lowering the functions that are called


def lowered(machine: Any, function: types.FunctionType) -> Callable[..., Any]:
    """The function rewritten for the machine, with its default values read afresh."""
    found = lookup.find(function.__code__, function.__globals__)
    if is_own(function.__module__ or "") or following.in_packages(function.__module__ or ""):
        own: Any = instantiate(lower(found), machine, FixedUnit.of(function), builtins)
        own.__defaults__, own.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
        return own  # type: ignore[no-any-return]
    instance: Any = instantiate(lower(found), machine, Unit(function), builtins)
    defaults = enumerate(function.__defaults__ or ())
    instance.__defaults__ = tuple(machine.captured(v, structural.DEFAULT, [function, i]) for i, v in defaults)
    keywords = (function.__kwdefaults__ or {}).items()
    instance.__kwdefaults__ = {k: machine.captured(v, structural.DEFAULT, [function, k]) for k, v in keywords}
    return instance  # type: ignore[no-any-return]
