"""Trying the description of a pattern against the subject of a `match`."""
from __future__ import annotations

import collections.abc
from typing import Any

from s2sad.machine.traced import Traced


def matches(machine: Any, subject: Any, pattern: tuple[Any, ...], found: dict[str, Any]) -> bool:
    """Whether the subject matches a description; names it captures go to `found`."""
    kind, *parts = pattern
    return bool(TRIALS[kind](machine, subject, found, *parts))


def _value(machine: Any, subject: Any, found: dict[str, Any], value: Any) -> bool:
    return bool(machine.truth(machine.compare("==", subject, value)))


def _singleton(machine: Any, subject: Any, found: dict[str, Any], value: Any) -> bool:
    plain = subject.value if isinstance(subject, Traced) else subject
    if isinstance(plain, bool) and isinstance(value, bool):
        return bool(machine.concrete(subject) is value)
    return plain is value


def _sequence(machine: Any, subject: Any, found: dict[str, Any], patterns: tuple[Any, ...]) -> bool:
    plain = subject.value if isinstance(subject, Traced) else subject
    if not isinstance(plain, collections.abc.Sequence) or isinstance(plain, (str, bytes, bytearray)):
        return False
    items = list(machine.iterate(subject))
    stars = [i for i, p in enumerate(patterns) if p[0] == "star"]
    if not stars:
        return len(items) == len(patterns) and _all(machine, items, patterns, found)
    before, after = stars[0], len(patterns) - stars[0] - 1
    if len(items) < before + after:
        return False
    middle = items[before : len(items) - after]
    if patterns[before][1] is not None:
        found[patterns[before][1]] = middle
    rest = items[:before] + items[len(items) - after :]
    return _all(machine, rest, patterns[:before] + patterns[before + 1 :], found)


def _all(machine: Any, items: list[Any], patterns: tuple[Any, ...], found: dict[str, Any]) -> bool:
    return all(matches(machine, item, pattern, found) for item, pattern in zip(items, patterns, strict=True))


def _mapping(machine: Any, subject: Any, found: dict[str, Any], keys: tuple[Any, ...], patterns: tuple[Any, ...],
             rest: str | None) -> bool:  # fmt: skip
    if not isinstance(subject, collections.abc.Mapping) or not all(key in subject for key in keys):
        return False
    if not _all(machine, [subject[key] for key in keys], patterns, found):
        return False
    if rest is not None:
        found[rest] = {key: value for key, value in subject.items() if key not in keys}
    return True


def _match_args(machine: Any, cls: type) -> tuple[str, ...]:
    return machine.concrete(machine.attribute(cls, "__match_args__")) if hasattr(cls, "__match_args__") else ()


def _class(machine: Any, subject: Any, found: dict[str, Any], cls: type, positional: tuple[Any, ...], names: tuple[str, ...],
           named: tuple[Any, ...]) -> bool:  # fmt: skip
    if not machine.call(isinstance, subject, cls):
        return False
    if positional and cls in ITSELF:
        return len(positional) == 1 and matches(machine, subject, positional[0], found) and not names
    attributes = (*_match_args(machine, cls)[: len(positional)], *names)
    if len(attributes) != len(positional) + len(named):
        raise TypeError(f"{cls.__name__}() accepts {len(attributes)} positional sub-patterns ({len(positional)} given)")
    for name, pattern in zip(attributes, (*positional, *named), strict=True):
        try:
            value = machine.attribute(subject, name)
        except AttributeError:
            return False
        if not matches(machine, value, pattern, found):
            return False
    return True


def _capture(machine: Any, subject: Any, found: dict[str, Any], name: str | None) -> bool:
    if name is not None:
        found[name] = subject
    return True


def _as(machine: Any, subject: Any, found: dict[str, Any], pattern: tuple[Any, ...], name: str | None) -> bool:
    return matches(machine, subject, pattern, found) and _capture(machine, subject, found, name)


def _or(machine: Any, subject: Any, found: dict[str, Any], patterns: tuple[Any, ...]) -> bool:
    return any(matches(machine, subject, pattern, found) for pattern in patterns)


ITSELF = frozenset({bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple})
TRIALS: dict[str, Any] = {
    "value": _value, "singleton": _singleton, "sequence": _sequence, "mapping": _mapping, "class": _class,
    "capture": _capture, "as": _as, "or": _or,
}  # fmt: skip
