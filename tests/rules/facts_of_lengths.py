"""That a parameter says how long a result is, is honoured where control flow is kept."""
from __future__ import annotations

from typing import Any

import numpy as np

import s2sad
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.types import indexing
from tests.rules.stating import honours, refused, rules, source


def measured(a: Any, n: Any) -> Any:
    return a


def measured_length(a: Any, n: Any) -> Any:
    return (indexing.chosen(n),)


@honours("counts")
def _() -> None:
    says_how_long(Facts(gives=measured_length, counts="n"))


def repeated(a: Any, n: Any) -> Any:
    return np.sum(a) * np.ones(n)


@honours("how_many")
def _() -> None:
    for how_many, wanted in (("n", 4.0), ("", 9.0)):  # as in the call before
        with rules():
            rule("repeated(a, n)", a="np.sum(g) * np.ones(np.shape(a))", n="0.0 * g", facts=Facts(how_many=how_many))
            found = s2sad.grad(lambda x, n: np.sum(repeated(x, n)) * repeated(x, n).size, control="record")
            found(np.ones(4), 3)
            assert found(np.ones(4), 2)[0] == wanted


@honours("adds")
def _() -> None:
    says_how_long(Facts(gives=measured_length, adds="n"))


def says_how_long(facts: Facts) -> None:
    """With the fact the result has a length of its own, which the same argument says again."""
    def f(x: Any, n: Any) -> Any:
        return np.sum(measured(x, n) * measured(2.0 * x, n))

    numbers, ones = np.ones(4), np.ones(4, int)
    with rules():
        rule("measured(a, n)", a="a * np.sum(g)", facts=facts)
        assert "summed_to" not in source(f, numbers, ones, control="keep")
    with rules():
        rule("measured(a, n)", a="a * np.sum(g)", facts=facts.but(counts="", adds=""))
        assert "how many elements a mask chooses" in refused(f, numbers, ones)
