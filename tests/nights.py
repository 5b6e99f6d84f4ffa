"""Programs with sizes by the thousand: `python -m tests.nights --programs 10000 --seed 1`.

Each program of `generate_sizes` is compiled once, with its loops and branches kept, and called with twenty sets of sizes. Every value has
to be the function's own, to the last bit; every gradient that of the tape, and in some calls of a recording, within 1e-12 of its largest
entry; what the function raises the gradient raises, in the same words. A program that fails is printed so that it can be pasted.
"""

from __future__ import annotations

import argparse
import collections
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from s2sad import first_use_check, tape, value_and_grad
from s2sad.errors import CannotKeep, S2sadError, SlowPathWarning
from tests.generate_sizes import WAVE, Program, arguments, calls, program
from tests.minimise import least
from tests.oracles import assert_close, identical, module

CALLS, RECORDED = 20, 3
EXACT, TAPE = 1e-12, 1e-9
REFUSED = 3  # calls after which a program counts as refused
SAME = 60  # characters of a message that tell what is wrong


@dataclass
class Found:
    """What came of a program: how many calls went which way, and what was wrong."""

    program: Program
    seed: int = 0
    served: int = 0
    raised: int = 0
    refused: list[str] = field(default_factory=list)
    """Why it was not kept, for the calls that were refused."""
    paths: int = 0
    special: int = 0
    """Paths for the sizes of one call."""
    wrong: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """The kind of a difference, what it is, and the calls that show it."""

    @property
    def kept(self) -> bool:
        return self.served > 0

    @property
    def sort(self) -> tuple[str, str]:
        """What tells one fault from another, as far as can be seen."""
        kind, what, _ = self.wrong[0]
        return kind, reason_of(what)[:SAME]


def outcome(function: Callable[..., Any], text: str) -> Any:
    """The result of a call, or class and words of what it raises."""
    try:
        return function(*arguments(text))
    except S2sadError:
        raise
    except Exception as error:
        return Raised(type(error), str(error))


@dataclass(frozen=True)
class Raised:
    kind: type
    words: str


def examine(made: Program, texts: Sequence[str], recorded: int = RECORDED) -> Found:
    """Compile a program once and call it; what a path gives is not checked by anything but this."""
    checked = first_use_check()
    first_use_check(False)
    try:
        return tried(made, texts, recorded)
    finally:
        first_use_check(checked)


def tried(made: Program, texts: Sequence[str], recorded: int) -> Found:
    function = module(made.text).f
    derived = value_and_grad(function, argnums=made.argnums, control="keep")
    again = value_and_grad(function, argnums=made.argnums, control="record")
    found = Found(made)
    for place, text in enumerate(texts):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", SlowPathWarning)
            try:
                wrong = difference(function, derived, again if place % len(texts) < recorded else None, made, text, found)
            except CannotKeep as error:
                found.refused.append(error.reason)
                if len(found.refused) >= REFUSED and not found.kept:
                    break
                continue
            except (S2sadError, SlowPathWarning, AssertionError) as error:
                wrong = (type(error).__name__, str(error))
        if wrong is not None:
            found.wrong.append((*wrong, list(texts[: place + 1])))
            break
    kept = [path for path in derived.paths if path.kept is not None]
    found.paths, found.special = len(kept), sum(path.kept is False for path in kept)
    return found


def difference(function: Any, derived: Any, again: Any, made: Program, text: str, found: Found) -> tuple[str, str] | None:
    """What is wrong with one call."""
    wanted = outcome(function, text)
    if isinstance(wanted, np.ndarray):
        return None  # for these sizes it is no number, which has no gradient
    result = outcome(derived, text)
    if isinstance(wanted, Raised) or isinstance(result, Raised):
        found.raised += 1
        return None if wanted == result else ("raises", f"{result!r} instead of {wanted!r}")
    value, gradient = result
    if not identical(value, wanted):
        return "value", f"value {value!r} instead of {wanted!r}"
    found.served += 1
    with_tape = tape.gradient(function, arguments(text), made.argnums)[1]
    for name, expected, rtol in (("tape", with_tape, TAPE), ("recorded", again and again(*arguments(text))[1], EXACT)):
        if expected is not None and not close(gradient, expected, rtol):
            return "gradient", f"gradient {gradient!r} instead of {expected!r} ({name})"
    return None


def close(gradient: Any, expected: Any, rtol: float) -> bool:
    """Within so much of the largest entry of all."""
    size = max((float(np.max(np.abs(each[np.isfinite(each)]), initial=0.0)) for each in map(np.asarray, expected)), default=0.0)
    try:
        for one, other in zip(gradient, expected, strict=True):
            assert_close(one, other, max(rtol, 1e-300))
    except AssertionError:
        return all(alike(one, other, rtol * max(size, 1.0)) for one, other in zip(gradient, expected, strict=True))
    return True


