"""Sparse Jacobians and their patterns, for those who call them: `sparsity`, and what `jacobian(f, sparse=True)` returns."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from s2sad.api import keywords, standing_for
from s2sad.api.derivatives import Derivative
from s2sad.api.seeds import Swept
from s2sad.errors import CannotKeep, NotDifferentiable, UnsupportedSyntax
from s2sad.loading import at_first_use
from s2sad.settings import Argnums, Settings
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.api import sparse_compiler
    from s2sad.calls import compiler
    from s2sad.sparse.pattern import Pattern
else:
    compiler, sparse_compiler = at_first_use("s2sad.calls.compiler"), at_first_use("s2sad.api.sparse_compiler")

P = ParamSpec("P")
R = TypeVar("R")


class Sparse(Derivative[P, R]):
    """A function whose Jacobian has a pattern, which is recorded at the first call and kept."""

    suffix = "jacobian"
    _patterns: Any

    def clear(self) -> None:
        super().clear()
        self._patterns = None

    @property
    def derived(self) -> Any:
        """The function whose Jacobian it is."""
        return self.function

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        raise UnsupportedSyntax("a sparse Jacobian is taken inside a function that is followed", machine.location(),
                                "take it outside, or use jacobian without sparse=True there")  # fmt: skip

    def arrived(self, args: Any, kwargs: Any, places: Any = None) -> Any:
        """The call, whole numbers that are differentiated as floats."""
        places = self.places(args, kwargs) if places is None else places
        return compiler.arrive(self, *compiler.transforms.with_floats(places, args, kwargs))

    def pattern(self, call: Any) -> Any:
        if self._patterns is None:
            self._patterns = sparse_compiler.Patterns()
        return self._patterns.of(call, self.derived, self.argnums, self.has_aux)

    def chosen(self, args: Any) -> Argnums:
        return self.argnums

    def _returned(self) -> Any:
        return standing_for.UNKNOWN

    def __repr__(self) -> str:
        return f"<{self.describe()} of {self.__name__}>"


class Sparsity(Sparse[P, "Pattern"]):
    """What `sparsity` returns."""

    @entry
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Pattern:
        return self.pattern(self.arrived(args, kwargs))  # type: ignore[no-any-return]

    def describe(self) -> str:
        return "sparsity"


@keywords.helpful
def sparsity(function: Any = None, *, argnums: Argnums = 0) -> Any:
    """The pattern of the Jacobian of a function, called with its arguments; used as a function or a decorator, with or without arguments.

    It has a row for each element of the value and a column for each element of the arguments that `argnums` chooses as for `grad`, those of
    containers one after the other. `matrix` is a `scipy.sparse.csr_array` of booleans, `nnz` says how many are true, `colours` how many
    seeds a Jacobian takes. `picture()` and a notebook show it; `save("pattern.svg")` writes the picture. The pattern comes from sets of
    indices that go through the function with the values: it misses no element that is not zero, whatever the arguments are, as long as the
    function takes the same path. Raises ImportError where SciPy is not installed, NotDifferentiable for complex arguments or values, and
    what `grad` raises.

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
    return entry(lambda decorated: Sparsity(decorated, argnums)) if function is None else Sparsity(function, argnums)


