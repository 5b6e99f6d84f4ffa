"""Gradients of plain Python and NumPy by source transformation.

    from s2sad import grad, value_and_grad
"""
from typing import TYPE_CHECKING

from s2sad.api.compiled import Compiled
from s2sad.api.derivatives import Derivative, ElementwiseGradient, checkpoint, nonfinite_warnings
from s2sad.api.typed import elementwise_grad, grad, jvp, linearize, value_and_grad, vjp
from s2sad.errors import (
    CannotBeNative,
    CannotKeep,
    FaultWarning,
    MissingRule,
    NonFiniteWarning,
    NotDifferentiable,
    RuleError,
    S2sadError,
    SlowPathWarning,
    SourceUnavailable,
    UnsupportedMutation,
    UnsupportedSyntax,
)
from s2sad.loading import attributes
from s2sad.runtime.backends import backend
from s2sad.settings import first_use_check
from s2sad.version import __version__

JACOBIANS = ("hessian", "hvp", "jacfwd", "jacobian", "jacrev", "value_and_jacobian", "vhp")

if TYPE_CHECKING:
    from s2sad import rules, tape, tree
    from s2sad.api.custom import custom_jvp, custom_vjp
    from s2sad.api.equations import continuous
    from s2sad.api.given_text import source
    from s2sad.api.implicit import fixed_point, implicit
    from s2sad.api.typed_late import (
        compiled,
        hessian,
        hvp,
        jacfwd,
        jacobian,
        jacrev,
        sparsity,
        stop_gradient,
        value_and_jacobian,
        vhp,
    )
    from s2sad.check.three_ways import check_grads
    from s2sad.export.for_c import cfunc
    from s2sad.rules.facts import Facts
    from s2sad.rules.language import elementwise, linear, rule, zero
else:
    __getattr__ = attributes(__name__, {"cfunc": "export.for_c", "check_grads": "check.three_ways", "compiled": "api.compiled_value",
                                        "continuous": "api.equations",
                                        "sparsity": "api.sparse_jacobians", "Facts": "rules.facts", "source": "api.given_text",
                                        "load_ipython_extension": "ipython", "unload_ipython_extension": "ipython",
                                        **dict.fromkeys(JACOBIANS, "api.jacobians"),
                                        **dict.fromkeys(("elementwise", "linear", "rule", "zero"), "rules.language"),
                                        **dict.fromkeys(("custom_jvp", "custom_vjp", "stop_gradient"), "api.custom"),
                                        **dict.fromkeys(("fixed_point", "implicit"), "api.implicit")})  # fmt: skip

__all__ = [
    "CannotBeNative",
    "CannotKeep",
    "Compiled",
    "Derivative",
    "ElementwiseGradient",
    "Facts",
    "FaultWarning",
    "MissingRule",
    "NonFiniteWarning",
    "NotDifferentiable",
    "RuleError",
    "S2sadError",
    "SlowPathWarning",
    "SourceUnavailable",
    "UnsupportedMutation",
    "UnsupportedSyntax",
    "__version__",
    "backend",
    "cfunc",
    "check_grads",
    "checkpoint",
    "compiled",
    "continuous",
    "custom_jvp",
    "custom_vjp",
    "elementwise",
    "elementwise_grad",
    "first_use_check",
    "fixed_point",
    "grad",
    "hessian",
    "hvp",
    "implicit",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linear",
    "linearize",
    "nonfinite_warnings",
    "rule",
    "rules",
    "source",
    "sparsity",
    "stop_gradient",
    "tape",
    "tree",
    "value_and_grad",
    "value_and_jacobian",
    "vhp",
    "vjp",
    "zero",
]


def __dir__() -> list[str]:
    """What is loaded when it is asked for is there as well."""
    return sorted({*globals(), *__all__})
