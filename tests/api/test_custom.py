"""Derivatives of the user's: values that count as constants, functions with a pullback or a jvp of their own."""
from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

import s2sad
from s2sad import custom_vjp, grad, jvp, stop_gradient, tape, value_and_grad, vjp

BOTH = pytest.mark.parametrize("control", ["record", "keep"])
X = np.array([0.3, -1.2, 0.7])


def same(found: Any, wanted: Any, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-14)


def everywhere(f: Callable[..., Any], like: Callable[..., Any], *args: Any, rtol: float = 1e-12) -> None:
    """Recorded, kept and on the tape the derivatives are those of another function, and of second order as well."""
    for control in ("record", "keep"):
        value, gradient = value_and_grad(f, control=control)(*args)
        assert value == f(*args)
        same(gradient, grad(like)(*args), rtol)

        def twice(*a: Any) -> Any:
            return np.sum(grad(f)(*a) ** 2)

        second = grad(lambda *a: np.sum(grad(like)(*a) ** 2))(*args)
        same(grad(twice, control=control)(*args), second, rtol)
        same(jvp(f, args, args, control=control), jvp(like, args, args), rtol)
    over = jvp(lambda *a: grad(like)(*a), args, args)[1], jvp(lambda *a: jvp(like, a, args)[1], args, args)[1]
    same(jvp(lambda *a: grad(f)(*a), args, args)[1], over[0], rtol)
    same(jvp(lambda *a: jvp(f, a, args)[1], args, args)[1], over[1], rtol)
    same(tape.gradient(f, args)[1], grad(like)(*args), rtol)
    same(tape.tangent(f, args, args)[1], jvp(like, args, args)[1], rtol)
    same(tape.gradient(twice, args)[1], second, rtol)


# Constants


def test_stopped_values() -> None:
    everywhere(lambda x: np.sum(x * stop_gradient(np.sin(x)) + x**3), lambda x: np.sum(x**3) + np.sum(_sine(x) * x), X)


_sine = custom_vjp(lambda x: np.sin(x))
_sine.defvjp(lambda x: (_sine(x), None), lambda res, g: (None,))  # which is stop_gradient by another way


@dataclasses.dataclass
class Pair:
    w: Any
    n: Any


def test_stopped_containers() -> None:
    tree = {"a": [X, 2, "text"], "p": Pair(X, 3.0), "t": (np.arange(3), None)}
    found = stop_gradient(tree)
    assert found["a"][1:] == [2, "text"] and found["p"].n == 3.0 and found["t"][1] is None
    assert found["a"][0] is not X and np.array_equal(found["a"][0], X) and found["t"][0].dtype == np.arange(3).dtype

    def f(x: Any, t: Any) -> Any:
        stopped = stop_gradient({"a": [x, 2], "p": Pair(x * t, 3.0)})
        return np.sum(stopped["a"][0] * x + stopped["p"].w * x * stopped["p"].n)

    for control in ("record", "keep"):
        same(grad(f, control=control)(X, 2.0), X + 6 * X)


@BOTH
def test_stopped_copy_is_written(control: str) -> None:
    def f(x: Any) -> Any:
        y = stop_gradient(x)
        y[0] = 5.0
        y[1:] *= x[1:]
        return np.sum(y * x)

    wanted = np.array([5.0, 2 * X[1] ** 2, 2 * X[2] ** 2])
    assert f(X) == value_and_grad(f, control=control)(X)[0] and X[0] == 0.3
    same(grad(f, control=control)(X), wanted)
    same(tape.gradient(f, (X,))[1], wanted)


def test_stopped_function() -> None:
    @stop_gradient
    def scale(x: Any, power: float = 1.0) -> Any:
        return {"s": np.max(np.abs(special.expm1(np.log1p(x + 2.0)) - 2.0)) ** power}  # a function without a rule

    def f(x: Any) -> Any:
        return np.sum(x**2 / scale(x, power=2.0)["s"])

    same(grad(f)(X), 2 * X / 1.44)
    same(tape.gradient(f, (X,))[1], 2 * X / 1.44)


