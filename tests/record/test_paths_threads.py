"""One gradient called from several threads at once, while it records and afterwards."""

from __future__ import annotations

import collections
import linecache
import sys
import threading
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import s2sad.emit.build
from s2sad import grad, value_and_grad, vjp
from s2sad.front import matching
from tests.oracles import agrees, assert_close, assert_identical

THREADS = 8


@pytest.fixture(autouse=True)
def _switch_often() -> Any:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def together(work: Callable[[int], Any]) -> list[Any]:
    """`work(number)` in as many threads at the same moment; their results, or the first exception."""
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> Any:
        barrier.wait(timeout=30.0)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS), timeout=60.0))


def steps(x, n):
    total = x
    for k in range(n):
        total = total * x if k % 2 else total + np.sin(total)
        if np.sum(total) > 3.0:
            break
    return np.sum(total)


def test_different_paths_while_recording() -> None:
    wanted = {n: value_and_grad(steps)(0.7, n) for n in range(THREADS)}
    for _ in range(3):
        derivative = value_and_grad(steps, control="record")  # a kept path may add up in another order
        for number, found in enumerate(together(lambda n: derivative(0.7, n))):  # noqa: B023
            assert found == wanted[number]


def test_another_thread_forgets_the_last_file_first(monkeypatch: pytest.MonkeyPatch) -> None:
    class Raced(collections.deque[str]):
        """As it looks to a thread that is interrupted between its look at the length and its `popleft`."""

        def __bool__(self) -> bool:
            return True

    files = Raced(["<s2sad gone 1>", "<s2sad gone 2>"])
    monkeypatch.setattr(s2sad.emit.build, "_forgotten", files)
    assert grad(steps)(0.7, 2) == grad(steps)(0.7, 2)
    assert len(files) == 0


def test_the_same_path_while_recording() -> None:
    wanted = value_and_grad(steps)(0.7, 5)
    for _ in range(3):
        derivative = value_and_grad(steps)
        assert together(lambda n: derivative(0.7, 5)) == [wanted] * THREADS  # noqa: B023
        assert 1 <= len(derivative.paths) <= THREADS


def test_many_calls_on_paths_shapes_and_dtypes() -> None:
    derivative = value_and_grad(steps, control="record")
    inputs: list[Any] = [(kind(0.3 + 0.1 * k), k) for k in range(4) for kind in (float, np.float32, np.float64)]
    inputs += [
        (np.full(shape, 0.4, dtype), k)
        for k in range(3)
        for shape in ((2,), (2, 3), ())
        for dtype in (float, np.float32)
    ]
    wanted = [value_and_grad(steps)(*args) for args in inputs]

    def work(number: int) -> None:
        order = np.random.default_rng(number).permutation(3 * len(inputs)) % len(inputs)
        for i in order:
            value, gradient = derivative(*inputs[i])
            assert_identical(value, wanted[i][0])
            assert_identical(gradient, wanted[i][1])

    together(work)


def test_gradients_of_one_thread_do_not_share_memory_with_those_of_another() -> None:
    derivative = grad(lambda x: np.sum(x * x))

    def work(number: int) -> None:
        for _ in range(200):
            gradient = derivative(np.full(50, float(number)))
            gradient += 1.0
            np.testing.assert_array_equal(gradient, 2.0 * number + 1.0)

    together(work)


def test_draws_of_a_generator_per_thread() -> None:
    def f(x, rng):
        noise = rng.normal()
        return x * noise if rng.random() < 0.5 else x * x * noise

    derivative = value_and_grad(f)

    def work(number: int) -> None:
        mine, twin = np.random.default_rng(number), np.random.default_rng(number)
        for k in range(30):
            assert_identical(derivative(1.0 + k, mine)[0], f(1.0 + k, twin))

    together(work)


def test_exceptions_stay_in_their_thread() -> None:
    def f(x):
        if x < 0:
            raise ValueError(f"{x}")
        return x * x

    derivative = grad(f)

    def work(number: int) -> None:
        x = float(number) * (-1.0) ** number
        for _ in range(20):
            if x < 0:
                with pytest.raises(ValueError, match=f"^{x}$"):
                    derivative(x)
            else:
                assert derivative(x) == 2.0 * x

    together(work)
    limit = sys.getrecursionlimit()
    together(work)
    assert sys.getrecursionlimit() == limit


def test_higher_order_and_pullbacks_in_threads() -> None:
    second = grad(grad(lambda x: x**4))

    def work(number: int) -> None:
        x = 1.0 + number
        assert second(x) == pytest.approx(12.0 * x * x, rel=1e-12)
        _, pullback = vjp(np.square, np.full(3, x))
        assert_close(pullback(np.ones(3)), (np.full(3, 2.0 * x),))

    together(work)


def test_clearing_while_others_call() -> None:
    derivative = value_and_grad(steps)

    def work(number: int) -> None:
        for k in range(25):
            if number == 0:
                derivative.clear()
                assert isinstance(derivative.source, str) and isinstance(repr(derivative), str)
            else:
                agrees(derivative, steps, 0.5, (k + number) % 4)

    together(work)


def test_a_file_that_another_thread_is_still_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of a file is complete when a second thread looks."""
    module = matching.Text(__file__, "".join(linecache.getlines(__file__)))
    nested, seen = matching._nested, []

    def looked_at_meanwhile(code: types.CodeType) -> Any:
        for found in nested(code):
            if not seen:
                seen.append(None)
                seen[0] = module.definition(steps.__code__, matching.exactly)
            yield found

    monkeypatch.setattr(matching, "_nested", looked_at_meanwhile)
    assert module.definition(steps.__code__, matching.exactly) and seen[0]


def test_what_is_an_argument_in_another_thread_is_none_here() -> None:
    """The second call begins while the first is under way, and is under way while the first changes what is its argument."""
    log, first_runs, second_runs, changed = [2.0], *(threading.Event() for _ in range(3))

    def changing(p: list[float]) -> float:
        first_runs.set()
        second_runs.wait(timeout=10.0)
        log.append(1.0)
        changed.set()
        return p[0] * p[0]

    def waiting(p: list[float]) -> float:
        second_runs.set()
        changed.wait(timeout=10.0)
        return p[0] * 3.0

    def second() -> Any:
        first_runs.wait(timeout=10.0)
        return value_and_grad(waiting, control="record")(log)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        assert value_and_grad(changing, control="record")([3.0]) == (9.0, [6.0])
        assert other.result()[0] == 6.0
    assert log == [2.0, 1.0]
