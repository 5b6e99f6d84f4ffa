"""Names and keywords that other tools for derivatives have, and what stands for them here. What is raised for them says it."""
from __future__ import annotations

import difflib
import opcode
import types
from collections.abc import Collection

GRADIENTS = "grad, value_and_grad, elementwise_grad and vjp"
NUMPY = "import NumPy itself: plain functions over it are differentiated as they are"
SCIPY = "import SciPy itself: gradients go through it, and its solvers take derivatives as they are (docs/scipy.md)"
PYTHON = "write loops and conditions in Python: control='keep' leaves them loops and branches in the derivative"
COMPILED = "a derivative is compiled at its first call, for arguments of that kind; s2sad.compiled does it to a function"
BATCHES = "write the leading axis of a batch in NumPy (x @ w, a sum over axes 1 and on), or a loop over its rows"
VALUES = "arrays are NumPy's, in memory, and a call is over when it returns"
INSTEAD = {
    "use s2sad.vjp: vjp(f, *args) is the value and the pullback": (
        "make_vjp", "vector_jacobian_product", "tensor_jacobian_product", "linear_transpose"),
    "use s2sad.jvp: it gives the value and its tangent": ("make_jvp", "make_jvp_reversemode", "jacobian_vector_product"),
    "use s2sad.hvp: hvp(f)(x, v)": (
        "make_hvp", "hessian_vector_product", "hessian_tensor_product", "vector_hessian_product"),
    "use s2sad.jvp, s2sad.hvp and s2sad.vjp after one another: y_dot = jvp(f, (x,), (v,))[1], then vjp(f, x)[1](hvp(g)(f(x), y_dot))": (
        "make_ggnvp", "ggnvp"),
    "use s2sad.jacobian": ("jac", "batch_jacobian"),
    "use s2sad.hessian": ("hess",),
    "use s2sad.elementwise_grad": ("egrad", "elementwise_derivative", "vgrad"),
    "use s2sad.grad with has_aux=True": ("grad_and_aux", "grad_with_aux"),
    "use s2sad.grad": ("derivative", "deriv", "diff", "differentiate", "gradients", "grads", "gradient", "holomorphic_grad", "backward"),
    "use s2sad.grad with a tuple for argnums, of positions or names": ("multigrad", "multigrad_dict"),
    "use s2sad.value_and_grad": (
        "value_and_gradient", "value_and_gradients", "value_and_grads", "val_and_grad", "grad_and_value", "value_and_multigrad_dict"),
    "use s2sad.checkpoint": ("remat", "recompute_grad", "checkpoint_sequential", "ad_checkpoint", "checkpoint_name"),
    "use s2sad.rule (docs/rules.md), once for a function": (
        "primitive", "defvjp", "defjvp", "defgrad", "register_vjp", "defvjp_argnum", "defvjp_argnums", "defjvp_argnum", "defjvp_argnums",
        "def_linear", "extend", "Primitive"),
    "use s2sad.zero (docs/rules.md), once for a function": ("nograd_functions", "notrace_primitive"),
    "use s2sad.custom_vjp, f.defvjp(fwd, bwd), or s2sad.custom_jvp": (
        "custom_gradient", "custom_derivatives", "custom_transpose", "defvjps", "Function"),
    "use s2sad.implicit: implicit(solver, residual) is the solver with a derivative": ("custom_root", "custom_linear_solve"),
    "use s2sad.stop_gradient, of a value or as a decorator of a function": ("detach", "no_grad", "enable_grad"),
    "use check_grads": ("test_util", "gradcheck", "check_grad", "quick_grad_check"),
    "use the attribute `wengert` of a derivative, or s2sad inspect": ("make_jaxpr", "xla_computation", "make_graphed_callables"),
    "use s2sad.tree: map, flatten, unflatten, leaves, structure": (
        "tree_map", "tree_flatten", "tree_unflatten", "tree_leaves", "tree_structure", "tree_util", "tree_multimap", "flatten",
        "flatten_util"),
    "none is needed: a function gets plain numbers and arrays, which s2sad.compiled(f) and a derivative follow by its text": (
        "Tracer", "Box", "isbox", "getval", "core", "eval_shape", "ShapeDtypeStruct"),
    NUMPY: ("numpy", "np", "jnp", "random", "nn", "Array", "array", "asarray", "tensor"),
    SCIPY: ("scipy",),
    PYTHON: ("lax", "scan", "fori_loop", "while_loop", "cond", "switch"),
    COMPILED: ("jit", "pjit", "function", "compile", "disable_jit", "aot"),
    BATCHES: ("vmap", "pmap", "xmap", "shard_map", "vectorize", "pvectorize"),
    VALUES: ("device_put", "device_get", "devices", "block_until_ready", "config", "enable_x64"),
}
"""What is said, and of which names."""
SAID = {name: said for said, names in INSTEAD.items() for name in names}
MODULES = ("numpy", "scipy")  # which are files that say so when they are imported


def no_module(name: str) -> ModuleNotFoundError:
    """What an import of a module raises that others have: `import s2sad.numpy`."""
    return ModuleNotFoundError(f"No module named {name!r}: {SAID[name.rpartition('.')[2]]}", name=name)


def missing(package: str, name: str, known: list[str], asking: types.FrameType) -> AttributeError | ImportError:
    """What is raised for a name that a package does not have, to the frame that asks for it.

    `from package import name` keeps nothing of an AttributeError, so it is told by an ImportError.
    """
    said = SAID.get(name) or next((f"did you mean {near!r}?" for near in difflib.get_close_matches(name, known, 1)), "")
    if asking.f_code.co_code[asking.f_lasti] == opcode.opmap["IMPORT_FROM"]:
        return ImportError(f"cannot import name {name!r} from {package!r}" + (said and f": {said}"), name=name)
    return AttributeError(f"module {package!r} has no attribute {name!r}" + (said and f": {said}"), name=name)


# Keywords

KEYWORDS = {
    "holomorphic": "it takes complex arguments as they are: the gradient is that of the real result, by conjugates (docs/conventions.md)",
    "allow_int": "it takes whole numbers as they are: an argument that is one is differentiated as a float",
    "reduce_axes": "there are no named axes",
    "static_argnums": "arguments that are not chosen in argnums are given as they are",
    "static_argnames": "arguments that are not chosen in argnums are given as they are",
    "donate_argnums": "arguments are never overwritten",
}
"""Keywords of JAX's that are not needed here, and why."""


def said(title: str, name: str, names: Collection[str]) -> str:
    """What is said of a keyword that is not among the names there are."""
    if name in KEYWORDS:
        return f"{title} has no keyword {name!r}: {KEYWORDS[name]}"
    meant = alike(name, names)
    rest = f"did you mean {meant!r}?" if meant else f"there are {', '.join(names)}"
    return f"{title} has no keyword {name!r}; {rest}"


def alike(name: str, names: Collection[str]) -> str | None:
    """The name that may be meant: one that is spelt nearly so, or a part of it, or that it is a part of."""
    near = difflib.get_close_matches(name, names, 1)
    parts = (n for n in names if len(min(n, name, key=len)) > 2 and (n in name or name in n))
    return next(iter((*near, *parts)), None)
