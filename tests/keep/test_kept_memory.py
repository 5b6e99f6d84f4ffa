"""What keeping remembers while it walks a function stands in the code: the world is changed between calls, and asked in the regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from s2sad import tape, value_and_grad
from s2sad.errors import S2sadError
from s2sad.ir.program import Guard
from s2sad.keep.blocks import Blocks
from s2sad.keep.keeper import Keeper
from tests.at_random import outcome, profile, quiet
from tests.generate_worlds import ASKED, CHANGES, PRELUDE, asking, changes
from tests.oracles import agrees, assert_close, identical, module, run
from tests.programs import load

CONTROLS = ("keep", "auto", "record")
LOOP = "    for _ in range(n):\n        t = t + {}\n    return t\n"
BRANCH = "    if x > 1.0:\n        t = t + {0}\n    return t + {0}\n"
EITHER = "    if x > 1.0:\n        t = t + {0}\n    else:\n        t = {0} - t\n    return t\n"
UNROLLED = "    for w in M:\n        for _ in range(n):\n            t = t + w * {}\n    return t\n"
TESTED = "    while t < 3.0 + {}:\n        t = t + 1.0 + x * x\n    return t\n"
CASES = {
    "a method on the instance": ("ob.m(x)", "ob.m = lambda v: v * 0.5"),
    "a method of a base": ("sub.m(x)", "Base.m = lambda self, v: v * 3.0"),
    "the order of classes": ("sub.m(x)", "Owner.s = staticmethod(lambda v: v)"),
    "an attribute that was not there": ("sub.z * x", "sub.z = 1.5"),
    "the same in the class": ("sub.z * x", "Owner.z = 1.5"),
    "lists that were one": ("(L[0] * x + M[0] * x)", "M = [5.0, 5.0]"),
    "an item that is read at last": ("D['b'][0] * x", "D['b'] = [0.9]"),
    "a verdict": ("(x if isinstance(sub, Base) else 2.0 * x)", "sub.__class__ = Unrelated"),
    "a size": ("float(np.sum(W)) * x", "W = np.array([4.0])"),
    "a builtin": ("abs(x)", "abs = lambda v: v * v"),
    "the code of a function": ("h(x)", "h.__code__ = (lambda v, w: v * 19.0).__code__"),
    "the defaults of a function": ("h(x)", "h.__defaults__ = (6.0,)"),
    "a function": ("through(ob, x)", "through = lambda o, v: o.other(v)"),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("shape", (LOOP, BRANCH, EITHER, UNROLLED, TESTED), ids=("loop", "branch", "either", "unrolled", "tested"))
@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_in_a_region_is_asked_again(case: str, shape: str, control: str) -> None:
    asked, change = CASES[case]
    made = module(PRELUDE + shape.format(asked))
    derivative = value_and_grad(made.f, control=control)
    agrees(derivative, made.f, 0.5, 2)
    run(made, change)
    for x, n in ((0.5, 2), (1.5, 3), (0.5, 0)):
        agrees(derivative, made.f, x, n)
    if control == "keep":
        assert all(path.kept for path in derivative.paths)


def test_a_method_replaced_on_the_instance() -> None:
    made = module(PRELUDE + LOOP.format("ob.m(x)"))
    derivative = value_and_grad(made.f, control="keep")
    assert derivative(3.0, 2) == (1.5 + 36.0, 0.5 + 24.0)
    run(made, "ob.m = lambda v: v * 0.5")
    assert derivative(3.0, 2) == (1.5 + 3.0, 0.5 + 1.0)


def test_the_size_of_an_array_that_is_first_read_in_a_loop() -> None:
    head = "import numpy as np\n\nW = np.ones(3)\n\n\ndef f(x, n):\n    t = 0.0\n"
    made = module(head + LOOP.format("np.sum(W * x)"))
    derivative = value_and_grad(made.f, control="keep")
    assert derivative(made.W, 2)[1].tolist() == [2.0, 2.0, 2.0]
    run(made, "W = np.array([4.0])")
    assert derivative(made.np.ones(3), 2)[1].tolist() == [8.0, 8.0, 8.0]


def test_a_guard_stands_before_the_loop_that_relies_on_it() -> None:
    made = module(PRELUDE + LOOP.format("ob.m(x)"))
    derivative = value_and_grad(made.f, control="keep")
    derivative(0.5, 2)
    assert 0 < derivative.source.index("__dict__, 'm'") < derivative.source.index("for _ in range")


# Everything that is remembered at the end was said by statements that stand


class Watched:
    """The statements by which each thing was asked, and each decision taken, while functions are kept."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.machines: list[Keeper] = []
        self.said: dict[int, dict[Any, list[Any]]] = {}
        init, put, once = Keeper.__init__, Blocks.put, Keeper.once
        asking: list[list[Any]] = []

        def watched_init(machine: Any, *args: Any) -> None:
            init(machine, *args)
            self.machines.append(machine)
            self.said[id(machine)] = {}

        def watched_put(blocks: Any, statement: Any, *stays: bool) -> int:
            for each in asking:
                each.append(statement)
            return put(blocks, statement, *stays)

        def watched_once(machine: Any, key: Any, ask: Callable[[], Any]) -> Any:
            if key in machine.memo:
                return once(machine, key, ask)
            asking.append([])
            try:
                return once(machine, key, ask)
            finally:
                self.said[id(machine)][key] = asking.pop()

        patch.setattr(Keeper, "__init__", watched_init)
        patch.setattr(Blocks, "put", watched_put)
        patch.setattr(Keeper, "once", watched_once)

    def unsaid(self) -> list[Any]:
        """What is remembered although a statement that says so is not in the list."""
        found = []
        for machine in self.machines:
            standing = {id(s) for s in machine.blocks.open[0].statements}
            found += [key for key in machine.memo if any(id(s) not in standing for s in self.said[id(machine)][key])]
            decided = {(s.atom, s.kind) for s in machine.blocks.open[0].statements if isinstance(s, Guard)}
            found += [key for key in machine.sheet.decided if len(key) == 2 and key not in decided]
        return found


