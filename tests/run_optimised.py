"""The corpus without `assert` statements: `python -O -m tests.run_optimised` runs every program with each `control`.

Under `-O` Python leaves out what stands in `assert` statements, so this uses none. It goes through the calls of each program on one
gradient and compares value and gradient with the function itself and with the tape; what control="keep" does not keep has to be what
`programs/not_kept.txt` lists. So it does with native code, as far as there is Numba, whose text is run as it is. Prints what differs, and
exits with status 1 if anything does.
"""
from __future__ import annotations

import copy
import functools
import itertools
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import tape, trees, value_and_grad
from s2sad.errors import S2sadError
from tests.programs import load, of_its_class

PROGRAMS = load()
CONTROLS = ("record", "keep", "auto", "native")
os.environ["NUMBA_DISABLE_JIT"] = "1"
SECONDS = 60  # for one program with one control
LISTED = (Path(__file__).parent / "programs" / "not_kept.txt").read_text(encoding="utf-8").partition("# second order")[0]
NOT_KEPT = {line.partition(":")[0] for line in LISTED.splitlines()}


def alike(one: Any, other: Any, equal: Callable[[Any, Any], bool]) -> bool:
    """Whether two results have the same structure, and leaves of the same types that are equal."""
    (a, s), (b, t) = trees.flatten(one), trees.flatten(other)
    return s == t and all(type(x) is type(y) and (not isinstance(x, (float, complex, np.generic, np.ndarray)) or equal(x, y))
                          for x, y in zip(a, b, strict=True))  # fmt: skip


def identical(one: Any, other: Any) -> bool:
    return np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind in "fc")


def close(one: Any, other: Any, rtol: float, atol: float) -> bool:
    return bool(np.allclose(one, other, rtol=rtol, atol=atol + rtol * float(np.max(np.abs(other), initial=0.0)), equal_nan=True))


@functools.lru_cache(maxsize=64)
def by_tape(place: int, number: int) -> Any:
    """The gradients of a call, for each control that asks: those of a program follow one another in a process."""
    program = PROGRAMS[place]
    return tape.gradient(program.function, program.calls[number], program.argnums)[1]


def faults(place: int, control: str) -> Iterator[str]:
    """What differs in the calls of a program on one gradient."""
    program = PROGRAMS[place]
    native = control == "native"
    options: Any = {"backend": "numba"} if native else {"control": control}
    derivative = value_and_grad(program.function, argnums=program.argnums, **options)
    for number, args in enumerate(program.calls):
        single = any(getattr(leaf, "dtype", None) == np.float32 for leaf in trees.flatten(args)[0])
        try:
            value, gradients = derivative(*copy.deepcopy(args))
        except S2sadError as error:
            if not native and (control != "keep" or program.name not in NOT_KEPT):
                yield f"is refused: {error.line}"
            return
        except Exception as error:
            yield f"{type(error).__name__}: {error}"
            return
        same = partial(close, rtol=2e-5 if single else 1e-12, atol=0.0) if native else identical
        wanted = program.function(*copy.deepcopy(args))
        if not alike(of_its_class(value, wanted) if native else value, wanted, same):
            yield "has another value"
        expected = by_tape(place, number)
        leaves = [leaf for leaf in trees.flatten(expected)[0] if leaf is not None]
        rounding = 4 * np.finfo(float).eps * max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in leaves), default=0.0)
        if not alike(gradients, expected, partial(close, rtol=2e-4 if single else 1e-9, atol=rounding)):
            yield "has another gradient"


def examined(case: tuple[int, str]) -> list[str]:
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)
    place, control = case
    try:
        return [f"{PROGRAMS[place].name} with control={control!r} {fault}" for fault in faults(place, control)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def too_long(*_: Any) -> None:
    raise TimeoutError(f"takes more than {SECONDS} seconds")


def main() -> int:
    if __debug__:
        print("run this as: python -O -m tests.run_optimised")
        return 2
    with multiprocessing.Pool() as pool:
        cases = itertools.product(range(len(PROGRAMS)), CONTROLS)
        found = [fault for each in pool.imap_unordered(examined, cases, chunksize=2 * len(CONTROLS)) for fault in each]
    print(*found, f"{len(PROGRAMS)} programs, {len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
