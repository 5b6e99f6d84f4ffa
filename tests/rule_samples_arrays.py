"""Sample calls for every rule on arrays: ranks, axes, repeated entries, zeros, empty arrays."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Call:
    """The arguments of one sample call."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs


def drawing(seed: int) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Functions that draw real and complex arrays of a shape, the same ones in whatever order modules are imported."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> Any:
        return rng.standard_normal(shape)

    def cplx(*shape: int) -> Any:
        return draw(*shape) + 1j * draw(*shape)

    return draw, cplx


draw, cplx = drawing(11)

MASK = np.array([[True, False, True], [False, False, True]])
HOLES = np.array([[1.5, np.nan, -0.5], [2.0, 0.3, np.nan]])
ZEROS = np.array([[0.0, 1.2, -0.7], [0.5, 0.0, 0.0], [1.1, 2.0, 3.0]])
s = np.s_

INDEXING = {
    "getitem": [
        Call(draw(4), 2), Call(draw(4), -1), Call(draw(4), s[1:3]), Call(draw(5), s[::-2]), Call(draw(3, 4), 1),
        Call(draw(3, 4), s[1, 2]), Call(draw(3, 4), s[:, None, 1:]), Call(draw(2, 3, 4), s[..., 1]),
        Call(draw(2, 3, 4), s[0, ..., ::2]), Call(draw(4), [0, 2, 2, -1]), Call(draw(4), np.array([[0, 1], [1, 1]])),
        Call(draw(3, 4), (np.array([0, 2, 0]), np.array([1, 1, 1]))),
        Call(draw(3, 4), (slice(None), np.array([1, 1]))),
        Call(draw(2, 3), MASK), Call(draw(2, 3), (slice(None), np.array([True, False, True]))),
        Call(draw(2, 3, 4), (0, slice(None), np.array([1, 3, 1]))), Call(draw(2, 3), ()), Call(draw(3), Ellipsis),
        Call(draw(0), s[:]), Call(draw(3), np.zeros(0, int)), Call(draw(3), np.int64(1)), Call(draw(), ()),
        Call(draw(2, 3, 4), (np.array([1, 0]), slice(None), np.array([3, 3]))), Call(cplx(3), [0, 0]),
    ],
    "scatter": [
        Call(draw(4), np.array([0, 2, 2, 1]), (5,)), Call(draw(2), s[1:3], (4,)), Call(1.5, 1, (3,)),
        Call(draw(3, 2), (slice(None), np.array([1, 1])), (3, 4)), Call(draw(3), MASK, (2, 3)),
        Call(draw(3, 2), [2, 0, 2], (3, 2)), Call(draw(), (), ()),
    ],
    "np.take": [
        Call(draw(4), 2), Call(draw(3, 4), [0, 5, 5]), Call(draw(3, 4), np.array([[0, 1], [1, 1]]), axis=0),
        Call(draw(3, 4), np.array([0, 3, 3]), axis=-1), Call(draw(4), np.array([5, -3]), mode="wrap"),
        Call(draw(4, 2), np.array([9, -3]), axis=0, mode="clip"), Call(2.5, 0), Call(draw(3), np.zeros(0, int)),
    ],
    "np.take_along_axis": [
        Call(draw(3, 4), np.array([[0, 3, 3], [1, 1, 1], [2, 0, 2]]), axis=1),
        Call(draw(3, 4), np.array([[2], [2], [0]])),
        Call(draw(3, 4), np.array([[0, 1, 1, 2]]), axis=0), Call(draw(2, 2), np.array([3, 3, 0]), axis=None),
    ],
    "scatter_along_axis": [
        Call(draw(3, 2), np.array([[0, 3], [1, 1], [2, 0]]), 1, (3, 4)),
        Call(draw(3), np.array([3, 3, 0]), None, (2, 2)),
    ],
    "np.compress": [
        Call([True, False, True], draw(4)), Call([1, 0, 1], draw(3, 4), axis=1),
        Call([False, True], draw(3, 4), axis=0),
        Call([False, True, True, True, True], draw(3, 4)),
    ],
    "np.extract": [Call(MASK, draw(2, 3)), Call([0, 1, 1], draw(3))],
    "np.add.reduceat": [Call(draw(4), [0, 2, 1]), Call(draw(3, 4), np.array([1, 0, 3]), axis=1), Call(draw(3, 2), [2, 2, 0], 0)],
    "scatter_segments": [Call(draw(3), [0, 2, 1], 0, (4,)), Call(draw(3, 2), np.array([1, 0]), -1, (3, 3))],
    "scatter_compressed": [Call(draw(3, 2), [True, False, True], 1, (3, 4)), Call(draw(2), [1, 0, 1], None, (2, 2))],
    "np.diagonal": [
        Call(draw(3, 3)), Call(draw(3, 4), offset=1), Call(draw(4, 3), -1), Call(draw(2, 3, 4), 0, 1, 2),
        Call(draw(2, 3, 4), 1, -1, 0), Call(draw(3, 3), 1, 1, 0),
    ],
    "scatter_diagonal": [Call(draw(2), (3, 3), 1), Call(draw(4, 2), (2, 4, 3), 0, 0, 2)],
    "np.diag": [Call(draw(3)), Call(draw(3), 2), Call(draw(3), k=-1), Call(draw(3, 4)), Call(draw(3, 4), -1)],
    "np.diagflat": [Call(draw(3)), Call(draw(2, 2), 1), Call(draw(2), -2)],
    "np.trace": [
        Call(draw(3, 3)), Call(draw(3, 4), 1), Call(draw(3, 4), 1, 1, 0), Call(draw(2, 3, 4)),
        Call(draw(2, 3, 4), -1, 2, 1),
        Call(draw(4, 3), offset=-2), Call(draw(3, 4), 1, -2, -1), Call(cplx(2, 2)),
    ],
    "np.tril": [Call(draw(3, 4)), Call(draw(3, 3), 1), Call(draw(2, 3, 3), k=-1), Call(draw(3))],
    "np.triu": [Call(draw(3, 4)), Call(draw(3, 3), 1), Call(draw(2, 3, 3), k=-1), Call(draw(3))],
}  # fmt: skip


