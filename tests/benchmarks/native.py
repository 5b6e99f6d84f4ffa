"""Native code against adjoints by hand for Numba, against JAX and against interpreted code: `python -m tests.benchmarks.ratios --native`.

All contestants of a row take turns in one process, on one core, and the shortest round of each counts. Before that value and gradient of
each are held against those of the interpreted code. A contestant that takes long gets fewer rounds: its ratio is far from 1.
"""
from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .native_contestants import CONTESTANTS, Call, CannotTakePart, assert_agree
from .native_rows import GROUPS, ROWS, Group, Row
from .ratios import SLOW_ROUNDS, SLOW_SECONDS, interleaved, peak_bytes, say

DISPATCH = 0.5e-6
# Below this the memory that a call holds is that of a handful of objects.
STACKS = 100_000


@dataclass(frozen=True)
class Found:
    """Seconds per call of each contestant, and of its first call beyond the second; peak memory; and why others have no column."""

    row: Row
    seconds: Mapping[str, float]
    compiling: Mapping[str, float]
    memory: Mapping[str, int]
    missing: Mapping[str, str] = field(default_factory=dict)

    def ratio(self, one: str, other: str) -> float | None:
        return self.seconds[one] / self.seconds[other] if one in self.seconds and other in self.seconds else None

    @property
    def within(self) -> bool | None:
        """Whether native code is as near to the one by hand as its group aims at; what a call costs by itself is left out."""
        if "native" not in self.seconds:
            return None
        return self.seconds["native"] <= self.row.group.within * self.seconds["hand"] + DISPATCH


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """All threads of the process on one core, where the system lets it be said, and a cache of compiled code that is empty."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    place = tempfile.mkdtemp()
    os.environ["S2SAD_CACHE_DIR"] = place
    if cores:
        os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        if cores:
            os.sched_setaffinity(0, cores)
        shutil.rmtree(place, ignore_errors=True)


def ready(row: Row) -> tuple[dict[str, Call], dict[str, float], dict[str, str], dict[str, float]]:
    """The contestants of a row that give the numbers, the seconds of their first and second calls, and why others do not take part."""
    calls, first, missing, second = dict[str, Call](), dict[str, float](), dict[str, str](), dict[str, float]()
    results = {}
    for name, make in CONTESTANTS.items():
        start = time.process_time()
        try:
            call = make(row)
            result = call()
        except CannotTakePart as reason:
            missing[name] = str(reason)
            continue
        middle = time.process_time()
        call()
        calls[name], results[name] = call, result
        second[name] = time.process_time() - middle
        first[name] = max(0.0, middle - start - second[name])
    for name, result in results.items():
        if not (name == "hand" and row.against_function):
            assert_agree(row, result, results["interpreted"], name)
    return calls, first, missing, second


def in_turns(calls: Mapping[str, Call], rounds: int) -> dict[str, float]:
    """Seconds of the processor per call of each, of all threads: what other processes take is left out."""
    return interleaved(calls, (), rounds, clock=time.process_time)


def measured(row: Row, rounds: int) -> Found:
    calls, first, missing, second = ready(row)
    slow = {name: call for name, call in calls.items() if second[name] > SLOW_SECONDS}
    quick = {name: call for name, call in calls.items() if name not in slow}
    seconds = in_turns(slow, min(rounds, SLOW_ROUNDS)) | in_turns(quick, rounds)
    memory = {name: peak_bytes(calls[name], ()) for name in ("hand", "native") if name in calls}
    return Found(row, seconds, first, memory, missing)


def chosen(names: Sequence[str]) -> list[Row]:
    """The rows with one of these texts in their names, or all."""
    return [row for row in ROWS if not names or any(name in row.name for name in names)]


def measure(names: Sequence[str], rounds: int) -> list[Found]:
    rows, found = chosen(names), []
    with one_core(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(rows, 1):
            say(f"[{number}/{len(rows)}] {row.name}")
            found.append(measured(row, rounds))
    say("")
    return found


def amount(number: float | None, digits: str = ".3g") -> str:
    return "-" if number is None else f"{number:{digits}}"


def columns(each: Found) -> list[str]:
    memory = each.memory["native"] / each.memory["hand"] if "native" in each.memory and each.memory["hand"] > STACKS else None
    return [
        each.row.name,
        f"{each.seconds['hand'] * 1e6:,.2f}",
        amount(each.ratio("interpreted", "hand")),
        amount(each.ratio("native", "hand")),
        amount(each.ratio("native", "JAX")),
        amount(each.ratio("JAX", "hand")),
        amount(each.compiling.get("native"), ".2f"),
        amount(each.compiling.get("JAX"), ".2f"),
        amount(memory),
    ]


def table(found: Sequence[Found]) -> list[str]:
    against = "function" if found and found[0].row.against_function else "hand"
    heads = ["program", f"{against}, us", f"interpreted / {against}", f"native / {against}", "native / JAX", f"JAX / {against}",
             "native compiles, s", "JAX compiles, s", f"memory, native / {against}"]  # fmt: skip
    return [f"| {' | '.join(heads)} |", f"| ---{' | ---:' * (len(heads) - 1)} |", *(f"| {' | '.join(columns(each))} |" for each in found)]


def shortened(reason: str) -> str:
    """What an error says, without the place on this machine and without the lines and the advice that follow."""
    return re.sub(r"\S*/(\w+\.py:\d+)(:\d+)?", r"\1", reason).partition(" hint: ")[0].partition(" | ")[0].rstrip(" 0123456789.")


def reasons(found: Sequence[Found]) -> list[str]:
    """Why contestants have no column; a reason that holds for all rows is said once."""
    said = list[str]()
    for name in CONTESTANTS:
        missing = {each.row.name: shortened(each.missing[name]) for each in found if name in each.missing}
        if len(set(missing.values())) == 1 and len(missing) == len(found):
            said.append(f"- {name}: {next(iter(missing.values()))}.")
        else:
            said += [f"- {row}: without {name}, {reason}." for row, reason in missing.items()]
    return said


def verdicts(group: Group, found: Sequence[Found]) -> list[str]:
    """What of the aims of a group is met."""
    native = [each for each in found if each.within is not None]
    if not native:
        return []
    near = [each.row.name for each in native if each.within]
    ahead = [each for each in native if (ratio := each.ratio("native", "JAX")) is not None and ratio <= 1.0]
    rivals = [each for each in native if "JAX" in each.seconds]
    compiled = [each for each in native if each.compiling["native"] <= group.compiling]
    said = [f"- Within {group.within:g} and half a microsecond: {len(near)} of {len(found)}."]
    if rivals:
        said.append(f"- Ahead of JAX ({group.ahead}): {len(ahead)} of {len(rivals)}.")
    return [*said, f"- Compiled within {group.compiling:g} s: {len(compiled)} of {len(found)}."]


def section(group: Group, found: Sequence[Found]) -> list[str]:
    if not found:
        return []
    parts = [[f"## {group.title[0].upper()}{group.title[1:]}"], table(found), reasons(found), verdicts(group, found)]
    return [line for part in parts if part for line in (*part, "")]


def sections(found: Sequence[Found]) -> list[str]:
    return [line for group in GROUPS for line in section(group, [each for each in found if each.row.group is group])]


def packages() -> str:
    said = []
    for name in ("numpy", "numba", "jax"):
        with contextlib.suppress(PackageNotFoundError):
            said.append(f"{name} {version(name)}")
    return ", ".join(said)


def page(found: Sequence[Found], pictures: Sequence[str], note: Sequence[str] = ()) -> str:
    return "\n".join([
        "# Benchmarks of native code",
        "",
        "Each row measures one call that returns the value and the gradients, or all of a Jacobian, with all that a call costs by",
        "itself. `hand` is an adjoint written by hand for `numba.njit`, `JAX` the program rewritten for JAX and compiled by `jit`, in",
        "double precision, with arguments that are arrays of its own. `interpreted` is `backend=\"python\"`, `native` is",
        "`backend=\"numba\"`, both of the program as it stands. A ratio below 1 means that the first is faster. The contestants take",
        "turns in one process on one core, and the shortest round of each counts, in seconds of the processor. What the first call takes",
        "longer than the second stands under `compiles`, Numba being loaded and the cache empty at the beginning: a program that was",
        "compiled for another size may be read from it. Memory is the most that a call holds at a time, where that is more than 100 kB.",
        "",
        "    pip install '.[numba,bench,peers]'",
        "    python -m tests.benchmarks.ratios --native --write docs/native-benchmarks.md",
        "",
        f"Measured with Python {platform.python_version()}, {packages()}, on {platform.machine()}, one core.",
        *note,
        "",
        *[line for name in pictures for line in (f"![Time of a call against size]({name})", "")],
        *sections(found),
    ])


def command(names: Sequence[str], rounds: int, write: Path | None) -> None:
    found = measure(names, rounds)
    if write is None:
        print("\n".join(sections(found)))
        return
    from .native_pictures import draw

    picture = write.with_suffix(".svg")
    write.write_text(page(found, [picture.name]), encoding="utf-8")
    draw(picture)
