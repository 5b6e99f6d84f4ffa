"""Sparse derivatives. A recorded list comes in with its values, the pattern of a Jacobian goes out, and what few sweeps make of it. It may
import all that stands before it, and SciPy, which `arrays` asks for.

`dependence` pushes sets of indices through the list, `colouring` finds the rows or columns that may share a sweep, `compression` makes the
matrix of what they give, and `pattern` is what users look at.
"""
