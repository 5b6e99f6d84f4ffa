"""`s2sad rules`, the table of what has a derivative, and `s2sad check FILE.py`, which looks for calls of what has none."""

from __future__ import annotations

import json

import pytest

from tests.command_line import folder_fixture, run_fixture  # noqa: F401

CALLS = """\
import math
import numpy as np
import numpy.linalg as la
from numpy import load as read
import statistics


raise RuntimeError("nothing of this file may run")


def loss(x, file):
    table = read(file)
    y = np.fft.rfft(x) + np.tanh(x)
    print(np.base_repr(5), la.norm(y), math.sin(1.0))
    return statistics.mean(table) + np.no_such_function(y) + np.float64(x) + x.sum()
"""


def test_rules_are_found_by_a_part_of_their_name_or_a_pattern(run):
    status, out, err = run("rules", "np.*tanh")
    edges = "inf at 1 and -1; on a branch cut the slope of the side that the sign of zero chooses"
    told = [f"np.arctanh  elementwise  by x; complex; {edges}", f"np.atanh    elementwise  by x; complex; {edges}",
            "np.tanh     elementwise  by x; complex"]
    assert (status, out.splitlines(), err) == (0, told, "")
    _, out, _ = run("rules", "np.fft.*shift")
    assert out == "np.fft.fftshift   followed     complex\nnp.fft.ifftshift  followed\n"


def test_rules_as_json(run):
    _, out, _ = run("rules", "np.linalg.inv", "--json")
    (row,) = json.loads(out)["rules"]
    assert row == {"name": "np.linalg.inv", "kind": "rule", "forms": ["np.linalg.inv(a)"], "reverse": ["a"], "forward": "stated",
                   "complex": True, "kept": True, "source": "Giles, Collected matrix derivative results (2008), 2.2 and 2.3",
                   "note": "", "why": ""}  # fmt: skip


def test_of_one_function_all_is_told(run):
    _, out, _ = run("rules", "np.fft.rfft2")
    assert out == """np.fft.rfft2(a, s=None, axes=(-2, -1), norm=None)
  rule     linear
  reverse  by a
  forward  derived
  complex  no
  kept     yes
"""
    _, out, _ = run("rules", "np.linalg.det")
    assert out.endswith("  edges    singular: the cofactors; an empty matrix: an empty gradient\n")
    _, out, _ = run("rules", "np.fft.fftfreq")
    assert out == "np.fft.fftfreq\n  rule     followed\n  forward  derived\n  complex  no\n  kept     yes\n"
    _, out, _ = run("rules", "np.loadtxt")
    assert out == "np.loadtxt\n  rule     refused\n  why      it reads a file\n"


def test_what_is_refused_says_why(run):
    _, out, _ = run("rules", "np.load")
    assert "np.load     refused      it reads a file\n" in out


def test_a_name_that_no_function_has(run):
    assert run("rules", "nosuch") == (2, "", "s2sad: no function of NumPy or SciPy is called 'nosuch'; s2sad rules lists them all\n")


def test_a_file_is_searched_for_calls_without_a_rule(run, folder):
    (folder / "calls.py").write_text(CALLS)
    status, out, err = run("check", "calls.py")
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "calls.py:12:13: numpy.load: it reads a file",
        "calls.py:14:11: numpy.base_repr: it gives text",
        "calls.py:15:37: numpy.no_such_function: there is no such function",
    ]
    status, out, _ = run("check", "calls.py", "--json")
    assert [call["line"] for call in json.loads(out)["calls"]] == [12, 14, 15]


def test_a_file_in_which_everything_has_a_rule(run):
    status, out, _ = run("check", "model.py")
    assert (status, out) == (0, "model.py: every function of NumPy and SciPy that is called has a rule, or is followed\n")


def test_what_needs_no_rule_is_not_named(run, folder):
    """Draws are constants, and assertions and exceptions give no number."""
    (folder / "draws.py").write_text("""
import numpy as np
from numpy.testing import assert_allclose
noise = np.random.default_rng(0).normal(size=3)
def f(x):
    np.random.seed(0)
    assert_allclose(x, x)
    if np.any(x < 0):
        raise np.linalg.LinAlgError("negative")
    return np.ma.array(x) + np.random.normal(size=3)
""")
    status, out, _ = run("check", "draws.py")
    assert (status, out) == (1, "draws.py:10:12: numpy.ma.array: no rule\n")


@pytest.mark.parametrize(("file", "text", "message"), [
    ("absent.py", None, "absent.py cannot be read: No such file or directory"),
    ("syntax.py", b"def f(:\n", "syntax.py:1: invalid syntax"),
    ("latin.py", b"# \xe9\n", "latin.py is no text in UTF-8"),
])  # fmt: skip
def test_a_file_that_is_no_python(run, folder, file, text, message):
    if text is not None:
        (folder / file).write_bytes(text)
    assert run("check", file) == (2, "", f"s2sad: {message}\n")


def test_a_file_alone_takes_no_arguments(run):
    message = "s2sad: model.py names no function; --at and --argnums are for one, as in model.py:loss\n"
    assert run("check", "model.py", "--at", "2.0") == (2, "", message)
