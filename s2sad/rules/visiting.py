"""`np.nditer` as what it does: it gives the elements of arrays side by side, as arrays without axes that show them.

It goes as the arrays lie in memory, which the machine is asked: along which axes, in which order, and along which of them backwards.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.following import means
from s2sad.rules.leading import multiplied
from s2sad.runtime.visiting import visited

BUFFERED = frozenset({"buffered", "common_dtype", "copy_if_overlap", "delay_bufalloc", "external_loop", "grow_inner", "growinner",
                      "ranged"})  # fmt: skip
CONVERTED = frozenset({"aligned", "arraymask", "contig", "copy", "nbo", "updateifcopy", "virtual", "writemasked"})


def nditer(op: Any, flags: Any = None, op_flags: Any = None, op_dtypes: Any = None, order: Any = "K", casting: Any = "safe",
           op_axes: Any = None, itershape: Any = None, buffersize: Any = 0) -> Any:  # fmt: skip
    """`np.nditer`."""
    flags = [] if flags is None else flags
    if op_axes is not None or itershape is not None:
        raise MissingRule("np.nditer() with op_axes or itershape has no rule", hint="give the arrays the axes: x[:, None]")
    if buffersize or [flag for flag in flags if flag in BUFFERED]:
        raise MissingRule("np.nditer() with buffers or outer loops gives parts by their place in memory",
                          hint="leave the flag out, or use np.ravel(x)")  # fmt: skip
    arrays = [a if a is None or isinstance(a, np.ndarray) else np.asarray(a) for a in (op if isinstance(op, (list, tuple)) else (op,))]
    each = flags_of_each(op_flags, arrays)
    if [flag for own in each for flag in own if flag in CONVERTED]:
        raise MissingRule("np.nditer() with copies of operands has no rule", hint="leave the flag out, or convert the array before")
    axes, back, kinds = visited(arrays, flags, op_flags, op_dtypes, order, casting)
    shape = together([a for a in arrays if a is not None])
    whole = [allocated(shape, axes, kind) if a is None else a for a, kind in zip(arrays, kinds, strict=True)]
    shown = [made if a is None else seen(a, own, shape, flags) for a, made, own in zip(arrays, whole, each, strict=True)]
    return Visit(whole, shown, shape, (axes, back), flags)


def flags_of_each(op_flags: Any, arrays: Any) -> Any:
    """The flags of each operand."""
    if op_flags is None or len(op_flags) == 0:
        return [("writeonly", "allocate") if a is None else ("readonly",) for a in arrays]
    return [op_flags] * len(arrays) if isinstance(op_flags[0], str) else op_flags


def together(arrays: Any) -> Any:
    """The shape that arrays have together."""
    shapes = [np.shape(a) for a in arrays]
    return shapes[0] if [s for s in shapes if s != shapes[0]] == [] else np.shape(np.broadcast_arrays(*arrays)[0])


def allocated(shape: Any, axes: Any, kind: Any) -> Any:
    """An array that lies in memory as the iteration goes."""
    if list(axes) == list(range(len(shape))):
        return np.empty(shape, kind)
    return np.transpose(np.empty(tuple([shape[k] for k in axes]), kind), [list(axes).index(k) for k in range(len(axes))])


def seen(array: Any, own: Any, shape: Any, flags: Any) -> Any:
    """An operand as its elements are shown: to be written or not. One that sums are written into stays as it is."""
    alike = np.shape(array) == shape
    if "no_broadcast" in own and not alike:
        raise ValueError("an operand that is not to be broadcast has another shape")
    if "readonly" in own:
        return np.broadcast_to(array, shape)
    if alike:
        return array
    if "reduce_ok" not in flags:
        raise ValueError("output operand requires a reduction, but the reduction is not enabled")
    return Narrow(array)


class Narrow:
    """An array with fewer elements than the iteration has places."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def at(self, index: Any) -> Any:
        own = index[len(index) - np.ndim(self.array) :]
        return self.array[(*[0 if n == 1 else k for k, n in zip(own, np.shape(self.array), strict=True)], ...)]


def places(sizes: Any) -> Any:
    """The indices of an array, one after another."""
    if len(sizes) == 0:
        yield ()
    else:
        for k in range(sizes[0]):
            for rest in places(sizes[1:]):
                yield (k, *rest)


