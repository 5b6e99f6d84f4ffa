"""What is printed of objects and containers that hold followed values is what the function prints."""

from __future__ import annotations

import logging

import pytest

from s2sad import tape, value_and_grad
from s2sad.errors import MissingRule
from tests.oracles import module

WORLD = """
import logging
from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass

Row = namedtuple("Row", "a b")

class Plain:
    def __init__(self, k): self.k = k
    def __repr__(self): return "Plain" + repr(self.k)

class Neat(Plain):
    def __str__(self): return f"<{self.k:.2f}>"
    __repr__ = __str__

class Items(list): pass

@dataclass
class Point:
    k: float
"""
PRINTED = [
    "Row(x, 2.0)", "deque([x, 2.0])", "OrderedDict(a=x)", "Plain(x)", "Neat(x)", "Point(x)", "[Neat(x), x]", "Items([x])",
    "{1: x}.values()", "{1: [x]}.items()", "*map(str, [x, 2 * x]), sep='; '", "f'{Point(x)} {Neat(x)!r}', str(Neat(x))",
    "', '.join(f'{v:.2f}' for v in [x, 2.0])", "'%.3f, %s' % (x, [x])", "ValueError(x), {'a': (x, None)}",
]  # fmt: skip


@pytest.mark.parametrize("what", PRINTED)
def test_what_is_printed(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = module(f"{WORLD}\ndef f(x):\n    print({what})\n    return x * x\n")
    derivative = value_and_grad(made.f)
    for call in (derivative, lambda x: tape.gradient(made.f, (x,))):
        for x in (0.5, 0.25, 3.0, 0.5):
            made.f(x)
            wanted = capsys.readouterr().out
            assert call(x) == (x * x, 2.0 * x)
            assert capsys.readouterr().out == wanted


def test_what_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    made = module(f"{WORLD}\ndef f(x):\n    logging.getLogger('f').warning('%s %.2f %s', Neat(x), x, deque([x]))\n    return x * x\n")
    derivative = value_and_grad(made.f)
    for call in (derivative, lambda x: tape.gradient(made.f, (x,))):
        for x in (0.5, 0.25):
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                call(x)
            assert [r.getMessage() for r in caplog.records] == [f"<{x:.2f}> {x:.2f} deque([{x!r}])"]


CUT = """
class Cut(Plain):
    def __repr__(self): return LEFT + repr(self.k)[1:]

class Ring(deque): pass

LEFT = "<"
"""


def test_what_objects_in_containers_say_of_themselves_is_followed() -> None:
    made = module(f"{WORLD}{CUT}\ndef f(x):\n    return x * len(f'{{[Cut(x)]}} {{Point(Items([Cut(x)]))}} {{Row(Cut(x), 1)}}')\n")
    derivative = value_and_grad(made.f)
    for left in ("<", "<<<<", "<"):
        made.LEFT = left  # type: ignore[attr-defined]
        for x in (0.5, 0.25):
            assert derivative(x)[0] == made.f(x)


def test_a_text_that_cuts_through_that_of_a_followed_value_is_refused() -> None:
    made = module(f"{WORLD}{CUT}\ndef f(x):\n    return x * len(f'{{Ring([Cut(x)])}}')\n")
    with pytest.raises(MissingRule, match="is cut in a place"):
        value_and_grad(made.f)(0.5)
