"""What users may choose: the arguments that are differentiated, and how paths are compiled."""
from __future__ import annotations

import operator
import reprlib
from dataclasses import replace
from typing import Any

from s2sad.quickly import dataclass

CONTROL = ("auto", "record", "keep")
BACKENDS = ("python", "numba", "auto")
NATIVE = ("parallel", "reassociate")
NOT_OVER_THREADS = "not over threads: "
Argnums = int | str | tuple[int | str, ...] | list[int | str]


def check_argnums(argnums: Any) -> Any:
    """The same choice, with a tuple for a list. Raises TypeError unless it is of positions and names."""
    for one in argnums if isinstance(argnums, (tuple, list)) else (argnums,):
        if isinstance(one, bool) or not isinstance(one, (int, str)):
            said = f"argnums is a position, a parameter name, or a tuple of those, not {reprlib.repr(argnums)}"
            called = "; the derivative is called with the arguments of the function: grad(f)(x)" if is_argument(one) else ""
            raise TypeError(f"{said}{called}")
    return tuple(argnums) if isinstance(argnums, list) else argnums


def is_argument(value: Any) -> bool:
    """Whether a value looks like an argument of the function that is differentiated."""
    return isinstance(value, (float, complex, dict, list)) or hasattr(value, "dtype")


def check_control(control: Any) -> None:
    """Raise ValueError unless this is a choice there is."""
    if control not in CONTROL:
        raise ValueError(f"control is one of {', '.join(map(repr, CONTROL))}, not {control!r}")


def check_backend(backend: Any) -> None:
    """Raise ValueError unless this is a choice there is."""
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(map(repr, BACKENDS))}, not {backend!r}")


def check_native(option: str, value: Any, backend: Any) -> None:
    """Raise unless this may be chosen for native code, and native code is."""
    if not isinstance(value, bool):
        raise TypeError(f"{option} is True or False, not {reprlib.repr(value)}")
    if value and backend not in ("numba", "auto"):
        raise ValueError(f'{option}=True is for native code: add backend="numba"')


def check_choices(control: Any, backend: Any) -> None:
    """Raise ValueError unless these are choices there are; without a backend, it is the one that is the default when a call comes."""
    check_control(control)
    if backend is not None:
        check_backend(backend)


def check_order(order: Any, argnums: Any) -> None:
    """Raise TypeError unless this says how often a function is differentiated, ValueError where it cannot be done so often."""
    if isinstance(order, bool) or not hasattr(type(order), "__index__"):
        raise TypeError(f"order is a whole number, not {order!r}")
    if operator.index(order) < 0:
        raise ValueError(f"order is how often the function is differentiated, 0 or more, not {order!r}")
    if order != 1 and isinstance(argnums, (tuple, list)):
        raise ValueError(f"order={order!r} is for one argument; make a derivative for each of {argnums!r}")


@dataclass(frozen=True)
class Settings:
    """How a path is compiled. `optimise=False` leaves out every pass that is not needed for the meaning."""

    optimise: bool = True
    verify: bool = False
    """Whether every list is checked on its way, types included, which doubles the time of a compilation."""
    control: str = "auto"
    """What becomes of loops and branches: "record" the way a call takes, "keep" them, or "auto", which keeps what takes many steps."""
    backend: str | None = None
    """What runs the code: "python", "numba", or "auto", which is the one that pays; None for the default when a call comes (`backend`)."""
    parallel: bool = False
    """Whether native code has loops over threads."""
    reassociate: bool = False
    """Whether native code may add up in another order, several numbers at a time."""

    @classmethod
    def of(cls, control: str, backend: str | None, parallel: bool, reassociate: bool) -> Settings:
        """What users choose."""
        return cls(control=control, backend=backend, parallel=parallel, reassociate=reassociate)

    def under(self, default: str) -> Settings:
        """The same with a backend, by default this one: its name, and what else was chosen with it."""
        if self.backend is not None:
            return self
        name, *options = default.split()
        return replace(self, backend=name, parallel="parallel" in options, reassociate="reassociate" in options)

    def check(self) -> None:
        """Raise ValueError for a choice that there is not, TypeError for what is no truth value."""
        check_choices(self.control, self.backend)
        for option in NATIVE:
            check_native(option, getattr(self, option), self.backend)


_first_use = [True]


def first_use_check(on: bool | None = None) -> bool:
    """Whether the result of a kept path for new sizes, or on a new side of a branch, is compared with the function; with an argument, set
    it.

    The check costs one call of the function for each new set of sizes. Where the values differ, the call is recorded instead, the path is
    dropped, and a FaultWarning says so. Sizes that were served while it was off do not count as new later.

    >>> import s2sad
    >>> s2sad.first_use_check(False)
    False
    >>> s2sad.first_use_check(True)
    True
    """
    if on is not None:
        _first_use[0] = on
    return _first_use[0]
