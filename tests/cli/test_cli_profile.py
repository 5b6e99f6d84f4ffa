"""`s2sad profile`, `inspect --profile` and `inspect --nan`: what is printed, as text, as JSON and on the page."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from s2sad.cli.profiles import seconds, size, table
from s2sad.shown.profile import LineCost, Profile
from tests.command_line import folder_fixture, run_fixture  # noqa: F401

LOST = "import numpy as np\n\n\ndef f(x):\n    y = x - 1.0\n    return np.sqrt(y)\n"
TIME, SIZE = r"(0|[\d.]+ (s|ms|us))", r"(0|-|[\d.]+ (B|kB|MB|GB))"


def test_each_line_is_printed_with_its_costs(run):
    status, out, _ = run("profile", "model.py:power", "--at", "1.5", "40")
    lines = out.splitlines()
    assert status == 0 and re.fullmatch(rf"{TIME} a call, the quickest of \d+ calls, {SIZE} at most", lines[0])
    assert lines[1].split("  ")[-1] == "line"
    found = [line for line in lines[2:] if line.endswith("model.py:18  total = total * x")]
    assert len(found) == 1 and re.fullmatch(rf" *{TIME} +{TIME} +\d+% +{SIZE} +{SIZE}  model\.py:18  .*", found[0])


def test_costs_as_json(run):
    shown = json.loads(run("profile", "model.py:f", "--at", "2", "1", "--json")[1])
    (line,) = [cost for cost in shown["lines"] if cost["line"]]
    assert (shown["function"], line["line"], line["text"]) == ("model.py:f", 11, "return math.log(x1) + x1 * math.sin(x2)")
    assert line["forward"] > 0.0 and line["forward_bytes"] >= 0 and shown["seconds"] > 0.0 and not shown["native"]


def test_a_table_has_its_columns_one_below_the_other():
    costs = (LineCost("/a/model.py", 3, "y = x", 0.5, 0.25, 2_000_000, 0), LineCost("", 0, "loops", 0.25, 0.0, None, None))
    assert table(Profile(costs, 1.5, 2, None, True)).splitlines() == [
        "1.50 s a call, the quickest of 2 calls",
        "calls run native code, which is not measured by lines: these are the lines of the code in Python behind it",
        "forward  adjoint  of all  holds, forward  holds, adjoint  line",
        " 500 ms   250 ms     75%            2 MB               0  model.py:3  y = x",
        " 250 ms        0     25%               -               -  loops",
    ]
    assert (seconds(2.0), seconds(1.234e-5), size(0), size(1500)) == ("2.00 s", "12.3 us", "0", "1.5 kB")


@pytest.fixture(autouse=True)
def unheard():
    """What NumPy says of such numbers is of no concern here."""
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(
    ("point", "said"),
    [("0.5", "a NaN first arises in lost.py:6"), ("1.0", "an infinity first arises in the adjoint of lost.py:6")],
)
def test_where_a_number_is_lost_is_printed(run, folder, point, said):
    (folder / "lost.py").write_text(LOST)
    out = run("inspect", "lost.py:f", "--at", point, "--nan")[1]
    assert said in out and "\n    return np.sqrt(y)\n" in out and "      where " in out
    shown = json.loads(run("inspect", "lost.py:f", "--at", point, "--nan", "--json")[1])["nan"]
    assert shown["adjoint"] == ("adjoint" in said) and shown["where"].endswith("lost.py:6:12") and shown["operands"]
    assert "no NaN and no infinity in the value" in run("inspect", "lost.py:f", "--at", "2.0", "--nan")[1]


def test_the_page_has_both(run, folder):
    (folder / "lost.py").write_text(LOST)
    status, out, _ = run("inspect", "lost.py:f", "--at", "1.0", "--nan", "--profile", "--html", "page.html")
    assert status == 0 and "an infinity first arises" in out and "a call, the quickest of" in out
    text = (folder / "page.html").read_text()
    assert "an infinity first arises in the adjoint of lost.py:6" in text and 'id="panel-profile"' in text
    run("inspect", "lost.py:f", "--at", "1.0", "--html", "plain.html")
    assert 'id="panel-profile"' not in (folder / "plain.html").read_text()
