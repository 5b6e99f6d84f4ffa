"""The stages of what is compiled, as the command line names them."""

STAGES = ("source", "wengert", "adjoint", "tangent", "optimised", "code")
