"""Every program of the corpus with backend="numba": native code gives the numbers of the code in Python to rounding, or is refused.

Which programs are refused, and why, and of which native code leaves calls to Python, stands in `programs/not_native.txt`;
`python -m tests.test_native_programs` writes it anew. All of them run the text of native code as plain Python, some are compiled.
"""

from __future__ import annotations

import copy
import pathlib
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.errors import S2sadError
from tests import corpus
from tests.corpus import PROGRAMS, answers, close, identical, single
from tests.native.plainly import plain_python, uncompiled_fixture  # noqa: F401
from tests.programs import Program, of_its_class
from tests.sampling import RUN

pytest.importorskip("numba")

REFUSED, LEFT = "# refused", "# native, but for calls that are left to Python"
LISTED = pathlib.Path(__file__).parent / "programs" / "not_native.txt"
HEADING = 'Programs of which backend="numba" makes no native code, and why.\n'
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "error::s2sad.FaultWarning")


def reason_of(error: S2sadError) -> str:
    """The reason without what depends on the versions of Python, NumPy and Numba."""
    own = error.reason.partition("; and with loops and branches kept")[0]
    return re.sub(r" \(.*", "", own.replace("\n", " ")).replace("exception() is called", "exc_info() is called")


def listed(heading: str) -> dict[str, str]:
    """Names and reasons of a section of the file."""
    sections = re.split(r"^(# .*)\n", LISTED.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = sections[sections.index(heading) + 1]
    return dict(line.split(": ", 1) for line in text.splitlines() if line)


def agree(program: Program, args: tuple[Any, ...], number: int, derivative: Any) -> None:
    """A call gives the function's value and the recorded gradients, to rounding, and leaves its arguments alone."""
    before = copy.deepcopy(args)
    value, gradients = derivative(*args)
    assert identical(args, before)
    wanted = program.function(*copy.deepcopy(args))
    close(of_its_class(value, wanted) if number else value, wanted, 2e-5 if single(args) else 1e-12)
    close(gradients, answers(program).recorded(number), 2e-4 if single(args) else 1e-11)


def natively(program: Program, calls: list[int], check: bool = True) -> str:
    """The calls on one gradient with native code; empty where that served all, else the heading and what is to be listed."""
    derivative = value_and_grad(program.function, argnums=program.argnums, backend="numba")
    left: dict[int, None] = {}
    for number in calls:
        args, before = copy.deepcopy(program.calls[number]), behind(derivative)
        try:
            agree(program, args, number, derivative) if check else derivative(*args)
        except S2sadError as error:
            return f"{REFUSED}: {reason_of(error)}"
        if behind(derivative) > before:
            left[number] = None
    assert all(path.interpreted is not None for path in derivative.paths)
    assert derivative.stats().faults == 0
    return f"{LEFT}: {', '.join(map(str, left))}" if left else ""


def behind(derivative: Any) -> int:
    """How many calls native code has left to the path in Python behind it."""
    return sum(path.interpreted.hits for path in derivative.paths if path.interpreted is not None)


def expected(program: Program) -> str:
    for heading in (REFUSED, LEFT):
        if program.name in (found := listed(heading)):
            return f"{heading}: {found[program.name]}"
    return ""


@corpus.each()
@pytest.mark.long(3)
def test_native_text_gives_the_numbers_of_python(program: Program, uncompiled: None) -> None:
    assert natively(program, corpus.numbers(program)) == expected(program)


def native_ones() -> list[Program]:
    refused = listed(REFUSED) if LISTED.exists() else {}
    return [program for program in PROGRAMS if program.name not in refused]


@corpus.part(130, 80, native_ones())
def test_compiled_code_gives_the_numbers_of_python(program: Program) -> None:
    """All calls on one gradient, and the first once more; in the quick run, as each other path is compiled anew, the first one twice."""
    calls = [*range(len(program.calls)), 0] if RUN.whole else [0, 0]
    left = expected(program) if RUN.whole or expected(program).startswith(REFUSED) else None
    assert natively(program, calls) == left or left is None


def test_the_list_names_programs_of_the_corpus_in_order() -> None:
    for heading in (REFUSED, LEFT):
        names = list(listed(heading))
        assert names == sorted(names) and set(names) <= corpus.BY_NAME.keys()
    assert len(listed(REFUSED)) <= len(PROGRAMS) / 3, "most of the corpus has native code"


def attempted(program: Program) -> str:
    try:
        return natively(program, corpus.numbers(program), False)
    except Exception as error:  # which is a fault, and not to be listed
        print(f"{program.name}: {type(error).__name__}: {error}", flush=True)
        return ""


def lines(results: dict[str, str], heading: str) -> Iterator[str]:
    yield heading
    for name, found in sorted(results.items()):
        if found.startswith(f"{heading}: "):
            yield f"{name}: {found.removeprefix(f'{heading}: ')}"


def rewrite() -> None:
    """Write the list anew, from what the programs give now."""
    with plain_python():
        results = {program.name: attempted(program) for program in PROGRAMS}
    LISTED.write_text(HEADING + "".join("\n" + "\n".join(lines(results, heading)) + "\n" for heading in (REFUSED, LEFT)), encoding="utf-8")


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rewrite()
