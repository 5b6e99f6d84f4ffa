"""Differentiations on a tape, for derivatives of the user's: which a value takes part in, and what is constant for which."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.machine.numbered import Numbered
from s2sad.machine.traced import strip, traced_in
from s2sad.rules.custom import LED, RULED, STOPPED, TANGENT


class Levels(Numbered):
    """It is asked what `record.levels.Levels` is asked, and asks the tape for the ways from the inputs of each differentiation."""

    def __init__(self, machine: Any) -> None:
        super().__init__()
        self.machine = machine

    def numbers(self, values: Any) -> set[int]:
        machine = self.machine
        names = {v.name for v in traced_in(machine.memory.kept(values)) if machine.active(v)}
        found: set[int] = machine.tape.numbers(names) if names else set()
        return found

    def around(self, value: Any, level: int) -> Any:
        """What a sweep over this one has made as it is for those around, and for one that began within the sweep; else plain."""
        return value if any(n < level or n > self.swept for n in self.numbers([value])) else strip(value)

    def stopped(self, leaf: Any, level: int) -> Any:
        machine = self.machine
        value = machine.memory.kept(leaf)
        if not any(n < level for n in self.numbers([value])):
            plain = strip(value)
            return plain.copy() if isinstance(plain, np.ndarray) else plain
        return machine.apply(STOPPED, [value, level])

    def ruled(self, values: list[Any], inputs: list[Any], residuals: list[Any], rule: Any, level: int) -> list[Any]:
        memory = self.machine.memory
        bound = [memory.kept(values), memory.kept(inputs), memory.kept(residuals), rule, level]
        found: list[Any] = self.machine.recorded(RULED, bound, RULED.evaluate(strip(bound)))
        return found

    def tangent(self, value: Any, level: int) -> Any:
        bound = [self.machine.memory.kept(value), level]
        return self.machine.recorded(TANGENT, bound, TANGENT.evaluate(strip(bound)))

    def led(self, value: Any, tangent: Any, level: int) -> Any:
        bound = [self.machine.memory.kept(value), self.machine.memory.kept(tangent), level]
        return self.machine.recorded(LED, bound, LED.evaluate(strip(bound)))

    def natively(self, function: Any, args: list[Any], like: list[Any]) -> list[Any]:
        found: list[Any] = function(*strip(self.machine.memory.kept(args)))
        return found

    def was_written(self, value: Any) -> bool:
        """What a plain array held before is not known; the machine that compiles knows."""
        return False

    @contextlib.contextmanager
    def users_code(self) -> Iterator[None]:
        machine, sweep = self.machine, self.machine.sweep
        before = sweep.evaluating, machine.formulas
        sweep.evaluating, machine.formulas = False, 0
        try:
            yield
        except Exception as error:
            machine.raised = error
            raise
        finally:
            sweep.evaluating, machine.formulas = before
