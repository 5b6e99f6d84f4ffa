"""Exported modules of functions that use SciPy: they import what they call of it, and nothing of s2sad."""

from __future__ import annotations

import ast
import subprocess
import sys

import numpy as np
import scipy.fft
import scipy.sparse
import scipy.special
from scipy.special import gammaln as log_gamma

from s2sad import value_and_grad
from s2sad.export import export

X = np.array([0.5, 2.0, 3.5])


def likelihood(x):
    return np.sum(scipy.special.gammaln(x) * log_gamma(x + 1.0))


def spectrum(x):
    return np.sum(np.abs(scipy.fft.rfft(x)) ** 2 + np.abs(np.fft.rfft(x)))


def of_entries(x):
    a = scipy.sparse.csr_array((x, np.arange(3), np.arange(4)), shape=(3, 3))
    return np.sum((a @ np.cos(x)) ** 2)


def test_a_module_imports_what_it_calls_of_scipy(tmp_path):
    for function, imports in ((likelihood, ["scipy.special"]), (spectrum, ["scipy.fft"]), (of_entries, ["scipy.sparse"])):
        text = export(function, (X,))
        names = [alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for alias in node.names]
        assert [name for name in names if name.startswith("scipy")] == imports
        (tmp_path / "alone.py").write_text(text)
        code = (
            "import numpy as np, sys, alone; assert 's2sad' not in sys.modules\n"
            f"value, gradient = alone.{function.__name__}_value_and_grad(np.{X!r}); print([float(value), *gradient.tolist()])"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        value, gradient = value_and_grad(function)(X)
        assert ast.literal_eval(done.stdout) == [float(value), *gradient.tolist()]


def test_it_checks_itself(tmp_path):
    (tmp_path / "alone.py").write_text(export(likelihood, (X,)))
    done = subprocess.run([sys.executable, "alone.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("self-check passed")