def test_no_block_is_stopped() -> None:
    """It is said where, in plain code as well; the function that is proposed does what was meant, a write into a view included."""
    def f(x: Any) -> Any:
        y = x * x
        with stop_gradient():
            y[:1] *= np.max(y)
        return np.sum(y)

    for run in (f, grad(f), grad(f, control="keep"), s2sad.compiled(f), lambda x: tape.gradient(f, (x,)), lambda x: jvp(f, (x,), (x,))):
        with pytest.raises(s2sad.UnsupportedSyntax, match="does not stand for a block") as caught:
            run(X)
        location = caught.value.location
        assert location is not None and location.text()[location.column : location.end_column] == "stop_gradient()"

    @stop_gradient
    def block(y: Any) -> Any:
        y = y.copy()
        y[:1] *= np.max(y)
        return y

    everywhere(lambda x: np.sum(block(x * x) * x), lambda x: np.sum(block(_sine(x) * 0.0 + stop_gradient(x * x)) * x), X)
    same(grad(lambda x: np.sum(block(x * x) * x))(X), block(X * X))


# A pullback


def _wave() -> tuple[Any, Any]:
    """A function with a rule, and the same without."""

    @custom_vjp
    def wave(x: Any, y: Any) -> Any:
        return np.sin(x) * y

    def fwd(x: Any, y: Any) -> Any:
        return wave(x, y), {"x": x, "more": (np.sin(x), [y])}

    def bwd(res: Any, g: Any) -> Any:
        sine, (y,) = res["more"]
        return g * np.cos(res["x"]) * y, g * sine

    wave.defvjp(fwd, bwd)
    return wave, lambda x, y: np.sin(x) * y


def test_pullback() -> None:
    wave, plain = _wave()
    everywhere(lambda x: np.sum(wave(x * x, x) * x), lambda x: np.sum(plain(x * x, x) * x), X)
    everywhere(lambda x: np.sum(wave(x, y=2.0 * x)), lambda x: np.sum(plain(x, 2.0 * x)), X)
    assert wave(0.5, 2.0) == plain(0.5, 2.0) and wave.__name__ == "wave"


def test_the_rule_is_what_counts() -> None:
    """Twice the derivative, at each order."""

    @custom_vjp
    def f(x: Any) -> Any:
        return x**3

    f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * g * 3 * x**2,))
    assert grad(f)(2.0) == 24.0 and tape.gradient(f, (2.0,))[1] == 24.0
    assert grad(grad(f))(2.0) == 24.0 and tape.gradient(grad(f), (2.0,))[1] == 24.0
    assert grad(grad(lambda x: f(x) * x))(2.0) == 96.0  # (2 * 3 x**2 * x + x**3)' = 18 x**2 + 2 * 3 x**2: the value by its rule again


def test_an_identity_that_clips() -> None:
    """Around, the function is what fwd does: the second derivative of a value that fwd returns as it is does not see the rule."""

    @custom_vjp
    def clipped(x: Any) -> Any:
        return x

    clipped.defvjp(lambda x: (x, None), lambda _, g: (np.clip(g, -1.0, 1.0),))

    def f(x: Any) -> Any:
        return np.sum(clipped(x) ** 2)

    x = np.array([0.2, -0.3, 4.0])
    for control in ("record", "keep"):
        same(grad(f, control=control)(x), [0.4, -0.6, 1.0])
        same(grad(lambda x: np.sum(grad(f)(x) * x), control=control)(x), [0.4 + 2 * 0.2, -0.6 - 2 * 0.3, 1.0])
    same(tape.gradient(lambda x: np.sum(grad(f)(x) * x), (x,))[1], [0.8, -1.2, 1.0])


@BOTH
def test_results_are_copies(control: str) -> None:
    @custom_vjp
    def part(x: Any) -> Any:
        return x[1:]

    part.defvjp(lambda x: (part(x), x), lambda x, g: (np.concatenate([np.zeros(1), g]),))

    def f(x: Any) -> Any:
        z = x * 1.0
        y = part(z)
        y[0] = 10.0
        c = part(np.ones(3))
        c[0] = 3.0
        return np.sum(y * z[1:]) + c[0]

    assert value_and_grad(f, control=control)(X)[0] == f(X)
    same(grad(f, control=control)(X), [0.0, 10.0, 2 * X[2]])
    same(tape.gradient(f, (X,))[1], [0.0, 10.0, 2 * X[2]])


@pytest.mark.sampled(3)
def test_in_loops_and_branches() -> None:
    wave, plain = _wave()

    def walk(wave: Any) -> Any:
        def step(x: Any, k: int) -> Any:
            return wave(x, 0.9) if k % 3 else 0.5 * wave(x, x)

        def f(x: Any) -> Any:
            total = 0.0
            for k in range(20):
                x = step(x, k) + 0.1
                if np.sum(x) > 0.3:
                    total = total + np.sum(wave(x, k + 1.0))
            return total

        return f

    everywhere(walk(wave), walk(plain), X, rtol=1e-9)


