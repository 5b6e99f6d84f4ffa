"""When `backend="auto"` compiles: time is told by the test, and native code is the Python code itself."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import grad, native, value_and_grad
from s2sad.calls import meters, worth
from s2sad.calls.path import Path


class Clock:
    """Each reading is so much later than the one before."""

    def __init__(self) -> None:
        self.now, self.step = 0.0, 1.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Compiler:
    """In the place of `native_path`: counts what was compiled, and the calls that came to it."""

    def __init__(self) -> None:
        self.made, self.runs = list[Path](), 0

    def native_path(self, path: Path, settings: Any) -> Path:
        def run(*leaves: Any) -> Any:
            self.runs += 1
            return path.built.run(*leaves)

        self.made.append(dataclasses.replace(path, built=dataclasses.replace(path.built, run=run, sides=None), native_text="# native\n"))
        return self.made[-1]


@pytest.fixture(name="clock")
def clock_fixture(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(meters, "clock", clock)
    monkeypatch.setattr(worth, "seconds_to_compile", lambda function: 10.0)
    monkeypatch.setattr(worth, "worth", lambda function, leaves: worth.Worth(1.0, False))
    return clock


@pytest.fixture(name="compiler")
def compiler_fixture(monkeypatch: pytest.MonkeyPatch) -> Iterator[Compiler]:
    compiler = Compiler()
    monkeypatch.setattr(native, "native_path", compiler.native_path)
    yield compiler


def rising(x: Any, n: int) -> Any:
    for k in range(n):
        x = x + math.sin(x) / (k + 1)
    return x


def squared(x: Any) -> Any:
    return np.sum(x * x)


@pytest.mark.parametrize("n", [3, 30], ids=["recorded", "kept"])
def test_it_compiles_when_the_calls_have_taken_as_long_as_compiling_takes(clock: Clock, compiler: Compiler, n: int) -> None:
    """A second a call, ten seconds to compile: the eleventh call is native. Nine of the ten go the short way in."""
    derivative, want = grad(rising, backend="auto"), grad(rising, backend="python")(0.5, n)
    for call in range(1, 21):
        assert derivative(0.5, n) == want
        assert len(compiler.made) == (call > 10)
        yet = "not native yet: its calls have lost" in "".join(derivative.reasons)
        assert yet is (call <= 10) and bool(derivative.stats().native[0]) is (call > 10)
    assert derivative._counts.arrived == 2, "the first, and that which compiles"
    assert compiler.runs == 11 and derivative.stats().left[0] == 0 and derivative.stats().calls == 20
    assert derivative.reasons == () and compiler.made[0].kept is True, "loops are kept, whatever was recorded before"
    assert derivative.stats().checks >= 1 and compiler.made[0].hits == 10


def test_it_is_compared_though_python_has_served_these_sizes(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(path: Path, settings: Any) -> Path:
        built = dataclasses.replace(path.built, run=lambda *leaves: tuple(2.0 * r for r in path.built.run(*leaves)), sides=None)
        return dataclasses.replace(path, built=built)

    monkeypatch.setattr(native, "native_path", wrong)
    derivative, want = grad(rising, backend="auto"), grad(rising, backend="python")(0.5, 30)
    for _ in range(10):
        derivative(0.5, 30)
    with pytest.warns(s2sad.FaultWarning, match="native code"):
        assert derivative(0.5, 30) == want
    assert derivative(0.5, 30) == want


def test_one_long_call_is_enough(clock: Clock, compiler: Compiler) -> None:
    clock.step = 11.0
    derivative = grad(rising, backend="auto")
    derivative(0.5, 20)
    assert not compiler.made and derivative.reasons[0].endswith(
        "not native yet: its calls have lost 11 s in Python, and it takes about 10 s to compile")  # fmt: skip
    derivative(0.5, 20)
    assert len(compiler.made) == 1


def test_what_saves_half_waits_twice_as_long_and_what_saves_little_for_ever(clock: Clock, compiler: Compiler,
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(worth, "worth", lambda function, leaves: worth.Worth(0.5, False))
    derivative, x = grad(squared, backend="auto"), np.ones(3)
    for _ in range(20):
        derivative(x)
    assert not compiler.made
    derivative(x)
    assert len(compiler.made) == 1
    monkeypatch.setattr(worth, "worth", lambda function, leaves: worth.Worth(0.1, True))
    derivative = grad(squared, backend="auto")
    for _ in range(500):
        derivative(x)
    assert len(compiler.made) == 1 and derivative.reasons[0].endswith("not native: most of its time goes into products of arrays")


def test_each_kind_of_arguments_pays_for_itself(clock: Clock, compiler: Compiler) -> None:
    derivative = grad(squared, backend="auto")
    for _ in range(10):
        derivative(np.ones(3)), derivative(np.float32([1, 2]))
    assert not compiler.made
    derivative(np.ones(3))
    assert len(compiler.made) == 1


def test_what_is_refused_stays_in_python_and_keeps_its_short_way(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, settings: Any) -> Path:
        tried.append(path)
        raise s2sad.CannotBeNative("no such function")

    tried: list[Path] = []
    monkeypatch.setattr(native, "native_path", refused)
    derivative = grad(squared, backend="auto")
    for _ in range(11):
        derivative(np.ones(3))
    arrived, compiled = derivative._counts.arrived, derivative.stats().compilations
    for _ in range(40):
        derivative(np.ones(3))
    assert derivative._counts.arrived <= arrived + 1 and derivative.stats().compilations == compiled
    assert len(tried) <= 2, "kept, and recorded"
    assert [r.rpartition(": ")[2] for r in derivative.reasons] == ["no such function"]


def test_the_second_half_of_a_linear_map_counts(clock: Clock, compiler: Compiler) -> None:
    _, pullback = s2sad.vjp(squared, np.ones(4), backend="auto")
    for _ in range(10):
        pullback(1.0)
    assert not compiler.made
    s2sad.vjp(squared, np.ones(4), backend="auto")
    assert len(compiler.made) == 2, "both halves"


def test_what_has_an_effect_waits_for_nothing(clock: Clock, compiler: Compiler, capsys: pytest.CaptureFixture[str]) -> None:
    def telling(x: float) -> float:
        print("told")
        return x * x

    derivative = grad(telling, backend="auto")
    for _ in range(30):
        derivative(2.0)
    assert not compiler.made and capsys.readouterr().out == "told\n" * 30 and not derivative.reasons


def test_numba_asked_for_waits_for_nothing(clock: Clock, compiler: Compiler) -> None:
    grad(rising, backend="numba")(0.5, 3)
    assert len(compiler.made) == 1


@pytest.mark.parametrize("function, args, low, high, products", [
    (rising, (0.5, 1000), 0.9, 1.0, False),
    (squared, (np.ones(10),), 0.9, 1.0, False),
    (lambda x: np.sum(np.sin(x) * x + x), (np.ones(1_000_000),), 0.3, 0.7, False),
    (lambda x: np.sum(x @ x), (np.ones((200, 200)),), 0.0, 0.1, True),
    (lambda x: np.sum(x @ x), (np.ones((3, 3)),), 0.7, 1.0, False),
], ids=["loop", "small", "large", "products", "small products"])  # fmt: skip
@pytest.mark.parametrize("control", ["keep", "record"])
def test_what_native_code_is_worth_is_told_by_the_list_and_the_sizes(function: Any, args: Any, low: float, high: float, products: bool,
                                                                     control: str) -> None:  # fmt: skip
    derivative = value_and_grad(function, control=control)
    derivative(*args[:1], *([3] if control == "record" and len(args) > 1 else args[1:]))
    found = worth.worth(derivative.paths[0].function, args)
    assert low <= found.saved <= high and found.products is products


def test_the_worth_of_a_kept_path_is_that_of_the_sizes_of_the_call() -> None:
    derivative = value_and_grad(lambda x: np.sum(x @ x), control="keep")
    derivative(np.ones((4, 4)))
    small, large = (worth.worth(derivative.paths[0].function, (np.ones((n, n)),)).saved for n in (4, 400))
    assert small > 0.7 and large < 0.1


def test_how_long_it_takes_to_compile_grows_with_the_list() -> None:
    one, many = (value_and_grad(rising, control="record") for _ in range(2))
    one(0.5, 2), many(0.5, 10)
    shorter, longer = (worth.seconds_to_compile(d.paths[0].function) for d in (one, many))
    assert 0.1 < shorter < longer < 2.0
