"""Generated programs that draw, count and change a queue: every effect once per call, every read at its time."""

from __future__ import annotations

import types
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.at_random import profile, quiet
from tests.oracles import identical, module

pytestmark = pytest.mark.sampled(1)  # all of them, as early as can be

PRELUDE = """\
import collections
import itertools
import sys

import numpy as np

rng = np.random.default_rng(7)
Q = collections.deque([1.0, -2.0])
C = itertools.count()
K, W = 0.75, [0.4, 1.2]
OUT = []


class Owner:
    k = 0.5

    def __init__(self):
        self.rng = np.random.default_rng(3)
        self.items = [0.25, 0.5]

    def draw(self):
        return self.rng.normal() * self.k


class Sink:
    def write(self, text):
        OUT.append(text)


owner, sink = Owner(), Sink()


def noisy(v):
    return v * rng.normal() if v > 0.0 else v + rng.random()


def f(x):
    a = x * 0.5
"""
SIMPLE = (
    "a = a + x * rng.normal()", "a = a * rng.random()", "Q.append(2.0)", "a = a + len(Q) * x", "a = a + Q[0]",
    "Q.rotate(1)",
    "a = a * W[0] + K", "a = a + next(C)", "a = a + owner.draw()", "a = a + np.sum(rng.normal(size=2) * x)",
    "a = noisy(a)",
    "a = a + rng.permutation(3)[0] * x", "a = a + Q.popleft() if len(Q) > 1 else a",
    "a = a + owner.items[-1] * owner.k",
    "print('value', len(Q), file=sink)", "a = a + sum(rng.normal() for _ in range(2))", "Q.extendleft([K, W[1]])",
    "a = a * (1.0 + abs(x)) ** -0.5", "a = float(np.tanh(a))", "a = a + sum(Q) * 0.1",
    "a = a + max(Q) * x", "Q.clear(); Q.append(K)",
)  # fmt: skip
HEADS = (
    "if rng.random() < 0.5:", "if x > 0.3:", "if len(Q) % 2:", "if a > 0.2:",
    "for _ in range(int(rng.integers(0, 3))):", "if 2.0 in Q:",
    "while rng.random() < 0.4:", "for q in list(Q)[:2]:", "if next(C) % 3 == 0:", "with np.errstate():",
    "if Q[0] > 0.0 and rng.random() < 0.7:",
)  # fmt: skip
RISKY = ("a = a / (next(C) % 2)", "a = a * W[int(rng.integers(0, 4))]", "a = a + Q[3] * x", "a = a + [x, a][len(Q)]")


@st.composite
def noisy_programs(draw: Any) -> str:
    """A module whose function has effects between its branches."""
    lines: list[str] = []

    def block(depth: int, size: int) -> None:
        for _ in range(size):
            kind = draw(st.integers(0, 9))
            pad = "    " * depth
            if kind < 6 or depth > 3:
                lines.append(pad + draw(st.sampled_from(SIMPLE)))
            elif kind < 9:
                lines.append(pad + draw(st.sampled_from(HEADS)))
                block(depth + 1, draw(st.integers(1, 3)))
            else:
                lines.append(f"{pad}try:\n{pad}    {draw(st.sampled_from(RISKY))}")
                lines.append(f"{pad}except (ArithmeticError, LookupError):")
                block(depth + 1, 1)

    block(1, draw(st.integers(3, 8)))
    return PRELUDE + "\n".join(lines) + "\n    return a * x\n"


def state(program: types.ModuleType) -> Any:
    """Everything that effects of the program change."""
    generators = str((program.rng.bit_generator.state, program.owner.rng.bit_generator.state))
    return generators, list(program.Q), repr(program.C), program.OUT


def test_effects_and_reads_of_generated_programs() -> None:
    @profile(60, share=20, long=3)
    @given(noisy_programs(), st.lists(st.sampled_from((0.5, -0.5, 1.5, -2.0, 0.1)), min_size=3, max_size=8))
    def check(text: str, points: list[float]) -> None:
        compiled, plain = module(text), module(text)
        derivative = Derivative(compiled.f, settings=Settings(verify=True))
        with quiet():
            for number, x in enumerate([*points, *points]):
                compiled.K = plain.K = 0.75 + number % 3
                found, wanted = derivative(x)[0], plain.f(x)
                assert identical(found, wanted), f"call {number}: {found!r} instead of {wanted!r}"
                assert state(compiled) == state(plain), f"call {number}"

    check()
