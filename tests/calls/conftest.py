"""What tests of calls share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from s2sad.calls import kept_paths


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Has the emitter write something else in kept code."""

    found = []

    def write(text: str, instead: str) -> None:
        emit = kept_paths.emit

        def emitted(function: Any, **options: Any) -> Any:
            made = emit(function, **options)
            found.append(text in made.source)
            return dataclasses.replace(made, source=made.source.replace(text, instead))

        monkeypatch.setattr(kept_paths, "emit", emitted)

    yield write
    assert any(found)
