"""The choice of arguments, and arguments that are containers of the standard library, in every way a derivative is taken."""
from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import pytest

from s2sad import check_grads, elementwise_grad, grad, tape, value_and_grad, vjp
from s2sad.export import export
from tests.oracles import agrees


def f(x, y, z):
    return x * y * y * z


def test_argnums_stands_second_as_in_jax() -> None:
    assert grad(f, 1)(2.0, 3.0, 5.0) == 60.0
    assert value_and_grad(f, "z")(2.0, 3.0, 5.0) == (90.0, 18.0)
    assert elementwise_grad(f, (0, 2))(2.0, 3.0, 5.0) == (45.0, 18.0)
    assert grad(lambda x, y: (x * y, "aux"), 1, True)(2.0, 3.0) == (2.0, "aux")


def test_a_list_of_argnums_is_a_tuple() -> None:
    for derivative in (grad(f, [0, "y"]), grad(f, argnums=[0, 1]), elementwise_grad(f, [0, -2])):
        assert derivative(2.0, 3.0, 5.0) == (45.0, 60.0)
        assert derivative.argnums[0] == 0 and isinstance(derivative.argnums, tuple)
    assert grad(f, [1])(2.0, 3.0, 5.0) == (60.0,)
    assert vjp(f, 2.0, 3.0, 5.0, argnums=[1, 2])[1](1.0) == (60.0, 18.0)
    assert tape.gradient(f, (2.0, 3.0, 5.0), [0, 1])[1] == (45.0, 60.0)
    assert check_grads(f, (2.0, 3.0, 5.0), [0, 1]).ok
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(export(f, (2.0, 3.0, 5.0), [2]), namespace)
    assert namespace["f_value_and_grad"](2.0, 3.0, 5.0) == (90.0, (18.0,))


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_list_of_argnums_inside_a_function(control: str) -> None:
    def g(x):
        which = [0, 1]
        _, pullback = vjp(f, x, x, 2.0, argnums=which)
        return sum(grad(f, which)(x, x, x)) + sum(pullback(x))  # 3 x^3 + 6 x^3

    agrees(value_and_grad(g, control=control), g, 2.0)
    assert grad(g, control=control)(2.0) == 108.0


@pytest.mark.parametrize("argument", [2.0, np.ones(3), [1.0, 2.0], {"w": 1.0}, np.float32(1.0)], ids=repr)
def test_an_argument_in_the_place_of_argnums_is_told(argument: Any) -> None:
    for attempt in (lambda: grad(f, argument), lambda: value_and_grad(f, argument), lambda: vjp(f, 1.0, argnums=argument)):
        with pytest.raises(TypeError, match=r"argnums is a position.*; the derivative is called with the arguments.*grad\(f\)\(x\)"):
            attempt()


# Containers of the standard library


def moved(q, n):
    """What a bounded deque does with its items shows in the value."""
    q = q.copy()
    for k in range(n):
        q.append(q[0] * q[-1] / (k + 1))
    q.rotate(1)
    q.appendleft(q.pop() * 2.0)
    return sum(k * v for k, v in enumerate(q, 1))


def steps(q, n):
    total = 0.0
    for k in range(n):
        for v in q:
            total = total + v**k
    return total + (q.maxlen or 0) * q[0]


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_deque_is_an_argument_like_a_list(control: str) -> None:
    derivative = value_and_grad(steps, control=control)
    for limit in (None, 3, 500, 501, None):
        q = deque([1.25, 0.5, 0.25], limit)
        gradient = agrees(derivative, steps, q, 30)
        assert type(gradient) is deque and gradient.maxlen == limit and q == deque([1.25, 0.5, 0.25])
        assert derivative(q, 30)[1] == gradient
    if control != "record":
        assert any(path.kept for path in derivative.paths)


def test_a_bounded_deque_is_bounded_in_the_function() -> None:
    derivative = value_and_grad(moved)
    for limit in (None, 2, 3, 5, 2):
        agrees(derivative, moved, deque([1.25, 0.5], limit), 3)
    assert len(derivative.paths) == 4


def test_equal_limits_are_one_path() -> None:
    """A number is not told by identity: each of these is another object."""
    derivative = grad(steps, control="record")
    for text in ("1000", "1000", "1000"):
        derivative(deque([1.0, 2.0], int(text)), 2)
    assert len(derivative.paths) == 1


def test_a_deque_that_is_changed_stays_as_it_is_outside() -> None:
    def emptied(q):
        total = 0.0
        while q:
            total = total + q.popleft() * (q.pop() if q else 1.0)
        return total

    for control in ("record", "auto"):
        q = deque([1.0, 2.0, 3.0])
        assert value_and_grad(emptied, control=control)(q) == (5.0, deque([3.0, 1.0, 1.0]))
    assert tape.gradient(emptied, (deque([1.0, 2.0, 3.0]),)) == (5.0, deque([3.0, 1.0, 1.0]))


class Window(deque):
    """With an attribute that is differentiated as well."""

    scale = 2.0


@pytest.mark.parametrize("control", ["record", "keep"])
def test_classes_of_containers_come_back(control: str) -> None:
    window = Window([1.0, 2.0], 4)
    window.scale = 3.0
    both = {"w": window, "o": OrderedDict(b=2.0, a=1.0), "d": defaultdict(list, x=[3.0]), "c": Counter(k=1.5)}

    def total(p):
        return p["w"].scale * p["w"][0] * p["w"][1] + p["o"]["b"] * p["d"]["x"][0] * p["c"]["k"] + p["c"]["none"]

    gradient = agrees(value_and_grad(total, control=control), total, both)
    found = gradient["w"]
    assert type(found) is Window and list(found) == [6.0, 3.0] and found.maxlen == 4 and found.scale == 2.0
    assert gradient["o"] == OrderedDict(b=4.5, a=0.0) and list(gradient["o"]) == ["b", "a"]
    assert gradient["d"].default_factory is list and gradient["d"]["x"] == [3.0] and gradient["c"] == Counter(k=6.0)
