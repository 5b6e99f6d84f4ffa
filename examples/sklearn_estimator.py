"""An estimator of scikit-learn's that is fitted by gradients, in a search over its parameters that runs in two processes.

    python examples/sklearn_estimator.py

The model is a robust regression: pseudo-Huber losses of the residuals, and a penalty. Each process compiles the gradient for itself.
"""
from __future__ import annotations

from typing import Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted, validate_data

from s2sad import value_and_grad


@value_and_grad
def loss(w: np.ndarray, x: np.ndarray, y: np.ndarray, width: float, penalty: float) -> float:
    """Squares near zero and slopes beyond `width`, so that single points far away count little; the last weight is the constant."""
    far = (x @ w[:-1] + w[-1] - y) / width
    return width**2 * np.mean(np.sqrt(1.0 + far**2) - 1.0) + penalty * np.sum(w[:-1] ** 2)


class RobustRegressor(RegressorMixin, BaseEstimator):
    """A linear model, with the interface that scikit-learn's tools ask for."""

    def __init__(self, width: float = 1.0, penalty: float = 0.0) -> None:
        self.width = width
        self.penalty = penalty

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        X, y = validate_data(self, X, y, y_numeric=True, dtype=np.float64)
        found = minimize(loss, np.zeros(X.shape[1] + 1), args=(X, y, self.width, self.penalty), jac=True, method="L-BFGS-B")
        self.coef_, self.intercept_, self.n_iter_ = found.x[:-1], found.x[-1], found.nit
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        check_is_fitted(self)
        return validate_data(self, X, reset=False) @ self.coef_ + self.intercept_


TRUE = np.array([1.5, -2.0, 0.0, 0.5])


def points(count: int = 120, outliers: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Points of a linear function with noise, some of them far away from it."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, len(TRUE)))
    y = x @ TRUE + 1.0 + 0.1 * rng.normal(size=count)
    y[:outliers] += 20.0
    return x, y


def searched(processes: int) -> GridSearchCV:
    """The best of nine choices of width and penalty, by the median of the errors on what a fit has not seen."""
    model = make_pipeline(StandardScaler(), RobustRegressor())
    choices = {"robustregressor__width": [0.1, 1.0, 100.0], "robustregressor__penalty": [0.0, 0.01, 1.0]}
    return GridSearchCV(model, choices, scoring="neg_median_absolute_error", n_jobs=processes).fit(*points())


def main() -> None:
    search = searched(2)
    best = search.best_estimator_[-1]
    print("best", {name.partition("__")[2]: value for name, value in search.best_params_.items()})
    scale = search.best_estimator_[0].scale_
    print("weights", (best.coef_ / scale).round(2).tolist(), "where they are", TRUE.tolist())
    print("the same in one process:", searched(1).best_params_ == search.best_params_)


if __name__ == "__main__":
    main()
