"""What pandas computes has no derivative: the line is refused, and what the error says to write instead works."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from s2sad import MissingRule, NotDifferentiable, grad, tape

FRAME = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 7.0], "kind": ["a", "b", "a"]})


def product(a, frame):
    return np.mean((a * frame["x"] - frame["y"]) ** 2)


def difference(w, frame):
    return np.sum((w - frame.x) ** 2)


def matrix(w, frame):
    return np.sum(frame[["x", "y"]] @ w[:2])


def assigned(a, frame):
    frame = frame.copy()
    frame["z"] = a * frame["x"].to_numpy()
    return frame["z"].sum()


def made(w, frame):
    return pd.Series(w).sum()


def applied(a, frame):
    return frame["x"].map(lambda x: a * x).sum()


@pytest.mark.parametrize("way", [grad, lambda f: lambda *args: tape.gradient(f, args)], ids=["grad", "tape"])
@pytest.mark.parametrize(
    "function, at, name",
    [
        (product, 2.0, "Series.__rmul__"),
        (difference, np.ones(3), "Series.__rsub__"),
        (matrix, np.ones(3), "DataFrame.__matmul__"),
        (assigned, 2.0, "DataFrame.__setitem__"),
        (made, np.ones(3), "Series.__init__"),
        (applied, 2.0, "Series.map"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_the_line_is_refused(way: Any, function: Any, at: Any, name: str) -> None:
    with pytest.raises(MissingRule, match=rf"pandas has no derivatives, and its {name}\(\) receives.*\n.*\n.*\n.*to_numpy") as caught:
        way(function)(at, FRAME)
    first = function.__code__.co_firstlineno
    assert caught.value.location is not None and first < caught.value.location.line <= first + 4


def test_what_stands_instead() -> None:
    def loss(a, frame):
        return np.mean((a * frame["x"].to_numpy() - frame["y"].to_numpy()) ** 2)

    step = 1e-6
    differences = (product(2.0 + step, FRAME) - product(2.0 - step, FRAME)) / (2.0 * step)
    assert grad(loss)(2.0, FRAME) == pytest.approx(differences, rel=1e-8)


def test_what_depends_on_no_parameter_is_left_to_pandas() -> None:
    def loss(w, frame):
        total = 0.0
        for kind, part in frame[frame["x"] < 3.5].groupby("kind"):
            total += w["ab".index(kind)] * part["y"].mean() * np.log1p(part["x"]).sum()
        return total

    found = grad(loss)(np.ones(2), FRAME)
    np.testing.assert_allclose(found, [4.5 * (np.log1p(1.0) + np.log1p(3.0)), 4.0 * np.log1p(2.0)], rtol=1e-12)


def test_a_frame_as_the_argument_is_refused() -> None:
    with pytest.raises(NotDifferentiable, match=r"is a Series, which has no derivative[^$]*to_numpy"):
        grad(lambda x: (x**2).sum())(FRAME["x"])
