"""The default backend: everywhere, and within a block."""
from __future__ import annotations

import threading
import types
import weakref

from s2sad.runtime import ruling
from s2sad.settings import check_backend, check_native
from s2sad.tracebacks import entry

_lock = threading.Lock()
_everywhere: list[tuple[weakref.ref[backend] | None, str]] = [(None, "python")]
"""The choices for the process, the last one in force. One of which the object is gone can become no block any more."""


class backend:
    """The backend of derivatives that were made without `backend=`: set for the process, or for a block.

    `s2sad.backend("numba")` sets it for the process, `with s2sad.backend("numba"):` for a block, after which the earlier one is valid
    again. A block applies to the thread or the asyncio task that has entered it. Blocks may be nested. The default counts when a derivative
    is called, not when it was made. A derivative stores the code that it has compiled for each backend. `parallel` and `reassociate` are
    those of `grad`. Raises ValueError for a name other than "python", "numba" and "auto".

    >>> import s2sad
    >>> slope = s2sad.grad(lambda x: x * x)
    >>> with s2sad.backend("python"):
    ...     slope(3.0)
    6.0
    """

    @entry
    def __init__(self, name: str, *, parallel: bool = False, reassociate: bool = False) -> None:
        check_backend(name)
        chosen = {"parallel": parallel, "reassociate": reassociate}
        for option, value in chosen.items():
            check_native(option, value, name)
        self.name = " ".join([name, *(option for option, value in chosen.items() if value)])
        with _lock:
            last = next(k for k in reversed(range(len(_everywhere))) if _is_final(k))
            _everywhere[:last] = []
            _everywhere.append((weakref.ref(self), self.name))
            ruling.registered.choose(self.name)

    def __enter__(self) -> backend:
        with _lock:  # which was not meant for the process
            _everywhere[:] = [entry for entry in _everywhere if entry[0] is None or entry[0]() is not self]
            ruling.registered.choose(_everywhere[-1][1])
        ruling.registered.count(1)
        ruling.backends.set((*ruling.backends.get(), self.name))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        ruling.backends.set(ruling.backends.get()[:-1])
        ruling.registered.count(-1)

    def __repr__(self) -> str:
        name, *options = self.name.split()
        return f"s2sad.backend({', '.join([repr(name), *(f'{option}=True' for option in options)])})"


def _is_final(number: int) -> bool:
    """Whether a choice for the process can become no block."""
    made = _everywhere[number][0]
    return made is None or made() is None
