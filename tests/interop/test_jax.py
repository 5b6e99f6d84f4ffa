"""Functions of JAX's arrays, held against JAX: by its check_grads, and by the same function written with its own operations."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from s2sad.interop.jax import primitive

SCALAR = jax.ShapeDtypeStruct((), "float32")


def network(x, w, power=2):
    hidden = np.tanh(x @ w)
    return np.sum(hidden**power), hidden


def network_shapes(x: Any, w: Any, power: Any = 2) -> Any:
    return jnp.zeros((), x.dtype), x @ w


def wave(x):
    return np.sum(np.sin(x) * x**2)


def same_wave(x: Any) -> Any:
    return jnp.sum(jnp.sin(x) * x**2)


@primitive(result=lambda x: x)
def by_branches(x):
    y = 0.0
    for k in range(3):
        y = y + math.sin(x * k)
        if x > 0:
            y = y * x
    return y


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> Iterator[str]:
    with jax.enable_x64(request.param == "float64"):
        yield request.param


def given(*shape: int, dtype: str = "float32", seed: int = 0) -> Any:
    return jnp.asarray(np.random.default_rng(seed).normal(size=shape), dtype)


@pytest.mark.parametrize("wrapped", [lambda f: f, jax.jit], ids=["called", "jit"])
def test_check_grads(wrapped: Any, dtype: str) -> None:
    inputs = given(4, 3, dtype=dtype), given(3, 2, dtype=dtype, seed=1)
    within = {"atol": 2e-2, "rtol": 2e-2} if dtype == "float32" else {}
    check_grads(wrapped(primitive(network, result=network_shapes)), inputs, order=2, modes=["rev"], **within)
    for x in (0.7, -0.7):
        check_grads(wrapped(by_branches), (jnp.asarray(x, dtype),), order=2, modes=["rev"], **within)


def test_check_grads_without_a_result_that_is_known() -> None:
    with jax.enable_x64(True):
        check_grads(primitive(network), (given(4, 3, dtype="float64"), given(3, 2, dtype="float64")), order=3, modes=["rev"])


def test_dtypes_and_shapes_are_those_of_the_function(dtype: str) -> None:
    x, w = given(4, 3, dtype=dtype), given(3, 2, dtype=dtype)
    loss, hidden = jax.jit(primitive(network, result=network_shapes))(x, w)
    assert (loss.dtype, hidden.dtype, loss.shape, hidden.shape) == (dtype, dtype, (), (4, 2))
    found = jax.jit(jax.grad(lambda x, w: primitive(network, result=network_shapes)(x, w)[0], (0, 1)))(x, w)
    other = jax.grad(lambda x, w: jnp.sum(jnp.tanh(x @ w) ** 2), (0, 1))(x, w)
    for one, two in zip(found, other, strict=True):
        assert one.dtype == dtype
        np.testing.assert_allclose(one, two, rtol=1e-4 if dtype == "float32" else 1e-12)


def test_the_transforms_of_jax() -> None:
    known = primitive(wave, result=SCALAR)
    rows = given(5, 3)
    hessian = [jax.jit(jax.jacrev(jax.jacrev(f)))(rows[0]) for f in (known, same_wave)]
    np.testing.assert_allclose(*hessian, rtol=1e-4, atol=1e-5)
    for transform in (jax.vmap, lambda f: jax.vmap(jax.grad(f), in_axes=1), lambda f: jax.jit(jax.vmap(jax.grad(f)))):
        np.testing.assert_allclose(transform(known)(rows), transform(same_wave)(rows), rtol=1e-4, atol=1e-5)
    with pytest.raises(TypeError, match="custom_vjp"):
        jax.hessian(known)(rows[0])


def test_pytrees_and_whole_numbers() -> None:
    @primitive(result=lambda p, *, scale: {"loss": jnp.zeros((), p["w"].dtype), "order": jnp.zeros(p["w"].shape, int)})
    def model(p, *, scale):
        return {"loss": np.sum(p["w"] ** 2 * scale) if p["none"] is None else 0.0, "order": np.argsort(p["w"])}

    p = {"w": jnp.array([3.0, 1.0, 2.0]), "whole": jnp.array([1, 2]), "flag": jnp.array(True), "none": None}
    scale = jnp.array([1.0, 2.0, 3.0])
    assert model(p, scale=scale)["order"].tolist() == [1, 2, 0]
    for way in (jax.grad, lambda f, **options: jax.jit(jax.grad(f, **options))):
        found = way(lambda p, s: model(p, scale=s)["loss"], argnums=(0, 1), allow_int=True)(p, scale)
        assert found[0]["w"].tolist() == [6.0, 4.0, 12.0] and found[1].tolist() == [9.0, 1.0, 4.0]
        assert found[0]["whole"].dtype == found[0]["flag"].dtype == jax.dtypes.float0


def test_complex_numbers_have_jaxs_convention() -> None:
    z = jnp.array([1 + 2j, 3 - 1j])
    real = primitive(lambda z: np.sum(np.abs(z) ** 2) + np.sum((z**3).real))
    np.testing.assert_allclose(jax.grad(real)(z), jax.grad(lambda z: jnp.sum(jnp.abs(z) ** 2) + jnp.sum((z**3).real))(z), rtol=1e-5)
    np.testing.assert_allclose(jax.vjp(primitive(np.exp), z)[1](z)[0], jax.vjp(jnp.exp, z)[1](z)[0], rtol=1e-5)


def test_a_result_that_is_not_known_is_not_guessed() -> None:
    unknown = primitive(wave)
    x = given(3)
    assert jax.grad(unknown)(x).shape == (3,)
    for transformed in (jax.jit(unknown), jax.jit(jax.grad(unknown))):
        with pytest.raises(TypeError, match=r"wave\(\) is called under jit or vmap.*result=jax.ShapeDtypeStruct"):
            transformed(x)
    with pytest.raises(TypeError, match="under jit or vmap"):
        jax.vmap(unknown)(given(4, 3))
    by_example = primitive(wave, result=unknown(x))
    np.testing.assert_allclose(jax.jit(by_example)(x), unknown(x), rtol=1e-6)


def test_a_result_other_than_was_said_is_refused() -> None:
    wrong = primitive(lambda x: 2.0 * x, result=SCALAR)
    with pytest.raises(Exception, match=r"returns float32\[3\], and result= says float32\[\]"):
        jax.block_until_ready(jax.jit(wrong)(given(3)))
    whole = primitive(lambda x: np.argmax(x), result=SCALAR)
    with pytest.raises(Exception, match=r"returns int32\[\], and result= says float32\[\]"):
        jax.block_until_ready(jax.jit(whole)(given(3)))
    with pytest.raises(TypeError, match="returns a str"):
        primitive(lambda x: "loss")(given(3))


def test_what_has_no_derivative_names_the_line() -> None:
    with pytest.raises(Exception, match=r"no rule: np.ma.average\(\)"):
        jax.block_until_ready(jax.jit(jax.grad(primitive(lambda x: np.ma.average(x), result=SCALAR)))(given(3)))


def test_a_function_may_write_into_what_it_is_given() -> None:
    @primitive(result=SCALAR)
    def writes(x):
        x[0] = x[1] ** 2
        return x.sum()

    x = jnp.array([1.0, 2.0])
    assert jax.jit(jax.grad(writes))(x).tolist() == [0.0, 5.0] and x.tolist() == [1.0, 2.0]


def test_large_arrays_in_a_loop_of_jaxs() -> None:
    slope = jax.grad(primitive(lambda x: np.sum(x**2), result=SCALAR))
    found = jax.jit(lambda x: jax.lax.fori_loop(0, 5, lambda i, x: x - 0.25 * slope(x), x))(jnp.ones(1_000_000))
    np.testing.assert_allclose(found[:3], 0.5**5, rtol=1e-6)


def test_it_stands_for_the_function_and_is_pickled() -> None:
    assert by_branches.__name__ == "by_branches" and pickle.loads(pickle.dumps(by_branches)) is by_branches
    known = pickle.loads(pickle.dumps(primitive(wave, result=SCALAR)))
    np.testing.assert_allclose(known(given(3)), wave(np.asarray(given(3))), rtol=1e-6)
