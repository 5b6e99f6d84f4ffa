"""Functions of NumPy as functions of PyTorch's tensors, which autograd differentiates by s2sad, to any order and in both modes."""
from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.api.compiled_value import CompiledValue
from s2sad.api.derivatives import vjp
from s2sad.api.standing_for import Standing, stand_for
from s2sad.interop.derived import Options, Pullback, Tangent, chosen, is_float, is_number, leaves_of
from s2sad.settings import Settings

try:
    import torch
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("s2sad.interop.torch needs PyTorch: pip install 's2sad[torch]'", name=error.name) from None

FLOATS = (torch.float32, torch.float64, torch.complex64, torch.complex128)


class Function(Standing):
    """What `function` returns: it takes tensors where the function takes arrays, and returns tensors where that returns numbers."""

    def __init__(self, function: Any, options: Options) -> None:
        self.function, self.options = function, options
        self._value = CompiledValue(function, Settings.of(**options))
        self._pullbacks: dict[Any, Function] = {}
        self._tangent: Function | None = None
        stand_for(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Call(self, args, kwargs)()

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def held(self) -> tuple[Any, ...]:
        return self.function, self.options

    def take(self, *held: Any) -> None:
        self.__init__(*held)  # type: ignore[misc]

    def value(self, args: Any, kwargs: Any) -> Any:
        """The value of NumPy, without a derivative."""
        return self._value(*args, **kwargs)

    def pullback(self, places: tuple[int, ...], conjugate: bool) -> Function:
        """The pullback to these leaves of the arguments, as a function of tensors."""
        if (places, conjugate) not in self._pullbacks:
            self._pullbacks[places, conjugate] = Function(Pullback(self.function, places, self.options, conjugate), self.options)
        return self._pullbacks[places, conjugate]

    def tangent(self) -> Function:
        """The tangent as a function of tensors."""
        if self._tangent is None:
            self._tangent = Function(Tangent(self.function, self.options), self.options)
        return self._tangent


class Call:
    """One call of a function: its arguments without their tensors, and what autograd has to know of it later."""

    def __init__(self, owner: Function, args: Any, kwargs: Any) -> None:
        self.owner = owner
        self.leaves, self.structure = leaves_of((args, kwargs))
        self.places = [i for i, leaf in enumerate(self.leaves) if isinstance(leaf, torch.Tensor)]
        self.tensors = [self.leaves[i] for i in self.places]
        for i in self.places:
            check(self.leaves[i], self.structure, i)
        self.moving = tuple(i for i in self.places if self.leaves[i].dtype in FLOATS)
        asking = tuple(i for i in self.moving if self.leaves[i].requires_grad)
        self.wanted = torch.is_grad_enabled() and bool(asking)
        self.asking = asking or self.moving
        self.applied: Any = None
        self.result: list[Any] = []
        self.form: trees.Structure = None

    def __call__(self) -> Any:
        """The value. Only autograd keeps the tensors: it knows when they may go."""
        tensors, self.tensors = self.tensors, []
        for place in self.places:
            self.leaves[place] = None
        return self.arranged(_Autograd.apply(self, *tensors))

    def filled(self, tensors: Iterable[Any], without: Any = ...) -> tuple[Any, dict[str, Any]]:
        """The arguments with these in the places of their tensors, and their own leaves or `without` in the others."""
        leaves = self.leaves[:] if without is ... else [without] * len(self.leaves)
        for place, tensor in zip(self.places, tensors, strict=True):
            leaves[place] = tensor
        args, kwargs = trees.unflatten(self.structure, leaves)
        return args, kwargs

    def run(self, tensors: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        """The tensors of the value; where a gradient is wanted the pullback is kept."""
        args, kwargs = self.filled(map(array_of, tensors))
        if self.wanted:
            argnums, taken = chosen(self.structure, self.asking)
            value, pullback = vjp(self.owner.function, *args, argnums=argnums, **self.owner.options, **kwargs)
            self.applied = lambda cotangent: taken(pullback(cotangent))
        else:
            value = self.owner.value(args, kwargs)
        self.result, self.form = leaves_of(value)
        return tuple(tensor_of(leaf) for leaf in self.result if is_number(leaf))

    def arranged(self, tensors: Iterable[Any]) -> Any:
        """The value with its tensors in their places."""
        rest = iter(tensors)
        return trees.unflatten(self.form, [next(rest) if is_number(leaf) else leaf for leaf in self.result])

    def cotangent(self, given: Iterable[Any]) -> Any:
        """What has been given for the tensors of the value, in its structure; None where there is no derivative."""
        rest = iter(given)
        found = [next(rest) if is_number(leaf) else None for leaf in self.result]
        return trees.unflatten(self.form, [one if is_float(leaf) else None for one, leaf in zip(found, self.result, strict=True)])

    def pulled_back(self, tensors: tuple[torch.Tensor, ...], given: tuple[Any, ...]) -> list[Any]:
        """A cotangent for each tensor, None where there is none."""
        conjugate = any(t.is_complex() for t in (*tensors, *given))
        if self.applied is None or torch.is_grad_enabled():  # what is differentiated again has to be seen by autograd
            found = self.owner.pullback(self.asking, conjugate)(*self.filled(tensors), self.cotangent(given))
        else:
            turn = np.conj if conjugate else lambda value: value
            found = [tensor_of(turn(c)) for c in self.applied(self.cotangent([turn(array_of(g)) for g in given]))]
        return list(map(dict(zip(self.asking, found, strict=True)).get, self.places))

    def pushed_forward(self, tensors: tuple[torch.Tensor, ...], tangents: tuple[Any, ...]) -> tuple[Any, ...]:
        """A tangent for each tensor of the value, None for those that have none."""
        moving = [t if place in self.moving else None for t, place in zip(tangents, self.places, strict=True)]
        found = leaves_of(self.owner.tangent()(*self.filled(tensors), self.filled(moving, None)))[0]
        return tuple(t if is_float(leaf) else None for t, leaf in zip(found, self.result, strict=True) if is_number(leaf))


class _Autograd(torch.autograd.Function):  # type: ignore[misc]
    """A call of a function, as autograd knows it: the call first, then its tensors."""

    @staticmethod
    def forward(call: Call, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return call.run(tensors)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: tuple[torch.Tensor, ...]) -> None:
        ctx.call, *tensors = inputs
        ctx.save_for_backward(*tensors)
        ctx.save_for_forward(*tensors)
        ctx.mark_non_differentiable(*[t for t in output if t.dtype not in FLOATS])

    @staticmethod
    def backward(ctx: Any, *given: torch.Tensor) -> tuple[Any, ...]:
        return None, *ctx.call.pulled_back(ctx.saved_tensors, given)

    @staticmethod
    def jvp(ctx: Any, _: None, *tangents: Any) -> tuple[Any, ...]:
        return ctx.call.pushed_forward(ctx.saved_tensors, tangents)  # type: ignore[no-any-return]

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], call: Call, *tensors: torch.Tensor) -> tuple[tuple[torch.Tensor, ...], tuple[int, ...]]:
        """One call after the other, for each index of the batch; the results are stacked."""
        rows = []
        for index in range(info.batch_size):
            here = [t if axis is None else t.select(axis, index) for t, axis in zip(tensors, in_dims[1:], strict=True)]
            one = Call(call.owner, *call.filled(here))
            rows.append(_Autograd.apply(one, *here))
            call.result, call.form = one.result, one.form
        return tuple(map(torch.stack, zip(*rows, strict=True))), (0,) * len(rows[0])


