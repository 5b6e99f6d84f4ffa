"""What users call: functions come in, and functions that are their derivatives go out.

`derivatives`, `forward` and `jacobians` are the public functions, and `compiled` what they give, whose calls go through `calls`;
`custom` and `implicit` are derivatives that users state, `inspection` is what the command line shows. It may import all that
stands before it.
"""
from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative, elementwise_grad, grad, value_and_grad, vjp

__all__ = ["Compiled", "Derivative", "elementwise_grad", "grad", "value_and_grad", "vjp"]
