"""The walks over a tape: back, cotangents of all that reaches the result, from the last entry to the first; and forwards, tangents of all
that the inputs reach."""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import STRONG, Primitive
from s2sad.tape.entries import Mark, TapeEntry, reached
from s2sad.tape.propagate import convert, finish, inexact


class Sweep:
    """Walks back and forth, and knows which names are cotangents or tangents, so that their products are strong while a rule is evaluated.

    It asks the machine for sums and conversions of cotangents, which are followed as well, and for its tape and its memory.
    """

    def __init__(self, machine: Any) -> None:
        self.machine, self.tape = machine, machine.tape
        self.evaluating = False  # whether a rule is being evaluated
        self.cotangents: set[str] = set()  # their names

    def back(self, adjoints: dict[str, Any], entries: list[TapeEntry] | None = None, follow: bool = True,
             within: set[str] | None = None) -> None:  # fmt: skip
        """Walk back over the tape, or these entries of it, and add to `adjoints`; with `within`, only over what makes these names."""
        for entry in reversed(list(self.tape.entries if entries is None else entries)):
            cotangents = [adjoints.get(name) for name in entry.outputs]
            if all(c is None for c in cotangents) or (within is not None and within.isdisjoint(entry.outputs)):
                continue
            with np.errstate(all="ignore"):  # an infinite derivative is an answer; the primal has given its warnings
                for name, contribution in zip(entry.inputs, entry.propagate(cotangents, follow=follow), strict=True):
                    if contribution is not None:
                        self._add(adjoints, name, contribution)

    def _add(self, adjoints: dict[str, Any], name: str, contribution: Any) -> None:
        adjoints[name] = contribution if name not in adjoints else self.machine.binary("+", adjoints[name], contribution)

    def pull(self, mark: Mark, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        """Cotangents of the inputs, each of its input's class, shape and dtype, given those of the outputs.

        The outermost sweep of a tape that is private to one call ends there: nobody can differentiate it again.
        """
        adjoints: dict[str, Any] = {}
        outputs = [self.machine.memory.read(output) for output in outputs]
        entries = self.tape.pulled(mark)
        for output, seed in zip(outputs, seeds, strict=True):
            if isinstance(output, Traced):
                self._add(adjoints, output.name, self._seed(seed, output.value))
        self.back(adjoints, entries, self.machine.open or not mark.first, reached(entries, {x.name for x in inputs}))
        found = [self._own(finish(self.machine, adjoints.get(x.name), x.value)) for x in inputs]
        self.cotangents.difference_update(v.name for v in traced_in(found))  # from now on values like any other
        return found

    def push(self, mark: Mark, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
        """Tangents of the outputs, each of its output's class, shape and dtype, given those of the inputs, None for zero.

        None is the tangent of what has no derivative. Tangents are found beside the values, from the first entry of the differentiation
        to the last; what no tangent reaches has none.
        """
        outputs = [self.machine.memory.read(output) for output in outputs]
        entries = list(self.tape.pulled(mark))
        dots: dict[str, Any] = {}
        for x, tangent in zip(inputs, tangents, strict=True):
            if tangent is not None:
                dots[x.name] = self._seed(tangent, x.value)
        self.ahead(dots, entries, self.machine.open or not mark.first)
        found = [self._tangent(dots, output) for output in outputs]
        self.cotangents.difference_update(v.name for v in traced_in(found))
        return found

    def _tangent(self, dots: dict[str, Any], output: Any) -> Any:
        if not inexact(strip(output)):
            return None
        return self._own(finish(self.machine, dots.get(output.name) if isinstance(output, Traced) else None, strip(output)))

    def ahead(self, dots: dict[str, Any], entries: list[TapeEntry], follow: bool = True) -> None:
        """Walk over the entries and add to `dots`, the tangents by name."""
        for entry in entries:
            tangents = [dots.get(name) for name in entry.inputs]
            if any(t is not None for t in tangents):
                with np.errstate(all="ignore"):
                    pushed = zip(entry.outputs, entry.push(tangents, follow=follow), strict=True)
                    dots.update((name, t) for name, t in pushed if t is not None)

    def _seed(self, seed: Any, value: Any) -> Any:
        if np.shape(strip(seed)) != np.shape(value):
            seed = self.machine.call(np.broadcast_to, seed, np.shape(value))
        return convert(self.machine, seed, np.asarray(value).dtype)

    def _own(self, gradient: Any) -> Any:
        """A gradient with memory of its own."""
        if isinstance(strip(gradient), np.ndarray):
            copy = strip(gradient).copy()
            return self.machine.memory.connected(copy, gradient) if self.machine.active(gradient) else copy
        return gradient

    # Products of cotangents

    @contextlib.contextmanager
    def cotangent(self, value: Any) -> Iterator[None]:
        """A rule is being evaluated with this cotangent."""
        before, self.evaluating = self.evaluating, True
        self.cotangents.update(v.name for v in traced_in(value))
        try:
            yield
        finally:
            self.evaluating = before

    def evaluated(self, primitive: Primitive, bound: list[Any]) -> Any:
        """The value of an operation; of a product of a cotangent, while rules are evaluated, that of the strong one."""
        strong = STRONG.get(primitive) if self.evaluating else None
        if strong is not None and any(v.name in self.cotangents for v in traced_in(strong.factors(bound))):
            primitive = strong.primitive
        return primitive.evaluate(strip(bound))

    def made(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """What a rule makes of a cotangent is one."""
        if self.evaluating and not self.cotangents.isdisjoint(inputs):
            self.cotangents.update(outputs)

    def named(self, evaluate: Callable[..., Any], g: Any, follow: bool) -> Any:
        """What is made of a plain cotangent, which has a name this time, so that its products are known."""
        entries = self.tape.entries
        before = len(entries)
        leaves, structure = trees.flatten(g)
        variables = [self.machine.variable(leaf) if inexact(leaf) else leaf for leaf in leaves]
        with self.cotangent(variables):
            found = evaluate(trees.unflatten(structure, variables))
        if follow:
            return found
        del entries[before:]
        return strip(found)
