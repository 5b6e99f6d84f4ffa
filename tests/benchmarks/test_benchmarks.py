"""Each kernel by each contestant, for pytest-benchmark; the numbers must agree whatever the time."""
from __future__ import annotations

from typing import Any

import pytest

from . import contestants_kept, peers_kept
from .changing import CHANGING
from .contestants import CHANGING_CONTESTANTS, CONTESTANTS, assert_agree, contestants
from .kept import IN_NUMBERS, KEPT, LONGEST
from .kernels import KERNELS, Kernel
from .ratios import measure, memory_against_hand
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


@pytest.mark.parametrize("contestant", contestants_kept.KEPT_CONTESTANTS)
@pytest.mark.parametrize("kernel", KEPT + IN_NUMBERS, ids=lambda kernel: kernel.name)
def test_kept_loops(benchmark: Any, kernel: Kernel, contestant: str) -> None:
    if (reason := peers_kept.reason(contestant, kernel)) is not None:
        pytest.skip(reason)
    if contestant in peers_kept.PEERS:
        pytest.importorskip(contestant.lower())
    benchmark.group = kernel.name
    contestants_kept.assert_agree(kernel, benchmark(contestants_kept.KEPT_CONTESTANTS[contestant](kernel), *kernel.arguments))


def test_memory_of_the_longest_loop(benchmark: Any) -> None:
    """The compiled gradient of a loop of a million trips, with its peak memory over the hand-written one's beside the timing."""
    benchmark.group = "memory"
    benchmark.extra_info["peak memory over hand"] = memory_against_hand(LONGEST)
    contestants_kept.assert_agree(LONGEST, benchmark(contestants_kept.compiled(LONGEST), *LONGEST.arguments))


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
