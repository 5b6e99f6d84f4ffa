"""Regions as they are walked: both sides of a branch, the body of a loop until nothing new changes, and what they give."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import adjoint_regions, trees
from s2sad.errors import CannotKeep
from s2sad.ir import (
    UNDEFINED,
    Block,
    Const,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    targets_of,
)
from s2sad.keep_joins import Exit, Joined, Joins, Merges, hint_of, is_shared, merge_exits
from s2sad.keep_state import Contents, Key, Poison, Slot, Survey, changed, holders, put, restore, survey
from s2sad.machine import NUMERIC
from s2sad.samples import NOT
from s2sad.views import Ended
from s2sad.writing import Box

ROUNDS = 12  # walks of a body after which its variables should have found their types


class Regions(Joins):
    """The part of keeping that walks regions."""

    # Truth

    def is_open(self, value: Any) -> bool:
        """Whether a truth value is to be asked by the code, not now."""
        return isinstance(value, Box) and value.var not in self.known and isinstance(value.value, NUMERIC)

    def negated(self, value: Any) -> Any:
        if not self.is_open(value):
            return not self.truth(value)
        return self.emit_pair(NOT, [value], True, True)

    def choose(self, test: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        if not self.is_open(test):
            return then() if self.truth(test) else orelse()
        return self.branch(test, lambda: Exit("value", then()), lambda: Exit("value", orelse())).value

    def both(self, value: Any, rest: Callable[[], Any]) -> Any:
        if not self.is_open(value):
            return rest() if self.truth(value) else value
        return self.choose(value, rest, lambda: self.falsy(value))

    def either(self, value: Any, rest: Callable[[], Any]) -> Any:
        if not self.is_open(value):
            return value if self.truth(value) else rest()
        return self.choose(value, lambda: True if isinstance(value.value, (bool, np.bool_)) else value, rest)

    def falsy(self, value: Any) -> Any:
        return False if isinstance(value.value, (bool, np.bool_)) else value

    def chain(self, first: Any, rest: Callable[[], Any]) -> Any:
        middle = self.stack.pop()

        def more() -> Any:
            self.stack.append(middle)
            return rest()

        return self.both(first, more)

    def certain(self, value: Any) -> None:
        """`assert`: where it fails, another path does what the function does."""
        if self.is_open(value):
            self.guard("truth", value, True)
        elif not self.truth(value):
            raise CannotKeep("an assertion fails", self.location())

    # Branches

    def branch(self, test: Box, then: Callable[[], Exit], orelse: Callable[[], Exit]) -> Exit:
        """Walk both sides from the same state; the condition is asked by the code."""
        place = self.location()
        before = self.surveyed()
        sides: list[tuple[list[Statement], Survey, Exit, Any, Exit]] = []
        decided = set(self._decided)
        for side in (then, orelse):
            with self.block(loop=False) as opened:
                ended = side()
                after = self.surveyed()
                new = {} if ended.kind == "raise" else self.settled(changed(before, after))
                sides.append((opened.statements, after, ended, new, replace(ended, value=self.at_end(ended.value))))
            restore(before, sides[-1][1])
            self._decided = set(decided)
        for gone, stays in ((0, 1), (1, 0)):
            if sides[gone][2].kind == "raise":
                statements, after, ended = sides[stays][:3]
                if ended.kind == "raise":
                    return ended
                self.at(place)
                self.guard("truth", test, stays == 0)
                self.at(None)
                return self.inlined(statements, after, ended, before)
        return self.merged(test, sides, place)

    def surveyed(self) -> Survey:
        """What there is, kept alive, so that no other object gets an id that is in use."""
        found = survey(self.frames, self.made)
        self.alive.append(found)
        return found

    def at_end(self, value: Any) -> Any:
        """A value as it is at the end of a block: arrays have the contents of then."""
        if isinstance(value, (Contents, Poison)) or value is UNDEFINED:
            return value
        leaves, structure = trees.flatten(value)
        if not any(isinstance(leaf, Box) and isinstance(leaf.value, np.ndarray) for leaf in leaves):
            return value
        fixed = [Ended(v) if isinstance(v, Box) and not isinstance(v, Ended) and isinstance(v.value, np.ndarray) else v for v in leaves]
        return trees.unflatten(structure, fixed)

    def settled(self, news: dict[Key, tuple[Slot, Any, Any]]) -> dict[Key, tuple[Slot, Any, Any]]:
        return {key: (slot, old, self.at_end(new)) for key, (slot, old, new) in news.items()}

    def inlined(self, statements: list[Statement], after: Survey, ended: Exit, before: Survey) -> Exit:
        """A branch of which only one side is left."""
        here = len(self.blocks) - 1
        for statement in statements:
            self.statements.append(statement)
            for target in targets_of(statement):
                self.depths[target] = here
        for _, (slot, _, new) in changed(before, after).items():
            put(slot, new)
        return ended

    def merged(self, test: Box, sides: list[Any], place: Any) -> Exit:
        (s1, after1, _, one, e1), (s2, after2, _, other, e2) = sides
        merges = Merges(self, holders(after1) | holders(after2))
        news: list[tuple[Slot, Any]] = []
        for key in dict.fromkeys((*one, *other)):
            slot, old = (one.get(key) or other[key])[:2]
            a, b = (side[key][2] if key in side else old for side in (one, other))
            news.append((slot, merges.add(a, b, key)))
        ended = merge_exits(merges, e1, e2)
        results = [tuple(self.as_operand(pair[k]) for pair in merges.pairs) for k in (0, 1)]
        targets = tuple(box.var for box in merges.boxes)
        region = If(targets, test.var, Block((), tuple(s1), results[0]), Block((), tuple(s2), results[1]), place, self.phase)
        self.put(region)
        for slot, value in news:
            put(slot, value)
        return ended

    # Loops

    def loop(self, key: Any, run_over: tuple[Any, Any, Any] | None, test: Callable[[], Any] | None, body: Callable[[Any], Exit],
             snapshots: Any = None) -> Exit:  # fmt: skip
        """Walk the body until the variables it changes have found their types; how the loop ended."""
        place = self.location()
        before = self.surveyed()
        plan: dict[Any, tuple[Any, list[Joined]]] = {}
        decided = set(self._decided)
        for _ in range(ROUNDS):
            self._decided = set(decided)
            with self.block(loop=True) as opened:
                walked = _Walked(self, key, plan, before, run_over, test, body)
                walked.snapshots = None if snapshots is None else self.operand(snapshots)
                try:
                    more = walked.run()
                finally:
                    restore(before, self.surveyed())
                if not more:
                    return walked.close(opened.statements, place)
            plan = more
        raise CannotKeep("the types of the variables of a loop do not settle", place)

    def pull(self, mark: Any, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        return adjoint_regions.pull(self, mark.start, outputs, seeds, inputs)


class _Walked:
    """One walk of the body of a loop, with parameters for what is known to change."""

    def __init__(self, machine: Regions, key: Any, plan: dict[Any, tuple[Any, list[Joined]]], before: Survey, run_over: Any,
                 test: Any, body: Any) -> None:  # fmt: skip
        self.machine, self.key, self.plan, self.before = machine, key, plan, before
        self.run_over, self.test, self.body = run_over, test, body
        self.params: dict[Any, list[Box]] = {}
        self.variables: dict[Any, list[Var]] = {}
        self.index: Box | None = None
        self.snapshots: Operand | None = None
        self.test_block: Block | None = None

    def run(self) -> dict[Any, tuple[Any, list[Joined]]] | None:
        """Walk; the grown plan where another walk is needed, None where this one holds."""
        machine = self.machine
        if self.run_over is not None:
            self.index = machine.paired(*machine.step(("index", self.key)), frozenset())
        for key, (structure, joined) in self.plan.items():
            self.params[key] = [machine.box_of(j, hint_of(key)) for j in joined]
            self.variables[key] = [box.var for box in self.params[key]]  # a write gives the box another one
            self.enter(key, structure)
        start = machine.surveyed()
        if self.test is not None:
            self.ask()
        self.ended = self.body(self.index)
        self.after = machine.surveyed()
        self.held_before, self.held_after = holders(self.before), holders(self.after)
        self.ended = replace(self.ended, value=machine.at_end(self.ended.value))
        now = machine.settled(changed(start, self.after))
        self.final = {key: machine.at_end(self.after[key].value) for key in self.plan if key in self.after}
        self.final |= {key: new for key, (_, _, new) in now.items()}
        return self.grown(now)

    def slot(self, key: Any) -> Slot:
        if key in self.before:
            return self.before[key]
        frame = next((f for f in self.machine.frames if id(f) == key[1]), None)
        if frame is None:
            raise CannotKeep("an attribute or an item appears in a loop", self.machine.location(), "assign it before the loop")
        return Slot(key, frame, UNDEFINED)

    def enter(self, key: Any, structure: Any) -> None:
        """Let the slot hold the parameters."""
        if key[0] == "exit":
            return
        boxes = self.params[key]
        slot = self.slot(key)
        if structure == "poison":
            put(slot, Poison(self.machine, str(self.machine.step_pairs["reason", key])))
            return
        if key[0] == "contents":
            self.freeze(slot.owner)
            put(slot, Contents(boxes[0].value, boxes[0].var, boxes[0].levels))
            return
        self.share(boxes, self.plan[key][1])
        put(slot, trees.unflatten(structure, list(boxes)))

    def freeze(self, box: Box) -> None:
        machine = self.machine
        if machine.boxes[box.var] is box:
            machine.boxes[box.var] = Box(machine, box.value, box.var, box.levels)

    def ask(self) -> None:
        """The condition of a `while`, in a block of its own."""
        machine = self.machine
        with machine.block(loop=False) as opened:
            before = machine.surveyed()
            answer = self.test()
            if changed(before, machine.surveyed()):
                raise CannotKeep("the condition of a loop changes variables", machine.location())
            self.answer = answer
            self.test_block = Block((), tuple(opened.statements), (machine.operand(answer),))

    def old(self, key: Any) -> Any:
        return self.before[key].value if key in self.before else UNDEFINED

    def grown(self, now: dict[Key, tuple[Slot, Any, Any]]) -> dict[Any, tuple[Any, list[Joined]]] | None:
        plan, again = dict(self.plan), False
        values: dict[Any, Any] = {key: new for key, (_, _, new) in now.items() if key[0] != "contents" or key in self.before}
        values = {**{key: self.final[key] for key in plan if key in self.final}, **values}
        if self.ended.kind in ("mixed", "return") and self.ended.returned is not False:
            values["exit", 0, None] = self.ended.value
        for key in dict.fromkeys((*self.plan, *values)):
            if key not in values:
                continue
            found = self.joined(key, values[key])
            if isinstance(found, str):
                if key in plan and plan[key][0] == "poison":
                    continue
                if key[0] == "contents":
                    raise CannotKeep(found, self.machine.location())
                plan[key] = ("poison", [])
                again = True
                self.machine.step_pairs["reason", key] = found  # type: ignore[assignment]
                continue
            known = plan.get(key)
            if known is None or known[0] != found[0] or not all(a.like(b) for a, b in zip(found[1], known[1], strict=True)):
                plan[key] = found
                again = True
        return plan if again else None

    def joined(self, key: Any, new: Any) -> Any:
        """Structure and joined leaves of what a slot held before the loop, in it, and holds after the body."""
        machine, old = self.machine, self.old(key)
        if isinstance(new, Contents):
            answer = machine.join([machine.boxes[old.var], machine.boxes[new.var]], key)
            return answer if isinstance(answer, str) else (None, [answer])
        if isinstance(new, Poison):
            return new.reason
        if new is UNDEFINED:
            return "a variable is deleted in a loop"
        leaves, structure = trees.flatten(new)
        olds, other = trees.flatten(old) if old is not UNDEFINED else ([UNDEFINED] * len(leaves), structure)
        params: list[Any] = self.params.get(key) or [UNDEFINED] * len(leaves)
        if structure != other or len(params) != len(leaves):
            return "a variable holds containers of different structure in the steps of a loop"
        found = []
        own = 0 if key[0] == "exit" else 1
        for i, (a, b, c) in enumerate(zip(olds, params, leaves, strict=True)):
            if not all(v is UNDEFINED or isinstance(v, (Box, int, float, complex, np.generic, np.ndarray)) for v in (a, c)):
                return "a variable that changes in a loop is no number or array"
            one = machine.join([a, b, c], (self.key, key, i))
            if isinstance(one, str):
                return one
            shared = is_shared(a, self.held_before, own) or is_shared(c, self.held_after, own)
            found.append(replace(one, shared=shared or (i < len(params) and id(params[i]) in machine.shared)))
        return structure, found

    def close(self, statements: list[Statement], place: Any) -> Exit:
        """Write the loop down, and let the slots hold what it gives. Runs inside the block, which is left right after."""
        machine, ended = self.machine, self.ended
        inits: list[Operand] = []
        nexts: list[Operand] = []
        params: list[Var] = []
        targets: list[Var] = []
        outer = machine.blocks.pop()
        news: list[tuple[Slot, Any]] = []
        values: dict[str, Any] = {}
        try:
            after = self.results()
            for key, (structure, joined) in self.plan.items():
                if structure == "poison":
                    news.append((self.slot(key), Poison(machine, str(machine.step_pairs["reason", key]))))
                    continue
                boxes = [machine.box_of(j, hint_of(key)) for j in joined]
                inits += self.operands(self.old(key), len(boxes))
                nexts += self.operands(after.get(key, UNDEFINED), len(boxes), self.variables[key])
                params += self.variables[key]
                targets += [b.var for b in boxes]
                if key[0] == "exit":
                    values["value"] = trees.unflatten(structure, list(boxes))
                elif key[0] == "contents":
                    news.append((self.slot(key), Contents(boxes[0].value, boxes[0].var, boxes[0].levels)))
                    self.freeze(self.slot(key).owner)
                else:
                    self.share(boxes, joined)
                    news.append((self.slot(key), trees.unflatten(structure, list(boxes))))
            exits = ended.kind in ("mixed", "break", "return")
            results: list[Operand] = [machine.operand(ended.going)] if exits else []
            for name in ("returned", "broke"):
                values[name] = self.flag(name, getattr(ended, name), inits, nexts, params, targets)
            body = Block((*(() if self.index is None else (self.index.var,)), *params), tuple(statements), (*results, *nexts))
            span: Any = None if self.run_over is None else tuple(machine.operand(p) for p in self.run_over)
            machine.at(place)
            machine.put(Loop(tuple(targets), body, tuple(inits), span, self.test_block, (), exits, False, place, machine.phase,
                             self.snapshots))  # fmt: skip
            machine.at(None)
            for slot, value in news:
                put(slot, value)
        finally:
            machine.blocks.append(outer)
        return Exit("mixed" if exits else "fall", values.get("value"), True, values["returned"], values["broke"])

    def share(self, boxes: list[Box], joined: list[Joined]) -> None:
        for box, one in zip(boxes, joined, strict=True):
            if one.shared:
                self.machine.shared[id(box)] = box

    def results(self) -> dict[Any, Any]:
        answer = dict(self.final)
        answer["exit", 0, None] = self.ended.value if self.ended.returned is not False else UNDEFINED
        return answer

    def operands(self, value: Any, count: int, params: list[Var] | None = None) -> list[Operand]:
        if value is UNDEFINED:
            return [Const(UNDEFINED)] * count if params is None else list(params)
        if isinstance(value, Contents):
            return [value.var]
        return [self.machine.as_operand(leaf) for leaf in trees.flatten(value)[0]]

    def flag(self, name: str, value: Any, inits: list[Operand], nexts: list[Operand], params: list[Var], targets: list[Var]) -> Any:
        """Whether the loop ended in this way, as one more carried value."""
        if value is False:
            return False
        machine = self.machine
        param, target = (machine.paired(True, True, frozenset()) for _ in range(2))
        machine.names[param.var] = machine.names[target.var] = name
        inits.append(Const(False))
        nexts.append(machine.operand(value))
        params.append(param.var)
        targets.append(target.var)
        return target
