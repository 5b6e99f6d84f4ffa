"""A report as a table for notebooks."""

from __future__ import annotations

import xml.etree.ElementTree as xml

import numpy as np

import s2sad
from s2sad.check.report import Comparison, Report


def parsed(report: Report) -> xml.Element:
    """The table, which is well-formed."""
    return xml.fromstring(report._repr_html_())


def texts(element: xml.Element) -> list[str]:
    return [" ".join("".join(part.itertext()).split()) for part in element]


def test_ways_that_agree_have_a_row_each() -> None:
    report = s2sad.check_grads(lambda x: np.sum(x * x), (np.ones(3),))
    body = parsed(report).find("table/tbody")
    assert body is not None and len(body) == len(report.comparisons)
    rows = [texts(row) for row in body]
    assert ["compiled = tape", "agree", "3", "0.0e+00", ""] in rows
    assert ["tape = complex step", "not compared", "0", "", ""] in rows or ["tape = complex step", "agree"] in [row[:2] for row in rows]
    assert texts(parsed(report))[0].endswith("ok, all agree")


def test_numbers_that_differ_stand_below_their_row() -> None:
    comparison = Comparison("compiled", "tape", undecided=2)
    for place in range(3):
        comparison.add(f"x<{place}>", 1.0, 1.0 + place, 1e-9)
    report = Report("check of <lambda>()", 1.0, 3, [comparison], ["a & b"], {"tape": ValueError("1 < 2")})
    body = parsed(report).find("table/tbody")
    assert body is not None
    row, below = texts(body[0]), texts(body[1])
    assert row == ["compiled = tape", "2 disagree", "3", "", "2"]
    assert "x<2> 1.0 3.0 2.000e+00 apart" in below[0] and below[0].index("x<2>") < below[0].index("x<1>")
    assert texts(parsed(report))[0] == "check of <lambda>(): FAILED, tape raises ValueError"
    assert texts(parsed(report))[2:] == ["tape: 1 < 2", "note: a & b"]


def test_the_interpreter_shows_the_text() -> None:
    report = s2sad.check_grads(lambda x: x * x, (3.0,))
    assert repr(report) == str(report)


def test_the_columns_of_the_text_stand_in_line() -> None:
    agreeing = [Comparison(one, other, compared=1) for one, other in [("compiled, forward", "the function's value"), ("tape", "compiled")]]
    differing = Comparison("compiled", "complex step")
    for place, value in ("x", 1.0), ("x['a name that is long'][0, 1]", 0.1234567890123456 + 0.1234567890123456j), ("y", 100.0):
        differing.add(place, value, 2.0, 1e-9)
    lines = str(Report("check of f()", 1.0, 3, [*agreeing, differing])).split("\n")[2:]
    assert [line.index(word) for line, word in zip(lines, ["agree", "agree", "DISAGREE"], strict=False)] == [42, 42, 42]
    assert lines[3:] == [f"{place:<36}{one:>40}{other:>14}{apart}" for place, one, other, apart in [
        ("", "compiled", "complex step", ""),
        ("    y", "100.0", "2.0", "  9.800e+01 apart (tolerance 1.0e-09)"),
        ("    x['a name that is long'][0, 1]", "(0.1234567890123456+0.1234567890123456j)", "2.0", "  1.881e+00 apart (tolerance 1.0e-09)"),
        ("    x", "1.0", "2.0", "  1.000e+00 apart (tolerance 1.0e-09)")]]
