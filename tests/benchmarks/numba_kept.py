"""Which of the compiled gradients Numba takes as they are: the generated code is handed to `numba.njit`.

Kept loops are plain loops over numbers and arrays, the code that Numba is made for. What it cannot take stands beside the
program, with its reason.

    python -m tests.benchmarks.numba_kept
"""
from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from s2sad import trees

from .contestants_kept import compiled
from .kept import SMALL
from .kernels import Kernel

# Another compiler may take squares, sines and sums in another way: some roundings of the largest entry.
TOLERANCE = 1e-12
OK = "ok"


def generated(kernel: Kernel) -> tuple[Callable[..., tuple[Any, ...]], list[Any]]:
    """The generated function of the path that a kernel's arguments take, and the arguments that it is called with."""
    derivative: Any = compiled(kernel)
    derivative(*kernel.arguments)
    built = derivative._last.built
    if built.text.effects:
        raise ValueError("the effects of the function are arguments of the code")
    return built.run, trees.flatten((kernel.arguments, {}))[0]


def copied(leaves: list[Any]) -> list[Any]:
    return [leaf.copy() if isinstance(leaf, np.ndarray) else leaf for leaf in leaves]


def in_a_line(error: Exception) -> str:
    """What an error says, in a line: of Numba's, which go on for pages, the part that names the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Failed in", "File", "During:", "This error", "def ", "<source"))]
    return f"{type(error).__name__}: {' '.join(telling[:2])}"[:300]


def differences(found: Any, expected: tuple[Any, ...]) -> list[str]:
    """Where the results of the two differ by more than roundings."""
    if not isinstance(found, tuple) or len(found) != len(expected):
        return [f"{len(expected)} results expected, found {found!r}"]
    wrong = []
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        if np.shape(one) != np.shape(other):
            wrong.append(f"result {number} has the shape {np.shape(one)}, not {np.shape(other)}")
        elif not np.allclose(one, other, rtol=0.0, atol=TOLERANCE * np.max(np.abs(other), initial=0.0)):
            wrong.append(f"result {number} differs by {np.max(np.abs(np.subtract(one, other)))}")
    return wrong


def outcome(kernel: Kernel) -> str:
    """`OK` where Numba compiles the generated code and it gives the same numbers; else the reason."""
    try:
        run, leaves = generated(kernel)
    except Exception as error:
        return f"no code: {in_a_line(error)}"
    expected = run(*copied(leaves))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", numba.core.errors.NumbaWarning)
        try:
            found = numba.njit(run)(*copied(leaves))
        except Exception as error:  # Numba's own, and whatever its inside raises for code it did not expect
            return in_a_line(error)
    return "; ".join(differences(found, tuple(expected))) or OK


def programs(kernels: tuple[Kernel, ...] = SMALL) -> dict[str, str]:
    """The outcome of each kernel, by its name."""
    return {kernel.name: outcome(kernel) for kernel in kernels}


def main() -> None:
    for name, found in programs().items():
        print(f"{name}: {found}", flush=True)


if __name__ == "__main__":
    main()
