"""Jacobians, Hessians and their products: against formulas and the tape, in each way of compiling, nested, and of any structure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import linalg

from s2sad import (
    NotDifferentiable,
    custom_vjp,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    implicit,
    jacfwd,
    jacobian,
    jacrev,
    tape,
    trees,
    value_and_jacobian,
    vhp,
)
from s2sad.api.jacobians import ForwardJacobian, ReverseJacobian
from s2sad.api.seeds import Swept
from s2sad.settings import Settings
from tests.oracles import module, run

R = np.random.default_rng(7)
W, X, B, V = R.normal(size=(5, 3)), R.normal(size=3), R.normal(size=5), R.normal(size=3)
each_control = pytest.mark.parametrize("control", ["record", "keep"])


def layer(w: Any, x: Any, b: Any) -> Any:
    return np.tanh(w @ x + b)


def looped(x: Any, n: int) -> Any:
    y = x
    for i in range(n):
        y = np.sin(y) * x[i % 3] + np.cumsum(x)
    return y


def branched(x: Any) -> Any:
    out = np.zeros_like(x)
    for i in range(len(x)):
        if x[i] > 0:
            out[i] = np.sum(x[: i + 1] ** 2)
        else:
            out[i] = np.exp(x[i])
    return out


def written_twice(x: Any) -> Any:
    y = x * 1.0
    y[np.array([0, 2, 0])] = x**2
    return y * x[0]


def numbers_with_ties(x: Any) -> Any:
    return np.array([np.maximum(x[0], x[0] * 1.0), np.minimum(x[1], 10.0), np.maximum(x[2], 10.0)]) * np.maximum(x, x[:1])


def complex_inside(x: Any) -> Any:
    z = (x + 1j * x[::-1]) ** 2
    return np.real(z) * x + np.imag(np.conj(z))


def cubic(x: Any) -> Any:
    return np.array([x[0] * x[1] * x[2], np.sum(x**3)])


def loss(w: Any, a: Any, y: Any) -> Any:
    z = a @ w
    return np.sum(np.log1p(np.exp(z)) - y * z)


def same(have: Any, want: Any, rtol: float = 1e-12, dtypes: bool = True) -> None:
    """The same structure, dtypes if these are asked for, and numbers but for rounding."""
    (ours, structure), (theirs, other) = (trees.flatten(v, opened=trees.EVERY) for v in (have, want))
    assert trees.fits(structure, other)
    for one, wanted in zip(ours, theirs, strict=True):
        if wanted is None:
            assert one is None
        else:
            assert not dtypes or type(one) is type(wanted)
            assert not dtypes or np.asarray(one).dtype == np.asarray(wanted).dtype
            np.testing.assert_allclose(one, wanted, rtol, rtol)


@each_control
@pytest.mark.parametrize("mode", [jacrev, jacfwd])
def test_blocks_of_a_layer(control: str, mode: Any) -> None:
    derivative = mode(layer, argnums=(0, "x", 2), control=control)
    slope = 1 - layer(W, X, B) ** 2
    want = np.einsum("i,ij,k->ijk", slope, np.eye(5), X), slope[:, None] * W, np.diag(slope)
    same(derivative(W, X, B), want)
    assert "for " not in derivative.source
    assert derivative.source.count("np.eye(") == (1 if mode is jacrev else 3)
    assert ("adjoint of" in derivative.source) == (mode is jacrev)
    assert derivative.source.count(" = np.tanh(") == 1, "the function is computed once"
    same(derivative(W[:2, :2], X[:2], B[:2]), tape.jacobian(layer, (W[:2, :2], X[:2], B[:2]), (0, 1, 2))[1])


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (looped, (X, 3)), (branched, (X,)), (branched, (R.normal(size=(6,)),)), (cubic, (X,)), (cubic, (X.astype(np.float32),)),
    (lambda x: x[::-1, None] * np.where(x > 0, x, 2.0), (X,)),
    (lambda x: np.linalg.solve(np.eye(3) + np.outer(x, x), np.stack([x, x**2], axis=1)), (X,)),
    (lambda x: np.max(np.outer(x, x), axis=1) + np.prod(x), (X,)),
    (lambda x: np.array([1.0, 2.0]), (X,)),
    (lambda x: np.convolve(x, x), (X,)),
    (lambda x: np.concatenate([[1.0], x, [x[0], 2.0]]), (X,)), (lambda x: np.stack([[x[0], 1.0], x[1:]]), (X,)),
    (lambda x: x[np.array([0, 2, 0])] * x[1], (X,)),
    (lambda x: float(x[0]) * x, (X,)),
    (lambda x: np.einsum("i,j->ij", x, x), (X,)),
    (lambda x: np.sort(x)[:2], (X,)), (written_twice, (X,)), (numbers_with_ties, (X,)), (complex_inside, (X,)),
    (lambda x: np.take_along_axis(np.outer(x, x), np.argsort(np.outer(x, x), axis=1)[:, :2], axis=1), (X,)),
    (lambda x: np.where(np.outer(x, x) > 0.1, x, x[:, None] ** 2) + np.where(x > 0, 1.0, x[0]), (X,)),
    (lambda x: x * 2.0, (np.zeros((0,)),)),
    (lambda x: x * np.ones((2, 1)), (np.zeros((0,)),)),
    (lambda x: np.ones(3) * x, (2.0,)), (lambda x: np.ones(3) * x, (np.float32(2.0),)), (lambda x: x**2, (np.array([1, 2]),)),
    (lambda x: np.asarray(x) ** 2, (np.array(1.5),)), (lambda x: x**2, (3,)),
]  # fmt: skip
OF_THE_VALUE = {i for i, (_, args) in enumerate(PROGRAMS) if np.shape(args[0]) == () and isinstance(args[0], (np.float32, np.ndarray))}
"""Programs whose value is of another class than the argument, which has a block of the class of the value in forward mode."""


@each_control
@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_like_the_tape_row_by_row(number: int, control: str) -> None:
    function, args = PROGRAMS[number]
    single = any(np.asarray(a).dtype == np.float32 for a in args)
    want = tape.jacobian(function, args)
    for kind in (ReverseJacobian, ForwardJacobian):
        derivative = kind(function, settings=Settings(control=control))
        for _ in range(2):
            same(derivative(*args), want, 2e-5 if single else 1e-11, kind is ReverseJacobian or number not in OF_THE_VALUE)


def test_where_the_sweep_has_loops_the_seeds_go_through_them_together() -> None:
    for kind, loops in ((jacrev, 2), (jacfwd, 1)):
        derivative = kind(looped, control="keep")
        for n in (2, 5):
            same(derivative(X, n), tape.jacobian(looped, (X, n))[1])
        assert len(derivative.paths) == 1
        assert derivative.source.count("for ") == loops


@pytest.mark.parametrize("mode", [jacrev, jacfwd])
def test_a_shape_that_is_an_array_of_whole_numbers(mode: Any) -> None:
    def folded(x: Any) -> Any:
        shape = np.zeros(2, int)
        shape[:] = 1, 3
        return np.broadcast_to(np.reshape(x * x, shape), shape * 1)

    np.testing.assert_allclose(mode(folded, control="record")(X), np.diag(2.0 * X)[None], 1e-14)


@each_control
def test_the_mode_follows_from_the_sizes(control: str) -> None:
    wide, tall = jacobian(lambda x: x[:2] ** 2, control=control), jacobian(lambda x: np.outer(x, x), control=control)
    same(wide(X), tape.jacobian(lambda x: x[:2] ** 2, (X,))[1])
    same(tall(X), tape.jacobian(lambda x: np.outer(x, x), (X,))[1])
    assert "def function_jacobian_reverse(x):" in wide.source
    assert "def function_jacobian_forward(x):" in tall.source


# Structures


@dataclasses.dataclass
class Parameters:
    w: Any
    scale: float
    name: str = "layer"


def of_parameters(p: Any, b: Any) -> Any:
    return {"out": p.w @ b, "norm": [np.sum(p.w**2) * p.scale]}


@each_control
def test_a_tree_of_blocks(control: str) -> None:
    args = (Parameters(R.normal(size=(4, 2)), 1.5), np.ones(2))
    found = jacobian(of_parameters, argnums=("p", 1), control=control)(*args)
    assert found["out"][0].w.shape == (4, 4, 2)
    assert found["out"][0].scale.shape == (4,)
    assert found["out"][0].name is None
    assert found["norm"][0][1].shape == (2,)
    same(found, tape.jacobian(of_parameters, args, ("p", 1))[1])
    second = hessian(of_parameters, argnums=(0, 1), control=control)(*args)
    assert second["out"][0].w[0].w.shape == (4, 4, 2, 4, 2)
    np.testing.assert_allclose(second["norm"][0][0].scale[0].w, 2 * args[0].w)
    np.testing.assert_allclose(second["out"][0].w[1][0, 0], np.eye(2))


@each_control
def test_with_aux(control: str) -> None:
    found = value_and_jacobian(lambda x: (x**2, {"sum": np.sum(x)}), has_aux=True, control=control)(X)
    same(found, ((X**2, {"sum": np.sum(X)}), np.diag(2 * X)))
    same(jacobian(lambda x: (x**2, 3), has_aux=True, control=control)(X), (np.diag(2 * X), 3))
    same(hessian(lambda x: (np.sum(x**3), "aux"), has_aux=True, control=control)(X)[0], np.diag(6 * X))


# Nested


@each_control
def test_inside_of_each_other(control: str) -> None:
    third = jacobian(jacobian(jacobian(cubic)), control=control)(X)
    want = np.zeros((2, 3, 3, 3))
    want[1][np.diag_indices(3, 3)] = 6.0
    for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        want[0, i, j, k] = 1.0
    same(third, want)
    inner = jacobian(looped)
    same(grad(lambda x: np.sum(inner(x, 2) ** 2), control=control)(X),
         tape.gradient(lambda x: np.sum(inner(x, 2) ** 2), (X,))[1], 1e-10)  # fmt: skip
    same(jacobian(lambda x: elementwise_grad(lambda y: y**3 * np.sum(x))(x), control=control)(X),
         6 * np.diag(X) * np.sum(X) + 3 * (X**2)[:, None] * np.ones(3))  # fmt: skip


@each_control
def test_inside_a_loop_of_the_function(control: str) -> None:
    def newton(x: Any, n: int) -> Any:
        for _ in range(n):
            x = x - np.linalg.solve(jacobian(lambda y: y**2 + np.sum(y))(x), x**2 + np.sum(x) - 1.0)
        return np.sum(x)

    start = np.array([0.6, 0.4])
    same(grad(newton, control=control)(start, 3), tape.gradient(newton, (start, 3))[1], 1e-9)


# Second order


@each_control
def test_hessian_of_a_logistic_regression(control: str) -> None:
    a, y = R.normal(size=(6, 3)), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
    s = 1 / (1 + np.exp(-a @ X))
    want = (a.T * (s * (1 - s))) @ a
    whole, product = hessian(loss, control=control), hvp(loss, control=control)
    same(whole(X, a, y), want, 1e-11)
    same(product(X, V, a, y), want @ V, 1e-11)
    same(vhp(loss, control=control)(X, V, a, y), V @ want, 1e-11)
    assert "for " not in whole.source
    assert "np.eye" not in product.source


def test_product_of_any_structure() -> None:
    def energy(p: Any) -> Any:
        return p["a"] ** 2 * np.sum(p["b"] ** 3)

    p, v = {"a": 2.0, "b": X}, {"a": 1.0, "b": V}
    found = hvp(energy)(p, v)
    np.testing.assert_allclose(found["a"], 2 * np.sum(X**3) + 12 * X**2 @ V)
    np.testing.assert_allclose(found["b"], 12 * X**2 + 24 * X * V)
    wrong = r"the vector has shape \(2,\), the argument \(3,\)\n.*\n.*\nhint: it stands behind the argument.*hvp\(f\)\(x, v, \*args\)"
    with pytest.raises(NotDifferentiable, match=f"(?s){wrong}"):
        hvp(loss)(X, V[:2], np.eye(3), X)
    with pytest.raises(NotDifferentiable, match=r"the vector has shape \(3, 3\), the argument \(3,\)"):  # another argument in its place
        hvp(loss)(X, np.eye(3), X, V)
    for v in ({"a": 1.0}, {"a": 1.0, "b": [1.0, 2.0, 3.0]}):
        with pytest.raises(NotDifferentiable, match="the vector does not have the structure of the argument"):
            hvp(energy)(p, v)
    assert hvp(loss)(X, None, np.eye(3), X).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(TypeError, match="x, v"):
        hvp(energy)(p)


def test_of_a_method_and_as_decorators() -> None:
    class Model:
        scale = 3.0

        @jacobian
        def slope(self, x: Any) -> Any:
            return self.scale * x**2

        @hessian(argnums=0)
        def curvature(self, x: Any) -> Any:
            return self.scale * np.sum(x**3)

        @hvp(control="keep")
        def product(self, x: Any, factors: Any = (1.0,)) -> Any:
            total = 0.0
            for factor in factors:
                total = total + self.scale * np.sum(x**3) * factor
            return total

    same(Model().slope(X), np.diag(6 * X))
    model = Model()
    for model.scale, factors in ((3.0, (1.0,)), (2.0, (1.0, 0.5, 2.0)), (-1.0, ())):
        same(model.product(X, V, factors), 6 * model.scale * X * V * sum(factors))
        same(grad(lambda x, m=model, f=factors: np.sum(m.product(x, V, f)))(X), 6 * model.scale * V * sum(factors))
    with pytest.raises(NotDifferentiable, match=r"the vector has shape \(2,\), the argument \(3,\)"):
        model.product(X, V[:2])
    with pytest.raises(TypeError, match="called with x, v"):
        model.product(X)
    assert model.product.__func__.source.startswith("def product_hvp(")
    same(Model().curvature(X), np.diag(18 * X))
    assert repr(hvp(loss)).startswith("<product of the Hessian of loss(w: 'Any', a:")
    product = hvp(loss)
    product(X, V, np.eye(3), X)
    assert "def loss_hvp(w, v, a, y):" in product.source


# Given seeds


@each_control
@pytest.mark.parametrize("forward", [False, True])
def test_given_seeds_in_one_sweep(control: str, forward: bool) -> None:
    def function(x: Any, p: Any) -> Any:
        return {"a": np.outer(x, x) * p["s"], "b": np.tanh(p["w"] @ x)}

    args = X, {"s": 2.0, "w": W}
    blocks = jacobian(function, argnums=(0, 1))(*args)
    rows = [[x, p["s"], p["w"]] for x, p in (blocks["a"], blocks["b"])]
    whole = np.block([[np.reshape(part, (n, -1)) for part in row] for n, row in zip((9, 5), rows, strict=True)])
    derivative = Swept(function, (0, 1), False, forward, Settings(control=control))
    for count in (4, 2):
        seeds = R.normal(size=(count, whole.shape[1 if forward else 0]))
        np.testing.assert_allclose(derivative(seeds, *args)[1], seeds @ (whole.T if forward else whole), 1e-12, 1e-12)
    assert len(derivative.paths) == (2 if control == "record" else 1)


# Refused


@pytest.mark.parametrize("function, args, reason", [
    (lambda z: z * 2.0, (np.ones(2) * 1j,), "an argument is complex"),
    (lambda x: x * 1j, (X,), "returns a complex value"),
    (lambda x: 3, (X,), "returns an int"),
    (lambda x: {"n": 3}, (X,), "returns no floats"),
    (lambda x: None, (X,), "returns a NoneType"),
])  # fmt: skip
def test_refused(function: Any, args: Any, reason: str) -> None:
    with pytest.raises(NotDifferentiable, match=reason):
        jacobian(function)(*args)


@each_control
def test_of_what_an_equation_says(control: str) -> None:
    """Its adjoint solution is found for one row after the other, by native code."""
    found = [mode(lambda a: square_root(a) * a[0], control=control)(X**2 + 1.0) for mode in (jacrev, jacfwd)]
    a = X**2 + 1.0
    want = np.diag(0.5 * a[0] / np.sqrt(a))
    want[:, 0] += np.sqrt(a)
    np.testing.assert_allclose(found, [want, want], 1e-12)
    curved = hessian(lambda a: np.sum(square_root(a)), control=control)(a)
    np.testing.assert_allclose(curved, np.diag(-0.25 * a**-1.5), 1e-12, 1e-15)


square_root = implicit(np.sqrt, lambda x, a: x * x - a)


def test_a_pullback_that_gives_its_cotangent_to_native_code() -> None:
    m = np.eye(3) * 2.0 + W[:3]
    scale = [1.0]

    @custom_vjp
    def solved(x: Any) -> Any:
        return linalg.solve(m, x) * scale[0]

    solved.defvjp(lambda x: (solved(x), None), lambda _, g: (linalg.solve(m.T, g) * scale[0],))

    def f(x: Any) -> Any:
        return np.append(solved(x * x), x[0])

    want = np.append(np.linalg.inv(m) * 2.0 * X, [[1.0, 0.0, 0.0]], axis=0)
    derivative = jacrev(f, control="record")
    for factor in (1.0, 1.0, 3.0):
        scale[0] = factor
        np.testing.assert_allclose(derivative(X), want * np.array([[factor]] * 3 + [[1.0]]), 1e-12, 1e-14)
    scale[0] = 1.0
    np.testing.assert_allclose(tape.jacobian(f, (X,))[1], want, 1e-12, 1e-14)


def test_of_what_an_equation_says_of_several_arguments() -> None:
    """The rule for the adjoint solution stands in the sweep, and is written down anew for each row."""
    a, b = X**2 + 1.0, X**2 + 2.0
    for mode, control in ((jacfwd, "record"), (jacfwd, "keep"), (jacrev, "record")):
        found = mode(lambda a, b: square_root(a * b) * 2.0, (0, 1), control=control)(a, b)
        np.testing.assert_allclose(found, [np.diag(np.sqrt(b / a)), np.diag(np.sqrt(a / b))], 1e-12, 1e-15)


@each_control
@pytest.mark.parametrize("mode", [jacrev, jacfwd])
def test_a_gradient_around_the_jacobian_of_what_an_equation_says(mode: Any, control: str) -> None:
    a, b = X**2 + 1.0, X**2 + 2.0
    around = grad(lambda a: np.sum(mode(lambda a: square_root(a * b))(a) * W[:3]), control=control)(a)
    np.testing.assert_allclose(around, -0.25 * np.diag(W[:3]) * np.sqrt(b) * a**-1.5, 1e-12)


RULED_OUTSIDE = """\
import numpy as np
from s2sad import custom_vjp, implicit

