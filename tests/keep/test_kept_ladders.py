"""Ladders of `elif`: each rung is one in the code as well, so that Python's limit to the depth of blocks is none to their length."""

from __future__ import annotations

import linecache
import warnings
from typing import Any

import numpy as np

from s2sad import value_and_grad


def ladder(rungs: int) -> Any:
    text = ["def ladder(x, c):", "    y = x"]
    for k in range(rungs):
        text += [f"    {'el' if k else ''}if c == {k}:", f"        y = {k}.0 * x"]
    text += ["    else:", "        y = x * x", "    return y"]
    source, names = "\n".join(text) + "\n", {}  # type: ignore[var-annotated]
    linecache.cache["<ladder>"] = (len(source), None, source.splitlines(keepends=True), "<ladder>")
    exec(compile(source, "<ladder>", "exec"), names)
    return names["ladder"]


def test_a_ladder_of_many_rungs_is_kept() -> None:
    derivative = value_and_grad(ladder(120), control="keep")
    assert derivative(1.5, 2) == (3.0, 2.0)
    assert derivative(1.5, 119) == (178.5, 119.0)
    assert derivative(1.5, 120) == (2.25, 3.0)
    assert [path.kept is not None for path in derivative.paths] == [True]


def test_what_arises_in_the_condition_of_a_rung_is_reported_with_its_line() -> None:
    def rungs(x: Any) -> Any:
        if x > 2.0:
            y, z, u, v = 1.0, 5.0, 0.0, 0.0
        elif np.log(x) > 0.0:
            y, z, u, v = 2.0, 4.0, 0.5, -0.5
        else:
            y, z, u, v = 3.0, 6.0, 1.0, -1.0
        return x * y + z + (u + v)

    derivative = value_and_grad(rungs, control="keep")
    assert derivative(1.5) == (7.0, 2.0)
    assert "    elif " in derivative.source
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert derivative(-1.0) == (3.0, 3.0)
    assert [(w.lineno, str(w.message)) for w in caught] == [(rungs.__code__.co_firstlineno + 3, "invalid value encountered in log")]
