"""Functions with a derivative of the user's, and values that have none, while the code around them is followed.

What `fwd` gives is followed with arguments that are constant for the innermost differentiation they take part in; one statement says that
its derivative is what `bwd` makes of the cotangents. `bwd` is followed where the sweep comes to that statement, as code of the user's: it
may branch, loop, write, call native code, and it is differentiated in its turn. For a jvp no such call is needed: its tangent is linear in
those of the arguments, so it is written down next to the value, of tangents that are no numbers yet, and the sweep transposes it.
"""
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import Location, MissingRule, NotDifferentiable, RuleError, UnsupportedMutation
from s2sad.machine.callables import SPECIAL
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.machine.transforms import definition, differentiable
from s2sad.quickly import dataclass
from s2sad.rules import custom as rules
from s2sad.rules.structural import ATTRIBUTE
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE
from s2sad.types.arrays import dtype_of
from s2sad.types.comparing import same_sizes

Machine = Any
ALL = 0
"""The number of a stop for all differentiations: none is around."""
NONE = sys.maxsize
"""The number of one that is no stop for any: the value is another array, and that is all."""


def defined_at(function: Any) -> Location | None:
    """Where a function of the user's is defined."""
    return definition(function)


def flat(machine: Machine, value: Any) -> tuple[list[Any], trees.Structure]:
    return trees.flatten(machine.opened(value), opened=trees.EVERY)


def without_derivative(machine: Machine, value: Any) -> Any:
    """The value as a constant: its arrays are copies, its containers new ones."""
    leaves, structure = flat(machine, value)
    return trees.unflatten(structure, [_constant(machine, leaf) for leaf in leaves], machine.adopt)


