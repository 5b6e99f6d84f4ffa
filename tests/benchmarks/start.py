"""What an import of s2sad costs beyond that of NumPy, and native code beyond those of NumPy and Numba, which is compiled by another process
or by this one: processor time of fresh interpreters, the least of many runs.

    python -m tests.benchmarks.start [runs]
    python -m tests.benchmarks.start --native [runs]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CALL = "import numpy, s2sad\ndef f(x):\n    return numpy.tanh(x)\n"
PROGRAMS = {
    "import s2sad": "import numpy, s2sad",
    "and differentiate a function": CALL + "s2sad.grad(f)(1.0)",
    "and everything": "import numpy\nfrom s2sad import *",
}


LOOP = """
def loop(r, x, n):
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x
"""
TEXT = """
import numpy as np


def sums(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] + 1.0
    return y
"""
HERE = f"from s2sad.native.store import compiled\ncompiled({TEXT!r}, 'sums')(numpy.ones(3))"
NATIVE = {
    "import s2sad and its compiler": "import numpy, numba, s2sad.calls.compiler, s2sad.native",
    "and read machine code": f"import numpy, numba, s2sad.calls.compiler\n{HERE}",
    "and compile it instead": f"import os; os.environ['S2SAD_CACHE_DIR'] = ''\nimport numpy, numba, s2sad.calls.compiler\n{HERE}",
    "differentiate a loop, and read": f"import numpy, numba, s2sad\n{LOOP}s2sad.grad(loop, backend='numba')(3.5, 0.3, 50)",
    "differentiate it in Python": f"import numpy, numba, s2sad\n{LOOP}s2sad.grad(loop, control='keep')(3.5, 0.3, 50)",
}


def processor_time(program: Path) -> float:
    """Milliseconds of one interpreter that runs a program; NumPy's own threads are left out."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "S2SAD_CACHE_DIR": str(program.parent / "cache")}
    subprocess.run([sys.executable, "-W", "ignore", str(program)], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measured(runs: int, programs: dict[str, str], base: str) -> dict[str, float]:
    """Milliseconds beyond what the base takes, by what is done; the programs take turns, so that all have quiet moments."""
    with tempfile.TemporaryDirectory() as place:
        files = {name: Path(place) / f"{number}.py" for number, name in enumerate(("", *programs))}
        for name, text in {"": base, **programs}.items():
            files[name].write_text(text)
        rounds = [{name: processor_time(file) for name, file in files.items()} for _ in range(runs)]
    least = {name: min(times[name] for times in rounds) for name in files}
    return {name: least[name] - least[""] for name in programs}


if __name__ == "__main__":
    native, runs = "--native" in sys.argv, [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    chosen, base = (NATIVE, "import numpy, numba") if native else (PROGRAMS, "import numpy")
    for name, time in measured(runs[0] if runs else 20, chosen, base).items():
        print(f"{name:<30} {time:6.1f} ms")
