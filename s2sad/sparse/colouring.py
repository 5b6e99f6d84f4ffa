"""Which rows, or columns, of a pattern may share a seed: those that have no element in the same column, or row.

A greedy colouring, the fullest first, as in Curtis, Powell and Reid, On the estimation of sparse Jacobian matrices (1974).
"""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sad.runtime.progress import steps
from s2sad.sparse.arrays import Csr


def of_rows(pattern: Csr) -> Any:
    """The colour of each row, counted from 0; -1 for a row without elements. Two rows of one colour share no column."""
    starts, indices = pattern.indptr.tolist(), pattern.indices.tolist()
    taken = [0] * pattern.shape[1]  # for each column the colours of the rows that have it, as bits
    colours = np.full(pattern.shape[0], -1)
    counts = np.diff(pattern.indptr)
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].tolist()
    for row in steps("colouring the pattern", order, len(order)):
        own, mask = indices[starts[row] : starts[row + 1]], 0
        for column in own:
            mask |= taken[column]
        free = ~mask & (mask + 1)  # the lowest bit that is not taken
        for column in own:
            taken[column] |= free
        colours[row] = free.bit_length() - 1
    return colours


def of_columns(pattern: Csr) -> Any:
    """The colour of each column; two of one colour share no row."""
    return of_rows(pattern.T.tocsr())


def star(pattern: Csr) -> Any:
    """A colour for each row of a symmetric pattern such that each element is alone in its row among the columns of its colour, or else
    in its column among the rows: a star colouring.

    After Gebremedhin, Manne and Pothen, What color is your Jacobian? (2005), sections 4 and 6: neighbours differ, and no path of four has
    two colours. What a colour would break is kept as bits, for each row.
    """
    starts, indices = pattern.indptr.tolist(), pattern.indices.tolist()
    stars = _Stars([[j for j in indices[a:b] if j != i] for i, (a, b) in enumerate(itertools.pairwise(starts))])
    order = np.argsort(-np.diff(pattern.indptr), kind="stable").tolist()
    for row in steps("colouring the pattern", order, len(order)):
        stars.colour(row)
    return np.array(stars.colours, int)


class _Stars:
    """For each row: `near`, the colours of its neighbours; `blocked`, those of neighbours that have another one of its own colour; and the
    first neighbour of each colour."""

    def __init__(self, neighbours: list[list[int]]) -> None:
        self.neighbours, rows = neighbours, range(len(neighbours))
        self.colours, self.near, self.blocked = [-1 for _ in rows], [0 for _ in rows], [0 for _ in rows]
        self.first: list[dict[int, int]] = [{} for _ in rows]
        self.twice: list[set[int]] = [set() for _ in rows]

    def colour(self, row: int) -> None:
        coloured = [(n, self.colours[n]) for n in self.neighbours[row] if self.colours[n] >= 0]
        mask = self.near[row]
        for neighbour, own in coloured:
            mask |= self.blocked[neighbour]
            if own in self.twice[row]:
                mask |= self.near[neighbour]
        free = ~mask & (mask + 1)
        found = self.colours[row] = free.bit_length() - 1
        for neighbour in self.neighbours[row]:
            self.near[neighbour] |= free
        for neighbour, own in coloured:
            if own in self.twice[row]:
                self.blocked[neighbour] |= free
        for neighbour in self.neighbours[row]:
            self.join(neighbour, row, found)

    def join(self, centre: int, row: int, colour: int) -> None:
        """A row becomes a neighbour of this colour."""
        other = self.first[centre].setdefault(colour, row)
        if other == row:
            return
        self.twice[centre].add(colour)
        if self.colours[centre] >= 0:
            self.blocked[row] |= 1 << self.colours[centre]
            self.blocked[other] |= 1 << self.colours[centre]


def number(colours: Any) -> int:
    """How many colours there are, so how many seeds."""
    return int(colours.max(initial=-1)) + 1
