"""The reverse sweep, over lists (`sweep`) and over loops and branches (`regions`). A list with its inputs and outputs
comes in, the statements of the adjoint go out, to the end of the list; `residuals`, `early` and `rerun` say where
they have the values of the forward sweep from. It may import the list and the machine, not what records.
"""
