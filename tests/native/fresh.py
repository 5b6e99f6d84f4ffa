"""Fresh interpreters for what only the next process can show, and a store in a place of its own."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from s2sad.native import store

ROOT = pathlib.Path(__file__).parent.parent.parent


def started(*lines: str, **environment: str) -> subprocess.Popen[str]:
    """A fresh interpreter that runs these lines."""
    environment = {"PYTHONPATH": str(ROOT), "S2SAD_CACHE_DIR": "", "OMP_NUM_THREADS": "1", **environment}
    run = [sys.executable, "-W", "error", "-c", "\n".join(map(textwrap.dedent, lines))]
    return subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def printed(process: subprocess.Popen[str]) -> list[str]:
    """What it prints, line by line."""
    said, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    return said.splitlines()


def fresh(*lines: str, **environment: str) -> list[str]:
    return printed(started(*lines, **environment))


@pytest.fixture(name="place")
def place_fixture(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """The directory of the store, which is not there yet."""
    place = tmp_path / "cache"
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(place))
    monkeypatch.setattr(store, "_made", {})
    return place


def anew(text: str, name: str, **options: Any) -> Any:
    """The function as the next process would have it: made from its text once more."""
    store._made.clear()
    return store.compiled(text, name, **options)


def hits(dispatcher: Any) -> int:
    """For how many types the machine code came from the disk."""
    return sum(dispatcher.stats.cache_hits.values())
