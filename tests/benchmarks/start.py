"""What an import of s2sad costs beyond that of NumPy, and native code beyond those of NumPy and Numba, which is compiled by another process
or by this one: processor time of fresh interpreters, the least of many runs. Numba's imports are those that its first array and its first
product of matrices load besides.

    python -m tests.benchmarks.start [runs]
    python -m tests.benchmarks.start --native [runs]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CALL = "import numpy, s2sad\ndef f(x):\n    return numpy.tanh(x)\n"
PROGRAMS = {
    "import s2sad": "import numpy, s2sad",
    "and differentiate a function": CALL + "s2sad.grad(f)(1.0)",
    "and everything": "import numpy\nfrom s2sad import *",
}


FUNCTIONS = {
    "logistic map": """
def loop(r, x, n):
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x
ARGS = (3.5, 0.3, 50)
""",
    "Jacobi": """
def loop(u, steps):
    for _ in range(steps):
        v = u.copy()
        v[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
        u = v
    return numpy.sum(u * u)
ARGS = (numpy.ones((20, 20)), 5)
""",
    "RNN": """
def loop(w, u, x, h):
    for t in range(len(x)):
        h = numpy.tanh(w @ h + u @ x[t])
    return numpy.sum(h * h)
ARGS = (numpy.ones((8, 8)), numpy.ones((8, 4)), numpy.ones((20, 4)), numpy.zeros(8))
""",
}
TEXT = """
import numpy as np


def sums(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] + 1.0
    return y
"""
HERE = f"from s2sad.native.store import compiled\ncompiled({TEXT!r}, 'sums')(numpy.ones(3))"
COUNTED = """import numpy, numpy.ma, scipy.linalg, numba, time
start = time.process_time()
{}
print(1000 * (time.process_time() - start))
"""
NATIVE = {
    "import s2sad and its compiler": "import s2sad, s2sad.calls.compiler, s2sad.native",
    "and read machine code": f"import s2sad.calls.compiler\n{HERE}",
    "and compile it instead": f"import os; os.environ['S2SAD_CACHE_DIR'] = ''\nimport s2sad.calls.compiler\n{HERE}",
    **{f"{name}, and read": f"import s2sad\n{text}s2sad.grad(loop, backend='numba')(*ARGS)" for name, text in FUNCTIONS.items()},
    **{f"{name} in Python": f"import s2sad\n{text}s2sad.grad(loop, control='keep')(*ARGS)" for name, text in FUNCTIONS.items()},
}


def processor_time(program: Path) -> float:
    """Milliseconds of one interpreter that runs a program; NumPy's own threads are left out."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-W", "ignore", str(program)], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def part_of(program: Path) -> float:
    """Milliseconds that a program counts itself, with stored bytecode and machine code; the first run stores them."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    places = {"PYTHONPYCACHEPREFIX": str(program.parent / "bytecode"), "S2SAD_CACHE_DIR": str(program.parent / "machine_code")}
    run = [sys.executable, "-W", "ignore", str(program)]
    environment |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", **places}
    return float(subprocess.run(run, check=True, env=environment, capture_output=True, text=True).stdout)


def measured(runs: int, programs: dict[str, str], time: Callable[[Path], float]) -> dict[str, float]:
    """The least time of each program; they take turns, so that all have quiet moments."""
    with tempfile.TemporaryDirectory() as place:
        files = {name: Path(place) / f"{number}.py" for number, name in enumerate(programs)}
        for name, text in programs.items():
            files[name].write_text(text)
        rounds = [{name: time(file) for name, file in files.items()} for _ in range(runs)]
    return {name: min(times[name] for times in rounds) for name in files}


def main(runs: int, native: bool) -> None:
    if native:
        found = measured(runs, {name: COUNTED.format(text) for name, text in NATIVE.items()}, part_of)
    else:
        whole = measured(runs, {"": "import numpy", **PROGRAMS}, processor_time)
        found = {name: time - whole[""] for name, time in whole.items() if name}
    for name, time in found.items():
        print(f"{name:<30} {time:6.1f} ms")


if __name__ == "__main__":
    main(next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), 20), "--native" in sys.argv)
