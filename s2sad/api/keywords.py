"""What a function does not take, keywords and arguments: what is raised names what was meant."""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar, cast

from s2sad import tracebacks
from s2sad.loading import at_first_use
from s2sad.runtime import asking

if TYPE_CHECKING:
    from s2sad import elsewhere
else:
    elsewhere = at_first_use("s2sad.elsewhere")

F = TypeVar("F", bound=Callable[..., Any])


def helpful(function: F) -> F:
    """A function that says, of a keyword that it does not have, which one may be meant, and of too many arguments where they belong.

    >>> helpful(lambda f, argnums=0: f)(None, argnum=1)
    Traceback (most recent call last):
    TypeError: <lambda>() has no keyword 'argnum'; did you mean 'argnums'?
    """
    parameters = inspect.signature(function).parameters
    names, most = tuple(parameters), sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters.values())

    @tracebacks.entry
    @functools.wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        for name in options:
            if name not in names:
                raise TypeError(elsewhere.said(f"{function.__name__}()", name, names))
        if len(args) > most:
            raise TypeError(f"{function.__name__}() is given a function, and what it returns the arguments of that: "
                            f"{function.__name__}(f)(...), not {function.__name__}(f, ...)")  # fmt: skip
        return function(*args, **options)

    return cast(F, called)


def meant_for(transform: str, names: Collection[str], function: Any, given: Collection[str]) -> None:
    """Raise TypeError for a keyword that is passed on to a function which has no such parameter, but the transform one spelt nearly so."""
    code = asking.attribute(function, "__code__")
    for name in given:
        if code is not None and name in code.co_varnames:  # which is quickly told
            continue
        if name not in _parameters(function) and elsewhere.alike(name, names):
            raise TypeError(elsewhere.said(transform, name, names))


def _parameters(function: Any) -> Any:
    """The parameters that may be passed by name; every name where the function does not say, or takes any."""
    try:
        found = asking.signature(function).parameters
    except (TypeError, ValueError):
        return EVERY
    return EVERY if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in found.values()) else found


class _Everything:
    """Holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


EVERY = _Everything()
