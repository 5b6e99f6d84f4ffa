"""What type checkers know of functions that are loaded when they are asked for, as `typed` says of the others. Only checkers read it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Protocol, TypeVar, cast, overload

from s2sad.api import compiled_value, custom, jacobians, sparse_jacobians
from s2sad.api.compiled import Compiled
from s2sad.api.sparse_jacobians import Sparsity
from s2sad.api.typed import A, One, P, Q, Several, Some, V

X = TypeVar("X")


class Keeping(Protocol):
    """A transform whose derivative has the parameters of the function, function or decorator."""

    __name__: str

    @overload
    def __call__(self, function: Callable[P, Any], argnums: One | Several = ..., has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, Any]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: One | Several = ..., has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Some: ...  # fmt: skip


class Dense(Protocol):
    """A transform that is sparse if that is asked for."""

    __name__: str

    @overload
    def __call__(self, function: Callable[P, Any], argnums: One | Several = ..., has_aux: bool = ..., *, sparse: bool = ...,
                 sparsity: Any = ..., control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, Any]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: One | Several = ..., has_aux: bool = ..., *, sparse: bool = ...,
                 sparsity: Any = ..., control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Some: ...  # fmt: skip


class WithValue(Protocol):
    """`value_and_jacobian()` as a decorator."""

    def __call__(self, function: Callable[P, V], /) -> Compiled[P, tuple[V, Any]]: ...


class ValueAndJacobian(Protocol):
    """`value_and_jacobian`: the value is what the function returns, aux included."""

    __name__: str

    @overload
    def __call__(self, function: Callable[P, V], argnums: One | Several = ..., has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, tuple[V, Any]]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, argnums: One | Several = ..., has_aux: bool = ..., *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> WithValue: ...  # fmt: skip


class ProductOf(Protocol):
    """`hvp()` as a decorator."""

    def __call__(self, function: Callable[Concatenate[A, Q], Any], /) -> Compiled[Concatenate[A, A, Q], A]: ...


class Product(Protocol):
    """`hvp` and `vhp`: the vector and the product have the type of the first argument."""

    __name__: str

    @overload
    def __call__(self, function: Callable[Concatenate[A, Q], Any], *,
                 control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[Concatenate[A, A, Q], A]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> ProductOf: ...  # fmt: skip


class AsItIs(Protocol):
    """`compiled()` as a decorator."""

    def __call__(self, function: Callable[P, V], /) -> Compiled[P, V]: ...


class CompiledValue(Protocol):
    """`compiled`, function or decorator."""

    __name__: str

    @overload
    def __call__(self, function: Callable[P, V], *, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> Compiled[P, V]: ...  # fmt: skip
    @overload
    def __call__(self, function: None = None, *, control: str = ..., backend: str | None = ...,
                 parallel: bool = ..., reassociate: bool = ...) -> AsItIs: ...  # fmt: skip


class PatternOf(Protocol):
    """`sparsity()` as a decorator."""

    def __call__(self, function: Callable[P, Any], /) -> Sparsity[P]: ...


class PatternOfJacobian(Protocol):
    """`sparsity`, function or decorator."""

    __name__: str

    @overload
    def __call__(self, function: Callable[P, Any], *, argnums: One | Several = ...) -> Sparsity[P]: ...
    @overload
    def __call__(self, function: None = None, *, argnums: One | Several = ...) -> PatternOf: ...


class StopGradient(Protocol):
    """`stop_gradient`: what comes back is of the same type, a function included."""

    __name__: str

    def __call__(self, x: X, /) -> X: ...


compiled = cast(CompiledValue, compiled_value.compiled)
hessian, jacobian = cast(Dense, jacobians.hessian), cast(Dense, jacobians.jacobian)
hvp, vhp = cast(Product, jacobians.hvp), cast(Product, jacobians.vhp)
jacfwd, jacrev = cast(Keeping, jacobians.jacfwd), cast(Keeping, jacobians.jacrev)
sparsity, stop_gradient = cast(PatternOfJacobian, sparse_jacobians.sparsity), cast(StopGradient, custom.stop_gradient)
value_and_jacobian = cast(ValueAndJacobian, jacobians.value_and_jacobian)
