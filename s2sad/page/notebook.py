"""A derivative as a notebook shows it: source and generated code side by side, its graph, its paths, its seconds."""
from __future__ import annotations

import itertools
from typing import Any

from s2sad.page.model import of_path
from s2sad.page.render import NoTemplates, fragment
from s2sad.page.sources import Block, blocks

_numbers = itertools.count(1)
MOST = 1000  # lines of generated code, beyond which a cell would be long
FRESH = "Not compiled yet: the generated code is shown after the first call."
LONG = "The generated code is too long for a cell: print(g.source) shows it, s2sad inspect --html writes a page."


def of_gradient(derived: Any) -> str | None:
    """A fragment of HTML; None where jinja2 is not installed.

    Before the first call it shows the function alone.
    """
    identity = f"s2sad-{next(_numbers)}"
    last = derived._last
    try:
        if last is None:
            return fragment(None, found_first(derived), repr(derived), identity, FRESH)
        if last.plain.built.text.source.count("\n") > MOST:
            return fragment(None, found_first(derived), repr(derived), identity, LONG)
        page = of_path(derived.function, derived.__name__, derived.describe(), last, derived.paths)
        stats = derived.stats()
        page.seconds, page.calls, page.reasons = stats.seconds, stats.calls, derived.reasons
        return fragment(page, None, repr(derived), identity)
    except NoTemplates:
        return None


def found_first(derived: Any) -> Block | None:
    """The definition of the function itself."""
    return next(iter(blocks(derived.function, ())), None)
