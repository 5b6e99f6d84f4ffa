"""The article's function with a loop and a branch: one compiled gradient, right on both sides of the branch.

    python examples/loop_and_branch.py

A call records the path that it takes, ten unrolled trips or one product, with a guard on `a > b`. A later call that
fails the guard records the other path, so what was compiled first never decides what comes out.
"""
from __future__ import annotations

import argparse

from s2sad import tape, value_and_grad


def f(a: float, b: float) -> float:
    c: float = 0.0
    if a > b:
        for i in range(10):
            c += a * i
    else:
        c = a * b
    return c


compiled = value_and_grad(f, argnums=(0, 1))


def by_compiler(a: float, b: float) -> tuple[float, float, float]:
    """The value and both partial derivatives by compiled source."""
    value, (da, db) = compiled(a, b)
    return value, da, db


def by_tape(a: float, b: float) -> tuple[float, float, float]:
    """The same by the tape, which records the operations anew in every call."""
    value, (da, db) = tape.gradient(f, (a, b), (0, 1))
    return value, da, db


def by_hand(a: float, b: float) -> tuple[float, float, float]:
    """The derivative of each side: of 45 a, and of a b."""
    return (45.0 * a, 45.0, 0.0) if a > b else (a * b, b, a)


POINTS = ((3.0, 2.0), (2.0, 3.0), (-1.0, -4.0), (2.0, 2.0))


def main() -> None:
    argparse.ArgumentParser(description="Differentiate through a loop and a branch, on both sides.").parse_args()
    print(f"{'a':>5} {'b':>5}  {'side':<7} {'way':<9} {'f':>7} {'df/da':>7} {'df/db':>7}")
    for a, b in POINTS:
        side = "loop" if a > b else "product"
        for way in (by_compiler, by_tape, by_hand):
            value, da, db = way(a, b)
            print(f"{a:5g} {b:5g}  {side:<7} {way.__name__[3:]:<9} {value:7g} {da:7g} {db:7g}")


if __name__ == "__main__":
    main()
