"""The backend: as a keyword of every transform, as a default for the process and for a block, and in threads and tasks."""

from __future__ import annotations

import asyncio
import gc
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.calls import tiers
from s2sad.runtime import backends, ruling
from s2sad.settings import Settings

X = np.array([0.5, 2.0])


def square(x: Any) -> Any:
    return np.sum(x * x)


@pytest.fixture(autouse=True)
def python_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tiers, "in_vain", lambda path, leaves: "it is a test")
    yield
    s2sad.backend("python")


def in_force() -> str:
    return str(ruling.state()[1])


TRANSFORMS = {
    "grad": lambda b: s2sad.grad(square, backend=b)(X),
    "value_and_grad": lambda b: s2sad.value_and_grad(square, backend=b)(X)[1],
    "elementwise_grad": lambda b: s2sad.elementwise_grad(square, backend=b)(X),
    "vjp": lambda b: s2sad.vjp(square, X, backend=b)[1](1.0)[0],
    "jvp": lambda b: s2sad.jvp(square, (X,), (2.0 * X,), backend=b)[1],
    "linearize": lambda b: s2sad.linearize(square, X, backend=b)[1](2.0 * X),
    "jacobian": lambda b: s2sad.jacobian(square, backend=b)(X),
    "sparse jacobian": lambda b: s2sad.jacobian(lambda x: x * x, sparse=True, backend=b)(X).toarray(),
    "jacrev": lambda b: s2sad.jacrev(square, backend=b)(X),
    "jacfwd": lambda b: s2sad.jacfwd(square, backend=b)(X),
    "value_and_jacobian": lambda b: s2sad.value_and_jacobian(square, backend=b)(X)[1],
    "hessian": lambda b: s2sad.hessian(square, backend=b)(X),
    "sparse hessian": lambda b: s2sad.hessian(square, sparse=True, backend=b)(X).toarray(),
    "hvp": lambda b: s2sad.hvp(square, backend=b)(X, X),
    "vhp": lambda b: s2sad.vhp(square, backend=b)(X, X),
    "compiled": lambda b: s2sad.compiled(square, backend=b)(X),
    "check_grads": lambda b: s2sad.check_grads(square, (X,), backend=b).ok,
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_takes_a_backend(name: str) -> None:
    with pytest.raises(ValueError, match="backend is one of 'python', 'numba', 'auto', not 'jax'"):
        TRANSFORMS[name]("jax")
    assert np.array_equal(TRANSFORMS[name]("python"), TRANSFORMS[name]("auto")), "what is short is Python's"


def test_a_transform_inside_a_function_takes_one_too() -> None:
    assert s2sad.grad(lambda x: s2sad.grad(lambda y: y**3, backend="python")(x))(2.0) == 12.0
    assert s2sad.grad(lambda x: s2sad.vjp(lambda y: y**3, x, backend="auto")[1](1.0)[0])(2.0) == 12.0
    assert s2sad.grad(lambda x: s2sad.jvp(lambda y: y**3, (x,), (1.0,), backend="auto")[1])(2.0) == 12.0
    with pytest.raises(ValueError, match="backend is one of"):
        s2sad.grad(lambda x: s2sad.vjp(lambda y: y**3, x, backend="jax")[1](1.0)[0])(2.0)


def test_a_keyword_that_is_nearly_the_backend() -> None:
    with pytest.raises(TypeError, match="did you mean 'backend'"):
        s2sad.grad(square, backends="python")  # type: ignore[call-overload]


def test_a_default_for_the_process_and_for_a_block() -> None:
    s2sad.backend("auto")
    assert in_force() == "auto"
    with s2sad.backend("python") as chosen:
        assert in_force() == "python" and repr(chosen) == "s2sad.backend('python')"
        with s2sad.backend("auto"), pytest.raises(ZeroDivisionError):
            assert in_force() == "auto"
            raise ZeroDivisionError
        assert in_force() == "python"
    assert in_force() == "auto"
    with pytest.raises(ValueError, match="backend is one of"):
        s2sad.backend("jax")
    assert in_force() == "auto"


def test_a_block_may_be_entered_again_and_inside_itself() -> None:
    block = s2sad.backend("auto")
    assert in_force() == "auto"
    with block:
        with block:
            assert in_force() == "auto"
        assert in_force() == "auto"
    assert in_force() == "python", "what became a block is no default of the process"
    with block:
        assert in_force() == "auto"
    assert in_force() == "python"


def test_a_default_that_is_set_often_takes_no_memory() -> None:
    for _ in range(100):
        s2sad.backend("auto")
        with s2sad.backend("python"):
            pass
    gc.collect()
    assert len(backends._everywhere) <= 2 and in_force() == "auto"


def test_a_block_that_is_made_while_another_thread_makes_one() -> None:
    mine = s2sad.backend("numba")  # and is not entered yet
    with s2sad.backend("auto"):
        assert in_force() == "auto"
        with mine:
            assert in_force() == "numba"
    assert in_force() == "python"


def test_a_block_concerns_its_thread_and_its_task() -> None:
    seen: dict[str, str] = {}
    with s2sad.backend("auto"):
        thread = threading.Thread(target=lambda: seen.update(thread=in_force()))
        thread.start()
        thread.join()

    async def one(name: str, entered: asyncio.Event, other: asyncio.Event) -> None:
        with s2sad.backend(name):
            entered.set()
            await other.wait()
            seen[name] = in_force()

    async def both() -> None:
        first, second = asyncio.Event(), asyncio.Event()
        await asyncio.gather(one("auto", first, second), one("numba", second, first))

    asyncio.run(both())
    assert seen == {"thread": "python", "auto": "auto", "numba": "numba"} and in_force() == "python"
    assert ruling.registered.alone is not None, "no call has to look any more"


def test_the_default_when_a_derivative_is_called_counts_and_each_has_its_paths() -> None:
    derivative = s2sad.grad(square)
    derivative(X)
    python = derivative.paths
    with s2sad.backend("auto"):
        derivative(X)
        assert derivative.reasons and not set(python) & set(derivative.paths)
        auto = derivative.paths
    derivative(X)
    assert derivative.paths == python and not derivative.reasons
    s2sad.backend("auto")
    derivative(X)
    assert derivative.paths == auto and derivative.stats().calls == 4 and derivative.stats().hits == (2,)


def test_a_derivative_with_a_backend_of_its_own_minds_no_default() -> None:
    derivative = s2sad.grad(square, backend="python")
    for name in ("python", "auto", "numba"):
        with s2sad.backend(name):
            derivative(X)
        s2sad.backend(name)
        derivative(X)
    assert len(derivative._servings) == 1 and derivative.stats().hits == (6,)


def test_rules_and_backends_do_not_mix() -> None:
    derivative = s2sad.grad(lambda x: 3.0 * np.sign(x))
    with s2sad.rules.override(), s2sad.backend("auto"):
        s2sad.elementwise("np.sign(x)", x="np.ones(np.shape(x))")
        assert derivative(2.0) == 3.0
        with s2sad.backend("python"):
            assert derivative(2.0) == 3.0
    with s2sad.backend("auto"):
        assert derivative(2.0) == 0.0
    assert derivative(2.0) == 0.0


def test_settings_say_the_backend() -> None:
    assert Settings().under("auto").backend == "auto" and Settings(backend="python").under("auto").backend == "python"
    derivative = pickle.loads(pickle.dumps(s2sad.grad(square, backend="auto")))
    assert derivative.settings.backend == "auto"
