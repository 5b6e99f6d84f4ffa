"""Libraries of labelled arrays, such as pandas: what they compute has no derivative, and an error says what to take instead."""
from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from s2sad.errors import MissingRule, NotDifferentiable, S2sadError, UnsupportedMutation, UnsupportedSyntax, forgive
from s2sad.machine import belonging
from s2sad.machine.traced import strip

ARRAYS = {"pandas": 'frame["x"].to_numpy()', "xarray": "data.to_numpy()", "polars": 'frame["x"].to_numpy()'}
REFUSED = (MissingRule, NotDifferentiable, UnsupportedMutation, UnsupportedSyntax, RecursionError)


def followed(machine: Any, function: types.FunctionType, lowered: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a lowered function gives; what is refused in one of these libraries is refused of the line that calls it, in its terms."""
    library = (function.__module__ or "").partition(".")[0]
    if library not in ARRAYS:
        return lowered(*args, **kwargs)
    here = machine.location()
    try:
        return lowered(*args, **kwargs)
    except REFUSED as error:
        if (isinstance(error, S2sadError) and error.location != here) or not belonging.concerns(machine, args, kwargs):
            raise
        if isinstance(error, S2sadError):
            forgive(error)
        owner = type(strip(args[0])) if args else None
        name = f"{owner.__name__}.{function.__name__}" if owner and hasattr(owner, function.__name__) else function.__qualname__
        reason = f"{library} has no derivatives, and its {name}() receives a value that is being differentiated"
        hint = f"take the array where it meets such a value, {ARRAYS[library]}, and compute with NumPy"
        raise MissingRule(reason, here, hint) from None
