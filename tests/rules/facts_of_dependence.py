"""That a rule says which elements a result depends on is honoured where a pattern is made."""
from __future__ import annotations

from typing import Any

import numpy as np

import s2sad
from s2sad.rules.facts import Facts
from s2sad.rules.language import linear
from s2sad.types import dependence
from tests.rules.stating import honours, rules


def turned(a: Any) -> Any:
    return np.ascontiguousarray(a[::-1])


@honours("spreads")
def _() -> None:
    for facts, elements in ((Facts(spreads=dependence.moves), 4), (Facts(), 16)):
        with rules():
            linear("turned(a)", a="turned(g)", facts=facts)
            assert s2sad.sparsity(lambda x: turned(x))(np.ones(4)).nnz == elements
