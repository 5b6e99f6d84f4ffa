"""The article's function, ln(x1) + x1 sin(x2), differentiated by the compiler and by the tape.

    python examples/article.py
    python examples/article.py --at 3 0.5

The same function on the command line:

    s2sad inspect examples/article.py:f --at 2 1
"""
from __future__ import annotations

import argparse
import math

from s2sad import tape, value_and_grad


def f(x1: float, x2: float) -> float:
    return math.log(x1) + x1 * math.sin(x2)


def by_compiler(x1: float, x2: float) -> tuple[float, float, float]:
    """The value and both partial derivatives by compiled source."""
    value, (dx1, dx2) = value_and_grad(f, argnums=(0, 1))(x1, x2)
    return value, dx1, dx2


def by_tape(x1: float, x2: float, verbose: bool = False) -> tuple[float, float, float]:
    """The same by the tape; `verbose` prints every operation, forward and backward, as it happens."""
    tape.reset_tape()
    tape.set_verbose(verbose)
    try:
        first, second = tape.Variable(x1), tape.Variable(x2)
        value = tape.ln(first) + first * tape.sin(second)
        dx1, dx2 = tape.grad(value, [first, second])
    finally:
        tape.set_verbose(False)
    return value.value, dx1.value, dx2.value


def main() -> None:
    parser = argparse.ArgumentParser(description="Differentiate ln(x1) + x1 sin(x2) by the compiler and by the tape.")
    parser.add_argument("--at", nargs=2, type=float, default=(2.0, 1.0), metavar=("X1", "X2"), help="default: 2 1")
    x1, x2 = parser.parse_args().at
    if x1 <= 0.0:
        parser.error("X1 must be positive, for its logarithm is taken")

    print(f"evaluation trace at x1 = {x1:g} (v-1), x2 = {x2:g} (v0), by the tape\n")
    from_tape = by_tape(x1, x2, verbose=True)
    print("\nby the compiler and by the tape\n")
    for name, compiled, taped in zip(("f", "dx1", "dx2"), by_compiler(x1, x2), from_tape, strict=True):
        print(f"{name:4}{compiled!r:24}{taped!r}")


if __name__ == "__main__":
    main()
