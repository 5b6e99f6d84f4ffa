"""What a loop runs over stays what it was when the variable gets another array."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad


def replaced_in_a_loop(a: Any, n: int) -> Any:
    a = a.copy()
    for i, back in zip(range(len(a)), reversed(a), strict=True):
        a[i] = 0.8 * np.cos(back)
        if i == n:
            a = 0.5 * a + np.sin(a)
    return np.sum(np.sin(a))


def test_an_array_that_a_loop_runs_over_is_written_under_a_name_that_may_be_another_array() -> None:
    """The write may be one into what the loop reads: it is refused, and recorded."""
    x = np.array([-0.4, 0.98, -0.14, -0.52])
    with pytest.raises(CannotKeep, match="two names"):
        grad(replaced_in_a_loop, control="keep")(x, 2)
    np.testing.assert_allclose(grad(replaced_in_a_loop)(x, 2), grad(replaced_in_a_loop, control="record")(x, 2), rtol=1e-12)
