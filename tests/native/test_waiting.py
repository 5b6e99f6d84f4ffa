"""On a terminal a compilation that takes long is spoken of."""

from __future__ import annotations

import io
import re
import sys
import time
from typing import Any

import pytest

from s2sad.native import waiting
from tests.native.fresh import anew

pytest.importorskip("numba")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TEXT = "def f(x):\n    return g(x)\n\n\ndef g(x):\n    return x\n"


def compiled_on(stream: Any, monkeypatch: pytest.MonkeyPatch, text: str = TEXT) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    function = anew(text, "f", title="cost of mine")
    try:
        function(1.0)
    finally:
        monkeypatch.undo()
    time.sleep(0.02)  # nothing comes late
    return stream.getvalue() if stream is not None else ""


def test_it_is_said_once_and_how_long_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    said = compiled_on(Terminal(), monkeypatch)
    assert re.fullmatch(r"s2sad: compiling cost of mine for native code \.\.\. \d+\.\d s\n", said)


def test_a_compilation_that_fails_ends_its_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core.errors import TypingError

    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    stream = Terminal()
    with pytest.raises(TypingError):
        compiled_on(stream, monkeypatch, "def f(x):\n    return x.nothing\n")
    assert stream.getvalue().endswith(" s\n")


def test_what_is_quick_and_what_nobody_sees_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 60.0)
    assert compiled_on(Terminal(), monkeypatch) == ""
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    assert compiled_on(io.StringIO(), monkeypatch) == ""
    closed = Terminal()
    closed.close()
    for nothing in (None, closed):
        monkeypatch.setattr(sys, "stderr", nothing)
        assert anew("def f(x):\n    return x\n", "f")(1.0) == 1.0
