"""s2sad as it is installed: among other packages, which it follows in its own way, the code is the same."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import s2sad
from s2sad import value_and_grad
from tests.programs import load

ROOT = pathlib.Path(__file__).parent.parent
STEP = 23
MARK = "-- the code --"
SCRIPT = """
import numpy as np, s2sad
from tests.test_installed import MARK, text
code = text()  # some of the programs print
print(MARK)
print(s2sad.__file__)
print(code)
"""


def text() -> str:
    """The generated code of a selection of programs."""
    found = []
    for program in load()[::STEP]:
        derived = value_and_grad(program.function, argnums=program.argnums)
        derived(*program.calls[0])
        found.append(f"{program.name}\n{derived.source}")
    return "\n".join(found)


@pytest.mark.sampled(4)
def test_the_same_code_is_generated_where_s2sad_lies_among_installed_packages(tmp_path: pathlib.Path) -> None:
    packages = tmp_path / "lib" / "site-packages"
    shutil.copytree(pathlib.Path(s2sad.__file__).parent, packages / "s2sad", ignore=shutil.ignore_patterns("__pycache__"))
    path = os.pathsep.join([str(packages), str(ROOT)])
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path},
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    place, _, code = done.stdout.partition(f"{MARK}\n")[2].partition("\n")
    assert pathlib.Path(place).parent == packages / "s2sad"
    assert code.rstrip("\n") == text().rstrip("\n")
