"""What it takes to keep a function grows as its text does, however its loops and branches stand: counted, not timed."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest

from s2sad import value_and_grad
from s2sad.keep import slots, walk
from s2sad.keep.blocks import Blocks
from tests.oracles import module

COUNTED = {"statements": (walk._Walk, "statement"), "blocks": (Blocks, "opened"), "written": (Blocks, "put"),
           "surveyed": (slots, "_look_into")}  # fmt: skip


def kept(text: str, monkeypatch: pytest.MonkeyPatch, *args: Any) -> Counter[str]:
    """What is done while the function of the text is kept, by name."""
    count: Counter[str] = Counter()

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
        assert derivative(*args)[0] == function(*args)
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


@pytest.mark.parametrize("around", (True, False), ids=("in each", "in the innermost"))
@pytest.mark.parametrize("kind", INNERMOST)
def test_loops_in_one_another(kind: str, around: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [kept(nested(depth, kind, around), monkeypatch, 0.75, 1) for depth in range(1, 7)]
    assert alike([f["statements"] for f in found])
    assert alike([f["blocks"] for f in found])


def test_loops_of_functions_that_call_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [kept(helpers(depth), monkeypatch, 0.75, 1) for depth in range(1, 7)]
    assert alike([f["statements"] for f in found])
    assert alike([f["blocks"] for f in found])
