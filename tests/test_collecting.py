"""Garbage is collected less often while a call is recorded and compiled; the program's own settings stay."""
from __future__ import annotations

import gc
import pathlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from s2sad import grad
from s2sad.collecting import FROZEN, SELDOM, seldom_collected, staying, uncollected
from tests.record.test_linear import distinct_lines, loaded

SEEN: list[Any] = []
PYTHONS = 700, 10, 10  # the thresholds that a program begins with


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    enabled, thresholds = gc.isenabled(), gc.get_threshold()
    gc.set_threshold(*PYTHONS)
    yield
    gc.set_threshold(*thresholds)
    (gc.enable if enabled else gc.disable)()


def state() -> tuple[bool, tuple[int, int, int]]:
    return gc.isenabled(), gc.get_threshold()


@pytest.mark.sampled(3)
def test_few_collections_for_many_statements(tmp_path: pathlib.Path) -> None:
    derivative = grad(loaded(tmp_path, "many_lines", distinct_lines(1000)), control="record")
    collections: list[int] = []

    def count(phase: str, info: dict[str, int]) -> None:
        collections.append(info["generation"]) if phase == "start" else None

    gc.enable()
    gc.callbacks.append(count)
    try:
        derivative(0.5)
    finally:
        gc.callbacks.remove(count)
    assert len(collections) < 30  # 335 if nothing is done about it


def test_what_is_loaded_is_old_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the next look at young objects does not go through it; what the program has frozen stays so."""
    gc.enable()
    monkeypatch.setattr(gc, "get_freeze_count", lambda: FROZEN - 1)  # what the tests have frozen is old afterwards
    with staying():
        loaded = [[k] for k in range(5000)]
        assert not gc.isenabled()
    assert gc.isenabled() and not any(each is loaded[0] for young in (0, 1) for each in gc.get_objects(young))
    assert any(each is loaded[0] for each in gc.get_objects(2))
    monkeypatch.undo()
    gc.freeze()
    count = gc.get_freeze_count()
    with staying():
        pass
    assert count > FROZEN and gc.get_freeze_count() >= count - 50


@pytest.mark.parametrize("prepare", [gc.enable, gc.disable, lambda: gc.set_threshold(0), lambda: gc.set_threshold(50_000, 5, 5)],
                         ids=["enabled", "disabled", "threshold 0", "another threshold"])  # fmt: skip
@pytest.mark.parametrize("control", ["record", "keep"])
def test_the_settings_are_afterwards_what_they_were(prepare: Callable[[], None], control: str) -> None:
    prepare()
    before = state()

    def square(x: float) -> float:
        t = 0.0
        for _ in range(3):
            t = t + x * x
        return t

    assert grad(square, control=control)(1.5) == 9.0
    assert state() == before


def test_they_are_so_after_an_exception() -> None:
    before = state()

    def raising(x: float) -> float:
        raise KeyError(x)

    with pytest.raises(KeyError):
        grad(raising)(1.0)
    assert state() == before


@pytest.mark.sampled(3)
def test_garbage_is_still_collected_while_the_function_runs() -> None:
    class Ring:
        def __init__(self) -> None:
            self.ring = self

    def litter(n: int) -> int:
        for _ in range(n):
            Ring()
        return sum(type(o) is Ring for o in gc.get_objects())

    with seldom_collected():
        assert litter(10 * SELDOM) < 3 * SELDOM


def test_what_the_function_sets_stays() -> None:
    def setting(x: float) -> float:
        gc.set_threshold(12_345, 6, 7)
        return x * x

    assert grad(setting)(3.0) == 6.0
    assert gc.get_threshold() == (12_345, 6, 7)


def test_blocks_of_several_threads_end_in_any_order() -> None:
    gc.enable()
    before, entered, leave = state(), threading.Event(), threading.Event()

    def other() -> None:
        with uncollected(), seldom_collected():
            entered.set()
            leave.wait(10)

    with uncollected(), seldom_collected():
        thread = threading.Thread(target=other)
        thread.start()
        entered.wait(10)
    assert not gc.isenabled() and gc.get_threshold() != before[1]
    leave.set()
    thread.join()
    assert state() == before
