"""The rule table: what is known of each primitive, by family, in the language of `language`. A line of the table comes
in, a primitive goes out; importing this package registers the rules of all its modules, in alphabetical order. It may
import the runtime.
"""
from __future__ import annotations

import importlib
import pkgutil

LANGUAGE = ("language", "structural")
FAMILIES = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name not in LANGUAGE))
for _family in FAMILIES:
    importlib.import_module(f"{__name__}.{_family}")
