"""A gradient, or a compiled function, as a function for C: the native code of an exported module, without a file."""
from __future__ import annotations

from typing import Any

from s2sad.api.compiled import Compiled
from s2sad.api.compiled_value import CompiledValue
from s2sad.api.derivatives import Derivative
from s2sad.export.exporter import export
from s2sad.export.outside_reads import NotExported
from s2sad.tracebacks import entry

WHAT = "cfunc() takes what grad() or compiled() returns, and numbers it may be called with: cfunc(grad(f), 1.0)"


@entry
def cfunc(function: Any, *args: Any, **kwargs: Any) -> Any:
    """A gradient, or a function that `compiled` has made, as a C function, which SciPy's solvers call without Python in between.

    `function` is what `grad` returns, for one argument, or what `compiled` returns. `args` are numbers that it may be called with: floats,
    ints and bools; their classes count. The result has the `address` of machine code, and as `.ctypes` a function of `ctypes`, which
    `scipy.LowLevelCallable` takes. Its signature is `double (double)` for one float, else `double (int, double *)`, where all arguments are
    doubles. What the function reads from outside stays as it is now. C has no exceptions: where Python would raise or warn of a number, the
    function gives NaN. Raises TypeError for another function, ValueError where its backend is Python, CannotBeNative where there is no
    native code, and NotExported for a function that takes other things than numbers or does not give a number.

    >>> import s2sad
    >>> slope = s2sad.cfunc(s2sad.grad(lambda x: x * x * x), 1.0)
    >>> slope.ctypes(2.0)
    12.0
    """
    value = isinstance(function, CompiledValue)
    if not value and (type(function) is not Derivative or function.with_value):
        raise TypeError(WHAT)
    if function.settings.backend == "python":
        raise ValueError('a function for C is native code, and this one has backend="python"')
    argnums = first_float(args) if value else function.argnums
    if not isinstance(argnums, (int, str)) or (not value and function.has_aux):
        raise NotExported(f"{function.__name__}() cannot be called from C: what it gives is not one number", None,
                          "differentiate by one argument, without has_aux")  # fmt: skip
    ends = "_value_cfunc" if value else "_gradient_cfunc"
    module = made(function, args, argnums, kwargs)
    return next(found for name, found in module.items() if name.endswith(ends))


def made(function: Compiled, args: Any, argnums: int | str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """What an exported module has."""
    control = function.settings.control
    try:
        text = export(function.function, args, argnums, kwargs=kwargs, control=control, backend="numba", cfunc=True)
    except NotExported as error:
        raise NotExported(error.reason, error.location, "a function for C takes numbers, and gives one float") from error
    module: dict[str, Any] = {"__name__": f"s2sad.for_c.{function.__name__}"}
    exec(compile(text, f"<s2sad {function.__name__} for C>", "exec"), module)
    return module


def first_float(args: Any) -> int:
    """The position of an argument that can be differentiated, which the value does not depend on."""
    return next((place for place, value in enumerate(args) if type(value) is float), 0)
