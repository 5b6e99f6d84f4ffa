"""Native code in many threads at once, and with compilation switched off for a whole process."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from s2sad import hessian, value_and_grad
from tests.native.fresh import fresh
from tests.native.plainly import compiled_at_last_fixture  # noqa: F401

pytest.importorskip("numba")


def smoothed(x: Any, n: int) -> Any:
    y = np.zeros(len(x))
    for _ in range(n):
        y[1:-1] = 0.5 * (x[2:] + x[:-2]) * x[1:-1]
        x = x + 0.1 * np.sin(y)
        if x[0] > 4.0:
            x = x * 0.5
    return np.sum(x * x)


@pytest.mark.usefixtures("compiled_at_last")
def test_threads_call_one_gradient_with_sizes_of_their_own() -> None:
    """Work arrays are those of a call, also of calls that are on their way at the same time, the first ones among them."""
    native, plain = value_and_grad(smoothed, backend="numba"), value_and_grad(smoothed)
    cases = [(np.linspace(0.1, 1.0 + k, 4 + k), k) for k in range(6)]
    wanted = [plain(x, n) for x, n in cases]
    start, wrong = threading.Barrier(len(cases)), []

    def call(k: int) -> None:
        start.wait()
        for turn in range(60):
            number = (k + turn) % len(cases)
            (value, slope), (own, other) = native(*cases[number]), wanted[number]
            if not (np.isclose(value, own, rtol=1e-12) and np.allclose(slope, other, rtol=1e-11)):
                wrong.append((number, value, own))

    threads = [threading.Thread(target=call, args=(k,)) for k in range(len(cases))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and not native.stats().faults and not sum(native.stats().left)


def test_a_process_that_compiles_nothing_has_the_same_numbers() -> None:
    lines = ("import numpy as np", "from s2sad import value_and_grad, hessian", "from tests.native.test_together import smoothed",
             "d = value_and_grad(smoothed, backend='numba')", "x = np.linspace(0.5, 2.0, 5)",
             "second = float(np.sum(hessian(smoothed, backend='numba')(x, 2)))",
             "print(d(x, 3)[0].hex(), d.stats().native, d.stats().left, second.hex())")  # fmt: skip
    (said,) = fresh(*lines, NUMBA_DISABLE_JIT="1")
    value, *stats, second = said.split()
    assert float.fromhex(value) == pytest.approx(smoothed(np.linspace(0.5, 2.0, 5), 3), rel=1e-12)
    assert stats == ["(True,)", "(0,)"]
    assert float.fromhex(second) == pytest.approx(np.sum(hessian(smoothed)(np.linspace(0.5, 2.0, 5), 2)), rel=1e-11)
