"""For the API reference of the site: docstrings as Markdown, their examples as blocks."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import griffe

sys.path.insert(0, str(Path(__file__).parent.parent))  # mkdocs forgets the paths that its hooks add

from tests.documents_generated import prose


class Fenced(griffe.Extension):
    """Puts the examples of docstrings, which begin with `>>>`, into blocks."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = prose(inspect.cleandoc(obj.docstring.value))
