"""Sparse derivatives. A recorded list comes in with its values, the pattern of a Jacobian goes out, and what few products make of it. It
may import all that stands before it, and SciPy, which `arrays` asks for.

`dependence` pushes sets of indices through the list, `colouring` finds the rows or columns that may share a seed, `compression` makes
the seeds, and the matrix of the products with them, and `pattern` is what users look at.
"""
