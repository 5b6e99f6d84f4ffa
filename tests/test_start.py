"""What an import of s2sad does, and what it leaves until it is needed."""
from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from s2sad.errors import RuleError
from s2sad.rules.language import BY_FUNCTION, BY_NAME, STRONG, elementwise

ROOT = pathlib.Path(__file__).parent.parent


def after_import(*lines: str) -> list[str]:
    """What a fresh interpreter prints that runs these lines."""
    run = [sys.executable, "-W", "ignore", "-c", "\n".join(lines)]
    return subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()


def test_every_rule_of_the_table_can_be_read() -> None:
    for primitive in (*BY_NAME.values(), *(p.primitive for p in STRONG.values())):
        primitive.read()


def test_an_import_reads_no_rule_of_numpy() -> None:
    read = "{'template', 'parameters', 'pullbacks', 'jvp'} & vars(p).keys()"
    code = f"print(*(p.name for p in s2sad.rules.language.BY_NAME.values() if {read}))"
    assert after_import("import s2sad", code) == []


def test_a_rule_is_read_as_it_is_used() -> None:
    code = "print(*sorted(p.name for p in s2sad.rules.language.BY_NAME.values() if 'pullbacks' in vars(p)))"
    read = after_import("import numpy, s2sad", "s2sad.elementwise_grad(numpy.tanh)(1.0)", code)
    assert "np.tanh" in read and "np.sin" not in read and len(read) < 15


def twice(x: float) -> float:
    return 2 * x


def test_a_rule_of_the_user_is_read_where_it_is_registered() -> None:
    with pytest.raises(RuleError, match="unknown name 'nothing'"):
        elementwise("twice(x)", x="nothing")
    assert "twice" not in BY_NAME and twice not in BY_FUNCTION
