"""Rules of scipy.sparse: what is computed of a sparse array by its entries and by what it meets, and the classes and functions that lead
there. A sparse array is where its entries are, which has no derivative, and the entries.
"""
from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import scipy.sparse

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, replace
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.sparse_dependence import of_entries, of_product
from s2sad.rules.scipy.sparse_entries import (
    added_up,
    at_entries,
    dense,
    joined,
    moved,
    outer_entries,
    places_of_one,
    places_of_product,
    product_at,
    sorted_places,
    sparse_product,
    sparse_product_transposed,
    spread_out,
    summed,
    summed_places,
    together,
)
from s2sad.types import sparse as types


def _left_back(g: Any, where: Any, shape: Any, a: Any, data: Any, own: Any, turned: Any, b: Any, other: Any, theirs: Any,
               flipped: Any) -> Any:  # fmt: skip
    """Of `a @ b` it is `g @ b.T`, or the transpose of that for the transpose of `a`."""
    if turned:
        return product_at(a, np.shape(data), own, b, other, theirs, flipped, where, g, shape, True)
    return product_at(a, np.shape(data), own, where, g, shape, False, b, other, theirs, not flipped)


def _right_back(g: Any, where: Any, shape: Any, a: Any, data: Any, own: Any, turned: Any, b: Any, other: Any, theirs: Any,
                flipped: Any) -> Any:  # fmt: skip
    if flipped:
        return product_at(b, np.shape(other), theirs, where, g, shape, True, a, data, own, turned)
    return product_at(b, np.shape(other), theirs, a, data, own, not turned, where, g, shape, False)


# An entry is at a place of the matrix once or more often: its cotangent is that of the place.
rule("sparse_product(where, data, x, shape)", data="outer_entries(where, g, x, np.shape(data))",
     x="sparse_product_transposed(where, data, g, shape)",
     jvp="sparse_product(where, data_dot, x, shape) + sparse_product(where, data, x_dot, shape)",
     facts=Facts(gives=types.product, spreads=of_product(False),
                 mapped={"x": "sparse_product(where, data, x.T, shape).T if np.ndim(x) == 2 else None"}))  # fmt: skip
rule("sparse_product_transposed(where, data, x, shape)", data="outer_entries(where, x, g, np.shape(data))",
     x="sparse_product(where, data, g, shape)",
     jvp="sparse_product_transposed(where, data_dot, x, shape) + sparse_product_transposed(where, data, x_dot, shape)",
     facts=Facts(gives=types.product_transposed, spreads=of_product(True),
                 mapped={"x": "sparse_product_transposed(where, data, x.T, shape).T if np.ndim(x) == 2 else None"}))  # fmt: skip
rule("outer_entries(where, u, v, shape)", u="sparse_product(where, g, v, (len(u), len(v)))",
     v="sparse_product_transposed(where, g, u, (len(u), len(v)))",
     jvp="outer_entries(where, u_dot, v, shape) + outer_entries(where, u, v_dot, shape)",
     facts=Facts(gives=types.outer_entries, spreads=of_entries))  # fmt: skip
linear("dense(where, data, shape)", data="at_entries(where, g, shape, np.shape(data))", facts=Facts(gives=types.dense))
linear("at_entries(where, array, shape, size)", array="dense(where, g, shape)", facts=Facts(gives=types.at_entries))
linear("added_up(where, data, shape, name, along)", data="spread_out(where, g, shape, name, along, np.shape(data))",
       facts=Facts(gives=types.added_up))  # fmt: skip
linear("spread_out(where, sums, shape, name, along, size)", sums="added_up(where, g, shape, name, along)",
       facts=Facts(gives=types.spread_out))  # fmt: skip
linear("summed(where, data, shape, name)", data="g[summed_places(where, np.shape(data), shape, name)[2]]")
rule("product_at(where, size, shape, one, data, own, turned, other, other_data, other_own, other_turned)",
     data="_left_back(g, where, shape, one, data, own, turned, other, other_data, other_own, other_turned)",
     other_data="_right_back(g, where, shape, one, data, own, turned, other, other_data, other_own, other_turned)",
     jvp="product_at(where, size, shape, one, data_dot, own, turned, other, other_data, other_own, other_turned) + "
         "product_at(where, size, shape, one, data, own, turned, other, other_data_dot, other_own, other_turned)")  # fmt: skip
zero("places_of_product(one, size, other, other_size, shape, other_shape)")
zero("moved(where, size, shape, name, args)", "joined(parts, function, args)", "summed_places(where, size, shape, name)",
     "sorted_places(where, size, shape)", "together(one, other, shape, both)", "places_of_one(where, size, shape)")  # fmt: skip

importlib.import_module("s2sad.rules.scipy.sparse_making")
importlib.import_module("s2sad.rules.scipy.sparse_linalg")
