"""The conventions at edges, each through the compiled path, optimised and not, and through the tape."""

from __future__ import annotations

import cmath
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, grad, tape
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.oracles import assert_close

pytestmark = pytest.mark.filterwarnings("ignore::s2sad.errors.NonFiniteWarning", "ignore:divide by zero:RuntimeWarning",
                                        "ignore:invalid value:RuntimeWarning")  # fmt: skip


def gradients(function: Callable[..., Any], *args: Any, argnums: Any = 0) -> list[Any]:
    """By every way there is; the compiled ones twice, for the first call records."""
    found = []
    for optimise in (True, False):
        derivative = Derivative(function, argnums, with_value=False, settings=Settings(optimise=optimise, verify=True))
        found += [derivative(*args), derivative(*args)]
    return [*found, tape.gradient(function, args, argnums)[1]]


def holds(function: Callable[..., Any], *args: Any, gives: Any, argnums: Any = 0) -> None:
    """The gradient is exactly this, with this type; a zero is a positive or a negative zero."""
    for found in gradients(function, *args, argnums=argnums):
        np.testing.assert_array_equal(found, gives)
        assert np.asarray(found).dtype == np.asarray(gives).dtype and np.shape(found) == np.shape(gives)


# At zero the derivative of a kink is zero

KINKS: dict[str, Callable[[Any], Any]] = {
    "abs": lambda x: abs(x), "np.abs": lambda x: np.sum(np.abs(x)), "np.absolute": lambda x: np.sum(np.absolute(x)),
    "np.fabs": lambda x: np.sum(np.fabs(x)), "math.fabs": lambda x: math.fabs(x),
    "np.sign": lambda x: np.sum(np.sign(x) * 3.0),
    "math.hypot": lambda x: math.hypot(x, 0.0), "np.hypot": lambda x: np.sum(np.hypot(x, 0.0)),
    "math.dist": lambda x: math.dist([x], [0.0]),
}  # fmt: skip


@pytest.mark.parametrize("name", KINKS)
def test_zero_at_a_kink(name: str) -> None:
    for zero in (0.0, -0.0, np.float64(0.0)):
        holds(KINKS[name], zero, gives=type(zero)(0.0))
    if name.startswith("np."):
        holds(KINKS[name], np.zeros(2), gives=np.zeros(2))
        holds(KINKS[name], np.float32([0.0, -0.0]), gives=np.zeros(2, np.float32))


@pytest.mark.parametrize("norm", [None, 2, 1, 3, 0.5, np.inf, -np.inf], ids=repr)
def test_norm_at_zero(norm: Any) -> None:
    holds(lambda x: np.linalg.norm(x, norm), np.zeros(3), gives=np.zeros(3))
    holds(lambda x: np.sum(np.linalg.norm(x, norm, axis=1)), np.zeros((2, 3)), gives=np.zeros((2, 3)))


@pytest.mark.parametrize("norm", [None, "fro", 2, "nuc", 1, np.inf], ids=repr)
def test_matrix_norm_at_zero(norm: Any) -> None:
    holds(lambda x: np.linalg.norm(x, norm), np.zeros((2, 3)), gives=np.zeros((2, 3)))


def test_norm_with_a_zero_row() -> None:
    found = np.array([[0.0, 0.0], [3.0, 4.0]])
    for gradient in gradients(lambda x: np.sum(np.linalg.norm(x, axis=1)), found):
        np.testing.assert_array_equal(gradient[0], 0.0)
        np.testing.assert_allclose(gradient[1], [0.6, 0.8], rtol=1e-15)


def test_standard_deviation_of_equal_entries() -> None:
    holds(lambda x: np.std(x), np.full(4, 2.0), gives=np.zeros(4))
    holds(
        lambda x: np.sum(np.std(x, axis=0, ddof=1)),
        np.full((3, 2), 2.0, np.float32),
        gives=np.zeros((3, 2), np.float32),
    )
    holds(lambda x: x.std(), np.ones(1), gives=np.zeros(1))


