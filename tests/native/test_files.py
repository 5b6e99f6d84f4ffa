"""Files of machine code: where they lie, what is wrong with a disk, how much there may be."""

from __future__ import annotations

import errno
import os
import pathlib
import time
from typing import Any

import pytest

from s2sad.native import files
from tests.native.fresh import place_fixture  # noqa: F401

CONTENT = b"one line\nand\0another"


def write(place: pathlib.Path, name: str, content: bytes = CONTENT, used: float = 0.0) -> pathlib.Path:
    """A file that was used so many seconds ago."""
    files.write(place, name, {"title": name}, content)
    path = place / f"{name}.code"
    if path.exists():
        os.utime(path, (time.time() - used,) * 2)
    return path


def names(place: pathlib.Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_what_is_written_is_read(place: pathlib.Path) -> None:
    path = write(place, "f")
    assert files.read(place, "f") == ({"title": "f"}, CONTENT)
    assert files.read(place, "g") is None and names(place) == ["f.code"]
    if os.name == "posix":
        assert (place.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("damage", [
    lambda text: b"", lambda text: text[:-1], lambda text: text[:30], lambda text: text + b"x", lambda text: b"\x80\x04" + text,
    lambda text: text.replace(b"another", b"Another"), lambda text: text.replace(b'"f"', b'"g"'), lambda text: os.urandom(500),
])  # fmt: skip
def test_a_damaged_file_is_not_there_any_more(place: pathlib.Path, damage: Any) -> None:
    path = write(place, "f")
    path.write_bytes(damage(path.read_bytes()))
    assert files.read(place, "f") is None and not path.exists()
    assert files.clear(place) == []


def test_what_others_wrote_or_may_write_is_not_read(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading runs code."""
    path = write(place, "f")
    path.chmod(0o620)
    assert files.read(place, "f") is None and path.exists()
    path.chmod(0o600)
    assert files.read(place, "f")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert files.read(place, "f") is None and path.exists()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("failing", ["mkdir", "open", "replace", "utime", "listdir"])
def test_a_disk_that_is_full_or_read_only_is_no_error(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise OSError(errno.EROFS if failing == "mkdir" else errno.ENOSPC, "no")

    with monkeypatch.context() as context:
        context.setattr(os, failing, refuse)
        write(place, "f") if failing != "utime" else files.write(place, "f", {"title": "f"}, CONTENT)
        there = files.read(place, "f")
    assert (there is not None) == (failing in ("utime", "listdir"))
    assert not place.exists() or names(place) == ["f.code"] * (there is not None), "nothing unfinished is left"


def test_a_file_in_place_of_the_directory_is_no_error(place: pathlib.Path) -> None:
    place.write_text("a file")
    files.write(place, "f", {}, CONTENT)
    assert files.read(place, "f") is None and files.entries(place) == [] == files.clear(place)
    assert place.read_text() == "a file"


def test_what_was_used_longest_ago_makes_room(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S2SAD_CACHE_SIZE", "4 kB")
    for number in range(3):
        write(place, f"f{number}", bytes(1000), used=100.0 - number)
    assert files.read(place, "f0") is not None, "it is used now"
    write(place, "f3", bytes(1000))
    assert names(place) == ["f0.code", "f2.code", "f3.code"]
    write(place, "f4", bytes(5000))
    assert "f4.code" not in names(place) and len(names(place)) == 3, "it alone is too large"
    assert [entry.path.stem for entry in files.entries(place)][-1] == "f2"


def test_what_a_process_left_unfinished_is_removed_when_it_is_old(place: pathlib.Path) -> None:
    place.mkdir()
    for name, old in (("a", 2 * files.ABANDONED), ("b", 10.0)):
        (place / f"{name}.unfinished").touch()
        os.utime(place / f"{name}.unfinished", (time.time() - old,) * 2)
    write(place, "f")
    assert names(place) == ["b.unfinished", "f.code"]


def test_clearing_removes_ours_alone(place: pathlib.Path) -> None:
    write(place, "old", used=5000.0)
    write(place, "new", used=-100.0)
    (place / "notes.txt").touch()
    assert [entry.path.stem for entry in files.clear(place, older=1000.0)] == ["old"]
    assert [entry.header for entry in files.clear(place)] == [{"title": "new"}] and names(place) == ["notes.txt"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("told", "bytes_"), [("", files.MOST), ("0", 0), ("1000", 1000), ("1.5k", 1536), ("2 MiB", 2**21), ("1GB", 2**30),
                                              ("much", files.MOST), ("-1", files.MOST)])  # fmt: skip
def test_how_much_there_may_be(monkeypatch: pytest.MonkeyPatch, told: str, bytes_: int) -> None:
    monkeypatch.setenv("S2SAD_CACHE_SIZE", told)
    assert files.limit() == bytes_


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    for off in ("", "0", " "):
        monkeypatch.setenv("S2SAD_CACHE_DIR", off)
        assert files.directory() is None
    monkeypatch.setenv("S2SAD_CACHE_DIR", "~/mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.directory() == tmp_path / "mine"
    monkeypatch.delenv("S2SAD_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr("sys.platform", "linux")
    assert files.directory() == tmp_path / "caches" / "s2sad"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert files.directory() == tmp_path / ".cache" / "s2sad"
    monkeypatch.setattr("sys.platform", "darwin")
    assert files.directory() == tmp_path / "Library" / "Caches" / "s2sad"


def test_without_a_home_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> pathlib.Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("S2SAD_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pathlib.Path, "home", homeless)
    assert files.directory() is None