def test_native_code() -> None:
    """A function that has no rule, on plain values in both directions."""
    @custom_vjp
    def lookup(x: Any) -> Any:
        return np.array([special.cython_special.expm1(v) for v in x])

    lookup.defvjp(lambda x: (lookup(x), x), lambda x, g: (g * np.array([1.0 + special.cython_special.expm1(v) for v in x]),))

    def f(x: Any) -> Any:
        return np.sum(lookup(x * x) * x)

    wanted = grad(lambda x: np.sum(np.expm1(x * x) * x))(X)
    same(grad(f)(X), wanted)
    same(tape.gradient(f, (X,))[1], wanted)
    with pytest.raises(s2sad.MissingRule):  # of second order the rule is differentiated, which calls native code
        grad(lambda x: np.sum(grad(f)(x)))(X)


@BOTH
def test_code_of_a_pullback(control: str) -> None:
    """It branches, loops, writes into views, and calls helpers."""

    def helper(row: Any, g: Any) -> None:
        row[:] = row + 2.0 * g

    @custom_vjp
    def f(x: Any) -> Any:
        return x @ x

    def bwd(x: Any, g: Any) -> Any:
        out = np.zeros((2, x.shape[0]))
        row = out[1]
        for i in range(x.shape[0]):
            if x[i] > 0:
                row[i] = x[i]
            else:
                row[i] += x[i]
        helper(out[0], g * row)
        return (out[0],)

    f.defvjp(lambda x: (f(x), x), bwd)

    def g(x: Any) -> Any:
        return f(x * 2.0) * x[0]

    wanted = grad(lambda x: 4.0 * (x @ x) * x[0])
    same(grad(g, control=control)(X), wanted(X))
    same(tape.gradient(g, (X,))[1], wanted(X))
    same(grad(lambda x: np.sum(grad(g)(x) ** 2), control=control)(X), grad(lambda x: np.sum(wanted(x) ** 2))(X))


def test_containers_and_constants() -> None:
    @custom_vjp
    def model(params: Any, x: Any, mode: str) -> Any:
        return {"y": params["w"] * x + params["p"].w, "n": len(mode), "loss": np.sum(params["w"])}

    def fwd(params: Any, x: Any, mode: str) -> Any:
        return model(params, x, mode), (params, x, mode)

    def bwd(res: Any, g: Any) -> Any:
        _, x, mode = res
        assert mode == "train" and g["n"] is None and g["loss"].dtype == np.float64
        return {"w": g["y"] * x + g["loss"], "p": Pair(g["y"], None)}, None, None

    model.defvjp(fwd, bwd)

    def f(params: Any, x: Any) -> Any:
        out = model(params, x, "train")
        return np.sum(out["y"] ** 2) * out["n"]

    params = {"w": X, "p": Pair(X + 1.0, 3.0)}
    for control in ("record", "keep"):
        found = grad(f, control=control)(params, 2.0)
        same(found["w"], 10 * (3 * X + 1.0) * 2.0)
        same(found["p"].w, 10 * (3 * X + 1.0))
        assert found["p"].n == 0.0


class Held:
    def __init__(self, w: Any) -> None:
        self.w = w


@BOTH
def test_objects_that_the_function_makes(control: str) -> None:
    """A dataclass is opened, wherever it was made; what is in another object would not be seen."""
    twice = custom_vjp(lambda p: p.w * p.n)
    twice.defvjp(lambda p: (twice(p), p), lambda p, g: (Pair(2.0 * g * p.n, 2.0 * np.sum(g * p.w)),))
    pushed = s2sad.custom_jvp(lambda p: p.w * p.n)
    pushed.defjvp(lambda p, t: (pushed(p[0]), 2.0 * (t[0].w * p[0].n + p[0].w * t[0].n)))
    for f in (lambda x: np.sum(twice(Pair(x[1:], x[0]))), lambda x: np.sum(pushed(Pair(x[1:], x[0])))):
        wanted = [2.0 * np.sum(X[1:]), 2.0 * X[0], 2.0 * X[0]]
        same(grad(f, control=control)(X), wanted)
        same(jvp(f, (X,), (X,), control=control)[1], wanted @ X)
        same(tape.gradient(f, (X,))[1], wanted)
    for rule in (twice, pushed):
        for run in (grad(lambda x, rule=rule: np.sum(rule(Held(x))), control=control), lambda x, rule=rule: tape.gradient(
                lambda x: np.sum(rule(Held(x))), (x,))):  # fmt: skip
            with pytest.raises(s2sad.NotDifferentiable, match="object of the class Held that holds a value that is being differentiated"):
                run(X)


