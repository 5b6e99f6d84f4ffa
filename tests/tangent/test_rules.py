"""Compiled tangents of every rule on its samples, against those of the tape."""
from __future__ import annotations

import ast
import cmath
import math
from typing import Any

import numpy as np
import pytest

from s2sad import jvp, trees
from s2sad.rules.rule_text import REQUIRED
from tests.oracles import module
from tests.rules.tangents import NAMES, Case, floats
from tests.rules.test_rules_arrays import active
from tests.rules.test_tangents import cases, size

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def call_of(case: Case) -> str:
    """The call of a primitive as its users write it, of its parameters; those that have their default are left out."""
    primitive = case.primitive
    if not isinstance(primitive.template, ast.Call):
        return ast.unparse(primitive.template)
    given = zip(primitive.parameters, case.bound, strict=True)
    words = [f"*{p.name}" if p.variadic else p.name if p.default is REQUIRED else f"{p.name}={p.name}"
             for p, value in given if p.variadic or value is not p.default]  # fmt: skip
    owner = words.pop(0) if primitive.name.startswith(".") else ""
    return f"{owner}{primitive.name}({', '.join(words)})"


def tangents_of(case: Case) -> tuple[Any, ...]:
    """The directions of a case in the structure of its arguments, None for those that stay as they are."""
    rest, found = iter(case.directions), dict.fromkeys(p.name for p in case.primitive.parameters)
    for name in case.parameters:
        leaves, structure = trees.flatten(case.bound[case.primitive.index(name)])
        if any(map(active, leaves)):
            found[name] = trees.unflatten(structure, [next(rest) if active(leaf) else None for leaf in leaves])
    return tuple(found.values())


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", NAMES)
def test_compiled_tangents_are_those_of_the_tape(name: str) -> None:
    for case in cases(name):
        parameters = ", ".join(p.name for p in case.primitive.parameters)
        known = {k: v for k, v in case.primitive.names.items() if not k.startswith("__")} | {"np": np, "math": math, "cmath": cmath}
        f = module(f"def f({parameters}):\n    return {call_of(case)}\n", **known).f
        value, found = jvp(f, tuple(case.bound), tangents_of(case))
        mine = [t for t, y in zip(trees.flatten(found)[0], trees.flatten(value)[0], strict=True) if active(y)]
        for one, other, plain in zip(mine, case.tangent(), floats(value), strict=True):
            assert np.shape(one) == np.shape(plain) and np.asarray(one).dtype == np.asarray(plain).dtype
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-12 * size(other), err_msg=f"{name} {case.bound}")