def alike(one: Any, other: Any, atol: float) -> bool:
    a, b = np.asarray(one), np.asarray(other)
    return type(one) is type(other) and a.dtype == b.dtype and a.shape == b.shape and np.allclose(a, b, 0.0, atol, equal_nan=True)


def smaller(found: Found) -> Found:
    """What a program shows, in its least form."""
    made, texts = found.program, found.wrong[0][2]

    def shown(text: str, some: Sequence[str]) -> Found:
        return examine(replace(made, text=text), some, len(some))

    def fails(text: str, some: Sequence[str]) -> bool:
        try:
            less = shown(text, some)
        except Exception:
            return False
        return bool(less.wrong) and less.sort == found.sort

    return shown(*least(made.text, texts, fails)) if fails(made.text, texts) else found


# The command


def pasted(found: Found) -> str:
    """A program that shows a difference, with the calls."""
    kind, what, texts = found.wrong[0]
    head = f"import math\n\nimport numpy as np\n\nfrom s2sad import value_and_grad\n\n\n{WAVE}\n\n"
    text = head + found.program.text.replace("import math\n", "").replace("import numpy as np\n", "").lstrip()
    shown = "\n".join(f"    {each}," for each in texts)
    said = what.replace("\n", "\n# ")
    return (f"# seed {found.seed}: {kind}: {said}\n{text}\n\n"
            f"derived = value_and_grad(f, argnums={found.program.argnums}, control='keep')\n"
            f"for call in (\n{shown}\n):\n    print(f(*call), derived(*call))\n")  # fmt: skip


def reason_of(text: str) -> str:
    """A reason without what is of one program."""
    return re.sub(r"`[^`]*`|\bv\d+\b|\d+|\([^)]*\)", "_", text)


@dataclass
class Summary:
    """All that came of many programs."""

    programs: int = 0
    kept: int = 0
    partly: int = 0
    wrong: int = 0
    raised: int = 0
    served: int = 0
    special: int = 0
    reasons: dict[str, list[int]] = field(default_factory=lambda: collections.defaultdict(list))
    paths: dict[int, int] = field(default_factory=collections.Counter)

    def add(self, found: Found) -> None:
        self.programs += 1
        self.wrong += bool(found.wrong)
        self.kept += found.kept
        self.partly += found.kept and bool(found.refused)
        self.raised += found.raised
        self.served += found.served
        self.special += bool(found.special)
        for reason in dict.fromkeys(map(reason_of, found.refused)):
            self.reasons[reason].append(found.seed)
        if found.kept:
            self.paths[found.paths] += 1

    def __str__(self) -> str:
        total = sum(number * times for number, times in self.paths.items())
        lines = [f"{self.programs} programs, {self.kept} kept, {self.partly} of these not for all sizes, {self.wrong} with a difference",
                 f"{self.served} calls served, {self.raised} in which the function raises",
                 f"{total / max(1, self.kept):.2f} paths a program, {self.special} programs with a path for the sizes of one call",
                 "paths: " + ", ".join(f"{number} ({times})" for number, times in sorted(self.paths.items()))]  # fmt: skip
        for reason, seeds in sorted(self.reasons.items(), key=lambda each: -len(each[1])):
            lines.append(f"{len(seeds):6} refused: {reason}; seeds {', '.join(map(str, seeds[:5]))}")
        return "\n".join(lines)


def progress(numbers: Sequence[int], summary: Summary) -> Iterator[int]:
    """The numbers, with a bar on a terminal and a line now and then elsewhere."""
    start, shown = time.monotonic(), 0.0
    for done, number in enumerate(numbers):
        yield number
        now = time.monotonic()
        if now - shown < (0.2 if sys.stderr.isatty() else 60.0) and done + 1 < len(numbers):
            continue
        shown = now
        share = (done + 1) / len(numbers)
        text = f"{done + 1}/{len(numbers)} {now - start:.0f} s, {summary.kept} kept, {summary.wrong} with a difference"
        bar = f"\r[{'#' * int(30 * share):30}] {text}" if sys.stderr.isatty() else f"{text}\n"
        print(bar, end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nights", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--programs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="of the first program; the next one has the next number")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--recorded", type=int, default=RECORDED, help="calls that are recorded as well")
    parser.add_argument("--smaller", action="store_true", help="print the least program that shows a difference, for each sort")
    options = parser.parse_args()
    summary, sorts = Summary(), set[tuple[str, str]]()
    for seed in progress(range(options.seed, options.seed + options.programs), summary):
        made = program(seed)
        found = examine(made, calls(made, seed, options.calls), options.recorded)
        found.seed = seed
        summary.add(found)
        if found.wrong:
            new = found.sort not in sorts
            sorts.add(found.sort)
            print(pasted(replace(smaller(found), seed=seed) if options.smaller and new else found), flush=True)
    print(summary)
    return bool(summary.wrong)


if __name__ == "__main__":
    sys.exit(main())