def test_absolute_value_of_complex_zero() -> None:
    holds(lambda z: abs(z), 0j, gives=0j)
    for gradient in gradients(lambda z: np.sum(np.abs(z)), np.array([0j, 3 + 4j])):
        assert gradient[0] == 0 and gradient[1] == pytest.approx(0.6 - 0.8j, rel=1e-15)


# Ties


def test_ties_share_evenly() -> None:
    tied = np.array([1.0, 3.0, 3.0, 2.0])
    holds(lambda x: np.max(x), tied, gives=np.array([0.0, 0.5, 0.5, 0.0]))
    holds(lambda x: x.max(), np.full(4, 1.0), gives=np.full(4, 0.25))
    holds(lambda x: np.min(-x), tied, gives=np.array([0.0, -0.5, -0.5, 0.0]))
    holds(
        lambda x: np.sum(np.max(x, axis=1)),
        np.array([[1.0, 1.0], [2.0, 1.0]]),
        gives=np.array([[0.5, 0.5], [1.0, 0.0]]),
    )
    holds(lambda x: np.sum(np.amin(x, axis=0, keepdims=True)), np.zeros((2, 2)), gives=np.full((2, 2), 0.5))


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin], ids=lambda f: f.__name__)
def test_elementwise_ties_share_evenly(function: Any) -> None:
    holds(lambda x, y: function(x, y), 2.0, 2.0, argnums=(0, 1), gives=(0.5, 0.5))
    holds(lambda x, y: np.sum(function(x, y)), np.ones(2), np.ones(2), argnums=0, gives=np.full(2, 0.5))
    holds(lambda x: np.sum(function(x, 0.0)), np.zeros(2), gives=np.full(2, 0.5))
    holds(lambda x: np.sum(function(0.0, x)), np.zeros(2), gives=np.full(2, 0.5))
    holds(lambda x: np.sum(function(x, x)), np.ones(2), gives=np.ones(2))


def test_maximum_with_zero_at_zero_is_a_half() -> None:
    holds(lambda x: np.maximum(x, 0), 0.0, gives=0.5)
    holds(lambda x: np.sum(np.maximum(x, 0.0)), np.array([-1.0, 0.0, -0.0, 1.0]), gives=np.array([0.0, 0.5, 0.5, 1.0]))


def test_pythons_own_maximum_takes_the_first() -> None:
    """`max` of Python compares and returns one of its arguments, as the code it stands for does."""
    holds(lambda x, y: max(x, y) * 3.0, 2.0, 2.0, argnums=(0, 1), gives=(3.0, 0.0))
    holds(lambda x, y: min([x, y]), 2.0, 2.0, argnums=(0, 1), gives=(1.0, 0.0))


def test_clip() -> None:
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    holds(lambda x: np.sum(np.clip(x, -1.0, 1.0)), x, gives=np.array([0.0, 0.5, 1.0, 0.5, 0.0]))
    holds(lambda x: np.sum(x.clip(-1.0, None)), x, gives=np.array([0.0, 0.5, 1.0, 1.0, 1.0]))
    holds(lambda x: np.sum(np.clip(x, None, 1.0)), x, gives=np.array([1.0, 1.0, 1.0, 0.5, 0.0]))
    holds(lambda x: np.clip(x, 0.0, 1.0), 0.5, gives=1.0)
    holds(lambda x: np.clip(x, 0.0, 1.0), -0.5, gives=0.0)


# Infinite derivatives

