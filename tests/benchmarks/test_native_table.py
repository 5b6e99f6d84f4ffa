"""The table of native code says what was measured, what is missing and why, and which aims are met."""
from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from . import native
from .native_contestants import difference
from .native_rows import LOOPS, ROWS, Row

ONE = Row("a row", abs, abs, (1.0,), (0,), LOOPS)
REFUSED = "/a/place/kept.py:3:5: cannot be native: math.log has no native form 3 | return math.log(x) | ^^^ hint: use another"


def found(hand: float, native_seconds: float | None) -> native.Found:
    seconds = {"hand": hand, "interpreted": 9.0 * hand, "JAX": 2.0 * hand}
    if native_seconds is None:
        return native.Found(ONE, seconds, {"JAX": 0.5}, {"hand": 10}, {"native": REFUSED})
    return native.Found(ONE, seconds | {"native": native_seconds}, {"native": 2.5, "JAX": 0.5}, {"hand": 200_000, "native": 300_000})


def test_a_row_has_ratios_seconds_and_memory() -> None:
    assert native.columns(found(1e-3, 2e-3)) == ["a row", "1,000.00", "9", "2", "1", "2", "2.50", "0.50", "1.5"]
    assert native.columns(found(1e-3, None)) == ["a row", "1,000.00", "9", "-", "-", "2", "-", "0.50", "-"]


def test_the_aims_leave_half_a_microsecond_to_the_call() -> None:
    assert [found(1e-6, s).within for s in (1.64e-6, 1.66e-6, None)] == [True, False, None]
    assert native.verdicts(LOOPS, [found(1e-6, 1.64e-6), found(1e-6, 3e-6), found(1e-6, None)]) == [
        "- Within 1.15 and half a microsecond: 1 of 3.", "- Ahead of JAX (ahead on all): 1 of 2.", "- Compiled within 2 s: 0 of 3.",
    ]  # fmt: skip


def test_a_refusal_is_said_in_a_line_without_the_place_on_this_machine() -> None:
    said = "kept.py:3: cannot be native: math.log has no native form."
    assert native.reasons([found(1.0, None), found(1.0, 1.0)]) == [f"- a row: without native, {said}"]
    assert native.reasons([found(1.0, None)]) == [f"- native: {said}"]


def test_results_that_are_not_alike_differ() -> None:
    one = (1.0, (np.ones(2), 3.0))
    assert difference(one, one) == 0.0 and difference((1.0, (np.array([1.0, 1.5]), 3.0)), one) == 0.5
    assert [difference(o, one) for o in ((1.0, (np.ones(2),)), (1.0, (np.ones(3), 3.0)), (np.nan, one[1]))] == [np.inf] * 3


def test_every_program_that_was_asked_for_has_its_row() -> None:
    assert len(ROWS) == 48 and len({row.name for row in ROWS}) == 48 and sum(row.against_function for row in ROWS) == 20


@pytest.mark.sampled(8)
def test_a_row_is_measured() -> None:
    (row,) = native.chosen(["article f"])
    measured = native.measured(row, 1)
    assert {"hand", "interpreted"} <= set(measured.seconds) and set(measured.seconds) | set(measured.missing) == set(native.CONTESTANTS)
