"""Where the first NaN or infinity of a call arises, with the operands."""

from __future__ import annotations

import numpy as np
import pytest

import s2sad
from s2sad.shown import nonfinite
from s2sad.shown.nonfinite import first_nonfinite


@pytest.fixture(autouse=True)
def unheard():
    """What NumPy says of such numbers is of no concern here."""
    with np.errstate(all="ignore"):
        yield


def root(x):
    y = x - 1.0
    return np.sqrt(y)


def logarithms(x):
    y = np.log(x)
    return np.sum(y * y)


def looped(x, n):
    total = 0.0
    for i in range(n):
        total = total + np.sqrt(x - 0.25 * i)
    return total


def late(x):
    low = np.maximum(x, -np.inf)
    return np.sum(low) * np.sqrt(x[0])


def found(function, *args, **options):
    return str(first_nonfinite(s2sad.grad(function, **options), args)).splitlines()


def test_it_arises_in_the_function():
    lines = found(root, 0.5)
    assert lines[0].startswith("a NaN first arises in test_nonfinite.py:") and "adjoint" not in lines[0]
    assert lines[1:] == ["    return np.sqrt(y)", "    np.sqrt(y) = nan", "      where y = -0.5"]


def test_it_arises_in_the_adjoint():
    lines = found(root, 1.0)
    assert lines[0].startswith("an infinity first arises in the adjoint of test_nonfinite.py:")
    assert lines[1] == "    return np.sqrt(y)" and lines[2].endswith(" = inf") and lines[3].endswith(" = 0.0")


def test_an_entry_of_an_array_is_named():
    lines = found(logarithms, np.array([[1.0, 0.0], [2.0, 0.0]]))
    assert lines[2:] == ["    np.log(x) = -inf at [0, 1]; of 4 entries 2 are not finite", "      where x = 0.0"]


@pytest.mark.parametrize("control", ["keep", "record"])
def test_the_step_of_a_loop_is_named(control):
    lines = found(looped, 0.9, 9, control=control)
    assert ("in the step i = 4" in lines[0]) == (control == "keep")
    assert lines[1] == "    total = total + np.sqrt(x - 0.25 * i)" and lines[-1].endswith(" = -0.09999999999999998")


def test_a_NaN_is_looked_for_where_there_is_one_in_the_results():
    """An infinity that a function begins with is none."""
    assert found(late, np.array([-1.0, 2.0]))[2] == "    np.sqrt(v1) = nan" or "nan" in found(late, np.array([-1.0, 2.0]))[2]


def test_where_there_is_none_nothing_is_said():
    assert first_nonfinite(s2sad.grad(root), (2.0,)) is None


def test_what_cannot_be_found_says_why(monkeypatch):
    assert found(root, float("nan")) == ["a NaN: the arguments hold one already"]

    def speaking(x):
        print(end="")
        return np.sqrt(x)

    assert found(speaking, 0.0) == ["an infinity: the place is not looked for, as the function has effects, which would happen again"]
    monkeypatch.setattr(nonfinite, "OPERATIONS", 3)
    assert found(looped, 0.9, 9, control="keep") == ["a NaN: it does not arise in the first 3 operations"]


def masked(x):
    low = np.sqrt(x - 10.0)
    kept = np.where(x > 5.0, low, 0.0)
    return np.sum(kept) + np.sum(np.log(x))


def masked_entries(x):
    return np.sum(np.where(x > 9.0, np.sqrt(x - 3.0), np.log(1.0 - x)))


@pytest.mark.parametrize("control", ["keep", "record"])
def test_what_is_masked_is_not_where_it_arises(control):
    assert found(masked, np.array([2.0, -1.0]), control=control)[1:3] == [
        "    return np.sum(kept) + np.sum(np.log(x))", "    np.log(x) = nan at [1]; of 2 entries 1 are not finite"]  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "record"])
def test_entries_that_are_masked_are_not_where_it_arises(control):
    said = found(masked_entries, np.array([0.0, 5.0]), control=control)
    assert said[2:] == ["    np.log(v1) = nan at [1]; of 2 entries 1 are not finite", "      where v1 = 1.0 - x = -4.0"]


@pytest.mark.parametrize("control", ["keep", "record"])
def test_what_a_loop_hands_on_is_followed_back(control):
    def f(x, n):
        aside = np.sqrt(x - 9.0)
        total = x
        for i in range(n):
            total = total * np.log(x + 0.5 - i) if i == 2 else total + 0.1
        return aside if x > 50.0 else total

    said = found(f, 0.5, 5, control=control)
    assert ("in the step i = 2" in said[0]) == (control == "keep"), said
    assert any("np.log" in line and line.endswith("= nan") for line in said), said
