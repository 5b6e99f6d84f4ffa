"""A function of the user's may have the name of a primitive: its rule is for that function, and ours stays what it was."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from s2sad import elementwise, grad
from s2sad.rules.language import BY_FUNCTION, BY_NAME


def neg(x: float) -> float:
    return x * 3.0


@pytest.fixture
def registered() -> Iterator[None]:
    with mock.patch.dict(BY_NAME), mock.patch.dict(BY_FUNCTION):
        elementwise("neg(x)", namespace={"neg": neg}, x="3.0")
        yield


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_rule_of_the_users_does_not_replace_the_primitive_of_the_same_name(control: str) -> None:
    def both(x: float, n: int) -> float:
        for _ in range(n):
            x = -x * neg(x)
        return x

    assert grad(both, control=control)(2.0, 1) == -12.0  # of -3 x^2
    assert BY_NAME["neg"].callee is not neg
