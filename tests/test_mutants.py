"""The script that makes faults: where it makes them, what a stale one is, and what it says of what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import Found, Stale, place, summary
from tests.mutants_known import FAULTS, Fault

TEXT = """\
def first(x):
    return x + 1


class Second:
    def part(self, x):
        return x + 1
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "s2sad" / "inner").mkdir(parents=True)
    (tmp_path / "s2sad" / "inner" / "one.py").write_text(TEXT)
    return tmp_path


def test_a_text_is_found_wherever_it_stands(package: Path) -> None:
    path, at = place(package, Fault("part", "", "def part", "def other"))
    assert path.name == "one.py" and TEXT[at:].startswith("def part(self, x)")


def test_a_definition_tells_texts_apart(package: Path) -> None:
    assert place(package, Fault("plus", "", "x + 1", "x - 1", inside="first"))[1] == TEXT.index("x + 1")
    assert place(package, Fault("plus", "", "x + 1", "x - 1", inside="part"))[1] == TEXT.rindex("x + 1")


@pytest.mark.parametrize("fault", [Fault("gone", "", "x * 1", ""), Fault("plus", "", "x + 1", ""), Fault("plus", "", "x + 1", "", "third")])
def test_a_text_that_is_not_there_once_is_stale(package: Path, fault: Fault) -> None:
    with pytest.raises(Stale, match=fault.name):
        place(package, fault)


def test_a_fault_is_made_and_undone(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "ROOT", package)
    tree = object.__new__(mutants.Tree)
    tree.root = package
    monkeypatch.setattr(mutants, "_rewrite", lambda path, text: written.append(text))
    written: list[str] = []
    tree.undo(tree.make(Fault("plus", "", "x + 1", "x - 1", inside="first")))
    assert written == [TEXT.replace("x + 1", "x - 1", 1), TEXT]


def test_faults_have_names_of_their_own_and_change_something() -> None:
    assert len({f.name for f in FAULTS}) == len(FAULTS)
    assert len({f.breaks for f in FAULTS}) == len(FAULTS)
    assert all(f.old != f.new for f in FAULTS)


def test_what_is_known_is_added_up() -> None:
    one, other, third = FAULTS[:3]
    known = {one.name: Found("", "", True, True, "tests/test_a.py::test_b[c]"), other.name: Found("", "", False, True)}
    assert summary(known) == "of 2 faults the quick suite finds 1, the whole suite 2"
    known[third.name] = Found("", "", False)
    assert summary(known) == "of 3 faults the quick suite finds 1, the whole suite 2, 1 not tried with it"
    assert f"| {one.breaks} | quick |" in mutants.page(known)
    assert f"| {other.breaks} | whole |" in mutants.page(known)
    assert f"| {third.breaks} | not the quick one |" in mutants.page(known)
