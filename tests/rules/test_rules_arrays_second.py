"""Second derivatives of the rules for arrays: the tape differentiates every pullback, central differences check it."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import tape, trees
from s2sad.machine.traced import strip
from s2sad.rules.language import BY_NAME
from s2sad.tape.machine import Variable, current
from tests.rule_samples_arrays import Call
from tests.rules.test_rules_arrays import NARROW, SAMPLES, active, flatten


def lifted(value: Any, found: list[Variable]) -> Any:
    """The argument with a Variable for every number and array that can be differentiated."""
    if isinstance(value, (list, tuple)):
        return type(value)([lifted(v, found) for v in value])
    if not active(value):
        return value
    found.append(Variable(value))
    return found[-1]


def contracted(values: Any, entries: Iterator[float]) -> Any:
    """A weighted sum of the real parts of all entries, with weights that the order of the entries fixes."""
    total: Any = 0.0
    for leaf in trees.flatten(values)[0]:
        plain = strip(leaf)
        if active(plain):
            weights = np.reshape([next(entries) for _ in range(np.size(plain))], np.shape(plain))
            total = total + np.sum((np.real(leaf) if np.iscomplexobj(plain) else leaf) * weights)
    return total


def slope(name: str, bound: list[Any], parameters: list[int], seed: int) -> tuple[Any, list[Variable]]:
    """The gradient of a weighted sum of the results, contracted with fixed directions; and the inputs."""
    tape.reset_tape()
    inputs: list[Variable] = []
    arguments = [lifted(v, inputs) if i in parameters else v for i, v in enumerate(bound)]
    fixed = np.random.default_rng(seed)
    weights = iter(lambda: float(fixed.standard_normal()), None)
    value = contracted(current().apply(BY_NAME[name], arguments), weights)
    if not isinstance(value, Variable):
        return 0.0, inputs
    return contracted([g for g in tape.grad(value, inputs) if g is not None], weights), inputs


def rows() -> list[Any]:
    found = []
    for name, calls in SAMPLES.items():
        for number, call in enumerate(calls):
            bound = BY_NAME[name].bind(call.args, call.kwargs)
            real = not any(np.iscomplexobj(flatten(v)) for v in bound)
            if real and name not in NARROW and flatten(bound).size:
                found.append(pytest.param(name, call, id=f"{name}-{number}"))
    return found


def moved(value: Any, steps: Iterator[float], h: float) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)([moved(v, steps, h) for v in value])
    if not active(value):
        return value
    step = np.reshape([next(steps) for _ in range(np.size(value))], np.shape(value))
    return value + h * step if isinstance(value, np.ndarray) else type(value)(value + h * float(step))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("name", "call"), rows())
def test_second_derivatives_match_differences_of_the_first(name: str, call: Call) -> None:
    primitive = BY_NAME[name]
    bound = primitive.bind(call.args, call.kwargs)
    parameters = [primitive.index(p) for p in primitive.pullbacks]
    value, inputs = slope(name, bound, parameters, 5)
    found = tape.grad(value, inputs) if isinstance(value, Variable) else [None] * len(inputs)
    fixed = np.random.default_rng(23)
    steps = [fixed.standard_normal(np.shape(x.value)) for x in inputs]
    along = sum((np.sum(g.value * s) for g, s in zip(found, steps, strict=True) if g is not None), 0.0)

    def at(h: float) -> Any:
        flat = iter(np.concatenate([np.zeros(0), *[s.ravel() for s in steps]]))
        there = [moved(v, flat, h) if i in parameters else v for i, v in enumerate(bound)]
        return strip(slope(name, there, parameters, 5)[0])

    # Five points: the error falls with the fourth power of the step.
    h = 1e-4
    expected = (8.0 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    np.testing.assert_allclose(along, expected, rtol=1e-7, atol=1e-7)
