"""Prints, logs, files and state from outside: each effect once per call, in the order of the function."""

from __future__ import annotations

import collections
import io
import itertools
import logging
import sys
import time
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import assert_identical

THIS: Any = sys.modules[__name__]
COUNT = 0.0
POINTS = [0.5, 2.0, -1.0, 0.5, -1.5, 3.0, 0.25, -2.0, 1.0, -0.5]


def test_a_print_happens_once_per_call(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        print("start")
        y = x * x
        print("y", 1, sep="=", end=";\n")
        return y

    derivative = grad(f)
    for _ in range(3):
        derivative(2.0)
        assert capsys.readouterr().out == "start\ny=1;\n"
    value_and_grad(f)(1.0)
    assert capsys.readouterr().out == "start\ny=1;\n"


def test_prints_show_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x, y):
        z = x * y[0]
        print(x, z, [x, 2.0], {"z": z}, y, f"{z:.3f} {x!r}", str(z), repr(y))
        print("%.2f" % x, "{}".format(z))  # noqa: UP031, UP032
        return z * z

    derivative = value_and_grad(f)
    for x in (2.0, 3.0, np.float64(1.5)):
        for y in (np.array([1.0, 2.0]), np.array([0.5])):
            value = f(x, y)
            wanted = capsys.readouterr().out
            assert_identical(derivative(x, y)[0], value)
            assert capsys.readouterr().out == wanted


def test_prints_keep_the_order_of_the_function(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        print("before")
        if x > 1.0:
            print("large", file=sys.stderr)
            x = x * 2.0
        elif x > 0.0:
            print("small")
        for i in range(int(abs(x))):
            print("turn", i)
        print("after", x)
        return x

    derivative = value_and_grad(f)
    for x in POINTS * 2:
        f(x)
        wanted = capsys.readouterr()
        derivative(x)
        found = capsys.readouterr()
        assert (found.out, found.err) == (wanted.out, wanted.err)


def test_a_print_before_an_exception_happens_once(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        print("before")
        if x > 0.0:
            print("inside")
        return 1.0 / x

    derivative = value_and_grad(f)
    for x, wanted in ((1.0, "before\ninside\n"), (-1.0, "before\n"), (2.0, "before\ninside\n")):
        derivative(x)
        assert capsys.readouterr().out == wanted
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            derivative(0.0)
        assert capsys.readouterr().out == "before\n"


def test_logging_and_files(caplog: pytest.LogCaptureFixture, tmp_path: Any) -> None:
    logger, path = logging.getLogger("effects"), tmp_path / "log.txt"
    stream = io.StringIO()

    def f(x):
        logger.warning("value %s", 3)
        with open(path, "a", encoding="utf-8") as handle:
            handle.write("line\n")
        stream.write("x")
        return x * 2.0

    derivative = grad(f)
    for count in (1, 2, 3):
        assert derivative(1.0) == 2.0
        assert [r.getMessage() for r in caplog.records] == ["value 3"] * count
        assert path.read_text() == "line\n" * count
        assert stream.getvalue() == "x" * count


def test_time_is_asked_at_each_call() -> None:
    def f(x):
        return x * time.perf_counter()

    derivative = grad(f)
    ticks = [derivative(1.0) for _ in range(4)]
    assert ticks == sorted(ticks) and len(set(ticks)) == 4


def test_a_captured_iterator_advances_once_per_call() -> None:
    counter, twin = itertools.count(1), itertools.count(1)

    def make(count):
        def f(x):
            n = next(count)
            return x * n if n % 3 else x * x * n

        return f

    derivative, plain = value_and_grad(make(counter)), make(twin)
    for _ in range(10):
        assert_identical(derivative(2.0)[0], plain(2.0))
    assert next(counter) == next(twin)


def test_a_captured_generator_of_python_advances_once_per_call() -> None:
    def numbers():
        k = 1.0
        while True:
            yield k
            k += 1.0

    def make():
        stream = numbers()
        return lambda x: x * next(stream) if x > 0.0 else next(stream) + x

    derivative, plain = value_and_grad(make()), make()
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))


# State that an effect changes


def test_state_read_before_and_after_an_effect() -> None:
    def make():
        queue = collections.deque([1.0])

        def f(x):
            before = len(queue)
            queue.append(2.0)
            after = len(queue)
            if x > 0.0:
                return x * before + x * x * after
            return x * after - before * x * x

        return f, queue

    (function, queue), (plain, _) = make(), make()
    derivative = value_and_grad(function)
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))
    assert len(queue) == 1 + len(POINTS)


def test_an_item_read_before_an_effect_that_replaces_it() -> None:
    def make():
        queue = collections.deque([1.0, 2.0, 3.0])

        def f(x):
            first = queue[0]
            queue.rotate(1)
            second = queue[0]
            return x * first + x * x * second if x > 0.0 else first * x - second * x * x

        return f

    derivative, plain = value_and_grad(make()), make()
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))


def test_an_array_read_before_an_effect_that_overwrites_it() -> None:
    def make():
        rng, buffer = np.random.default_rng(0), np.zeros(2)

        def f(x):
            before = buffer.sum() + buffer[0]
            np.copyto(buffer, rng.normal(size=2))
            after = buffer.sum()
            return x * before + after * x * x if x > 0.0 else x * after

        return f

    derivative, plain = value_and_grad(make()), make()
    for x in POINTS:
        assert_identical(derivative(x)[0], plain(x))


def test_a_global_changed_by_an_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    class Meter:
        """Counts its calls in a global when it is asked for text: native code that runs Python."""

        def __str__(self) -> str:
            THIS.COUNT += 1.0
            return "meter"

    monkeypatch.setattr(THIS, "COUNT", 0.0)
    meter, sink = Meter(), io.StringIO()

    def f(x):
        before = COUNT
        print(meter, file=sink)
        after = COUNT
        return x * before + x * x * after if x > 0.0 else before * x - x * x * after

    derivative, count = value_and_grad(f), 0.0
    for x in POINTS:
        before, after = count, count + 1.0
        wanted = x * before + x * x * after if x > 0.0 else before * x - x * x * after
        assert_identical(derivative(x)[0], wanted)
        count += 1.0
    assert len(POINTS) == THIS.COUNT