ROOTS: dict[str, Callable[[Any], Any]] = {
    "np.sqrt": lambda x: np.sum(np.sqrt(x)), "math.sqrt": lambda x: math.sqrt(x), "**": lambda x: np.sum(x**0.5),
    "np.power": lambda x: np.sum(np.power(x, 0.5)), "math.pow": lambda x: math.pow(x, 0.5),
    "np.cbrt": lambda x: np.sum(np.cbrt(x)),
    "math.cbrt": lambda x: math.cbrt(x), "np.log": lambda x: np.sum(np.log(x)), "np.log2": lambda x: np.sum(np.log2(x)),
    "np.log10": lambda x: np.sum(np.log10(x)), "np.log1p": lambda x: np.sum(np.log1p(x - 1.0)),
    "np.arccosh": lambda x: np.sum(np.arccosh(x + 1.0)), "math.acosh": lambda x: math.acosh(x + 1.0),
    "np.arcsin": lambda x: np.sum(np.arcsin(x - 1.0)), "math.asin": lambda x: math.asin(x - 1.0),
    "math.acos": lambda x: -math.acos(x - 1.0),
    "np.arccos": lambda x: np.sum(-np.arccos(x - 1.0)), "np.arctanh": lambda x: np.sum(np.arctanh(x - 1.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROOTS)
def test_infinite_derivatives_are_infinite_and_raise_nothing(name: str) -> None:
    """Where the function has a value, the gradient is one as well: inf, as NumPy has it, for a float too."""
    holds(ROOTS[name], 0.0, gives=math.inf)
    if name.startswith("np.") or name == "**":
        holds(ROOTS[name], np.float64(0.0), gives=np.float64(np.inf))
        holds(ROOTS[name], np.zeros(2), gives=np.full(2, np.inf))
        assert np.isfinite(grad(ROOTS[name])(np.full(2, 0.5))).all()


@pytest.mark.parametrize("function, argument", [
    (lambda x: math.atan2(x, x), 0.0), (lambda x: np.arctan2(x, x), 0.0), (lambda x: np.reciprocal(x), 0.0),
    (lambda x: abs(np.log(x)), 0j),
    (lambda x: np.float64(1.0) / x, 0.0), (lambda x: np.divide(1.0, x), 0.0), (lambda x: np.sum(np.ones(2) / x), 0.0),
    (lambda x: np.prod(np.array([x, 0.0])) ** 0.5, 2.0), (lambda x: np.float64(x) % 0.0, 1.0),
    (lambda x: np.logaddexp(x, -math.inf), -math.inf),
    (lambda x: np.angle(x), 0j), (lambda x: math.copysign(x, -1.0) ** 2 / 1.0, 0.0), (lambda x: x**1.5, 0.0),
    (lambda x: 0.0**x, 0.0),
    (lambda x: np.exp(x), 1000.0), (lambda x: np.sinh(x), 1000.0), (lambda x: np.std(np.array([x, x])), 1.0),
    (lambda x: math.log(x, 2.0) if x else math.sqrt(x), 0.0), (lambda x: np.linalg.norm([x, x]), 0.0),
    (lambda x: np.float64(0.0) ** x, -1.0),
    (lambda x: x * np.float64(math.inf), 0.0), (lambda x: cmath.phase(x), 0j), (lambda x: np.interp(x, [0.0, 0.0],
    [1.0, 2.0]), 0.0),
], ids=range(23))  # fmt: skip
def test_the_adjoint_never_raises_where_the_function_does_not(function: Any, argument: Any) -> None:
    with np.errstate(all="ignore"):
        function(argument)
        found = gradients(function, argument)
    for one in found:
        assert_close(np.asarray(one), np.asarray(found[-1]))


def test_the_adjoint_of_an_overflowing_chain() -> None:
    holds(lambda x: math.exp(-math.exp(x)), 500.0, gives=0.0)


# Products and determinants


@pytest.mark.parametrize(
    "x", [[2.0, 3.0, 4.0], [2.0, 0.0, 4.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0], [-0.0, 3.0, 0.0], [5.0], []], ids=repr
)
def test_products_with_zeros(x: list[float]) -> None:
    array = np.array(x)
    others = np.array([np.prod(np.delete(array, i)) for i in range(len(x))])
    running = np.zeros(len(x))
    for end in range(len(x)):
        for i in range(end + 1):
            running[i] += np.prod(np.delete(array[: end + 1], i))
    holds(lambda x: np.prod(x), array, gives=others)
    holds(
        lambda x: np.sum(np.prod(x, axis=0)), np.stack([array, array], axis=1), gives=np.stack([others, others], axis=1)
    )
    holds(lambda x: np.sum(np.cumprod(x)), array, gives=running)
    holds(lambda x: math.prod(list(x)) * 1.0, array, gives=others)


def cofactors(a: np.ndarray) -> np.ndarray:
    n = len(a)
    minors = [
        [np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) if n > 1 else 1.0 for j in range(n)] for i in range(n)
    ]
    return np.array([[(-1.0) ** (i + j) * minors[i][j] for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("rank", [3, 2, 1, 0])
def test_determinant_of_a_singular_matrix(rank: int) -> None:
    basis = np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 3.0], [2.0, -1.0, 1.0]])
    a = basis[:, :rank] @ np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0], [0.0, -2.0, 1.0]])[:rank]
    for found in gradients(lambda a: np.linalg.det(a), a):
        np.testing.assert_allclose(found, cofactors(a), atol=1e-12)


