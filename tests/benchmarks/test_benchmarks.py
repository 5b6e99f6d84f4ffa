"""Each kernel by each contestant, for pytest-benchmark; the numbers must agree whatever the time."""
from __future__ import annotations

from typing import Any

import pytest

from .changing import CHANGING
from .contestants import CHANGING_CONTESTANTS, CONTESTANTS, assert_agree, contestants
from .kernels import KERNELS, Kernel
from .ratios import measure
from .recording import chain_by_hand, first_call


@pytest.mark.parametrize("contestant", CONTESTANTS)
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_value_and_gradients(benchmark: Any, kernel: Kernel, contestant: str) -> None:
    if contestant == "autograd":
        pytest.importorskip("autograd")
    benchmark.group = kernel.name
    assert_agree(kernel, benchmark(CONTESTANTS[contestant](kernel), *kernel.arguments))


@pytest.mark.parametrize("contestant", CHANGING_CONTESTANTS)
@pytest.mark.parametrize("kernel", CHANGING, ids=lambda kernel: kernel.name)
def test_arrays_that_change(benchmark: Any, kernel: Kernel, contestant: str) -> None:
    pytest.importorskip("mygrad")
    able = contestants(kernel)
    if contestant not in able:
        pytest.skip("the peer cannot compute it")
    benchmark.group = kernel.name
    assert_agree(kernel, benchmark(able[contestant](kernel), *kernel.arguments))


def test_excess_on_the_article(benchmark: Any) -> None:
    """The compiled gradient of the article's function, with its excess over the hand-written one beside the timing."""
    pytest.importorskip("autograd")
    kernel = KERNELS[0]
    benchmark.group = "excess"
    benchmark.extra_info["excess over hand, us"] = measure(kernel, rounds=20).excess * 1e6
    assert_agree(kernel, benchmark(CONTESTANTS["compiled"](kernel), *kernel.arguments))


def test_recording_a_thousand_statements(benchmark: Any) -> None:
    benchmark.group = "recording"
    value, slope = benchmark.pedantic(first_call, rounds=5)
    expected, expected_slope = chain_by_hand(0.5)
    assert value == expected
    assert slope == pytest.approx(expected_slope, rel=1e-12)
