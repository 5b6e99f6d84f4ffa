"""How blocks end."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.quickly import dataclass


@dataclass(frozen=True)
class Exit:
    """How a block ends: it falls out of its end, has a value, continues, breaks, stops, returns a value, raises, or it depends ("mixed").

    `going` is whether the loop goes on, `returned` whether the function has returned, `broke` whether a `break` was met, `fell` whether
    what follows the block is reached. `ways` are the kinds it may be if it depends.
    """

    kind: str
    value: Any = None
    going: Any = True
    returned: Any = False
    broke: Any = False
    fell: Any = False
    ways: frozenset[str] = frozenset()

    @property
    def possible(self) -> frozenset[str]:
        return self.ways or frozenset({self.kind})

    @property
    def gone(self) -> bool:
        """Whether the function has surely returned."""
        return self.possible == {"return"}

    def left(self) -> Exit:
        """How the block ended where it was not by falling out of it."""
        ways = self.possible - {"fall"}
        if len(ways) > 1:
            return replace(self, fell=False, ways=ways)
        return {"return": Exit("return", self.value, False, True), "break": BREAK, "continue": CONTINUE, "stop": STOP}[next(iter(ways))]

    def over(self) -> Exit:
        """How a loop ends with a step after which it does not go on."""
        return Exit("mixed", self.value, True, self.returned, self.broke, True, frozenset({"fall"}))


FALL = Exit("fall", fell=True)
CONTINUE = Exit("continue")
BREAK = Exit("break", None, False, False, True)
STOP = Exit("stop", None, False)  # the condition of a loop that is asked in its body does not hold
OVER = FALL.over()
