"""The command line, mostly in this process: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import s2sad
from s2sad import cli
from s2sad.check import three_ways
from s2sad.cli import commands, highlight, parser
from tests.command_line import MODEL, folder_fixture, run_fixture  # noqa: F401

# inspect


def test_inspect_prints_the_code_the_value_and_the_gradient(run):
    status, out, err = run("inspect", "model.py:f", "--at", "2", "1")
    assert (status, err) == (0, "imported\n")
    assert (
        out
        == """\
def f_value_and_grad(x1, x2):
    # model.py:11  return math.log(x1) + x1 * math.sin(x2)
    sin_x2 = math.sin(x2)
    return math.log(x1) + x1 * sin_x2, sin_x2 + 1.0 / x1, x1 * math.cos(x2)

# value  2.3760891501757384
# d/dx1  1.3414709848078965
# d/dx2  1.0806046117362795
"""
    )


def test_what_is_printed_is_python(run):
    import math

    _, out, _ = run("inspect", "model.py:f", "--at", "2", "1")
    namespace: dict = {"math": math}
    exec(out, namespace)
    assert namespace["f_value_and_grad"](2.0, 1.0) == (2.3760891501757384, 1.3414709848078965, 1.0806046117362795)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("source", "def f(x1, x2):\n    return math.log(x1) + x1 * math.sin(x2)\n\n# value"),
        ("wengert", "    v4 = v1 + v3\n    return v4\n"),
        ("adjoint", "  adjoint\n    # model.py:11\n"),
        ("optimised", "    return v4, x1_bar, x2_bar\n"),
        ("code", "def f_value_and_grad(x1, x2):\n"),
    ],
)
def test_each_stage_is_shown(run, stage, expected):
    status, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--stage", stage)
    assert status == 0 and expected in out
    assert ("identity" in out) == (stage == "adjoint"), "only the adjoint as recorded still copies its inputs"
    assert ("adjoint" in out) == (stage in ("adjoint", "optimised"))


def test_the_trace_shows_both_halves(run):
    status, out, _ = run("inspect", "model.py:f", "--at", "2", "1", "--trace")
    lines = out.splitlines()
    assert status == 0
    assert lines[2] == "v-1 = x1 = 2.000       |  v4_bar = 1.0 = 1.000"
    assert lines[8] == "v4 = v1 + v3 = 2.376   |  v-1_bar += v1_bar / v-1 = 1.341"
    assert "def f_value_and_grad" not in out
    assert "# d/dx2  1.0806046117362795" in lines
    _, both, _ = run("inspect", "model.py:f", "--at", "2", "1", "--trace", "--stage", "code")
    assert "v4_bar = 1.0" in both and "def f_value_and_grad" in both


def test_the_graph_is_written(run, folder):
    status, out, err = run("inspect", "model.py:f", "--at", "2", "1", "--graph", "f.dot")
    assert status == 0 and out.startswith("def f_value_and_grad") and err.endswith("s2sad: wrote f.dot\n")
    text = (folder / "f.dot").read_text()
    assert text.startswith('digraph "f" {') and '"v3" -> "v4"' in text


def test_json_holds_everything(run, folder):
    status, out, err = run("inspect", "model.py:power", "--at", "2.0", "3", "--json", "--trace", "--graph", "p.dot")
    shown = json.loads(out)
    assert status == 0
    assert shown["s2sad"] == s2sad.__version__ and shown["function"] == "model.py:power"
    assert (shown["value"], shown["gradient"], shown["argnums"]) == (4.0, {"x": 6.0}, 0)
    assert shown["guards"] == ["model.py:17: `n` is 3", "model.py:19: `RATE` is of type float"]
    assert shown["stage"] == "code" and shown["text"].startswith("def power_value_and_grad(")
    assert shown["trace"]["inputs"] == ["v0 = x = 2.000"] and shown["trace"]["output"] == ["y = v4 = 4.000"]
    assert shown["graph"] == "p.dot" and (folder / "p.dot").exists()
    assert "called" in err and "imported" in err, "what the user's code prints goes to standard error"


def test_json_of_arrays_and_of_what_is_not_finite(run, folder):
    np.save("x.npy", np.array([[3.0, 4.0]]))
    shown = json.loads(run("inspect", "model.py:norm", "--at", "x.npy", "--json")[1])
    np.testing.assert_allclose(shown["gradient"]["x"], [[0.6, 0.8]], rtol=1e-15)
    with np.errstate(all="ignore"):
        shown = json.loads(run("inspect", "model.py:counted", "--at", "inf", "2", "--json")[1])
    assert shown["value"] == "inf"


def test_an_int_is_differentiated_where_the_function_lets_it(run):
    out = run("inspect", "model.py:f", "--at", "2", "1")[1]
    assert "float(" not in out and "d/dx1" in out and "d/dx2" in out
    out = run("inspect", "model.py:power", "--at", "2", "3")[1]
    assert "# d/dx" in out and "# d/dn" not in out
    out = run("inspect", "model.py:counted", "--at", "2", "3")[1]
    assert "# d/dx" in out and "# d/dn" not in out, "an argument annotated as int is none to differentiate"


def test_argnums_choose(run):
    out = run("inspect", "model.py:f", "--at", "2", "1", "--argnums", "1")[1]
    assert "# d/dx2  1.08" in out and "d/dx1" not in out
    out = run("inspect", "model.py:f", "--at", "2", "1", "--argnums", "x2,x1")[1]
    assert out.index("d/dx2") < out.index("d/dx1")
    out = run("inspect", "model.py:counted", "--at", "2.0", "3", "--argnums", "x", "n")[1]
    assert "# d/dn   2.0" in out


def test_arguments_by_name_and_from_files(run, folder):
    np.save("x.npy", np.array([3.0, 4.0]))
    np.savez("named.npz", x=np.array([3.0, 4.0]), scale=np.array(2.0))
    np.savez("unnamed.npz", np.array([6.0, 8.0]))
    np.savez("tree.npz", w=np.array([3.0, 4.0]), b=np.array(2.0))
    assert "# value     10.0\n" in run("inspect", "model.py:norm", "--at", "x.npy", "scale=2.0")[1]
    assert "# value     10.0\n" in run("inspect", "model.py:norm", "--at", "named.npz")[1]
    assert "# value  10.0\n" in run("inspect", "model.py:norm", "--at", "unnamed.npz")[1]
    out = run("inspect", "model.py:tree", "--at", "tree.npz")[1]
    assert "# d/dparams['w']  [2., 0.]" in out
    assert out == run("inspect", "model.py:tree", "--at", "params=tree.npz")[1]
    assert "# d/dx   6.0" in run("inspect", "model.py:named", "--at", "'square'", "x=3.0")[1]


def test_negative_numbers_are_no_options(run):
    for text, slope in (("-2", "-2.0"), ("-1e-3", "-0.001"), ("-.5", "-0.5")):
        out = run("inspect", "model.py:Model.fixed", "--at", text, "--argnums", "-1")[1]
        assert f"# d/dx   {2 * float(slope)!r}\n" in out


def test_methods_objects_and_derivatives(run):
    assert "# d/dx   3.0" in run("inspect", "model.py:Model.loss", "--at", "2.0")[1]
    assert "# d/dx   4.0" in run("inspect", "model.py:Model.fixed", "--at", "2.0")[1]
    assert "# d/dx   4.0" in run("inspect", "model.py:model.loss", "--at", "2.0")[1]
    assert "# d/dy   12.0" in run("inspect", "model.py:decorated", "--at", "2.0", "3.0")[1]
    assert "# d/dx   9.0" in run("inspect", "model.py:decorated", "--at", "2.0", "3.0", "--argnums", "0")[1]
    assert "# value  9.0\n# d/dx   6.0\n" in run("inspect", "model.py:with_aux", "--at", "3.0")[1]


def test_a_module_by_its_name(run):
    assert "# d/dx2  1.0806046117362795" in run("inspect", "model:f", "--at", "2", "1")[1]
    assert "# d/dx   -1.0" in run("inspect", "math:cos", "--at", "1.5707963267948966")[1]


def test_a_file_with_the_name_of_a_library_is_still_the_users(run, folder):
    (folder / "statistics.py").write_text("def mean(x):\n    y = x * x\n    return y\n")
    out = run("inspect", "statistics.py:mean", "--at", "3.0")[1]
    assert "statistics.py:2  y = x * x" in out and "# d/dx   6.0" in out


def test_a_file_is_read_anew(run, folder):
    for factor in (2, 3):
        (folder / "fresh.py").write_text(f"def f(x):\n    return x * {factor}\n")
        assert f"# d/dx   {factor}.0" in run("inspect", "fresh.py:f", "--at", "1.0")[1]
    assert not (folder / "__pycache__").exists()


def test_colour_is_for_terminals_unless_asked_for(run, monkeypatch):
    plain = run("inspect", "model.py:f", "--at", "2", "1")[1]
    coloured = run("inspect", "model.py:f", "--at", "2", "1", "--color", "always")[1]
    assert "\x1b[" not in plain and "\x1b[35mdef\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    terminal = types.SimpleNamespace(isatty=lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert highlight.wanted("auto", terminal) and not highlight.wanted("never", terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not highlight.wanted("auto", terminal) and highlight.wanted("always", terminal)


def test_colours_can_be_forced_where_there_is_no_terminal(run, monkeypatch):
    file = types.SimpleNamespace(isatty=lambda: False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert highlight.wanted("auto", file) and not highlight.wanted("never", file)
    assert "\x1b[35mdef\x1b[0m" in run("inspect", "model.py:f", "--at", "2", "1")[1]
    monkeypatch.setenv("FORCE_COLOR", "")
    assert not highlight.wanted("auto", file), "an empty one does not count"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not highlight.wanted("auto", file), "who wants no colour gets none"


def test_text_that_is_no_python_is_left_as_it_is():
    assert highlight.highlight("x = 'abc") == "x = 'abc"
    assert highlight.highlight("  a\n b\n") == "  a\n b\n"


# check


def test_check_agrees(run):
    status, out, _ = run("check", "model.py:f", "--at", "2", "1")
    assert status == 0 and "all agree" in out and "compiled = tape" in out
    status, out, _ = run("check", "model.py:f", "--at", "2", "1", "--json")
    shown = json.loads(out)
    assert status == 0 and shown["ok"] is True and shown["value"] == 2.3760891501757384
    assert {(c["one"], c["other"]) for c in shown["comparisons"]} >= {("compiled", "tape"), ("compiled", "differences")}


def test_check_sees_a_wrong_rule(run, folder):
    rule = 's2sad.elementwise("halve(x)", x="0.4")'
    text = f"import s2sad\n\n\ndef halve(x):\n    return x / 2\n\n\n{rule}\n\n\ndef f(x):\n    return halve(x)\n"
    (folder / "wrong.py").write_text(text)
    try:
        status, out, _ = run("check", "wrong.py:f", "--at", "2.0")
        assert status == 1 and "DISAGREE" in out and "FAILED" in out
        status, out, _ = run("check", "wrong.py:f", "--at", "2.0", "--json")
        shown = json.loads(out)
        assert status == 1 and not shown["ok"]
        worst = [d for c in shown["comparisons"] for d in c["disagreements"]]
        assert worst and abs(worst[0]["difference"] - 0.1) < 1e-6
    finally:
        for rule in [p for p in s2sad.rules.language.BY_FUNCTION if getattr(p, "__name__", "") == "halve"]:
            del s2sad.rules.language.BY_FUNCTION[rule]
        s2sad.rules.language.BY_NAME.pop("halve", None)


def test_check_follows_the_choice_of_arguments_and_leaves_out_what_is_beside_the_value(run, monkeypatch):
    seen = {}
    original = three_ways.check_grads

    def spy(f, args, argnums, **options):
        seen.update(args=args, argnums=argnums, options=options)
        return original(f, args, argnums, **options)

    monkeypatch.setattr(commands, "check_grads", spy)
    assert run("check", "model.py:f", "--at", "2", "x2=1", "--argnums", "x2")[0] == 0
    assert (seen["args"], seen["argnums"], seen["options"]["kwargs"]) == ((2, 1.0), "x2", {})
    assert run("check", "model.py:with_aux", "--at", "2.0")[0] == 0


def test_check_is_undecided_where_nothing_independent_could_be_compared(run, folder):
    (folder / "steps.py").write_text("def f(x):\n    return abs(x)\n\n\ndef g(x, y):\n    return abs(x) * y\n")
    status, out, _ = run("check", "steps.py:f", "--at", "0.0")
    assert status == 3 and out.startswith("check of f(): undecided, no difference quotient could be relied on here")
    shown = json.loads(run("check", "steps.py:f", "--at", "0.0", "--json")[1])
    assert shown["undecided"] is True and shown["verdict"].startswith("no difference quotient")
    status, out, _ = run("check", "steps.py:g", "--at", "0.0", "2.0")
    assert status == 0 and "ok, all agree" in out, "one of two is certain"
    report = s2sad.check_grads(abs, (0.0,), modes=("compiled", "tape"))
    assert report.ok and not report.undecided, "differences were not asked for"


# export and verify


def test_export_writes_a_module_that_verify_knows(run, folder):
    status, out, err = run("export", "model.py:power", "--at", "2.0", "3", "-o", "out.py")
    assert (status, out) == (0, "") and err.endswith("s2sad: wrote out.py\n")
    module = runpy.run_path(str(folder / "out.py"))
    assert module["power_value_and_grad"](3.0, 3) == (13.5, 13.5)
    assert run("verify", "out.py") == (0, "out.py: up to date: matches model.py:power\n", "")
    (folder / "model.py").write_text(MODEL.replace("total * x", "total * x * 1.0"))
    assert run("verify", "out.py") == (1, "out.py: stale: power in model.py has changed\n", "")
    status, out, _ = run("verify", "out.py", "--json")
    assert (status, json.loads(out)) == (
        1,
        {"module": "out.py", "stale": True, "reason": "power in model.py has changed"},
    )


def test_export_goes_to_standard_output_without_a_file(run):
    status, out, _ = run("export", "model.py:f", "--at", "2", "1")
    assert status == 0 and out.startswith("# Exported by s2sad ") and "# source model.py:f sha256:" in out
    namespace: dict = {}
    exec(out, namespace)
    assert namespace["f_value_and_grad"](2, 1) == (2.3760891501757384, (1.3414709848078965, 1.0806046117362795))


def test_export_of_a_decorated_function(run):
    namespace: dict = {}
    exec(run("export", "model.py:decorated", "--at", "2.0", "3.0")[1], namespace)
    assert namespace["decorated_value_and_grad"](2.0, 3.0) == (18.0, 12.0)
    exec(run("export", "model.py:with_aux", "--at", "2.0")[1], namespace)
    assert namespace["with_aux_value_and_grad"](2.0) == ((4.0, "note"), 4.0)


def test_help_and_version(run, capsys):
    for argv in (["--help"], ["inspect", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as left:
            cli.main(argv)
        assert left.value.code == 0
    assert f"s2sad {s2sad.__version__}" in capsys.readouterr().out


@pytest.mark.sampled(2)
def test_as_a_program(folder):
    environment = {**os.environ, "PYTHONPATH": str(Path(s2sad.__file__).parents[1]), "PYTHONWARNINGS": "ignore"}

    def program(*argv, module="s2sad", **options):
        command = [sys.executable, "-m", module, *argv]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, **options)

    done = program("inspect", "model.py:f", "--at", "2", "1")
    assert (done.returncode, done.stderr) == (0, "imported\n")
    assert done.stdout.endswith(
        "# value  2.3760891501757384\n# d/dx1  1.3414709848078965\n# d/dx2  1.0806046117362795\n"
    )
    assert program("inspect", "model.py:f", "--at", "2", "1", module="s2sad.cli").stdout == done.stdout
    failed = program("inspect", "model.py:f", "--at", "x")
    assert failed.returncode == 2 and failed.stdout == "" and "Traceback" not in failed.stderr


@pytest.mark.sampled(2)
def test_the_answer_has_standard_output_for_itself(folder):
    """Whatever the function writes, from C, from a process of its own, or when all is over."""
    (folder / "noisy.py").write_text(NOISY)
    environment = {**os.environ, "PYTHONPATH": str(Path(s2sad.__file__).parents[1]), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "s2sad", "inspect", "noisy.py:f", "--at", "2.0", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0 and json.loads(done.stdout)["value"] == 4.0
    assert all(f"{who} speaks" in done.stderr for who in ("python", "the file", "a process", "the end"))


NOISY = """\
import atexit
import os
import subprocess

