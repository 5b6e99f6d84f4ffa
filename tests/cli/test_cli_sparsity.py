"""`s2sad sparsity`: the pattern of a Jacobian as text, as JSON and as a picture, and of which arguments it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import s2sad
from tests.command_line import folder_fixture, run_fixture  # noqa: F401

pytest.importorskip("scipy", reason="sparse Jacobians are of SciPy")
STENCIL = """\
import numpy as np
from s2sad import grad

print("imported")


def burgers(u):
    print("called")
    padded = np.concatenate([[0.0], u, [1.0]])
    return 0.1 * np.diff(padded, 2) - u * (padded[2:] - padded[:-2]) / 2.0


def scaled(k, x, *, shift=np.zeros(3)):
    return k * x + shift


def chosen(x, index):
    return x[index]


def of_parts(params):
    return {"first": params["w"] * params["b"], "second": params["w"][0]}


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


slope = grad(rosenbrock)


def added(first, *others):
    return sum(others, first)


class Model:
    def rate(self, x):
        return x[::-1]
"""
BURGERS = """\
5 x 5, 13 elements, 3 colours
a row for each element of the value, a column for each of u

##...
###..
.###.
..###
...##
"""


@pytest.fixture(name="stencil", autouse=True)
def stencil_fixture(folder):
    (folder / "stencil.py").write_text(STENCIL)


def test_the_pattern_is_printed(run):
    status, out, err = run("sparsity", "stencil.py:burgers", "--at", "np.linspace(0, 1, 5)")
    assert (status, out, err) == (0, BURGERS, "imported\ncalled\n")


def test_it_is_the_one_of_python(run):
    out = run("sparsity", "stencil.py:burgers", "--at", "np.ones(200)")[1]
    pattern = s2sad.sparsity(sys.modules["stencil"].burgers)(np.ones(200))
    assert out.split("\n\n")[1] == f"{pattern.picture()}\n" and len(pattern.picture().splitlines()) == 50
    assert out.splitlines()[:3] == [
        "200 x 200, 598 elements, 3 colours", "a row for each element of the value, a column for each of u",
        "each sign stands for 4 x 4 elements",
    ]  # fmt: skip


@pytest.mark.parametrize(("argv", "shape", "said"), [
    (["scaled", "--at", "2.0", "np.ones(3)"], "3 x 3", "a column for each of x"),
    (["scaled", "--at", "2.0", "np.ones(3)", "shift=np.ones(3)"], "3 x 6", "a column for each of x (3) and shift (3)"),
    (["scaled", "--at", "2.0", "np.ones(3)", "--argnums", "k", "x"], "3 x 4", "a column for each of k (1) and x (3)"),
    (["scaled", "--at", "2.0", "np.ones(3)", "--argnums", "0"], "3 x 1", "a column for each of k"),
    (["scaled", "--at", "2", "[1, 2]:array", "shift=[1, 1]:array"], "2 x 4", "a column for each of x (2) and shift (2)"),
    (["chosen", "--at", "np.ones(4)", "[2, 0, 2]:array"], "3 x 4", "a column for each of x"),
    (["of_parts", "--at", "{'w': np.ones(2), 'b': 1.0}"], "3 x 3", "a column for each of params"),
    (["added", "--at", "np.ones(2)", "np.ones(2)", "np.ones(2)"], "2 x 6", "first (2), others_0 (2) and others_1 (2)"),
    (["slope", "--at", "np.ones(4)"], "4 x 4", "a column for each of x"),
    (["Model.rate", "--at", "np.ones(2)"], "2 x 2", "a column for each of x"),
])  # fmt: skip
def test_the_columns_are_those_of_arrays_or_of_what_is_chosen(run, argv, shape, said):
    status, out, err = run("sparsity", f"stencil.py:{argv[0]}", *argv[1:])
    assert status == 0 and out.startswith(f"{shape}, ") and out.splitlines()[1].endswith(said), err


def test_a_pattern_that_holds_for_these_values_says_so(run):
    argv = "sparsity", "stencil.py:chosen", "--at", "np.ones(4)", "[2, 0]:array"
    assert run(*argv)[1].startswith("2 x 4, 2 elements, 1 colour, for these values alone\n")
    assert json.loads(run(*argv, "--json")[1])["fixed"] is False


def test_nothing_is_drawn_of_an_empty_one(run, folder):
    (folder / "empty.py").write_text("import numpy as np\n\n\ndef f(x):\n    return np.diff(x)\n")
    out = run("sparsity", "empty.py:f", "--at", "np.ones(1)")[1]
    assert out == "0 x 1, 0 elements, 0 colours\na row for each element of the value, a column for each of x\n"


def test_everything_as_json(run):
    status, out, _ = run("sparsity", "stencil.py:burgers", "--at", "u=np.linspace(0, 1, 3)", "--json")
    assert status == 0 and json.loads(out) == {
        "s2sad": s2sad.__version__, "function": "stencil.py:burgers", "argnums": 0, "arguments": {"u": 3}, "shape": [3, 3], "nnz": 7,
        "colours": 3, "mode": "forward", "fixed": True, "picture": ["##.", "###", ".##"],
        "rows": [0, 0, 1, 1, 1, 2, 2], "columns": [0, 1, 0, 1, 2, 1, 2],
    }  # fmt: skip
    shown = json.loads(run("sparsity", "stencil.py:scaled", "--at", "2.0", "np.ones(3)", "--argnums", "k", "--json")[1])
    assert (shown["argnums"], shown["arguments"], shown["mode"]) == ("k", {"k": 1}, "forward")


def test_the_picture_is_written_and_said(run, folder):
    status, out, err = run("sparsity", "stencil.py:burgers", "--at", "np.ones(5)", "-o", "pattern.svg")
    assert (status, out) == (0, BURGERS) and err.endswith("s2sad: wrote pattern.svg\n")
    text = (folder / "pattern.svg").read_text()
    assert text.startswith("<svg") and text.count("<rect") == 14 and "<title>5 x 5, 13 elements, 3 colours</title>" in text
    assert json.loads(run("sparsity", "stencil.py:burgers", "--at", "np.ones(5)", "-o", "pattern.svg", "--json")[1])["nnz"] == 13


def test_nothing_is_computed_for_a_picture_that_cannot_be_written(run):
    said = "s2sad: no/pattern.svg cannot be written: No such file or directory\n"
    assert run("sparsity", "stencil.py:burgers", "--at", "np.ones(5)", "-o", "no/pattern.svg") == (2, "", said)


def test_without_scipy_it_is_one_line_and_the_file_is_not_run(folder):
    code = "import sys; sys.modules['scipy'] = None; from s2sad.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "sparsity", "stencil.py:burgers", "--at", "np.ones(5)"]
    environment = {**os.environ, "PYTHONPATH": str(Path(s2sad.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    said = "s2sad: sparse derivatives are arrays of scipy.sparse, and SciPy is not installed: pip install 's2sad[sparse]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_what_is_not_sparse_is_said_at_its_line(run, folder):
    (folder / "dense.py").write_text("def f(x):\n    return x.sum() * x\n")
    status, out, err = run("sparsity", "dense.py:f", "--at", "np.ones(10001)")
    assert (status, out) == (2, "") and err.startswith(f"{folder}/dense.py:2:12: not differentiable: the Jacobian is not sparse")
