"""The rule table. Importing this package registers the rules of all its modules, in alphabetical order."""
from __future__ import annotations

import importlib
import pkgutil

for _module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")
