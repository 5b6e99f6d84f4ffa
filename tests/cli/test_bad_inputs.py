"""Bad command lines: each has its message, on standard error, and its exit status; never a traceback, never half an answer."""

from __future__ import annotations

import re

import pytest

from tests.cli.bad_inputs import CASES, prepare
from tests.command_line import folder_fixture, run_fixture  # noqa: F401


def title(argv):
    return " ".join(token if len(token) < 40 else f"{token[:30]}..." for token in argv) or "nothing"


@pytest.mark.parametrize(("argv", "status", "message"), CASES, ids=[title(argv) for argv, _, _ in CASES])
def test_it_is_refused_with_this_message(run, folder, argv, status, message, monkeypatch):
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(folder / "cache"))
    prepare(folder)
    source = (folder / "model.py").read_text()
    found, out, err = run(*argv)
    said = [line for line in err.splitlines() if line not in ("imported", "called")]
    wanted = re.escape(message.replace("{here}", str(folder))).replace("…", ".+")
    assert (found, out) == (status, "") and re.fullmatch(wanted, "\n".join(said)), err
    assert (folder / "model.py").read_text() == source


def test_there_are_many_and_each_is_another():
    assert len(CASES) >= 60 and len({title(argv) for argv, _, _ in CASES}) == len(CASES)


@pytest.mark.sampled(1)
def test_no_message_is_long_or_speaks_of_what_is_inside():
    for argv, _, message in CASES:
        first = message.partition("\n")[0]
        assert len(first) < 180 and "Traceback" not in message and "s2sad/" not in message, argv
