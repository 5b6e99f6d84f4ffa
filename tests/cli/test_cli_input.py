"""What a command line refuses, and how its values are read."""

from __future__ import annotations

import re

import numpy as np
import pytest

from s2sad.cli.inputs import InputError, argnums, candidates, load, point, value
from tests.command_line import folder_fixture, run_fixture  # noqa: F401


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["inspect", "nofile.py:f", "--at", "1"], r"s2sad: no such file: nofile\.py"),
        (["inspect", "model.py", "--at", "1"], r"s2sad: model\.py: name a function after a colon, as in .*"),
        (["inspect", "model.py:g", "--at", "1"], r"s2sad: model\.py has no 'g'; it defines f, power, .*"),
        (["inspect", "model.py:powr", "--at", "1"], r"s2sad: model\.py has no 'powr'; did you mean power\?"),
        (["inspect", "model.py:RATE", "--at", "1"], r"s2sad: model\.py:RATE is of type float, not a function"),
        (["inspect", "nomodule:f", "--at", "1"], "s2sad: no module named nomodule"),
        (
            ["inspect", "model.py:elementwise", "--at", "1"],
            ".* is an? elementwise gradient; name the function it is of",
        ),
        (
            ["inspect", "model.py:Needs.loss", "--at", "1"],
            r"s2sad: model\.py:Needs\.loss needs an instance, and Needs\(\) takes .*",
        ),
        (["inspect", "model.py:f", "--at", "1"], r"s2sad: f\(x1, x2\): missing a required argument: 'x2'.*"),
        (["inspect", "model.py:f", "--at", "1", "2", "3"], r"s2sad: f\(x1, x2\): too many positional arguments.*"),
        (["inspect", "model.py:f", "--at", "1", "y=2"], r"s2sad: f\(x1, x2\): .*"),
        (["inspect", "model.py:f", "--at", "1", "x2=2", "x2=3"], "s2sad: --at x2=3: x2 is given twice"),
        (
            ["inspect", "model.py:f", "--at", "1", "abc"],
            "s2sad: --at abc: not a literal .* a string is written in quotes: .*",
        ),
        (["inspect", "model.py:f", "--at", "1", "__import__('os')"], "s2sad: --at __import__.*: not a literal .*"),
        (["inspect", "model.py:f", "--at", "1", "(2"], r"s2sad: --at \(2: not a literal .*"),
        (["inspect", "model.py:f", "--at", "1", ""], "s2sad: --at '': not a literal .*"),
        (["inspect", "model.py:norm", "--at", "nothing.npy"], r"s2sad: no such file: nothing\.npy"),
        (["inspect", "model.py:norm", "--at", "bad.npy"], r"s2sad: bad\.npy is no file of arrays: .*"),
        (["inspect", "model.py:norm", "--at", "objects.npy"], r"s2sad: objects\.npy is no file of arrays: .*"),
        (
            ["inspect", "model.py:named", "--at", "'a'", "'b'"],
            "s2sad: no argument is a number or an array of numbers.*",
        ),
        (
            ["inspect", "model.py:f", "--at", "2", "1", "--argnums", "1.5"],
            "s2sad: --argnums 1.5: neither a position nor the name .*",
        ),
        (
            ["inspect", "model.py:f", "--at", "2", "1", "--stage", "bytecode"],
            "s2sad: argument --stage: invalid choice: 'bytecode'.*",
        ),
        (["inspect", "model.py:f", "--at", "2", "1", "--graph", "f.txt"], r"s2sad: f\.txt: a graph is written as .*"),
        (["inspect", "model.py:f", "--at", "0", "1"], r".*model\.py:11: ValueError: math domain error"),
        (["inspect", "model.py:broken", "--at", "1.0"], r".*model\.py:52: IndexError: list index out of range"),
        (["check", "model.py:f", "--at", "0", "1"], r".*model\.py:11: ValueError: math domain error"),
        (["inspect", "syntax.py:f", "--at", "1"], r".*syntax\.py:2: SyntaxError: .*"),
        (
            ["inspect", "imports.py:f", "--at", "1"],
            r".*imports\.py:1: ModuleNotFoundError: No module named 'not_installed'",
        ),
        (
            ["inspect", "leaves.py:f", "--at", "1"],
            r"s2sad: the module ends the program when it is imported \(SystemExit: 3\)",
        ),
        (
            ["export", "model.py:f", "--at", "2", "1", "-o", "model.py"],
            r"s2sad: model\.py is the source of the function",
        ),
        (["export", "model.py:f", "--at", "2", "1", "-o", "no/out.py"], r"s2sad: no/out\.py cannot be written: .*"),
        (["verify", "model.py"], r"s2sad: model\.py was not exported by s2sad"),
        (["verify", "nofile.py"], r"s2sad: nofile\.py cannot be read: .*"),
        (["differentiate"], "s2sad: argument COMMAND: invalid choice: 'differentiate'.*"),
        ([], "s2sad: the following arguments are required: COMMAND.*"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_bad_input_is_one_line_and_status_2(run, folder, argv, message):
    (folder / "bad.npy").write_bytes(b"no array")
    np.save("objects.npy", np.array([None]), allow_pickle=True)
    (folder / "syntax.py").write_text("def f(x):\n    return (x\n")
    (folder / "imports.py").write_text("import not_installed\n")
    (folder / "leaves.py").write_text("import sys\nsys.exit(3)\n")
    source = (folder / "model.py").read_text()
    status, out, err = run(*argv)
    assert (status, out) == (2, "")
    lines = [line for line in err.splitlines() if line not in ("imported", "called")]
    assert len(lines) == 1 and re.fullmatch(message, lines[0]), err
    assert (folder / "model.py").read_text() == source


def test_errors_of_differentiation_show_the_line(run, folder):
    (folder / "draw.py").write_text("import random\n\n\ndef f(x):\n    return x * random.random()\n")
    status, out, err = run("export", "draw.py:f", "--at", "2.0")
    assert (status, out) == (2, "") and "Traceback" not in err
    place, line, caret = err.splitlines()[:3]
    assert re.fullmatch(r".*draw\.py:5:16: cannot be exported: random\(\) is performed anew .*", place)
    assert line.endswith("return x * random.random()") and caret.strip(" |") == "^" * 15
    status, _, err = run("inspect", "model.py:vector", "--at", "2.0")
    assert status == 2 and "returns an array of " in err and "Traceback" not in err


def test_literals_are_read_and_never_run(folder):
    for text in ("print('run')", "().__class__", "1 + f()", "lambda: 0", "[x for x in (1,)]"):
        with pytest.raises(InputError):
            value(text)
    assert value("[1.0, (2, {'a': None})]") == [1.0, (2, {"a": None})]
    assert value(" -inf") == -np.inf and np.isnan(value("nan"))


def test_files_of_arrays_are_read_without_pickle(folder):
    np.save("o.npy", np.array([{}]))
    with pytest.raises(InputError):
        value("o.npy")


def test_parts_of_the_input(folder):
    assert (
        argnums(["0"]) == 0
        and argnums(["x"]) == "x"
        and argnums(["-1", "y"]) == (-1, "y")
        and argnums(["0,1"]) == (0, 1)
    )
    function = load("model.py:norm")
    assert point(["[1.0]", "scale=2"], function) == (([1.0],), {"scale": 2})
    arguments = (1.0, 2, True, "a", None, [1, 2], [1.0], np.ones(2), np.ones(2, int), np.array(["a"]), 1j)
    assert candidates(lambda *a: 0, arguments, {"k": 3.0, "b": False}) == [
        (0, False), (1, True), (6, False), (7, False), (8, False), (10, False), ("k", False),
    ]  # fmt: skip
