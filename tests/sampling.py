"""What the quick run takes of the tests: all but a few long ones, and of their cases a part that changes with the commit.

A test of six cases or more gives one in six of them, one of two to five cases one in three. A mark says another share:
`pytest.mark.sampled(4)` takes one in four of the cases of a test, `sampled(32, of="programs")` one in thirty-two programs, with all that
is checked of each. Cases that stand side by side are the most alike, so that one is taken of every six neighbours; in six consecutive
samples each has its turn. `sampled(1)` takes all, and early, as what is sampled is long.

`pytest.mark.long(8)` is for a test of which all cases would take minutes: the run of everything takes one in eight of them as well, in
turn, and all of them where the test is named.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import os
import pathlib
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

ROOT = pathlib.Path(__file__).parent.parent
EXAMPLES = 14  # one in so many of the examples of hypothesis, where a test says nothing else
MANY, SHARE, SHARE_OF_FEW = 6, 6, 3  # of so many cases and more one in so many, and of fewer
PROGRAMS = pytest.mark.sampled(32, of="programs")


@dataclass
class Run:
    """Whether everything is run, or what is named, and the number of the sample otherwise."""

    whole: bool = True
    sample: int = 0
    named: bool = True

    def says(self) -> str:
        if self.whole:
            return "All that is named is run. The quick run: python -m pytest"
        return (
            f"The quick run: every kind of test, and a part of the many alike (sample {self.sample}; S2SAD_SAMPLE={self.sample} takes "
            "the same).\nEverything: python -m pytest --all"
        )


RUN = Run()


def number() -> int:
    """What differs from commit to commit, and where there is no repository from day to day; each Python takes another sample."""
    if given := os.environ.get("S2SAD_SAMPLE"):
        return int(given)
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
        day = int(done.stdout[:8], 16)
    except (OSError, subprocess.CalledProcessError):
        day = datetime.date.today().toordinal()
    return (day + sys.version_info.minor) % 10_000


def turn(name: str, share: int, sample: int) -> int:
    """Which of `share` neighbours is taken; another one in each of as many consecutive samples."""
    return (zlib.crc32(name.encode()) + sample) % share


def chosen(units: Sequence[str], share: int, sample: int) -> set[str]:
    """One of every `share` neighbours."""
    blocks = (units[start : start + share] for start in range(0, len(units), share))
    return {unit for block in blocks for unit in block[turn(block[0], share, sample) :][:1]}


def mark(item: pytest.Item) -> tuple[str, str, int] | None:
    """The family of a test, which of the family it is, and the share that the quick run takes; None where no mark says it."""
    found = item.get_closest_marker("sampled")
    if found is None:
        return None
    test, _, case = item.nodeid.partition("[")
    return found.kwargs.get("of", test), case or test, found.args[0]


def marks_of(items: Sequence[pytest.Item]) -> list[tuple[str, str, int] | None]:
    """The same of each, also where the cases are many and no mark says a share; None where the quick run takes all."""
    names = [item.nodeid.partition("[") for item in items]
    cases = Counter(test for test, _, _ in names)
    return [mark(item) or ((test, case, SHARE if cases[test] >= MANY else SHARE_OF_FEW) if cases[test] > 1 else None)
            for item, (test, _, case) in zip(items, names, strict=True)]  # fmt: skip


def quick(items: Sequence[pytest.Item], sample: int) -> list[pytest.Item]:
    """Those that the quick run takes."""
    families: dict[tuple[str, int], dict[str, None]] = {}
    marks = marks_of(items)
    for family, unit, share in filter(None, marks):
        families.setdefault((family, share), {})[unit] = None
    taken = {key: chosen([*units], key[1], sample) for key, units in families.items()}
    return [item for item, m in zip(items, marks, strict=True) if m is None or m[1] in taken[m[0], m[2]]]


def long(items: Sequence[pytest.Item], sample: int) -> list[pytest.Item]:
    """Those that the run of everything takes."""
    marks = [item.get_closest_marker("long") for item in items]
    tests: dict[str, list[str]] = {}
    for item, found in zip(items, marks, strict=True):
        if found is not None:
            tests.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    shares = {item.nodeid.partition("[")[0]: found.args[0] for item, found in zip(items, marks, strict=True) if found is not None}
    taken = {name for test, names in tests.items() for name in chosen(names, shares[test], sample)}
    return [item for item, found in zip(items, marks, strict=True) if found is None or item.nodeid in taken]


def ordered(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The costly ones first, the longest of them in front, so that none is left for the end; what is checked of one program together."""
    places: dict[tuple[str, str], int] = {}

    def place(item: pytest.Item) -> tuple[int, int]:
        found = mark(item)
        if found is None:
            return 2, 0
        alone = found[0] == found[1] or found[2] == 1
        return (0 if alone else 1), places.setdefault(found[:2], len(places))

    return sorted(items, key=place)


def some(test: Callable[..., Any], run: Run = RUN, share: int = EXAMPLES, long: int = 1) -> Callable[..., Any]:
    """A test of hypothesis that looks at one in `share` of its examples in the quick run, at one in `long` where all is run and the test is
    not named, and again at one that has failed.
    """
    handle: Any = test.hypothesis  # type: ignore[attr-defined]
    inner, numbers, failed = handle.inner_test, itertools.count(), []

    @functools.wraps(inner)
    def sampled(*args: Any, **kwargs: Any) -> Any:
        part = share if not run.whole else 1 if run.named else long
        block, place = divmod(next(numbers), part)
        if failed or place == turn(f"{inner.__qualname__} {block}", part, run.sample):
            try:
                return inner(*args, **kwargs)
            except Exception:
                failed.append(args)
                raise
        return None

    handle.inner_test = sampled
    return test
