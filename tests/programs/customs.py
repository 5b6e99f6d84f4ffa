"""Functions whose derivative is the user's: pullbacks, tangents, constants, and what equations say, wherever functions may stand."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from scipy import special

import s2sad
from s2sad import custom_jvp, custom_vjp, fixed_point, implicit, stop_gradient

from . import program
from .samples import positive, spd, unit, wave

LIMIT = 0.4


@custom_vjp
def log1pexp(x):
    return np.log1p(np.exp(x))


log1pexp.defvjp(lambda x: (log1pexp(x), x), lambda x, g: (g * (1.0 - 1.0 / (1.0 + np.exp(x))),))


@custom_vjp
def gated(x, gate, power):
    return np.sin(x) ** power * gate


def gated_fwd(x, gate, power):
    sine = np.sin(x)
    return gated(x, gate, power), {"x": x, "gate": gate, "rest": (sine, [power, "power"], None)}


def gated_bwd(kept, g):
    sine, (power, _), _ = kept["rest"]
    by_gate = g * sine**power
    if np.ndim(kept["gate"]) == 0:
        by_gate = np.sum(by_gate)
    return g * kept["gate"] * power * sine ** (power - 1) * np.cos(kept["x"]), by_gate, None


gated.defvjp(gated_fwd, gated_bwd)


@custom_jvp
def soft(x, sharpness):
    return np.log(1.0 + np.exp(sharpness * x)) / sharpness


@soft.defjvp
def soft_jvp(primals, tangents):
    (x, sharpness), (x_dot, sharpness_dot) = primals, tangents
    slope = 1.0 / (1.0 + np.exp(-sharpness * x))
    value = soft(x, sharpness)
    return value, slope * x_dot + (slope * x - value) / sharpness * sharpness_dot


@custom_jvp
def hypotenuse(a, b):
    return math.sqrt(a * a + b * b)


hypotenuse.defjvps(lambda t, c, a, b: t * a / c, lambda t, c, a, b: t * b / c)


def through_a_helper(x, scale):
    if x > LIMIT:
        return log1pexp(scale * x) * x
    return scale * log1pexp(x - 1.0)


@program((0.7, 2.0), (0.1, 2.0), (-3.0, 0.5), argnums=(0, 1))
def pullback_in_a_helper_that_returns_early(x, scale):
    return through_a_helper(x, scale) + through_a_helper(x * scale, 1.5) ** 2


@program((wave(3), 4), (wave(5, phase=1.0), 3), (wave(2), 0), (wave(3, dtype=np.float32), 2))
def pullback_in_a_loop_with_structured_residuals(x, n):
    total = np.sum(x)
    for k in range(n):
        x = gated(x, 0.9, 2) + 0.1 * k
        if np.sum(x) > 0.5:
            total = total + np.sum(gated(x, x, power=3))
    return total


@program((wave(4), 1.5), (positive(4), 1.5), (wave(6, phase=2.0), 0.7), argnums=(0, 1))
def tangent_in_a_loop_that_writes(x, sharpness):
    y = np.zeros(len(x))
    for i in range(len(x)):
        if x[i] > 0.0:
            y[i] = soft(x[i] * x[0], sharpness)
        else:
            y[i] = soft(sharpness, 1.0 + x[i] * x[i]) - y[i - 1]
    return np.sum(y * x)


@program((3.0, 4.0, 3), (-1.0, 0.5, 5), (2.0, 0.1, 0), argnums=(0, 1))
def tangents_one_by_one_while_something_holds(a, b, n):
    steps = 0
    while steps < n and hypotenuse(a, b) < 20.0:
        a, b = hypotenuse(a, b), b + 0.3 * hypotenuse(b, 1.0)
        steps += 1
    return a * b


@custom_vjp
def outer_rule(x):
    return log1pexp(x) * soft(x, 2.0)


def outer_fwd(x):
    inner, pulled = s2sad.vjp(lambda v: soft(v, 2.0), x)
    return log1pexp(x) * inner, (x, inner, pulled(np.ones_like(x))[0])


def outer_bwd(kept, g):
    x, inner, slope = kept
    return (g * (log1pexp(x) * slope + inner * gated(x * 0.5, 1.0, 2) * 0.0 + inner / (1.0 + np.exp(-x))),)


outer_rule.defvjp(outer_fwd, outer_bwd)


@program((wave(3), 2), (positive(2), 3), (wave(4), 0))
def rules_that_call_functions_with_rules(x, n):
    for _ in range(n):
        x = outer_rule(x) * 0.5
    return np.sum(outer_rule(x) ** 2)


class Layer:
    def __init__(self, weight):
        self.weight = weight

    @custom_vjp
    def forward(self, x):
        return np.tanh(self.weight * x)

    def applied(self, x, times):
        for _ in range(times):
            x = self.forward(x) + 0.1 * x
        return x


Layer.forward.defvjp(
    lambda self, x: (self.forward(x), (self.weight, np.tanh(self.weight * x))),
    lambda kept, g: (None, g * kept[0] * (1.0 - kept[1] ** 2)),
)
LAYERS = [Layer(0.8), Layer(1.3)]


@program((wave(3), 2), (wave(4), 3), (positive(2), 0))
def methods_of_objects_from_outside(x, times):
    for layer in LAYERS:
        x = layer.applied(x, times)
    return np.sum(x * x)


@custom_vjp
def exponential_integral(x):
    return special.expi(x)


exponential_integral.defvjp(lambda x: (exponential_integral(x), x), lambda x, g: (g * special.expm1(x) / x + g / x,))


@program((positive(3), 2), (positive(4), 3), order=1)
def native_code_in_both_directions(x, n):
    total = 0.0
    for k in range(n):
        total = total + np.sum(exponential_integral(x + k) * x)
    return total


@custom_jvp(nondiff_argnums=(0,))
def bessel(order, x):
    return special.jv(order, x)


@bessel.defjvp
def bessel_jvp(order, primals, tangents):
    return bessel(order, primals[0]), 0.5 * (bessel(order - 1, primals[0]) - bessel(order + 1, primals[0])) * tangents[0]


@program((positive(3),), (wave(2) + 4.0,))
def native_code_with_a_rule_that_asks_for_itself(x):
    return np.sum(bessel(2, x) * x) + np.sum(bessel(0, x * 0.5))


@stop_gradient
def largest(values):
    return np.max(values)


@program((wave(4), 3), (positive(3), 1), (wave(5, phase=1.0), 0))
def constants_that_make_no_difference(x, n):
    total = 0.0
    for k in range(n):
        y = x * (k + 1)
        top = largest(y) if k % 2 else stop_gradient(np.max(y))
        total = total + top + np.log(np.sum(np.exp(y - top)))
    return total + 0.0 * np.sum(x)


def newton(a, b):
    x = 1.0 + 0.0 * a
    while abs(x * x + b * x - a) > 1e-13:
        x = x - (x * x + b * x - a) / (2.0 * x + b)
    return x


quadratic = implicit(newton, lambda x, a, b: x * x + b * x - a)


@program((3.0, 0.5, 3), (0.7, 0.2, 2), (5.0, 1.0, 0), argnums=(0, 1), rtol=1e-5)
def roots_of_an_equation_in_a_loop(a, b, n):
    for k in range(n):
        if a > 1.0:
            a = quadratic(a, b) + 0.1 * k
        else:
            a = quadratic(a + 1.0, b * a)
    return a * quadratic(2.0, b)


def solved(theta):
    x = np.zeros(theta["b"].shape)
    for _ in range(60):
        x = x - np.linalg.solve(theta["A"] + np.diag(3.0 * x**2), theta["A"] @ x + x**3 - theta["b"])
    return x


cubic_system = implicit(solved, lambda x, theta: theta["A"] @ x + x**3 - theta["b"])


@program(({"A": spd(3), "b": wave(3)},), ({"A": spd(2), "b": positive(2)},), rtol=1e-5)
def system_of_equations_with_a_container(theta):
    return np.sum(cubic_system(theta) ** 2) + np.sum(cubic_system({"A": theta["A"], "b": theta["b"] ** 2}))


contraction = fixed_point(lambda x, a, w: np.tanh(w @ x + a))


@program((unit(3), 0.3 * wave(3, 3)), (unit(2), 0.2 * wave(2, 2, phase=1.0)), argnums=(0, 1), rtol=1e-5)
def equilibrium_where_it_is_needed(a, w):
    total = 0.0
    for i in range(len(a)):
        if a[i] > 0.0:
            total = total + np.sum(contraction(np.zeros(len(a)), a * a[i], w) ** 2)
        else:
            total = total + a[i] * a[i]
    return total


@custom_vjp(nondiff_argnums=(0, 2))
def weighted(function, x, mode):
    return function(x) * len(mode)


def weighted_bwd(function, mode, x, g):
    return (s2sad.elementwise_grad(function)(x) * len(mode) * g,)


weighted.defvjp(lambda function, x, mode: (weighted(function, x, mode), x), weighted_bwd)


@program((wave(3),), (positive(4),))
def functions_and_texts_that_are_not_differentiated(x):
    total = np.sum(weighted(np.sin, x, "one"))
    for mode in ("a", "bc"):
        total = total + np.sum(weighted(lambda v: v**3, x, mode)) * np.sum(weighted(partial(np.multiply, 2.0), x, mode))
    return total


@program((0.7, 3), (-0.4, 2), (1.5, 0))
def rule_of_a_closure(x, n):
    factor = 1.5

    @custom_jvp
    def cubed(v):
        return factor * v**3

    cubed.defjvp(lambda primals, tangents: (cubed(primals[0]), factor * 3.0 * primals[0] ** 2 * tangents[0]))
    for _ in range(n):
        x = 0.3 * cubed(x) + x
    return x


@custom_jvp
def moments(values):
    return {"mean": np.mean(values), "parts": (np.sum(values**2), len(values))}


@moments.defjvp
def moments_jvp(primals, tangents):
    (values,), (moved,) = primals, tangents
    return moments(values), {"mean": np.mean(moved), "parts": (2.0 * np.sum(values * moved), None)}


@program((wave(4),), (positive(3),), (wave(2, dtype=np.float32),))
def containers_from_a_rule(x):
    found = moments(x * x)
    square, count = found["parts"]
    return square * found["mean"] / count + moments([x, 2.0 * x][0])["mean"]


def unrolled(x, depth):
    if depth == 0:
        return log1pexp(x)
    return gated(unrolled(0.5 * x, depth - 1), x, 2)


@program((0.8, 2), (-1.1, 3), (0.3, 0))
def rules_in_a_recursion(x, depth):
    return unrolled(x, depth) + unrolled(2.0 * x, 1)
