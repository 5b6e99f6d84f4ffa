"""What an import of s2sad costs beyond that of NumPy: processor time of fresh interpreters, the least of many runs.

    python -m tests.benchmarks.start [runs]
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


def processor_time(program: Path) -> float:
    """Milliseconds of one interpreter that runs a program; NumPy's own threads are left out."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-W", "ignore", str(program)], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measured(runs: int) -> dict[str, float]:
    """Milliseconds beyond an import of NumPy, by what is done; the programs take turns, so that all have quiet moments."""
    with tempfile.TemporaryDirectory() as place:
        files = {name: Path(place) / f"{number}.py" for number, name in enumerate(("", *PROGRAMS))}
        for name, text in {"": "import numpy", **PROGRAMS}.items():
            files[name].write_text(text)
        rounds = [{name: processor_time(file) for name, file in files.items()} for _ in range(runs)]
    least = {name: min(times[name] for times in rounds) for name in files}
    return {name: least[name] - least[""] for name in PROGRAMS}


if __name__ == "__main__":
    for name, time in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 20).items():
        print(f"{name:<30} {time:6.1f} ms")
