"""Primitives and the language of their rules: one line states a call and its partial derivatives.

    elementwise("np.tanh(x)", x="1 - ans * ans")
    linear("np.reshape(a, shape)", a="np.reshape(g, np.shape(a))")
    rule("np.linalg.inv(a)", a="-(ans.T @ g @ ans.T)", jvp="-(ans @ a_dot @ ans)")
    zero("np.floor(x)")

The left side is a call or an operator expression; its keyword arguments are the defaults. The right sides are Python
expressions in the parameters, `ans` (the result), `g` (its cotangent) and the names of the registering module.
"""
from __future__ import annotations

import ast
import cmath
import functools
import inspect
import itertools
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Literal

import numpy as np

from s2sad.errors import Location, RuleError
from s2sad.quickly import dataclass
from s2sad.rules import registered, rule_text
from s2sad.rules.facts import AXES, ELEMENTWISE, NOTHING, Facts, Raises
from s2sad.rules.registered import known_already, known_of, of_the_table, put, register_own
from s2sad.rules.rule_text import REQUIRED, Formula, Parameter
from s2sad.tracebacks import entry
from s2sad.types import families

Kind = Literal["elementwise", "linear", "rule", "zero"]
NO_RULE = Location(__file__, 0)  # where what has none is registered


@dataclass(frozen=True, eq=False)
class Primitive(Facts):
    """One operation of the IR: how it is evaluated, printed and differentiated, and what else is known of it.

    `call` and `formulas` are the sides of its rule as text, `names` what they may use beside the parameters; what stands in them is
    read when it is asked for.
    """

    name: str
    call: str
    callee: Callable[..., Any] | None
    root: tuple[str, Any] | None = None
    kind: Kind = "zero"
    formulas: Mapping[str, str] = field(default_factory=dict)
    tangent: str | None = None
    names: Mapping[str, Any] = field(default_factory=dict)
    location: Location = NO_RULE
    meaning: Callable[..., Any] | None = None  # of one of the front end: what it is a question for, as a function
    raised: Primitive | None = None  # what it stands for, where that is known to raise: its result is the exception

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    @functools.cached_property
    def template(self) -> ast.expr:
        return rule_text.expression(self.call, self.location)

    @functools.cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        owner = [Parameter(self.call.partition(".")[0])] if self.name.startswith(".") else []
        return (*owner, *rule_text.parameters(self.template, self.call, self.names, self.location))

    @functools.cached_property
    def pullbacks(self) -> Mapping[str, Formula]:
        arguments, linear = tuple(p.name for p in self.parameters), self.kind != "elementwise"
        return {parameter: rule_text.pullback(text, parameter, self.name, arguments, linear, self.names, self.location)
                for parameter, text in self.formulas.items()}  # fmt: skip

    @functools.cached_property
    def jvp(self) -> Formula | None:
        arguments = tuple(p.name for p in self.parameters)
        known = (*arguments, *(f"{a}_dot" for a in arguments), "ans")
        return rule_text.formula(self.tangent, self.name, known, self.names, self.location) if self.tangent else None

    @functools.cached_property
    def rows(self) -> Mapping[str, Formula]:
        """How it is of many values along an axis in front, by the parameter that has the axis; `""`: all with a derivative have it."""
        texts = {"": self.mapped} if isinstance(self.mapped, str) else self.mapped
        arguments = tuple(p.name for p in self.parameters)
        return {name: rule_text.formula(text, self.name, arguments, self.names, self.location) for name, text in texts.items() if text}

    def read(self) -> None:
        """Read all of the rule now. Raises RuleError."""
        for part in ("pullbacks", "jvp", "rows"):
            getattr(self, part)
        if self.native:
            rule_text.expression(self.native, self.location)

    @property
    def structural(self) -> bool:
        """Whether it is one of the front end itself, which reads from outside or calls what s2sad does not look into."""
        return self.callee is None and not self.name.startswith(".")

    @functools.cached_property
    def plain(self) -> frozenset[str]:
        """The parameters that take axes as plain numbers."""
        return frozenset(p.name for p in self.parameters if p.name in AXES or p.name in self.axes)

    @functools.cached_property
    def gives_away(self) -> tuple[str, ...]:
        """The parameters by which SciPy is allowed to write over an array that it is given."""
        return tuple(p.name for p in self.parameters if p.name.startswith("overwrite_") and p.default is False)

    def raising(self) -> Primitive:
        """The operation where it is known to raise: a function is called by its own name, whatever method it is of arrays."""
        called = self if self.root is None else Primitive(self.name, self.call, self.callee, self.root, names=self.names)
        return Primitive(f"raised {self.name}", self.call, self.callee, self.root, names=self.names, effect=self.effect, raised=called)

    def index(self, parameter: str) -> int:
        return next(i for i, p in enumerate(self.parameters) if p.name == parameter)

    def takes_array(self, parameter: Parameter, values: Sequence[Any]) -> bool:
        """Whether a list given for the parameter stands for an array: NumPy makes one of it, Python only beside an array."""
        if parameter.variadic or self.as_given or not (parameter.name in self.pullbacks or (self.kind == "elementwise" and self.root)):
            return False
        if self.root is None:
            return isinstance(self.template, (ast.BinOp, ast.UnaryOp)) and any(isinstance(v, (np.ndarray, np.generic)) for v in values)
        return self.root[0] in ("np", "scipy") or (self.kind == "elementwise" and self.root[1] not in (math, cmath))

    @functools.cached_property
    def positional(self) -> int:
        """How many arguments may be given by position: as long as the parameters are those of the function, in its order."""
        if any(p.variadic for p in self.parameters):
            return sys.maxsize
        try:
            own = list(inspect.signature(self.callee).parameters.values())  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return len(self.parameters)
        required = sum(p.default is REQUIRED for p in self.parameters)
        if any(p.kind is p.VAR_POSITIONAL for p in own[: required + 1]):  # which hands on whatever it is given
            return len(self.parameters)
        same = itertools.takewhile(lambda pair: pair[0].name == pair[1].name and pair[1].kind is not pair[1].KEYWORD_ONLY,
                                   zip(self.parameters[required:], own[required:], strict=False))  # fmt: skip
        return required + len(list(same))

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Any]:
        """Arguments in the order of the parameters, defaults filled in. Raises TypeError as a call would."""
        if len(args) > self.positional:
            raise TypeError(f"{self.name}() has no rule for more than {self.positional} positional arguments; pass them by name")
        bound: list[Any] = []
        rest, named = list(args), dict(kwargs)
        for parameter in self.parameters:
            if parameter.variadic:
                bound.append(tuple(rest))
                rest = []
            elif rest:
                if parameter.name in named:
                    raise TypeError(f"{self.name}() got multiple values for argument {parameter.name!r}")
                bound.append(rest.pop(0))
            elif parameter.name in named:
                bound.append(named.pop(parameter.name))
            elif parameter.default is REQUIRED:
                raise TypeError(f"{self.name}() missing a required argument: {parameter.name!r}")
            else:
                bound.append(parameter.default)
        if rest or named:
            raise TypeError(f"{self.name}() has no rule for the argument {next(iter(named), 'number ' + str(len(args)))!r}")
        for parameter, value in zip(self.parameters, bound, strict=True):
            if parameter.name in self.fixed and not _is_default(value, parameter.default):
                raise TypeError(f"{self.name}() has no rule for the argument {parameter.name!r}")
        return bound

    def call_arguments(self, bound: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments a call is written with: required ones by position, others by name where not the default."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for parameter, value in zip(self.parameters, bound, strict=True):
            if parameter.variadic:
                positional.extend(value)
            elif parameter.default is REQUIRED:
                positional.append(value)
            elif not _is_default(value, parameter.default):
                named[parameter.name] = value
        return positional, named

    def evaluate(self, bound: list[Any]) -> Any:
        """The result on plain values."""
        if self.callee is not None:
            if len(self.parameters) == len(bound) and not isinstance(self.template, ast.Call):
                return self.callee(*bound)
            positional, named = self.call_arguments(bound)
            return self.callee(*positional, **named)
        if self.meaning is not None:
            return self.meaning(*bound)
        method = self.template.func.attr  # type: ignore[attr-defined]
        positional, named = self.call_arguments(bound)
        return getattr(positional[0], method)(*positional[1:], **named)


def _is_default(value: Any, default: Any) -> bool:
    if value is default:
        return True
    return type(value) is type(default) and isinstance(value, (bool, int, float, str, type(None))) and value == default


BY_FUNCTION: dict[Any, Primitive] = registered.BY_FUNCTION
BY_NAME: dict[str, Primitive] = registered.BY_NAME
METHODS = registered.METHODS
ATTRIBUTES = registered.ATTRIBUTES
METHOD_NAMES: dict[Primitive, str] = registered.METHOD_NAMES
ATTRIBUTE_NAMES: dict[Primitive, str] = registered.ATTRIBUTE_NAMES
rule_of: Callable[[Any], Primitive | None] = registered.rule_of


@dataclass(frozen=True)
class Product:
    """How a product is evaluated where 0 times anything is 0; `factor` says which operand may be a cotangent, by default any."""

    primitive: Primitive
    factor: int | None = None

    def factors(self, operands: Sequence[Any]) -> Sequence[Any]:
        """The operands that may be cotangents."""
        return operands if self.factor is None else operands[self.factor : self.factor + 1]


STRONG: dict[Primitive, Product] = registered.STRONG


def product(name: str, function: Callable[..., Any], factor: int | None = None, gives: Callable[..., Any] | None = None) -> None:
    """Say what a strong product evaluates for the primitive `name`: a function of the same arguments, with a result of the same type."""
    plain = BY_NAME[name]
    arguments = "(x, y)" if plain.root is None else plain.call.removeprefix(plain.name)
    made = Primitive(function.__name__, function.__name__ + arguments, function, (function.__name__, function), names=plain.names,
                     gives=families.elementwise if plain.kind == "elementwise" else gives or plain.gives)  # fmt: skip
    STRONG[plain] = Product(made, factor)


@entry
def elementwise(*calls: str, may_raise: Raises = False, hides_nan: bool = False, facts: Facts = ELEMENTWISE,
                namespace: dict[str, Any] | None = None, replace: bool = False, **partials: str) -> None:  # fmt: skip
    """Register a function that works element by element, with broadcasting, by its partial derivatives.

    Each partial is an expression of the shape of `ans`; the engine multiplies it by the cotangent, sums over broadcast axes and converts to
    the argument's dtype. A partial that mentions `g` is taken as the product itself. In products with the cotangent, 0 times anything is 0.
    `hides_nan` says that a NaN in an argument may not show in the result. Several calls with the same parameter names share the partials.
    `facts` states what else is known of it. `namespace` holds the names both sides use, by default the globals of the caller. Another rule
    for a function that has one raises RuleError; the same rule again does not, as when a notebook cell runs again. With `replace` the new
    rule is valid from the next call on, and facts about the function that `facts` does not state stay as they were. Raises RuleError too
    for text that is not a rule.

    >>> import numpy as np, s2sad
    >>> def cube(x):
    ...     return np.power(x, 3)
    >>> s2sad.elementwise("cube(x)", x="3 * x ** 2", namespace={"cube": cube, "np": np})
    >>> s2sad.grad(lambda x: cube(x))(2.0)
    12.0
    """
    _register(calls, "elementwise", partials, namespace, facts, replace, may_raise=may_raise, hides_nan=hides_nan)


@entry
def linear(*calls: str, jvp: str | None = None, alias: bool = False, dynamic: bool = False, may_raise: Raises = False,
           as_given: bool = False, facts: Facts = NOTHING, namespace: dict[str, Any] | None = None,
           replace: bool = False, **pullbacks: str) -> None:  # fmt: skip
    """Register a function that is linear in the parameters given, jointly, by its pullbacks in terms of `g`.

    `alias` says that the result may share memory with an argument, `dynamic` that its shape depends on values. The cotangent of a parameter
    that takes a sequence is a sequence of the same length. `as_given` says that a NumPy function takes a sequence in this way, or takes no
    list; otherwise rules see an array. The tangent is the function applied to the tangents, with zeros where there are none, unless `jvp`
    states it, as for `rule`. `facts` and `replace` are those of `elementwise`. Raises RuleError.

    >>> import numpy as np, s2sad
    >>> def twice(a):
    ...     return np.add(a, a)
    >>> s2sad.linear("twice(a)", a="2 * g", namespace={"twice": twice})
    >>> s2sad.grad(lambda x: twice(x))(1.0)
    2.0
    """
    _register(calls, "linear", pullbacks, namespace, facts, replace, jvp=jvp, alias=alias, dynamic=dynamic, may_raise=may_raise,
              as_given=as_given)  # fmt: skip


@entry
def rule(*calls: str, jvp: str | None = None, dynamic: bool = False, may_raise: Raises = False, alias: bool = False,
         as_given: bool = False, hides_nan: bool = False, facts: Facts = NOTHING, namespace: dict[str, Any] | None = None,
         replace: bool = False, **pullbacks: str) -> None:  # fmt: skip
    """Register a function by one pullback per differentiable parameter, in terms of `g`, `ans` and the parameters.

    `jvp` is the tangent of the result in terms of the parameters and their tangents, named `a_dot` for a parameter `a`. It is linear in the
    tangents. Terms that hold only zeros are left out of each sum. Without it the tangent is derived from the pullbacks. The other options
    are those of `linear` and `elementwise`. Raises RuleError.

    >>> import numpy as np, s2sad
    >>> def halve(a):
    ...     return np.divide(a, 2.0)
    >>> s2sad.rule("halve(a)", a="g / 2.0", jvp="a_dot / 2.0", namespace={"halve": halve})
    >>> s2sad.grad(lambda x: halve(x))(3.0)
    0.5
    """
    _register(calls, "rule", pullbacks, namespace, facts, replace, jvp=jvp, dynamic=dynamic, may_raise=may_raise, alias=alias,
              as_given=as_given, hides_nan=hides_nan)  # fmt: skip


@entry
def zero(*calls: str, dynamic: bool = False, may_raise: Raises = False, alias: bool = False, real: bool = False,
         facts: Facts = NOTHING, namespace: dict[str, Any] | None = None, replace: bool = False) -> None:  # fmt: skip
    """Register functions whose derivative is zero wherever it exists; their results count as constants.

    `real` says that this holds for real arguments only: complex ones are refused when they are differentiated.

    >>> import numpy as np, s2sad
    >>> def half_floor(x):
    ...     return np.floor(x / 2)
    >>> s2sad.zero("half_floor(x)", namespace={"half_floor": half_floor})
    >>> s2sad.grad(lambda x: x * half_floor(x))(5.0)
    2.0
    """
    _register(calls, "zero", {}, namespace, facts, replace, dynamic=dynamic, may_raise=may_raise, alias=alias, real=real)


def method(name: str, function: Callable[..., Any], direct: bool = False) -> None:
    """Array method `name` means `function(array, *args, **kwargs)`, a plain function that the front end reads.

    `direct`: the primitive of `function` takes the same arguments, so generated code may write the method instead.
    """
    METHODS[name] = function
    if direct:
        METHOD_NAMES[BY_FUNCTION[function]] = name


def attribute(name: str, function: Callable[..., Any], direct: bool = False) -> None:
    """Array attribute `name` means `function(array)`; `direct`: generated code may write the attribute instead."""
    ATTRIBUTES[name] = function
    if direct:
        ATTRIBUTE_NAMES[BY_FUNCTION[function]] = name


def _register(calls: tuple[str, ...], kind: Kind, formulas: Mapping[str, str], namespace: dict[str, Any] | None, facts: Facts,
              replace: bool, jvp: str | None = None, **flags: Any) -> None:  # fmt: skip
    known = facts.and_flags(**flags)
    frame = sys._getframe(3)  # that which calls the entry to what calls this
    here = Location(frame.f_code.co_filename, frame.f_lineno, module=frame.f_globals.get("__name__", ""))
    names = frame.f_globals if namespace is None else namespace
    if of_the_table(here) and kind != "zero" and (source := names.get("SOURCE")):
        known.setdefault("source", source)
    if not calls:
        raise RuleError("a rule needs the call it is for, as text", here)
    for call in calls:
        name, callee, root = rule_text.called(call, names, here)
        primitive = Primitive(name, call, callee, root, kind, formulas, jvp, names, here, **known)
        if of_the_table(here):
            if name.startswith("np.") and (getattr(callee, "__module__", None) or "numpy").partition(".")[0] != "numpy":
                raise RuleError(f"{name} is not NumPy's own, and the rule is for that", here, "load the rules before: import s2sad.rules")
            _insert(primitive, here)
        else:
            primitive.read()
            register_own(primitive, replace, facts in (NOTHING, ELEMENTWISE) and not any(flags.values()))


def _insert(primitive: Primitive, here: Location) -> None:
    known = known_of(primitive)
    if known is None:
        put(primitive)
    elif not (of_the_table(here) and known.location == here):  # an import that was interrupted is made once more
        raise known_already(primitive, known)
