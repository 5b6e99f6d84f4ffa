"""Arrays that are given another shape in place, where control flow is kept: whether they may have it is told from types."""
from __future__ import annotations

from typing import Any

from s2sad.errors import CannotKeep, Location
from s2sad.ir.writing import Box
from s2sad.keep.deciding import Deciding
from s2sad.keep.slots import DIFFERS
from s2sad.machine.attributes import RESHAPED
from s2sad.machine.traced import strip
from s2sad.record.reshaping import Reshaping
from s2sad.record.views import View
from s2sad.runtime import notices
from s2sad.types.given import lengths, listed
from s2sad.types.shaping import reshaped
from s2sad.types.sizes import same

INCOMPATIBLE = "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired shape."


class KeptReshaping(Reshaping):
    """Gives arrays another shape where only types are known. How they lie in memory the machine's orders tell."""

    def __init__(self, machine: Any, deciding: Deciding) -> None:
        super().__init__(machine)
        self.deciding = deciding
        self.first: dict[int, Box] = {}  # what arrays were before they were given another shape, by their ids
        self.places: dict[int, Location | None] = {}  # where they were given the latest one

    def set_shape(self, value: Any, owner: Any) -> None:
        self.check(owner)
        machine = self.machine
        if machine.aliases.had_two_names(owner.root):
            self.refuse_way("another shape for an array that had two names, or was a part of another, when a loop or a branch ended")
        wanted = self.told(owner, value)
        fits = machine.orders.fits(owner, wanted)
        if fits is None:
            self.refuse_way("whether an array can be given another shape depends on its memory layout")
        if not fits:
            raise AttributeError(INCOMPATIBLE)
        if not isinstance(owner, View):
            before = self.first.setdefault(id(owner), machine.fixed(owner))
            machine.orders.ordered[id(before)] = before
        self.places[id(owner)] = machine.location()
        layout = owner.layout.view()
        with notices.aloud():  # NumPy may warn that shapes are assigned, which the code that is made of it does not do
            layout.shape = (1,) * len(wanted)
        self.give(owner, value, layout)
        if machine.blocks.depth and isinstance(owner, View):
            machine.blocks.innermost.views.append(owner)

    def told(self, owner: Box, value: Any) -> tuple[Any, ...]:
        """The shape that an array is to have. Raises what NumPy raises."""
        try:
            return reshaped(owner.value, strip(value)).shape  # type: ignore[no-any-return]
        except CannotKeep as error:
            raise CannotKeep(error.reason, error.location or self.machine.location(), error.hint) from error
        except ValueError as error:
            if "cannot reshape" not in str(error):
                raise
            size, *shape = self.deciding.numbers((owner.value.size, *lengths(strip(value))))
            raise ValueError(f"cannot reshape array of size {size} into shape {listed(tuple(shape))}") from None

    def refuse_way(self, reason: str) -> None:
        raise CannotKeep(reason, self.machine.location(), RESHAPED)

    def as_made(self, value: Any) -> Any:
        """A value in the shape in which it was made."""
        return self.first.get(id(value), value)

    def stays(self, owner: int, one: Box, other: Box) -> None:
        """Refuse an array, by its id, that different ways through a region leave in different shapes."""
        if owner in self.reshaped and not self.are_one(one.value.shape, other.value.shape):
            raise CannotKeep(DIFFERS, self.places[owner], RESHAPED)

    def has_shape(self, array: Box, shape: tuple[Any, ...]) -> bool:
        is_changed = array.shaped is not None if isinstance(array, View) else id(array) in self.reshaped
        return self.are_one(array.value.shape, shape, is_changed)

    def are_one(self, now: tuple[Any, ...], then: tuple[Any, ...], asks: bool = True) -> bool:
        """Whether shapes are the same. Where half of n, twice, is to be n, it is asked of the present call."""
        pairs = zip(self.deciding.shape(now), self.deciding.shape(then), strict=False)
        return len(now) == len(then) and all(same(a, b) or (asks and self.machine.joins.equal_now(a, b)) for a, b in pairs)
