"""The rule table: what is known of each primitive, by family, in the language of `language`. A line of the table comes
in, a primitive goes out; importing this package registers the rules of all its modules, in alphabetical order. It may
import the runtime.

The language of rules
---------------------

`language.py` is a small language; docs/rules.md describes it. The left side of a rule is parsed as Python: it gives
the name of the primitive, its parameters and defaults, and the form it is printed in. The right sides are lowered and
run on the machine, as if they were the user's code. Registering a rule of the table finds the function that it is
for; its text is read when it is first used (a test reads all of it). A rule of the user is read where it is
registered, so that a mistake is an error there. So

- a right side may call helpers, branch on shapes and loop,
- the adjoint consists of primitives again, and is differentiable if their right sides are; that closure is a test,
- the tape uses the same right sides, on plain values.

What else is known of a primitive is a fact (`facts.py`), stated with its rule and nowhere else: how the type of the
result follows, whether it is a view or has memory of its own and what decides, what may raise, what is cheap to compute
again, how it is written in place. Passes, emitter and machines ask for facts, `primitive.memory == "spread"`; a test
holds that none of them knows a primitive by its name. What they write down themselves, sums, parts of arrays, the
versions that writes make, they import as objects (`operations.py`, `structural.py`).
"""
from __future__ import annotations

import importlib
import pkgutil

from s2sad.rules import late
from s2sad.rules.overriding import Override, override

LANGUAGE = ("facts", "following", "language", "late", "operations", "overriding", "refusing", "registered", "rule_text", "structural")
FAMILIES = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)
                        if not found.ispkg and found.name not in (*LANGUAGE, *late.NAMES)))  # fmt: skip
for _family in FAMILIES:
    importlib.import_module(f"{__name__}.{_family}")

__all__ = ["Override", "override"]
