"""What lowered code asks where it depends on a truth value that is not known, or assigns on a way: both are walked, and the code asks."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.errors import CannotKeep
from s2sad.keep.exits import Exit
from s2sad.machine.traced import strip
from s2sad.record.capture import NUMBERS
from s2sad.rules.structural import NOT
from s2sad.types.sizes import is_whole


def negated(machine: Any, value: Any) -> Any:
    value = machine.condition(value)
    if not machine.variables.is_open(value):
        return not machine.truth(value)
    answer = machine.emit_typed(NOT, [value], True)
    machine.forks.opposites[answer.var] = value.var
    machine.deciding.conditions.negated(value, answer)
    return answer


def way(machine: Any, test: Any, then: Callable[[], Exit], orelse: Callable[[], Exit]) -> Exit:
    """How one of two blocks ends, or both as the sides of a branch."""
    test = machine.condition(test)
    if not machine.variables.is_open(test):
        return then() if machine.truth(test) else orelse()
    return machine.regions.branch(test, then, orelse)  # type: ignore[no-any-return]


def choose(machine: Any, test: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    plain = machine.deciding.conditions.plain
    sides = (lambda: Exit("value", plain(then()))), (lambda: Exit("value", plain(orelse())))
    return machine.choices.picked(way(machine, test, *sides).value)


def both(machine: Any, value: Any, rest: Callable[[], Any]) -> Any:
    if not machine.variables.is_open(value):
        return rest() if machine.truth(value) else value
    last: list[Any] = []
    answer = choose(machine, value, lambda: _kept(last, rest()), lambda: _falsy(value))
    machine.deciding.conditions.composed(answer, [value, *last], True)
    return answer


def either(machine: Any, value: Any, rest: Callable[[], Any]) -> Any:
    if not machine.variables.is_open(value):
        return value if machine.truth(value) else rest()
    last: list[Any] = []
    answer = choose(machine, value, lambda: True if type(value.value) is bool else value, lambda: _kept(last, rest()))
    machine.deciding.conditions.composed(answer, [value, *last], False)
    return answer


def _kept(last: list[Any], value: Any) -> Any:
    last[:] = [value]
    return value


def _falsy(value: Any) -> Any:
    return False if type(value.value) is bool else value


def chain(machine: Any, first: Any, rest: Callable[[], Any]) -> Any:
    middle = machine.stack.pop()

    def more() -> Any:
        machine.stack.append(middle)
        return rest()

    return both(machine, first, more)


def certain(machine: Any, value: Any) -> None:
    """`assert`: where it fails, another path does what the function does."""
    value = machine.condition(value)
    if machine.variables.is_open(value):
        machine.guard("truth", value, True)
    elif not machine.truth(value):
        raise CannotKeep("an assertion fails", machine.location())


def let(machine: Any, names: dict[str, Any], name: str, value: Any) -> Any:
    """`(name := value)` in a function with these names."""
    names[name] = machine.name(name, value)
    return names[name]


def asked(machine: Any, value: Any) -> Any:
    """What decides about a branch: a truth value that is known, or what the code asks for its truth."""
    test = machine.condition(value)
    return test if machine.variables.is_open(test) else machine.truth(test)


def are_unlike(one: Any, other: Any) -> bool:
    """Whether two are never equal: a text and a number, or shapes of arrays of different rank."""
    plain = strip(one), strip(other)
    if all(type(v) is tuple and all(map(is_whole, v)) for v in plain):
        return len(plain[0]) != len(plain[1])
    return any(isinstance(v, str) for v in plain) and any(isinstance(v, NUMBERS) for v in plain)
