"""Generated code of a readable selection, kept under golden/: a reviewer sees what a change does to the output.

    python -m tests.test_golden        rewrites the files
"""
from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2sad import grad, jacfwd, jacrev, value_and_grad

FOLDER = Path(__file__).parent / "golden"
RATE = 0.5


def article(x1: float, x2: float) -> float:
    return math.log(x1) + x1 * math.sin(x2)


def loop_and_branch(a: float, b: float) -> float:
    c = 0.0
    if a > b:
        for i in range(4):
            c += a * i
    else:
        c = a * b
    return c


def linear_regression(weights: Any, x: Any, y: Any) -> Any:
    prediction = weights[0] * x + weights[1]
    return np.sum((prediction - y) ** 2) / (2 * len(x))


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def layer(w: Any, b: Any, x: Any) -> Any:
    return np.tanh(x @ w + b)


def network(params: dict[str, Any], x: Any, y: Any) -> Any:
    hidden = layer(params["w1"], params["b1"], x)
    return np.mean((layer(params["w2"], params["b2"], hidden) - y) ** 2)


def newton_root(a: float) -> float:
    x = a
    while abs(x * x - a) > 1e-6:
        x = 0.5 * (x + a / x)
    return x


def captured_rate(x: float) -> float:
    return x * RATE


def noisy(x: float, draw: Any) -> float:
    noise = draw()
    return x * noise


def caught(x: float) -> float:
    try:
        return math.log(x)
    except ValueError:
        return x * x


def masked(x: Any) -> Any:
    return np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))


def softmax_cross_entropy(scores: Any, label: int) -> Any:
    shifted = scores - np.max(scores)
    return np.log(np.sum(np.exp(shifted))) - shifted[label]


def cube(x: float) -> float:
    return x**3 + 2.0 * x


def recurrence(x: float) -> Any:
    y = np.zeros(4)
    y[0] = x
    for i in range(3):
        y[i + 1] = np.sin(y[i])
    return y[3]


def jacobi(a: Any) -> Any:
    b = a.copy()
    for _ in range(2):
        b[1:-1] = 0.5 * (a[:-2] + a[2:])
        a, b = b, a
    return np.sum(a * a)


