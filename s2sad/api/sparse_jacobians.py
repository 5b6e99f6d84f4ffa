"""Sparse Jacobians and their patterns, for those who call them: `sparsity`, and what `jacobian(f, sparse=True)` returns."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, ParamSpec

from s2sad.api.derivatives import Derivative, Vjp
from s2sad.api.forward import Jvp
from s2sad.errors import UnsupportedSyntax
from s2sad.loading import at_first_use
from s2sad.machine.callables import Transform
from s2sad.settings import Argnums, Settings

if TYPE_CHECKING:
    from s2sad.api import sparse_compiler
    from s2sad.calls import compiler
    from s2sad.sparse.pattern import Pattern
else:
    compiler, sparse_compiler = at_first_use("s2sad.calls.compiler"), at_first_use("s2sad.api.sparse_compiler")

P = ParamSpec("P")


class Sparse(Transform):
    """A function whose Jacobian has a pattern, which is recorded at the first call and kept."""

    def __init__(self, function: Any, argnums: Argnums = 0, settings: Settings = Settings()) -> None:
        self.derived = Vjp(function, argnums, settings)
        self.function, self.argnums, self.settings = function, self.derived.argnums, settings
        self._patterns: Any = None

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        raise UnsupportedSyntax("a sparse Jacobian is taken inside a function that is followed", machine.location(),
                                "take it outside, or use jacobian without sparse=True there")  # fmt: skip

    def arrived(self, args: Any, kwargs: Any) -> Any:
        """The call, whole numbers that are differentiated as floats."""
        places = self.derived.places(args, kwargs)
        return compiler.arrive(self.derived, *compiler.transforms.with_floats(places, args, kwargs))

    def pattern(self, call: Any) -> Any:
        if self._patterns is None:
            self._patterns = sparse_compiler.Patterns()
        return self._patterns.of(call, self.argnums)


class Sparsity(Sparse, Generic[P]):
    """What `sparsity` returns."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Pattern:
        return self.pattern(self.arrived(args, kwargs))  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<sparsity of {self.derived.__name__}>"


def sparsity(function: Any = None, *, argnums: Argnums = 0) -> Any:
    """The pattern of the Jacobian of a function, to be called like it; decorator with and without arguments, or function.

    It has a row for each element of the value and a column for each element of the arguments that `argnums` chooses as for `grad`, those of
    containers one after the other. `matrix` is a `scipy.sparse.csr_array` of truth values, `nnz` says how many there are, `colours` how
    many sweeps a Jacobian takes, `picture()` shows it, and so does a notebook; `save("pattern.svg")` writes that. The pattern comes from
    sets of indices that go through the function with the values: it misses no element that is not zero, whatever the arguments are, as long
    as the function takes the same way. Raises ImportError where SciPy is not installed, and what `grad` raises.

    >>> import numpy as np, s2sad
    >>> pattern = s2sad.sparsity(np.diff)(np.zeros(5))
    >>> pattern
    <pattern of 4 x 5, 8 elements, 2 colours>
    >>> print(pattern.picture())
    ##...
    .##..
    ..##.
    ...##
    """
    return (lambda decorated: Sparsity(decorated, argnums)) if function is None else Sparsity(function, argnums)


class SparseJacobian(Sparse):
    """What `jacobian(f, sparse=True)` and `hessian(f, sparse=True)` return. `sparsity` is the pattern that was passed, or None.

    The value is computed once, and the rows of a colour by one sweep with a seed that has a one for each of them; or the columns of a
    colour in forward mode, where these are far fewer.
    """

    symmetric = False

    def __init__(self, function: Any, argnums: Argnums = 0, settings: Settings = Settings(), sparsity: Any = None) -> None:
        super().__init__(function, argnums, settings)
        self.sparsity = sparsity
        self.forward: Any = Jvp(function, settings=settings)
        self._passed: Any = None
        self._checked: set[Any] = set()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = self.arrived(args, kwargs)
        pattern = self.passed() if self.sparsity is not None else self.pattern(call)
        swept = sparse_compiler.Swept(self.derived, call, self.forward)
        jacobian = swept.jacobian(pattern, self.symmetric)
        if self.sparsity is not None and call.key not in self._checked:
            swept.check(jacobian)
            self._checked.add(call.key)
        return swept.blocks(jacobian, not isinstance(self.argnums, tuple))

    def passed(self) -> Any:
        if self._passed is None:
            given = self.sparsity
            self._passed = given if isinstance(given, sparse_compiler.Pattern) else sparse_compiler.Pattern(given)
        return self._passed

    def __repr__(self) -> str:
        return f"<sparse Jacobian of {self.derived.__name__}>"


class SparseHessian(SparseJacobian):
    """What `hessian(f, sparse=True)` returns: the Jacobian of the gradient, of which rows and columns stand for one another."""

    symmetric = True

    def __init__(self, function: Any, argnums: Argnums = 0, settings: Settings = Settings(), sparsity: Any = None) -> None:
        super().__init__(Derivative(function, argnums, with_value=False, settings=settings), argnums, settings, sparsity)
        self.forward = None

    def __repr__(self) -> str:
        return f"<sparse Hessian of {self.derived.__name__}>"
