"""Rules of the operations that the engine itself writes down."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.leading import count, every, shaped, together, written
from s2sad.runtime.arrays import last_written, scatter, scatter_last, with_imag, with_real
from s2sad.runtime.control import accumulated, accumulated_at, copied, diminished, identity, replaced
from s2sad.runtime.functions import of_class, summed_to, unbroadcast
from s2sad.runtime.stacks import added_cotangents, copied_if_there, no_cotangents
from s2sad.types import dependence, families, indexing, numbers, own
from s2sad.types.given import like_first
from s2sad.types.places import scattered


def _part_back(part: Any, value: Any) -> Any:
    """The cotangent of a value that was broadcast to the part of an array it was written to."""
    shape = np.shape(value)
    if np.ndim(part) < len(shape):  # axes of length 1 in front are left out
        return np.reshape(unbroadcast(part, shape[len(shape) - np.ndim(part) :]), shape)
    return unbroadcast(part, shape)


def _written_back(g: Any, index: Any, value: Any) -> Any:
    return _part_back(last_written(g, index) if _repeats(index) else g[index], value)


def _repeats(index: Any) -> bool:
    """Whether an index may name an element twice."""
    parts = index if isinstance(index, tuple) else (index,)
    arrays = [p for p in parts if not isinstance(p, slice) and p is not None and p is not Ellipsis]
    return any(np.ndim(p) > 0 and np.asarray(p).dtype != np.bool_ for p in arrays)


def _summed_to(rows: Any, shape: Any) -> Any:
    """`summed_to` of many."""
    wide = (1,) * (np.ndim(rows) - 1 - len(shape))
    return np.reshape(summed_to(rows, (count(rows), *wide, *shape)), (count(rows), *shape))


def _in_each(version: str) -> dict[str, str]:
    """How a write into an array is one into many: of one value, or of a value for each."""
    return {"array": f"{version}(array, every(index), value) if together(index) else None",
            "": f"{version}(array, every(index), written(array, index, value)) if together(index) else None"}  # fmt: skip


linear("identity(x)", x="g", facts=Facts(of_sizes=True, same="x", anew=True, gives=own.itself, mapped="x", spreads=dependence.elementwise))
linear("copied(x)", x="g", facts=Facts(anew=True, gives=own.itself, mapped="copied(x)", spreads=dependence.elementwise))
rule("of_class(c, like)", c="g", like="0.0 * g", jvp="of_class(c_dot, ans)",
       facts=Facts(gives=own.of_class, mapped={"c": "c"}, spreads=dependence.elementwise))  # fmt: skip
rule("sum(items, start)", items="[g for item in items]", start="g", jvp="sum(items_dot, start_dot)",
     facts=Facts(gives=numbers.added_up, mapped="sum(items, start)", spreads=dependence.elementwise))  # fmt: skip
linear("summed_to(array, shape)", array="np.broadcast_to(g, np.shape(array))",
       facts=Facts(memory="view", gives=own.summed_to, mapped="_summed_to(array, shape)", spreads=dependence.summed_back))  # fmt: skip
linear("x.conjugate()", x="np.conjugate(g)", facts=Facts(gives=like_first, mapped="np.conjugate(x)", spreads=dependence.elementwise))

# Versions of an array. The cotangent of what is written is read before its place is set to zero.
PART = Facts(placed=True, indexed=True, gives=indexing.part_as_array)
VERSION = Facts(result_type="first", indexed=True, placed=True, anew=True, gives=own.version)
linear("replaced(array, index, value)", value="_written_back(g, index, value)", array="replaced(g, index, 0.0)",
       facts=VERSION.but(writes="=", mapped=_in_each("replaced"), spreads=dependence.moves))  # fmt: skip
linear("accumulated(array, index, value)", value="_part_back(g[index], value)", array="g",
       facts=VERSION.but(writes="+=", mapped=_in_each("accumulated"), spreads=dependence.added))  # fmt: skip
linear("diminished(array, index, value)", value="-_part_back(g[index], value)", array="g",
       facts=VERSION.but(writes="-=", mapped=_in_each("diminished"), spreads=dependence.added))  # fmt: skip
linear("accumulated_at(array, index, value)", value="_part_back(g[index], value)", array="g",
       facts=VERSION.but(writes="at", mapped=_in_each("accumulated_at"), spreads=dependence.added))  # fmt: skip
linear("last_written(array, index)", array="scatter_last(g, index, np.shape(array))",
       facts=PART.but(mapped="last_written(array, every(index)) if together(index) else None", spreads=dependence.moves))  # fmt: skip
linear("scatter_last(v, index, shape)", v="last_written(g, index)",
       facts=Facts(gives=scattered, mapped="scatter_last(v, every(index), shaped(v, shape)) if together(index) else None",
                   spreads=dependence.placed(dependence.by_index)))  # fmt: skip

# Stacks, as sweeps over sweeps add them up; the values are the stacks as a whole.
linear("added_cotangents(one, other)", one="g", other="g", facts=Facts(passes_none=True, gives=own.added_cotangents))
zero("no_cotangents(value)", facts=Facts(passes_none=True, gives=own.no_cotangents))
linear("copied_if_there(array)", array="g", facts=Facts(gives=own.itself, mapped="copied_if_there(array)", spreads=dependence.elementwise))

# A complex array with other contents of one part of its elements
linear("with_real(z, part)", z="1j * np.imag(g)", part="np.real(g)",
       facts=Facts(gives=families.elementwise, mapped="with_real(z, part)", spreads=dependence.elementwise))  # fmt: skip
linear("with_imag(z, part)", z="np.real(g)", part="-np.imag(g)",
       facts=Facts(gives=families.elementwise, mapped="with_imag(z, part)", spreads=dependence.elementwise))  # fmt: skip
