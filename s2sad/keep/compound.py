"""Statements around blocks, as they are walked: `match`, `try` and `with`.

What Python would find out as it runs, whether a pattern fits or an operation raises, is asked by the code: the statement is walked once for
each answer (`forks.py`). An operation that raises without being asked before leaves the path, and its call is recorded.
"""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import gast
import numpy as np

from s2sad.errors import S2sadError
from s2sad.keep.exits import FALL, Exit
from s2sad.machine.objects import strip_object

Walk = Any
LETS_THROUGH = (contextlib.nullcontext, contextlib.closing, np.errstate)
"""Contexts that catch no exception."""


def walk(walk: Walk, node: Any, rest: list[Any]) -> Exit | None:
    """How the block ends with the statement, or None where it goes on."""
    ended = walk.machine.forks.caught(lambda: KINDS[type(node)](walk, node))
    return walk.onward(ended, rest)  # type: ignore[no-any-return]


# Patterns


def _match(walk: Walk, node: Any) -> Exit:
    subject = walk.value(node.subject)
    for case in node.cases:
        if _fits(walk, subject, case):
            return walk.block(case.body)  # type: ignore[no-any-return]
    return FALL


def _fits(walk: Walk, subject: Any, case: Any) -> bool:
    machine = walk.machine
    pattern, names = walk.parts.pattern(case)
    if not machine.matches(subject, walk.evaluated(pattern)):
        return False
    for name in names:
        walk.namespace[name] = machine.name(name, machine.captured_as(name))
    return case.guard is None or bool(machine.truth(walk.value(case.guard)))


# Exceptions


def _try(walk: Walk, node: Any) -> Exit:
    """The body with what handles its exceptions, and then what happens in any case."""
    walk.machine.forks.catch()
    try:
        ended = _handled(walk, node)
    except S2sadError:
        raise
    except Exception:
        last = walk.block(node.finalbody)
        if last.kind != "fall":
            return last  # type: ignore[no-any-return]
        raise
    return _then(walk, ended, node.finalbody)


def _handled(walk: Walk, node: Any) -> Exit:
    try:
        ended = walk.block(node.body)
    except S2sadError:
        raise
    except Exception as error:
        for handler in node.handlers:
            if handler.type is None or isinstance(error, walk.value(handler.type)):
                return _handler(walk, handler, error)
        raise
    return walk.block(node.orelse) if ended.kind == "fall" else walk.onward(ended, node.orelse)  # type: ignore[no-any-return]


def _handler(walk: Walk, handler: Any, error: Exception) -> Exit:
    """A handler, within that of the walk, so that a bare `raise` finds the exception."""
    if handler.name is None:
        return walk.block(handler.body)  # type: ignore[no-any-return]
    walk.namespace[handler.name.id] = error
    try:
        return walk.block(handler.body)  # type: ignore[no-any-return]
    finally:
        walk.namespace.pop(handler.name.id, None)


def _then(walk: Walk, ended: Exit, last: list[Any]) -> Exit:
    """Statements that are walked however a block has ended; they may end it in another way."""
    if not last or ended.kind == "raise":
        return ended
    after: Exit = walk.block(last)
    if after.kind == "fall" or "fall" not in after.possible:
        return ended if after.kind == "fall" else after
    return walk.machine.regions.branch(after.fell, lambda: ended, after.left)  # type: ignore[no-any-return]


# Contexts


def _with(walk: Walk, node: Any) -> Exit:
    return _within(walk, node.items, node.body)


def _within(walk: Walk, items: list[Any], body: list[Any]) -> Exit:
    """The body within the contexts of the items, the first one around the others. However the body ends, they are left after it."""
    if not items:
        return walk.block(body)  # type: ignore[no-any-return]
    manager = walk.value(items[0].context_expr)
    if not isinstance(manager, LETS_THROUGH):
        walk.machine.forks.catch()
    context = walk.machine.manager(manager)
    entered = context.__enter__()
    try:
        if items[0].optional_vars is not None:
            walk.assign(items[0].optional_vars, entered)
        with _kept_together(walk, manager):
            ended = _within(walk, items[1:], body)
    except S2sadError:
        raise
    except Exception as error:
        if not context.__exit__(type(error), error, error.__traceback__):
            raise
        return FALL
    if ended.kind != "raise":
        context.__exit__(None, None, None)
    return ended


def _kept_together(walk: Walk, manager: Any) -> AbstractContextManager[None]:
    """What NumPy is not to warn of stays within the context, also where it is the same in each step of a loop."""
    together: AbstractContextManager[None] = walk.machine.blocks.in_place()
    return together if isinstance(strip_object(manager), np.errstate) else contextlib.nullcontext()


KINDS: dict[type, Callable[[Walk, Any], Exit]] = {gast.Match: _match, gast.Try: _try, gast.With: _with}
