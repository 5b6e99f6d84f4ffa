"""Programs written by hypothesis in which arrays get second names, parts and places in containers, and are written under any of them.

A program is a module with `f(x, n)`, where `x` is an array of three numbers. Nothing raises.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PRELUDE = """\
import numpy as np


def either(p, q, s):
    if s > 0.4:
        return p
    return q


def bump(p, s):
    p[0] = 0.5 * s
    if s > 0.6:
        p = 2.0 * p
    p[1] = np.sin(s)
    return p


def halve(p, n):
    for i in range(n):
        if p[0] > 0.7:
            return p
        p = 0.5 * p
    return p


def f(x, n):
    a = x.copy()
    b = 0.5 * a
    c = a
    d = np.cos(x)
    box = [d]
    s = x[0]
"""
HOLDERS = ("a", "b", "c", "d", "box[0]")
RETURN = "    return s + " + " + ".join(f"{1.0 - 0.125 * k} * np.sum(np.sin({name}))" for k, name in enumerate(HOLDERS))
NAMINGS = ("{0} = {1}", "{0} = {1}", "{0} = {1}[:]", "{0} = {1}[0:]", "{0}, {1} = {1}, {0}", "{0} = either({0}, {1}, s)",
           "{0} = {1} if s > 0.3 else {2}", "{0} = halve({1}, n)", "box[0] = {1}", "{0} = box[0]", "{0} = bump({1}, s)")  # fmt: skip
MAKINGS = ("{0} = 0.5 * {1}", "{0} = np.sin({1})", "{0} = {1}.copy()", "{0} = {0} + 0.1 * {1}")
WRITES = ("{0}[{3}] = 0.5 * {1}[{4}]", "{0} *= 0.9", "{0} += 0.1 * {1}", "{0}[:] = 0.5 * {1}", "{0}[1:] = {1}[:-1]", "bump({1}, s)",
          "box[0][1] = 0.3 * s")  # fmt: skip
READS = ("s = 0.5 * s + np.sum({0} * {1}) * 0.1", "s = np.sin(s + {0}[{3}])", "s = s * 0.9 + {0}[{3}]")
HEADS = ("if s > 0.1:", "if s > 0.3:", "if s > 0.6:", "if {0}[0] > 0.3:", "if n > 1:")
LOOPS = ("for {5} in range(n):", "for {5} in range(1, n):", "for {5} in range(2):")
KINDS = (*[NAMINGS] * 5, *[MAKINGS] * 2, *[WRITES] * 3, *[READS] * 2, *[HEADS] * 3, *[LOOPS] * 2)


@st.composite
def programs(draw: Any) -> str:
    lines: list[str] = []

    def statement(depth: int) -> None:
        kind = draw(st.sampled_from(KINDS if depth < 4 else KINDS[:-5]))
        names = (draw(st.sampled_from("abcd")) for _ in range(3))
        places = (draw(st.integers(0, 2)) for _ in range(2))
        lines.append("    " * depth + draw(st.sampled_from(kind)).format(*names, *places, "_ijk"[depth - 1]))
        if kind in (HEADS, LOOPS):
            block(depth + 1, 3)
            if kind is HEADS and draw(st.integers(0, 4)) < 2:
                lines.append("    " * depth + "else:")
                block(depth + 1, 3)
            if kind is LOOPS and draw(st.integers(0, 3)) == 0:
                lines.append("    " * depth + "    if s > 0.5:")
                lines.append("    " * depth + "        break")

    def block(depth: int, most: int) -> None:
        for _ in range(draw(st.integers(1, most))):
            statement(depth)

    for _ in range(draw(st.integers(3, 6))):
        statement(1)
    return PRELUDE + "\n".join([*lines, RETURN]) + "\n"
