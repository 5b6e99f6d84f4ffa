"""Each function of NumPy with a native form of its own, as a program: native code gives the numbers of the code in Python."""
from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import CannotBeNative, hessian, jvp, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401

pytest.importorskip("numba")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "error::s2sad.FaultWarning")

R = np.random.default_rng(3)
V, M, C = R.normal(size=7), R.normal(size=(3, 4)), R.normal(size=(2, 3, 4))
SPD = np.array([a @ a.T + 3 * np.eye(3) for a in R.normal(size=(2, 3, 3))])
KNOTS, HEIGHTS = np.array([-1.0, -0.2, 0.3, 1.5]), np.array([0.5, -1.0, 2.0, 0.25])


def ramp(x: Any) -> Any:
    return np.cos(np.arange(1.0, np.size(x) + 1)).reshape(np.shape(x))


def weighed(x: Any) -> Any:
    return np.sum(np.sin(x) * ramp(x))


def beside(y: Any, x: Any) -> Any:
    """Written where arrays of indices stand beside slices, with values that are as long, shorter, or one."""
    y[1:3, [0, 4, 2]] = x[:3] * x[3]
    y[[0, 3], 1:4] += x[:2, None]
    y[-1:, [1, 1]] = x[0]
    y[:, [3]] *= 2.0
    return y


