"""A user's module, and a way to run command lines on it; test files import the two fixtures."""

from __future__ import annotations

import importlib
import sys

import pytest

from s2sad import cli

MODEL = """\
import math

import numpy as np
import s2sad

print("imported")
RATE = 0.5


def f(x1, x2):
    return math.log(x1) + x1 * math.sin(x2)


def power(x, n):
    print("called")
    total = 1.0
    for _ in range(n):
        total = total * x
    return total * RATE


def counted(x, n: int):
    return x * n


def norm(x, *, scale=1.0):
    return scale * np.sqrt(np.sum(x * x))


def tree(params):
    return params["w"][0] * params["b"]


def named(mode, x):
    return x * x if mode == "square" else x


@s2sad.grad(argnums="y")
def decorated(x, y):
    return x * y * y


@s2sad.value_and_grad(has_aux=True)
def with_aux(x):
    return x * x, "note"


elementwise = s2sad.elementwise_grad(np.sin)


def broken(x):
    return [x][3]


def vector(x):
    return np.array([x, x])


class Model:
    def __init__(self):
        self.rate = 3.0

    def loss(self, x):
        return self.rate * x

    @staticmethod
    def fixed(x):
        return x * x


class Needs:
    def __init__(self, rate):
        self.rate = rate

    def loss(self, x):
        return self.rate * x


model = Needs(4.0)
"""


@pytest.fixture(name="folder")
def folder_fixture(tmp_path, monkeypatch):
    """A folder with the user's module, which is the working directory."""
    (tmp_path / "model.py").write_text(f"{MODEL}# {tmp_path}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "model", raising=False)  # which another test may have left
    importlib.invalidate_caches()
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.fixture(name="run")
def run_fixture(folder, capsys):
    """Run a command line; gives exit status, standard output and standard error."""

    def call(*argv):
        capsys.readouterr()
        status = cli.main(list(argv))
        out, err = capsys.readouterr()
        return status, out, err

    return call