def _axes(*extra: Call) -> list[Call]:
    """The forms that every reduction takes."""
    return [
        Call(draw(5)), Call(draw(3, 4)), Call(draw(3, 4), axis=0), Call(draw(3, 4), axis=-1),
        Call(draw(2, 3, 4), axis=(0, 2)), Call(draw(2, 3, 4), axis=(-1, 0), keepdims=True),
        Call(draw(3, 4), axis=1, keepdims=True), Call(draw(3, 4), keepdims=True), Call(draw(3, 4), keepdims=False),
        Call(draw()), Call(2.5), Call([1.5, 2.5, -0.5]), Call(draw(1)), *extra,
    ]  # fmt: skip


def _masked(*extra: Call) -> list[Call]:
    return [Call(draw(2, 3), where=MASK), Call(draw(2, 3), axis=1, where=MASK), *extra]


WITH_MEAN = [Call(draw(3, 4), axis=0, mean=np.array([[0.5, -1.0, 2.0, 0.0]]))]

ROW = np.array([True, False, True])
EXTREMUM = _axes(Call(draw(2, 3), initial=0.1), Call(draw(2, 3), axis=0, initial=0.1), Call(draw(3), initial=9.0),
                 Call(draw(2, 3), where=MASK, initial=-0.2), Call(draw(2, 3), axis=1, where=MASK, initial=0.2),
                 Call(draw(0), initial=1.0), Call(draw(2, 3), axis=0, where=ROW[:2, None], initial=0.05))  # fmt: skip
