"""What users call for whole Jacobians and Hessians, and for their products with vectors, and the objects that these return."""
from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad import trees
from s2sad.api import keywords
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative
from s2sad.errors import NotDifferentiable
from s2sad.loading import at_first_use
from s2sad.machine.callables import Transform
from s2sad.runtime import asking
from s2sad.settings import Argnums, Settings
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.api import sparse_jacobians
    from s2sad.machine import jacobians, transforms
else:
    jacobians, transforms = at_first_use("s2sad.machine.jacobians"), at_first_use("s2sad.machine.transforms")
    sparse_jacobians = at_first_use("s2sad.api.sparse_jacobians")


class Jacobian(Derivative):
    """What `jacobian`, `jacrev` and `value_and_jacobian` return."""

    suffix = "jacobian"
    way: jacobians.Way = "either"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        """The code is called after the mode."""
        return self.found(machine, args, kwargs, functools.partial(setattr, machine.sheet, "mode"))

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return self.select(self.found(machine, args, kwargs, str))

    def found(self, machine: Any, args: Any, kwargs: Any, tell: Callable[[str], Any]) -> Any:
        return jacobians.jacobian(machine, self.function, self.chosen(args), self.has_aux, args, kwargs, self.way, tell)

    def describe(self) -> str:
        return "value and Jacobian" if self.with_value else "Jacobian"


class ReverseJacobian(Jacobian):
    """What `jacrev` returns."""

    way = "reverse"


class ForwardJacobian(Jacobian):
    """What `jacfwd` returns."""

    way = "forward"


class Hessian(Derivative):
    """What `hessian` returns: the Jacobian of the gradient."""

    suffix = "hessian"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return jacobians.hessian(machine, self.function, self.chosen(args), self.has_aux, args, kwargs)

    def describe(self) -> str:
        return "Hessian"


