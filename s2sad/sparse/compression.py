"""Seeds for all rows, or columns, of a colour at once, and the Jacobian that the products with them make up."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.sparse import colouring
from s2sad.sparse.arrays import Csr, matrices

LARGEST = 1 << 20  # elements of a matrix of seeds, and of what they give: 8 megabytes of doubles


class Compression:
    """How a Jacobian is had from a few products: which of its rows, or with `forward` columns, each adds up, and where its elements are.

    The products come from one sweep. Where a pattern has so many colours that seeds or products would have more than LARGEST elements, as
    one with a full row and a full column has, they come in parts of that size, and what is not of the pattern is never held as a whole.
    """

    def __init__(self, pattern: Csr, colours: Any, forward: bool, seed: Any, at: Any) -> None:
        self.pattern, self.colours, self.forward = pattern, colours, forward
        self.width = pattern.shape[0 if forward else 1]
        self.number = colouring.number(colours)
        self.flat = seed * self.width + at  # of each element, in the matrix of all products
        self._seeds: dict[bool, Any] = {}

    def parts(self, checked: bool) -> list[tuple[int, int]]:
        """From which seed to which each sweep goes, all of one size: what is compiled for a number of seeds serves each of them."""
        count = max(self.number + checked, 1)
        most = max(LARGEST // max(self.width, len(self.colours), 1), 1)
        each = -(-count // -(-count // most))
        return [(first, first + each) for first in range(0, count, each)]

    @functools.cached_property
    def weights(self) -> Any:
        """Numbers at random, for a seed that adds up all rows or columns."""
        return np.random.default_rng(0).uniform(1.0, 2.0, len(self.colours))

    def seeds(self, first: int, last: int, checked: bool) -> Any:
        """A row for each colour, with ones where the rows, or columns, of that colour are; after them the weights, if it is checked."""
        found = np.zeros((last - first, len(self.colours)))
        (coloured,) = np.nonzero((self.colours >= first) & (self.colours < last))
        found[self.colours[coloured] - first, coloured] = 1.0
        if checked and first <= self.number < last:
            found[self.number - first] = self.weights
        return found

    def jacobian(self, product: Callable[[Any], Any], checked: bool = False) -> tuple[Csr, Any]:
        """The Jacobian, of what `product` makes of a matrix of seeds; and if it is checked the product with the weights, else None."""
        parts = self.parts(checked)
        if len(parts) == 1:
            if checked not in self._seeds:
                self._seeds[checked] = self.seeds(*parts[0], checked)
            found = product(self._seeds[checked])
            return self.filled(found.take(self.flat)), found[self.number] if checked else None
        order = np.argsort(self.flat)
        flat, values = self.flat[order], None
        for first, last in parts:
            found = product(self.seeds(first, last, checked))
            values = np.empty(len(flat), found.dtype) if values is None else values
            here = slice(*np.searchsorted(flat, [first * self.width, last * self.width]))
            values[order[here]] = found.take(flat[here] - first * self.width)
        return self.filled(values), found[self.number - first] if checked else None

    def filled(self, values: Any) -> Csr:
        return matrices.csr_array((values, self.pattern.indices.copy(), self.pattern.indptr.copy()), shape=self.pattern.shape)

    def left_out(self, jacobian: Csr, wanted: Any) -> Any:
        """Of which columns, or rows with `forward`, the pattern leaves out what is not zero: where the product with the weights differs."""
        found = jacobian @ self.weights if self.forward else self.weights @ jacobian
        eps = 1e3 * np.finfo(wanted.dtype).eps
        if np.all(np.abs(found - wanted) <= eps * np.max(np.abs(jacobian.data), initial=0.0)):
            return []
        bound = abs(jacobian) @ self.weights if self.forward else self.weights @ abs(jacobian)
        slack = eps * (bound + np.abs(wanted) + np.max(bound, initial=0.0))
        return np.flatnonzero(np.isfinite(wanted) & ~(np.abs(found - wanted) <= slack))


def of_rows(pattern: Csr, colours: Any) -> Compression:
    """By the products of seeds of rows with the Jacobian."""
    return Compression(pattern, colours, False, colours[_row_of_each(pattern)], pattern.indices)


def of_columns(pattern: Csr, colours: Any) -> Compression:
    """By the products of the Jacobian with seeds of columns."""
    return Compression(pattern, colours, True, colours[pattern.indices], _row_of_each(pattern))


def of_star(pattern: Csr, colours: Any, forward: bool) -> Compression:
    """By the products of a Hessian, with a symmetric pattern, with the seeds of a star colouring."""
    rows = _row_of_each(pattern)
    _, which, counts = np.unique(rows * colouring.number(colours) + colours[pattern.indices], return_inverse=True, return_counts=True)
    alone = counts[which] == 1
    at, seed = np.where(alone, rows, pattern.indices), np.where(alone, pattern.indices, rows)
    return Compression(pattern, colours, forward, colours[seed], at)


def _row_of_each(pattern: Csr) -> Any:
    """The row of each element."""
    return np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
