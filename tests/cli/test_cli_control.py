"""What the command line does with loops: it shows, checks and exports what a derivative would run, and says why where that is recorded."""

from __future__ import annotations

import dataclasses
import json

import pytest

from s2sad import CannotBeNative, native
from s2sad.calls import tiers
from tests.command_line import folder_fixture, run_fixture  # noqa: F401

LOOPS = """\
import math


def settled(x, n):
    total = 0.0
    for _ in range(n):
        x = x * 0.99 + math.sin(x) * 0.01
        total += x
    return total


def stepped(x, n):
    class Step:
        scale = 0.5

    for _ in range(n):
        x = x * Step.scale
    return x
"""
WHY = "loops.py:13:5: a class that is defined inside the function"


@pytest.fixture(autouse=True)
def _loops(folder) -> None:
    (folder / "loops.py").write_text(LOOPS)


def test_what_is_shown_is_what_runs(run):
    status, out, _ = run("inspect", "loops.py:settled", "--at", "1.0", "n=3000")
    assert status == 0
    assert (
        out
        == """\
def settled_value_and_grad(x, n):
    total = 0.0
    x_saved = [0.0] * n
    for i in range(n):
        x_saved[i] = x
        # loops.py:7  x = x * 0.99 + math.sin(x) * 0.01
        x = x * 0.99 + math.sin(x) * 0.01
        # loops.py:8  total += x
        total += x
    x_bar = 0.0
    for x in x_saved[::-1]:
        # adjoint of loops.py:8
        x_bar_1 = x_bar + 1.0
        # adjoint of loops.py:7
        x_bar = 0.01 * (math.cos(x) * x_bar_1) + 0.99 * x_bar_1
    return total, x_bar

# value  1399.3612928738469
# d/dx   438.11020964014244
"""
    )


@pytest.mark.parametrize(
    ("control", "n", "kept"), [("auto", 3, False), ("auto", 30, True), ("record", 30, False), ("keep", 3, True)]
)
@pytest.mark.parametrize("stage", ["wengert", "adjoint", "optimised", "code"])
def test_each_stage_is_of_what_runs(run, stage, control, n, kept):
    _, out, _ = run("inspect", "loops.py:settled", "--at", "1.0", f"n={n}", "--control", control, "--stage", stage, "--json")
    shown = json.loads(out)
    assert shown["kept"] is kept and shown["reasons"] == []
    same = ("keep" if kept else "record", "--stage", stage, "--json")
    again = json.loads(run("inspect", "loops.py:settled", "--at", "1.0", f"n={n}", "--control", *same)[1])["text"]
    assert shown["text"] == again.replace("loops_file", "loops")  # as the second import of a file is called
    assert (len(shown["text"].splitlines()) > 60) is (n == 30 and not kept)


def test_why_it_is_recorded_is_said(run):
    _, out, _ = run("inspect", "loops.py:stepped", "--at", "1.0", "n=14")
    assert out.splitlines()[-1].startswith("# recorded, as it is not kept: ") and WHY in out.splitlines()[-1]
    _, out, _ = run("inspect", "loops.py:stepped", "--at", "1.0", "n=14", "--json")
    assert json.loads(out)["kept"] is False
    (reason,) = json.loads(out)["reasons"]
    assert WHY in reason
    assert "recorded" not in run("inspect", "loops.py:stepped", "--at", "1.0", "n=14", "--control", "record")[1]
    status, _, err = run("inspect", "loops.py:stepped", "--at", "1.0", "n=3", "--control", "keep", "--argnums", "x")
    assert status == 2 and "cannot be kept" in err


def test_a_check_is_of_what_runs(run):
    status, out, _ = run("check", "loops.py:stepped", "--at", "1.0", "n=14")
    assert status == 0 and WHY in out.splitlines()[-1]
    status, out, _ = run("check", "loops.py:stepped", "--at", "1.0", "n=14", "--control", "record")
    assert status == 0 and "recorded" not in out
    status, out, _ = run("check", "loops.py:settled", "--at", "1.0", "n=30", "--control", "keep")
    assert status == 0 and "all agree" in out


@pytest.mark.parametrize(("control", "n", "kept"), [("auto", 3, False), ("auto", 30, True), ("record", 30, False), ("keep", 3, True)])
def test_an_export_is_of_what_runs(run, control, n, kept):
    status, out, _ = run("export", "loops.py:settled", "--at", "1.0", f"n={n}", "--control", control)
    assert status == 0 and ("for i in range(n):" in out) is kept
    assert ("`n` is" in out) is not kept


def test_an_export_says_why_it_is_recorded(run):
    _, out, _ = run("export", "loops.py:stepped", "--at", "1.0", "n=14")
    lines = out.splitlines()
    place = lines.index("# Recorded: the way of this point alone, as loops and branches are not kept")
    assert lines[place + 1] == f"#     {WHY}"


def test_a_backend_is_chosen_and_it_is_said_why_it_is_not_taken(run, monkeypatch) -> None:
    monkeypatch.setattr(tiers, "in_vain", lambda path, leaves: "it is as quick in Python")
    status, out, _ = run("inspect", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "auto")
    assert status == 0 and out.splitlines()[-1].startswith("# in Python: ")
    assert out.splitlines()[-1].endswith("loops.py:4:1: not native: it is as quick in Python")
    status, out, _ = run("check", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "auto")
    assert status == 0 and "in Python: " in out
    assert run("inspect", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "jax")[0] == 2


def test_native_code_is_shown_with_the_text_that_calls_it(run, monkeypatch) -> None:
    def native_path(path, settings):
        return dataclasses.replace(path, native_text="# the native code\n")

    monkeypatch.setattr(native, "native_path", native_path)
    status, out, _ = run("inspect", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "numba")
    assert status == 0 and out.startswith("def settled_value_and_grad(x, n):") and "\n\n\n# the native code\n\n# value " in out
    shown = json.loads(run("inspect", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "numba", "--json")[1])
    assert shown["native"] is True and shown["kept"] is True and shown["reasons"] == []


def test_what_cannot_be_native_is_an_error(run, monkeypatch) -> None:
    def native_path(path, settings):
        raise CannotBeNative("it is a test")

    monkeypatch.setattr(native, "native_path", native_path)
    status, _, err = run("inspect", "loops.py:settled", "--at", "1.0", "n=3", "--backend", "numba")
    assert status == 2 and "loops.py:4:1: cannot be native: it is a test" in err and "hint: use backend" in err