def test_arguments_that_are_not_differentiated() -> None:
    @s2sad.custom_vjp(nondiff_argnums=(0, 2))
    def apply(f: Any, x: Any, n: int) -> Any:
        return f(x) * n

    def fwd(f: Any, x: Any, n: int) -> Any:
        return apply(f, x, n), x

    def bwd(f: Any, n: int, x: Any, g: Any) -> Any:
        return (g * n * grad(f)(x),)

    apply.defvjp(fwd, bwd)
    everywhere(lambda x: apply(math.sin, x, 3) * x, lambda x: 3 * math.sin(x) * x, 0.7)

    def loop(x: Any) -> Any:
        for k in range(20):
            x = x + 0.01 * apply(math.sin, x, k)
        return x

    assert grad(loop, control="keep")(0.7) == pytest.approx(grad(loop, control="record")(0.7), rel=1e-13)
    with pytest.raises(s2sad.NotDifferentiable, match="argument 2 of apply"):
        grad(lambda x: apply(math.sin, x, x))(0.7)


def test_methods_float32_and_other_transforms() -> None:
    class Layer:
        def __init__(self, scale: float) -> None:
            self.scale = scale

        @custom_vjp
        def forward(self, x: Any) -> Any:
            return self.scale * x * x

    Layer.forward.defvjp(lambda self, x: (self.forward(x), (self.scale, x)), lambda res, g: (None, g * res[0] * 2.0 * res[1]))
    layer, x = Layer(3.0), np.array([1.0, 2.0], np.float32)
    found = grad(lambda x: np.sum(layer.forward(x)))(x)
    assert found.dtype == np.float32
    same(found, 6 * x, 1e-6)
    value, pullback = vjp(lambda x: layer.forward(x), X)
    same(value, 3 * X * X)
    same(pullback(X)[0], 6 * X * X)
    same(s2sad.elementwise_grad(layer.forward)(X), 6 * X)
    wave, _ = _wave()
    kept = grad(s2sad.checkpoint(lambda x: np.sum(wave(x, x))), control="keep")(X)
    same(kept, np.cos(X) * X + np.sin(X))


def test_a_rule_that_is_given_anew() -> None:
    @custom_vjp
    def f(x: Any) -> Any:
        return x * x

    slope = grad(lambda x: f(x))
    f.defvjp(lambda x: (f(x), x), lambda x, g: (g * 2 * x,))
    assert [slope(3.0), slope(3.0)] == [6.0, 6.0]
    f.defvjp(lambda x: (f(x), x), lambda x, g: (g * 20 * x,))
    assert slope(3.0) == 60.0


def test_what_the_pullback_raises_is_raised() -> None:
    @custom_vjp
    def f(x: Any) -> Any:
        return x * x

    def bwd(x: Any, g: Any) -> Any:
        if x > 2.0:
            raise KeyError("too large")
        return (g * 2.0 * x,)

    f.defvjp(lambda x: (f(x), x), bwd)
    slope = grad(lambda x: f(x))
    for control in ("record", "keep"):
        slope = grad(lambda x: f(x), control=control)
        assert slope(1.0) == 2.0
        with pytest.raises(KeyError, match="too large"):
            slope(3.0)
        with pytest.raises(KeyError, match="too large"):
            slope(4.0)


# Refused


def _with(fwd: Any, bwd: Any, f: Any = None) -> Any:
    made = custom_vjp(f or (lambda x, y: x * y))
    made.defvjp(fwd, bwd)
    return lambda x: np.sum(made(x, x))


