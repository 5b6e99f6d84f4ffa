"""A module that the version before exported: it runs without s2sad, is found up to date, and is what is exported today."""

from __future__ import annotations

import importlib.util
import pathlib
import runpy
import subprocess
import sys
from typing import Any

import numpy as np

from s2sad import value_and_grad
from s2sad.export import export, verify

FOLDER = pathlib.Path(__file__).parent / "before"
EXPORTED = FOLDER / "exported.py"
AT = (np.array([[0.5, 1.0], [2.0, 3.0]]), np.array([1.0, 2.0]))


def loss() -> Any:
    spec = importlib.util.spec_from_file_location("model", FOLDER / "model.py")
    assert spec is not None and spec.loader is not None
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    return model.loss


def test_it_runs_by_itself() -> None:
    program = f"import runpy, sys; sys.modules['s2sad'] = None; runpy.run_path({str(EXPORTED)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "self-check passed: the value and gradient of the time of export\n"


def test_it_is_found_up_to_date() -> None:
    assert verify(str(EXPORTED)) == (True, "matches model.py:loss, model.py:softened")


def test_it_gives_what_is_computed_today() -> None:
    module = runpy.run_path(str(EXPORTED))
    value, gradients = value_and_grad(loss(), argnums=(0, 1))(*AT)
    then = module["loss_value_and_grad"](*AT)
    assert then[0] == value
    for one, other in zip(then[1], gradients, strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_is_what_is_exported_today() -> None:
    assert export(loss(), AT, argnums=(0, 1), base=str(FOLDER)) == EXPORTED.read_text(encoding="utf-8")
