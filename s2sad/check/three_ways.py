"""The three-way check: the compiled gradient against the tape, and both against differences.

Compiler and tape evaluate the same rules, so where they differ the transformation is at fault; where they agree with
each other but not with central differences, a rule is. The complex step, where the function is analytic, sees what is
below the accuracy of differences.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import tape, trees
from s2sad.api.derivatives import value_and_grad
from s2sad.api.forward import jvp
from s2sad.calls.trials import explained
from s2sad.check import both_ways
from s2sad.check.differences import Array, Leaf, Probe, Slope, central, complex_step, quiet, unit
from s2sad.check.report import (
    COMPILED,
    COMPLEX,
    DIFFERENCES,
    FORWARD,
    FORWARDS,
    MODES,
    TAPE,
    VALUE,
    CheckFailed,
    Comparison,
    Disagreement,
    Report,
)
from s2sad.errors import CannotKeep, MissingRule, NotDifferentiable, S2sadError
from s2sad.machine.callables import Transform
from s2sad.machine.transforms import check_scalar
from s2sad.runtime.progress import steps
from s2sad.settings import Argnums, check_choices
from s2sad.tape.propagate import inexact
from s2sad.tracebacks import entry

__all__ = ["CheckFailed", "Comparison", "Disagreement", "Report", "check_grads"]

COORDINATES = 64  # a leaf with more entries is compared along random directions
DIRECTIONS = 6
UNSURE = 1e-3  # a slope whose relative error is above this decides nothing


@entry
def check_grads(f: Callable[..., Any], args: tuple[Any, ...], argnums: Argnums = 0, *,
                kwargs: dict[str, Any] | None = None, rtol: float | None = None, modes: Collection[str] = MODES,
                raise_on_failure: bool = True, control: str = "auto", backend: str | None = None) -> Report:  # fmt: skip
    """Compare the gradient of `f` at `args` by several ways: compiled, the tape, both in forward mode, central differences, the complex
    step.

    `f` returns one real number; `argnums` and the arguments are as for `grad`. `rtol` is the relative tolerance of comparisons with
    differences, by default the square root of the coarsest precision among arguments and value; the known error of the differences is
    added. Leaves of up to 64 entries are compared entry by entry, larger ones along random directions. Differences for float32 arguments
    are taken in double precision where the function permits. Values have to be equal to the last bit. What the function prints is dropped.
    Forward mode is compared, up to rounding, along a direction in which everything changes; where it is refused, the report has a note.
    `modes` chooses the ways: "compiled", "tape", "forward", "differences", "complex step". `control` and `backend` are those of the
    compiled gradient, as for `grad`.

    Returns a Report. Raises CheckFailed (an AssertionError) with the report if ways disagree or nothing could be
    compared, unless `raise_on_failure` is False; also what `f` itself raises, and the errors of s2sad where no way
    can differentiate `f`.

    >>> import math
    >>> print(check_grads(lambda x: x * math.sin(x), (2.0,), modes=("tape", "differences")).verdict)
    all agree
    """
    check_choices(control, backend)
    unknown = set(modes) - set(MODES)
    if unknown:
        raise ValueError(f"unknown modes {', '.join(sorted(unknown))}; there are {', '.join(MODES)}")
    report = _Checking(Probe(f, args, kwargs or {}, argnums), modes, rtol, {"control": control, "backend": backend}).run()
    if raise_on_failure and not report.ok:
        raise CheckFailed(report)
    return report


@dataclass(frozen=True)
class _Ray:
    """A direction in which a leaf is moved, and what it is called; `single` if it moves one entry."""

    leaf: Leaf
    where: str
    direction: Array
    single: bool

    @property
    def scale(self) -> float:
        """What turns a slope along the ray into the derivative by its one entry."""
        return float(np.abs(self.direction).max()) if self.single else 1.0

    def slope_of(self, gradient: Array) -> float:
        return float(np.real(np.sum(gradient * self.direction)))

    def terms_of(self, gradient: Array) -> float:
        return float(np.sum(np.abs(gradient * self.direction)))

    def halves(self) -> Iterator[_Ray]:
        entries = np.flatnonzero(self.direction)
        for half in (entries[: entries.size // 2], entries[entries.size // 2 :]):
            part = np.zeros_like(self.direction)
            part.flat[half] = self.direction.flat[half]
            single = half.size == 1
            index = np.unravel_index(half[0], part.shape)
            yield _Ray(self.leaf, _where(self.leaf, index) if single else self.where, part, single)


class _Checking:
    """One check, step by step."""

    def __init__(self, probe: Probe, modes: Collection[str], rtol: float | None, choices: dict[str, Any]) -> None:
        self.probe, self.modes, self.rtol, self.choices = probe, modes, rtol, choices
        title = f"check of {getattr(probe.function, '__name__', type(probe.function).__name__)}()"
        self.report = Report(title, probe(), sum(np.size(leaf.value) for leaf in probe.leaves))
        check_scalar(probe.function, self.report.value)
        self.gradients: dict[str, list[Array]] = {}
        self.values: dict[str, Any] = {}
        self.native = False  # whether native code has answered, which adds in another order
        # A float32 anywhere among the arguments leaves its precision in every derivative.
        leaves = [*trees.flatten((probe.args, probe.kwargs), opened=trees.EVERY)[0], self.report.value]
        self.epsilon = max(float(np.finfo(np.asarray(leaf).dtype).eps) for leaf in leaves if inexact(leaf))
        self.size = abs(float(self.report.value))

    def run(self) -> Report:
        if not self.rounding(self.probe(), self.report.value):
            self.report.notes.append("the function gives different values for the same arguments")
            return self.report
        for mode in (COMPILED, TAPE):
            if mode in self.modes:
                self.differentiate(mode)
        if self.report.errors and not self.gradients:
            raise next(iter(self.report.errors.values()))
        forwards = self.forward_ways() if FORWARD in self.modes else {}
        self.compare_values()
        if len(self.gradients) == 2:
            self.compare_exact()
        for name, (forward, tangent) in forwards.items():
            self.report.comparisons.append(Comparison(name, FORWARDS[name]))
            with quiet():
                both_ways.compare(self.report.comparisons[-1], forward, self.gradients[FORWARDS[name]], tangent, self.rounding_of)
        if DIFFERENCES in self.modes and self.gradients:
            self.compare_differences()
        return self.report

    def differentiate(self, mode: str) -> None:
        """Value and gradient in one of the exact ways."""
        way = self.compiled if mode == COMPILED else self.taped
        try:
            with quiet():
                self.values[mode], gradient = way()
        except S2sadError as error:
            self.report.errors[mode] = error
            return
        every = trees.flatten(gradient, opened=trees.EVERY)[0]
        found = [np.asarray(leaf) for leaf, taken in zip(every, self.probe.differentiated, strict=True) if taken]
        for leaf, one in zip(self.probe.leaves, found, strict=True):
            want = np.asarray(leaf.value)
            if (one.shape, one.dtype) != (want.shape, want.dtype):
                kinds = f"{one.dtype}{one.shape}, not {want.dtype}{want.shape}"
                raise AssertionError(f"{mode}: the gradient of {leaf.name} is {kinds}")
        self.gradients[mode] = found

    def compiled(self) -> tuple[Any, Any]:
        derivative = value_and_grad(self.probe.function, argnums=self.probe.argnums, **self.choices)
        value, gradient = derivative(*self.probe.args, **self.probe.kwargs)
        self.native = any(path.interpreted is not None for path in derivative.paths)
        self.report.notes += map(explained, derivative.reasons)
        return value, gradient

    def taped(self) -> tuple[Any, Any]:
        return tape.gradient(self.probe.function, self.probe.args, self.probe.argnums, self.probe.kwargs)

    def forward_ways(self) -> dict[str, tuple[both_ways.Forward, Any]]:
        """The ways in forward mode, each with the tangent in a direction in which all moves."""
        found = {}
        pushes: dict[str, Callable[..., Any]] = {COMPILED: functools.partial(jvp, **self.choices), TAPE: tape.tangent}
        for name, mode in FORWARDS.items():
            if mode in self.gradients and self.probe.leaves:
                forward = both_ways.Forward(self.probe, pushes[mode])
                try:
                    with quiet():
                        self.values[name], tangent = forward(both_ways.everywhere(self.probe.leaves))
                    found[name] = forward, tangent
                except (NotDifferentiable, MissingRule, CannotKeep) as error:
                    self.report.notes.append(f"forward mode is not compared: {error.reason}")
                    break
                except S2sadError as error:
                    self.report.errors[name] = error
        return found

    def rounding_of(self, size: float) -> float:
        """How far sums of terms of a size may differ that are added in another order."""
        return float(self.epsilon ** (2 / 3) * size + 64 * self.epsilon * self.size)

    def compare_values(self) -> None:
        """Values are the function's to the last bit; a function of derivatives is known only as well as these are."""
        mine = self.report.value
        for mode, value in self.values.items():
            comparison = Comparison(mode, VALUE, 1)
            if not _identical(value, mine) and not (self.rounding(value, mine) and (self.native or self.of_derivatives())):
                comparison.disagreements.append(Disagreement("", value, mine, 0.0))
            self.report.comparisons.append(comparison)

    def of_derivatives(self) -> bool:
        """Whether the function is a derivative, or takes one."""
        if isinstance(self.probe.function, Transform):
            return True
        machine = tape.TapeMachine()
        with quiet():
            tape.differentiate(machine, self.probe.function, self.probe.args, self.probe.argnums, self.probe.kwargs)
        return machine.tape.differentiations > 1

    def rounding(self, one: Any, other: Any) -> bool:
        """Whether two values differ by rounding at most."""
        return _identical(one, other) or abs(one - other) <= self.epsilon ** (2 / 3) * self.size

    def compare_exact(self) -> None:
        """Compiler and tape may add in another order: a third of the largest entry's digits is left to rounding."""
        comparison = Comparison(COMPILED, TAPE)
        largest = max(self.size, *(_largest(g) for found in self.gradients.values() for g in found))
        for leaf, one, other in zip(self.probe.leaves, self.gradients[COMPILED], self.gradients[TAPE], strict=True):
            tolerance = self.epsilon ** (2 / 3) * max(_largest(one), _largest(other)) + 64 * self.epsilon * largest
            for index in np.ndindex(one.shape):
                comparison.add(_where(leaf, index), one[index], other[index], tolerance)
        self.report.comparisons.append(comparison)

    def compare_differences(self) -> None:
        probe = self.probe.in_double()
        against = {mode: (Comparison(mode, DIFFERENCES), Comparison(mode, COMPLEX)) for mode in self.gradients}
        every = ((i, leaf, ray) for i, leaf in enumerate(probe.leaves) for ray in _rays(leaf))
        for i, leaf, ray in steps("comparing with differences", every, sum(map(_count, probe.leaves))):
            slope = central(probe, leaf, ray.direction)
            step = complex_step(probe, leaf, ray.direction) if COMPLEX in self.modes else None
            for mode, (by_differences, by_step) in against.items():
                gradient = self.gradients[mode][i]
                self.compare_slope(probe, ray, gradient, slope, by_differences)
                # Where the two disagree the function is not analytic, and its imaginary part means nothing.
                if step is not None and abs(step - slope.value) <= 4 * slope.error + 1e-6 * abs(step):
                    scale = max(ray.terms_of(gradient), abs(step))
                    tolerance = self.epsilon ** (2 / 3) * scale + 64 * self.epsilon * self.size
                    found, unit_of = ray.slope_of(gradient), ray.scale
                    by_step.add(ray.where, found / unit_of, step / unit_of, tolerance / unit_of)
        for by_differences, by_step in against.values():
            self.report.comparisons += [by_differences, *([by_step] if COMPLEX in self.modes else [])]

    def compare_slope(self, probe: Probe, ray: _Ray, gradient: Array, slope: Slope, comparison: Comparison) -> None:
        found = ray.slope_of(gradient)
        tolerance = self.tolerance(found, slope) / ray.scale
        if not self.decides(ray, gradient, slope):
            comparison.undecided += 1
        elif not comparison.add(ray.where, found / ray.scale, slope.value / ray.scale, tolerance):
            comparison.disagreements[-1] = self.localise(probe, ray, gradient, comparison.disagreements[-1])

    def tolerance(self, found: float, slope: Slope) -> float:
        relative = float(np.sqrt(self.epsilon)) if self.rtol is None else self.rtol
        return relative * max(abs(found), abs(slope.value)) + 4 * slope.error + 8 * self.epsilon * self.size

    def decides(self, ray: _Ray, gradient: Array, slope: Slope) -> bool:
        """Whether a slope is known well enough to be compared with a finite derivative."""
        found = ray.slope_of(gradient)
        scale = max(abs(slope.value), abs(found), ray.terms_of(gradient))
        return bool(np.isfinite(found) and slope.error <= max(UNSURE * scale, np.sqrt(self.epsilon) * self.size))

    def localise(self, probe: Probe, ray: _Ray, gradient: Array, found: Disagreement) -> Disagreement:
        """Halve the direction as long as one of its halves disagrees, down to one entry."""
        while not ray.single:
            for half in ray.halves():
                slope, exact = central(probe, half.leaf, half.direction), half.slope_of(gradient)
                tolerance = self.tolerance(exact, slope)
                if self.decides(half, gradient, slope) and abs(exact - slope.value) > tolerance:
                    unit_of, ray = half.scale, half
                    found = Disagreement(half.where, exact / unit_of, slope.value / unit_of, tolerance / unit_of)
                    break
            else:
                break
        return found