def check(tensor: torch.Tensor, structure: trees.Structure, place: int) -> None:
    """Raise TypeError for a tensor that NumPy cannot read."""
    name = trees.paths(structure, "")[place].split("_", 2)[2]
    what = f"the tensor of argument {name}"
    if tensor.device.type != "cpu":
        raise TypeError(f"{what} is on the device {tensor.device}, and NumPy computes on the CPU: pass it as .cpu()")
    if tensor.layout is not torch.strided:
        raise TypeError(f"{what} has the layout {tensor.layout}: pass it as .to_dense()")
    if (tensor.is_floating_point() or tensor.is_complex()) and tensor.dtype not in FLOATS:
        raise TypeError(f"{what} has the dtype {tensor.dtype}: pass it as .float() or .double()")


def array_of(tensor: torch.Tensor) -> Any:
    """An array over the memory of a tensor, which is a number of NumPy's if it has no axes."""
    array = tensor.detach().resolve_conj().resolve_neg().numpy()
    return array if array.ndim else array[()]


def tensor_of(value: Any) -> torch.Tensor:
    """A tensor over the memory of an array, or of a copy where PyTorch cannot have it as it lies."""
    return torch.from_numpy(np.require(value, requirements=("C", "W")))


def function(function: Any = None, *, control: str = "auto", backend: str | None = None, parallel: bool = False,
             reassociate: bool = False) -> Any:  # fmt: skip
    """The function as one of PyTorch's tensors, which autograd differentiates by s2sad; decorator with and without arguments, or function.

    It is called with tensors where the function takes arrays or numbers, in containers and by name too; a tensor without axes is a number
    there. All else is passed on as it is. Where the function returns arrays or floats the result has tensors, of the same shapes and dtypes
    (float64 for a float of Python). Tensors are float32, float64, complex64, complex128 or of whole numbers, on the CPU; TypeError is
    raised for others. Gradients go to the tensors that require them, of their dtype, and are differentiated again by s2sad, to any order;
    forward mode and `torch.func` work too, and `torch.vmap` calls the function for one index after the other. `control`, `backend`,
    `parallel` and `reassociate` are those of `grad`. Raises what `grad` raises.

    >>> import numpy as np, torch
    >>> from s2sad.interop.torch import function
    >>> @function
    ... def energy(x, k):
    ...     return 0.5 * np.sum(k * x ** 2)
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> energy(x, 3.0).backward()
    >>> x.grad
    tensor([3., 6.])
    """
    options = {"control": control, "backend": backend, "parallel": parallel, "reassociate": reassociate}
    if function is None:
        return lambda decorated: Function(decorated, options)
    return Function(function, options)
