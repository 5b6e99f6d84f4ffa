"""The rows of the table of native code: programs, their arguments, and the adjoints of `native_hand_*` that are their measure."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import native_adbench, native_hand_adbench, native_hand_arrays, native_hand_loops, native_hand_lstm
from .changing import CHANGING, _made, heat_3d
from .kept import KEPT
from .kept import SMALL as KEPT_SMALL
from .kernels import KERNELS, Kernel, _logistic, _network
from .native_kernels import kernels

HAND: dict[str, Any] = {
    **native_hand_loops.HAND, **native_hand_arrays.HAND, **native_hand_lstm.HAND, **native_hand_adbench.HAND,
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Rows with the same aims: seconds of native code over those by hand, seconds to compile, and whether JAX is to be behind."""

    title: str
    within: float
    compiling: float
    ahead: str


LOOPS = Group("loops over scalars and elements", 1.15, 2.0, "ahead on all")
ARRAYS = Group("arrays and stencils", 1.15, 2.0, "ahead on all")
NETWORKS = Group("networks", 1.15, 2.0, "ahead on the small ones, within 1.1 where one product of matrices rules")
LARGER = Group("LSTM and ADBench's objectives", 1.3, 5.0, "ahead")
CORPUS = Group("array kernels of the corpus, against the function under `njit`", 4.0, 5.0, "-")
GROUPS = (LOOPS, ARRAYS, NETWORKS, LARGER, CORPUS)


@dataclass(frozen=True)
class Row:
    """A program at a size; `hand` returns what the derivative returns, or, for kernels of the corpus, is the function itself."""

    name: str
    function: Callable[..., Any]
    hand: Callable[..., Any]
    arguments: tuple[Any, ...]
    argnums: tuple[int, ...]
    group: Group
    jacobian: bool = False

    @property
    def against_function(self) -> bool:
        return self.group is CORPUS


def of(kernel: Kernel, group: Group, name: str = "") -> Row:
    """A kernel of the other tables with the adjoint for Numba."""
    hand = HAND[kernel.function.__name__]
    return Row(name or kernel.name, kernel.function, hand, kernel.arguments, kernel.argnums, group)


def _heat(n: int, steps: int) -> Kernel:
    return Kernel(f"heat 3-D, N={n}, T={steps}", heat_3d, heat_3d, (*_made(1, (n, n, n)), 0.1, steps), (0, 1), False)


def adbench(n: int, d: int, k: int, steps: int, vertices: int) -> tuple[Row, ...]:
    """The objectives of ADBench: points, dimensions and components of the mixture, steps of the LSTM, vertices of the hand."""
    sizes = (
        (f"GMM, {n:,} points, d={d}, k={k}", native_adbench.gmm, native_adbench.gmm_arguments(n, d, k), (0, 1, 2)),
        ("BA, one residual block, its Jacobian", native_adbench.reprojection, native_adbench.reprojection_arguments(), (0, 1, 2)),
        (f"LSTM objective, {steps:,} steps of 2x14", native_adbench.lstm_objective,
         native_adbench.lstm_objective_arguments(2, steps, 14), (0, 1)),
        (f"hand tracking, {vertices} vertices, its Jacobian", native_adbench.hand_tracking,
         native_adbench.hand_tracking_arguments(vertices), (0,)),
    )  # fmt: skip
    return tuple(
        Row(name, function, HAND[function.__name__], arguments, argnums, LARGER, "Jacobian" in name)
        for name, function, arguments, argnums in sizes
    )


def of_the_corpus() -> tuple[Row, ...]:
    return tuple(
        Row(program.function.__name__, program.function, native_hand_loops.native(program.function), arguments, program.argnums, CORPUS)
        for program, arguments in kernels()
    )


BY_NAME = {kernel.name: kernel for kernel in (*KERNELS, *CHANGING, *KEPT)}
IN_LOOPS = (
    "article f", "logistic map, 50 steps", "logistic map, 1,000 steps", "pendulum, 100 steps", "pendulum, 10,000 steps",
    "pendulum, 1,000,000 steps", "Rosenbrock 1,000 by scalars", "Seidel 2-D, 20x20, 5 sweeps", "Seidel 2-D, 60x60, 10 sweeps",
    "pair energy, 8 bodies", "pair energy, 32 bodies",
)  # fmt: skip
IN_ARRAYS = (
    BY_NAME["Rosenbrock 1000"], BY_NAME["logistic regression 64x8"], BY_NAME["logistic regression 1000x20"],
    _logistic(20_000, 100, small=False), BY_NAME["Jacobi 2-D, N=30, T=20"], BY_NAME["Jacobi 2-D, N=150, T=50"],
    _heat(12, 10), _heat(40, 20),
)  # fmt: skip
IN_NETWORKS = (
    BY_NAME["network 32-16-16"], BY_NAME["network 256-128-128"], _network(1024, 1024, 1024, batch=256, small=False),
    BY_NAME["RNN, 100 steps of 16"],
)  # fmt: skip
IN_LARGER = (BY_NAME["LSTM, 100 steps of 8"],)
ROWS = (
    *(of(BY_NAME[name], LOOPS) for name in IN_LOOPS),
    *(of(kernel, ARRAYS) for kernel in IN_ARRAYS),
    *(of(kernel, NETWORKS) for kernel in IN_NETWORKS),
    *(of(kernel, LARGER) for kernel in IN_LARGER),
    *adbench(n=1000, d=10, k=25, steps=1024, vertices=100),
    *of_the_corpus(),
)
# The same functions at sizes at which a check is quick.
SMALL = (
    of(BY_NAME["article f"], LOOPS),
    *(of(kernel, LOOPS) for kernel in KEPT_SMALL if kernel.function.__name__ in native_hand_loops.HAND),
    *(of(kernel, ARRAYS) for kernel in KEPT_SMALL if kernel.function.__name__ == "jacobi_2d"),
    Row("Rosenbrock 12", BY_NAME["Rosenbrock 1000"].function, HAND["rosenbrock"], (np.linspace(-1.0, 1.5, 12),), (0,), ARRAYS),
    of(_logistic(9, 3, small=True), ARRAYS),
    of(_heat(5, 3), ARRAYS),
    of(_network(5, 4, 3, batch=6, small=True), NETWORKS),
    *(of(kernel, NETWORKS) for kernel in KEPT_SMALL if kernel.function.__name__ == "rnn"),
    of(CHANGING[-1], LARGER),
    *adbench(n=12, d=3, k=2, steps=6, vertices=40),
)
