"""Many given seeds in one sweep: what compressed Jacobians are made of."""
from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from s2sad import trees
from s2sad.api.compiled import Compiled
from s2sad.loading import at_first_use
from s2sad.settings import Argnums, Settings

if TYPE_CHECKING:
    from s2sad.calls import compiler
    from s2sad.machine import seeds as many
    from s2sad.machine import transforms
    from s2sad.runtime.control import Effects
else:
    compiler = at_first_use("s2sad.calls.compiler")
    many, transforms = at_first_use("s2sad.machine.seeds"), at_first_use("s2sad.machine.transforms")


class Swept(Compiled):
    """A function that is called with a matrix of seeds, a row each, and then its own arguments; it gives its value and a matrix.

    In reverse mode a seed has an element for each of the value, and the result is the matrix of seeds times the Jacobian, a row each; with
    `forward` a seed has an element for each of the chosen arguments, and the result has the Jacobian times each seed as a row. Elements of
    containers count in the order of their leaves. How many seeds there are is a size like any other. With `has_aux` the function returns
    `(value, aux)`, and so does this in place of the value.

    >>> import numpy as np
    >>> both = Swept(lambda x: x ** 2), Swept(lambda x: x ** 2, forward=True)
    >>> [each(np.array([[1.0, 10.0]]), np.array([2.0, 3.0]))[1] for each in both]
    [array([[ 4., 60.]]), array([[ 4., 60.]])]
    """

    def __init__(self, function: Any, argnums: Argnums = 0, has_aux: bool = False, forward: bool = False,
                 settings: Settings = Settings(), suffix: str = "swept") -> None:  # fmt: skip
        super().__init__(function, settings)
        self.argnums, self.has_aux, self.forward = argnums, has_aux, forward
        self.suffix = f"{suffix}_{'forward' if forward else 'reverse'}"

    def body(self, machine: Any, args: Any, kwargs: Any) -> Any:
        seeds, *rest = args
        return many.swept(machine, self.function, self.argnums, self.has_aux, seeds, self.forward, tuple(rest), kwargs)

    def within(self, effects: Effects, *args: Any, **kwargs: Any) -> Any:
        """The result of a call in the course of another, of which something may have been done already, and is handed on."""
        self._counts.arrived += 1
        return self.evaluate(compiler.arrive(self, args, kwargs)._replace(effects=effects))

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
