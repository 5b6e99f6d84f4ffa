"""Native code whose text runs as plain Python, as with NUMBA_DISABLE_JIT=1: what it computes is told at once, without compiling.

Memory that it asks for without saying what is in it holds numbers that no result is to be made of.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad.native import making, store, support
from tests.sampling import RUN

SPOILT = {"f": 7.5e30, "c": 7.5e30 - 3.5e30j, "i": 99, "u": 99, "b": True}


def spoilt(*args: Any, **kwargs: Any) -> Any:
    """What np.empty gives, with something in it that would be seen: finite, as native code leaves calls that a NaN comes out of."""
    made = np.empty(*args, **kwargs)
    made[...] = SPOILT[made.dtype.kind]
    return made


numpy = types.ModuleType("numpy")
numpy.__dict__.update(vars(np), empty=spoilt)
HEAD = making.HEAD.replace("import numpy as np", f"from {__name__} import numpy as np")


@contextlib.contextmanager
def plain_python() -> Iterator[None]:
    """Nothing is compiled in here; what was compiled before, or is made in here, is not handed over."""
    import numba

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", 1)
        patch.setattr(store, "_made", {})
        patch.setattr(making, "HEAD", HEAD)
        patch.setattr(support, "np", numpy)
        yield


@pytest.fixture(name="uncompiled")
def uncompiled_fixture() -> Iterator[None]:
    with plain_python():
        yield


def compiled_at_last() -> contextlib.AbstractContextManager[None]:
    """Native code in here is compiled in the run of everything, and where its test is named; the quick run tells what its text computes."""
    return contextlib.nullcontext() if RUN.whole else plain_python()


@pytest.fixture(name="compiled_at_last")
def compiled_at_last_fixture() -> Iterator[None]:
    with compiled_at_last():
        yield
