"""What is generated for sixteen programs, beside the adjoints by hand: as short, with names, and saving no more.

Where it is not so yet is said in `SHORT_OF`: a program that gets there has to leave the list, and none may come to it.

    python -m tests.adjoints.test_generated        writes `generated.py` beside each `hand.py`
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tests.adjoints.compared import FOLDER, NAMES, Pair, pair

HEADING = "# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.\n"
ROOT = FOLDER.parent.parent
LINES = 1.3
WITHOUT_A_NAME = 0.25
MEMORY = 1.1

SHORT_OF: dict[str, set[str]] = {
    "lines": {"hmm_forward", "nbody"},
    "stacks": set(),
    "numbers": set(),
    "names": set(),
    "memory": {"cavity_flow", "deriche"},
}

each = pytest.mark.parametrize("name", NAMES)


def holds(measure: str, name: str, as_good: bool) -> None:
    """As good as by hand, or known not to be."""
    assert as_good != (name in SHORT_OF[measure])


def arguments(name: str) -> tuple[Any, ...]:
    found = pair(name)
    return found.sample(found.sizes[0])


def written(found: Pair) -> str:
    return HEADING + found.generated.text


def test_there_are_sixteen() -> None:
    assert len(NAMES) == 16


@each
def test_the_generated_code_is_that_of_the_file(name: str) -> None:
    assert written(pair(name)) == (FOLDER / name / "generated.py").read_text(encoding="utf-8")


@each
def test_value_and_gradient_are_those_by_hand(name: str) -> None:
    found = pair(name)
    for size in found.sizes[:2]:
        args = found.sample(size, seed=1)
        value, *gradients = found.generated.run(*args)
        expected, by_hand = found.hand.call(*args)
        assert np.asarray(value).tobytes() == np.asarray(expected).tobytes()
        by_hand = by_hand if isinstance(by_hand, tuple) else (by_hand,)
        for one, other in zip(gradients, by_hand, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12 * np.max(np.abs(other), initial=1e-300))


@each
def test_it_is_not_much_longer(name: str) -> None:
    found = pair(name)
    holds("lines", name, found.generated.lines <= LINES * found.hand.lines)


@each
def test_it_saves_no_more(name: str) -> None:
    found, args = pair(name), arguments(name)
    mine, by_hand = found.generated.saved(args), found.hand.saved(args)
    holds("stacks", name, len(mine) <= len(by_hand))
    holds("numbers", name, sum(mine.values()) <= sum(by_hand.values()))


@each
def test_names_say_what_they_hold(name: str) -> None:
    holds("names", name, pair(name).generated.share_without_a_name <= WITHOUT_A_NAME)


@pytest.mark.sampled(16)
@each
def test_it_needs_no_more_memory(name: str) -> None:
    """Both in a process of their own: what other tests have left behind would count with small arrays."""
    command = [sys.executable, "-m", "tests.adjoints.compared", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    mine, by_hand = map(float, done.stdout.split())
    holds("memory", name, mine <= MEMORY * by_hand)


def rewrite() -> None:
    """Write the generated files."""
    for name in NAMES:
        (FOLDER / name / "generated.py").write_text(written(pair(name)), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