class Visit:
    """What `np.nditer` gives."""

    def __init__(self, operands: Any, shown: Any, full: Any, way: Any, flags: Any) -> None:
        self._operands, self._shown, self._full, self._flags = operands, shown, full, flags
        self._axes, self._back = way
        self._closed = False
        self.reset()

    def reset(self) -> None:
        self._at = self._placed([0] * len(self._full))
        self._moved = self._started = False
        self.finished = self.itersize == 0
        if self.finished and "zerosize_ok" not in self._flags:
            raise ValueError("Iteration of zero-sized operands is not enabled")

    # Going on

    def __iter__(self) -> Any:
        if self._moved:
            if not self._started and not self.finished:
                self._started = True
                yield self.value
            while self.iternext():
                yield self.value
        else:
            self._moved = self._started = True
            for steps in places([self._full[k] for k in self._axes]):
                self._at = self._placed(steps)
                yield self.value
            self.finished = True

    def __next__(self) -> Any:
        if self.finished or (self._started and not self.iternext()):
            raise StopIteration
        self._moved = self._started = True
        return self.value

    def iternext(self) -> bool:
        self._moved = True
        if self.finished or self.iterindex + 1 == self.itersize:
            self.finished = True
            return False
        self.iterindex = self.iterindex + 1
        return True

    def _placed(self, steps: Any) -> Any:
        """The index at which so many steps were taken along the axes from the outermost to the innermost."""
        if not self._back and list(self._axes) == list(range(len(self._axes))):
            return tuple(steps)
        taken = [steps[list(self._axes).index(k)] for k in range(len(self._axes))]
        return tuple([self._full[k] - 1 - n if k in self._back else n for k, n in enumerate(taken)])

    def _counted(self, order: Any) -> Any:
        """The place of an index in a row, where the last of these axes goes fastest."""
        place: Any = 0
        for k in order:
            place = place * self._full[k] + self._at[k]
        return place

    def _check(self) -> None:
        if self.finished:
            raise ValueError("Iterator is past the end")

    # Where it is

    @property
    def iterindex(self) -> Any:
        self._check()
        place: Any = 0
        for k in self._axes:
            step = self._full[k] - 1 - self._at[k] if k in self._back else self._at[k]
            place = place * self._full[k] + step
        return place

    @iterindex.setter
    def iterindex(self, place: Any) -> None:
        steps = []
        for k in self._axes[:0:-1]:
            steps.append(place % self._full[k])
            place = place // self._full[k]
        self._at = self._placed([*([place] if self._full else []), *steps[::-1]])
        self._moved = True

    @property
    def multi_index(self) -> Any:
        if "multi_index" not in self._flags:
            raise ValueError("Iterator is not tracking a multi-index")
        self._check()
        return self._at

    @multi_index.setter
    def multi_index(self, index: Any) -> None:
        if "multi_index" not in self._flags:
            raise ValueError("Iterator is not tracking a multi-index")
        if len(index) != len(self._full) or [n for n, size in zip(index, self._full, strict=True) if not 0 <= n < size]:
            raise IndexError("Iterator GotoMultiIndex called with an out-of-bounds multi-index")
        self._at, self._moved = tuple(index), True

    @property
    def index(self) -> Any:
        if "c_index" not in self._flags and "f_index" not in self._flags:
            raise ValueError("Iterator does not have an index")
        self._check()
        axes = range(len(self._full))
        return self._counted(axes if "c_index" in self._flags else axes[::-1])

    # What it shows

    @property
    def value(self) -> Any:
        self._check()
        shown = [self._element(k) for k in range(len(self._shown))]
        return shown[0] if len(shown) == 1 else tuple(shown)

    def _element(self, k: Any) -> Any:
        array = self._shown[k]
        return array.at(self._at) if isinstance(array, Narrow) else array[(*self._at, ...)]

    def __getitem__(self, k: Any) -> Any:
        self._check()
        if isinstance(k, slice):
            return tuple([self._element(j) for j in range(len(self._shown))[k]])
        return self._element(k if k >= 0 else k + len(self._shown))

    def __setitem__(self, k: Any, value: Any) -> None:
        self._check()
        self._element(k if k >= 0 else k + len(self._shown))[...] = value

    @property
    def operands(self) -> Any:
        if self._closed:
            raise ValueError("Iterator is invalid")
        return tuple(self._operands)

    @property
    def itersize(self) -> Any:
        return multiplied(self._full)

    @property
    def shape(self) -> Any:
        if "multi_index" not in self._flags:
            raise MissingRule("the shape of np.nditer() without a multi-index has axes put together", hint="use the flag multi_index")
        return self._full

    @property
    def ndim(self) -> Any:
        return len(self.shape)

    @property
    def dtypes(self) -> Any:
        return tuple([a.dtype for a in self._operands])

    @property
    def nop(self) -> Any:
        return len(self._operands)

    def __len__(self) -> Any:
        return len(self._operands)

    @property
    def has_index(self) -> Any:
        return "c_index" in self._flags or "f_index" in self._flags

    @property
    def has_multi_index(self) -> Any:
        return "multi_index" in self._flags

    # Its end

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def close(self) -> None:
        self._closed = True

    def copy(self) -> Any:
        made = Visit(self._operands, self._shown, self._full, (self._axes, self._back), self._flags)
        made._at, made._moved, made._started, made.finished = self._at, self._moved, self._started, self.finished
        return made

    def _none(self, *given: Any) -> Any:
        raise MissingRule("this method of np.nditer() has no rule", hint="make another np.nditer()")

    remove_axis = remove_multi_index = enable_external_loop = debug_print = _none


means("np.nditer", nditer)
