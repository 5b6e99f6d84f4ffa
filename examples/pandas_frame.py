"""A loss over the columns of a pandas frame: what depends on the parameters is an array, what is read is a column.

    python examples/pandas_frame.py

Sales by region and month: a trend, a season, and a level for each region.
"""
from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from s2sad import tree, value_and_grad

Params = dict[str, np.ndarray]


def sales(years: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    months = pd.date_range("2022-01-01", periods=12 * years, freq="MS")
    frame = pd.DataFrame([(month, region) for region in ("north", "south", "west") for month in months], columns=["month", "region"])
    level = frame["region"].map({"north": 2.0, "south": 3.0, "west": 1.0})
    since = (frame["month"] - months[0]).dt.days / 365.25
    frame["sold"] = level + 0.25 * since + 0.6 * np.sin(2.0 * np.pi * since) + 0.05 * rng.normal(size=len(frame))
    frame.loc[5, "sold"] = np.nan  # a month that nobody wrote down
    return frame


def loss(params: Params, frame: pd.DataFrame) -> float:
    known = frame.dropna()
    since = ((known["month"] - pd.Timestamp("2022-01-01")).dt.days / 365.25).to_numpy()
    season = params["season"][0] * np.sin(2.0 * np.pi * since) + params["season"][1] * np.cos(2.0 * np.pi * since)
    level = params["level"][known["region"].astype("category").cat.codes.to_numpy()]
    return np.mean((level + params["trend"] * since + season - known["sold"].to_numpy()) ** 2)


def fitted(frame: pd.DataFrame) -> Params:
    start = {"level": np.zeros(3), "trend": np.zeros(1), "season": np.zeros(2)}
    leaves, structure = tree.flatten(start)
    ends = np.cumsum([leaf.size for leaf in leaves])[:-1]
    derivative = value_and_grad(loss)

    def objective(vector: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = derivative(tree.unflatten(structure, np.split(vector, ends)), frame)
        return value, np.concatenate(tree.leaves(slope))

    found = minimize(objective, np.concatenate(leaves), jac=True, method="BFGS")
    return tree.unflatten(structure, np.split(found.x, ends))


def main() -> None:
    frame = sales()
    params = fitted(frame)
    table = pd.Series(params["level"], index=frame["region"].astype("category").cat.categories, name="level")
    print(table.round(2).to_string())
    print(f"a year: {params['trend'][0]:+.2f}; season {np.hypot(*params['season']):.2f}; left over {np.sqrt(loss(params, frame)):.3f}")


if __name__ == "__main__":
    main()