@pytest.mark.sampled(3)
def test_what_is_remembered_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)
    for program in load()[::10]:
        with quiet():
            try:
                value_and_grad(program.function, argnums=program.argnums, control="keep")(*program.calls[0])
            except (S2sadError, ArithmeticError, ValueError, LookupError):
                watched.machines.clear()
                continue
            assert not watched.unsaid(), program.name
            watched.machines.clear()


# Worlds that change between the calls


def test_every_way_to_ask_meets_every_change() -> None:
    """No question and no change of the generator raises by itself."""
    for asked in ASKED:
        assert isinstance(module(PRELUDE + LOOP.format(asked)).f(0.7, 2), float), asked
    for change in CHANGES:
        run(module(PRELUDE + LOOP.format("x")), change)


@pytest.mark.parametrize("control", CONTROLS)
def test_a_gradient_knows_the_world_of_its_call(control: str) -> None:
    @profile(25)
    @given(asking(), changes, st.sampled_from((0.25, 0.5, 1.5)))
    def check(text: str, made: list[str], x: float) -> None:
        program = module(text)
        derivative = value_and_grad(program.f, control=control)
        with quiet():
            for number, change in enumerate(("", *made)):
                run(program, change)
                args = (x, (2, 1, 3)[number % 3])
                wanted = outcome(program.f, *args)
                try:
                    found = outcome(derivative, *args)
                except S2sadError as error:
                    event(f"{type(error).__name__}: {error.reason}")
                    return
                if not isinstance(wanted, float):
                    assert found == wanted, f"after {change}\n{text}"
                    continue
                assert identical(found[0], wanted), f"{found[0]!r}, not {wanted!r}, after {change}\n{text}"
                assert_close(found[1], tape.gradient(program.f, args, 0)[1])
        event("kept" if any(path.kept for path in derivative.paths) else "recorded")

    check()
