"""What it takes to keep a function grows as its text does, however its loops and branches stand: counted, not timed."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.keep import slots, walk
from s2sad.keep.blocks import Blocks
from tests.oracles import module

COUNTED = {"statements": (walk._Walk, "statement"), "blocks": (Blocks, "opened"), "written": (Blocks, "put"),
           "surveyed": (slots, "_look_into")}  # fmt: skip


def kept(text: str, monkeypatch: pytest.MonkeyPatch, *args: Any, calls: bool = False) -> Counter[str]:
    """What is done while the function of the text is kept, by name; with `calls` also how many functions of the package are called."""
    count: Counter[str] = Counter()

    def called(frame: Any, event: str, _: Any) -> None:
        if event == "call" and "s2sad" in frame.f_code.co_filename:
            count["calls"] += 1

    def counted(name: str, original: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            count[name] += 1
            return original(*args, **kwargs)

        return run

    with monkeypatch.context() as patch:
        for name, (owner, attribute) in COUNTED.items():
            patch.setattr(owner, attribute, counted(name, getattr(owner, attribute)))
        function = module(text).f
        derivative = value_and_grad(function, control="keep")
        before = sys.getprofile()
        sys.setprofile(called if calls else before)
        try:
            value = derivative(*args)[0]
        finally:
            sys.setprofile(before)
        assert value == function(*args)
        assert [path.kept for path in derivative.paths] == [True]
    return count


def lines(*each: str) -> str:
    return "".join(f"{line}\n" for line in each)


def indented(depth: int, *each: str) -> str:
    return "".join("    " * depth + line for line in lines(*each).splitlines(keepends=True))


HEAD = "import numpy as np\n\n\n"
INNERMOST = {
    "numbers": ("t = x", "t = t + 0.01 * x", "t"),
    "a number that becomes a float": ("t = 0", "t = t + 0.01 * x", "t"),
    "an array": ("t = np.ones(3) * x", "t = t * 0.5 + x", "np.sum(t)"),
    "an array that is written": ("t = np.ones(3) * x", "t[0] = t[1] * 0.5 + x", "np.sum(t)"),
    "arrays of a list": ("t = [np.ones(3) * x, np.ones(3)]", "t[0][1] = t[1][0] * 0.5 + x", "np.sum(t[0])"),
    "buffers that change places": ("s, t = np.ones(3) * x, np.ones(3)", "t, s = s, t * 0.5", "np.sum(t)"),
    "an array or another": ("s, t = np.ones(3) * x, np.ones(3)", "t = s * 0.5 if t[0] > 1.0 else s", "np.sum(t)"),
    "a list": ("t = [x, 2.0]", "t[0] = t[0] * 0.5 + x", "t[0]"),
    "a branch": ("t = x", "t = t * 0.5 if t > 1.0 else t + x", "t"),
    "a name of its own": ("t = x", "s = t * 0.5; t = s + x", "t"),
}  # fmt: skip


def nested(depth: int, kind: str, around: bool) -> str:
    """Loops in one another, with a statement in each of them or in the innermost one alone."""
    first, step, last = INNERMOST[kind]
    text = HEAD + lines("def f(x, n):") + indented(1, first)
    for k in range(depth):
        text += indented(k + 1, f"for i{k} in range(n):")
        if around or k == depth - 1:
            text += indented(k + 2, step)
    return text + indented(1, f"return {last}")


def helpers(depth: int) -> str:
    """Functions that call one another, each with a loop."""
    text = lines("def f0(t, x, n):", "    return t * 0.5 + x", "", "")
    for k in range(depth):
        text += lines(f"def f{k + 1}(t, x, n):", "    s = 0.0", "    for _ in range(n):", f"        s = s + f{k}(t, x, n)",
                      "    return s", "", "")  # fmt: skip
    return text + lines("def f(x, n):", f"    return f{depth}(x, x, n)")


def alike(numbers: list[int]) -> bool:
    """Whether the numbers grow by equal steps."""
    return len({b - a for a, b in itertools.pairwise(numbers)}) == 1


@pytest.mark.sampled(6)
@pytest.mark.parametrize("around", (True, False), ids=("in each", "in the innermost"))
@pytest.mark.parametrize("kind", INNERMOST)
def test_loops_in_one_another(kind: str, around: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [kept(nested(depth, kind, around), monkeypatch, 0.75, 1) for depth in (2, 4, 6)]
    assert alike([f["statements"] for f in found])
    assert alike([f["blocks"] for f in found])


def test_loops_of_functions_that_call_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [kept(helpers(depth), monkeypatch, 0.75, 1) for depth in range(1, 7)]
    assert alike([f["statements"] for f in found])
    assert alike([f["blocks"] for f in found])


ONE_AFTER_ANOTHER = {
    "branches": ("if t > {k}.5:", "    t = t * 0.9", "else:", "    t = t + 0.1 * x"),
    "branches with a name of their own": ("if t > {k}.5:", "    a{k} = t * 0.9", "else:", "    a{k} = x", "t = t + a{k}"),
    "returns": ("if t > 9{k}.5:", "    return t * 0.9", "t = t + 0.1 * x"),
    "returns on some ways": ("if t > 0.{k}:", "    if x > 9.0:", "        return t * 0.9", "    t = t * x", "t = t + 0.1 * x"),
    "loops": ("for _ in range(n):", "    t = t * 0.9"),
    "loops that return": ("for _ in range(n):", "    t = t * 1.01", "    if t > 9{k}.5:", "        return t"),
    "calls": ("t = h(t, {k}.0)",),
}
IN_A_LOOP = {
    "branches": ("if t > {k}.5:", "    t = t * 0.9", "else:", "    t = t + 0.1 * x"),
    "steps that are cut short": ("if t > 9{k}.5:", "    t = t * 0.9", "    continue", "t = t + 0.1 * x"),
    "ways out": ("if t > 9{k}.5:", "    break", "t = t + 0.1 * x"),
}
HELPER = lines("def h(t, c):", "    if t > c:", "        return t * 0.9", "    return t + 0.1 * c", "", "")


def sequence(kind: str, count: int, loop: bool = False) -> str:
    """As many of one kind one after the other, by themselves or in a loop."""
    each = (IN_A_LOOP if loop else ONE_AFTER_ANOTHER)[kind]
    text = HELPER + lines("def f(x, n):", "    t = x") + ("    for _ in range(n):\n" if loop else "")
    text += "".join(indented(1 + loop, *(line.format(k=k) for line in each)) for k in range(count))
    return text + indented(1, "return t")


CASES = [*((kind, False) for kind in ONE_AFTER_ANOTHER), *((kind, True) for kind in IN_A_LOOP)]


@pytest.mark.sampled(10)
@pytest.mark.parametrize(("kind", "loop"), CASES)
def test_one_after_another(kind: str, loop: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stages look at no more than what grows by equal steps, and at nothing again for each statement."""
    few, more, most = (kept(sequence(kind, count, loop), monkeypatch, 0.75, 2, calls=True) for count in (10, 20, 40))
    assert most["statements"] - more["statements"] == 2 * (more["statements"] - few["statements"])
    assert most["blocks"] - more["blocks"] < 2.3 * (more["blocks"] - few["blocks"])
    assert most["written"] - more["written"] < 2.3 * (more["written"] - few["written"])
    assert most["calls"] - more["calls"] < 2.6 * (more["calls"] - few["calls"])


@pytest.mark.sampled(6)
@pytest.mark.parametrize("kind", ("returns", "loops that return"))
def test_a_hundred_and_twenty_returns(kind: str) -> None:
    function = module(sequence(kind, 120)).f
    derivative, recorded = (value_and_grad(function, control=control) for control in ("keep", "record"))
    for x in (0.75, 8.5, 91.0, 96.0, 903.0):
        assert derivative(x, 1)[0] == function(x, 1)
        assert derivative(x, 1)[1] == pytest.approx(recorded(x, 1)[1], rel=1e-12)
    assert [path.kept for path in derivative.paths] == [True]
