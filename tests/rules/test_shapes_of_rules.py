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


TANGENTS = [("np.outer(a_dot, a)", (3, 3)), ("a_dot[:2]", (2,)), ("a_dot[:, None]", (3, 1)), ("[a_dot, a_dot]", 2)]


@pytest.mark.parametrize(("text", "shape"), TANGENTS, ids=range(len(TANGENTS)))
def test_a_tangent_of_another_shape_is_refused_at_the_line_of_the_rule(text: str, shape: Any) -> None:
    with rules.override():
        s2sad.rule("scaled(a, b=1.0)", a="g", jvp=text, namespace={**globals(), "np": np})
        assert_close(grad(rooted)(X, 2), np.ones(3))
        ways = [lambda c=c: jvp(lambda x: rooted(x, 2), (X,), (X,), control=c) for c in ("record", "auto")]
        for way in [*ways, lambda: tape.tangent(lambda x: rooted(x, 2), (X,), (X,))]:
            with pytest.raises(RuleError) as caught:
                way()
            error = caught.value
            what = f"has the shape {shape}, its result (3,)" if isinstance(shape, tuple) else f"gives {shape} tangents for 1 results"
            assert error.reason == f"{text!r} of scaled {what}"
            assert error.location is not None and error.location.text().strip().startswith("s2sad.rule(")
        with pytest.raises(s2sad.S2sadError):
            jvp(lambda x: rooted(x, 2), (X,), (X,), control="keep")


def test_a_tangent_that_is_repeated_to_the_shape_is_right() -> None:
    with rules.override():
        s2sad.rule("scaled(a, b=1.0)", a="g * b", b="np.sum(g * a)", jvp="a_dot * b + a * b_dot")
        s2sad.rule("pair(a, b)", a="g[0]", b="np.sum(g[1])", jvp="[a_dot, b_dot]", namespace={"pair": pair})
        for control in ("record", "keep"):
            assert_close(jvp(lambda b: scaled(X, b), (2.0,), (3.0,), control=control)[1], 3.0 * X)
            for dots in ((X, 3.0), (None, 3.0), (X, None)):
                found = jvp(lambda a, b: np.sum(pair(a, b)[0]) + np.sum(pair(a, b)[1]), (X, 2.0), dots, control=control)[1]
                assert_close(found, np.sum(X) * (dots[0] is not None) + 9.0 * (dots[1] is not None))


def pair(a, b):
    return [np.array(a), np.full(np.shape(a), b)]
