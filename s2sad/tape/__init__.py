"""The tape: reverse mode at its plainest, the reference that compiled gradients are held against. A function and values
come in, value and gradient go out; each operation is an entry with its inputs, outputs and pullback, and the entries
are walked back. `machine` answers what lowered code asks; it holds the tape (`entries`), the walk back (`sweep`), the
`memory` of arrays that are written and the `world` outside the function. It may import the machine and what stands below
it, and nothing of what the compiler writes down.
"""
from s2sad.tape.reference import (
    TapeEntry,
    TapeMachine,
    Variable,
    cos,
    differentiate,
    exp,
    grad,
    gradient,
    inv,
    jacobian,
    ln,
    reset_tape,
    set_verbose,
    sin,
    tangent,
    tangent_on,
)

__all__ = ["TapeEntry", "TapeMachine", "Variable", "cos", "differentiate", "exp", "grad", "gradient", "inv", "jacobian", "ln",
           "reset_tape", "set_verbose", "sin", "tangent", "tangent_on"]  # fmt: skip
