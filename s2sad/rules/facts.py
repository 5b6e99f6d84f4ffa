"""What is known of a primitive besides its derivatives, and said where its rule is: passes, emitter and machines ask here.

    SHAPED = Facts(memory="layout", order="C")
    linear("np.ravel(a, order='C')", a="np.reshape(g, np.shape(a))", facts=SHAPED)

A family of rules has one such value, or makes one of another with `but`. Who needs to know more of primitives adds a field here, with a
text that says what it says: the documentation lists them.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Literal

from s2sad.quickly import dataclass

ResultType = Literal["mixed", "first", "own"]
Dynamic = Literal[True, False, "fractions", "exponent"]
Memory = Literal["fresh", "view", "shown", "layout", "asked", "spread"]
Order = Literal["any", "kept", "C", "F"]
Raises = Literal[True, False, "sizes"]
Again = Literal[True, False, "number"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """What may be stated of a function in its rule, besides its derivatives.

    >>> import numpy as np, s2sad
    >>> def mirrored(a):
    ...     return a[::-1]
    >>> s2sad.linear("mirrored(a)", a="mirrored(g)", facts=s2sad.Facts(memory="view"), namespace={"mirrored": mirrored})
    >>> s2sad.grad(lambda x: mirrored(x)[0])(np.zeros(3))
    array([0., 0., 1.])
    """

    # How the type of the result follows
    result_type: ResultType = "mixed"
    """The class or dtype of the result follows from all arguments; `"first"`: from the first; `"own"`: it is always the same."""
    asks: str = ""
    """A question that the types of the arguments answer, so that nothing is computed: `"type"`, or the attribute of an array,
    `"shape"`, `"size"` or `"ndim"`."""
    gives: Callable[..., Any] | None = None
    """A function of some of the parameters, by their names, or of all of them (`*given`), that tells the shape of the result from types:
    arrays are `Array`s, sizes whole numbers or `Size`s. It gives a shape, or a whole `Array` or number where the dtype does not show on
    arrays of one element, or a list of these for a result with several parts. It raises what the operation raises. Elementwise functions
    need none."""
    spreads: Callable[..., Any] | None = None
    """Which elements of the arguments an element of the result may depend on, a function of `types/dependence.py`: `moves`,
    `elementwise`, `reduces("a")` and others. Without one, each depends on all that go in. Elementwise functions need none."""
    counts: str = ""
    """The parameter that says by the elements that are not zero how long the result is: the same one always says the same length."""
    adds: str = ""
    """The parameter that says it by the sum of its elements."""
    of_sizes: bool = False
    """Of whole numbers it may be computed of sizes as it stands."""
    dynamic: Dynamic = False
    """The type or shape of the result depends on values, so a path guards it; `"fractions"`: unless they are whole numbers;
    `"exponent"`: of Python's numbers, on the second."""

    # Its memory
    memory: Memory = "fresh"
    """The result has memory of its own; `"view"`: it may share that of an argument; `"shown"`: so too, and cannot be written;
    `"layout"`: it shares it if the layout of the argument allows it; `"asked"`: it shares it unless `copy` is true; `"spread"`: it
    repeats its argument, and is not written."""
    order: Order = "any"
    """How the result lies in memory is not known; `"kept"`: without gaps in the order of C if all arrays given do; `"C"`: always,
    unless `order` says otherwise; `"F"`: in that of Fortran."""
    buffer: bool = False
    """A large result that is needed once may be written over by what is computed from it."""
    writes: str = ""
    """It makes the next version of its first argument; in place it is written so: `"="`, `"+="`, `"-="`, `"at"`; of a list of unknown
    length `"append"`, `"pop"`, `"item ="`, `"item +="`."""
    part: str = ""
    """The primitive that gives an array whose elements have other contents of this part, of the array and of these: the result shows one
    part of each element, and a write into it is one into the array."""
    holds: bool = False
    """The result is a list that holds the arrays it is given."""
    takes: bool = False
    """It gives an item of the list that is its first argument, which may go on holding it."""
    overwrites: str = ""
    """The parameter that, where it is false, has an array that is the first argument written over by the result."""
    in_dtype_of_out: bool = False
    """Given an array `out`, it computes in the dtype of that array."""

    # Evaluating it
    may_raise: Raises = False
    """It may raise for values of the recorded types, so it is not dropped when its result is unused; `"sizes"`: for whole numbers, or
    where a size is not known."""
    divides: bool = False
    """Of Python's numbers it raises where the second is zero."""
    outside: tuple[tuple[str, float], ...] = ()
    """Of one of Python's numbers it raises where that compares so: a symbol and a number each."""
    effect: bool = False
    """It happens once in each call."""
    invertible: bool = False
    """The reciprocal of a real result that is neither zero nor infinite is finite, and has all its digits; where
    it raises for a real number, a machine has NaN."""
    bounded: bool = False
    """Of finite real numbers the result is finite."""
    cheap: bool = False
    """An operator, which a reverse step would rather compute again than save what it gives."""
    again: Again = False
    """A reverse step may compute it again, if that saves something: it takes a few operations for each element that it reads; `"number"`:
    where it gives a number. So it is of elementwise functions of NumPy and `math`, and of views."""
    same: str = ""
    """The parameter that the result is, or whose items the results are: the primitive says something of derivatives, and nothing of the
    value."""
    stops: str = ""
    """The parameter that has the number of a differentiation: for that one and those inside of it the result is constant."""
    anew: bool = False
    """It is made in each step of a loop also where each makes the same: the step writes into it."""

    # Its arguments, its values and their derivatives
    commutes: bool = False
    """Of numbers and arrays of numbers, the order of its two arguments does not matter."""
    operator: str = ""
    """The operator that it is of arrays, by its symbol: adjoints are written with it."""
    compares: str = ""
    """The comparison that it is, by its symbol."""
    indexed: bool = False
    """The second argument is an index."""
    placed: bool = False
    """Arrays of whole numbers among the arguments say where, and only their shape says how much."""
    axes: tuple[str, ...] = ()
    """Parameters besides those of the usual names (`axis`, `axes`, ...) that take plain numbers."""
    how_many: str = ""
    """The parameter with a derivative that, where it is a whole number, says how many numbers there are in the result."""
    beyond_method: tuple[str, ...] = ()
    """Parameters that the function has, and the method of arrays has not."""
    fixed: tuple[str, ...] = ()
    """Parameters that have a rule at their default alone, such as arrays to write into."""
    as_given: bool = False
    """A list stands for no array."""
    passes_none: bool = False
    """Where an argument is None, the result may be."""
    hides_nan: bool = False
    """A NaN in an argument may not show in the result."""
    real: bool = False
    """Its derivative is zero of real arguments only."""
    zeros: bool = False
    """All elements of the result are zero."""
    ones: str = ""
    """The parameter that says on which diagonal of a matrix of zeros there are ones; 0 is the main one."""
    filled: str = ""
    """The parameter that all elements of the result are, if it is a number."""
    averages: str = ""
    """The primitive that adds up what this is the mean of, with the same arguments, bit for bit."""
    of_numbers: str = ""
    """The primitive that is meant where control flow is kept and no array is among the arguments."""
    mapped: str | Mapping[str, str] = ""
    """How it is of many values that lie along one more axis in front: an expression in which all parameters with a derivative have that
    axis, or one for each of them, which has it alone. Where it gives None, and where nothing is said, the values are taken one by one.
    Elementwise functions need none."""
    native: str = ""
    """How native code writes it, of one element each: an expression in the parameters, of what Numba has of `math` and `np`, and of
    functions of floats in SciPy's Cython module, `"scipy.special.cython_special.gammaln(x)"`. What NumPy and `math` have needs none."""
    total: str = ""
    """The primitive that a derivative computes in its place where it raises."""
    source: str = ""
    """Where its formula is from: `"DLMF 7.10.1"`, a paper. `SOURCE` in a module of rules says it of those below."""
    note: str = ""
    """What holds at its edges, for those who look it up."""

    def __repr__(self) -> str:
        return f"Facts({', '.join(f'{name}={fact!r}' for name, fact in self.stated.items())})"

    @property
    def alias(self) -> bool:
        """Whether the result may share memory with an argument."""
        return self.memory != "fresh"

    @property
    def read_only(self) -> bool:
        """Whether the result cannot be written."""
        return self.memory in ("shown", "spread")

    def but(self, **changed: Any) -> Facts:
        """The same facts but for these."""
        return Facts(**{**self.stated, **changed}) if type(self) is Facts else replace(self, **changed)

    @functools.cached_property
    def stated(self) -> dict[str, Any]:
        """The facts by name, those left out that are the default."""
        return {name: value for name, default in _defaults() if (value := getattr(self, name)) != default}

    def and_flags(self, alias: bool = False, **flags: Any) -> dict[str, Any]:
        """The facts stated, with those that a rule states by words of its own."""
        memory = {"memory": "view"} if alias and not self.alias else {}
        return {**self.stated, **memory, **{name: flag for name, flag in flags.items() if flag}}


@functools.cache
def _defaults() -> tuple[tuple[str, Any], ...]:
    """The facts there are, and what they are if nothing is stated."""
    return tuple((f.name, f.default) for f in fields(Facts))


NOTHING = Facts()
ELEMENTWISE = Facts(order="kept", buffer=True)
AXES = frozenset({"axis", "axes", "axis1", "axis2", "axisa", "axisb", "axisc", "source", "destination", "ndmin", "ndim", "keepdims"})
"""The usual names of parameters that take axes, or how many there are, as plain numbers."""
