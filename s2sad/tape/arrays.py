"""Questions about plain arrays on the tape: their memory may be followed, which Python's own answer would not see.

Each function takes the machine.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import numpy as np

from s2sad.errors import MissingRule, NotDifferentiable, UnsupportedMutation
from s2sad.machine.attributes import OUTSIDE, RESHAPED
from s2sad.machine.traced import Traced, strip


def in_place(machine: Any, array: Any, value: Any) -> bool:
    """Whether `array += value` is Python's own: nothing that is differentiated has a part in it."""
    return isinstance(array, np.ndarray) and (array.dtype == object or not machine.memory.concerned(array, value))


def boxed(number: Traced) -> Any:
    """An array of objects without axes that holds a number; beside arrays of objects, an array would have to be taken apart."""
    if np.ndim(number.value):
        raise NotDifferentiable("an array of dtype object", number.machine.location(), "use an array of floats")
    box = np.empty(1, object)
    box[0] = number
    return box.reshape(())


# Attributes


def base(machine: Any, owner: Any) -> Any:
    """`owner.base`, what an array is a view of: the same memory, in which values are followed from now on."""
    array = strip(owner)
    if array.base is not None and machine.active(owner):
        machine.memory.check_fits(machine.memory.region(array), array.base)
    return array.base


def set_attribute(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value` for an array."""
    array = strip(owner)
    if name == "shape":
        machine.set_shape(value, owner)
    elif name == "real" or (name == "imag" and array.dtype.kind == "c"):
        machine.write_item(value, getattr(array, name), Ellipsis)
    else:
        machine.world.check_write(array, f"its attribute {name!r} is assigned")
        if machine.memory.concerned(array, value):
            raise UnsupportedMutation(f"the attribute {name!r} of an array is assigned", machine.location(), "assign a[...] = ...")
        setattr(array, name, strip(value))


def set_shape(machine: Any, value: Any, owner: Any) -> None:
    """`owner.shape = value`: the shape belongs to the array object, which may be the caller's even where its memory is not."""
    array = strip(owner)
    what = OUTSIDE if id(array) in machine.world.given or id(array) in machine.external else "an array without elements"
    if what is OUTSIDE or (not array.size and isinstance(owner, Traced)):
        raise UnsupportedMutation(f"the attribute 'shape' of {what} is assigned", machine.location(), RESHAPED)
    if machine.memory.concerned(array, value):
        machine.memory.region(array)  # in which a read goes by where the array lies now, whatever shape it had under its name
    array.shape = strip(value)


# Items, one after another


def is_iterated(value: Any) -> bool:
    """Whether a value is an array, or the `flat` of one, whose items the machine has to give."""
    return isinstance(value, np.flatiter) or (isinstance(value, np.ndarray) and value.ndim > 0 and value.dtype.kind in "fc")


def iterated(machine: Any, value: Any, hint: Any) -> Iterator[Any]:
    """What iterating over such a value gives."""
    return rows(machine, value, hint, range(len(value))) if isinstance(value, np.ndarray) else _elements(machine, value)


def rows(machine: Any, array: Any, hint: Any, places: Iterable[int]) -> Iterator[Any]:
    """The rows of an array, each as it is when its turn comes."""
    for i in places:
        yield machine.name_as(hint, machine.item(array, i))


def _elements(machine: Any, flat: Any) -> Iterator[Any]:
    for element in flat:
        check_flat(machine, flat)
        yield element


def check_flat(machine: Any, value: Any) -> None:
    """Refuse to read through the `flat` of an array that is followed."""
    if isinstance(value, np.flatiter) and machine.memory.is_followed(value.base):
        refuse_flat(machine)


def check_flat_write(machine: Any, owner: Any, value: Any) -> None:
    """Refuse to write through it what is followed, or what is not the function's own."""
    if isinstance(owner, np.flatiter):
        machine.world.check_write(owner.base, "it is written through flat")
        if machine.memory.concerned(owner.base, value):
            refuse_flat(machine)


def refuse_flat(machine: Any) -> NoReturn:
    raise MissingRule("the attribute flat is an iterator that can be written through", machine.location(), "use np.ravel, or x[...]")
