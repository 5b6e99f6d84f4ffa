"""Which elements are written again, read again, or touched before: told for indices that go with the steps of loops, and only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.ir.footprints import Access, Footprints
from s2sad.ir.program import Assign, Function, everything
from s2sad.rules.operations import GETITEM

X = np.linspace(0.2, 1.0, 6)
A = np.linspace(0.2, 1.0, 16).reshape(4, 4)


def looked_at(function: Callable[..., Any], *args: Any) -> tuple[Footprints, list[Access], list[Access]]:
    """The footprints of a function, with its reads of elements and parts and its writes, in the order of the text."""
    derivative = value_and_grad(function, control="keep")
    derivative(*args)
    whole: Function = derivative.paths[0].function
    statements = tuple(s for s in whole.statements if getattr(s, "phase", 0) == 0)
    found = Footprints(statements)
    made = [s for s in everything(statements) if isinstance(s, Assign) and s.targets and s.targets[0] in found.accesses]
    reads = [found.accesses[s.targets[0]] for s in made if s.primitive is GETITEM]
    return found, reads, [found.accesses[s.targets[0]] for s in made if s.primitive is not GETITEM]


def gone(function: Callable[..., Any], *args: Any) -> list[bool]:
    """Of each read whether what is read may be overwritten later."""
    found, reads, _ = looked_at(function, *args)
    return [found.overwritten(read) for read in reads]


def forward(x):
    for i in range(1, len(x)):
        x[i] = x[i - 1] * 0.5
    return np.sum(x)


def backward(x):
    for i in range(len(x) - 2, -1, -1):
        x[i] = x[i + 1] * 0.5
    return np.sum(x)


def by_reversed(x):
    for i in reversed(range(len(x) - 1)):
        x[i] = x[i + 1] * 0.5
    return np.sum(x)


def from_the_end(x):
    for i in range(1, len(x)):
        x[-i - 1] = x[-i] * 0.5
    return np.sum(x)


def in_twos(x):
    for i in range(0, len(x) - 1, 2):
        x[i] = x[i + 1] * 0.5
    return np.sum(x)


def odd_from_even(x):
    for i in range(len(x) // 2):
        x[2 * i + 1] = x[2 * i] * 0.5
    return np.sum(x)


def below(A):
    for i in range(1, A.shape[0]):
        for j in range(i):
            A[i, j] = A[i - 1, j] * 0.5
    return np.sum(A)


def turned(x):
    n = len(x)
    for i in range(1, n):
        x[n - 1 - i] = x[n - i] * 0.5
    return np.sum(x)


def grown(x):
    for i in range(1, len(x)):
        x[i] = np.sum(x[:i])
    return np.sum(x)


def one_side(x):
    for i in range(1, len(x)):
        if i > 2:
            x[i] = x[i - 1] * 0.5
    return np.sum(x)


def while_it_runs(x):
    i = 1
    while i < len(x):
        x[i] = x[i - 1] * 0.5
        i += 1
    return np.sum(x)


def if_there_is_one(x):
    for i in range(len(x)):
        if i > 0:
            x[i] = x[i - 1] * 0.5
    return np.sum(x)


def below_the_diagonal(A):
    for j in range(A.shape[0]):
        for i in range(j, A.shape[0]):
            if i != j:
                A[i, j] = A[j, j] * 0.5
    return np.sum(A)


def new_rows(A):
    for i in range(A.shape[0] - 1):
        row = A[i]
        for j in range(A.shape[1] - 1):
            A[i + 1, j] = row[j] * 0.5
    return np.sum(A)


@pytest.mark.parametrize("function", [forward, backward, by_reversed, from_the_end, in_twos, odd_from_even, turned, grown, one_side,
                                      while_it_runs, if_there_is_one])  # fmt: skip
def test_what_is_read_before_or_behind_the_writes_stays(function: Callable[..., Any]) -> None:
    assert gone(function, X) == [False]


@pytest.mark.parametrize("function", [below, new_rows, below_the_diagonal])
def test_what_is_read_in_other_rows_stays(function: Callable[..., Any]) -> None:
    assert not any(gone(function, A))


def ahead(x):
    for i in range(len(x) - 1):
        x[i] = x[i + 1] * 0.5
    return np.sum(x)


def itself(x):
    for i in range(len(x)):
        x[i] = x[i] * 0.5
    return np.sum(x)


def around_the_end(x):
    for i in range(len(x)):
        x[i] = x[i - 1] * 0.5
    return np.sum(x)


def reversal(x):
    n = len(x)
    for i in range(n):
        x[i] = x[n - 1 - i] * 0.5
    return np.sum(x)


def written_twice(x):
    for i in range(1, len(x)):
        x[i] = x[i - 1] * 0.5
    for i in range(len(x)):
        x[i] = 1.0
    return np.sum(x)


def unknown_place(x):
    k = 0
    for i in range(1, len(x)):
        x[k] = x[i] * 0.5
        k = k + 2 if x[i] > 9.0 else k
    return np.sum(x)


def jumping(x):
    i = 1
    while i < len(x):
        x[i] = x[i - 1] * 0.5
        i += 1 if x[i] > 9.0 else -1
        i = max(i, 2) * 2
    return np.sum(x)


@pytest.mark.parametrize("function", [ahead, itself, around_the_end, reversal, written_twice, unknown_place, jumping])
def test_what_may_be_overwritten_is_said_to_be(function: Callable[..., Any]) -> None:
    assert gone(function, X)[0]


def sweeps(A):
    for _ in range(3):
        for i in range(1, A.shape[0]):
            A[i, 0] = A[i - 1, 0] * 0.5
    return np.sum(A)


def lu(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] = A[i, k] / A[k, k]
            for j in range(k + 1, n):
                A[i, j] = A[i, j] - A[i, k] * A[k, j]
    return np.sum(A)


def test_steps_of_the_loops_around_count() -> None:
    assert gone(sweeps, A) == [True]
    found, reads, writes = looked_at(lu, A)
    assert [found.overwritten(read) for read in reads] == [True, False, True, False, False]
    assert [found.overwritten(write) for write in writes if write.thing is reads[0].thing] == [False, True]


def test_the_last_version_is_that_after_the_loops() -> None:
    _, reads, _ = looked_at(lu, A)
    thing = reads[0].thing
    assert thing.last is thing.versions[-1] and all(read.thing is thing for read in reads)


def fresh(x):
    y, z = np.zeros(len(x) + 2), np.zeros(len(x))
    for i in range(len(x)):
        y[i + 1] += x[i]
        z[0] += x[i] * 2.0
    return np.sum(y[1:]) + np.sum(z)


def test_first_additions_and_last_reads() -> None:
    found, _, (once, again) = looked_at(fresh, X)
    assert not found.touched_before(once) and found.touched_before(again)
    assert found.read_later(once) and found.read_later(again)


def unread(x):
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i + 1] = x[i]
        y[i] = y[i] * y[i + 1]
    return y[0]


def test_what_is_read_later() -> None:
    found, reads, (first, second) = looked_at(unread, X)
    assert found.read_later(first) and found.read_later(second)
    assert not found.may_follow(second, reads[1])


def through_a_part(x):
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i + 1] = x[i]
    part = y[1:]
    return part[0] * 2.0


def test_a_part_of_which_an_element_is_read_is_read() -> None:
    found, _, (write,) = looked_at(through_a_part, X)
    assert found.read_later(write)


def swapped(x):
    a, b = np.zeros(len(x)), np.ones(len(x))
    for i in range(1, len(x)):
        a[i] = b[i - 1] * x[i]
        a, b = b, a
    return np.sum(a)


def test_arrays_that_change_places_are_not_told_of() -> None:
    assert gone(swapped, X)[0]
