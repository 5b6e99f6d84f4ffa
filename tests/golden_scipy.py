"""Programs that call SciPy, whose generated code is kept under golden/."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.sparse
import scipy.special
import scipy.stats

import s2sad

RAYS = scipy.sparse.csr_array(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))


def root(a: float) -> Any:
    return scipy.optimize.brentq(lambda x: x**3 - a * x - 1.0, 0.0, 10.0)


def least(a: Any) -> Any:
    found = scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2) + np.prod(x) ** 2, np.ones(2))
    return np.sum(found.x)


def decay(rate: float) -> Any:
    found = scipy.integrate.solve_ivp(lambda t, y: -rate * y, (0.0, 1.0), np.array([1.0]), method=s2sad.continuous("RK45"))
    return found.y[0, -1]


def process(scale: float, x: Any, y: Any) -> Any:
    distances = x[:, None] - x[None, :]
    factor = scipy.linalg.cholesky(np.exp(-0.5 * (distances / scale) ** 2) + 0.01 * np.eye(len(x)), lower=True)
    return 0.5 * y @ scipy.linalg.cho_solve((factor, True), y) + np.sum(np.log(np.diag(factor)))


def projected(image: Any, seen: Any) -> Any:
    return np.sum((RAYS @ image - seen) ** 2)


def residuals(poles: Any, y: Any) -> Any:
    return np.sum(scipy.signal.lfilter([1.0], [1.0, *poles], y) ** 2)


def likelihood(mean: float, spread: float, x: Any) -> Any:
    return -np.sum(scipy.stats.norm.logpdf(x, mean, spread))


def forward_pass(moves: Any, seen: Any) -> Any:
    state = np.zeros(moves.shape[0])
    for each in seen:
        state = scipy.special.logsumexp(state[:, None] + moves, axis=0) + each
    return scipy.special.logsumexp(state)


ROW = np.array([0.5, 1.5, 2.5])
SCIPY: dict[str, tuple[Any, Any, tuple[Any, ...], str]] = {
    "scipy_root": (root, 0, (2.0,), "record"),
    "scipy_least": (least, 0, (ROW[:2],), "record"),
    "scipy_decay": (decay, 0, (0.5,), "record"),
    "scipy_process": (process, 0, (1.5, ROW, ROW - 1.0), "record"),
    "scipy_projected": (projected, 0, (ROW, ROW[:2]), "record"),
    "scipy_residuals": (residuals, 0, (np.array([-0.5, 0.25]), np.arange(6.0)), "record"),
    "scipy_likelihood": (likelihood, (0, 1), (1.0, 2.0, ROW), "record"),
    "scipy_forward_pass": (forward_pass, 0, (np.eye(3), np.outer(ROW, ROW)), "keep"),
}