def thomas(lower: Any, diagonal: Any, upper: Any, right: Any) -> Any:
    d, x = diagonal.copy(), right.copy()
    n = len(d)
    for i in range(1, n):
        factor = lower[i - 1] / d[i - 1]
        d[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    return np.sum(x)


def doubled_view(x: Any) -> Any:
    y = x**2
    v = y[1:]
    v *= 2.0
    y.T[0] = v[0]
    return np.sum(y * x)


def clipped_in_place(x: Any) -> Any:
    y = np.sqrt(x)
    y[x < 1.0] = 0.0
    np.add.at(y, [0, 0, 2], x)
    return np.sum(y)


def own_argument(x: Any) -> Any:
    x[0] = x[1] * x[2]
    x[1:] += 1.0
    return np.sum(x * x)


from s2sad.api.forward import Jvp  # noqa: E402
from s2sad.cli.directions import ones  # noqa: E402
from s2sad.settings import Settings  # noqa: E402
from tests.golden_kept import CHAIN, KEPT, kept_chain  # noqa: E402  here, so that the lines of the functions above stay what the files say
from tests.golden_scipy import SCIPY  # noqa: E402

ROW = np.array([0.5, 1.5, 2.5])
PARAMS = {"w1": np.eye(3), "b1": ROW, "w2": np.ones((3, 2)), "b2": ROW[:2]}
FORWARD: dict[str, tuple[Callable[..., Any], tuple[Any, ...], tuple[int, ...], str]] = {  # with the places of what does not move
    "article": (article, (2.0, 1.0), (), "record"),
    "network": (network, (PARAMS, np.ones((4, 3)), np.ones((4, 2))), (1, 2), "record"),
    "softmax_cross_entropy": (softmax_cross_entropy, (ROW, 1), (1,), "record"),
    "doubled_view": (doubled_view, (ROW,), (), "record"),
    **{name: (KEPT[name][0], KEPT[name][2], still, "keep") for name, still in
       (("kept_recurrence", (1,)), ("kept_newton", ()), ("kept_seidel", (1,)), ("kept_pairs", (1,)), ("kept_network", (2,)))},
}  # fmt: skip
SELECTION: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "article": (value_and_grad(article, argnums=(0, 1)), (2.0, 1.0)),
    "loop_and_branch": (value_and_grad(loop_and_branch, argnums=(0, 1)), (2.0, 1.0)),
    "linear_regression": (value_and_grad(linear_regression), (np.array([0.2, 0.4]), ROW, ROW + 1.0)),
    "rosenbrock": (value_and_grad(rosenbrock), (np.linspace(0.0, 1.0, 10),)),
    "network": (value_and_grad(network), (PARAMS, np.ones((4, 3)), np.ones((4, 2)))),
    "newton_root": (value_and_grad(newton_root), (2.0,)),
    "captured_rate": (value_and_grad(captured_rate), (3.0,)),
    "noisy": (value_and_grad(noisy), (3.0, np.random.default_rng(0).normal)),
    "caught": (value_and_grad(caught), (-2.0,)),
    "masked": (value_and_grad(masked), (ROW,)),
    "softmax_cross_entropy": (value_and_grad(softmax_cross_entropy), (ROW, 1)),
    "recurrence": (value_and_grad(recurrence), (0.5,)),
    "jacobi": (value_and_grad(jacobi), (np.arange(6.0),)),
    "thomas": (value_and_grad(thomas, argnums=(0, 1, 2, 3)), (ROW[:2], 4.0 * ROW, ROW[1:], ROW)),
    "doubled_view": (value_and_grad(doubled_view), (ROW,)),
    "clipped_in_place": (value_and_grad(clipped_in_place), (ROW,)),
    "own_argument": (value_and_grad(own_argument), (ROW,)),
    "second_derivative": (grad(grad(cube)), (2.0,)),
    **{name: (value_and_grad(function, argnums=argnums, control="keep"), args) for name, (function, argnums, args) in KEPT.items()},
    **{name: (value_and_grad(function, argnums=argnums, control=control), args)
       for name, (function, argnums, args, control) in SCIPY.items()},
    "jacobian_kept_chain": (jacrev(kept_chain, control="keep"), CHAIN),
    "jacobian_forward_kept_chain": (jacfwd(kept_chain, argnums=(0, 1), control="keep"), CHAIN),
    **{f"forward_{name}": (Jvp(function, False, Settings(control=control)), (args, tuple(None if k in still else ones(a) for k, a in
                                                                                         enumerate(args))))
       for name, (function, args, still, control) in FORWARD.items()},
}  # fmt: skip


NATIVE = ("kept_pendulum", "kept_seidel", "kept_while", "kept_network", "jacobi", "rosenbrock", "softmax_cross_entropy")


def native(name: str) -> str:
    """What becomes native code, and the code in Python in front of it."""
    from s2sad.native import native_path

    made, args = SELECTION[name]
    derivative: Any = value_and_grad(made.function, argnums=made.argnums, control="keep")  # type: ignore[attr-defined]
    derivative(*args)
    return str(native_path(derivative._last, derivative.settings).source)


def generated(name: str) -> str:
    if name.startswith("native_"):
        return native(name.removeprefix("native_"))
    derivative, args = SELECTION[name]
    derivative(*args)
    return str(derivative.source)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SELECTION)
def test_generated_code(name: str) -> None:
    assert generated(name) == (FOLDER / f"{name}.py").read_text()


@pytest.mark.parametrize("name", NATIVE)
def test_native_code(name: str) -> None:
    pytest.importorskip("numba")
    assert native(name) == (FOLDER / f"native_{name}.py").read_text()


def test_every_file_has_its_program() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {*SELECTION, *(f"native_{name}" for name in NATIVE)}


if __name__ == "__main__":
    from tests import test_golden  # under the name it has when tested: the generated code shows it

    for each in (*SELECTION, *(f"native_{name}" for name in NATIVE)):
        (FOLDER / f"{each}.py").write_text(test_golden.generated(each))