def _constant(machine: Machine, leaf: Any) -> Any:
    is_array = isinstance(strip(leaf) if isinstance(leaf, Traced) else leaf, np.ndarray)
    return machine.levels.stopped(leaf, ALL) if is_array or (isinstance(leaf, Traced) and differentiable(leaf)) else leaf


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a function with a rule, of which arguments are differentiated: what the rule is given, and where it is called from.

    `plans` tell for each argument that the rule is for its structure, and for each leaf its number among the `inputs`.
    """

    function: Any
    level: int
    args: list[Any]
    inputs: list[Any]
    stopped: list[Any]
    plans: list[tuple[trees.Structure, list[int | None]]]

    @property
    def title(self) -> str:
        return f"{asking.title(self.function, 'the function')}()"


def leaves_of(machine: Machine, custom: Any, args: tuple[Any, ...]) -> list[Any]:
    """What is in the arguments of a call. Raises NotDifferentiable for an object that is not opened, and holds what is differentiated."""
    leaves = flat(machine, args)[0]
    for leaf in leaves:
        held = asking.own_names(leaf)
        if isinstance(held, dict) and not callable(leaf) and machine.active(list(held.values())):
            raise NotDifferentiable(f"{asking.title(custom.function)}() has a derivative of its own, and is given an object of the class "
                                    f"{type(leaf).__name__} that holds a value that is being differentiated", machine.location(),
                                    "pass what is in it, or make a dataclass of the class")  # fmt: skip
    return leaves


def begun(machine: Machine, custom: Any, args: tuple[Any, ...], level: int) -> Call:
    """The call with arguments that are constant for the differentiation."""
    new, inputs, stopped, plans = list(args), [], [], []  # type: ignore[var-annotated]
    for place, argument in enumerate(args):
        if place in custom.nondiff:
            _refuse_differentiated(machine, custom, place, argument)
            continue
        leaves, structure = flat(machine, argument)
        plan: list[int | None] = []
        for i, leaf in enumerate(leaves):
            taken = machine.active(leaf) and differentiable(leaf)
            plan.append(len(inputs) if taken else None)
            if taken:
                leaves[i] = machine.levels.stopped(leaf, level)
                inputs.append(machine.fixed(leaf))
                stopped.append(leaves[i])
        plans.append((structure, plan))
        if any(p is not None for p in plan):
            new[place] = trees.unflatten(structure, leaves, machine.adopt)
    return Call(custom.function, level, new, inputs, stopped, plans)


def _refuse_differentiated(machine: Machine, custom: Any, place: int, argument: Any) -> None:
    if machine.active(flat(machine, argument)[0]):
        raise NotDifferentiable(f"argument {place} of {asking.title(custom.function)}() is in nondiff_argnums, and is being differentiated",
                                machine.location(), "take it out of nondiff_argnums, or pass stop_gradient(...) of it")  # fmt: skip


def without_rule(machine: Machine, custom: Any, args: tuple[Any, ...]) -> Any:
    """A call in which nothing is differentiated: that of the function, with results of its own."""
    return own(machine, machine.attempts.call(custom.function, args, {}))


def own(machine: Machine, value: Any) -> Any:
    """What a function with a rule returns shares no memory with anything."""
    leaves, structure = flat(machine, value)
    kinds = [strip(leaf) if isinstance(leaf, Traced) else leaf for leaf in leaves]
    if not any(isinstance(kind, np.ndarray) for kind in kinds):
        return value
    copies = [machine.levels.stopped(v, NONE) if isinstance(k, np.ndarray) else v for v, k in zip(leaves, kinds, strict=True)]
    return trees.unflatten(structure, copies, machine.adopt)


def read_now(machine: Machine, owner: Any, name: str) -> Any:
    """A function that an object holds, which may hold another one in the next call."""
    function = getattr(owner, name)
    if id(owner) in machine.made or MACHINE in getattr(function, "__globals__", ()):
        return function
    return machine.captured(function, ATTRIBUTE, [owner, name])


# By a pullback


@dataclass(frozen=True, eq=False)
class Pullback:
    """What `bwd` needs for one call: the structures of what it is given and of what it is to give."""

    call: Call
    bwd: Callable[..., Any]
    kept: trees.Structure
    places: list[int | None]
    plain: list[Any]
    value: trees.Structure
    differentiated: list[bool]
    kinds: list[Any]

    def __repr__(self) -> str:
        return f"<{asking.title(self.bwd, 'bwd')} of {self.call.title}>"


def by_pullback(machine: Machine, custom: Any, args: tuple[Any, ...]) -> Any:
    """A call of a function with `fwd` and `bwd`."""
    level = machine.levels.innermost(leaves_of(machine, custom, args))
    if level is None:
        return without_rule(machine, custom, args)
    fwd, bwd = custom.rule(machine)
    call = begun(machine, custom, args, level)
    found = machine.call(fwd, *call.args)
    if not isinstance(found, tuple) or len(found) != 2:
        raise RuleError(f"{named(fwd)} must return a pair, the value of {call.title} and what {named(bwd)} needs, not {kind(found)}",
                        definition(fwd), "return value, residuals")  # fmt: skip
    value, residuals = found
    check_apart(machine, call, found, fwd)
    leaves, structure = flat(machine, value)
    joined = [differentiable(leaf) for leaf in leaves]
    nondiff = [call.args[i] for i in custom.nondiff]
    held, kept = flat(machine, (nondiff, residuals))
    followed = [machine.fixed(leaf) for leaf in held if isinstance(leaf, Traced)]
    numbers = iter(range(len(followed)))
    places = [next(numbers) if isinstance(leaf, Traced) else None for leaf in held]
    plain = [_plain_residual(leaf, bwd) for leaf in held]
    given = [machine.fixed(leaf) for leaf, is_joined in zip(leaves, joined, strict=True) if is_joined]
    machine.levels.backward.add(level)
    pullback = Pullback(call, bwd, kept, places, plain, structure, joined, [type(strip(v)) for v in given])
    results = iter(machine.levels.ruled(given, call.inputs, followed, pullback, level) if given else ())
    whole = [next(results) if is_joined else leaf for leaf, is_joined in zip(leaves, joined, strict=True)]
    return trees.unflatten(structure, whole, machine.adopt)


def _plain_residual(leaf: Any, bwd: Any) -> Any:
    """What a pullback needs and is not followed: a constant. An array may change until then."""
    if isinstance(leaf, Traced):
        return None
    held = asking.own_names(leaf)
    if isinstance(held, dict) and not callable(leaf) and any(True for _ in traced_in(list(held.values()))):
        raise RuleError(f"{named(bwd)} is to get an object of the class {type(leaf).__name__} that holds values which are followed",
                        definition(bwd), "return what is in it: numbers, arrays, and containers of these")  # fmt: skip
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def check_apart(machine: Machine, call: Call, found: Any, rule: Any) -> None:
    """Refuse what a rule does not cover: values that come in beside the arguments, and writes into these."""
    if machine.levels.concerned(flat(machine, found)[0], call.level):
        reason = f"{call.title} has a derivative of its own, and depends on a value that is being differentiated but is no argument of it"
        raise NotDifferentiable(reason, machine.location(), "pass the value as an argument, or stop_gradient(...) of it")
    if any(map(machine.levels.was_written, call.stopped)):
        raise UnsupportedMutation(f"{named(rule)} writes into an argument of {call.title}, which has a derivative of its own",
                                  definition(rule), "write into a copy")  # fmt: skip


def by_rule(machine: Machine, g: Any, inputs: list[Any], residuals: list[Any], rule: Pullback, level: int) -> Any:
    """Cotangents of the inputs by the user's function; nothing for a differentiation around, which sees through the rule."""
    if machine.levels.swept < level:
        return None
    cotangents = iter([_of_kind(machine, machine.levels.around(c, level), kind) for c, kind in zip(g, rule.kinds, strict=True)])
    given = trees.unflatten(rule.value, [next(cotangents) if d else None for d in rule.differentiated])
    held = [constant if place is None else residuals[place] for place, constant in zip(rule.places, rule.plain, strict=True)]
    nondiff, kept = trees.unflatten(rule.kept, held, machine.adopt)
    with machine.levels.users_code():
        found = _backward(machine, rule, (*nondiff, kept, given))
        return cotangents_of(machine, rule, found, inputs)


