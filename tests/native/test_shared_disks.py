"""A directory of machine code on a disk of another machine: any step may fail, at any time, and nothing is ever wrong because of it."""

from __future__ import annotations

import builtins
import errno
import io
import itertools
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad.native import files
from tests.native.fresh import anew, hits, place_fixture  # noqa: F401

CONTENT = bytes(range(256)) * 20
FAULTS = (errno.ESTALE, errno.EACCES, errno.ENOSPC, errno.EIO, errno.ENOENT, errno.EEXIST, errno.EDQUOT)
NO_LOOK = ("mkdir", "listdir", "unlink")  # where these fail there may be no directory, or what is unfinished cannot be removed
OPERATIONS = ("mkdir", "open", "write", "close", "replace", "read", "fstat", "utime", "listdir", "stat", "unlink")


class Disk:
    """In the place of the functions of the system: the call of one kind with a number fails, or does what it does and says that it failed,
    as a server that is asked twice; or all of them fail."""

    def __init__(self, operation: str = "", number: int = 0, code: int = 0, after: bool = False) -> None:
        self.operation, self.number, self.code, self.after = operation, number, code, after
        self.counts = dict.fromkeys(OPERATIONS, 0)

    def failing(self, operation: str) -> bool:
        self.counts[operation] += 1
        return operation == self.operation and self.number in (self.counts[operation], 0)

    def around(self, operation: str, function: Any) -> Any:
        def called(*args: Any, **kwargs: Any) -> Any:
            fails = self.failing(operation)
            if fails and self.after:
                function(*args, **kwargs)
            if fails:
                raise OSError(self.code, os.strerror(self.code))
            return function(*args, **kwargs)

        return called

    def opened(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(args[0], int):  # which `os.open` has opened
            return File(builtins.open(*args, **kwargs), self)
        if self.failing("open"):
            raise OSError(self.code, os.strerror(self.code))
        return File(builtins.open(*args, **kwargs), self)


class File:
    """A file whose operations may fail; closed it is in any case."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self.file, self.disk = file, disk

    def __enter__(self) -> File:
        return self

    def __exit__(self, *raised: Any) -> None:
        self.file.close()
        self.disk.around("close", lambda: None)()

    def fileno(self) -> int:
        return int(self.file.fileno())

    def read(self, *args: Any) -> Any:
        return self.disk.around("read", self.file.read)(*args)

    def readline(self, *args: Any) -> Any:
        return self.disk.around("read", self.file.readline)(*args)

    def writelines(self, parts: Any) -> None:
        for part in parts:
            self.disk.around("write", self.file.write)(part)


def on(disk: Disk, patch: pytest.MonkeyPatch) -> None:
    for name in ("mkdir", "open", "replace", "fstat", "utime", "listdir", "stat", "unlink"):
        patch.setattr(os, name, disk.around(name, getattr(os, name)))
    patch.setattr(files, "open", disk.opened, raising=False)


def faults() -> Iterator[tuple[str, int, int, bool]]:
    codes = itertools.cycle(FAULTS)
    for operation, number, after in itertools.product(OPERATIONS, (0, 1, 2, 3), (False, True)):
        yield operation, number, next(codes), after


def used(place: pathlib.Path) -> None:
    """All that is done with a directory; whatever is read is what was written."""
    for name in ("f", "g"):
        files.write(place, name, {"title": name}, CONTENT)
        found = files.read(place, name)
        assert found is None or found == ({"title": name}, CONTENT)
    assert all(entry.header in ({}, {"title": entry.path.stem}) for entry in files.entries(place))
    files.write(place, "f", {"title": "f"}, CONTENT)


def test_whatever_fails_nothing_is_wrong(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each operation, the first, the second, the third time, and every time; and once all is well again, so is the directory."""
    met = set()
    for case, fault in enumerate(faults()):
        place, disk = tmp_path / str(case), Disk(*fault)
        with monkeypatch.context() as patch:
            on(disk, patch)
            used(place)
            left = [path.name for path in pathlib.Path.iterdir(place) if path.suffix != ".code"] if fault[0] not in NO_LOOK else []
            files.clear(place)
        assert not left, (fault, left)
        met |= {operation for operation, count in disk.counts.items() if count}
        files.write(place, "f", {"title": "f"}, CONTENT)
        assert files.read(place, "f") == ({"title": "f"}, CONTENT), fault
    assert met == set(OPERATIONS)


@pytest.mark.sampled(2)
def test_a_file_that_is_replaced_or_lost_while_it_is_read(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rename is the only lock there is: who reads sees the old file, or the new one, or neither."""

    def meanwhile(path: pathlib.Path, what: str) -> Any:
        class Read(io.BytesIO):
            def fileno(self) -> int:
                return handle

            def read(self, *args: Any) -> bytes:
                text = path.read_bytes()
                path.unlink()
                if what == "cut":
                    return text[:100]
                if what == "other":
                    files.write(place, "f", {"title": "f"}, b"new")
                    return text[:200] + path.read_bytes()[200:]
                return text

        return Read()

    for what in ("lost", "cut", "other"):
        files.write(place, "f", {"title": "f"}, CONTENT)
        with monkeypatch.context() as patch:
            handle = os.open(place / "f.code", os.O_RDONLY)
            patch.setattr(files, "open", lambda path, mode, w=what: meanwhile(path, w), raising=False)
            assert files.read(place, "f") == (({"title": "f"}, CONTENT) if what == "lost" else None)
            os.close(handle)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("operation", ["open", "read", "replace", "fstat", "close"])
def test_code_that_the_disk_does_not_give_is_compiled(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    pytest.importorskip("numba")
    text = "def twice(x):\n    return x + x\n"
    assert anew(text, "twice")(2.0) == 4.0
    with monkeypatch.context() as patch:
        on(Disk(operation, 0, errno.ESTALE), patch)
        found = anew(text, "twice")
        assert found(2.0) == 4.0 and np.array_equal(found(np.ones(2)), np.full(2, 2.0))
        assert hits(found) == (operation == "replace")
    found = anew(text, "twice")
    assert found(2.0) == 4.0 and hits(found) == 1
