"""What is asked of a machine stands at `Machine`, and what its kinds decide differently at `Decisions`."""

from __future__ import annotations

import ast
import inspect
import pathlib

import pytest

from s2sad.keep.keeper import Keeper
from s2sad.machine.decisions import Decisions
from s2sad.machine.questions import Machine
from s2sad.record.recorder import Recorder
from s2sad.tape import TapeMachine
from s2sad.tape.machine import OpenTape

KINDS = (Recorder, Keeper, TapeMachine, OpenTape)
MODULES = sorted(p for p in pathlib.Path(inspect.getfile(Machine)).parent.glob("*.py") if p.name != "__init__.py")


def asked(path: pathlib.Path) -> set[str]:
    """The attributes of machines that a module asks for: `machine.name`, also of one that is held."""
    attributes = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute))
    return {a.attr for a in attributes if ast.unparse(a.value) in ("machine", "self.machine")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_what_is_asked_of_any_machine_is_there(path: pathlib.Path) -> None:
    there = {*dir(Machine), *vars(Machine()), *inspect.get_annotations(Decisions)}
    assert not asked(path) - there


def test_each_decision_is_one_that_some_kind_of_machine_takes() -> None:
    decisions = [name for name, value in vars(Decisions).items() if inspect.isfunction(value)]
    assert len(decisions) > 30
    assert not [n for n in decisions if all(getattr(kind, n) is getattr(Decisions, n) for kind in KINDS)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_each_kind_takes_what_nothing_stands_for(kind: type) -> None:
    """Where `Decisions` has no answer, every kind of machine has one."""
    open_ones = [n for n, f in vars(Decisions).items() if inspect.isfunction(f) and "raise NotImplementedError" in inspect.getsource(f)]
    never = {"awaited"} if issubclass(kind, TapeMachine) else set()  # the tape compiles nothing
    assert {n for n in open_ones if getattr(kind, n) is getattr(Decisions, n)} == never


def test_a_kind_of_machine_is_a_machine_and_nothing_else() -> None:
    """What it knows besides are parts that it holds: a reader can tell which class answers."""
    assert [kind.__name__ for kind in Keeper.__mro__] == ["Keeper", "Lists", "Recorder", "Machine", "Decisions", "object"]
    assert [kind.__name__ for kind in OpenTape.__mro__] == ["OpenTape", "TapeMachine", "Machine", "Decisions", "object"]


def test_the_tape_knows_nothing_of_what_the_compiler_writes_down() -> None:
    """It is the reference: what it has in common with the compiler is what operations mean, and the rules."""
    files = pathlib.Path(inspect.getfile(OpenTape)).parent.glob("*.py")
    imports = [line for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("from s2sad.")]
    known = {"errors", "machine", "rules", "runtime", "settings", "tape", "tracebacks"}
    assert {line.split(".")[1].split()[0] for line in imports} == known