def _rays(leaf: Leaf) -> Iterator[_Ray]:
    """One ray for each entry, two for a complex one; a few random ones for a large array."""
    lengths, units = unit(leaf.value), (1.0, 1j) if np.iscomplexobj(leaf.value) else (1.0,)
    if lengths.size > COORDINATES:
        rng = np.random.default_rng(0)
        for k in range(DIRECTIONS):
            signs = rng.choice([-1.0, 1.0], lengths.shape)
            yield _Ray(leaf, f"{leaf.name} along direction {k}", units[k % len(units)] * signs * lengths, False)
        return
    for index in np.ndindex(lengths.shape):
        for one in units:
            direction = np.zeros(lengths.shape, type(one))
            direction[index] = one * lengths[index]
            yield _Ray(leaf, _where(leaf, index) + (" (imaginary part)" if one == 1j else ""), direction, True)


def _count(leaf: Leaf) -> int:
    """How many rays there are."""
    entries = np.size(leaf.value)
    return DIRECTIONS if entries > COORDINATES else entries * (2 if np.iscomplexobj(leaf.value) else 1)


def _where(leaf: Leaf, index: tuple[Any, ...]) -> str:
    return f"{leaf.name}[{', '.join(str(int(i)) for i in index)}]" if index else leaf.name


def _largest(gradient: Array) -> float:
    return float(np.abs(gradient[np.isfinite(gradient)]).max(initial=0.0))


def _identical(one: Any, other: Any) -> bool:
    """Equal to the last bit, of the same type; the sign of zero counts, any NaN is a NaN."""
    return type(one) is type(other) and (repr(one) == repr(other))
