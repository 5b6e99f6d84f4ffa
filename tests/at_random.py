"""How the programs that hypothesis writes are tried: how many of them, and quietly.

`S2SAD_EXAMPLES=2000` in the environment searches longer, and at random.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings

from s2sad.errors import S2sadError
from tests import sampling

LONG = int(os.environ.get("S2SAD_EXAMPLES", "0"))
ARRAYS = pytest.mark.parametrize("arrays", [False, True], ids=["numbers", "arrays"])


def profile(examples: int, share: int = sampling.EXAMPLES, long: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same examples each time, of which the quick run tries one in `share`, and the run of everything one in `long`."""
    limits = settings(
        max_examples=LONG or examples, derandomize=not LONG, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink) if LONG else (Phase.generate,),
    )  # fmt: skip
    return lambda test: limits(test if LONG else sampling.some(test, share=share, long=long))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Overflow, division by zero and empty means are results here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def outcome(function: Callable[..., Any], *args: Any) -> Any:
    """What a call gives: its result, or class and arguments of the exception it raises."""
    try:
        return function(*args)
    except S2sadError:
        raise
    except Exception as error:
        return type(error), str(error)
