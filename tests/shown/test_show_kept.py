"""Kept loops and branches as text: the listing of a path, and `s2sad inspect --control keep`."""

from __future__ import annotations

import json
import linecache

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.shown.show import listing
from tests.command_line import folder_fixture, run_fixture  # noqa: F401

LOOPS = """\
import numpy as np


def climb(x, n):
    total = x
    for _ in range(n):
        if total > 1.5:
            total = total * 0.5
        else:
            total = total * x + 1.0
    return total


def halve(x, limit):
    while x * x > limit:
        x = 0.5 * x
    return x


def smooth(a, n):
    u = a.copy()
    for _ in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1])
    return np.sum(u * u)
"""


@pytest.fixture(autouse=True)
def _loops(folder):
    (folder / "loops.py").write_text(f"{LOOPS}# {folder}\n")


def listed(name, *args):
    namespace = {}
    file = f"<loops {name}>"
    linecache.cache[file] = (len(LOOPS), None, LOOPS.splitlines(keepends=True), file)
    exec(compile(LOOPS, file, "exec"), namespace)
    derivative = value_and_grad(namespace[name], control="keep")
    derivative(*args)
    assert derivative.wengert == listing(derivative.paths[0].function)
    return derivative.wengert


def count(text, word):
    """How many statements that are no comment hold a region of this kind."""
    return sum(f"= {word}" in line and not line.strip().startswith("#") for line in text.splitlines())


def test_a_listing_shows_loops_and_branches():
    text = listed("climb", 0.7, 3)
    primal, _, adjoint = text.partition("  adjoint\n")
    for half in (primal, adjoint):
        assert count(half, "for") == count(half, "if") == half.count("\n        else\n") == 1
    loop = next(line for line in primal.splitlines() if "= for " in line)
    body = next(line for line in primal.splitlines() if "= if " in line)
    side = next(line for line in primal.splitlines() if line.endswith("* 0.5") and "#" not in line)
    depths = [len(line) - len(line.lstrip()) for line in (loop, body, side)]
    assert depths == sorted(set(depths)), "what is in a loop or a branch is indented"


def test_a_listing_shows_while_and_inner_loops():
    assert count(listed("halve", 3.0, 0.1), "while") == 1
    text = listed("smooth", np.linspace(0.1, 1.0, 5), 2)
    assert count(text, "for") == 4


def test_listings_do_not_depend_on_the_trip_count():
    assert listed("climb", 0.7, 3) == listed("climb", 0.7, 300)


@pytest.mark.parametrize("stage", ["source", "wengert", "adjoint", "optimised", "code"])
def test_inspect_shows_each_stage(run, stage):
    status, out, err = run("inspect", "loops.py:climb", "--at", "0.7", "3", "--control", "keep", "--stage", stage)
    assert (status, err) == (0, "")
    assert "for " in out and "if " in out and "else" in out
    assert "# value  " in out and "# d/dx   " in out
    longer = run("inspect", "loops.py:climb", "--at", "0.7", "300", "--control", "keep", "--stage", stage)[1]
    assert [t for t in longer.splitlines() if not t.startswith("#")] == [t for t in out.splitlines() if not t.startswith("#")]


@pytest.mark.parametrize("stage", ["source", "wengert", "adjoint", "optimised", "code"])
def test_inspect_as_json(run, stage):
    status, out, _ = run("inspect", "loops.py:climb", "--at", "0.7", "3", "--control", "keep", "--json", "--stage", stage)
    shown = json.loads(out)
    recorded = json.loads(run("inspect", "loops.py:climb", "--at", "0.7", "3", "--json", "--stage", stage)[1])
    assert status == 0
    assert shown["stage"] == stage and "for " in shown["text"]
    assert (shown["value"], shown["argnums"]) == (recorded["value"], recorded["argnums"])
    assert shown["gradient"]["x"] == pytest.approx(recorded["gradient"]["x"], rel=1e-12)


def test_without_control_the_way_of_the_call_is_shown(run):
    out = run("inspect", "loops.py:climb", "--at", "0.7", "3")[1]
    assert not any(line.strip().startswith("for ") for line in out.splitlines())
    assert out == run("inspect", "loops.py:climb", "--at", "0.7", "3", "--control", "record")[1]


def test_inspect_says_why_a_function_cannot_be_kept(run, folder):
    (folder / "printed.py").write_text("def f(x):\n    for _ in range(3):\n        x = x * x\n        input()\n    return x\n")
    status, out, err = run("inspect", "printed.py:f", "--at", "0.7", "--control", "keep")
    assert status != 0 and out == ""
    assert "printed.py:4:9: cannot be kept: input() is called" in err
