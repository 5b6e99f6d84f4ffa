"""Derivatives as functions of the machine: the same few lines serve the recorder, the tape, and derivatives inside a function."""
from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import Location, NotDifferentiable, RuleError, SourceUnavailable, forgive
from s2sad.front import lookup
from s2sad.machine import objects
from s2sad.machine.conversions import as_floats, as_type_of
from s2sad.machine.traced import Traced, strip
from s2sad.runtime import asking
from s2sad.settings import Argnums
from s2sad.types.arrays import dtype_of
from s2sad.types.comparing import same_now

COTANGENT, TANGENT = ("cotangent", "value"), ("tangent", "argument")  # what a direction is called, and what it belongs to


def resolve(function: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[int | str]:
    """Where each chosen argument stands in this call: a position, or the name of a keyword. Raises NotDifferentiable."""
    chosen = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    names = _parameter_names(function)
    return [_place(function, one, names, args, kwargs) for one in chosen]


def _parameter_names(function: Callable[..., Any]) -> list[str]:
    try:
        return list(asking.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def leaf_names(function: Callable[..., Any], args: tuple[Any, ...], structure: Any) -> list[str]:
    """A readable name for each leaf of the arguments of a call, from the names of the parameters."""
    positional, named = structure.children
    every = [*zip(titles(function, args), positional.children, strict=True), *zip(named.keys, named.children, strict=True)]
    return [name for title, inner in every for name in trees.paths(inner, title)]


def titles(function: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """What the arguments by position are called: the names of the parameters, those of `*xs` with their numbers."""
    try:
        bound = asking.signature(function).bind_partial(*args)
    except (TypeError, ValueError):
        return [f"x{i}" for i in range(len(args))]
    found = []
    for name, value in bound.arguments.items():
        variadic = bound.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
        found += [f"{name}_{i}" for i in range(len(value))] if variadic else [name]
    return found


def _place(function: Any, chosen: int | str, names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | str:
    title = asking.title(function) or asking.title(innermost(function), "the function")
    if isinstance(chosen, str):
        if chosen in kwargs:
            return chosen
        if chosen in names and names.index(chosen) < len(args):
            return names.index(chosen)
        known = f"its parameters are {', '.join(names)}" if names else "its parameters are not known"
        if chosen in names:
            raise NotDifferentiable(f"{title}() is called without its argument {chosen!r}", None, "pass it explicitly")
        raise NotDifferentiable(f"{title}() has no parameter {chosen!r}; {known}", None, "name one of them in argnums")
    position = chosen + len(args) if chosen < 0 else chosen
    if 0 <= position < len(args):
        return position
    if 0 <= chosen < len(names) and names[chosen] in kwargs:
        return names[chosen]
    raise NotDifferentiable(f"argnums={chosen}, but {title}() is called with {len(args)} positional arguments", None,
                            "choose an argument that is passed")  # fmt: skip


def chosen(function: Callable[..., Any], argnums: Argnums | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """The arguments to differentiate; none where the choice is to be refused, which the derivative itself does."""
    if argnums is None:
        return list(args)
    try:
        return [kwargs[p] if isinstance(p, str) else args[p] for p in resolve(function, argnums, args, kwargs)]
    except NotDifferentiable:
        return []


class Inputs:
    """The chosen arguments of one differentiated call, their leaves made independent.

    Without a choice (None) it is all positional ones that hold floats or whole numbers; the others are passed over.
    """

    def __init__(self, machine: Any, function: Any, argnums: Argnums | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.machine, self.mark = machine, machine.begin()
        self.function = machine.entry(function)
        self.args, self.kwargs = list(args), dict(kwargs)
        self.twice = frozenset(map(id, trees.repeated((args, kwargs))))
        names = _parameter_names(function)
        self.leaves: list[Any] = []
        self.names: list[str] = []
        plans: dict[int | str, tuple[Any, list[int | None], list[Any]]] = {}
        self.chosen = argnums is not None
        self.places = places = list(range(len(args))) if argnums is None else resolve(function, argnums, args, kwargs)
        for place in dict.fromkeys(places):
            title = place if isinstance(place, str) else names[place] if place < len(names) else f"x{place}"
            plans[place] = self.replace(place, title)
        self.plans = [plans[place] for place in places]
        self.single = isinstance(argnums, (int, str))

    def replace(self, place: int | str, title: str) -> tuple[Any, list[int | None], list[Any]]:
        holder: Any = self.kwargs if isinstance(place, str) else self.args
        found, structure = trees.flatten(self.machine.opened(holder[place]), opened=trees.EVERY)
        plan: list[int | None] = []
        new = list(found)
        for i, (leaf, name) in enumerate(zip(found, trees.paths(structure, title), strict=True)):
            if differentiable(leaf) or (structure is None and (self.chosen or promoted(leaf))):
                plan.append(len(self.leaves))
                new[i] = self.machine.input(leaf, self.mark, name)
                self.names.append(name)
                self.leaves.append(self.machine.fixed(new[i]))  # the function may write into the array
            else:
                plan.append(None)
        if self.chosen and structure is not None and all(p is None for p in plan):
            raise NotDifferentiable(f"the argument {title!r} holds no floats to differentiate", None, "choose another argument")
        replaced = trees.unflatten(structure, new, self.machine.adopt)
        self.machine.identities.passed_on(holder[place], replaced, self.twice)
        holder[place] = replaced
        return structure, plan, [self.instead(leaf) for leaf in found]

    def gradients(self, outputs: list[Any], seeds: list[Any]) -> Any:
        """Cotangents in the structure of the chosen arguments; zeros for whole numbers in containers, None for what is no number."""
        return self.arranged(self.machine.pull(self.mark, outputs, seeds, self.leaves))

    def arranged(self, found: list[Any], leading: tuple[Any, ...] = ()) -> Any:
        """What belongs to the leaves, in the structure of the chosen arguments; `leading` axes stand in front of those of the leaves."""
        trees_ = []
        for structure, plan, instead in self.plans:
            leaves = [self.zeros(other, leading) if place is None else found[place] for place, other in zip(plan, instead, strict=True)]
            trees_.append(trees.unflatten(structure, leaves, self.machine.adopt))
        return trees_[0] if self.single else tuple(trees_)

    def instead(self, leaf: Any) -> Any:
        """What stands for the gradient of a leaf that has none: 0.0 or the shape of zeros for whole numbers, None for others."""
        return None if not promoted(leaf) else self.machine.shape(leaf) if isinstance(strip(leaf), np.ndarray) else 0.0

    def zeros(self, instead: Any, leading: tuple[Any, ...] = ()) -> Any:
        shape = (*leading, *instead) if isinstance(instead, tuple) else leading
        return self.machine.call(np.zeros, shape) if instead is not None and (leading or isinstance(instead, tuple)) else instead

    def tangents(self, given: list[Any]) -> list[Any]:
        """A tangent for each leaf, None for those that stay as they are, from one for each chosen argument."""
        found: list[Any] = [None] * len(self.leaves)
        for (structure, plan, _), tangent in zip(self.plans, given, strict=True):
            parts, own = trees.flatten(self.machine.opened(tangent), opened=trees.EVERY)
            if not trees.fits(structure, own):
                raise NotDifferentiable("a tangent does not have the structure of its argument", None, "pass one tangent per leaf")
            for place, part in zip(plan, parts, strict=True):
                if place is not None:
                    found[place] = None if part is None else _seed(self.machine, part, self.leaves[place], TANGENT)
                elif part is not None and np.any(strip(part)):
                    raise NotDifferentiable("a tangent is given for what has no derivative", None, "pass None")
        return found

    def push(self, value: Any, tangents: list[Any], by: Callable[..., Any] | None = None) -> Any:
        """The tangent of a value, in its structure; zeros of floats for whole numbers, None for what is no number."""
        outputs, structure = trees.flatten(value, opened=trees.EVERY)
        active = [(x, t) for x, t in zip(self.leaves, tangents, strict=True) if t is not None]
        found = (by or self.machine.push)(self.mark, outputs, [t for _, t in active], [x for x, _ in active])
        whole = [self.zeros(self.instead(leaf)) if tangent is None else tangent for leaf, tangent in zip(outputs, found, strict=True)]
        return trees.unflatten(structure, whole, self.machine.adopt)

    def close(self) -> None:
        self.machine.end(self.mark)


def differentiable(leaf: Any) -> bool:
    """Whether a leaf of a container has a derivative: floats, complex numbers and arrays of them."""
    value = strip(leaf) if isinstance(leaf, Traced) else leaf
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fc"
    return isinstance(value, (float, complex)) and not isinstance(value, bool)


def promoted(leaf: Any) -> bool:
    """Whether an argument is a whole number, or an array of them, which is differentiated as a float."""
    value = strip(leaf) if isinstance(leaf, Traced) else leaf
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "iu"
    return isinstance(value, int) and not isinstance(value, bool)


def with_floats(places: list[int | str], args: tuple[Any, ...], kwargs: dict[str, Any]
                ) -> tuple[tuple[Any, ...], dict[str, Any]]:  # fmt: skip
    """The arguments with those to differentiate as `grad` takes them: ints as floats."""
    new_args, new_kwargs = list(args), dict(kwargs)
    for place in places:
        holder: Any = new_kwargs if isinstance(place, str) else new_args
        value = holder[place]
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            holder[place] = float(value)
        elif isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            holder[place] = value.astype(np.float64)
    return tuple(new_args), new_kwargs


def blamed(transform: Callable[..., Any]) -> Callable[..., Any]:
    """The same transform, with a place in what it refuses: of the call inside a followed function, or else of the definition."""

    @functools.wraps(transform)
    def placed(machine: Any, function: Any, *rest: Any) -> Any:
        try:
            return transform(machine, function, *rest)
        except (NotDifferentiable, RuleError) as error:
            place = error.location or machine.location() or definition(function)
            raise type(error)(error.reason, place, error.hint).with_traceback(error.__traceback__) from None

    return placed


def innermost(function: Any) -> Any:
    """The function that a partial, a method, a wrapper or a callable object stands for."""
    while True:
        if isinstance(function, functools.partial):
            function = function.func
        elif isinstance(function, types.MethodType):
            function = function.__func__
        elif (wrapped := asking.attribute(function, "__wrapped__")) is not None:
            function = wrapped
        elif isinstance(function, types.FunctionType) or isinstance(function, type):
            return function
        else:
            return objects.defined(type(function), "__call__")


def refused(error: NotDifferentiable, function: Any) -> NotDifferentiable:
    """The refusal with the place of the function, where it has none."""
    return NotDifferentiable(error.reason, error.location or definition(function), error.hint).with_traceback(error.__traceback__)


def definition(function: Any) -> Location | None:
    """Where a function is defined; None for what is not written in Python."""
    function = innermost(function)
    if not isinstance(function, types.FunctionType):
        return None
    try:
        found = lookup.find(function.__code__, function.__globals__)
        return found.location(found.node)
    except SourceUnavailable as error:  # so where it is defined in what is followed: it is made of other code than what is in the file
        forgive(error)
        return Location(function.__code__.co_filename, function.__code__.co_firstlineno, function=function.__name__, lines=())


@blamed
def value_and_grad(machine: Any, function: Any, argnums: Argnums, has_aux: bool, args: Any, kwargs: Any) -> Any:
    """`(value, gradient)`, or `((value, aux), gradient)`."""
    inputs = Inputs(machine, function, argnums, args, kwargs)
    try:
        result = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        value, aux = split(function, result) if has_aux else (result, None)
        check_scalar(function, value)
        gradients = inputs.gradients([value], [1.0])
    finally:
        inputs.close()
    return ((value, aux), gradients) if has_aux else (value, gradients)


def split(function: Any, result: Any) -> Any:
    if not isinstance(result, tuple) or len(result) != 2:
        raise NotDifferentiable(f"with has_aux=True {_title(function)} must return a pair (value, aux), not {_kind(strip(result))}", None,
                                "return value, aux")  # fmt: skip
    return result


def check_scalar(function: Any, value: Any) -> None:
    """Raise NotDifferentiable unless the value is one real floating-point number."""
    plain = strip(value)
    others = "use vjp or elementwise_grad, or sum the result"
    if plain is None:
        raise NotDifferentiable(f"{_title(function)} returns None", None, "return the number to differentiate")
    if isinstance(plain, (bool, int, np.integer, np.bool_)):
        raise NotDifferentiable(f"{_title(function)} returns {_kind(plain)} {plain!r}, which has no derivative", None,
                                "return a float; float(...) of a constant has the derivative zero")  # fmt: skip
    if isinstance(plain, (complex, np.complexfloating)):
        raise NotDifferentiable(f"{_title(function)} returns a complex number", None, "return its real part, or abs(...) ** 2")
    if isinstance(plain, np.ndarray) and plain.shape == () and plain.dtype.kind == "f":
        return
    if not isinstance(plain, (float, np.floating)):
        what = _kind(plain)
        if not isinstance(plain, np.ndarray) and any(part is plain for part in trees.flatten(plain)[0]):
            raise NotDifferentiable(f"{_title(function)} returns {what}, not a number", None, "return the number to differentiate")
        if isinstance(plain, np.ndarray):
            what = f"an array of shape {plain.shape}" if plain.shape else f"an array of {plain.dtype}"
            others = _only_number(plain) or others
        raise NotDifferentiable(f"{_title(function)} returns {what}, not a number; grad needs a scalar (jacobian is for the rest)",
                                None, others)  # fmt: skip


def _only_number(array: Any) -> str:
    """How an array of size one becomes the number in it; empty for others, and for what is no float."""
    if not array.shape or array.dtype.kind != "f" or any(same_now(size, 1) is not True for size in array.shape):
        return ""
    return f"return the number in it: add [{', '.join('0' * array.ndim)}] or .item() to the result"


def _title(function: Any) -> str:
    return f"{asking.title(function) or type(function).__name__}()"


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


@blamed
def vjp(machine: Any, function: Any, argnums: Argnums | None, args: Any, kwargs: Any) -> Any:
    """`(value, gradients)`, where the gradients wait for the cotangents of the value: they are parameters after the arguments."""
    inputs = Inputs(machine, function, argnums, args, kwargs)
    try:
        value = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        leaves, structure = trees.flatten(value, opened=trees.EVERY)
        names = trees.paths(structure, "cotangent")
        seeds = [machine.awaited(v, name) if differentiable(v) else None for v, name in zip(leaves, names, strict=True)]
        return value, pull_back(machine, inputs, value, trees.unflatten(structure, seeds))
    finally:
        inputs.close()


def pull_back(machine: Any, inputs: Inputs, value: Any, cotangent: Any) -> Any:
    """Cotangents of the inputs for a cotangent of the value's structure."""
    outputs, structure = trees.flatten(value, opened=trees.EVERY)
    seeds, given = trees.flatten(machine.opened(cotangent), opened=trees.EVERY)
    if not trees.fits(structure, given):
        raise NotDifferentiable("the cotangent does not have the structure of the value", None, "pass one cotangent per result")
    pairs = [(o, _seed(machine, s, o)) for o, s in zip(outputs, seeds, strict=True) if differentiable(o)]
    return inputs.gradients([o for o, _ in pairs], [s for _, s in pairs])


def seeds_of(cotangent: Any, structure: trees.Structure, types: list[Any]) -> list[Any]:
    """The cotangents that a pullback waits for, each of the type of the value it belongs to."""
    seeds, given = trees.flatten(cotangent, opened=trees.EVERY)
    if not trees.fits(structure, given):
        raise NotDifferentiable("the cotangent does not have the structure of the value", None, "pass one cotangent per result")
    return [seed_of(seed, like) for seed, like in zip(seeds, types, strict=True) if differentiable(like)]


def seed_of(cotangent: Any, like: Any, what: tuple[str, str] = COTANGENT) -> Any:
    """A cotangent as a number or an array of the type of the value it belongs to."""
    check_seed(cotangent, like, what)
    return np.array(cotangent, like.dtype) if isinstance(like, np.ndarray) else type(like)(cotangent)


def _seed(machine: Any, seed: Any, output: Any, what: tuple[str, str] = COTANGENT) -> Any:
    check_seed(seed, output, what)
    return as_type_of(machine, as_floats(machine, machine.fixed(seed), output), output)  # the array may be written to, and the result


def check_seed(seed: Any, output: Any, what: tuple[str, str] = COTANGENT) -> None:
    """Raise NotDifferentiable unless one is a cotangent of the other, or a tangent."""
    mine, its = what
    want, have = np.shape(strip(output)), np.shape(strip(seed))
    if want != have:
        raise NotDifferentiable(f"the {mine} has shape {have}, the {its} {want}", None, f"pass a {mine} of the {its}'s shape")
    if np.iscomplexobj(strip(seed)) and not np.iscomplexobj(strip(output)):
        raise NotDifferentiable(f"the {mine} is complex, the {its} real", None, "pass its real part")
    if dtype_of(strip(seed)).kind not in "biufc":
        raise NotDifferentiable(f"the {mine} is {_kind(strip(seed))}", None, f"pass a number or an array of the {its}'s shape")


@blamed
def elementwise_grad(machine: Any, function: Any, argnums: Argnums, order: int, args: Any, kwargs: Any) -> Any:
    """The value, and the gradient of the sum of the results, or of the sum of its elements, and so on, as often as the order says."""
    inputs = Inputs(machine, function, argnums, args, kwargs)
    try:
        if order < 2:
            value = found = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        else:
            value, found = elementwise_grad(machine, function, argnums, order - 1, tuple(inputs.args), inputs.kwargs)
        if not differentiable(found):
            raise _not_elementwise(function, found, order)
        return value, inputs.gradients([found], [1.0]) if order else found
    finally:
        inputs.close()


def _not_elementwise(function: Any, found: Any, order: int) -> NotDifferentiable:
    kind = _kind(strip(found))
    if order < 2:
        return NotDifferentiable(f"{_title(function)} returns {kind}", None, "return a float or an array of floats")
    return NotDifferentiable(f"the derivative of {_title(function)} is {kind}, which order={order} does not differentiate again", None,
                             "pass a number or an array for the argument")  # fmt: skip
