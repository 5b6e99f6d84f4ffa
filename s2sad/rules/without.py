"""What of NumPy has no derivative, and why; what only asks about numbers, and gives places, is constant."""
from __future__ import annotations

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import zero
from s2sad.rules.refusing import refuse
from s2sad.types import places

zero("np.ravel_multi_index(multi_index, dims, mode='raise', order='C')", may_raise=True, facts=Facts(gives=places.flat_places))
zero("np.diag_indices_from(arr)", may_raise="sizes", facts=Facts(gives=places.diagonal_places_of))
zero("np.packbits(a, axis=None, bitorder='big')", "np.unpackbits(a, axis=None, count=None, bitorder='big')", may_raise=True)
follow("np.errstate", "np.iterable", "np.ndindex")
if hasattr(np, "row_stack"):
    follow("np.row_stack")

refuse("np.fromstring", why="it reads text")
refuse("np.memmap", why="it reads a file")
refuse("np.frombuffer", "np.from_dlpack", why="it reads memory of another object")
refuse("np.ndarray", why="it makes an array of memory as it is; use np.array, np.zeros or np.reshape")
refuse("np.lib.stride_tricks.as_strided", why="it reads memory by strides; use sliding_window_view, np.reshape or an index")
refuse("np.flatiter", why="it is what x.flat gives")
refuse("np.nested_iters", why="it makes several np.nditer at once; use np.nditer or np.ndindex in one another")
refuse("np.isfortran", why="it tells the memory layout of an array")
refuse("np.asmatrix", "np.bmat", "np.matrix", why="the operators of a matrix are not those of arrays; use np.block or np.asarray")
refuse("np.recarray", why="the fields of a record are not followed; use an array for each")
refuse("np.ufunc", why="it makes nothing; use np.frompyfunc or np.vectorize")
refuse("np.busday_count", "np.busday_offset", "np.busdaycalendar", "np.datetime_as_string", "np.datetime_data", "np.is_busday",
       why="it is about dates")  # fmt: skip
refuse("np.dtype", "np.mintypecode", "np.min_scalar_type", "np.typename", why="it is about dtypes")
refuse("np.get_printoptions", "np.printoptions", "np.polynomial.set_default_printstyle", why="it is about how numbers are printed")
refuse("np.getbufsize", "np.geterr", "np.geterrcall", why="it is about how NumPy computes")
refuse("np.__array_namespace_info__", "np.get_include", "np.info", "np.show_config", "np.show_runtime", "np.test",
       why="it is about NumPy itself")  # fmt: skip

