"""What users call, and the line from their call to its result. Arguments come in, values and gradients go out:
`derivatives` are the public functions, `compiled` chooses a stored path, `compilation` and `kept_paths` make new
ones; `evaluation`, `show`, `textbook`, `graph` and `inspection` are what can be looked at. It may import all that
stands before it.
"""
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative, elementwise_grad, grad, value_and_grad, vjp

__all__ = ["Compiled", "Derivative", "elementwise_grad", "grad", "value_and_grad", "vjp"]
