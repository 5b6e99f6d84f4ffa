"""What is registered: primitives by function and by name, and how rules of the user come, go, and take the place of others."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from s2sad.errors import Location, RuleError
from s2sad.rules import late
from s2sad.runtime import ruling
from s2sad.types import families

Primitive = Any  # of `language`, which stands above
BY_FUNCTION: dict[Any, Primitive] = {}
BY_NAME: dict[str, Primitive] = {}
METHODS: dict[str, Callable[..., Any]] = {}
ATTRIBUTES: dict[str, Callable[..., Any]] = {}
METHOD_NAMES: dict[Primitive, str] = {}
ATTRIBUTE_NAMES: dict[Primitive, str] = {}
STRONG: dict[Primitive, Any] = {}


def of_the_table(here: Location) -> bool:
    """Whether a rule is one of ours, which are read when they are used; a test reads them all."""
    return here.module.startswith("s2sad.rules.")


def known_of(primitive: Primitive) -> Primitive | None:
    """What there is of the same function. A rule of the table does not have the others read for that."""
    rule = BY_FUNCTION.get if of_the_table(primitive.location) else rule_of
    for known in (rule(primitive.callee), BY_NAME.get(primitive.name)):
        if known is not None and known.callee is primitive.callee:
            return known
    return None


def put(primitive: Primitive) -> None:
    if primitive.callee is not None:
        BY_FUNCTION[primitive.callee] = primitive
        if of_the_table(primitive.location):  # NumPy calls some of its functions without what looks for arrays of other classes
            BY_FUNCTION.setdefault(getattr(primitive.callee, "__wrapped__", primitive.callee), primitive)
    ours = BY_NAME.get(primitive.name)
    if ours is None or of_the_table(primitive.location) or not of_the_table(ours.location):  # a function of the user's may be called `neg`
        BY_NAME[primitive.name] = primitive

def rule_of(function: Any) -> Primitive | None:
    """The rule that holds here for a function: that of the innermost context that has one, else the one registered."""
    for context in reversed(ruling.contexts()):
        if function in context.rules:
            return context.rules[function]
    found = BY_FUNCTION.get(function)
    return BY_FUNCTION.get(function) if found is None and late.load(function) else found


def register_own(primitive: Primitive, replace: bool, alike: bool) -> None:
    """Register a rule of the user's, in the context that is entered. `alike`: what is known of the function besides goes on to be known."""
    known, context = known_of(primitive), ruling.contexts()[-1] if ruling.contexts() else None
    if primitive.root is None and (known or context):
        raise RuleError(f"{primitive.name} is an operator or a method, whose rule stays", primitive.location,
                        "write a function of your own, and a rule for that")  # fmt: skip
    if known is not None:
        primitive = _after(primitive, known) if alike else primitive
        if _as_before(primitive, known):
            return
        for_a_while = context is not None and primitive.callee not in context.rules
        if not (replace or for_a_while or _same_rule(primitive, known)):
            raise known_already(primitive, known)
        tables: tuple[dict[Any, Any], ...] = (STRONG, METHOD_NAMES, ATTRIBUTE_NAMES)
        for table in tables:  # how it is evaluated and written
            if known in table:
                table[primitive] = table[known]
    if context is None:
        put(primitive)
    else:
        context.rules[primitive.callee] = primitive
    ruling.changed(context)


def known_already(primitive: Primitive, known: Primitive) -> RuleError:
    other = f", as {known.name}" if known.name != primitive.name else ""
    return RuleError(f"{primitive.name} has a rule already{other}", primitive.location,
                     "with replace=True the new one takes its place; within s2sad.rules.override() it does for a while")  # fmt: skip


def _same_rule(one: Primitive, other: Primitive) -> bool:
    """Whether two rules have the same text, as when a cell of a notebook runs again."""
    sides = [(p.kind, p.call, p.formulas, p.tangent, p.stated) for p in (one, other)]
    return sides[0] == sides[1]


def _as_before(new: Primitive, known: Primitive) -> bool:
    """Whether nothing is new in a rule: what it names are the same objects, too."""
    if not _same_rule(new, known) or new.pullbacks.keys() != known.pullbacks.keys():
        return False
    pairs = [(new.pullbacks[p], known.pullbacks[p]) for p in new.pullbacks] + ([(new.jvp, known.jvp)] if new.jvp and known.jvp else [])
    return all(one.namespace.get(n) is other.namespace.get(n) for one, other in pairs for n in one.named)


def _after(new: Primitive, known: Primitive) -> Primitive:
    """A rule for the same function, with what is known of that besides its derivative."""
    if [p.name for p in new.parameters] != [p.name for p in known.parameters]:
        return new
    facts = {**known.stated, "real": known.real and new.kind == "zero"}
    if known.kind == "elementwise" != new.kind and known.gives is None:
        facts["gives"] = families.elementwise
    return dataclasses.replace(new, **facts)