class SparseJacobian(Sparse[P, R]):
    """What `jacobian(f, sparse=True)` returns, and `value_and_jacobian` with the value. `sparsity` is the pattern that was passed, or None.

    The function is computed once, and the seeds go through one sweep: one for each colour of the columns in forward mode, or in reverse
    mode of the rows where these have fewer colours. A pattern that was passed is checked in each call, for what it leaves out may be zero
    in some: one more seed adds up everything, and its product is that of the whole Jacobian.
    """

    symmetric = False

    def __init__(self, function: Any, argnums: Argnums = 0, has_aux: bool = False, with_value: bool = False,
                 settings: Settings = Settings(), sparsity: Any = None) -> None:  # fmt: skip
        super().__init__(function, argnums, has_aux, with_value, settings)
        self.sparsity = sparsity
        self._passed: Any = None

    def clear(self) -> None:
        super().clear()
        self._sweeps: dict[bool, Swept] = {}
        self._ran: Swept | None = None
        self._pushes = True  # as long as no loop, and no pullback of the user's, refuses it

    @entry
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        places = self.places(args, kwargs)
        call = self.arrived(args, kwargs, places)
        pattern = self.pattern(call)
        try:
            result, found = self.swept(pattern, call)
        except CannotKeep:
            if not self._pushes:
                raise
            self._pushes = False
            result, found = self.swept(pattern, call)
        value, single = result[0] if self.has_aux else result, not isinstance(self.argnums, (tuple, list))
        arguments = [call.kwargs[p] if isinstance(p, str) else call.args[p] for p in places]
        return self.select((result, sparse_compiler.sweeps.blocks(found, value, arguments, places, single)))  # type: ignore[no-any-return]

    def swept(self, pattern: Any, call: Any) -> Any:
        """What the function returns, and the Jacobian as one matrix."""
        compression, checked = pattern.compression(self.symmetric, self._pushes and pattern.pushes), self.sparsity is not None
        sweep = self.sweep(compression.forward)
        try:
            result, found, tested = sparse_compiler.sweeps.jacobian(sweep, compression, call, checked)
        except sparse_compiler.OtherSizes as error:
            raise self.refused(f"is of shape {pattern.shape}, and {error.reason}",
                               "a row for each element of the value, a column for each of the arguments") from None  # fmt: skip
        if self._pushes and sweep.reasons:  # a loop that may be kept in reverse mode
            self._pushes = False
        if checked and len(missed := compression.left_out(found, tested)):
            what = "row" if compression.forward else "column"
            raise self.refused(f"leaves out what is not zero in {what} {missed[0]} of the Jacobian",
                               "leave sparsity= out, or pass sparsity(f)(x).matrix")  # fmt: skip
        return result, found

    def sweep(self, forward: bool) -> Swept:
        if forward not in self._sweeps:
            self._sweeps[forward] = Swept(self.derived, self.argnums, self.has_aux, forward, self.settings, self.suffix)
        self._ran = self._sweeps[forward]
        return self._ran

    def pattern(self, call: Any) -> Any:
        if self.sparsity is None:
            return super().pattern(call)
        if self._passed is None:
            given = self.sparsity
            self._passed = given if isinstance(given, sparse_compiler.Pattern) else sparse_compiler.Pattern(given)
        return self._passed

    def refused(self, what: str, hint: str) -> Exception:
        return compiler.transforms.refused(NotDifferentiable(f"the pattern passed as sparsity= {what}", None, hint), self.function)

    # Looking: at the sweep that ran last

    paths = property(lambda self: self._ran.paths if self._ran else ())
    reasons = property(lambda self: self._ran.reasons if self._ran else ())
    source = property(lambda self: self._ran.source if self._ran else "")
    wengert = property(lambda self: self._ran.wengert if self._ran else "")

    def stats(self) -> Any:
        return self._ran.stats() if self._ran else super().stats()

    def stages(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        call = self.arrived(args, kwargs)
        pattern = self.pattern(call)
        compression = pattern.compression(self.symmetric, self._pushes and pattern.pushes)
        return self.sweep(compression.forward).stages(compression.seeds(0, compression.number, False), *call.args, **call.kwargs)

    def options(self) -> dict[str, Any]:
        return {**super().options(), "sparsity": self.sparsity}

    def describe(self) -> str:
        return f"{'value and ' if self.with_value else ''}sparse Jacobian"


class SparseHessian(SparseJacobian[P, R]):
    """What `hessian(f, sparse=True)` returns: the Jacobian of the gradient, of which rows and columns stand for one another."""

    suffix = "hessian"
    symmetric = True
    _gradient_of: Any = None

    @property
    def derived(self) -> Any:
        if self._gradient_of is None:
            self._gradient_of = Derivative(self.function, self.argnums, self.has_aux, False, self.settings)
        return self._gradient_of

    def describe(self) -> str:
        return "sparse Hessian"
