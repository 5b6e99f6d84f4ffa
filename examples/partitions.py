"""A model whose data lies in parts on several workers of Dask: each computes the gradient of its parts, and a task adds them up.

    python examples/partitions.py             fit, with a worker killed on the way
    python examples/partitions.py --parts 12

The gradient stays on a worker from step to step, as the data does: it is compiled once there, not for each task. Both are results of
tasks, so that Dask can make them again when the worker is gone.
"""
from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
from distributed import Client, LocalCluster
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

WEIGHTS, ROWS, RIDGE = 6, 400, 1e-3
SECONDS = 30
"""After so many a gradient is asked for once more: a task may have gone with the worker that was killed."""
Part = tuple[np.ndarray, np.ndarray]
Both = tuple[float, np.ndarray]


def part(number: int) -> Part:
    """One part of the data, as a file would have it."""
    rng = np.random.default_rng(number)
    x = rng.normal(size=(ROWS, WEIGHTS))
    chance = 1.0 / (1.0 + np.exp(-x @ np.linspace(-1.0, 1.5, WEIGHTS)))
    return x, np.where(rng.uniform(size=ROWS) < chance, 1.0, -1.0)


def margins(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return y * (x @ w)


@value_and_grad
def loss(w: np.ndarray, data: Part) -> float:
    return np.sum(np.logaddexp(0.0, -margins(w, *data)))


def itself(value: Any) -> Any:
    return value


def called(function: Callable[..., Both], *args: Any) -> Both:
    return function(*args)


def added(terms: list[Both]) -> Both:
    values, slopes = zip(*terms, strict=True)
    return sum(values), np.sum(slopes, axis=0)


def with_ridge(w: np.ndarray, both: Both) -> Both:
    return both[0] + RIDGE * w @ w, both[1] + 2.0 * RIDGE * w


def fitted(total: Callable[[np.ndarray], Both]) -> OptimizeResult:
    precise = {"gtol": 1e-9, "ftol": 1e-15}
    return minimize(lambda w: with_ridge(w, total(w)), np.zeros(WEIGHTS), jac=True, method="L-BFGS-B", options=precise)


def fitted_here(parts: int) -> OptimizeResult:
    """The same on one machine, in one process."""
    data = [part(k) for k in range(parts)]
    return fitted(lambda w: added([loss(w, each) for each in data]))


def fitted_there(client: Client, parts: int, killing_at: int | None = None) -> tuple[OptimizeResult, list[int]]:
    """The fit by the workers; also the workers that were killed, when the gradient was asked for so often."""
    data = client.map(part, range(parts))
    slope = client.submit(itself, loss)
    steps, killed = 0, list[int]()

    def total(w: np.ndarray) -> Both:
        nonlocal steps
        steps += 1
        terms = [client.submit(called, slope, w, each, pure=False) for each in data]
        if steps == killing_at:
            killed.append(kill_one(client))
        try:
            return client.submit(added, terms, pure=False).result(timeout=SECONDS)
        except TimeoutError:
            again = [client.submit(called, slope, w, each, pure=False) for each in data]
            return client.submit(added, again, pure=False).result(timeout=SECONDS)

    return fitted(total), killed


def kill_one(client: Client) -> int:
    """Kill the process of a worker, as a machine that fails would."""
    process = min(client.run(os.getpid).values())
    os.kill(process, signal.SIGKILL)
    return process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, default=6)
    parts = parser.parse_args().parts
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:
        before = {*client.run(os.getpid).values()}
        found, killed = fitted_there(client, parts, killing_at=4)
        client.wait_for_workers(2)
        new = {*client.run(os.getpid).values()} - before
    here = fitted_here(parts)
    print(f"{parts} parts of {ROWS} rows, {found.nfev} gradients")
    print(f"killed on the way: {len(killed)} of {len(before)} workers; new: {len(new)}")
    print("weights", *found.x.round(4))
    print(f"largest difference to one machine {np.max(np.abs(found.x - here.x)):.1e}, of the losses {abs(found.fun - here.fun):.1e}")


if __name__ == "__main__":
    main()