scale = 2.0


def helper(v):
    return v * 2.0


own = custom_vjp(lambda x: x ** 2)
own.defvjp(lambda x: (own(x), x), lambda x, g: (helper(g) * x,))
distance = implicit(lambda a: np.sqrt(a * a + scale * scale), lambda y, a: y * y - a * a - scale * scale)


def f(x):
    return distance(x) * own(x)
"""


def test_what_was_asked_in_the_other_mode_is_asked_again() -> None:
    """Forward mode is tried first and taken back, with what it has read from outside: what a rule calls, what a residual reads."""
    made = module(RULED_OUTSIDE)
    derivative = jacfwd(made.f, control="keep")
    for change, factor, scale in (("", 2.0, 2.0), ("helper = lambda v: v * 3.0", 3.0, 2.0), ("scale = 0.5", 3.0, 0.5)):
        run(made, change)
        root = np.sqrt(X * X + scale * scale)
        np.testing.assert_allclose(derivative(X), np.diag(X / root * X**2 + root * factor * X), 1e-12, 1e-15)


def test_a_product_with_the_hessian_of_what_returns_an_array_is_refused() -> None:
    for control in ("record", "keep"):
        with pytest.raises(NotDifferentiable, match="returns an array of shape"):
            hvp(lambda x: x * x, control=control)(X, V)
