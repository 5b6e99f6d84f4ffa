"""Texts are parsed by one thread at a time, whoever asks."""

from __future__ import annotations

import gc
import pathlib
import threading
import time
from collections.abc import Callable

import s2sad
from s2sad.parsing import parse

PACKAGE = pathlib.Path(s2sad.__file__).parent
TEXT = "\n".join(f"x{k} = [{k}, ({k} + y) * f(z, w={k})]" for k in range(60))


class Waits:
    """One of a ring that is found by the collection of garbage, which lets another thread run."""

    def __init__(self) -> None:
        self.own = self

    def __del__(self) -> None:
        time.sleep(0)


def many_at_once(parsed: Callable[[str], object]) -> list[SystemError]:
    """What goes wrong where threads parse while garbage is collected all the time."""
    wrong: list[SystemError] = []

    def work() -> None:
        for _ in range(25):
            try:
                for _ in range(3):
                    Waits()
                parsed(TEXT)
            except SystemError as error:
                wrong.append(error)

    threads, before = [threading.Thread(target=work) for _ in range(4)], gc.get_threshold()
    gc.set_threshold(40)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*before)
    return wrong


def test_threads_that_parse_at_one_time() -> None:
    assert not many_at_once(parse)


def test_nothing_is_parsed_elsewhere() -> None:
    found = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "ast.parse(" in path.read_text(encoding="utf-8")]
    assert found == ["parsing.py"]
