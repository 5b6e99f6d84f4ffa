"""`s2sad inspect --mode forward`: values and tangents at every stage, along what was asked for."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from s2sad.api.forward import Jvp
from s2sad.shown.show import listing
from tests.command_line import folder_fixture, run_fixture  # noqa: F401


def test_forward_prints_the_code_the_value_and_the_tangent(run):
    status, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--mode", "forward", "--along", "1", "0")
    assert status == 0
    assert (
        out
        == """\
def f_jvp(x1, x2, x1_dot, x2_dot):
    # model.py:11  return math.log(x1) + x1 * math.sin(x2)
    sin_x2 = math.sin(x2)
    return math.log(x1) + x1 * sin_x2, x1_dot / x1 + (x1_dot * sin_x2 + x2_dot * math.cos(x2) * x1)

# value    2.3760891501757384
# tangent  1.3414709848078965
"""
    )


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("source", "def f(x1, x2):\n    return math.log(x1) + x1 * math.sin(x2)\n\n# value"),
        ("wengert", "f(x1, x2)\n  premise  f.__code__ is that of line 10\n  premise  model.math is math\n  primal\n"),
        ("tangent", "  primal and tangent\n    x1_1 = identity(x1)\n"),
        ("optimised", "    v1 = math.log(x1)\n    v2 = x1_dot / x1\n"),
        ("code", "def f_jvp(x1, x2, x1_dot, x2_dot):\n"),
    ],
)
def test_each_stage_is_shown(run, stage, expected):
    status, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--mode", "forward", "--stage", stage)
    assert status == 0 and expected in out and "adjoint" not in out
    assert out.endswith(f"# tangent  {1 / 2 + math.sin(1) + 2 * math.cos(1)!r}\n"), "tangents are ones where none are given"


@pytest.mark.parametrize("stage", ["wengert", "tangent", "optimised", "code"])
def test_each_stage_of_what_is_kept_is_shown(run, stage):
    _, out, _ = run("inspect", "model.py:power", "--at", "2", "20", "--mode", "forward", "--along", "x=1", "--stage", stage)
    assert "for " in out and "adjoint" not in out and ("x_dot" in out) == (stage != "wengert")
    assert f"# value    {2.0**19}\n# tangent  {10 * 2.0**19}" in out


def test_stages_of_a_jvp_are_named_after_tangents():
    assert [*Jvp(lambda x: x * x).stages((2.0,), (1.0,))] == ["tangent", "optimised", "code"]
    stages = Jvp(lambda x, n: sum(x**k for k in range(n))).stages((2.0, 20), (1.0, None))
    assert [*stages] == ["tangent", "optimised", "code"]


def test_a_list_says_where_tangents_stand():
    def twice(x):
        y = x * x
        return math.sin(y) * y

    lines = listing(Jvp(twice).stages((2.0,), (1.0,))["tangent"]).splitlines()
    assert [line for line in lines if line.startswith("  ") and line[2] not in " p"] == []
    assert "  primal and tangent" in lines
    places = [next(k for k, line in enumerate(lines) if line.startswith(f"    {name} = ")) for name in ("y", "y_dot")]
    assert places == sorted(places) and max(places) < next(k for k, line in enumerate(lines) if "math.sin" in line)


def test_the_trace_shows_values_and_tangents_side_by_side(run):
    _, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--mode", "forward", "--along", "x1=1", "x2=-2", "--trace")
    assert (
        out.partition("\n\n")[0]
        == """\
