"""Type checkers know what a derivative takes and gives: they pass the uses in `typed_uses.py`, and find what is wrong below."""
from __future__ import annotations

import importlib.util
import os
import pathlib
import re
import runpy
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
USES = pathlib.Path(__file__).parent / "typed_uses.py"
CHECKERS = {
    "mypy": ["-m", "mypy", "--strict", "--no-error-summary", "--config-file", os.devnull],
    "basedpyright": ["-m", "basedpyright", "--level", "error"],
}
WRONG = """
from s2sad import compiled, custom_jvp, custom_vjp, elementwise_grad, fixed_point, grad, hvp, jacobian, stop_gradient, value_and_grad, vjp

def f(x: float, y: float, n: int = 3) -> float:
    return x * y**n

@value_and_grad(argnums="y")
def both(x: float, y: float) -> float:
    return x * y

class Model:
    @grad
    def slope(self, x: float, n: int = 2) -> float:
        return x**n

grad(f)("a", 1.0)  # wrong
grad(f)(1.0)  # wrong
grad(f)(1.0, 2.0, m=3)  # wrong
text: str = grad(f)(1.0, 2.0)  # wrong
pair: tuple[float, str] = value_and_grad(f)(1.0, 2.0)  # wrong
grad(f, argnum=1)  # wrong
grad(f, 1.5)  # wrong
grad(3.0)  # wrong
both(1.0, z=2.0)  # wrong
Model().slope("a")  # wrong
Model().slope(1.0, m=2)  # wrong
elementwise_grad(f, order="a")  # wrong
vjp(f, 1.0, 2.0, 3, 4)  # wrong
hvp(f)(1.0, "v", 2.0)  # wrong
hvp(f)(1.0, 1.0)  # wrong
text = hvp(f)(1.0, 1.0, 2.0)  # wrong
jacobian(f, sparce=True)  # wrong
text = custom_vjp(f)(1.0, 2.0)  # wrong
custom_vjp(f)("a", 2.0)  # wrong
custom_vjp(f).defvjp(f, f)  # wrong
custom_jvp(f).defjvp(f)  # wrong
text = compiled(f)(1.0, 2.0)  # wrong
fixed_point(f)("x")  # wrong
stop_gradient()  # wrong
text = stop_gradient(2.0)  # wrong
grad(f)(1.0, 2.0).real  # right
grad(f, argnums=(0, "y"))(x=1.0, y=2.0)  # right
both(x=1.0, y=2.0)[1]  # right
Model().slope(1.0, n=2) + vjp(f, 1.0, y=2.0)[0]  # right
"""
EACH = pytest.mark.parametrize("checker", [
    pytest.param(name, marks=pytest.mark.skipif(importlib.util.find_spec(name) is None, reason=f"{name} comes with the extra lint"))
    for name in CHECKERS
])  # fmt: skip


def lines_with_errors(checker: str, path: pathlib.Path) -> set[int]:
    """The numbers of the lines of which a checker says that they are wrong."""
    done = subprocess.run([sys.executable, *CHECKERS[checker], str(path)], capture_output=True, text=True, check=False, cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)})  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {int(line) for line in re.findall(rf"{path.name}:(\d+)(?::\d+)?(?: -)?:? error", done.stdout)}


@pytest.mark.sampled(4)
@EACH
def test_what_a_derivative_takes_and_gives(checker: str) -> None:
    assert lines_with_errors(checker, USES) == set()


@pytest.mark.sampled(4)
@EACH
def test_wrong_uses_are_found(checker: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    wanted = {number for number, line in enumerate(WRONG.splitlines(), 1) if line.endswith("# wrong")}
    assert len(wanted) == 25 and lines_with_errors(checker, path) == wanted


def test_the_uses_run() -> None:
    runpy.run_path(str(USES))
