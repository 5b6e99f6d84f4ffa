"""Tables that are read late are read where a rule has no argument and the source is followed, too."""

from __future__ import annotations

import subprocess
import sys

AVERAGE = """
import numpy as np, s2sad
print(s2sad.grad(lambda x: np.average(x, weights=np.array([1.0, 3.0]), returned=True)[0])(np.array([1.0, 2.0])))
"""


def test_in_a_process_that_has_met_nothing_else() -> None:
    found = subprocess.run([sys.executable, "-c", AVERAGE], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[0.25 0.75]"