value                  |  tangent
---------------------  |  -------------------------------------------------
v-1 = x1 = 2.000       |  v-1_dot = x1_dot = 1.000
v0 = x2 = 1.000        |  v0_dot = x2_dot = -2.000
---------------------  |  -------------------------------------------------
v1 = log(v-1) = 0.693  |  v1_dot = v-1_dot / v-1 = 0.500
v2 = sin(v0) = 0.841   |  v2_dot = v0_dot * cos(v0) = -1.081
v3 = v-1 * v2 = 1.683  |  v3_dot = (v-1_dot * v2) + (v2_dot * v-1) = -1.320
v4 = v1 + v3 = 2.376   |  v4_dot = v1_dot + v3_dot = -0.820
---------------------  |  -------------------------------------------------
y = v4 = 2.376         |  y_dot = v4_dot = -0.820"""
    )


def test_what_does_not_move_has_no_tangent(run):
    _, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--mode", "forward", "--argnums", "x2", "--trace", "--stage", "code")
    assert "v1 = log(x1) = 0.693  |\n" in out and "x1_dot *" not in out and "x1_dot /" not in out
    assert f"# tangent  {2 * math.cos(1)!r}" in out


def test_json_holds_value_tangent_and_direction(run, folder):
    np.save("x.npy", np.array([3.0, 4.0]))
    np.save("d.npy", np.array([1, 0]))
    argv = ("inspect", "model.py:norm", "--at", "x.npy", "--mode", "forward", "--along", "d.npy", "--json", "--trace", "--graph", "n.dot")
    status, out, _ = run(*argv)
    shown = json.loads(out)
    assert status == 0 and (shown["mode"], shown["along"], shown["value"]) == ("forward", {"x": [1.0, 0.0]}, 5.0)
    assert shown["tangent"] == pytest.approx(0.6, rel=1e-15)
    assert shown["trace"]["tangents"][0] == "v0_dot = x_dot = [1.000, 0.000]" and len(shown["trace"]["tangents"]) == 6
    assert (folder / "n.dot").read_text().startswith('digraph "norm"')
    out = run("inspect", "model.py:vector", "--at", "2", "--mode", "forward", "--json")[1]
    assert json.loads(out)["tangent"] == [1.0, 1.0], "a result of any shape"


def test_decorated_functions_and_containers(run):
    assert "# tangent  12.0" in run("inspect", "model.py:decorated", "--at", "2", "3", "--mode", "forward")[1]
    assert "# tangent  4.0" in run("inspect", "model.py:with_aux", "--at", "2", "--mode", "forward")[1]
    out = run("inspect", "model.py:tree", "--at", "{'w': [3.0, 1.0], 'b': 2.0}", "--mode", "forward", "--along", "{'w': [1, 0], 'b': 0}")[1]
    assert "# tangent  2.0" in out
    assert "# tangent  4.0" in run("inspect", "model.py:Model.fixed", "--at", "2", "--mode", "forward")[1]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("f", "--at", "2", "1", "--along", "1"), "--along is of forward mode; add --mode forward"),
        (("f", "--at", "2", "1", "--stage", "tangent"), "--stage tangent is not of reverse mode; its stage is called adjoint"),
        (("f", "--at", "2", "1", "--mode", "forward", "--stage", "adjoint"),
         "--stage adjoint is not of forward mode; its stage is called tangent"),
        (("f", "--at", "2", "1", "--mode", "forward", "--along", "1"),
         "--along: 1 given for x1, x2; None is for one that does not change, --argnums chooses"),
        (("f", "--at", "2", "1", "--mode", "forward", "--along", "x3=1"), "--along x3=1: x3 is none of the arguments that move (x1, x2)"),
        (("f", "--at", "2", "1", "--mode", "forward", "--along", "None", "None"), "--along moves no argument"),
        (("f", "--at", "2", "1", "--mode", "forward", "--along", "fast", "1"), "--along fast: this is no value; a string"),
        (("norm", "--at", "2.0", "scale=2.0", "--mode", "forward"),
         "forward mode passes arguments by position, which cannot be done with scale"),
        (("vector", "--at", "2", "--mode", "forward", "--argnums", "y"), "y"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(run, argv, message):
    status, out, err = run("inspect", f"model.py:{argv[0]}", *argv[1:])
    assert status == 2 and message in err and not out


def test_trace_and_graph_are_of_one_result(run, folder):
    (folder / "pairs.py").write_text("def pair(x):\n    return x * x, 3.0 * x\n")
    assert run("inspect", "pairs.py:pair", "--at", "2", "--mode", "forward")[1].endswith("# value    (4.0, 6.0)\n# tangent  (4.0, 3.0)\n")
    for option in (("--trace",), ("--graph", "p.dot")):
        status, _, err = run("inspect", "pairs.py:pair", "--at", "2", "--mode", "forward", *option)
        assert status == 2 and "is of one number or array, and pair() returns a tuple; look at a function" in err
