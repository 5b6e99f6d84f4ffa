"""From source text to a callable, registered with `linecache` so that tracebacks and debuggers show it."""
from __future__ import annotations

import builtins
import itertools
import linecache
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.emit import Text
from s2sad.printing import LEAVE
from s2sad.runtime_core import OtherPath

_numbers = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Built:
    """A compiled path: `run(*leaves)`, or `run(*leaves, perform)` where there are effects, and `applies()`, its premises."""

    run: Callable[..., tuple[Any, ...]]
    applies: Callable[[], bool] | None
    text: Text
    namespace: dict[str, Any]

    def guarded(self, args: tuple[Any, ...]) -> Callable[..., bool]:
        """A test whether arguments have the types of these, dtypes and shapes included, and the premises hold."""
        scope = dict(self.namespace)
        names = [f"__a{i}__" for i in range(len(args))]
        tests = []
        for name, arg in zip(names, args, strict=True):
            scope[f"{name}type"] = type(arg)
            tests.append(f"type({name}) is {name}type")
            if type(arg) is np.ndarray:
                scope[f"{name}dtype"] = arg.dtype
                tests.append(f"{name}.shape == {arg.shape!r} and {name}.dtype == {name}dtype")
        if self.text.premises != "True":
            tests.append(f"({self.text.premises})")
        test: Callable[..., bool] = eval(f"lambda {', '.join(names)}: {' and '.join(tests) or 'True'}", scope)
        return test


def build(text: Text) -> Built:
    """Compile generated source."""
    file = f"<s2sad {text.name} {next(_numbers)}>"
    namespace: dict[str, Any] = {**text.namespace, LEAVE: OtherPath, "__builtins__": builtins, "__name__": "s2sad.generated"}
    linecache.cache[file] = (len(text.source), None, text.source.splitlines(keepends=True), file)
    exec(compile(text.source, file, "exec", dont_inherit=True), namespace)
    run = namespace[text.name]
    weakref.finalize(run, linecache.cache.pop, file, None)
    applies = None if text.premises == "True" else eval(f"lambda: {text.premises}", namespace)
    return Built(run, applies, text, namespace)
