"""How long generated code is, over the corpus: a change for the worse is seen in the file of counts.

    python -m tests.test_generated_lines        writes `golden/counts.txt`
"""

from __future__ import annotations

import functools
import math
import statistics
import sys
import warnings
from pathlib import Path

import pytest

from tests import corpus
from tests.corpus import PROGRAMS, answers
from tests.generated_counts import lines_of_code, lines_of_function
from tests.programs import Program
from tests.test_kept_programs import FIRST, listed

COUNTS = Path(__file__).parent / "golden" / "counts.txt"
HEADING = "# Lines of generated code, and of the function with its helpers. `python -m tests.test_generated_lines` writes it anew.\n"
MEDIAN, NINE_IN_TEN = 2.9, 5.25
WORSE = 1.1
SORTING = ("containers.sort_in_place_then_index", "functions.sorted_with_key", "kept_flow.sorted_in_a_loop")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def counted(program: Program) -> tuple[int, int]:
    """The lines of what is generated for the first call, and those of the function; recorded is what cannot be kept."""
    control = "record" if program.name in listed(FIRST) else "keep"
    text = answers(program).first(control)[1]
    return lines_of_code(text), lines_of_function(program.function, text)


@functools.cache
def stored() -> dict[str, tuple[int, int]]:
    lines = COUNTS.read_text(encoding="utf-8").splitlines()[1:]
    pairs = (line.rsplit(": ", 1) for line in lines)
    return {name: (int(a), int(b)) for name, counts in pairs for a, b in [counts.split(" / ")]}


def ratios() -> list[float]:
    """Generated lines per line of the function, the fewest first."""
    return sorted(made / own for made, own in stored().values())


@corpus.each()
def test_generated_code_is_as_long_as_the_file_of_counts_says(program: Program) -> None:
    made, own = counted(program)
    before, function = stored()[program.name]
    assert own == function
    if program.name in SORTING and sys.version_info >= (3, 13):
        return  # a list is sorted by other comparisons there, each of which is in the text
    assert made <= max(before + 1, math.floor(WORSE * before)), f"{made} lines, where there were {before}"


def test_the_file_names_the_programs_of_the_corpus_in_order() -> None:
    assert list(stored()) == sorted(p.name for p in PROGRAMS)


def test_half_of_the_corpus_has_so_many_lines_for_each_line_or_fewer() -> None:
    found = ratios()
    assert statistics.median(found) <= MEDIAN
    assert found[math.ceil(0.9 * len(found)) - 1] <= NINE_IN_TEN


def rewrite() -> None:
    """Write the counts of all programs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {p.name: counted(p) for p in sorted(PROGRAMS, key=lambda p: p.name)}
    COUNTS.write_text(HEADING + "".join(f"{name}: {made} / {own}\n" for name, (made, own) in found.items()), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
