"""Functions and methods as keys of containers from outside, and what they are told from others by."""
from __future__ import annotations

import sys
from typing import Any

import pytest

from s2sad import tape, value_and_grad


def scaled(x: Any) -> Any:
    return 2.0 * x


class Dial:
    def turn(self, x: Any) -> Any:
        return x

    def turn_back(self, x: Any) -> Any:
        return -x


DIAL, OTHER = Dial(), Dial()
SPEEDS = {DIAL.turn: 3.0, scaled: 5.0, OTHER.turn: 7.0}


def by_hash(x: Any) -> Any:
    return x * (hash(DIAL.turn) % 1000) + hash(scaled) % 1000 + len(dir(scaled))


def by_method(x: Any) -> Any:
    return x * SPEEDS.get(DIAL.turn, 1.0) * SPEEDS[scaled] * SPEEDS.get(DIAL.turn_back, 2.0) * dict.get(SPEEDS, DIAL.turn, 0.5)


def by_membership(x: Any) -> Any:
    keys = list(SPEEDS)
    if DIAL.turn in SPEEDS and DIAL.turn_back not in SPEEDS and {DIAL.turn: 1.0}[DIAL.turn]:
        return x * SPEEDS[DIAL.turn] * keys.count(DIAL.turn) * (1 + keys.index(DIAL.turn))
    return x


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("function", [by_hash, by_method, by_membership])
def test_functions_and_methods_are_found_as_what_they_are(function: Any, control: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = value_and_grad(function, control=control)
    for dial in (DIAL, DIAL, OTHER, Dial(), DIAL):
        monkeypatch.setattr(sys.modules[__name__], "DIAL", dial)
        value = function(2.0)
        assert derivative(2.0)[0] == value == tape.gradient(function, (2.0,))[0]
