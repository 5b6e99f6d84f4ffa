"""The four ways to a second derivative along a direction, on the corpus: each mode over each."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, UnsupportedMutation, grad, jvp, trees, vjp
from tests import corpus
from tests.corpus import single
from tests.programs import Program
from tests.tangent.test_programs import directions

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
TWICE = [program for program in corpus.PROGRAMS if program.order > 1]


def along(gradients: Any, tangents: Any) -> float:
    """The sum of the products of what has a derivative."""
    pairs = zip(*(trees.flatten(tree, opened=trees.EVERY)[0] for tree in (gradients, tangents)), strict=True)
    return float(sum(np.sum(np.real(np.asarray(g) * np.asarray(t))) for g, t in pairs if g is not None and t is not None))


def second_derivatives(program: Program, args: tuple[Any, ...], control: str) -> dict[str, float]:
    """The second derivative along a direction, by each way that can be kept; the direction is read from outside."""
    f, argnums, tangents = program.function, program.argnums, directions(program, args)
    chosen = tuple(tangents[k] for k in argnums)
    gradient = grad(f, argnums=argnums, control=control)

    def slope(*given: Any) -> Any:
        return jvp(f, given, tangents)[1]

    ways = {"forward over reverse": lambda: along(jvp(gradient, args, tangents, control=control)[1], chosen),
            "reverse over forward": lambda: along(grad(slope, argnums=argnums, control=control)(*args), chosen),
            "forward over forward": lambda: float(np.real(jvp(slope, args, tangents, control=control)[1])),
            "reverse over reverse": lambda: along(vjp(gradient, *args, argnums=argnums, control=control)[1](chosen), chosen)}  # fmt: skip
    found = {}
    for name, way in ways.items():
        try:
            found[name] = way()
        except (CannotKeep, UnsupportedMutation):  # the latter of an argument that is an object from outside as well
            pass
    return found


@corpus.part(200, 16, TWICE)
def test_second_derivatives_are_the_same_whichever_mode_is_outside(program: Program) -> None:
    args = program.calls[0]
    found = {(control, name): value for control in ("record", "keep") for name, value in second_derivatives(program, args, control).items()}
    assert {name for control, name in found if control == "record"} >= {"forward over reverse", "reverse over reverse"}
    values = np.array(list(found.values()))
    scale = 1.0 + np.max(np.abs(values))
    assert np.ptp(values) <= (1e-3 if single(args) else 1e-10) * scale, found
