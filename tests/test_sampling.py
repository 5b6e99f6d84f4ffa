"""The quick run and the whole one: what each takes, and that over consecutive samples everything has its turn."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import sampling
from tests.sampling import Run, chosen

ROOT = pathlib.Path(__file__).parent.parent
FILE = "tests/rules/test_broadcasting.py"
LIMITS = settings(max_examples=10 * sampling.EXAMPLES, derandomize=True, deadline=None, database=None)
UNITS = [f"case {number}" for number in range(22)]


def collected(*options: str) -> list[str]:
    """What pytest says and would run."""
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}, "S2SAD_SAMPLE": "3"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--collect-only", *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def cases(lines: list[str]) -> list[str]:
    return [line for line in lines if "::" in line]


def sampled(lines: list[str]) -> list[str]:
    return [line for line in cases(lines) if "test_gradients_have_the_shapes_of_their_arguments[" in line]


def test_one_of_all_neighbours_has_its_turn_in_each_sample() -> None:
    for share in (1, 2, 3, 4, 8):
        taken = [chosen(UNITS, share, sample) for sample in range(100, 100 + share)]
        assert set().union(*taken) == set(UNITS)
        assert sum(map(len, taken)) == len(UNITS), "none is taken twice"
        assert all(len(UNITS) // share <= len(each) <= -(-len(UNITS) // share) for each in taken)
        assert taken[0] == chosen(UNITS, share, 100), "the same sample takes the same"


def test_neighbours_do_not_take_turns_in_step() -> None:
    """Where two parameters go together, each value of both is in every sample."""
    units = [f"{first}-{second}" for first in range(30) for second in "abc"]
    assert {unit[-1] for unit in chosen(units, 3, 0)} == set("abc")


class Case:
    """What is read of a test that pytest has collected."""

    def __init__(self, nodeid: str, *args: Any, **kwargs: Any) -> None:
        self.nodeid = nodeid
        self.mark = pytest.mark.sampled(*args, **kwargs).mark if args else None

    def get_closest_marker(self, name: str) -> Any:
        return self.mark


FIRST = [Case(f"a.py::first[{n}]", 3, of="programs") for n in range(9)]
SECOND = [Case(f"b.py::second[{n}]", 3, of="programs") for n in (1, 4, 5, 7)]
ALONE, CHEAP = Case("b.py::alone", 4), [Case("a.py::cheap"), *(Case(f"c.py::cheap_{n}") for n in range(3))]
MANY: Any = [Case(f"d.py::many[{n}]") for n in range(7)]
FEW: Any = [Case(f"e.py::few[{n}]") for n in range(5)]
ALL: Any = [*CHEAP, *FIRST, *SECOND, ALONE]


def test_what_is_checked_of_one_program_is_taken_together_and_what_has_no_mark_always() -> None:
    seen = []
    for sample in range(12):
        taken: Any = sampling.quick(ALL, sample)
        seen += taken
        first, second = ({each.nodeid.partition("[")[2] for each in taken if each in family} for family in (FIRST, SECOND))
        assert len(first) == 3
        assert second == first & {each.nodeid.partition("[")[2] for each in SECOND}
        assert [each for each in taken if each in CHEAP] == CHEAP
    assert set(seen) == set(ALL)
    assert seen.count(ALONE) == 3


def test_of_several_cases_a_part_is_taken_without_a_mark() -> None:
    for cases, share in ((MANY, sampling.SHARE), (FEW, sampling.SHARE_OF_FEW)):
        taken = [sampling.quick([*CHEAP, *cases], sample) for sample in range(share)]
        assert all(each[: len(CHEAP)] == CHEAP for each in taken)
        parts = [set(each[len(CHEAP) :]) for each in taken]
        assert all(parts) and set().union(*parts) == set(cases) and sum(map(len, parts)) == len(cases)
    whole: Any = [Case(f"d.py::many[{n}]", 1) for n in range(7)]
    assert sampling.quick(whole, 0) == whole


def test_the_long_ones_come_first_and_what_is_checked_of_one_program_stands_together() -> None:
    found: Any = sampling.ordered(ALL)
    assert found[0] is ALONE
    assert found[-4:] == CHEAP
    assert [each.nodeid for each in found[3:6]] == ["b.py::second[1]", "a.py::first[2]", "a.py::first[3]"]


@pytest.mark.parametrize("share", [sampling.EXAMPLES, 20])
def test_the_quick_run_tries_a_part_of_the_examples_and_all_samples_together_each(share: int) -> None:
    def tried(run: Run) -> list[int]:
        found = []

        @given(st.integers())
        def check(x: int) -> None:
            found.append(x)

        LIMITS(sampling.some(check, run, share, long=5))()
        return found

    every = tried(Run(whole=True))
    for part, samples in (
        (share, [tried(Run(whole=False, sample=n)) for n in range(share)]),
        (5, [tried(Run(whole=True, sample=n, named=False)) for n in range(5)]),
    ):
        assert sorted(x for each in samples for x in each) == sorted(every)
        assert all(len(each) == len(every) / part for each in samples)


def test_an_example_that_fails_in_the_quick_run_is_the_one_that_is_shown() -> None:
    @given(st.integers())
    def check(x: int) -> None:
        raise ArithmeticError(x)

    with pytest.raises(ArithmeticError):
        LIMITS(sampling.some(check, Run(whole=False)))()


@pytest.mark.sampled(4)
def test_what_is_named_is_run_wholly_unless_the_quick_run_of_it_is_asked_for() -> None:
    named, every = collected(FILE), collected(FILE, "--all")
    assert cases(named) == cases(every) and len(sampled(every)) == 96
    quick = collected(FILE, "--quick")
    assert len(sampled(quick)) == 6
    assert {case.partition("[")[0] for case in cases(quick)} == {case.partition("[")[0] for case in cases(every)}, "every test is there"
    assert any("quick run" in line and "S2SAD_SAMPLE=3" in line for line in quick[:3])
    assert any("python -m pytest --all" in line for line in quick[:3])
    assert not any("S2SAD_SAMPLE" in line for line in every)


def test_the_number_of_the_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("S2SAD_SAMPLE", "12")
    assert sampling.number() == 12
    monkeypatch.delenv("S2SAD_SAMPLE")
    assert sampling.number() == sampling.number()
    monkeypatch.setattr(sampling, "ROOT", tmp_path)  # where there is no repository
    assert 0 <= sampling.number() < 10_000
    monkeypatch.setenv("PATH", "")  # and no git
    assert 0 <= sampling.number() < 10_000


class Item:
    """What a case of a test is to the sampling."""

    def __init__(self, test: str, case: int, share: int | None) -> None:
        self.nodeid, self.share = f"{test}[{case}]", share

    def get_closest_marker(self, name: str) -> Any:
        return pytest.mark.long(self.share).mark if name == "long" and self.share else None


def test_the_run_of_everything_takes_a_part_of_what_is_long_in_turn() -> None:
    items: list[Any] = [Item("short", k, None) for k in range(8)] + [Item("long", k, 4) for k in range(20)]
    runs = [sampling.long(items, sample) for sample in range(4)]
    assert all(sum(item.share is None for item in run) == 8 and len(run) == 13 for run in runs)
    assert {item.nodeid for run in runs for item in run} == {item.nodeid for item in items}