def _backward(machine: Machine, rule: Pullback, args: tuple[Any, ...]) -> Any:
    """What `bwd` returns. Where its cotangent is differentiated, a refusal says why that is."""
    try:
        return machine.call(rule.bwd, *args)
    except MissingRule as error:
        if not machine.active(args[-1]):
            raise
        raise MissingRule(f"{error.reason}: forward mode, and a second derivative, differentiate {named(rule.bwd)}", error.location,
                          f"use reverse mode, or give the native code a rule or a derivative of its own ({error.hint})") from None


def _of_kind(machine: Machine, cotangent: Any, kind: Any) -> Any:
    """A cotangent of the class of its value: numbers of the sweep are Python's own."""
    if issubclass(kind, np.ndarray) or isinstance(strip(cotangent), np.ndarray) or type(strip(cotangent)) is kind:
        return cotangent
    return machine.call(kind, cotangent)


def cotangents_of(machine: Machine, rule: Pullback, found: Any, inputs: list[Any]) -> list[Any]:
    """What `bwd` has returned, by inputs. Raises RuleError where it does not fit the arguments."""
    plans, place = rule.call.plans, definition(rule.bwd)
    if not isinstance(found, (tuple, list)) or len(found) != len(plans):
        what = f"{len(found)} cotangents" if isinstance(found, (tuple, list)) else kind(found)
        each, hint = f"one cotangent for each of the {len(plans)} differentiable arguments", "return None where there is no derivative"
        if len(plans) == 1:
            each, hint = "the cotangent of the one differentiable argument", "return (cotangent,)"
        raise RuleError(f"{named(rule.bwd)} must return a tuple with {each} of {rule.call.title}, not {what}", place, hint)
    parts: list[Any] = [None] * len(inputs)
    for i, (cotangent, (structure, plan)) in enumerate(zip(found, plans, strict=True)):
        leaves, given = flat(machine, cotangent)
        if cotangent is None or all(p is None for p in plan):
            continue
        if not trees.fits(structure, given):
            raise RuleError(f"cotangent {i} that {named(rule.bwd)} returns does not have the structure of its argument", place,
                            "return a container like the argument, or None")  # fmt: skip
        for leaf, number in zip(leaves, plan, strict=True):
            if number is not None and leaf is not None:
                check_part(f"cotangent {i} that {named(rule.bwd)} returns", leaf, inputs[number], place, "argument")
                parts[number] = leaf
    return parts


def check_part(what: str, part: Any, like: Any, place: Location | None, its: str = "value") -> None:
    """Raise RuleError unless a cotangent or a tangent has the shape of what it belongs to, and is real where that is."""
    have, want = strip(part), strip(like)
    if not isinstance(have, (bool, int, float, complex, np.ndarray, np.generic)) or dtype_of(have).kind not in "biufc":
        raise RuleError(f"{what} is {kind(have)}", place, "return a number or an array")
    if not same_sizes(np.shape(have), np.shape(want)):
        raise RuleError(f"{what} has the shape {shape(have)}, its {its} {shape(want)}", place, "np.broadcast_to and np.sum change shapes")
    if dtype_of(have).kind == "c" and dtype_of(want).kind != "c":
        raise RuleError(f"{what} is complex, its {its} real", place, "return its real part")


