"""The bar of the command line: on a terminal, for what takes more than two seconds, and of what is under way within."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import s2sad
from s2sad.cli import progress as bars
from s2sad.runtime import progress

SLOW = "import time\n\ntime.sleep(4)\n\n\ndef f(x):\n    return x * x\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Told:
    """Notes what it is told."""

    def __init__(self):
        self.begun, self.made, self.open = [], [], 0

    def begin(self, what, total):
        self.begun.append((what, total))
        self.made.append(0)
        self.open += 1

    def step(self):
        self.made[-1] += 1

    def end(self):
        self.open -= 1


def test_the_innermost_of_what_is_under_way_is_shown(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(bars, "INTERVAL", 0.01)
    terminal = Terminal()
    with bars.shown("inspect model.py:f", terminal, delay=0.0):
        wait_for(terminal, "inspect model.py:f: 00:0")
        for k in progress.steps("comparing", range(4), 4):
            if k == 2:
                wait_for(terminal, "comparing:  50%")
                wait_for(terminal, "| 2/4 [")
        wait_for(terminal, "inspect model.py:f: 00:0", terminal.getvalue().rindex("comparing"))
    assert terminal.getvalue().endswith(bars.CLEAR), "nothing of it is left"


def wait_for(terminal, text, start=0):
    until = time.monotonic() + 20
    while text not in terminal.getvalue()[start:]:
        assert time.monotonic() < until, terminal.getvalue()
        time.sleep(0.01)


def test_there_is_none_without_a_terminal_without_tqdm_and_for_what_is_quick(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    quick, plain, none = Terminal(), io.StringIO(), Terminal()
    with bars.shown("inspect", quick):
        assert list(progress.steps("comparing", [1, 2])) == [1, 2]
    with bars.shown("inspect", plain, delay=0.0):
        time.sleep(0.05)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with bars.shown("inspect", none, delay=0.0):
        time.sleep(0.05)
    assert quick.getvalue() == plain.getvalue() == none.getvalue() == ""


def test_a_check_tells_of_its_directions():
    told = Told()
    with progress.watching(told):
        s2sad.check_grads(lambda x: np.sum(x * x), (np.ones(5),))
        s2sad.check_grads(lambda z: np.real(np.sum(z * z)), (np.ones(3) * 1j,))
        s2sad.check_grads(lambda x: np.sum(x * x), (np.ones(100),))
    counts = [total for what, total in told.begun if what == "comparing with differences"]
    assert counts == [5, 6, 6] and [made for made in told.made if made] == counts and not told.open


def test_the_pattern_of_a_jacobian_is_told():
    pytest.importorskip("scipy", reason="sparse Jacobians are of SciPy")
    told = Told()
    with progress.watching(told):
        pattern = s2sad.sparsity(lambda x: x * x)(np.ones(3))
        assert pattern.colours == 1
    told_of = ["looking for the pattern of a Jacobian", "telling what depends on what", "colouring the pattern"]
    assert [what for what, _ in told.begun] == told_of and not told.open
    assert told.begun[1][1] == told.made[1] > 0 and told.begun[2][1] == told.made[2] == 3


def test_native_compilation_is_told():
    pytest.importorskip("numba", reason="native code is of Numba")
    told = Told()
    with progress.watching(told):
        s2sad.grad(lambda x: x * x, backend="numba")(2.0)
    assert [what for what, _ in told.begun] == ["compiling native code"] and not told.open


def test_a_library_call_shows_nothing(capfd):
    s2sad.check_grads(lambda x: x * x, (2.0,))
    assert capfd.readouterr() == ("", "")


@pytest.mark.sampled(1)
def test_on_a_real_terminal(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path(s2sad.__file__).parents[1]), "TERM": "xterm"}
    command = [sys.executable, "-W", "ignore", "-m", "s2sad", "inspect", "slow.py:f", "--at", "3.0"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, cwd=tmp_path, env=environment, check=False, text=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    assert done.returncode == 0 and "# d/dx   6.0" in done.stdout and "\x1b" not in done.stdout
    assert "inspect slow.py:f: 00:0" in shown and shown.endswith("\x1b[K")
