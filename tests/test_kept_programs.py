"""Every program of the corpus with its loops and branches kept: the value of the function, and the gradient of the recorded path.

Which programs cannot be kept stands in `programs/not_kept.txt`, with the reason; `python -m tests.test_kept_programs` writes it anew.
"""

from __future__ import annotations

import inspect
import pathlib
import re
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from s2sad import trees
from s2sad.errors import S2sadError
from tests import corpus
from tests.corpus import PROGRAMS, answers, check_call, close, second_derivative, single
from tests.programs import Program

FIRST, SECOND = "# first order", "# second order, of those that are kept"
LISTED = pathlib.Path(__file__).parent / "programs" / "not_kept.txt"
AT_ONCE, LATER = "recorded after all", "recorded after all, at a later call"
ZERO = ("arrays_kernels_signals.viterbi_with_soft_maximum", "kept_state.discrete_fourier_sums")  # whose second derivative is rounding
HEADING = "# Programs whose loops and branches control=\"keep\" does not keep, and why.\n"
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def reason_of(error: S2sadError) -> str:
    """The reason without what depends on the versions of Python and NumPy."""
    return re.sub(r" \(.*", "", error.reason.replace("\n", " "))


def listed(heading: str) -> dict[str, str]:
    """Names and reasons of a section of the file."""
    found: dict[str, str] = {}
    section = ""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section = line
        elif section == heading and line:
            name, _, reason = line.partition(": ")
            assert name not in found
            found[name] = reason
    return found


# First order


def first_order(program: Program, check: bool = True) -> str:
    """Every call there and back on one gradient; why a call is not on a kept path, empty where all are."""
    derivative = answers(program).gradient("keep")
    found = ""
    for place, number in enumerate(corpus.numbers(program)):
        args = program.calls[number]
        try:
            if check:
                gradients = check_call(program, args, derivative) if place else answers(program).first("keep")[0]
            else:
                gradients = derivative(*args)[1]
        except S2sadError as error:
            return reason_of(error).replace("exception() is called", "exc_info() is called")  # what contextlib asks from Python 3.13 on
        if not found and any(path.kept is None for path in derivative.paths):
            found = LATER if place else AT_ONCE
        if check:
            close(gradients, answers(program).recorded(number), 2e-4 if single(args) else 1e-12)
    return found


@corpus.each()
def test_value_and_gradient_of_kept_control_flow(program: Program) -> None:
    assert first_order(program) == listed(FIRST).get(program.name, "")


# Second order


def second_order(program: Program, check: bool = True) -> str:
    derivative = second_derivative(program, "keep")
    number = next((number for number, args in enumerate(program.calls) if not single(args)), 0)
    args = program.calls[number]
    try:
        value, gradients = derivative(*args)
    except S2sadError as error:
        return reason_of(error)
    if check:
        expected, wanted = answers(program).second("record", number)
        rtol = 2e-4 if single(args) else 1e-10
        np.testing.assert_allclose(value, expected, rtol=rtol)
        if program.name in ZERO:
            for ours, theirs in zip(trees.flatten(gradients)[0], trees.flatten(wanted)[0], strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-12)
        else:
            close(gradients, wanted, rtol)
    return AT_ONCE if any(path.kept is None for path in derivative.paths) else ""


def kept_once() -> list[Program]:
    """Those of the modules of loops that have one to keep; it is the loops whose adjoint is differentiated here."""
    refused = listed(FIRST) if LISTED.exists() else {}
    loops = [p for p in PROGRAMS if p.name.startswith(("kept_", "arrays_kernels", "control_flow"))]
    kept = [p for p in loops if p.order > 1 and refused.get(p.name, LATER) in (LATER, AT_ONCE)]
    return [p for p in kept if re.search(r"^ +(for|while)\b", inspect.getsource(p.function), re.MULTILINE)]


@corpus.each(kept_once())
@pytest.mark.long(3)
def test_second_order_of_kept_control_flow(program: Program) -> None:
    assert second_order(program) == listed(SECOND).get(program.name, "")


def test_the_list_names_programs_of_the_corpus_in_order() -> None:
    names = {p.name for p in PROGRAMS}
    for heading in (FIRST, SECOND):
        found = list(listed(heading))
        assert found == sorted(found)
        assert set(found) <= names
    assert set(listed(SECOND)) <= {p.name for p in kept_once()}
    assert len(listed(FIRST)) < len(PROGRAMS) / 3, "most of the corpus can be kept"


def attempted(attempt: Callable[[Program, bool], str], program: Program) -> str:
    try:
        return attempt(program, False)
    except Exception as error:  # which is a fault, and not to be listed
        print(f"{program.name}: {type(error).__name__}: {error}")
        return ""


def rewrite() -> None:
    """Write the list anew, from what the programs give now."""
    parts = [HEADING]
    for heading, attempt, programs in ((FIRST, first_order, lambda: PROGRAMS), (SECOND, second_order, kept_once)):
        reasons = {p.name: attempted(attempt, p) for p in programs()}
        parts.append("\n".join(["", heading, *(f"{n}: {r}" for n, r in sorted(reasons.items()) if r), ""]))
        LISTED.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rewrite()
