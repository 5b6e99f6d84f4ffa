"""Many given seeds in one sweep: what compressed Jacobians are made of."""
from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.loading import at_first_use
from s2sad.settings import Argnums, Settings

if TYPE_CHECKING:
    from s2sad.machine import jacobians, transforms
else:
    jacobians, transforms = at_first_use("s2sad.machine.jacobians"), at_first_use("s2sad.machine.transforms")


class Swept(Compiled):
    """A function that is called with a matrix of seeds, a row each, and then its own arguments.

    In reverse mode a seed has an element for each of the value, and the result is the matrix of seeds times the Jacobian, a row each; with
    `forward` a seed has an element for each of the chosen arguments, and the result has the Jacobian times each seed as a row. Elements of
    containers count in the order of their leaves. How many seeds there are is a size like any other.

    >>> import numpy as np
    >>> both = Swept(lambda x: x ** 2), Swept(lambda x: x ** 2, forward=True)
    >>> [each(np.array([[1.0, 10.0]]), np.array([2.0, 3.0])) for each in both]
    [array([[ 4., 60.]]), array([[ 4., 60.]])]
    """

    suffix = "swept"

    def __init__(self, function: Any, argnums: Argnums = 0, forward: bool = False, settings: Settings = Settings()) -> None:
        super().__init__(function, settings)
        self.argnums, self.forward = argnums, forward

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        """The value stands in front where it is asked for, to be compared with that of the function."""
        seeds, *rest = args
        found = jacobians.swept(machine, self.function, self.argnums, seeds, self.forward, tuple(rest), kwargs)
        return found if machine.compared else found[1:]

    def select(self, result: Any) -> Any:
        return result[-1]

    def differentiated(self, args: Any, kwargs: Any) -> list[Any]:
        return transforms.chosen(self.function, self.argnums, args[1:], kwargs)

    def leaf_names(self, args: Any, structure: Any) -> list[str]:
        """Those of the parameters, and `seeds`."""
        seeds, *rest = structure.children[0].children
        others = SimpleNamespace(children=(SimpleNamespace(children=tuple(rest)), structure.children[1]))
        return [*trees.paths(seeds, "seeds"), *transforms.leaf_names(self.function, args[1:], others)]

    def plainly(self, args: Any, kwargs: Any) -> Any:
        places = transforms.resolve(self.function, self.argnums, args[1:], kwargs)
        given, named = transforms.with_floats(places, args[1:], kwargs)
        return self.function(*given, **named)

    def options(self) -> dict[str, Any]:
        return {"argnums": self.argnums, "forward": self.forward, "settings": self.settings}
