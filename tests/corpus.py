"""What several checks of one program ask for, computed once: the checks of a program run one after the other in the same process."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import tape, trees, value_and_grad
from tests import sampling
from tests.programs import Program, load

PROGRAMS = load()
BY_NAME = {program.name: program for program in PROGRAMS}


def each(programs: list[Program] = PROGRAMS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A test of each of the programs; the quick run takes some programs, with all that is checked of them."""
    cases = pytest.mark.parametrize("program", programs, ids=lambda p: p.name)
    return lambda test: sampling.PROGRAMS(cases(test))


def part(quick: int, whole: int, programs: list[Program] = PROGRAMS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A test of each program that takes long: the quick run takes one in `quick` of its cases, that of everything one in `whole`."""
    cases = pytest.mark.parametrize("program", programs, ids=lambda p: p.name)
    return lambda test: pytest.mark.sampled(quick)(pytest.mark.long(whole)(cases(test)))


class Answers:
    """Gradients of a program, and what is known of each of its calls, by number."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._known: dict[Any, Any] = {}

    def _once(self, key: Any, compute: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]

    def gradient(self, control: str) -> Any:
        """One compiled gradient for all that asks for it."""
        p = self.program
        return self._once(control, lambda: value_and_grad(p.function, argnums=p.argnums, control=control))  # type: ignore[call-overload]

    def first(self, control: str) -> tuple[Any, str]:
        """The gradients of the first call, and the code that was generated for it."""
        gradient = self.gradient(control)
        return self._once(("first", control), lambda: (check_call(self.program, self.program.calls[0], gradient), gradient.source))

    def recorded(self, number: int) -> Any:
        return self._once(("recorded", number), lambda: self.gradient("record")(*self.program.calls[number])[1])

    def tape(self, number: int) -> Any:
        """Value and gradients by the tape, which leaves the arguments as they are."""
        args = self.program.calls[number]

        def run() -> Any:
            before = repr(args)
            found = tape.gradient(self.program.function, args, self.program.argnums)
            assert repr(args) == before
            return found

        return self._once(("tape", number), run)

    def second(self, control: str, number: int) -> Any:
        """Value and gradients of a weighted sum of what the gradient holds."""
        derivative = self._once(("second", control), lambda: second_derivative(self.program, control))
        return self._once(("second", control, number), lambda: derivative(*self.program.calls[number]))


@functools.lru_cache(maxsize=4)
def _answers(name: str) -> Answers:
    return Answers(BY_NAME[name])


def answers(program: Program) -> Answers:
    return _answers(program.name)


def numbers(program: Program) -> list[int]:
    """The calls of a program there and back, so that each path is taken again after the others."""
    found = [*range(len(program.calls))]
    return [*found, *reversed(found)]


def second_derivative(program: Program, control: str) -> Callable[..., Any]:
    """The gradient of a weighted sum of what the gradient holds."""
    gradient = value_and_grad(program.function, argnums=program.argnums, control=control)  # type: ignore[call-overload]

    def total(*args: Any) -> Any:
        _, found = gradient(*args)
        sums = [np.sum(g * (i + 1.0)) for i, g in enumerate(leaves_of(found)) if g is not None]
        result = 0.0
        for each in sums:
            result = result + each
        return result

    return value_and_grad(total, argnums=program.argnums, control=control)  # type: ignore[call-overload, no-any-return]


# Comparisons


def leaves_of(tree: Any) -> list[Any]:
    """As `trees.flatten`, in a form that is differentiated through."""
    found = trees.parts(tree)
    return [tree] if found is None else [leaf for part in found[1] for leaf in leaves_of(part)]


def single(args: tuple[Any, ...]) -> bool:
    return any(getattr(leaf, "dtype", None) == np.float32 for leaf in trees.flatten(args)[0])


def identical(one: Any, other: Any) -> bool:
    """Same structure, types, dtypes and bits."""
    (a, s), (b, t) = trees.flatten(one), trees.flatten(other)
    return s == t and all(type(x) is type(y) and np.array_equal(x, y, equal_nan=isinstance(x, float)) for x, y in zip(a, b, strict=True)
                          if isinstance(x, (float, int, complex, str, np.generic, np.ndarray)))  # fmt: skip


def close(one: Any, other: Any, rtol: float) -> None:
    """Same structure and types; numbers within `rtol` of the largest of their leaf, or of rounding of the largest of all."""
    (a, s), (b, t) = trees.flatten(one), trees.flatten(other)
    assert s == t
    rounding = 4 * np.finfo(float).eps * max((float(np.max(np.abs(y), initial=0.0)) for y in b if y is not None), default=0.0)
    for x, y in zip(a, b, strict=True):
        assert type(x) is type(y)
        if x is not None:
            assert np.asarray(x).dtype == np.asarray(y).dtype
            np.testing.assert_allclose(x, y, rtol=rtol, atol=rounding + rtol * float(np.max(np.abs(y), initial=0.0)))


def check_call(program: Program, args: tuple[Any, ...], derivative: Callable[..., Any]) -> Any:
    """A call gives the value of the function, to the last bit, and leaves its arguments alone; returns the gradients."""
    before = copy.deepcopy(args)
    value, gradients = derivative(*args)
    assert identical(value, program.function(*copy.deepcopy(before)))
    assert identical(args, before)
    return gradients
