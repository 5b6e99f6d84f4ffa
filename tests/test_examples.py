"""The examples run as a stranger runs them, and give the article's numbers."""
from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tape.test_tape import LISTING

EXAMPLES = Path(__file__).parent.parent / "examples"
PICTURES = {
    "linear_regression": {"linear_regression_data.png", "linear_regression_loss.png", "linear_regression_path.png"},
    "four_ways": {"four_ways_error.png", "four_ways_cost.png"},
    "neural_network": {"neural_network_boundary.png"},
}


def run(name: str, *options: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES.parent), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-X", "faulthandler", str(EXAMPLES / f"{name}.py"), *options]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        out, err = program.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        program.send_signal(signal.SIGABRT)  # so that it says where it waits
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    return out


def test_article() -> None:
    printed = run("article")
    assert LISTING in printed
    for number in ("1.3414709848078965", "1.0806046117362795"):
        assert printed.count(number) == 2  # by the compiler and by the tape


def test_loop_and_branch() -> None:
    rows = [line.split() for line in run("loop_and_branch").splitlines()[1:]]
    assert {tuple(r[:3]) for r in rows} == {("3", "2", "loop"), ("2", "3", "product"), ("-1", "-4", "loop"), ("2", "2", "product")}
    assert all(r[4:] == ["135", "45", "0"] for r in rows if r[:2] == ["3", "2"])
    assert all(r[4:] == ["6", "3", "2"] for r in rows if r[:2] == ["2", "3"])


@pytest.mark.sampled(6)
def test_linear_regression(tmp_path: Path) -> None:
    printed = run("linear_regression", "--out", str(tmp_path))
    assert {p.name for p in tmp_path.iterdir()} == PICTURES["linear_regression"]
    final = [line.split() for line in printed.splitlines() if "50 steps" in line]
    assert [(w[4], w[6]) for w in final] == [("0.95191171", "1.03122979")] * 2
    difference = next(line for line in printed.splitlines() if "largest difference" in line).split()[-1]
    assert float(difference) <= 1e-12


@pytest.mark.sampled(3)
def test_training_loop() -> None:
    said = dict(line.rsplit(" ", 1) for line in run("training_loop").splitlines())
    assert said["numbers to fit"] == "320" and float(said["loss before"]) > 0.4 and float(said["loss after"]) < 0.001
    assert float(said["derivative by the rate"]) == pytest.approx(float(said["by differences"]), rel=1e-5)


def test_own_rule() -> None:
    lines = run("own_rule").splitlines()
    exact = next(line for line in lines if "second derivative" in line)
    assert float(exact.split()[6]) == pytest.approx(0.25, rel=1e-12)
    by_rule, by_hand = (float(next(s for s in lines if s.strip().startswith(t)).split()[-1]) for t in ("by eccentricity", "by hand     "))
    assert by_rule == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.sampled(3)
def test_implicit() -> None:
    lines = [line.split() for line in run("implicit").splitlines()]
    assert float(lines[0][2][:-1]) == pytest.approx(float(lines[0][-1]), rel=1e-7)
    assert float(lines[1][2][:-1]) == pytest.approx(float(lines[1][-1]), abs=1e-5)
    found, by_search = float(lines[2][3]), float(lines[2][9])
    assert found == pytest.approx(by_search, abs=1e-4) and int(lines[2][5]) < int(lines[2][11])
    assert float(lines[3][4][:-1]) == pytest.approx(float(lines[3][-1]), rel=1e-9)


