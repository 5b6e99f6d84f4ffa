"""`python -m pytest` is the quick run, `python -m pytest --all` runs everything; what is named on the command line is run wholly."""

from __future__ import annotations

import gc
import importlib
import os
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests import sampling
from tests.sampling import RUN

YOUNG = 10_000  # objects made between two looks at the young ones

# One thread each: the arrays are small, and threads that wait for work take it from the other workers.
for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
os.environ["S2SAD_CACHE_DIR"] = ""  # what is compiled is compiled here and now; tests of the store have places of their own


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("s2sad")
    group.addoption("--all", action="store_true", help="run everything, not the quick selection")
    group.addoption("--browser", action="store_true", help="run the tests in tests/browser, which need Chromium and playwright")
    group.addoption("--quick", action="store_true", help="take the quick selection of what is named, too")


def pytest_ignore_collect(collection_path: pathlib.Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "browser" and not config.getoption("browser") else None


def named(config: pytest.Config) -> bool:
    """Whether the command line says which tests: by path, word, mark, or as those that failed last."""
    by_path = config.args_source is pytest.Config.ArgsSource.ARGS
    return by_path or any(config.getoption(name, None) for name in ("keyword", "markexpr", "lf"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sampled(share, of=None): the quick run takes one in `share` of the cases")
    config.addinivalue_line("markers", "long(share): the run of everything takes one in `share` of the cases, where they are not named")
    told = getattr(config, "workerinput", None)
    if told is not None:
        RUN.whole, RUN.sample, RUN.named = told["run"]
    else:
        RUN.whole = config.getoption("all") or (named(config) and not config.getoption("quick"))
        RUN.sample, RUN.named = sampling.number(), named(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run"] = (RUN.whole, RUN.sample, RUN.named)


def pytest_sessionstart(session: pytest.Session) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        reporter.write_line(RUN.says())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is there before the first test stays to the end: the collector does not look through all of it again and again. So do all
    tables of rules, which are read now and not while a test has some of them exchanged."""
    gc.disable()
    late = importlib.import_module("s2sad.rules.late")
    late.load_all()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not RUN.whole:
        taken = sampling.quick(items, RUN.sample)
    else:
        taken = items[:] if named(config) else sampling.long(items, RUN.sample)
    left = set(items) - set(taken)
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = sampling.ordered(taken)


@pytest.fixture(autouse=True)
def _compiled_anew(request: pytest.FixtureRequest) -> None:
    """No derivative takes what another test has compiled for the same code; where a test exchanges parts of s2sad, each is compiled."""
    if (known := sys.modules.get("s2sad.calls.shared_paths")) is not None:
        known._places.clear()
    if "monkeypatch" in request.fixturenames and "shared" not in request.path.stem:
        from s2sad.calls import shared_paths

        monkeypatch = request.getfixturevalue("monkeypatch")
        monkeypatch.setattr(shared_paths, "bound", lambda call: iter(()))
        monkeypatch.setattr(shared_paths, "offer", lambda *_: None)
