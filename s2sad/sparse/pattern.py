"""What users look at: the pattern of a Jacobian, and its picture."""
from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

from s2sad.sparse import colouring, compression
from s2sad.sparse.arrays import Csr, matrices
from s2sad.sparse.compression import Compression

CELLS = 60  # of a side of a picture at most


class Pattern:
    """Which elements of a Jacobian may be other than zero: a row for each element of the value, a column for each of the arguments.

    `matrix` is a `scipy.sparse.csr_array` of truth values. `fixed` says whether it holds for all arguments for which the function takes
    the same path, or only while the values that have told positions in it (an array of indices, a mask, zeros of a constant matrix) are
    the same. `pushes` says that forward mode is there for the function: not where a pullback of the user's takes part.
    """

    def __init__(self, matrix: Any, fixed: bool = True, pushes: bool = True) -> None:
        self.matrix: Csr = matrices.csr_array(matrix, dtype=bool)
        self.matrix.eliminate_zeros()
        self.matrix.sort_indices()
        self.fixed, self.pushes = fixed, pushes
        self._compressions: dict[tuple[bool, bool], Compression] = {}

    @property
    def shape(self) -> tuple[int, int]:
        return self.matrix.shape  # type: ignore[no-any-return]

    @property
    def nnz(self) -> int:
        """How many elements may be other than zero."""
        return int(self.matrix.nnz)

    @functools.cached_property
    def rows(self) -> Any:
        """The colour of each row: those of one colour share no column, and share a seed."""
        return colouring.of_rows(self.matrix)

    @functools.cached_property
    def columns(self) -> Any:
        """The colour of each column: those of one colour share no row."""
        return colouring.of_columns(self.matrix)

    @functools.cached_property
    def star(self) -> tuple[Any, Any]:
        """The pattern made symmetric, and a star colouring of it; None for both where it is not square."""
        if self.shape[0] != self.shape[1]:
            return None, None
        whole = matrices.csr_array(self.matrix + self.matrix.T)
        whole.sort_indices()
        return whole, colouring.star(whole)

    @functools.cached_property
    def forward(self) -> bool:
        """Whether the columns have no more colours than the rows, so that forward mode, the cheaper one, needs no more seeds.

        A row has no more elements than the columns have colours, and a column no more than the rows: often that decides before both are
        coloured, which takes long where one of them is full.
        """
        columns, rows = (int(np.diff(m.indptr).max(initial=0)) for m in (self.matrix, self.matrix.tocsc()))
        if columns > rows and colouring.number(self.rows) < columns:
            return False
        fewest = colouring.number(self.columns)
        return fewest <= rows or fewest <= colouring.number(self.rows)

    @property
    def colours(self) -> int:
        """How many seeds a Jacobian with this pattern takes, however large it is."""
        return colouring.number(self.columns if self.forward and self.pushes else self.rows)

    def compression(self, symmetric: bool, pushes: bool) -> Compression:
        """How the Jacobian is had from a few products; in one that is symmetric more rows may share a seed. It `pushes` where it may."""
        if (symmetric, pushes) not in self._compressions:
            self._compressions[symmetric, pushes] = self._compression(symmetric, pushes)
        return self._compressions[symmetric, pushes]

    def _compression(self, symmetric: bool, pushes: bool) -> Compression:
        whole, colours = self.star if symmetric else (None, None)
        if whole is not None and colouring.number(colours) < self.colours:
            return compression.of_star(whole, colours, pushes)
        if pushes and self.forward:
            return compression.of_columns(self.matrix, self.columns)
        return compression.of_rows(self.matrix, self.rows)

    def step(self, side: int = CELLS) -> int:
        """How many rows, and columns, a cell of a picture has."""
        return max(-(-max(self.shape) // side), 1)

    def counts(self, side: int = CELLS) -> Any:
        """How many elements lie in each cell of a picture, which has `side` cells along the longer side at most."""
        height, width = self.shape
        step = self.step(side)
        cells = np.zeros((max(-(-height // step), 1), max(-(-width // step), 1)), int)
        rows = np.repeat(np.arange(height), np.diff(self.matrix.indptr))
        np.add.at(cells, (rows // step, self.matrix.indices // step), 1)
        return cells

    def picture(self, side: int = CELLS) -> str:
        """The pattern as text: `#` for a cell with elements, `.` for one without; of a large one a cell is a block.

        It is '' where the value or the arguments have no elements.
        """
        if 0 in self.shape:
            return ""
        return "\n".join("".join("#" if n else "." for n in row) for row in self.counts(side))

    def _repr_svg_(self) -> str:
        cells = self.counts(4 * CELLS)
        height, width = cells.shape
        scale = max(480 // max(height, width), 2)
        squares = "".join(f'<rect x="{x}" y="{y}" width="1" height="1"/>' for y, x in zip(*np.nonzero(cells), strict=True))
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale}" height="{height * scale}" viewBox="0 0 {width} {height}">'
                f'<title>{self.title}</title><rect width="{width}" height="{height}" fill="white" stroke="gray" stroke-width="0.2"/>'
                f'<g fill="#20508a">{squares}</g></svg>')  # fmt: skip

    def save(self, path: str | Path) -> None:
        """Write the picture as SVG. Raises ValueError for a name that does not end so."""
        if Path(path).suffix != ".svg":
            raise ValueError(f"the picture is SVG, and {str(path)!r} does not end in .svg; plt.spy(pattern.matrix) makes others")
        Path(path).write_text(self._repr_svg_(), encoding="utf-8")

    @property
    def title(self) -> str:
        height, width = self.shape
        return f"{height} x {width}, {self.nnz} elements, {self.colours} {'colour' if self.colours == 1 else 'colours'}"

    def __repr__(self) -> str:
        return f"<pattern of {self.title}{'' if self.fixed else ', for these values alone'}>"