@pytest.mark.sampled(3)
def test_brusselator() -> None:
    lines = run("brusselator", "--points", "300").splitlines()
    assert [line.split()[-2] for line in lines if line.endswith("sweeps")] == ["6", "6"]
    exact, differences = (int(line.split("evaluations")[0].split()[-1]) for line in lines if "evaluations" in line)
    assert exact < differences
    assert float(lines[-1].split()[-1]) < 1e-5


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["four_ways", "neural_network"])
def test_pictures(name: str, tmp_path: Path) -> None:
    printed = run(name, "--out", str(tmp_path))
    assert {p.name for p in tmp_path.iterdir()} == PICTURES[name]
    assert all(p.stat().st_size > 5000 for p in tmp_path.iterdir())
    if name == "neural_network":
        accuracy = float(next(line for line in printed.splitlines() if line.startswith("accuracy")).split()[1])
        assert accuracy > 0.97
    else:
        errors = [float(line.split()[-1]) for line in printed.splitlines() if line.strip().startswith("automatic ")]
        assert np.all(np.array(errors) < 1e-15)


@pytest.mark.sampled(3)
def test_joblib_starts() -> None:
    lines = run("joblib_starts").splitlines()
    assert int(lines[0].split()[3]) >= 1 and lines[1].split()[1:] == ["3.1", "7.3"]
    assert lines[2] == "the same as in one process: True"


@pytest.mark.sampled(3)
def test_partitions_on_workers_of_which_one_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", str(tmp_path))  # whose locks no other cluster has
    _, killed, _, last = run("partitions").splitlines()
    assert killed.startswith("killed on the way: 1 of 2 workers; new: ") and int(killed.split()[-1]) >= 1
    by_weights, by_losses = last.split()[5].rstrip(","), last.split()[-1]
    assert float(by_weights) < 1e-10 and float(by_losses) < 1e-10


@pytest.mark.sampled(3)
def test_optimisers(tmp_path: Path) -> None:
    rows = [line.split() for line in run("optimisers", str(tmp_path / "loss.png")).splitlines()]
    assert [(row[0], row[1]) for row in rows] == [("SGD", "400"), ("Adam", "400"), ("L-BFGS", "60")]
    losses = [float(row[-1]) for row in rows]
    assert losses[0] < 1e-2 and losses[1] < 3e-3 and losses[2] < 1e-3
    assert (tmp_path / "loss.png").stat().st_size > 5000


@pytest.mark.sampled(3)
def test_an_estimator_in_a_search_over_processes() -> None:
    """A script, whose functions belong to `__main__`: what is sent to the processes of joblib has to be found there."""
    lines = run("sklearn_estimator").splitlines()
    assert lines[0] == "best {'penalty': 0.0, 'width': 0.1}" and lines[-1] == "the same in one process: True"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports an example, which may import another."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module


def test_fit_by_scipy(example: Any) -> None:
    fit = example("scipy_fit")
    for method in ("trf", "dogbox", "lm"):
        (by_differences, calls, none), (found, fewer, slopes) = fit.fitted(method, by_differences=True), fit.fitted(method)
        assert none == 0 and slopes <= fewer and 2 * (fewer + slopes) < calls
        np.testing.assert_allclose(found.x, by_differences.x, rtol=1e-6)
    _, decay, frequency, *_ = found.x
    j = np.zeros((2, 5))
    j[0, 1], j[1, 1], j[1, 2] = -np.log(2.0) / decay**2, -frequency / (2.0 * decay**2), 1.0 / (2.0 * decay)
    covariance = np.diag([1.0, 2.0, 3.0, 4.0, 5.0]) + 0.1
    np.testing.assert_allclose(fit.propagated(fit.half_life_and_quality, found.x, covariance), j @ covariance @ j.T, rtol=1e-12)


def test_a_curve_by_scipy(example: Any) -> None:
    curve = example("scipy_curve")
    (by_differences, spread, calls, none), (found, same_spread, fewer, slopes) = curve.fitted(by_differences=True), curve.fitted()
    assert none == 0 and slopes <= fewer and 2 * (fewer + slopes) < calls
    np.testing.assert_allclose(found, by_differences, rtol=1e-6)
    np.testing.assert_allclose(same_spread, spread, rtol=1e-4, atol=1e-6 * np.diag(spread).max())
    np.testing.assert_allclose(found, curve.TRUE, atol=5 * np.sqrt(np.diag(same_spread)).max())