SPREAD = _axes(Call(draw(3, 4), ddof=1), Call(draw(3, 4), axis=0, ddof=2),
               Call(draw(2, 3), axis=1, ddof=1, keepdims=True),
               Call(cplx(4)), Call(cplx(2, 3), axis=1),
               *_masked(Call(draw(4, 3), axis=1, where=ROW, ddof=1)))  # fmt: skip
REDUCTIONS = {
    "np.sum": _axes(*_masked(), Call(draw(2, 3), initial=0.5), Call(draw(2, 3), axis=0, initial=0.5), Call(draw(0)),
                    Call(draw(0, 3), axis=0), Call(draw(2, 3), axis=()), Call(cplx(2, 3), axis=1),
                    Call(draw(3), dtype=np.float64), Call(draw(), axis=0), Call(draw(2, 3), where=ROW)),
    "np.mean": _axes(*_masked(), Call(draw(0, 3), axis=1), Call(draw(2, 3), axis=())),
    "np.prod": _axes(*_masked(), Call(ZEROS), Call(ZEROS, axis=0), Call(ZEROS, axis=1), Call(draw(2, 3), initial=0.5),
                     Call(draw(2, 3), axis=1, initial=0.5, where=MASK), Call(draw(0)), Call(draw(2, 3), axis=()),
                     Call(cplx(3)), Call(draw(0, 2), axis=0), Call(ZEROS, axis=(0, 1), keepdims=True)),
    "product_of_others": [Call(draw(4)), Call(ZEROS, 0), Call(ZEROS, -1), Call(ZEROS), Call(draw(2, 3, 2), (0, 2)),
                          Call(draw(2, 3, 2), (-1, 0)), Call(draw(2), ()), Call(draw(1)), Call(draw(0))],
    "np.max": EXTREMUM, "np.amax": EXTREMUM, "np.min": EXTREMUM, "np.amin": EXTREMUM,
    "np.nanmax": [Call(HOLES), Call(HOLES, axis=0), Call(HOLES, axis=1, keepdims=True), Call(draw(3), initial=0.1)],
    "np.nanmin": [Call(HOLES), Call(HOLES, axis=0), Call(HOLES, axis=1, keepdims=True), Call(draw(3), initial=0.1)],
    "np.ptp": [Call(draw(4)), Call(draw(3, 4), axis=0), Call(draw(3, 4), axis=1, keepdims=True), Call([1.0, 2.5])],
    "with_real": [Call(cplx(3), draw(3)), Call(cplx(2, 3), draw(2, 3))],
    "with_imag": [Call(cplx(3), draw(3)), Call(cplx(2, 3), draw(2, 3))],
    "np.var": SPREAD + WITH_MEAN,
    "np.std": WITH_MEAN + SPREAD[:9] + [c for c in SPREAD[11:] if np.size(c.args[0]) > 1],
    "np.median": [Call(draw(5)), Call(draw(4)), Call(draw(3, 4)), Call(draw(3, 4), axis=0), Call(draw(3, 4), axis=-1),
                  Call(draw(2, 3, 4), axis=(0, 2)), Call(draw(2, 3, 4), axis=(0, -1), keepdims=True), Call(2.0),
                  Call(draw(2, 3), keepdims=True), Call([3.0, 1.0, 2.0])],
    "np.average": [Call(draw(4)), Call(draw(3, 4), axis=0), Call(draw(3), weights=np.array([1.0, 2.0, 0.5])),
                   Call(draw(2, 3), axis=1, weights=np.array([1.0, 2.0, 0.5])),
                   Call(draw(2, 3), weights=draw(2, 3) + 4),
                   Call(draw(2, 3), axis=-2, weights=np.array([1.0, 2.0]), keepdims=True), Call([1.0, 2.0]),
                   Call(draw(2, 3), axis=0, weights=draw(2, 3) + 4), Call(draw(2, 3, 2), (0, 1), draw(2, 3, 2) + 4)],
    "np.nansum": [Call(draw(3)), Call(draw(2, 3), axis=1, initial=0.5), Call(draw(2, 3), where=MASK)],
    "np.nanmean": [Call(draw(3)), Call(draw(2, 3), axis=1), Call(draw(2, 3), where=MASK)],
    "np.nanprod": [Call(draw(3)), Call(draw(2, 3), axis=1, initial=0.5), Call(draw(2, 3), where=MASK)],
    "np.nanvar": [*WITH_MEAN, Call(draw(3)), Call(draw(2, 3), axis=1), Call(draw(2, 3), where=MASK, ddof=1)],
    "np.nanstd": [*WITH_MEAN, Call(draw(3)), Call(draw(2, 3), axis=1), Call(draw(2, 3), where=MASK, ddof=1)],
    "np.cumsum": [Call(draw(4)), Call(draw(3, 4)), Call(draw(3, 4), axis=0), Call(draw(2, 3, 4), axis=-1), Call(2.0),
                  Call(draw()), Call([1.0, 2.0]), Call(draw(0)), Call(draw(3, 1), axis=1)],
    "np.cumprod": [Call(draw(4)), Call(draw(3, 4)), Call(ZEROS), Call(ZEROS, axis=0), Call(ZEROS, axis=-1), Call(2.0),
                   Call([1.0, 2.0]), Call(draw(0)), Call(draw(2, 3, 2), axis=1), Call(cplx(3)),
                   Call(draw(3, 1), axis=1)],
    "exclusive_cumprod": [Call(draw(4)), Call(draw(4), reverse=True), Call(ZEROS, 0), Call(ZEROS, 1, True),
                          Call(draw(1))],
    "exclusive_scan": [Call(draw(4), draw(4)), Call(draw(4), draw(4), reverse=True), Call(ZEROS, draw(3, 3), 0),
                       Call(ZEROS, draw(3, 3), -1, True), Call(draw(1), draw(1)), Call(cplx(3), cplx(3))],
    "shared_where": [Call(MASK, 1.5), Call(MASK, draw(2), 1), Call(MASK, draw(3), axis=0), Call(MASK, draw(2, 1), axis=1),
                     Call(MASK, 0.5, axis=(0, 1)), Call(MASK, draw(2), 1, others=MASK[:, :1]), Call(MASK[0, :0], 0.5), Call(np.True_, 2.0)],
    "mean_where": [Call(MASK, draw(2, 3)), Call(MASK, draw(2, 3), 1), Call(MASK, draw(2, 3), axis=0), Call(MASK, draw(2, 3), others=1),
                   Call(MASK, draw(2, 3), 1, True), Call(MASK, draw(2, 3), axis=(0, 1))],
    "ratio_or_zero": [Call(1.5, 2.5), Call(draw(3), draw(3)), Call(2.0, draw(2, 2))],
    "np.sort": [Call(draw(5)), Call(draw(3, 4)), Call(draw(3, 4), axis=0), Call(draw(3, 4), axis=None),
                Call(draw(2, 3, 4), 1, kind="stable"), Call([2.0, 1.0])],
    "np.partition": [Call(draw(7), 3), Call(draw(3, 5), (1, 3)), Call(draw(4, 3), 2, axis=0),
                     Call(draw(3, 3), 4, axis=None)],
}  # fmt: skip
BY_UFUNC = [Call(draw(4)), Call(draw(3, 4)), Call(draw(3, 4), -1), Call(draw(3, 4), axis=None), Call(draw(2, 3, 4), axis=(0, 2)),
            Call(draw(3, 4), axis=1, keepdims=True), Call(draw(2, 3), axis=1, initial=0.5, where=MASK), Call([1.0, 2.0]),
            Call(draw(2, 3), initial=draw()), Call(draw(1))]  # fmt: skip
REDUCTIONS |= {"np.logaddexp.reduce": BY_UFUNC, "np.logaddexp2.reduce": BY_UFUNC, "np.hypot.reduce": BY_UFUNC}
