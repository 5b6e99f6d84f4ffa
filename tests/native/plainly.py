"""Native code whose text runs as plain Python, as with NUMBA_DISABLE_JIT=1: what it computes is told at once, without compiling."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from s2sad.native import store


@contextlib.contextmanager
def plain_python() -> Iterator[None]:
    """Nothing is compiled in here; what was compiled before, or is made in here, is not handed over."""
    import numba

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", 1)
        patch.setattr(store, "_made", {})
        yield


@pytest.fixture(name="uncompiled")
def uncompiled_fixture() -> Iterator[None]:
    with plain_python():
        yield
