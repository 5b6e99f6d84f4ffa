"""The measures by which a generated adjoint is compared with the one an engineer wrote by hand."""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import pathlib
import statistics
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sad import value_and_grad
from tests.generated_counts import assigned_names, lines_of_code, nameless, saved_values

FOLDER = pathlib.Path(__file__).parent
NAMES = tuple(sorted(p.parent.name for p in FOLDER.glob("*/program.py")))


@dataclass(frozen=True)
class Adjoint:
    """A function that gives value and gradient, its text, and what tells how good it is."""

    call: Callable[..., Any]
    run: Callable[..., Any]  # the code itself
    text: str

    @property
    def lines(self) -> int:
        return lines_of_code(self.text)

    @property
    def share_without_a_name(self) -> float:
        return len(nameless(self.text)) / len(assigned_names(self.text))

    def saved(self, args: tuple[Any, ...]) -> dict[str, int]:
        """The numbers in each stack at the end of a call."""
        return saved_values(self.run, args)

    def peak(self, args: tuple[Any, ...]) -> int:
        """The bytes that a call needs beyond its arguments, at most, after a first call and with no collection in between."""
        self.run(*args)
        collecting = gc.isenabled()
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            self.run(*args)
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
            if collecting:
                gc.enable()


@dataclass(frozen=True)
class Pair:
    """A program with both of its adjoints, and the sizes to count at, to time at, and to measure memory at."""

    program: Callable[..., Any]
    sample: Callable[..., tuple[Any, ...]]
    sizes: tuple[int, int, int]
    hand: Adjoint
    generated: Adjoint


@functools.cache
def pair(name: str) -> Pair:
    module, by_hand = (importlib.import_module(f"tests.adjoints.{name}.{part}") for part in ("program", "hand"))
    program = getattr(module, name)
    argnums = module.ARGNUMS if len(module.ARGNUMS) > 1 else module.ARGNUMS[0]
    hand = getattr(by_hand, f"{name}_value_and_grad")
    return Pair(program, module.sample, module.SIZES, Adjoint(hand, hand, functions_of(by_hand)), generated(program, argnums, module))


def generated(program: Callable[..., Any], argnums: Any, module: Any) -> Adjoint:
    derivative = value_and_grad(program, argnums=argnums, control="keep")
    derivative(*module.sample(module.SIZES[0]))
    return Adjoint(derivative, derivative.paths[0].built.run, derivative.source)


def functions_of(module: Any) -> str:
    """The text of a module without what stands before its first function."""
    text = inspect.getsource(module)
    return text[text.index("\ndef ") + 1 :]


def peaks(name: str) -> tuple[float, float]:
    """The peak memory of the generated adjoint and of that by hand, each the middle one of three calls."""
    found = pair(name)
    args = found.sample(found.sizes[2])
    mine, by_hand = (statistics.median(one.peak(args) for _ in range(3)) for one in (found.generated, found.hand))
    return mine, by_hand


if __name__ == "__main__":
    print(*peaks(sys.argv[1]))