def shape(value: Any) -> str:
    sizes = np.shape(value)
    return f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})"


def named(function: Any) -> str:
    return f"{asking.title(function, 'the rule')}()"


def kind(value: Any) -> str:
    name = type(strip(value)).__name__
    return f"{'an' if name[0] in 'aeiou' or name == 'ndarray' else 'a'} {name}"


# By a jvp


def by_jvp(machine: Machine, custom: Any, args: tuple[Any, ...]) -> Any:
    """A call of a function whose tangent is given; it is linear in those of the arguments, which are written down as values."""
    level = machine.levels.innermost(leaves_of(machine, custom, args))
    if level is None:
        return without_rule(machine, custom, args)
    rules_ = custom.rule(machine)
    call = begun(machine, custom, args, level)
    given = iter([machine.levels.tangent(x, level) for x in call.inputs])
    primals = [a for i, a in enumerate(call.args) if i not in custom.nondiff]
    tangents = [_tangents(machine, primal, plan, given) for primal, plan in zip(primals, call.plans, strict=True)]
    nondiff = [call.args[i] for i in custom.nondiff]
    value, tangent = custom.applied(machine, rules_, nondiff, tuple(primals), tuple(tangents), call)
    jvp = custom.told(rules_)
    check_apart(machine, call, value, jvp)
    leaves, structure = flat(machine, value)
    dots, like = flat(machine, tangent)
    if tangent is not None and not trees.fits(structure, like):
        raise RuleError(f"the tangent that {named(jvp)} returns does not have the structure of the value", definition(jvp),
                        "return a container like the value")  # fmt: skip
    dots = [None] * len(leaves) if tangent is None else dots
    joined = [_led(machine, *pair, level, jvp) for pair in zip(leaves, dots, strict=True)]
    return trees.unflatten(structure, joined, machine.adopt)


def pair_of(machine: Machine, jvp: Any, nondiff: list[Any], primals: Any, tangents: Any, call: Call) -> tuple[Any, Any]:
    """What a jvp returns for a call."""
    found = machine.call(jvp, *nondiff, primals, tangents)
    if not isinstance(found, tuple) or len(found) != 2:
        raise RuleError(f"{named(jvp)} must return a pair, the value of {call.title} and its tangent, not {kind(found)}", definition(jvp),
                        "return value, tangent")  # fmt: skip
    return found


def summed(machine: Machine, custom: Any, jvps: Any, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """The value of a call, and the sum of its tangents by each of the arguments."""
    value, total = machine.call(custom, *primals), None
    for jvp, tangent in zip(jvps, tangents, strict=True):
        if jvp is not None:
            part = machine.call(jvp, tangent, value, *primals)
            total = part if total is None else machine.binary("+", total, part)
    return value, total


def _tangents(machine: Machine, primal: Any, plan: tuple[trees.Structure, list[int | None]], given: Any) -> Any:
    """Tangents of an argument: zeros for what is not differentiated, None for what has no derivative."""
    leaves, _ = flat(machine, primal)
    made = [next(given) if number is not None else machine.call(np.zeros_like, leaf) if differentiable(leaf) else None
            for leaf, number in zip(leaves, plan[1], strict=True)]  # fmt: skip
    return trees.unflatten(plan[0], made, machine.adopt)


def _led(machine: Machine, leaf: Any, dot: Any, level: int, jvp: Any) -> Any:
    """A leaf of the value, joined to its tangent."""
    if not differentiable(leaf):
        return leaf
    given = dot is not None and not _is_zero(dot)
    if given:
        check_part(f"the tangent that {named(jvp)} returns", dot, leaf, definition(jvp))
    if not machine.levels.concerned([dot], level):
        if given:
            raise RuleError(f"the tangent that {named(jvp)} returns does not depend on the tangents of the arguments", definition(jvp),
                            "multiply by them, or return None where there is no derivative")  # fmt: skip
        return machine.levels.stopped(leaf, NONE) if isinstance(leaf, (Traced, np.ndarray)) else leaf
    return machine.levels.led(leaf, dot, level)


def _is_zero(value: Any) -> bool:
    plain = strip(value)
    return (isinstance(plain, (int, float, complex, np.generic)) and plain == 0) or (type(plain) is np.ndarray and not plain.any())


SPECIAL[rules.around] = lambda machine, g, level: g if machine.levels.swept < level else None
SPECIAL[rules.inside] = lambda machine, g, level: g if machine.levels.swept >= level else None
SPECIAL[rules.by_rule] = by_rule
