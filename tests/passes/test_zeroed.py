"""What is zero everywhere is not added: a cotangent that has been set to zero in all of its parts; and only where it has been."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.passes import zeroed
from tests.passes.test_elements import A, kept


def through_edges(A):
    u = np.sin(A)
    v = u * u
    u[1:-1, 1:-1] = v[1:-1, 1:-1] * v[:-2, 1:-1] + v[2:, 1:-1]
    u[0, :] = 1.0
    u[:, 0] = v[:, 1] * 2.0
    u[:, -1] = 0.0
    u[-1, :] = 0.5
    return np.sum(u * u) + np.sum(v)


def through_rows(A):
    u = np.sin(A)
    v = u * u
    u[0, :] = v[0, :]
    for i in range(1, A.shape[0]):
        u[i, :] = u[i - 1, :] * v[i, :]
    return np.sum(u) + np.sum(v)


@pytest.mark.parametrize("function", [through_edges, through_rows])
def test_what_is_zero_is_not_added(function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = kept(function, A)
    monkeypatch.setattr(zeroed, "covered", lambda parts, shape: False)
    assert len(lines) < len(kept(function, A))


def one_row_is_left(A):
    u = np.sin(A)
    v = u * u
    for i in range(1, A.shape[0]):
        u[i, :] = v[i, :]
    return np.sum(u) + np.sum(v)


def written_after_that(A):
    u = np.sin(A)
    v = u * u
    for i in range(A.shape[0]):
        u[i, :] = v[i, :]
        u[0, :] = u[0, :] * v[i, :]
    return np.sum(u) + np.sum(v)


def on_a_condition(A):
    u = np.sin(A)
    v = u * u
    for i in range(A.shape[0]):
        if A[i, 0] > 0.5:
            u[i, :] = v[i, :]
    return np.sum(u) + np.sum(v)


def until_it_is_found(A):
    u = np.sin(A)
    v = u * u
    for i in range(A.shape[0]):
        if A[i, 0] > 0.5:
            break
        u[i, :] = v[i, :]
    return np.sum(u) + np.sum(v)


def by_a_table(A):
    u = np.sin(A)
    v = u * u
    for i in range(A.shape[0]):
        u[np.array([i, 0]), :] = v[i, :]
    return np.sum(u) + np.sum(v)


def every_other(A):
    u = np.sin(A)
    v = u * u
    for i in range(0, A.shape[0], 2):
        u[i] = v[i]
    return np.sum(u) + np.sum(v)


def changing_places(A):
    u, v = np.sin(A), np.cos(A)
    for _ in range(3):
        w = u * v
        u[:2] = w[:2]
        u[2:] = v[2:] * w[2:]
        u, v = v, u
    return np.sum(u) + np.sum(v * u)


@pytest.mark.parametrize("function", [one_row_is_left, written_after_that, on_a_condition, until_it_is_found, by_a_table, every_other,
                                      changing_places])  # fmt: skip
@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_what_may_not_be_zero_is_added(function: Callable[..., Any], rows: int) -> None:
    kept(function, np.linspace(0.2, 1.0, rows * 3).reshape(rows, 3))


def test_a_row_too_much_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeroed, "covered", lambda parts, shape: True)
    with pytest.raises(AssertionError):
        kept(one_row_is_left, A)


def used_twice(x):
    u = np.sin(x)
    y = u * u
    for i in range(len(x)):
        u[i] = y[i] * x[i]
    v = u * 1.0
    for i in range(len(x) - 1, -1, -1):
        u[i] = v[i] * v[i]
    return np.sum(u) * np.sum(v)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_it_holds_for_all_sizes(size: int) -> None:
    kept(used_twice, np.linspace(0.3, 0.9, size))