ONE = custom_vjp(lambda x: x @ x)
ONE.defvjp(lambda x: (ONE(x), x), lambda x, g: 2.0 * x * g)
WRONG: dict[str, tuple[Any, str]] = {
    "of one": (ONE,
               r"a tuple with the cotangent of the one differentiable argument of <lambda>\(\), not an?(?s: .*)return \(cotangent,\)$"),
    "no pair": (_with(lambda x, y: x * y, lambda r, g: (g, g)), "must return a pair"),
    "too few": (_with(lambda x, y: (x * y, None), lambda r, g: (g,)), "one cotangent for each of the 2 .* not 1 cotangents"),
    "no tuple": (_with(lambda x, y: (x * y, None), lambda r, g: g), "one cotangent for each of the 2 .* not a"),
    "shape": (_with(lambda x, y: (x * y, None), lambda r, g: (np.sum(g), g)),
              r"cotangent 0 .* has the shape \(\), its argument \((3|x.*),\)"),
    "structure": (_with(lambda x, y: (x * y, None), lambda r, g: ([g], g)), "not the structure of its argument"),
    "complex": (_with(lambda x, y: (x * y, None), lambda r, g: (g * 1j, g)), "is complex, its argument real"),
    "text": (_with(lambda x, y: (x * y, None), lambda r, g: ("g", g)), "is a str"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_wrong_rules(name: str) -> None:
    f, said = WRONG[name]
    for control in ("record", "keep"):
        with pytest.raises(s2sad.RuleError, match=said) as caught:
            grad(f, control=control)(X)
        assert caught.value.location is not None and "test_custom" in caught.value.location.file
    with pytest.raises(s2sad.RuleError, match=said):
        tape.gradient(f, (X,))


def test_what_comes_in_beside_the_arguments() -> None:
    def f(x: Any) -> Any:
        @custom_vjp
        def inner(y: Any) -> Any:
            return x * y

        inner.defvjp(lambda y: (x * y, y), lambda y, g: (g,))
        return inner(x)

    for run in (grad(f), grad(f, control="keep"), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(s2sad.NotDifferentiable, match="is no argument of it"):
            run(2.0)


def test_writes_into_arguments_and_rules_that_are_not_there() -> None:
    @custom_vjp
    def f(x: Any) -> Any:
        x += 1.0
        return x * x

    with pytest.raises(s2sad.RuleError, match="has no rule yet"):
        grad(lambda x: np.sum(f(x * 1.0)))(X)
    f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
    for control in ("record", "keep"):
        with pytest.raises(s2sad.UnsupportedMutation, match="writes into an argument"):
            grad(lambda x: np.sum(f(x * 1.0)), control=control)(X)
    with pytest.raises(s2sad.NotDifferentiable, match="Variable in plain code"):
        f(tape.Variable(2.0))
    with pytest.raises(TypeError, match="not callable"):
        custom_vjp(3)
    with pytest.raises(TypeError, match="not callable"):
        f.defvjp(3, 4)


@BOTH
def test_rules_that_are_defined_inside(control: str) -> None:
    def f(x: Any, factor: Any) -> Any:
        @custom_vjp
        def cubed(v: Any) -> Any:
            return 1.5 * v**3

        @s2sad.custom_jvp
        def squared(v: Any) -> Any:
            return v * v

        cubed.defvjp(lambda v: (cubed(v), v), lambda v, g: (4.5 * v * v * g,))
        squared.defjvp(lambda primals, tangents: (squared(primals[0]), 2.0 * primals[0] * tangents[0]))
        return cubed(x * factor) * squared(x)

    wanted = 7.5 * 8.0 * 0.7**4
    assert grad(f, control=control)(0.7, 2.0) == pytest.approx(wanted, rel=1e-12)
    assert jvp(f, (0.7, 2.0), (1.0, None), control=control)[1] == pytest.approx(wanted, rel=1e-12)
    assert tape.gradient(f, (0.7, 2.0))[1] == pytest.approx(wanted, rel=1e-12)


def test_a_residual_is_what_it_was() -> None:
    """The array is the user's, of another function, or of the rule: it may be written into before the sweep comes to the rule."""
    shared = np.array([1.0, 2.0, 3.0])
    scaled = custom_vjp(lambda x: x * shared)
    scaled.defvjp(lambda x: (scaled(x), shared), lambda kept, g: (g * kept,))

    def f(x: Any) -> Any:
        shared[:] = 2.0
        y = scaled(x)
        shared[0] = 7.0
        return np.sum(y * x)

    for _ in range(2):
        same(grad(f, control="record")(X), 4.0 * X)
    same(tape.gradient(f, (X,))[1], 4.0 * X)


def test_the_shape_of_a_cotangent_is_that_of_its_argument() -> None:
    f = _with(lambda x, y: (x * y, None), lambda r, g: (np.sum(g), g))
    with pytest.raises(s2sad.RuleError, match=r"cotangent 0 .* has the shape \(\), its argument \(3,\)"):
        grad(f, control="record")(X)
    with pytest.raises(s2sad.RuleError, match=r"cotangent 0 .* has the shape"):
        tape.gradient(f, (X,))