print("python speaks")
os.write(1, b"the file speaks\\n")
subprocess.run(["echo", "a process speaks"])
atexit.register(print, "the end speaks")


def f(x):
    print("python speaks")
    return x * x
"""


LOSS = """\
import numpy as np


def loss(x, rate=0.5):
    return (2.0 - rate * x) ** 2


def norm(x):
    return np.sqrt(np.sum(x * x))


def residuals(x):
    return np.diff(x) ** 2
"""


@pytest.mark.parametrize("command", list(parser.EXAMPLES))
def test_the_examples_of_each_help_run(command, run, folder, capsys, monkeypatch):
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(folder / "cache"))
    (folder / "model.py").write_text(LOSS)
    np.save("x.npy", np.array([3.0, 4.0]))
    run("export", "model.py:loss", "--at", "2.0", "0.5", "-o", "loss_gradient.py")
    with pytest.raises(SystemExit):
        cli.main([*([command] if command else []), "--help"])
    shown = [line.strip() for line in capsys.readouterr().out.partition("examples:\n")[2].splitlines()]
    assert shown == [*parser.EXAMPLES[command]] and shown
    for line in shown:
        program, *argv = shlex.split(line)
        status, _, err = run(*argv)
        assert program == "s2sad" and status == 0, err


def test_arguments_of_any_number_have_names_of_their_own(run, folder):
    (folder / "many.py").write_text("def f(a, *xs, k=1.0):\n    return a * sum(x * x for x in xs) * k\n")
    status, out, _ = run("inspect", "many.py:f", "--at", "2", "3", "4", "--mode", "forward", "--along", "0", "0.5", "1", "--json")
    assert status == 0 and json.loads(out)["along"] == {"a": 0.0, "xs_0": 0.5, "xs_1": 1.0}
    out = run("inspect", "many.py:f", "--at", "2", "3", "4", "k=2.0")[1]
    told = [line.split() for line in out.splitlines() if line.startswith("# d/d")]
    assert [(name, float(number)) for _, name, number in told] == [("d/da", 50.0), ("d/dxs_0", 24.0), ("d/dxs_1", 32.0), ("d/dk", 50.0)]
