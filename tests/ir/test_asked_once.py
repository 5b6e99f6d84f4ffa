"""Properties that are computed once: two that ask for each other do not let two threads wait for ever."""
from __future__ import annotations

import threading

from s2sad.ir.asked_once import asked_once


class Outer:
    def __init__(self, meet: threading.Barrier | None = None) -> None:
        self.meet = meet
        self.count = 0

    @asked_once
    def first(self) -> int:
        self.count += 1
        if self.meet is not None:
            self.meet.wait()
            return Outer().second + 1
        return 1

    @asked_once
    def second(self) -> int:
        if self.meet is not None:
            self.meet.wait()
            return Outer().first + 1
        return 1


def test_a_property_is_computed_once_for_each_object() -> None:
    one, other = Outer(), Outer()
    assert (one.first, one.first, other.first) == (1, 1, 1) and (one.count, other.count) == (1, 1)


def test_two_properties_that_ask_for_each_other_in_two_threads() -> None:
    meet = threading.Barrier(2, timeout=20.0)
    objects, found = [Outer(meet), Outer(meet)], []
    threads = [threading.Thread(target=lambda: found.append(objects[0].first), daemon=True),
               threading.Thread(target=lambda: found.append(objects[1].second), daemon=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20.0)
    assert found == [2, 2]