Program = tuple[Callable[..., Any], tuple[Any, ...]]
PROGRAMS: dict[str, Program] = {
    "clip": (lambda x: weighed(np.clip(x, -0.5, 0.8)), (V,)),
    "clip by arrays": (lambda x: weighed(np.clip(x, x[0], np.abs(x) * 0.5)) + np.clip(x[1], 0.0, None), (V,)),
    "clip one side, whole": (lambda x: weighed(x * np.clip(np.arange(7), 2, 5)) + np.sum(np.clip(x, None, 0.25)), (V,)),
    "select": (lambda x: weighed(np.select([x > 1, x > 0], [x**2, 2 * x], default=-1)), (M,)),
    "nan_to_num": (lambda x: weighed(np.nan_to_num(x, nan=0.5, posinf=2.0)), (np.array([1.0, np.nan, np.inf, -2.0]),)),
    "nan_to_num of whole numbers": (lambda x: np.sum(x * np.nan_to_num(np.arange(7))), (V,)),
    "round": (lambda x: np.sum(x * np.round(x, 1)) + np.sum(x * np.around(x * 30, -1)) + round(float(x[0]) * 3, 2) * x[0], (V,)),
    "made whole": (lambda x: np.sum(x * (x * 3).astype(int)) + x[np.abs(x * 2).astype(np.int32)[0]] * np.int64(x[1] * 5), (V,)),
    "modf and divmod": (lambda x: weighed(np.modf(x)[0]) + np.sum(np.modf(x * 3)[1] * x) + weighed(np.divmod(x, 0.4)[1]), (M,)),
    "frexp": (lambda x: weighed(np.frexp(x)[0]) + np.sum(np.frexp(x)[1] * x), (V,)),
    "sinc and i0": (lambda x: weighed(np.sinc(x)) + weighed(np.i0(x)), (V,)),
    "remainder": (lambda x: math.remainder(x * 7, 1.5) + math.perm(5, 2) * x + math.isqrt(17) * math.lcm(4, 6), (0.7,)),
    "item and tolist": (lambda x: sum(v * k for k, v in enumerate(x[:3].tolist())) + x.item(4) ** 2 + x.sum().item(), (V,)),
    "mean where": (lambda x: np.mean(x**2, where=x > 0) + np.sum(np.mean(x, axis=0, where=M > -0.3) * np.arange(4)), (M,)),
    "var": (lambda x: np.var(x) + weighed(np.std(x, axis=1, ddof=1)) + weighed(np.var(x, axis=0, where=M > -1.0)), (M,)),
    "var with a correction": (lambda x: np.var(x, correction=2) + weighed(np.std(x, axis=1, correction=1)), (M,)),
    "var of single": (lambda x: np.var(x) + np.sum(np.std(x, axis=1)), (M.astype(np.float32),)),
    "norms of vectors": (lambda x: sum(np.linalg.norm(x, p) for p in (0.5, 1, 2, 3, np.inf, -np.inf)) + np.linalg.norm(x, 0), (V,)),
    "norms of matrices": (lambda x: sum(np.linalg.norm(x, p) for p in ("fro", 1, -1, np.inf, -np.inf)), (M,)),
    "products of stacks": (lambda a: weighed(np.dot(a, a)) + weighed(a @ a) + weighed(np.dot(a, a[0, 0])) + weighed(a[1, 1] @ a), (SPD,)),
    "norms along axes": (lambda x: weighed(np.linalg.norm(x, 3, axis=-1)) + weighed(np.linalg.norm(x, axis=(0, 2))), (C,)),
    "norm of single": (lambda x: np.linalg.norm(x) * np.linalg.norm(x, 3), (V.astype(np.float32),)),
    "extremes that share": (lambda x: weighed(np.max(x, axis=0, initial=0.3)) + np.min(x, initial=9.0, where=x > 0), (M,)),
    "log of sums": (lambda x: np.logaddexp.reduce(x) + weighed(np.logaddexp.reduce(M * x[:4], axis=1)) + np.hypot.reduce(x), (V,)),
    "sort": (lambda x: weighed(np.sort(x, axis=1)) + weighed(np.sort(x, axis=None)) + weighed(np.sort(x, axis=0)), (C,)),
    "argsort stable": (lambda x: np.sum(x[np.argsort(np.round(x), kind="stable")] * np.arange(7)), (V,)),
    "prod": (lambda x: np.prod(x, axis=(0, 2)) @ np.arange(3.0) + np.prod(x[0]) * np.prod(x) + np.prod(x, axis=1)[0, 1], (C,)),
    "reduceat": (lambda x: weighed(np.add.reduceat(x, [0, 3, 1, 2], axis=1)), (M,)),
    "stacks of matrices": (lambda a: weighed(np.linalg.inv(a)) + np.sum(np.linalg.det(a)), (SPD,)),
    "signs of stacks": (lambda a: weighed(np.multiply(*np.linalg.slogdet(-a))), (SPD,)),
    "stacks factored": (lambda a: weighed(np.linalg.cholesky(a)) + weighed(np.linalg.eigvalsh(a)), (SPD,)),
    "stacks solved": (lambda a: weighed(np.linalg.solve(a, V[:3])) + weighed(np.linalg.solve(a, M[:, :3])), (SPD,)),
    "qr and svd": (lambda x: weighed(np.abs(np.linalg.qr(x.T)[1])) + weighed(np.linalg.svd(x, full_matrices=False)[1]), (M,)),
    "ravel in another order": (lambda x: weighed(x.ravel("F")) + weighed(np.reshape(x, (6, 2), order="F")) + weighed(x.flatten("F")), (M,)),
    "axes": (lambda x: weighed(np.rollaxis(x, 2)) + weighed(np.rollaxis(x, 0, 3)) + weighed(np.roll(x, (1, -2), (0, 2))), (C,)),
    "ranks": (lambda x: sum(weighed(p) for p in np.atleast_2d(x, x[0])) + weighed(np.atleast_3d(x[1])) + weighed(np.unstack(x)[1]), (M,)),
    "grids": (lambda x: sum(weighed(p * k) for k, p in enumerate(np.meshgrid(x, x[:3]))) + weighed(np.broadcast_arrays(x, M)[0]), (V[:4],)),
    "indices": (lambda x: np.sum(x * np.indices((3, 4))[1]) + np.sum(x[np.ix_([0, 2], [1, 1, 3])] * ramp(np.ones((2, 3)))), (M,)),
    "differences": (lambda x: weighed(np.diff(x, 2)) + weighed(np.diff(x, 3, prepend=1.0)) + weighed(np.diff(x, append=x[:2])), (V,)),
    "margins": (lambda x: sum(weighed(np.pad(x, (2, 3), m)) for m in ("edge", "wrap", "symmetric", "reflect")), (V,)),
    "margins of two": (lambda x: weighed(np.pad(x, ((1, 0), (2, 5)), "symmetric")), (M,)),
    "take": (lambda x: weighed(x.take([0, -1, 5])) + weighed(np.take(x, [7, -1], axis=1, mode="wrap")) + np.take(x, 99, mode="clip"), (M,)),
    "repeat": (lambda x: weighed(np.repeat(x, [1, 0, 3], axis=0)) + weighed(np.repeat(x, np.arange(12))), (M,)),
    "products": (lambda x: weighed(np.outer(x, x[0])) + weighed(np.dot(2.0, x)) + weighed(np.inner(x, 3.0)), (M,)),
    "nonzero": (lambda x: np.sum(x[np.flatnonzero(x > 0)] ** 2) + np.sum(x[np.nonzero(x < 0)]) + x[np.argwhere(x > 0)[0, 0]], (V,)),
    "triangles": (lambda x: weighed(x[np.triu_indices(3, 1)]) + weighed(x[np.tril_indices_from(x)])
        + weighed(x[np.diag_indices(3)]), (M[:, :3],)),
    "place of the largest": (lambda x: x[np.unravel_index(np.argmax(x), x.shape)] ** 2, (M,)),
    "tables": (lambda x: np.sum(x * np.searchsorted(KNOTS, x)) + np.sum(x * np.digitize(x, KNOTS)) + x[np.searchsorted(KNOTS, x[0])], (V,)),
    "interpolation": (lambda x: weighed(np.interp(x, KNOTS, HEIGHTS)) + np.interp(x[0], KNOTS, HEIGHTS, left=5.0), (V,)),
    "interpolated heights": (lambda f: weighed(np.interp(V, KNOTS, f)) + np.interp(0.1, KNOTS, f, right=1.0), (HEIGHTS,)),
    "heights beside": (lambda f: weighed(np.interp(3 * V, KNOTS, f, left=1.0) + np.interp(3 * V, KNOTS, f, right=1.0)), (HEIGHTS,)),
    "convolution": (lambda x: sum(weighed(np.convolve(x, x[:3] * 2, m)) for m in ("full", "same", "valid"))
        + weighed(np.convolve(x[:2], x)), (V,)),
    "correlation": (lambda x: sum(weighed(np.correlate(x, x[:4], m))
        + weighed(np.correlate(x[:4], x, m)) for m in ("full", "same", "valid")), (V,)),
    "einsum with lists": (lambda x: weighed(np.einsum(x, [0, 1], x, [2, 1], [2, 0])) + np.einsum(x, [0, 1], [0])[1], (M,)),
    "written beside a slice": (lambda x: weighed(beside(np.zeros((4, 5)), x)), (V,)),
    "ranges": (lambda x: weighed(np.linspace(x[0], x[1], 5, endpoint=False)) + weighed(np.linspace(x[:3], x[1:4], 4, axis=1)), (V,)),
}  # fmt: skip


