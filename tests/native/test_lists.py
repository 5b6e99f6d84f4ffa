"""Native code of lists of unknown length: what they hold, how they are changed, and that each name goes on with its own."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import first_use_check, grad, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")
V = np.random.default_rng(5).normal(size=8)


def collected(x: Any, v: Any, n: int) -> Any:
    found = []
    for k in range(n):
        x = np.sin(x) * v[k]
        found.append(x)
    return np.sum(np.array(found) ** 2)


def looked_back(x: Any, v: Any, n: int) -> Any:
    found = [x, x * 0.5]
    for k in range(n):
        found.append(np.sin(found[-1]) * v[k] + found[-2])
        found[k] = found[k] * 1.5
        found[-1] += v[k] * x
    total = 0.0
    for each in found:
        total += each * each
    return total + found[0] * len(found) + sum(found) ** 2


def arrays_in_a_list(x: Any, v: Any, n: int) -> Any:
    states = [v * x]
    for k in range(n):
        states.append(np.tanh(states[k]) * 0.9 + states[-1] * 0.1)
    return np.sum(np.array(states)[-1] ** 2) + np.sum(states[1])


def work_to_be_done(x: Any, v: Any, n: int) -> Any:
    waiting, total = [x], 0.0
    while waiting:
        y = waiting.pop()
        total += np.sin(y) * v[0]
        if len(waiting) < n and abs(y) > 0.1:
            waiting.append(y * 0.5)
            waiting.append(y * 0.3)
    return total


def copies_go_their_own_way(x: Any, v: Any, n: int) -> Any:
    first = [x, x * x]
    for k in range(n):
        first.append(v[k] * x)
    other = list(first)
    for k in range(n):
        other.append(first[k] * other[-1])
        first[k] = x * k
    other[0] = x * 3.0
    return sum(first) ** 2 + sum(other) * first[-1] + [x, first[0]][bool(x > 0.5)] * other[bool(x > v[0])]


def started_anew(x: Any, v: Any, n: int) -> Any:
    """A list for each step, and one of which only some steps take something."""
    best, total = [x], 0.0
    for i in range(n):
        row = []
        for k in range(i + 1):
            row.append(np.sin(x * v[k]) + i)
        total += sum(row) * row[i // 2]
        if total > 1.0:
            best.append(row.pop() * total)
        elif len(best) > 1:
            total += best.pop()
    return total + sum(best) ** 2


CASES = [(collected, (0.7, V, 6)), (looked_back, (0.7, V, 4)), (arrays_in_a_list, (0.7, V, 3)), (work_to_be_done, (0.7, V, 4)),
         (copies_go_their_own_way, (0.7, V, 5)), (started_anew, (0.7, V, 5))]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_lists(function: Any, arguments: Any) -> None:
    agree(function, arguments, control="keep")


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_lists_serve_every_length(function: Any, arguments: Any, uncompiled: None) -> None:
    """Also short ones, both signs, single precision, and the derivative of the derivative."""
    x, v, n = arguments
    native, plain = (value_and_grad(function, argnums=(0, 1), control="keep", backend=b) for b in ("numba", "python"))
    for call in ((x, v, n), (-x, v, n), (x, v, n + 2), (x, v, 1), (np.float32(x), v.astype(np.float32), n)):
        one, other = native(*call), plain(*call)
        narrow = isinstance(call[0], np.float32)
        np.testing.assert_allclose(np.hstack([one[0], *one[1]]), np.hstack([other[0], *other[1]]), rtol=1e-4 if narrow else 1e-12)
    assert not any(native.stats().left) and not native.stats().faults
    one, other = (grad(grad(function, control="keep", backend=b), control="keep", backend=b)(x, v, n) for b in ("numba", "python"))
    np.testing.assert_allclose(one, other, rtol=1e-11)


def test_an_item_that_is_not_there_raises_as_in_python(uncompiled: None) -> None:
    def taken(x: Any, v: Any, n: int) -> Any:
        found = [x]
        for k in range(n):
            found.append(v[k] * x)
        for _ in range(3):
            x = x * found.pop()
        return x * found[1]

    native = value_and_grad(taken, control="keep", backend="numba")
    assert native(0.7, V, 5)[0] == pytest.approx(taken(0.7, V, 5), rel=1e-12)
    for n, said in ((1, "pop"), (3, "range")):
        with pytest.raises(IndexError, match=said):
            native(0.7, V, n)


def test_what_a_list_has_taken_is_not_read_from_where_the_next_item_will_be(uncompiled: None) -> None:
    def states(m: Any) -> Any:
        total = 0.0
        for _ in range(len(m)):
            u = m * 1.0
            found = [u]
            for _ in range(len(m)):
                u = np.sin(u)
                found.append(u)
            total = np.sum(found)
        return total

    native, plain = (value_and_grad(states, control="keep", backend=b) for b in ("numba", "python"))
    for rows in (2, 4):
        for found, expected in zip(native(np.outer(V[:rows], V)), plain(np.outer(V[:rows], V)), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert not any(native.stats().left) and not native.stats().faults


def test_steps_that_go_on_with_more_elements_are_left_to_python(uncompiled: None) -> None:
    def rebound(x: Any, m: Any, n: int) -> Any:
        a = x
        if n:
            for _ in range(n):
                a = np.array([e * n for e in m[0]])
        return np.sum(a)

    first_use_check(False)
    native = value_and_grad(rebound, control="keep", backend="numba")
    try:
        for rows, columns, n in ((4, 4, 2), (3, 4, 2), (4, 3, 1), (3, 4, 0)):
            value, slope = native(V[:rows], np.ones((2, columns)), n)
            assert value == pytest.approx(columns * n if n else np.sum(V[:rows]), rel=1e-12)
            assert slope.tolist() == [float(not n)] * rows
    finally:
        first_use_check(True)
    assert sum(native.stats().hits) == 4 and sum(native.stats().left) == 3
