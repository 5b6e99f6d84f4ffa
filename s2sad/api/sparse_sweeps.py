"""The sweeps of a sparse Jacobian, which take all seeds at once, and the blocks that it is cut into."""
from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.api.seeds import Swept
from s2sad.calls.call import Call
from s2sad.machine import transforms
from s2sad.machine.seeds import OtherSizes
from s2sad.sparse.arrays import Csr, matrices
from s2sad.sparse.compression import Compression


def jacobian(sweep: Swept, compression: Compression, call: Call, checked: bool) -> tuple[Any, Csr, Any]:
    """What the function returns, the Jacobian as one matrix, and if it is checked its product with the weights of the compression.

    The value is computed once, in the sweep; only where the seeds come in parts, once in each. Effects happen once in any case: what the
    search for the pattern has done already, another part, or a sweep that was refused, is handed on. Raises OtherSizes, and CannotKeep
    where the sweep is forward and is to be in reverse, which is known before where there was a search.
    """
    results = []
    alone = len(compression.parts(checked)) == 1 and not call.effects.happened and not (compression.forward and checked)

    def product(seeds: Any) -> Any:
        run = sweep if alone else functools.partial(sweep.within, call.effects)
        result, rows = run(seeds, *call.args, **call.kwargs)
        if rows.shape[1] != compression.width:
            raise OtherSizes(f"the {'value has' if compression.forward else 'arguments have'} {rows.shape[1]} elements", None)
        results.append(result)
        return rows

    found, tested = compression.jacobian(product, checked)
    return results[0], found, tested


def blocks(found: Csr, value: Any, arguments: list[Any], places: list[Any], single: bool) -> Any:
    """In the structure of the value, and within it that of the arguments, as a dense Jacobian; an argument has columns once."""
    leaves, structure = trees.flatten(value, opened=trees.EVERY)
    given = [trees.flatten(argument, opened=trees.EVERY) for argument in arguments]
    columns: dict[Any, Any] = {}
    end = 0
    for place, (inputs, _) in zip(places, given, strict=True):
        if place not in columns:
            columns[place] = [(end + a, end + b) for a, b in _spans(inputs)]
            end = columns[place][-1][1]

    def row(span: tuple[int, int]) -> Any:
        made = [trees.unflatten(inner, [_block(found, span, each, leaf) for each, leaf in zip(columns[place], inputs, strict=True)])
                for place, (inputs, inner) in zip(places, given, strict=True)]  # fmt: skip
        return made[0] if single else tuple(made)

    rows = zip(leaves, _spans(leaves), strict=True)
    return trees.unflatten(structure, [row(span) if transforms.differentiable(leaf) else None for leaf, span in rows])


def _block(found: Csr, rows: tuple[int, int], columns: tuple[int, int], leaf: Any) -> Any:
    """The derivatives by one leaf of the arguments, in its dtype, whichever mode was taken; there are none by whole numbers in containers,
    and None by what is no number."""
    if not transforms.differentiable(leaf):
        return matrices.csr_array((rows[1] - rows[0], np.size(leaf))) if transforms.promoted(leaf) else None
    part = found if (*rows, *columns) == (0, found.shape[0], 0, found.shape[1]) else found[slice(*rows), slice(*columns)]
    return part.astype(np.asarray(leaf).dtype, copy=False)


def _spans(leaves: list[Any]) -> list[tuple[int, int]]:
    """From where to where the floats of each leaf stand."""
    ends = np.cumsum([0, *(np.size(leaf) if transforms.differentiable(leaf) else 0 for leaf in leaves)]).tolist()
    return list(itertools.pairwise(ends))
