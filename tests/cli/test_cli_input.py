"""What a command line refuses, and how its values are read."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from s2sad.cli.inputs import argnums, candidates, load, point, value
from s2sad.cli.refused import InputError
from tests.command_line import folder_fixture, run_fixture  # noqa: F401


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
    for text in ("print('run')", "().__class__", "1 + f()", "lambda: 0", "[x for x in (1,)]", "np.load('model.py')", "np.array.__class__"):
        with pytest.raises(InputError):
            value(text)
    assert value("[1.0, (2, {'a': None})]") == [1.0, (2, {"a": None})]
    assert value(" -inf") == -np.inf and np.isnan(value("nan"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3", 1 / 3), ("pi", np.pi), ("-2*pi", -2 * np.pi), ("np.e", np.e), ("math.tau", math.tau), ("2**10", 1024), ("-1e-3", -1e-3),
        ("7 // 2 + 7 % 2", 4), ("(1, pi)", (1, np.pi)), ("{'w': [1/2]}", {"w": [0.5]}), ("'a:b'", "a:b"), ("1+2j", 1 + 2j), ("None", None),
        ("{1, 2}", {1, 2}), ("-np.inf", -np.inf), ("b'a'", b"a"), ("[]", []), ("True", True),
    ],
)  # fmt: skip
def test_numbers_are_calculated_by_a_grammar(text, expected):
    assert value(text) == expected and type(value(text)) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[1,2],[3,4]]:array", np.array([[1, 2], [3, 4]])), ("[1, 2]:float32", np.array([1, 2], np.float32)),
        ("np.linspace(0,1,5)", np.linspace(0, 1, 5)), ("np.linspace(0, pi, num=3)", np.linspace(0, np.pi, 3)),
        ("np.arange(6).reshape(2, 3) / 2", np.arange(6).reshape(2, 3) / 2), ("np.arange(1, 2, 1/4)", np.arange(1, 2, 0.25)),
        ("-np.ones((2, 2))", -np.ones((2, 2))), ("np.zeros(3, dtype=float)", np.zeros(3)), ("np.full(2, 1/3)", np.full(2, 1 / 3)),
        ("np.eye(2, dtype='float32')", np.eye(2, dtype=np.float32)), ("numpy.array([1, 2])", np.array([1, 2])),
        ("2.5:array", np.array(2.5)),
        ("np.array([1], dtype=np.int32)", np.array([1], np.int32)), ("np.logspace(0, 1, 2)", np.logspace(0, 1, 2)),
        ("[1, 2j]:array", np.array([1, 2j])), ("np.geomspace(1, 8, 4)", np.geomspace(1, 8, 4)), ("np.float32(2)", np.float32(2)),
    ],
)  # fmt: skip
def test_arrays_are_made_by_a_grammar(text, expected):
    found = value(text)
    assert type(found) is type(expected) and found.dtype == expected.dtype and np.array_equal(found, expected)


def test_nothing_large_is_made_of_a_short_text():
    for text in ("np.zeros(10**9)", "np.ones((10**5, 10**5))", "np.arange(1e12)", "np.linspace(0, 1, 10**10)", "np.eye(10**5)", "9**9**9"):
        with pytest.raises(InputError, match=r"more than 100,000,000 numbers|too large"):
            value(text)


def test_arrays_of_a_file_go_to_the_parameters_in_the_order_of_the_function(run, folder):
    np.savez("point.npz", x2=np.array(1.0), x1=np.array(2.0))
    function = load("model.py:f")
    assert point(["point.npz"], function) == ((2.0, 1.0), {})
    assert point(["x2=1.0", "x1=2"], function) == ((2, 1.0), {})
    out = run("inspect", "model.py:f", "--at", "point.npz", "--argnums", "1")[1]
    assert "# d/dx2  1.0806046117362795" in out
    assert "# tangent  " in run("inspect", "model.py:f", "--at", "point.npz", "--mode", "forward")[1]
    np.savez("count.npz", n=np.array(3), x=np.array(2.0))
    assert "# d/dx   6.0" in run("inspect", "model.py:power", "--at", "count.npz")[1]


def test_a_file_of_one_array_is_that_array(run, folder):
    np.savez("one.npz", weights=np.array([3.0, 4.0]))
    for token in ("one.npz", "x=one.npz"):
        assert "# value  5.0\n" in run("inspect", "model.py:norm", "--at", token)[1]


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
