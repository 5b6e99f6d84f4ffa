"""The generated code of kept loops is code that Numba compiles as it stands, with the same numbers."""

from __future__ import annotations

import pytest

from tests.benchmarks.kept import SMALL
from tests.benchmarks.kernels import Kernel

pytest.importorskip("numba")


@pytest.mark.sampled(12)
@pytest.mark.parametrize("kernel", SMALL, ids=lambda kernel: kernel.name)
def test_numba_compiles_the_generated_code(kernel: Kernel) -> None:
    from tests.benchmarks.numba_kept import OK, outcome

    assert outcome(kernel) == OK