@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_roots_by_scipy(example: Any, method: str) -> None:
    roots = example("scipy_roots")
    (by_differences, calls, none), (found, fewer, slopes) = roots.solved(method, by_differences=True), roots.solved(method)
    assert none == 0 and slopes <= fewer and 3 * fewer < calls
    np.testing.assert_allclose(found, by_differences, rtol=1e-6)
    assert roots.largest_error(found) < 1e-8 and roots.largest_error(roots.solved_with_both()[0]) < 1e-8


def test_minima_by_scipy(example: Any) -> None:
    minimise = example("scipy_minimise")
    found = {way: minimise.minimised(way) for way in minimise.WAYS}
    calls = {way: each for way, (_, each) in found.items()}
    for result, _ in found.values():
        np.testing.assert_allclose(result.x, 1.0, atol=1e-3)
    assert 10 * (calls["jac"]["fun"] + calls["jac"]["jac"]) < 2 * calls["differences"]["fun"]
    assert 10 * calls["jac and hess"]["jac"] < calls["jac, differences of it"]["jac"] and calls["jac and hess"]["hess"] > 0
    assert 10 * calls["jac and hessp"]["jac"] < calls["jac, differences of it"]["jac"] and calls["jac and hessp"]["hessp"] > 0


@pytest.mark.parametrize("method", ["BDF", "Radau"])
@pytest.mark.parametrize("number", [0, 1])
def test_stiff_equations_by_scipy(example: Any, method: str, number: int) -> None:
    stiff = example("scipy_stiff")
    problem = stiff.PROBLEMS[number]
    by_differences, calls, none = stiff.solved(problem, method, by_differences=True)
    found, fewer, slopes = stiff.solved(problem, method)
    assert none == 0 and slopes > 0 and calls - fewer >= len(problem.start) * slopes
    np.testing.assert_allclose(found, by_differences, rtol=1e-3)


@pytest.mark.filterwarnings("ignore:.*SCIPY_ARRAY_API")  # without which one of the checks is left out
def test_the_estimator_is_one_as_scikit_learn_checks_it(example: Any) -> None:
    from sklearn.utils.estimator_checks import check_estimator

    model = example("sklearn_estimator")
    found = check_estimator(model.RobustRegressor(), on_skip=None)
    assert len(found) > 40 and {each["status"] for each in found} <= {"passed", "skipped"}


def test_the_estimator_is_robust(example: Any) -> None:
    model = example("sklearn_estimator")
    x, y = model.points()
    fitted = model.RobustRegressor(width=0.1).fit(x, y)
    np.testing.assert_allclose([*fitted.coef_, fitted.intercept_], [*model.TRUE, 1.0], atol=0.1)
    ordinary = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
    nearly_squares = model.RobustRegressor(width=1e4).fit(x, y)
    np.testing.assert_allclose([*nearly_squares.coef_, nearly_squares.intercept_], ordinary, rtol=1e-3, atol=1e-3)


def test_a_frame_in_a_loss(example: Any) -> None:
    frames = example("pandas_frame")
    frame = frames.sales()
    found = frames.fitted(frame)
    np.testing.assert_allclose([*found["level"], *found["trend"]], [2.0, 3.0, 1.0, 0.25], atol=0.05)
    known = frame.dropna()
    t = ((known["month"] - known["month"].min()).dt.days / 365.25).to_numpy()
    levels = [(known["region"] == name).to_numpy(float) for name in ("north", "south", "west")]
    a = np.column_stack([*levels, t, np.sin(2 * np.pi * t), np.cos(2 * np.pi * t)])
    best = np.linalg.lstsq(a, known["sold"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose([*found["level"], *found["trend"], *found["season"]], best, rtol=1e-4, atol=1e-5)
