"""Sixteen programs, each with the adjoint an engineer wrote by hand, beside the one that is generated."""
