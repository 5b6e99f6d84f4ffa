"""What type checkers know of the functions that users call: the parameters of a derivative, and what a call of it returns.

A protocol says it with overloads, and takes the place of the function's own annotations, in one line at the end of this module; those of
functions that are loaded late stand in `typed_late`. The gradients of `grad` and its relatives have the type of the first argument, which
then stands first in a call, not by name; with `argnums` all keep their names, and the gradient is Any, or a tuple. What a checker cannot
tell from `argnums`, such as a variable, is Any too. A derivative whose `argnums` is given is typed as the `Compiled` that it is.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, cast, overload

from s2sad.api import derivatives, forward
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative

if TYPE_CHECKING:
    import numpy as np

P = ParamSpec("P")
Q = ParamSpec("Q")
A = TypeVar("A", bound=Any)  # which lets a lambda do anything with its argument
V = TypeVar("V")
X = TypeVar("X")
One = int | str
Several = tuple[One, ...] | list[Any]


class GradientOf(Protocol):
    """`grad()` as a decorator, by the first argument."""

    def __call__(self, function: Callable[Concatenate[A, Q], Any], /) -> Derivative[Concatenate[A, Q], A]: ...


class GradientWithAux(Protocol):
    """`grad(has_aux=True)` as a decorator."""

    def __call__(self, function: Callable[Concatenate[A, Q], tuple[Any, X]], /) -> Derivative[Concatenate[A, Q], tuple[A, X]]: ...


class ValueAndGradientOf(Protocol):
    """`value_and_grad()` as a decorator, by the first argument."""

    def __call__(self, function: Callable[Concatenate[A, Q], V], /) -> Derivative[Concatenate[A, Q], tuple[V, A]]: ...


class ValueAndSome(Protocol):
    """`value_and_grad(argnums=...)` as a decorator."""

    def __call__(self, function: Callable[P, V], /) -> Compiled[P, tuple[V, Any]]: ...


class ValueAndSeveral(Protocol):
    """`value_and_grad(argnums=(...))` as a decorator."""

    def __call__(self, function: Callable[P, V], /) -> Compiled[P, tuple[V, tuple[Any, ...]]]: ...


class Some(Protocol):
    """A decorator whose derivative returns anything."""

    def __call__(self, function: Callable[P, Any], /) -> Compiled[P, Any]: ...


class Tuple(Protocol):
    """A decorator whose derivative returns a tuple."""

    def __call__(self, function: Callable[P, Any], /) -> Compiled[P, tuple[Any, ...]]: ...


class Grad(Protocol):
    """`grad`."""

    __name__: str

    @overload
    def __call__(self, function: Callable[Concatenate[A, Q], Any], argnums: Literal[0] = 0, has_aux: Literal[False] = False, *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Derivative[Concatenate[A, Q], A]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[Concatenate[A, Q], tuple[Any, X]], argnums: Literal[0] = 0, *, has_aux: Literal[True],
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Derivative[Concatenate[A, Q], tuple[A, X]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, Any], argnums: Several, has_aux: Literal[False] = False, *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, tuple[Any, ...]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, Any], argnums: One | Several, has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, Any]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: Literal[0] = 0, has_aux: Literal[False] = False, *,  # type: ignore[overload-overlap]
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> GradientOf: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: Literal[0] = 0, *, has_aux: Literal[True],  # type: ignore[overload-overlap]
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> GradientWithAux: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: Several, has_aux: Literal[False] = False,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Tuple: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: One | Several, has_aux: bool = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Some: ...  # fmt: skip


class ValueAndGrad(Protocol):
    """`value_and_grad`: the value is what the function returns, aux included."""

    __name__: str

    @overload
    def __call__(self, function: Callable[Concatenate[A, Q], V], argnums: Literal[0] = 0, has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Derivative[Concatenate[A, Q], tuple[V, A]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, V], argnums: Several, has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, tuple[V, tuple[Any, ...]]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, V], argnums: One | Several, has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, tuple[V, Any]]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: Literal[0] = 0, has_aux: bool = ..., *,  # type: ignore[overload-overlap]
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> ValueAndGradientOf: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: Several, has_aux: bool = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> ValueAndSeveral: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: One | Several, has_aux: bool = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> ValueAndSome: ...  # fmt: skip


class ElementwiseGrad(Protocol):
    """`elementwise_grad`; one of NumPy's functions takes more than it gives back."""

    __name__: str

    @overload
    def __call__(self, function: np.ufunc, argnums: One | Several = 0, *, order: int = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[..., Any]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[Concatenate[A, Q], Any], argnums: Literal[0] = 0, *, order: int = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Derivative[Concatenate[A, Q], A]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, Any], argnums: Several, *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, tuple[Any, ...]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, Any], argnums: One | Several, *, order: int = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, Any]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: Literal[0] = 0, *, order: int = ...,  # type: ignore[overload-overlap]
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> GradientOf: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: Several, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Tuple: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, argnums: One | Several, order: int = ...,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Some: ...  # fmt: skip


class Vjp(Protocol):
    """`vjp`: the arguments are those of the function."""

    __name__: str

    @overload
    def __call__(self, function: Callable[..., V], /, *args: Any, argnums: Several | None, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...,
                 **kwargs: Any) -> tuple[V, Callable[[Any], tuple[Any, ...]]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[..., V], /, *args: Any, argnums: One, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ..., **kwargs: Any) -> tuple[V, Callable[[Any], Any]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[..., V], /, *args: Any, control: str, backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...,
                 **kwargs: Any) -> tuple[V, Callable[[Any], tuple[Any, ...]]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[..., V], /, *args: Any, backend: str | None,
                 parallel: bool = ..., reassociate: bool = ...,
                 **kwargs: Any) -> tuple[V, Callable[[Any], tuple[Any, ...]]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, V], /, *args: P.args, **kwargs: P.kwargs) -> tuple[V, Callable[[Any], tuple[Any, ...]]]: ...


class Jvp(Protocol):
    """`jvp`: the tangent has the type of the value."""

    __name__: str

    @overload
    def __call__(self, function: Callable[..., V], primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: Literal[False] = False,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> tuple[V, V]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[..., tuple[V, X]], primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: Literal[True],
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> tuple[V, V, X]: ...  # fmt: skip


class Linearize(Protocol):
    """`linearize`: the arguments are those of the function."""

    __name__: str

    @overload
    def __call__(self, function: Callable[..., V], /, *primals: Any, control: str, backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> tuple[V, Callable[..., V]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[..., V], /, *primals: Any, backend: str | None,
                 parallel: bool = ..., reassociate: bool = ...) -> tuple[V, Callable[..., V]]: ...  # fmt: skip
    @overload
    def __call__(self, function: Callable[P, V], /, *primals: P.args, **none: P.kwargs) -> tuple[V, Callable[..., V]]: ...


# The functions under these types

grad = cast(Grad, derivatives.grad)
value_and_grad = cast(ValueAndGrad, derivatives.value_and_grad)
elementwise_grad = cast(ElementwiseGrad, derivatives.elementwise_grad)
vjp = cast(Vjp, derivatives.vjp)
jvp = cast(Jvp, forward.jvp)
linearize = cast(Linearize, forward.linearize)
