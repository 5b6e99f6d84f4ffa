"""How strong the forms are: each right side of the tables is made wrong by a few percent in turn, and the forms that use it have to fail.

    python -m tests.forms.broken [PATTERN]        the rules whose names match, `scipy.special.*`

It prints the right sides that no form uses, and those that no form finds wrong.
"""
from __future__ import annotations

import fnmatch
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import jvp, value_and_grad
from s2sad.adjoint import mapped, sweep
from s2sad.machine import formulas
from s2sad.rules import late
from s2sad.rules.registered import BY_FUNCTION, BY_NAME
from s2sad.tangent import sweep as ahead
from s2sad.tangent import transposed
from tests.forms.form import Form, check
from tests.forms.test_forms import FORMS

TANGENT = "tangent"
MOST = 6  # forms that are tried of each


def in_a_process(function: Callable[[], Any]) -> Any:
    """What a function gives in a process of its own, where nothing is compiled yet; "failed" if it raises."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        with os.fdopen(writing, "wb") as pipe:
            try:
                found = function()
            except Exception as error:
                found = f"failed: {error!r}"
            pickle.dump(found, pipe)
            pipe.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found = pickle.load(pipe)
    os.wait()
    return found


def primitives(pattern: str) -> list[Any]:
    """The rules of the table with right sides, each once, in the order of their names."""
    late.load_all()
    every = {id(p): p for p in (*BY_NAME.values(), *BY_FUNCTION.values()) if p.formulas and fnmatch.fnmatch(p.name, pattern)}
    return sorted(every.values(), key=lambda p: p.name)


def used(rules: list[Any]) -> dict[tuple[int, str], list[int]]:
    """The forms that use each right side, by the place of the rule and the name of the parameter."""
    sides = {id(formula): (k, name) for k, p in enumerate(rules) for name, formula in _sides(p)}
    found: dict[tuple[int, str], list[int]] = {}
    lowered = formulas.lowered_formula
    now = [0]

    def noted(machine: Any, formula: Any) -> Any:
        if id(formula) in sides and now[0] not in (forms := found.setdefault(sides[id(formula)], [])):
            forms.append(now[0])
        return lowered(machine, formula)

    for module in (sweep, mapped, transposed, ahead):
        if hasattr(module, "lowered_formula"):
            module.lowered_formula = noted  # type: ignore[attr-defined]
    for now[0], form in enumerate(FORMS):
        _differentiated(form)
    return found


def _sides(primitive: Any) -> Iterator[tuple[str, Any]]:
    yield from primitive.pullbacks.items()
    if primitive.jvp is not None:
        yield TANGENT, primitive.jvp


def _differentiated(form: Form) -> None:
    args = tuple(form.parameters.values())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for derivative in (lambda: value_and_grad(form.function, tuple(range(len(args))))(*args), lambda: jvp(form.function, args, args)):
            try:
                derivative()
            except Exception:
                continue


def is_found(primitive: Any, side: str, forms: list[int]) -> bool:
    """Whether a form fails where a right side is wrong."""
    wrong = f"1.03125 * ({primitive.tangent if side == TANGENT else primitive.formulas[side]})"
    if side == TANGENT:
        object.__setattr__(primitive, "tangent", wrong)
    else:
        object.__setattr__(primitive, "formulas", {**primitive.formulas, side: wrong})
    for read in ("pullbacks", "jvp"):
        primitive.__dict__.pop(read, None)
    return any(_fails(FORMS[k]) for k in forms[:MOST])


def _fails(form: Form) -> bool:
    try:
        check(form)
    except Exception:
        return True
    return False


def main(pattern: str = "*") -> None:
    rules = primitives(pattern)
    known = in_a_process(lambda: used(rules))
    if isinstance(known, str):
        sys.exit(known)
    for k, primitive in enumerate(rules):
        for side, _ in _sides(primitive):
            forms = known.get((k, side), [])
            if not forms:
                print(f"{primitive.name} by {side}: no form uses it", flush=True)
            elif not in_a_process(lambda p=primitive, s=side, f=forms: is_found(p, s, f)):  # type: ignore[misc]
                print(f"{primitive.name} by {side}: not found by {FORMS[forms[0]].call}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
