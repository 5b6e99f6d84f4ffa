"""One program through every way there is: each `control` over ten calls, the tape, and a gradient made anew for each call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from s2sad import tape, value_and_grad
from s2sad.errors import S2sadError
from tests.oracles import assert_close, assert_identical, differences

CALLS = (0.7, 1.3, 0.7, -0.4, 2.5, 0.1, 1.9, -1.1, 0.6, 3.2)
CONTROLS = ("record", "keep", "auto")


def each_call(derived: Callable[..., Any], make: Callable[[], Any], calls: Sequence[Any], rtol: float = 1e-6) -> None:
    """Every call gives the function's own value, to the last bit, and the slope that differences find."""
    plain, probe = make(), make()
    for call in calls:
        value, gradient = derived(call)
        assert_identical(value, plain(call))
        assert_close(gradient, differences(probe, (call,)), rtol)


def every_way(make: Callable[[], Any], calls: Sequence[Any] = CALLS, refused: tuple[str, ...] = (), rtol: float = 1e-6) -> None:
    """Check a program that `make` makes anew, its state included; ways that may refuse it never give a wrong number."""
    for control in CONTROLS:
        try:
            each_call(value_and_grad(make(), control=control), make, calls, rtol)  # type: ignore[call-overload]
        except S2sadError:
            if control not in refused:
                raise
    if "tape" not in refused:
        function = make()
        each_call(lambda call: tape.gradient(function, (call,)), make, calls, rtol)
