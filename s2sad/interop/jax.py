"""Functions of NumPy as functions of JAX's arrays, which JAX calls on the host and differentiates in reverse mode by s2sad."""
from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.api.compiled_value import CompiledValue
from s2sad.api.standing_for import Standing, stand_for
from s2sad.interop.derived import Options, Pullback, is_number, leaves_of
from s2sad.runtime import asking
from s2sad.settings import Settings

try:
    import jax
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("s2sad.interop.jax needs JAX: pip install 's2sad[jax]'", name=error.name) from None

NONE = jax.dtypes.float0


class Primitive(Standing):
    """What `primitive` returns: it takes JAX's arrays where the function takes NumPy's, and returns such."""

    __name__: str

    def __init__(self, function: Any, options: Options, result: Any = None) -> None:
        self.function, self.options, self.result = function, options, result
        self._value = CompiledValue(function, Settings.of(**options))
        self._pullbacks: dict[tuple[int, ...], Primitive] = {}
        self._applied = jax.custom_vjp(self._called)
        self._applied.defvjp(self._forward, self._backward)
        stand_for(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._applied(args, kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def held(self) -> tuple[Any, ...]:
        return self.function, self.options, self.result

    def take(self, *held: Any) -> None:
        self.__init__(*held)  # type: ignore[misc]

    def _called(self, args: Any, kwargs: Any) -> Any:
        if self.result is None:
            if any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves((args, kwargs))):
                raise TypeError(unknown(self.function))
            return jax.tree.map(jax.numpy.asarray, self._on_host(args, kwargs))
        return jax.pure_callback(self._as_said, self.shapes(args, kwargs), args, kwargs, vmap_method="sequential")

    def _forward(self, args: Any, kwargs: Any) -> tuple[Any, Any]:
        return self._applied(args, kwargs), (args, kwargs)

    def _backward(self, given: Any, cotangent: Any) -> Any:
        """The cotangents of the arguments: those of floats are computed on the host, together with the value again."""
        leaves, structure = leaves_of(given)
        places = tuple(i for i, leaf in enumerate(leaves) if is_float(leaf))
        found = self.pullback(places)(*given, jax.tree.map(lambda c: None if c.dtype == NONE else c, cotangent)) if places else ()
        zeros = {i: np.zeros(np.shape(leaf), NONE) for i, leaf in enumerate(leaves) if leaf is not None and i not in places}
        every = {**zeros, **dict(zip(places, found, strict=True))}
        return tuple(trees.unflatten(structure, list(map(every.get, range(len(leaves))))))

    def pullback(self, places: tuple[int, ...]) -> Primitive:
        """The pullback to these leaves of the arguments, whose shapes and dtypes are theirs."""
        if places not in self._pullbacks:
            derived = Pullback(self.function, places, self.options)
            self._pullbacks[places] = Primitive(derived, self.options, Same(places))
        return self._pullbacks[places]

    def shapes(self, args: Any, kwargs: Any) -> Any:
        """What the result is, as was said."""
        said = jax.eval_shape(self.result, *args, **kwargs) if callable(self.result) else self.result
        return jax.tree.map(shape_of, said)

    def _on_host(self, args: Any, kwargs: Any) -> Any:
        """The value by NumPy, with arrays that it may write into."""
        args, kwargs = jax.tree.map(number, (args, kwargs))
        value = self._value(*args, **kwargs)
        for leaf in jax.tree.leaves(value):
            if not isinstance(leaf, (bool, int)) and not is_number(leaf):
                raise TypeError(f"{self.__name__}() returns a {type(leaf).__name__}, and JAX takes numbers and arrays of them alone")
        return value

    def _as_said(self, args: Any, kwargs: Any) -> Any:
        """The same, as it was said to be. Raises TypeError where it is not."""
        value, said = self._on_host(args, kwargs), self.shapes(args, kwargs)
        if jax.tree.map(shape_of, value) != said:
            raise TypeError(f"{self.__name__}() returns {described(value)}, and result= says {described(said)}")
        return jax.tree.map(lambda leaf, shape: np.asarray(leaf, shape.dtype), value, said)


class Same:
    """The shapes and dtypes of a pullback: those of the leaves of the arguments at these places."""

    def __init__(self, places: tuple[int, ...]) -> None:
        self.places = places

    def __call__(self, args: Any, kwargs: Any, cotangent: Any) -> Any:
        leaves = leaves_of((args, kwargs))[0]
        return tuple(jax.numpy.asarray(leaves[i]) for i in self.places)


def is_float(leaf: Any) -> bool:
    """Whether an argument has a derivative."""
    return leaf is not None and jax.numpy.issubdtype(jax.numpy.result_type(leaf), jax.numpy.inexact)


def number(leaf: Any) -> Any:
    """An array of NumPy's own memory, which is a number of NumPy's if it has no axes."""
    array = np.array(leaf)
    return array if array.ndim else array[()]


def shape_of(leaf: Any) -> jax.ShapeDtypeStruct:
    """The shape of a number or an array, and the dtype that JAX has for it."""
    dtype = leaf.dtype if hasattr(leaf, "dtype") else np.asarray(leaf).dtype
    return jax.ShapeDtypeStruct(np.shape(leaf), jax.dtypes.canonicalize_dtype(dtype))


def described(value: Any) -> str:
    """Shapes and dtypes as JAX writes them: float32[3,2]."""
    return str(jax.tree.map(lambda leaf: f"{shape_of(leaf).dtype}[{','.join(map(str, np.shape(leaf)))}]", value)).replace("'", "")


def unknown(function: Any) -> str:
    title = asking.title(function, "the function")
    return (f"{title}() is called under jit or vmap, where JAX has to know the shapes and dtypes of the result before it is computed: "
            f"say them, primitive({title}, result=jax.ShapeDtypeStruct((), 'float32')), or as a function of the arguments, "
            f"result=lambda x: x; or give the result of a call on an example, result={title}(x)")  # fmt: skip


def primitive(function: Any = None, *, result: Any = None, control: str = "auto", backend: str | None = None, parallel: bool = False,
              reassociate: bool = False) -> Any:  # fmt: skip
    """The function as one of JAX's arrays: a `custom_vjp` over `pure_callback`; decorator with and without arguments, or function.

    It is called with arrays and numbers, in pytrees and by name too; an array without axes is a number of NumPy's in the function. It
    returns a pytree of arrays, with the dtypes that JAX has: float32 for float64 unless `jax_enable_x64` is set.

    Under `jit` and `vmap` JAX has to know the result before it is there: `result` has the shapes and dtypes, as a pytree of
    `jax.ShapeDtypeStruct` or of arrays, such as what a call on an example gives; or it is a function of the arguments that gives these,
    of which JAX asks the shapes alone. Nothing is guessed: without `result` such a call raises TypeError, as a result does that is
    another than was said. `vmap` calls the function for one index after the other (`vmap_method="sequential"`).

    Gradients have the dtypes of the arguments and are differentiated again, to any order, by `grad`, `vjp` and `jacrev`; JAX raises
    TypeError for `jvp` and `jacfwd`, so a Hessian is `jacrev(jacrev(f))`. The gradient computes the value anew. JAX may call the
    function as often as it likes: it should have no effects. `control`, `backend`, `parallel` and `reassociate` are those of `grad`.
    Raises what `grad` raises; under `jit` JAX wraps that in an error of its own.

    >>> import jax, numpy as np
    >>> from s2sad.interop.jax import primitive
    >>> @primitive(result=jax.ShapeDtypeStruct((), "float32"))
    ... def energy(x, k):
    ...     return 0.5 * np.sum(k * x ** 2)
    >>> jax.jit(jax.grad(energy))(jax.numpy.array([1.0, 2.0]), 3.0)
    Array([3., 6.], dtype=float32)
    """
    options = {"control": control, "backend": backend, "parallel": parallel, "reassociate": reassociate}
    if function is None:
        return lambda decorated: Primitive(decorated, options, result)
    return Primitive(function, options, result)
