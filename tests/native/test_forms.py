"""The native form of each function of one or two numbers, compiled, gives what the function gives, of each class of numbers."""
from __future__ import annotations

import ast
import itertools
import math
import types
from typing import Any

import numpy as np
import pytest

from s2sad.errors import CannotBeNative
from s2sad.native.numbers import Numbers
from s2sad.rules import native_forms
from s2sad.rules.language import BY_NAME, Primitive

numba = pytest.importorskip("numba")

VALUES: dict[Any, list[Any]] = {
    float: [0.0, 1.5, -2.5, 0.3, 3.0, -1.0], int: [0, 1, -1, 3, -7, 5], np.int64: [np.int64(v) for v in (0, 3, -4, 1)],
    np.float32: [np.float32(v) for v in (0.5, -1.5, 0.0, 2.0)], bool: [True, False],
}  # fmt: skip
PAIRS = [(float, float), (int, int), (float, int), (bool, bool), (np.float32, float), (np.int64, float), (np.int64, np.int64),
         (np.float32, int)]  # fmt: skip
ROUNDING = {np.float32: 1e-6}


def forms() -> list[Primitive]:
    """The functions whose form is an expression of one or two numbers."""
    each = [p for p in BY_NAME.values() if (form := native_forms.form_of(p)) and not form.startswith("@")]
    return [p for p in each if p.callee is not None and 1 <= len(p.parameters) <= 2 and not any(q.variadic for q in p.parameters)]


def native(primitive: Primitive, kinds: tuple[Any, ...], result: Any) -> Any:
    """The form of a function for numbers of some classes, compiled."""
    from s2sad.native import support

    names = [p.name for p in primitive.parameters]
    operands = [(ast.Name(n, ast.Load()), k) for n, k in zip(names, kinds, strict=True)]
    node = Numbers.combined(types.SimpleNamespace(where=None), primitive, operands, result)  # type: ignore[arg-type]
    made = {n: numba.njit(f) for n, f in vars(support).items() if isinstance(f, types.FunctionType)}
    scope: dict[str, Any] = {"np": np, "math": math, **made}
    exec(f"def form({', '.join(names)}):\n    return {ast.unparse(node).replace('support.', '')}", scope)
    return numba.njit(error_model="numpy")(scope["form"])


def wanted(primitive: Primitive, args: tuple[Any, ...]) -> Any:
    """What a function gives; None where it raises, or gives another class than numbers of 64 or 32 bits."""
    try:
        with np.errstate(all="ignore"):
            found = primitive.evaluate(list(args))
    except Exception:
        return None
    return found if isinstance(found, (bool, int, float, np.bool_, np.int64, np.float64, np.float32)) else None


def same(one: Any, other: Any, rounding: float) -> bool:
    least = 1.0 if rounding > 1e-9 else 0.0  # what is all but zero is rounding of one in single precision
    return bool(one == other or (one != one and other != other) or abs(one - other) <= rounding * max(abs(other), least))


@pytest.mark.sampled(20)
@pytest.mark.long(4)
@pytest.mark.parametrize("primitive", forms(), ids=lambda p: p.name)
def test_the_native_form_gives_what_the_function_gives(primitive: Primitive) -> None:
    for kinds in PAIRS if len(primitive.parameters) == 2 else [(k,) for k in VALUES]:
        compiled: dict[Any, Any] = {}
        for args in itertools.product(*(VALUES[k] for k in kinds)):
            expected = wanted(primitive, args)
            if expected is None or (isinstance(expected, int) and abs(expected) > 2**62):
                continue
            kind = type(expected)
            try:
                if kind not in compiled:
                    compiled[kind] = native(primitive, kinds, kind)
                found = compiled[kind](*args)
            except (CannotBeNative, ZeroDivisionError, numba.core.errors.TypingError):  # which Python answers
                continue
            if kind in (float, np.float64, np.float32) and not math.isfinite(found):
                continue  # which Python answers as well
            assert same(found, expected, ROUNDING.get(kind, 1e-13)), f"{primitive.name}{args} is {expected!r}, not {found!r}"
