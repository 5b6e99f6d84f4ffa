"""Dataclasses that are quickly made: the program starts with a hundred of them.

Those of the standard library have each method written as text and compiled, and those that are frozen assign their fields by a call. Here
an `__init__` is compiled for so many fields, and has the names of the fields put into it; what compares, tells and hashes reads the fields.
That nothing assigns to the fields of one that is frozen, type checkers see to: at run time it is not asked.
"""
from __future__ import annotations

import dataclasses
import functools
import operator
import reprlib
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(kind: Any = None, *, frozen: bool = False, eq: bool = True, **options: Any) -> Any:
        """As that of the standard library, with its meanings of `frozen` and `eq`."""
        if kind is None:
            return functools.partial(dataclass, frozen=frozen, eq=eq, **options)
        told, follows = vars(kind), hasattr(kind, "__post_init__")
        made = dataclasses.dataclass(kind, init=follows, repr=False, eq=False, **options)
        if not follows and "__init__" not in told:
            made.__init__ = _init(made)
        if "__repr__" not in told:
            made.__repr__ = _shown
        if eq:
            read = _reader(tuple(f.name for f in dataclasses.fields(made) if f.compare))
            hashed = told.get("__hash__") or (_hash(read) if frozen else None)
            made.__eq__ = told.get("__eq__") or _equal(read)
            made.__hash__ = hashed
        return made


ANEW = object()  # stands for an argument that is made where it is not given
GIVEN = {(True, True): "make_{0}() if {0} is ANEW else {0}", (True, False): "{0}", (False, True): "make_{0}()"}


def _init(made: Any) -> types.FunctionType:
    """What takes the fields of a class and assigns them: the code for fields of such kinds, with the names of these."""
    fields, missing = dataclasses.fields(made), dataclasses.MISSING
    named = {f"f{place}": f.name for place, f in enumerate(fields)}
    makers = {f"make_f{place}": f.default_factory for place, f in enumerate(fields)}
    code = _assigning(tuple((f.init, bool(f.kw_only), f.default_factory is not missing) for f in fields))
    variables, names = (tuple(named.get(name, name) for name in names) for names in (code.co_varnames, code.co_names))
    code = code.replace(co_varnames=variables, co_names=names, co_qualname=f"{made.__qualname__}.__init__")
    absent = [(f, ANEW if f.default is missing else f.default) for f in fields if f.init and not f.default is f.default_factory is missing]
    init = types.FunctionType(code, {"ANEW": ANEW, **makers}, "__init__", tuple(default for f, default in absent if not f.kw_only))
    init.__kwdefaults__ = {f.name: default for f, default in absent if f.kw_only}
    init.__module__, init.__annotations__ = made.__module__, {**{f.name: f.type for f in fields if f.init}, "return": None}
    return init


@functools.cache
def _assigning(kinds: tuple[tuple[bool, bool, bool], ...]) -> types.CodeType:
    """The code of an `__init__` of fields by their places: of each, whether it is taken, by name alone, and made where it is not given."""
    places = [(f"f{place}", *kind) for place, kind in enumerate(kinds)]
    by_name = [name for name, taken, named, _ in places if taken and named]
    parameters = ["self", *(name for name, taken, named, _ in places if taken and not named), *(["*", *by_name] if by_name else [])]
    lines = [f"self.{name} = {GIVEN[taken, made].format(name)}" for name, taken, _, made in places if taken or made]
    exec(f"def __init__({', '.join(parameters)}):\n    {'; '.join(lines or ['pass'])}", known := {})  # type: ignore[var-annotated]
    return known["__init__"].__code__  # type: ignore[no-any-return]


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these attributes of something."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _equal(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    return lambda one, other: read(one) == read(other) if other.__class__ is one.__class__ else NotImplemented


def _hash(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    return lambda value: hash(read(value))


@reprlib.recursive_repr()
def _shown(value: Any) -> str:
    parts = ", ".join(f"{f.name}={getattr(value, f.name)!r}" for f in dataclasses.fields(value) if f.repr)
    return f"{type(value).__qualname__}({parts})"


__all__ = ["dataclass"]
