"""Completion, as a shell asks for it: bash, with what argcomplete registers for the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import s2sad
from s2sad.cli import completion, parser

MODEL = """\
def loss(x, rate):
    return x


def limit(x):
    return x


class Model:
    def cost(self, w):
        return w

    def _own(self):
        return 0


raise RuntimeError("files are not run")
"""
ASKED = """
eval "$(register-python-argcomplete s2sad)"
COMP_LINE="$1" COMP_POINT=${#1} COMP_WORDS=($1) COMP_TYPE=9
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); [[ "$1" == *" " ]] && COMP_CWORD=$((COMP_CWORD + 1))
COMP_WORDBREAKS=$' \\t\\n'
_python_argcomplete s2sad
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(name="ask")
def ask_fixture(tmp_path):
    """What bash offers behind a line, in a folder with a model."""
    bash, register = shutil.which("bash"), Path(sys.executable).parent / "register-python-argcomplete"
    assert bash and register.exists(), "bash, and argcomplete of the extra `test`, are there"
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "s2sad"
    program.write_text(f"#!{sys.executable}\n# PYTHON_ARGCOMPLETE_OK\nimport sys\nfrom s2sad.cli import program\nsys.exit(program())\n")
    program.chmod(0o755)
    np.save(tmp_path / "x.npy", np.ones(2))
    path = os.pathsep.join([str(program.parent), str(register.parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(s2sad.__file__).parents[1])}

    def call(line):
        done = subprocess.run([bash, "-c", ASKED, "bash", line], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
        return {word.strip() for word in done.stdout.split("\n") if word.strip()}

    return call


def test_bash_completes_commands_options_functions_values_and_names(ask):
    assert ask("s2sad in") == {"inspect"}
    assert ask("s2sad inspect model.py:l") == {"model.py:loss", "model.py:limit"}
    assert ask("s2sad inspect model.py:loss --stage o") == {"optimised"}
    assert ask("s2sad inspect model.py:loss --argnums r") == {"rate"}
    assert {"x=", "rate=", "x.npy"} <= ask("s2sad inspect model.py:loss --at ")
    assert "--trace" in ask("s2sad inspect model.py:loss --t")


def test_what_is_offered_is_read_from_files_that_are_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    Path("folder").mkdir()
    np.save("x.npy", np.ones(2))
    assert completion.functions("mo") == ["model.py:"] and completion.functions("fo") == ["folder/"]
    assert completion.functions("model.py:") == ["model.py:loss", "model.py:limit", "model.py:Model.cost"]
    assert completion.functions("nothing.py:") == []
    options = parser.parser().parse_args(["inspect", "model.py:Model.cost", "--at", "1"])
    assert completion.parameters("", parsed_args=options) == ["w"]
    assert completion.values("w=", options) == ["w=folder/", "w=x.npy"] or completion.values("w=", options) == ["w=x.npy", "w=folder/"]


def test_without_a_shell_that_asks_nothing_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "argcomplete", None)
    monkeypatch.delenv("_ARGCOMPLETE", raising=False)
    completion.offer(parser.parser())
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    completion.offer(parser.parser())


def test_a_completion_does_not_load_the_compiler(tmp_path):
    code = "import sys; from s2sad.cli import parser; parser.parser(); print(*[m for m in sys.modules if m.startswith('s2sad')])"
    environment = {**os.environ, "PYTHONPATH": str(Path(s2sad.__file__).parents[1])}
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment).stdout.split()
    assert "s2sad.cli.parser" in loaded
    assert not {"s2sad.api.inspection", "s2sad.cli.commands", "s2sad.ir", "s2sad.check"} & set(loaded)
