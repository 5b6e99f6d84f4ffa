"""Jacobians as functions of a machine: each leaf of the value is followed by the blocks of its derivatives by the chosen arguments."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from s2sad import trees
from s2sad.errors import NotDifferentiable
from s2sad.machine.callables import Transform
from s2sad.machine.conversions import cast
from s2sad.machine.traced import strip
from s2sad.machine.transforms import Inputs, _kind, _title, blamed, check_scalar, differentiable, split
from s2sad.settings import Argnums
from s2sad.types.arrays import dtype_of
from s2sad.types.sizes import product, value_at_hints

Way = Literal["reverse", "forward", "either"]


@blamed
def jacobian(machine: Any, function: Any, argnums: Argnums, has_aux: bool, args: Any, kwargs: Any, way: Way = "reverse",
             tell: Callable[[str], object] = str) -> Any:  # fmt: skip
    """`(value, jacobian)`, or `((value, aux), jacobian)`; `either` way is the one with fewer seeds, and is told.

    Which way is gone may depend on sizes and on what is kept, so the dtype of a block does not: that of the value where `forward` is asked
    for, else that of the argument.
    """
    inputs = Inputs(machine, function, argnums, args, kwargs)
    try:
        check_inputs(inputs)
        result = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        value, aux = split(function, result) if has_aux else (result, None)
        leaves, structure = outputs_of(machine, function, value)
        rows = forwards(machine, inputs, leaves, way) if goes_forward(machine, inputs, leaves, way) else None
        tell("reverse" if rows is None else "forward")
        if rows is None:
            rows = [row_of_blocks(machine, inputs, leaf, way) if differentiable(leaf) else None for leaf in leaves]
        value = trees.unflatten(structure, leaves, machine.adopt)
    finally:
        inputs.close()
    jacobians = trees.unflatten(structure, rows, machine.adopt)
    return ((value, aux), jacobians) if has_aux else (value, jacobians)


def goes_forward(machine: Any, inputs: Inputs, leaves: list[Any], way: Way) -> bool:
    """Whether the tangents are pushed: of as many directions as the arguments have elements, or fewer than the value has.

    A pullback of the user's may be code that has no derivative, so where there is one the choice is for the reverse.
    """
    if way == "either" and inputs.mark.level in machine.levels.backward:
        return False
    given, found = count_of(inputs.leaves), count_of([leaf for leaf in leaves if differentiable(leaf)])
    return way == "forward" or (way == "either" and given is not None and found is not None and given <= found and found > 1)


def count_of(leaves: list[Any]) -> int | None:
    """How many elements some values have, by the sizes of the call where the code is for others as well; None if these are not known."""
    counts = [value_at_hints(product(np.shape(strip(leaf)))) for leaf in leaves]
    return None if None in counts else sum(counts)  # type: ignore[arg-type]


def forwards(machine: Any, inputs: Inputs, outputs: list[Any], way: Way) -> list[Any] | None:
    """For each leaf of the value the derivatives in the structure of the chosen arguments; None where the tangents cannot go together."""
    active = [leaf for leaf in outputs if differentiable(leaf)]
    settle: Callable[..., Any] = functools.partial(settled, machine) if way == "either" else lambda block, leaf: block
    if len(inputs.leaves) == 1 and np.shape(strip(inputs.leaves[0])) == ():
        tangents = iter(map(settle, machine.push(inputs.mark, active, [1.0], inputs.leaves), inputs.leaves * len(active)))
        return [inputs.arranged([next(tangents)], machine.extents(leaf)) if differentiable(leaf) else None for leaf in outputs]
    shapes = [machine.extents(leaf) for leaf in inputs.leaves]
    sizes = [multiplied(machine, shape) for shape in shapes]
    starts = running(machine, sizes)
    made = [functools.partial(directions, machine, *each, starts[-1])
            for each in zip(inputs.leaves, shapes, sizes, starts, strict=False)]  # fmt: skip
    found = machine.push_rows(inputs.mark, active, made, inputs.leaves)
    if found is None:
        return None
    blocks = iter([inputs.arranged([settle(columns(machine, rows, output, shape, start, stop if len(sizes) > 1 else None), leaf)
                                    for leaf, shape, start, stop in zip(inputs.leaves, shapes, starts, starts[1:], strict=False)],
                                   machine.extents(output))
                   for output, rows in zip(active, found, strict=True)])  # fmt: skip
    return [next(blocks) if differentiable(leaf) else None for leaf in outputs]


def directions(machine: Any, like: Any, shape: tuple[Any, ...], size: Any, start: Any, count: Any) -> Any:
    """One after the other the parts, for one leaf, of all directions in which the arguments may change by 1 in one place."""
    dtype = dtype_of(strip(like))
    place = {} if isinstance(start, int) and start == 0 else {"k": machine.unary("neg", start)}
    kind = {} if dtype == np.float64 else {"dtype": dtype.type}
    eye = machine.call(np.eye, count, *(() if count is size else (size,)), **place, **kind)
    return eye if len(shape) == 1 else machine.call(np.reshape, eye, (count, *shape))


def columns(machine: Any, rows: Any, output: Any, shape: tuple[Any, ...], start: Any, stop: Any) -> Any:
    """The block of a leaf of the value and one of the arguments, from the tangents for all directions."""
    rank = np.ndim(strip(output))
    if rank == len(shape) == 0 and not isinstance(strip(output), np.ndarray):
        return machine.call(type(strip(output)), machine.item(rows, start))
    part = rows if stop is None else machine.item(rows, slice(start, stop))
    turned = machine.call(np.moveaxis, part, 0, -1) if rank > 1 else machine.call(np.transpose, part) if rank else part
    return turned if len(shape) == 1 else machine.call(np.reshape, turned, (*machine.extents(output), *shape))


def check_inputs(inputs: Inputs) -> None:
    """Raise NotDifferentiable for complex arguments."""
    if any(np.iscomplexobj(strip(leaf)) for leaf in inputs.leaves):
        raise NotDifferentiable("an argument is complex, and a Jacobian is of real arguments", None,
                                "differentiate by the real and the imaginary part, or use vjp")  # fmt: skip


def outputs_of(machine: Any, function: Any, value: Any) -> tuple[list[Any], Any]:
    """The leaves of the value as they are now, and its structure. Raises what `check_outputs` raises."""
    leaves, structure = trees.flatten(value, opened=trees.EVERY)
    check_outputs(function, leaves, structure)
    return [machine.fixed(leaf) for leaf in leaves], structure


def check_outputs(function: Any, leaves: list[Any], structure: Any) -> None:
    """Raise NotDifferentiable for complex leaves of the value, and if there are no floats."""
    title = _title(function)
    if any(differentiable(leaf) and np.iscomplexobj(strip(leaf)) for leaf in leaves):
        raise NotDifferentiable(f"{title} returns a complex value, and a Jacobian is of real ones", None,
                                "return the real and the imaginary part, or use vjp")  # fmt: skip
    if not any(map(differentiable, leaves)):
        what = "no floats" if structure is not None else _kind(strip(leaves[0]))
        raise NotDifferentiable(f"{title} returns {what}, which has no derivative", None, "return a float, or an array of floats")


def row_of_blocks(machine: Any, inputs: Inputs, output: Any, way: Way) -> Any:
    """The derivatives of one leaf of the value, in the structure of the chosen arguments."""
    settle: Callable[..., Any] = functools.partial(settled, machine, like=output) if way == "forward" else lambda block: block
    if np.shape(strip(output)) == ():
        return inputs.arranged([*map(settle, machine.pull(inputs.mark, [output], [1.0], inputs.leaves))])
    shape = machine.extents(output)
    found = machine.pull_rows(inputs.mark, output, lambda: units(machine, output, shape), inputs.leaves)
    blocks = [settle(block(machine, rows, (*shape, *machine.extents(leaf)))) for rows, leaf in zip(found, inputs.leaves, strict=True)]
    return inputs.arranged(blocks, shape)


def settled(machine: Any, block: Any, like: Any) -> Any:
    """A block in the dtype of the value or the argument."""
    wanted = dtype_of(strip(like))
    if machine.is_loose(like):
        machine.attribute(like, "dtype")  # which only the run knows
    if dtype_of(strip(block)) == wanted and (wanted == np.float64 or not machine.is_loose(block)):
        return block
    return cast(machine, block, wanted)


def units(machine: Any, like: Any, shape: tuple[Any, ...]) -> Any:
    """One after the other all arrays of a shape that are 1 in one place and else 0."""
    count = multiplied(machine, shape)
    return directions(machine, like, shape, count, 0, count)


def multiplied(machine: Any, shape: tuple[Any, ...]) -> Any:
    """How many elements an array of a shape has."""
    count: Any = shape[0] if shape else 1
    for n in shape[1:]:
        count = machine.binary("*", count, n)
    return count


def running(machine: Any, sizes: list[Any]) -> list[Any]:
    """Where parts of these sizes begin, and where the last one ends."""
    starts = [0, *sizes[:1]]
    for size in sizes[1:]:
        starts.append(machine.binary("+", starts[-1], size))
    return starts


def block(machine: Any, rows: Any, shape: tuple[Any, ...]) -> Any:
    """Rows in the shape of a block."""
    return rows if len(shape) == np.ndim(strip(rows)) else machine.call(np.reshape, rows, shape)


@blamed
def hessian(machine: Any, function: Any, argnums: Argnums, has_aux: bool, args: Any, kwargs: Any) -> Any:
    """`(value, hessian)`, or `((value, aux), hessian)`: the Jacobian of the Jacobian."""
    first = First(function, argnums, has_aux)
    (_, rest), found = jacobian.__wrapped__(machine, first, argnums, True, args, kwargs, "forward")  # type: ignore[attr-defined]
    return rest, found


@blamed
def hessian_product(machine: Any, function: Any, args: Any, v: Any, kwargs: Any) -> Any:
    """`(value, product)`: the tangent of the gradient."""
    inputs = Inputs(machine, First(function, 0, False), 0, args, kwargs)
    try:
        given = inputs.tangents([v])
        slope, value = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        check_scalar(function, value)
        return value, inputs.push(slope, given)
    finally:
        inputs.close()


class First(Transform):
    """The first derivative and the value as a function that is differentiated once more."""

    def __init__(self, function: Any, argnums: Argnums, has_aux: bool) -> None:
        self.function, self.argnums, self.has_aux, self.__wrapped__ = function, argnums, has_aux, function

    def trace(self, machine: Any, args: Any, kwargs: Any) -> Any:
        value, slope = jacobian(machine, self.function, self.argnums, self.has_aux, args, kwargs)
        return slope, value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("it is followed")
