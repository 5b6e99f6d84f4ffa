"""`s2sad cache`: what is stored, where, and clearing it."""

from __future__ import annotations

import json
import os
import pathlib
import time

import pytest

from s2sad.cli import main
from s2sad.native import files

HEADER = {"title": "loss", "types": "float64", "made": 0.0, "s2sad": "1.2", "numba": "0.99", "python": "3.11.7"}


@pytest.fixture(name="place")
def place_fixture(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A directory with two functions, one of which was used five days ago, and a file that is damaged."""
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("S2SAD_CACHE_SIZE", raising=False)
    for name, days in (("loss", 0.0), ("old", 5.0), ("bad", 20.0)):
        files.write(tmp_path / "cache", name, {**HEADER, "title": name, "made": float(round(time.time() - 6 * 86400))}, bytes(2000))
        os.utime(tmp_path / "cache" / f"{name}.code", (time.time() - days * 86400,) * 2)
    with open(tmp_path / "cache" / "bad.code", "r+b") as file:
        file.truncate(10)
    os.utime(tmp_path / "cache" / "bad.code", (time.time() - 20 * 86400,) * 2)
    return tmp_path / "cache"


def said(capsys: pytest.CaptureFixture[str], *argv: str, status: int = 0) -> str:
    assert main(["cache", *argv]) == status
    found = capsys.readouterr()
    return found.err if status else found.out


def test_it_shows_what_is_stored(place: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, titles, *rows = said(capsys).splitlines()
    assert head == f"{place}: 3 compiled functions, 4.31 kB of at most 256 MB"
    assert titles.split() == ["function", "types", "size", "made", "used", "s2sad", "numba", "python"]
    assert [row.split() for row in rows] == [
        ["loss", "float64", "2.15", "kB", "6", "d", "0", "s", "1.2", "0.99", "3.11.7"],
        ["old", "float64", "2.15", "kB", "6", "d", "5", "d", "1.2", "0.99", "3.11.7"],
        ["bad.code", "(damaged)", "10", "bytes", "20", "d"],
    ]
    assert said(capsys, "--path") == f"{place}\n"
    assert [entry["title"] for entry in json.loads(said(capsys, "--json"))["entries"][:2]] == ["loss", "old"]


def test_it_clears_what_was_not_used_for_so_long_or_all(place: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "clear", "--older", "4").startswith(f"{place}: 2 compiled functions, ")
    assert [path.name for path in place.iterdir()] == ["loss.code"]
    assert said(capsys, "clear") == f"{place}: 1 compiled function, 2.15 kB removed\n"
    assert said(capsys) == f"{place}: 0 compiled functions, 0 bytes of at most 256 MB\n"


def test_what_it_refuses(place: pathlib.Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(capsys, "--older", "3", status=2) == "s2sad: --older is of clear: s2sad cache clear --older DAYS\n"
    assert said(capsys, "clear", "--older", "-1", status=2) == "s2sad: --older -1: a number of days is 0 or more\n"
    assert "'empty' is not a choice" in said(capsys, "empty", status=2)
    monkeypatch.setenv("S2SAD_CACHE_DIR", "")
    assert said(capsys, status=2).startswith("s2sad: nothing is stored: S2SAD_CACHE_DIR is empty")