class _Behind(Transform):
    """A method as a function of what stands behind `self`."""

    def __init__(self, function: Any, before: tuple[Any, ...]) -> None:
        self.function, self.before, self.__wrapped__, self.__name__ = function, before, function, asking.title(function)

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return machine.call(self.function, *self.before, *args, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("it is followed")


class HessianProduct(Compiled):
    """What `hvp` and `vhp` return, called with the argument, a vector of its structure, and the other arguments; all after `self`."""

    suffix = "hvp"

    def __init__(self, function: Any, settings: Settings = Settings(), first: int = 0) -> None:
        super().__init__(function, settings)
        self.first = first

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        """The value stands in front where it is asked for, to be compared with that of the function."""
        machine.writable.pass_beside(self.apart(args)[2])
        found = self.found(machine, args, kwargs)
        return found if machine.compared else found[1:]

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        return self.select(self.found(machine, args, kwargs))

    def found(self, machine: Any, args: Any, kwargs: Any) -> Any:
        before, x, v, rest = self.apart(args)
        function = _Behind(self.function, before) if before else self.function
        return jacobians.hessian_product(machine, function, (x, *rest), v, kwargs)

    def apart(self, args: Any) -> Any:
        """`self` of a method, the argument, the vector, the other arguments. Raises TypeError."""
        if len(args) < self.first + 2:
            raise TypeError(f"a product with the Hessian of {self.__name__}() is called with x, v, and the other arguments")
        x = self.first
        return args[:x], args[x], args[x + 1], args[x + 2 :]

    def check_vector(self, x: Any, v: Any) -> None:
        """Raise NotDifferentiable unless there is a part of `v` for each of `x`; None stands for zeros."""
        (leaves, structure), (parts, own) = trees.flatten(x, opened=trees.EVERY), trees.flatten(v, opened=trees.EVERY)
        shapes = [(np.shape(part), np.shape(leaf)) for part, leaf in zip(parts, leaves, strict=False) if part is not None]
        wrong = next((f"has shape {mine}, the argument {its}" for mine, its in shapes if mine != its), "")
        if v is not None and not trees.fits(structure, own):
            wrong = "does not have the structure of the argument"
        if wrong:
            hint = "it stands behind the argument, and has its structure and shapes: hvp(f)(x, v, *args)"
            raise transforms.refused(NotDifferentiable(f"the vector {wrong}", None, hint), self.function)

    def leaf_names(self, args: Any, structure: Any) -> list[str]:
        """Those of the parameters, and `v` for the vector."""
        self.check_vector(*self.apart(args)[1:3])
        before, x, v, rest = self.apart(structure.children[0].children)
        others = SimpleNamespace(children=(SimpleNamespace(children=(*before, x, *rest)), structure.children[1]))
        names, count = transforms.leaf_names(self.function, self.own(args), others), sum(map(trees.count, (*before, x)))
        return [*names[:count], *trees.paths(v, "v"), *names[count:]]

    def plainly(self, args: Any, kwargs: Any) -> Any:
        given, kwargs = transforms.with_floats([self.first], self.own(args), kwargs)
        return self.function(*given, **kwargs)

    def own(self, args: Any) -> Any:
        """The arguments of the function itself."""
        before, x, _, rest = self.apart(args)
        return (*before, x, *rest)

    def select(self, result: Any) -> Any:
        return result[-1]

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return list(args[self.first : self.first + 1])

    def places(self, args: Any, kwargs: Any) -> list[int | str]:
        return [self.first]

    def options(self) -> dict[str, Any]:
        return {**super().options(), "first": self.first}

    @functools.cached_property
    def of_method(self) -> HessianProduct:
        return type(self)(self.function, self.settings, 1)

    def for_methods(self) -> Any:
        return self.of_method

    def describe(self) -> str:
        return "product of the Hessian"


def _made(kind: Any, function: Any, with_value: bool, argnums: Argnums, has_aux: bool, *settings: Any) -> Any:
    options = {"argnums": argnums, "has_aux": has_aux, "with_value": with_value, "settings": Settings.of(*settings)}
    return entry(lambda decorated: kind(decorated, **options)) if function is None else kind(function, **options)


def _sparse(kind: str, function: Any, argnums: Argnums, has_aux: bool, sparsity: Any, *settings: Any,
            with_value: bool = False) -> Any:  # fmt: skip
    made = functools.partial(getattr(sparse_jacobians, kind), argnums=argnums, has_aux=has_aux, with_value=with_value,
                             settings=Settings.of(*settings), sparsity=sparsity)  # fmt: skip
    return entry(made) if function is None else made(function)


@keywords.helpful
def jacobian(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, sparse: bool = False, sparsity: Any = None,
             control: str = "auto", backend: str | None = None,
             parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The Jacobian of a function of real arrays; used as a function or a decorator, with or without arguments.

    If the value has the shape `s` and the argument the shape `t`, the Jacobian is an array of shape `s + t`; a number has the shape (). For
    containers there is a block for each pair of leaves: the result has the structure of the value, and within it that of the argument (a
    tuple for several `argnums`). Leaves that are not floats have None. The function itself is computed once, and the unit vectors go
    through the sweep together: forward where the arguments have no more elements than the value and no `custom_vjp` takes part, else in
    reverse. The name of the code in `source` tells the mode; a block has the dtype of the argument in both. `argnums`, `has_aux`,
    `control` and `backend` are those of `grad`. Raises
    NotDifferentiable for complex arguments or values, and what `grad` raises otherwise.

    With `sparse=True` each block is a `scipy.sparse.csr_array` with a row for each element of the value and a column for each of the
    argument. Its pattern is that of `sparsity(f)`, or the matrix that is passed as `sparsity`. Columns that share no row are added up in
    one seed, or rows that share no column where that takes fewer seeds. All seeds go through one sweep. A pattern that leaves out an
    element other than zero raises NotDifferentiable, in any call. SciPy is needed.

    >>> import numpy as np, s2sad
    >>> s2sad.jacobian(lambda x: np.array([x[0] * x[1], x[1] ** 2]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [0., 6.]])
    """
    if sparse or sparsity is not None:
        return _sparse("SparseJacobian", function, argnums, has_aux, sparsity, control, backend, parallel, reassociate)
    return _made(Jacobian, function, False, argnums, has_aux, control, backend, parallel, reassociate)


@keywords.helpful
def jacrev(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, control: str = "auto", backend: str | None = None,
           parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """As `jacobian`, in reverse mode: one row for each element of the value.

    >>> import numpy as np, s2sad
    >>> s2sad.jacrev(lambda x: x ** 2)(np.array([1.0, 3.0]))
    array([[2., 0.],
           [0., 6.]])
    """
    return _made(ReverseJacobian, function, False, argnums, has_aux, control, backend, parallel, reassociate)


@keywords.helpful
def jacfwd(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, control: str = "auto", backend: str | None = None,
           parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """As `jacobian`, in forward mode: one column for each element of the arguments. A block has the dtype of the value.

    Loops and branches that are kept carry all tangents. Where an operation in them cannot, the Jacobian is computed in reverse mode.

    >>> import numpy as np, s2sad
    >>> s2sad.jacfwd(lambda x: x ** 2)(np.array([1.0, 3.0]))
    array([[2., 0.],
           [0., 6.]])
    """
    return _made(ForwardJacobian, function, False, argnums, has_aux, control, backend, parallel, reassociate)


@keywords.helpful
def value_and_jacobian(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, sparse: bool = False, sparsity: Any = None,
                       control: str = "auto", backend: str | None = None,
                       parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """As `jacobian`, returning `(value, jacobian)`, with `has_aux` `((value, aux), jacobian)`.

    >>> import numpy as np, s2sad
    >>> s2sad.value_and_jacobian(lambda x: x ** 2)(np.array([3.0]))
    (array([9.]), array([[6.]]))
    """
    if sparse or sparsity is not None:
        return _sparse("SparseJacobian", function, argnums, has_aux, sparsity, control, backend, parallel, reassociate, with_value=True)
    return _made(Jacobian, function, True, argnums, has_aux, control, backend, parallel, reassociate)


@keywords.helpful
def hessian(function: Any = None, argnums: Argnums = 0, has_aux: bool = False, *, sparse: bool = False, sparsity: Any = None,
            control: str = "auto", backend: str | None = None,
            parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The Hessian of a function: the Jacobian of its gradient, or of its Jacobian where it returns arrays.

    For an argument of shape `t` and a value that is a number, it is an array of shape `t + t`. For containers, and for several `argnums`,
    there is a block for each pair of leaves: the structure of the first derivative, and within it that of the second. `argnums`, `has_aux`,
    `control` and `backend` are those of `grad`, and it raises what `jacobian` raises. `sparse` and `sparsity` are those of `jacobian`, for
    the Hessian of a number. It is symmetric, so rows that share columns may share a sweep.

    >>> import numpy as np, s2sad
    >>> s2sad.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    if sparse or sparsity is not None:
        return _sparse("SparseHessian", function, argnums, has_aux, sparsity, control, backend, parallel, reassociate)
    return _made(Hessian, function, False, argnums, has_aux, control, backend, parallel, reassociate)


@keywords.helpful
def hvp(function: Any = None, *, control: str = "auto", backend: str | None = None,
        parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The product of the Hessian of a scalar function with a vector: `hvp(f)(x, v, *args)`, in the order of SciPy's `hessp`.

    `v` has the structure and the shapes of `x`, the first argument of `f`, and so has the product. The Hessian itself is not computed.
    `control` and `backend` are those of `grad`. Raises NotDifferentiable for a vector that does not fit, and what `grad` raises.

    >>> import numpy as np, s2sad
    >>> s2sad.hvp(lambda x, a: a * x[0] ** 2 * x[1])(np.array([2.0, 3.0]), np.array([1.0, 0.0]), 10.0)
    array([60., 40.])
    """
    settings = Settings.of(control, backend, parallel, reassociate)
    return HessianProduct(function, settings) if function is not None else entry(lambda decorated: HessianProduct(decorated, settings))


@keywords.helpful
def vhp(function: Any = None, *, control: str = "auto", backend: str | None = None,
        parallel: bool = False, reassociate: bool = False) -> Any:  # fmt: skip
    """The product of a vector with the Hessian of a scalar function, `vhp(f)(x, v, *args)`: the same as `hvp`, because a Hessian is
    symmetric.

    >>> import numpy as np, s2sad
    >>> s2sad.vhp(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]), np.array([1.0, 0.0]))
    array([6., 4.])
    """
    return hvp(function, control=control, backend=backend, parallel=parallel, reassociate=reassociate)


__all__ = ["ForwardJacobian", "Hessian", "HessianProduct", "Jacobian", "ReverseJacobian", "hessian", "hvp", "jacfwd", "jacobian", "jacrev",
           "value_and_jacobian", "vhp"]  # fmt: skip
