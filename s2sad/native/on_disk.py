"""What Numba asks before it compiles a function for some types, and tells when it has: machine code that is stored comes from the disk.

Numba's own cache prepares it for compiling first, which takes longer than all the rest. Here only that is prepared which the code calls: a
file names the functions of the process that it is linked with. What of Numba's inner workings this needs stands here; where a version of
it does not have that, nothing is stored.
"""
from __future__ import annotations

import contextlib
import hashlib
import io
import json
import pickle
import platform
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from s2sad.native import files
from s2sad.quickly import dataclass
from s2sad.version import __version__

IRRELEVANT = re.compile("THREAD|CUDA|CACHE|DUMP|TRACE|WARN|GDB|HELP|COLOR|HTML")
"""Settings of Numba's that machine code does not depend on; of the rest each value has files of its own."""


@dataclass(frozen=True)
class Code:
    """A function to be compiled: its name, what the user calls it, all that its machine code follows from, and whether it uses threads."""

    name: str
    title: str
    told: tuple[str, ...]
    parallel: bool


class OnDisk:
    """The cache of a dispatcher, as Numba uses one."""

    def __init__(self, code: Code, prepare: Callable[[], None]) -> None:
        self.code, self.enabled, self.prepare = code, True, prepare

    @property
    def cache_path(self) -> str | None:
        place = files.directory()
        return None if place is None else str(place)

    def enable(self) -> None:
        self.enabled = True

    def disable(self) -> None:
        self.enabled = False

    def flush(self) -> None:
        """Nothing to do: what is stored is right for all that asks for it."""

    def load_overload(self, signature: Any, context: Any) -> Any:
        """What was compiled for these types of arguments; None where that is not available, and all is prepared for compiling it."""
        found = self._found(signature, context)
        if found is None:
            self.prepare()
        return found

    def _found(self, signature: Any, context: Any) -> Any:
        place = files.directory() if self.enabled else None
        with contextlib.suppress(Exception):
            types = _types(signature)
            if place is not None and types is not None:
                found = files.read(place, self._file(types, context.codegen()))
                return found and self._loaded(found, types, context)
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Store what was compiled for these types of arguments, where that can be."""
        place = files.directory() if self.enabled else None
        with contextlib.suppress(Exception):
            types = _types(signature)
            if place is None or types is None or result.library.has_dynamic_globals or any(not code.can_cache for code in result.lifted):
                return
            from numba.core.serialize import dumps

            header = {**self._header(types), "calls": _calls(result.library)}
            files.write(place, self._file(types, result.codegen), header, dumps((types, result._reduce())))

    def _loaded(self, found: tuple[files.Header, bytes], types: tuple[Any, ...], context: Any) -> Any:
        from numba.core.compiler import CompileResult

        header, content = found
        if not _prepared(header["calls"], self.code.parallel, context):
            return None
        stored, reduced = Reader(io.BytesIO(content)).load()
        return CompileResult._rebuild(context, *reduced) if stored == types else None

    def _file(self, types: tuple[Any, ...], codegen: Any) -> str:
        """The name of the file: all that the machine code follows from, and in front what people may know it by."""
        machine = map(str, codegen.magic_tuple())
        told = [*self.code.told, repr(types), *machine, *_settings(), *_versions().items(), sys.implementation.cache_tag]
        known = re.sub(r"\W", "_", self.code.name, flags=re.ASCII)[:60]
        return f"{known}-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:40]}"

    def _header(self, types: tuple[Any, ...]) -> files.Header:
        return {"name": self.code.name, "title": self.code.title, "types": ", ".join(map(str, types)), "made": time.time(), **_versions()}


class Reader(pickle.Unpickler):
    """Reads what is stored, without the modules of Numba's that were needed to compile it."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numba.core.environment", "_rebuild_env"):
            return _environment
        return super().find_class(module, name)


def _environment(module: str, constants: Sequence[Any], name: str) -> Any:
    """What Numba keeps for a function that machine code calls: constants, and the globals of its module, which only code that Numba has not
    made native asks for. Such code is not stored, so a module is not loaded for them, which takes longer than all the rest."""
    from numba.core import environment

    found = environment.lookup_environment(name)
    if found is not None or module in sys.modules:
        return environment._rebuild_env(module, constants, name) if found is None else found
    # It is told to nobody: what is compiled later has the one with the globals.
    found = environment.Environment({"__name__": module})
    found.consts[:], found.env_name = constants, name
    _environments.append(found)
    return found


_environments: list[Any] = []
"""Those that machine code holds the addresses of."""


def _types(signature: Any) -> tuple[Any, ...] | None:
    """The types of arguments; None where one is of this process alone, such as that of a function."""
    from numba.core import sigutils

    types = tuple(sigutils.normalize_signature(signature)[0])
    return None if " at 0x" in repr(types) else types


def _versions() -> dict[str, str]:
    import llvmlite
    import numba

    return {"s2sad": __version__, "numba": numba.__version__, "llvmlite": llvmlite.__version__,
            "numpy": ".".join(np.__version__.split(".")[:2]), "python": platform.python_version()}  # fmt: skip


def _settings() -> list[str]:
    """What the user has told Numba that machine code may depend on."""
    from numba import config

    plain = (bool, int, float, str, type(None))
    return sorted(f"{name}={value!r}" for name, value in vars(config).items()
                  if name.isupper() and isinstance(value, plain) and not IRRELEVANT.search(name))  # fmt: skip


# What machine code calls


def _calls(library: Any) -> list[str]:
    """The functions and variables of the process that a library is linked with."""
    module = library._final_module
    return sorted({item.name for items in (module.functions, module.global_variables) for item in items
                   if item.is_declaration and not item.name.startswith("llvm.")})  # fmt: skip


def _prepared(calls: Sequence[str], parallel: bool, context: Any) -> bool:
    """Whether all that is called is there, after as little as that takes."""
    if parallel:
        from numba.np.ufunc.parallel import _launch_threads

        _launch_threads()
    return _there(calls) or _with_names(calls) or _with_memory(calls, context) or _with_everything(calls, context)


def _there(calls: Sequence[str]) -> bool:
    from llvmlite import binding

    return all(binding.address_of_symbol(name) is not None for name in calls)


def _with_names(calls: Sequence[str]) -> bool:
    """Arrays that are made need Numba's counting of references. The functions of it that are compiled when it starts are a part of the
    machine code; those that are called have to have a name, which is all that takes no time."""
    from llvmlite import binding
    from numba import config
    from numba.core.runtime import _nrt_python as nrt

    if config.NRT_STATS or hasattr(nrt, "memsys_set_atomic_inc_dec"):  # it counts, or calls what it compiles
        return False
    for name, address in nrt.c_helpers.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
    return _there(calls)


def _with_memory(calls: Sequence[str], context: Any) -> bool:
    """The same as Numba does it."""
    from numba.core.runtime import rtsys

    rtsys.initialize(context)
    return _there(calls)


def _with_everything(calls: Sequence[str], context: Any) -> bool:
    context.refresh()
    return _there(calls)


def text_of(module: str) -> str:
    """The text of a module that compiled code calls. Raises OSError where it is not available."""
    file = getattr(sys.modules[module], "__file__", None)
    if file is None:
        raise OSError(f"no text of {module}")
    return Path(file).read_text(encoding="utf-8")
