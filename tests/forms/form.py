"""A form in which a function is called, a line of data each, and all that is checked of it."""

from __future__ import annotations

import cmath
import dataclasses
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np

import s2sad
from s2sad import NonFiniteWarning, check_grads, grad, jacfwd, jacrev, jvp, value_and_grad
from tests.oracles import assert_close, assert_identical, module

NEWER = tuple(map(int, version("scipy").split(".")[:2])) > (1, 17)
"""Whether what cannot be kept with the versions that the lines were written with may be kept."""


@dataclass(frozen=True)
class Form:
    """A call as text, with its arguments.

    Floats, complex numbers and arrays of them are differentiated; a complex one is made of two real parameters. All else, and what
    `still` names, is a constant. `edge` gives gradients of the sum of the result at a point where differences have none. `twice`, `kept`
    and `single` say whether there is a second derivative to compare, whether control flow around it can be kept, and whether it computes in
    single precision; where not, `but` says why; None: it may be kept or not. What is `deprecated` in the version that is here warns in
    each call, which is not kept.
    """

    call: str
    at: dict[str, Any]
    edge: dict[str, Any] | None = None
    still: tuple[str, ...] = ()
    analytic: bool = False
    twice: bool = True
    kept: bool | None = True
    single: bool = True
    but: str = ""
    deprecated: bool = False
    names: dict[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> dict[str, Any]:
        return {k: v for k, v in self.at.items() if k not in self.still and _inexact(v)}

    @property
    def parameters(self) -> dict[str, Any]:
        """The real parameters of the function, with their values."""
        found: dict[str, Any] = {}
        for name, value in self.active.items():
            if np.iscomplexobj(value):
                found |= {f"{name}_re": _plain(np.real(value)), f"{name}_im": _plain(np.imag(value))}
            else:
                found[name] = value
        return found

    @property
    def function(self) -> Callable[..., Any]:
        return self._made("return total({call})")

    @property
    def looped(self) -> Callable[..., Any]:
        """The call in each step of a loop, of arguments that change from step to step."""
        shrunk = "".join(f"; {name} = {name} * 0.96875" for name in self.active)
        return self._made(f"s = 0.0\n    for _ in range(3):\n        s = s + total({{call}}){shrunk}\n    return s")

    @property
    def written(self) -> Callable[..., Any]:
        """The result written into, and what it was made of read afterwards."""
        arrays = [name for name, value in self.active.items() if isinstance(value, np.ndarray)]
        copies = "".join(f"{name} = {name} * 1.0; " for name in arrays)
        return self._made(f"{copies}out = {{call}}; out *= 2.0\n    return total([out, {', '.join(arrays)}])")

    @property
    def numbers(self) -> Callable[..., Any]:
        """All numbers of the result as one vector."""
        return self._made("return flat({call})")

    def _made(self, body: str) -> Callable[..., Any]:
        joined = "".join(f"    {n} = {n}_re + 1j * {n}_im\n" for n, v in self.active.items() if np.iscomplexobj(v))
        text = f"def form({', '.join(self.parameters)}):\n{joined}    {body.format(call=self.call)}\n"
        known = {name: value for name, value in self.known.items() if name not in self.active}
        return module(text, **known).form  # type: ignore[no-any-return]

    @property
    def known(self) -> dict[str, Any]:
        """All names that the call may use, with their values."""
        known = {"np": np, "s2sad": s2sad, "math": math, "cmath": cmath, "flat": flat, "total": total if self.edge is None else plain_total}
        if "scipy" in self.call:
            import scipy

            known["scipy"] = scipy
        return {**known, **self.names, **self.at}


def form(call: str, edge: dict[str, Any] | None = None, still: tuple[str, ...] = (), analytic: bool = False, twice: bool = True,
         kept: bool | None = True, single: bool = True, but: str = "", deprecated: bool = False, **at: Any) -> Form:  # fmt: skip
    if not (twice and kept and single):
        assert but, f"{call}: say why"
    return Form(call, at, edge, still, analytic, twice, kept, single, but, deprecated)


def _inexact(value: Any) -> bool:
    return isinstance(value, (float, complex, np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "fc"


def _plain(value: Any) -> Any:
    return value if np.ndim(value) else float(value)


# What is differentiated: a number made of all parts of a result, each with a weight of its own


def total(value, start=0.7):
    """The weighted sum of all numbers in a result, real and imaginary parts with other weights."""
    if isinstance(value, (list, tuple)):
        parts = [total(part, start + 0.3 * i) for i, part in enumerate(value)]
        return sum(parts, 0.0)
    weights = np.cos(start + 0.61 * np.arange(np.size(value))).reshape(np.shape(value))
    if np.iscomplexobj(value):
        return np.sum(weights * np.real(value)) + np.sum((1.0 - weights) * np.imag(value))
    return np.sum(weights * value)


def plain_total(value):
    """The plain sum, for gradients that are stated."""
    if isinstance(value, (list, tuple)):
        return sum([plain_total(part) for part in value], 0.0)
    return np.sum(np.real(value))


def flat(value):
    """All numbers in a result side by side, real parts before imaginary ones."""
    if isinstance(value, (list, tuple)):
        return np.concatenate([flat(part) for part in value])
    row = np.ravel(value)
    return np.concatenate([np.real(row), np.imag(row)]) if np.iscomplexobj(row) else row


# What is checked


def check(form: Form) -> None:
    """All that holds of a form."""
    function, names = form.function, list(form.parameters)
    args, argnums = tuple(form.parameters.values()), tuple(range(len(names)))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        allow_deprecated()
        if form.edge is not None and not all(np.all(np.isfinite(wanted)) for wanted in form.edge.values()):
            warnings.simplefilter("ignore", NonFiniteWarning)
        value, gradient = value_and_grad(function, argnums)(*args)
        assert_identical(value, function(*args))
        if form.edge is not None:
            wanted = tuple(_like(form.edge[name], arg) for name, arg in zip(names, args, strict=True))
            assert_close(gradient, wanted, rtol=1e-12)
            check_grads(function, args, argnums, modes=("compiled", "tape", "forward"))
        else:
            ways = ("compiled", "tape", "forward", "differences", *(("complex step",) if form.analytic else ()))
            check_grads(function, args, argnums, modes=ways)
            _check_second(form, function, args, argnums)
        _check_many(form, args, argnums)
        _check_lists(form, args, argnums, gradient)
        _check_memory(form, args, argnums)
        _check_single(form, function, args, argnums, gradient)
        if not form.deprecated:
            _check_kept(form, args, argnums)


def allow_deprecated() -> None:
    """Ignore what versions say of functions that later ones will not have."""
    warnings.filterwarnings("ignore", ".* is deprecated(\\.| and will be removed| in favor of)", DeprecationWarning)


def _like(value: Any, argument: Any) -> Any:
    return np.asarray(value, dtype=float) if isinstance(argument, np.ndarray) else type(argument)(value)


def _check_second(form: Form, function: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...]) -> None:
    """The gradient of a gradient along a direction, against its differences."""
    if form.twice:
        first = grad(function, argnums)
        along = module("def along(*args):\n    return sum([total(g, 0.2) for g in first(*args)], 0.0)\n", first=first, total=total).along
        check_grads(along, args, argnums, modes=("compiled", "differences"))


def _check_many(form: Form, args: tuple[Any, ...], argnums: tuple[int, ...]) -> None:
    """The Jacobian by many seeds at once, in reverse and forward."""
    reverse, forward = jacrev(form.numbers, argnums)(*args), jacfwd(form.numbers, argnums)(*args)
    assert_close(reverse, forward)


def _check_lists(form: Form, args: tuple[Any, ...], argnums: tuple[int, ...], gradient: Any) -> None:
    """With lists in place of the arrays that are constant, where the function takes them."""
    lists = {k: v.tolist() for k, v in form.at.items() if k not in form.active and isinstance(v, np.ndarray) and v.dtype.kind in "iufb"}
    function = dataclasses.replace(form, at={**form.at, **lists}, still=(*form.still, *lists)).function
    try:
        function(*args)
    except Exception:
        return
    if lists:
        assert_close(grad(function, argnums)(*args), gradient, rtol=1e-12)


def _check_memory(form: Form, args: tuple[Any, ...], argnums: tuple[int, ...]) -> None:
    """The arguments stay as they are; where the result shares memory with one, both have what is written into it."""
    known = {**form.known, **{k: np.array(v) for k, v in form.active.items() if isinstance(v, np.ndarray)}}
    result = eval(form.call, known)
    for name, value in form.active.items():
        np.testing.assert_array_equal(known[name], value, f"{name} was written into")
    shared = [k for k in form.active if isinstance(result, np.ndarray) and np.may_share_memory(result, known[k])]
    if shared and result.flags.writeable:
        ways = ("differences",) if form.edge is None else ()
        check_grads(form.written, args, argnums, modes=("compiled", "tape", "forward", *ways))


def _check_single(form: Form, function: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...], gradient: Any) -> None:
    """Of single precision in, single precision out, and the same up to its rounding."""
    if form.single:
        narrow = tuple(a.astype(np.float32) if isinstance(a, np.ndarray) else np.float32(a) for a in args)
        found = grad(function, argnums)(*narrow)
        assert [np.asarray(f).dtype for f in found] == [np.float32] * len(found)
        wide = grad(function, argnums)(*(np.asarray(n, dtype=float) if np.ndim(n) else float(n) for n in narrow))
        for got, wanted in zip(found, wide, strict=True):
            size = np.max(np.abs(wanted), initial=1.0, where=np.isfinite(wanted))
            np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=2e-4 * size)


def _check_kept(form: Form, args: tuple[Any, ...], argnums: tuple[int, ...]) -> None:
    """In a loop that is kept, as in one that is unrolled."""
    looped = form.looped
    if form.kept is None or (NEWER and not form.kept):
        try:
            grad(looped, argnums, control="keep")(*args)
        except (s2sad.errors.CannotKeep, s2sad.errors.UnsupportedSyntax):
            return
    elif not form.kept:
        with np.testing.assert_raises(s2sad.errors.S2sadError):
            grad(looped, argnums, control="keep")(*args)
        return
    assert_close(grad(looped, argnums, control="keep")(*args), grad(looped, argnums, control="record")(*args))
    assert_close(jvp(looped, args, args, control="keep"), jvp(looped, args, args, control="record"))
