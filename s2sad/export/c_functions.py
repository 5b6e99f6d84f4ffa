"""Functions for C in an exported module: of numbers alone, as `scipy.LowLevelCallable` hands them to SciPy's solvers."""
from __future__ import annotations

from s2sad.export.literals import literal
from s2sad.export.native_part import OPTIONS, Native
from s2sad.export.outside_reads import NotExported
from s2sad.export.public_function import Entry
from s2sad.ir.program import Function, Type

ONE = "float64(float64)"
SEVERAL = "float64(intc, CPointer(float64))"
HEAD = "# For C, as in scipy.LowLevelCallable({name}.ctypes); NaN where native code leaves the call\n"


def c_functions(function: Function, entry: Entry, native: Native) -> list[str]:
    """The value, and the gradient by each number, as functions for C. Raises NotExported."""
    wrong = not_for_c(function, entry, native)
    if wrong:
        raise NotExported(f"{entry.title}() cannot be called from C: {wrong}", None, "leave out cfunc")
    gradients = [""] if entry.single else [f"_{name}" for name in entry.chosen]
    names = [f"{entry.title}_value_cfunc", *(f"{entry.title}_gradient_cfunc{name}" for name in gradients)]
    return [c_function(name, number + native.leaves, function, entry, native) for number, name in enumerate(names)]


def not_for_c(function: Function, entry: Entry, native: Native) -> str:
    """Why the function is none for C; empty where it is one."""
    if not all(kind in (float, int, bool) for kind in entry.types[: len(entry.arguments)]) or len(entry.leaves()) != len(entry.arguments):
        return "its arguments are not numbers alone"
    if len(entry.results) != 1 + len(entry.chosen) or not all(isinstance(result, float) for result in entry.results):
        return "what it gives is not one number"
    return "" if native.alone else "Python is asked something before it"


def c_function(name: str, number: int, function: Function, entry: Entry, native: Native) -> str:
    """The function that gives one of the results."""
    several = len(entry.arguments) != 1 or entry.types[0] is not float
    given = [f"{cast(kind)}(values[{k}])" if several else "x" for k, kind in enumerate(entry.types[: len(entry.arguments)])]
    known = dict(zip(function.params, [*given, *(literal(c.value) for c in entry.captured)], strict=True))
    lines = [f'@numba.cfunc("{SEVERAL if several else ONE}", **{OPTIONS})', f"def {name}({'count, given' if several else 'x'}):"]
    if several:
        lines.append(f"    values = numba.carray(given, ({len(given)},))")
    lines.append(f"    found = {native.label}({', '.join(known[var] for var in native.taken)})")
    lines.append(f"    return float(found[{number}]) if found[0] else np.nan" if native.leaves else f"    return float(found[{number}])")
    return HEAD.format(name=name) + "\n".join(lines)


def cast(kind: Type) -> str:
    return kind.__name__ if isinstance(kind, type) else ""

