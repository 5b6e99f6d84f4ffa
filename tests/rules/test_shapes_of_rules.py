"""A rule whose partial has not the shape of its result, or whose pullback not that of its argument, is refused when it is first used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import RuleError, grad, jvp, rules, tape
from tests.oracles import assert_close

X = np.array([0.5, 1.0, 2.0])


def scaled(a, b=1.0):
    return np.multiply(a, b)


def rooted(x, n):
    for _ in range(n):
        x = scaled(x)
    return np.sum(x)


WRONG = [
    (s2sad.elementwise, "np.outer(a, a)", (3, 3), "result", (3,)), (s2sad.elementwise, "np.ones(2)", (2,), "result", (3,)),
    (s2sad.elementwise, "np.outer(a, a) * g", (3, 3), "result", (3,)), (s2sad.rule, "np.sum(g)", (), "argument", (3,)),
    (s2sad.rule, "g[:1]", (1,), "argument", (3,)), (s2sad.linear, "np.outer(g, g)", (3, 3), "argument", (3,)),
    (s2sad.rule, "g[:, None]", (3, 1), "argument", (3,)),
]  # fmt: skip


@pytest.mark.parametrize(("register", "text", "shape", "what", "wanted"), WRONG, ids=range(len(WRONG)))
def test_another_shape_is_refused_at_the_line_of_the_rule(register: Any, text: str, shape: Any, what: str, wanted: Any) -> None:
    with rules.override():
        register("scaled(a, b=1.0)", a=text, namespace={**globals(), "np": np})
        ways = [lambda c=c: grad(rooted, control=c)(X, 2) for c in ("record", "auto")] + [lambda: tape.gradient(rooted, (X, 2))]
        if register is s2sad.elementwise:
            ways.append(lambda: jvp(lambda x: rooted(x, 2), (X,), (X,)))
        for way in ways:
            with pytest.raises(RuleError, match="has the shape") as caught:
                way()
            error = caught.value
            assert error.reason == f"{text!r} of scaled has the shape {shape}, its {what} {wanted}"
            assert error.location is not None and error.location.text().strip().startswith("register(")
        with pytest.raises(s2sad.S2sadError):
            grad(rooted, control="keep")(X, 2)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_what_is_repeated_to_the_shape_is_right(control: str) -> None:
    with rules.override():
        s2sad.elementwise("scaled(a, b=1.0)", a="b", b="a")
        f = grad(lambda a, b: np.sum(scaled(a, b) * scaled(2.0, b)), argnums=(0, 1), control=control)
        for a, b in ((X, 3.0), (X, X), (2.0, X), (np.ones((2, 3)), X), (np.ones((2, 1)), X), (np.float32(2.0), np.float32(3.0))):
            wanted = grad(lambda a, b: np.sum(a * b * (2.0 * b)), argnums=(0, 1))(a, b)
            for one, other in zip(f(a, b), wanted, strict=True):
                assert_close(one, other)
        assert_close(tape.gradient(rooted, (X, 2))[1], np.ones(3))
        s2sad.rule("scaled(a, b=1.0)", a="np.full(np.shape(a), np.mean(g))", replace=True)
        assert_close(grad(rooted, control=control)(X, 2), np.ones(3))