def test_powers_at_zero() -> None:
    holds(lambda x: x**2, 0.0, gives=0.0)
    holds(lambda x: x**0, 0.0, gives=0.0)
    holds(lambda x: x**1, 0.0, gives=1.0)
    holds(lambda x: x**1.0, 0.0, gives=1.0)
    holds(lambda x, y: x**y, 0.0, 2.0, argnums=(0, 1), gives=(0.0, 0.0))
    holds(lambda x: np.sum(x**0), np.array([0.0, 2.0]), gives=np.zeros(2))
    holds(lambda x: np.sum(x**2), np.array([0.0, -2.0]), gives=np.array([0.0, -4.0]))
    holds(lambda x: np.sum(x ** np.array([0.0, 1.0, 2.0, 3.0])), np.zeros(4), gives=np.array([0.0, 1.0, 0.0, 0.0]))
    holds(lambda x: (-2.0) ** x if x == 2 else x, 2, gives=math.nan)


def test_steps_have_derivative_zero() -> None:
    for step in (math.floor, math.ceil, math.trunc, round):
        holds(lambda x: x * step(x), 2.5, gives=float(step(2.5)))  # noqa: B023
    for step in (np.floor, np.ceil, np.rint, np.trunc, np.sign, np.round):
        holds(lambda x: np.sum(x * step(x)), np.array([2.4, -1.6]), gives=np.asarray(step([2.4, -1.6])))  # noqa: B023
    holds(lambda x: x % 1.0, 2.5, gives=1.0)
    holds(lambda x: x // 2.0 * x, 5.0, gives=2.0)


# NaN and infinity are reported, complex numbers have the conjugate as the direction of descent


def test_a_nan_that_the_arguments_do_not_have_is_reported() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        grad(lambda x: np.sqrt(x) * np.log(x))(0.0)
    assert [w.category for w in caught if issubclass(w.category, NonFiniteWarning)] == [NonFiniteWarning]


def test_complex_gradients_point_uphill_when_conjugated() -> None:
    z = 1.0 + 2.0j
    holds(lambda z: z.real, z, gives=1 + 0j)
    holds(lambda z: z.imag, z, gives=-1j)
    holds(lambda z: (z * z).real, z, gives=2 * z)
    holds(lambda z: np.sum(np.real(z * np.conj(z))), np.array([z]), gives=np.array([2 * z.conjugate()]))
    for found in gradients(lambda z: abs(z) ** 2, z):
        assert found == pytest.approx(2 * z.conjugate(), rel=1e-15)
    step = 1e-6
    for found in gradients(lambda z: abs(z - 1.5j) ** 2, z):
        nearer = z - step * found.conjugate()
        assert abs(nearer - 1.5j) < abs(z - 1.5j)


def test_a_real_argument_of_a_complex_computation_has_a_real_gradient() -> None:
    holds(lambda x: (x * 1j * x * -1j).real, 3.0, gives=6.0)
    holds(lambda x: np.sum(np.real(x * (1 + 1j))), np.ones(2), gives=np.ones(2))
