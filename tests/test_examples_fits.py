"""The examples of fits: their gradients are those of differences, what they find is near the truth, and each draws its picture."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.oracles import assert_close, differences

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports an example, which imports another."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module


def drawn(module: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as it is called with the name of a file, which has a picture then."""
    file = folder / "picture.png"
    monkeypatch.setattr(sys, "argv", [f"{module.__name__}.py", str(file)])
    module.main()
    assert file.stat().st_size > 5000


def has_gradient(loss: Any, *args: Any, rtol: float = 1e-6) -> None:
    """The gradient of a function that gives its value as well is that of differences."""
    value, slope = loss(*args)
    plain = loss.__wrapped__
    assert value == plain(*args)
    assert_close(slope, differences(plain, args), rtol=rtol)


def test_gaussian_process(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("gaussian_process")
    has_gradient(module.negative_log_likelihood, np.array([0.2, 0.1, -1.0]), *module.points())
    found = module.fitted()
    assert np.exp(found.x[2]) == pytest.approx(module.TRUE_NOISE, abs=0.04)
    mean, deviation = module.predicted(found.x, module.points()[0])
    assert np.mean(np.abs(mean - module.points()[1]) < 2.0 * module.TRUE_NOISE) > 0.9 and np.all(deviation < 0.3)
    drawn(module, tmp_path, monkeypatch)


def test_kalman_filter(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("kalman_filter")
    places, ys = module.track()
    has_gradient(module.negative_log_likelihood, np.array([0.3, -0.5]), ys)
    found = module.fitted()
    np.testing.assert_allclose(np.exp(found.x), [module.PUSHED, module.MEASURED], rtol=0.2)
    off = [np.mean((each - places)[10:] ** 2) for each in (ys, module.filtered(found.x, ys))]
    assert off[1] < 0.5 * off[0]
    drawn(module, tmp_path, monkeypatch)


def test_hidden_markov(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("hidden_markov")
    states, y = module.counts()
    has_gradient(module.negative_log_likelihood, np.array([1.0, 0.1, -0.2, 0.8, 0.2, 1.4]), y[:60])
    found = module.fitted()
    moves, rates = module.parts(found.x)
    np.testing.assert_allclose(rates, module.RATES, rtol=0.1)
    np.testing.assert_allclose(np.exp(np.diag(moves)), module.STAY, atol=0.03)
    assert np.mean((module.busy(found.x, y) > 0.5) == states) > 0.95
    drawn(module, tmp_path, monkeypatch)


def test_arma(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("arma")
    has_gradient(module.loss, np.array([0.5, -0.2, 0.3]), module.series())
    np.testing.assert_allclose(module.fitted().x, module.TRUE, atol=0.1)
    drawn(module, tmp_path, monkeypatch)


def test_spectrum(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("spectrum")
    has_gradient(module.loss, module.START, module.power(module.recorded()))
    np.testing.assert_allclose(module.fitted().x, module.TRUE, atol=0.4)
    np.testing.assert_allclose(module.fitted().x[::3], module.TRUE[::3], atol=0.05)
    drawn(module, tmp_path, monkeypatch)


def test_logistic(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("logistic")
    x, y = module.points()
    found = module.fitted()
    chance = module.chance(found.x, x)
    balance = module.features(x).T @ (np.where(y > 0.0, 1.0, 0.0) - chance)  # which the ridge holds against
    np.testing.assert_allclose(balance, 2.0 * module.RIDGE * found.x, atol=1e-3)
    assert np.mean((chance > 0.5) == (y > 0.0)) > 0.9 and found.nit < 20
    drawn(module, tmp_path, monkeypatch)


def test_survival(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("survival")
    from s2sad import value_and_grad

    has_gradient(value_and_grad(module.negative_log_likelihood), np.array([0.1, 0.9, 0.3]), *module.lives())
    found = module.fitted()
    assert np.all(np.abs(found.x - module.TRUE) < 3.0 * module.deviations(found.x))
    drawn(module, tmp_path, monkeypatch)


def test_robust_line(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("robust_line")
    has_gradient(module.loss, np.array([0.4, 0.6]), *module.points())
    found, squares = module.fitted().x, np.polyfit(*module.points(), 1)[::-1]
    off = [np.max(np.abs(p - module.TRUE)) for p in (found, squares)]
    assert off[0] < 0.2 < off[1]
    drawn(module, tmp_path, monkeypatch)


def test_tomography(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("tomography")
    pixels = np.linspace(0.0, 1.0, module.SIZE**2)
    _, slope = module.loss(pixels, module.rays(), module.measured())
    along = np.cos(np.arange(module.SIZE**2))
    ahead, behind = (module.loss(pixels + step * along, module.rays(), module.measured())[0] for step in (1e-6, -1e-6))
    assert slope @ along == pytest.approx((ahead - behind) / 2e-6, rel=1e-6)
    image = module.fitted().x.reshape(module.SIZE, module.SIZE)
    assert np.sqrt(np.mean((image - module.picture()) ** 2)) < 0.06
    drawn(module, tmp_path, monkeypatch)


def test_registration(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("registration")
    one, other = module.pictures()
    has_gradient(module.loss, np.array([0.1, 1.3, -0.7]), one, other, rtol=1e-5)
    off = np.abs(module.fitted().x - module.TRUE)
    assert off[0] < 0.01 and np.all(off[1:] < 0.05)
    drawn(module, tmp_path, monkeypatch)


def test_spline_fit(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("spline_fit")
    x, y = module.points()
    has_gradient(module.loss, np.sin(module.KNOTS), x, y)
    curve = module.CubicSpline(module.KNOTS, module.fitted().x)
    assert np.sqrt(np.mean((curve(x) - y) ** 2)) < 0.16 and np.sqrt(np.mean((curve(module.FINE) - module.true(module.FINE)) ** 2)) < 0.12
    drawn(module, tmp_path, monkeypatch)


def test_lotka_volterra(example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of the solver change with the rates, and the gradient is that of the equations: both to the tolerance."""
    module = example("lotka_volterra")
    has_gradient(module.loss, np.log(module.START), module.counted(), rtol=1e-2)
    np.testing.assert_allclose(np.exp(module.fitted().x), module.TRUE, rtol=0.05)
    drawn(module, tmp_path, monkeypatch)
