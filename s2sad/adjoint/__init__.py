"""The reverse sweep, over lists (`sweep`) and over loops and branches (`regions`). A list with its inputs and outputs
comes in, the statements of the adjoint go out, to the end of the list; `residuals`, `early` and `rerun` say where
they have the values of the forward sweep from. It may import the list and the machine, not what records.

The sweep
---------

`sweep.py` walks the list backwards and asks the rules, on the recorder that still holds the values of the call. It is
not a transformation of symbols. That has three consequences.

Types and shapes are known for each statement of the adjoint. Undoing a broadcast is a `sum` over axes that are known,
or nothing. A float32 argument gets a float32 cotangent. A rule may ask for `np.ndim(g)` and branch.

The second order is the same step again. `grad(grad(f))` records `f`, appends its adjoint, and appends the adjoint of
both. Which differentiation a value takes part in is a set of *levels* on its box, so perturbations are not confused.

The adjoint of a recorded path needs no case for control flow, since the list has none. What decided about control
flow is in guards, and those have no derivative. `regions.py` adds the cases of regions to the same sweep.

What a block of kept code computes twice is read where it was computed first before the sweep begins (`firsts.py`), so that one
cotangent gathers what would arrive at two. Parts of arrays are not moved out of loops: what is added to the cotangent of a
part goes into that of the whole.

A cotangent may be *smaller than its value*, as long as it broadcasts to it. The cotangent of the operand of `np.sum`
is one number, not an array full of it; it stays a number through elementwise operations and becomes an array where a
rule of another kind needs one. Most of what an adjoint by hand saves over a mechanical one is this.

A cotangent is of the float type of what it belongs to. A partial derivative that is a whole number or a truth value,
of a captured image say, and a seed of such a type become floats where they arrive (`as_floats`).

In a chain of derivatives an exact 0 says that nothing flows, so 0 times anything is 0 there, also times an infinity
or a NaN. Quick code multiplies plainly. The recorder marks the statements that multiply a cotangent
(`Assign.strong`); it knows what a rule makes of one, so this holds for rules that multiply by `g` themselves. Where a
result of a path holds a NaN, the call is answered by a second text of the same list, in which these statements are
the functions of `runtime/strong.py` (`passes/strengthen.py`). It is made when it is first needed. If it gives other
numbers it is used first from then on; effects are handed on from the first text to the second. At higher order
nothing is different: what a marked statement is differentiated into is marked in its turn. The tape multiplies
cotangents strongly always.
"""