def served(function: Any, args: tuple[Any, ...], rounding: float) -> None:
    """Native code serves three calls with the numbers of the code in Python; arrays of other sizes as well where there is one."""
    native, plain = value_and_grad(function, backend="numba"), value_and_grad(function, backend="python")
    for _ in range(2):
        value, gradient = native(*copy.deepcopy(args))
        wanted, wanted_gradient = plain(*copy.deepcopy(args))
        np.testing.assert_allclose(value, wanted, rounding, rounding)
        np.testing.assert_allclose(gradient, wanted_gradient, rounding * 10, rounding * 10)
        assert [np.asarray(v).dtype for v in (value, gradient)] == [np.asarray(v).dtype for v in (wanted, wanted_gradient)]
    assert all(path.interpreted is not None and not path.interpreted.hits for path in native.paths), "Python served"


def rounding_of(args: tuple[Any, ...]) -> float:
    return 2e-5 if any(getattr(a, "dtype", None) == np.float32 for a in args) else 1e-12


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_text_of_a_function_gives_its_numbers(name: str, uncompiled: None) -> None:
    function, args = PROGRAMS[name]
    served(function, args, rounding_of(args))


@pytest.mark.sampled(40)
@pytest.mark.long(4)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_compiled_function_gives_its_numbers(name: str) -> None:
    function, args = PROGRAMS[name]
    served(function, args, rounding_of(args))


SINGLE = [n for n, (_, args) in PROGRAMS.items() if rounding_of(args) < 1e-6 and n not in ("remainder", "nan_to_num", "made whole")]


@pytest.mark.parametrize("name", SINGLE)
def test_single_precision_is_served(name: str, uncompiled: None) -> None:
    function, args = PROGRAMS[name]
    narrow = tuple(a.astype(np.float32) for a in args)
    try:
        served(function, narrow, 1e-4)
    except CannotBeNative:
        pytest.skip("refused, which is no wrong number")


TWICE = "clip,select,var,norms of vectors,sort,prod,stacks solved,margins,interpolation,convolution,differences,sinc and i0".split(",")


@pytest.mark.parametrize("name", TWICE)
def test_second_derivatives_and_tangents(name: str, uncompiled: None) -> None:
    function, args = PROGRAMS[name]
    twice = hessian(function, backend="numba"), hessian(function, backend="python")
    np.testing.assert_allclose(*(h(*args) for h in twice), 1e-10, 1e-10)
    direction = tuple(np.cos(a) for a in args)
    ahead = [jvp(function, args, direction, backend=backend) for backend in ("numba", "python")]
    np.testing.assert_allclose(*ahead, 1e-11, 1e-11)


def test_indices_along_an_axis_are_an_array(uncompiled: None) -> None:
    """NumPy wants whole numbers with as many axes, and says so of all else."""
    derivative = value_and_grad(lambda x, places: weighed(np.take_along_axis(x, places, 1)), backend="numba")
    derivative(M, np.array([[0], [3], [1]], np.uint8))
    for places in (np.zeros((3, 1), bool), np.zeros(3, int), [[0], [1], [2]]):
        with pytest.raises((AttributeError, IndexError, ValueError, CannotBeNative)):
            derivative(M, places)
