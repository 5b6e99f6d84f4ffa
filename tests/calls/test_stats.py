"""Numbers about the calls of a derived function, and what it costs to count."""

from __future__ import annotations

import time

import numpy as np
import pytest

import s2sad
from s2sad import grad
from s2sad.api.derivatives import Vjp
from tests.oracles import module

TOTAL = "import numpy as np\ndef f(x):\n    s = 0.0\n    for i in range(len(x)):\n        s = s + x[i]\n    return s\n"


def test_stats_count_what_came_of_the_calls() -> None:
    text = "def f(x, n):\n    for _ in range(n):\n        x = x * x\n    return x if n else print('none') or x\n"
    derivative = grad(module(text).f)
    for n in (1, 1, 2, 1):
        derivative(2.0, n)
    with pytest.raises(s2sad.NotDifferentiable):
        derivative(True, 1)
    found = derivative.stats()
    assert (found.calls, found.paths, found.hits, found.kept) == (5, 2, (1, 3), (False, False))
    assert (found.compilations, found.recordings, found.refusals, found.checks, found.faults) == (2, 2, 1, 0, 0)
    assert 0 < found.seconds < 10
    first, *rest = str(found).splitlines()
    assert (first, *rest[:2], rest[-1]) == (
        "5 calls",
        "    path 0, recorded: 1 call",
        "    path 1, recorded: 3 calls",
        "0 checks at first use",
    )
    assert rest[2].startswith("2 compilations in 0.") and rest[2].endswith(" s, 2 recordings, 1 refusal")
    assert repr(found) == str(found)


def test_a_refusal_to_keep_is_counted() -> None:
    derivative = grad(module("def f(x, n):\n    s = []\n    for i in range(n):\n        s.append([x] * i)\n    return s[-1][0]\n").f,
                      control="keep")  # fmt: skip
    with pytest.raises(s2sad.CannotKeep):
        derivative(2.0, 3)
    assert derivative.stats().refusals == 1 and derivative.stats().compilations == 0


def test_a_pullback_counts() -> None:
    derived = Vjp(module(TOTAL).f)
    for _ in range(3):
        derived.halves((np.ones(3),), {})
    assert derived.stats().calls == 3 and derived.stats().hits == (3,)


def test_calls_of_paths_that_are_forgotten_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s2sad.calls.stored_paths.PATHS_KEPT", 2)
    derivative = grad(module("def f(x, n):\n    for _ in range(n):\n        x = x * x\n    return x\n").f, control="record")
    for n in (1, 2, 2, 3, 3, 3, 2):
        derivative(2.0, n)
    assert derivative.stats().calls == 7 and derivative.stats().hits == (3, 3)


def test_counting_is_near_free() -> None:
    """One addition for a call that takes the short way in: the smaller part of what such a call takes."""
    derivative = grad(module("def f(x):\n    return x * x\n").f)
    derivative(2.0)
    path = derivative.paths[0]
    best = {"call": 1.0, "count": 1.0, "loop": 1.0}
    for what in ("call", "count", "loop") * 20:
        start = time.process_time()
        for _ in range(10_000):
            if what == "call":
                derivative(2.0)
            elif what == "count":
                path.hits += 1
        best[what] = min(best[what], time.process_time() - start)
    assert best["count"] - best["loop"] < 0.25 * (best["call"] - best["loop"]), best
