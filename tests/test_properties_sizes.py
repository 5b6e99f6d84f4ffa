"""Programs over arrays of sizes that are not known, a share of those that `python -m tests.nights` tries; how they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests import nights
from tests.at_random import quiet
from tests.generate_sizes import arguments, calls, program
from tests.generate_sizes_shapes import ONE, elements, half, least, smaller, times
from tests.minimise import least as least_program
from tests.nights import examine, pasted
from tests.oracles import identical, module

BLOCK, BLOCKS, CALLS = 6, 40, 6


@pytest.mark.sampled(40)
@pytest.mark.long(4)
@pytest.mark.parametrize("first", range(0, BLOCK * BLOCKS, BLOCK))
def test_programs_are_compiled_once_for_all_sizes(first: int) -> None:
    for seed in range(first, first + BLOCK):
        made = program(seed)
        found = examine(made, calls(made, seed, CALLS), recorded=1)
        found.seed = seed
        assert not found.wrong, pasted(found)


# The generator


def called(function: Any, args: tuple[Any, ...]) -> str:
    """What kind of result a call gives."""
    try:
        value = function(*args)
    except Exception:
        return "raised"
    assert isinstance(value, (float, np.floating))
    return "finite" if np.isfinite(value) and abs(value) < 1e6 else "not finite"


@pytest.mark.sampled(3)
def test_programs_run_for_most_sizes_and_stay_small() -> None:
    found = []
    with quiet():
        for seed in range(60):
            made = program(seed)
            assert made == program(seed)
            function = module(made.text).f
            for text in calls(made, seed):
                args = arguments(text)
                found.append(called(function, args))
                assert identical(args, arguments(text)), "arguments are not written"
    assert found.count("finite") > 0.65 * len(found)
    assert 0.02 * len(found) < found.count("raised") < 0.3 * len(found)


def test_sizes_are_sums_that_read_the_same_where_they_are_the_same() -> None:
    n, m = least("n"), least("m")
    assert str(n + 1 - n) == "1" and n + 1 - n == ONE
    assert [str(each) for each in (n - 1, n * 2 - 1, m + n, ONE - n, times(n, m), times(n - 1, m))] == [
        "n - 1", "2 * n - 1", "m + n", "-n + 1", "m * n", "(n - 1) * m"]  # fmt: skip
    assert str(half(n, True)) == "((n + 1) // 2)" and str(half(least("5"), False)) == "2"
    assert smaller(n, n) == n and str(smaller(n, m)) == "min(m, n)"
    assert elements((n, least("2"))) == 12


# What tries them

LOOP = """\
import numpy as np


def f(x, n):
    unused = n + 3
    t = 0.0
    for i in range(n):
        if i % 2:
            t = t + np.sum(np.sin(x[i:])) * 0.5
    return t
"""


def test_a_wrong_gradient_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made = program(4)
    texts = calls(made, 4, 3)
    right = nights.value_and_grad

    def wrong(function: Any, **options: Any) -> Any:
        derived = right(function, **options)
        if options["control"] != "keep":
            return derived
        scaled: Any = lambda *args: (derived(*args)[0], tuple(1.001 * each for each in derived(*args)[1]))
        scaled.paths = ()
        return scaled

    assert not examine(made, texts).wrong
    monkeypatch.setattr(nights, "value_and_grad", wrong)
    found = examine(made, texts)
    assert found.wrong[0][0] == "gradient"
    shown = module(pasted(found), print=lambda *what: None)
    assert shown.derived.paths, "what is printed can be run"


def test_a_program_is_made_smaller_while_it_shows_the_same() -> None:
    text, kept = least_program(LOOP, ["a", "b", "c"], lambda text, calls: "np.sin(" in text and "range(" in text and "c" in calls)
    assert kept == ["c"]
    assert len(text.splitlines()) <= 7 and "unused" not in text


def test_the_command_says_what_came_of_the_programs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["nights", "--programs", "2", "--seed", "4", "--calls", "2", "--recorded", "1"])
    assert nights.main() == 0
    out, err = capsys.readouterr()
    assert out.startswith("2 programs, ") and " paths a program" in out
    assert "2/2" in err
