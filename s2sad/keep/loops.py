"""One loop as it is walked: with parameters for what changes in it, until their types settle, and then written down."""
from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import UNDEFINED, Block, Const, Loop, Operand, Var, is_undefined
from s2sad.ir.writing import Box
from s2sad.keep import rebinding
from s2sad.keep.aliases import STALE, Shared, containers_in, parts_of
from s2sad.keep.blocks import Open
from s2sad.keep.choices import Choice, Kinds, hole
from s2sad.keep.exits import Exit
from s2sad.keep.growing import Length, flattened, is_stack
from s2sad.keep.joins import LEAVES, Joined, as_operand, hint_of
from s2sad.keep.plans import RETURNED, Plan
from s2sad.keep.slots import Contents, Key, Poison, Slot, Survey, changed, put
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass

Machine = Any


@dataclass
class Carried:
    """What a loop carries: what each value is before the first step, in a step, at its end, and after the loop."""

    inits: list[Operand] = field(default_factory=list)
    params: list[Var] = field(default_factory=list)
    nexts: list[Operand] = field(default_factory=list)
    targets: list[Var] = field(default_factory=list)


class Walked:
    """One walk of the body of a loop, with parameters for what is known to change."""

    def __init__(self, machine: Machine, key: Any, plan: Plan, before: Survey, run_over: Any,
                 test: Any, body: Any) -> None:  # fmt: skip
        self.machine, self.key, self.plan, self.before = machine, key, plan, before
        self.run_over, self.test, self.body = run_over, test, body
        self.stale, self.held_before = machine.aliases.stale_in(before), machine.aliases.holders(before)
        self.params: dict[Any, list[Box]] = {}
        self.variables: dict[Any, list[Var]] = {}
        self.own: dict[int, Any] = {}  # containers that the parameters are made into: what is in them is theirs
        self.index: Box | None = None
        self.since = machine.deciding.symbols.first_of(key)
        self.snapshots: Operand | None = None
        self.test_block: Block | None = None
        self.answer: Any = None

    def run(self) -> Plan | None:
        """Walk; the grown plan where another walk is needed, None where this one holds."""
        machine = self.machine
        if self.run_over is not None:
            self.index = machine.regions.index_of(self.key, self.run_over)
        for key, (structure, _) in self.plan.items():
            self.params[key] = self.boxes(key)
            self.variables[key] = [box.var for box in self.params[key]]  # a write gives the box another one
            for box in filter(is_stack, self.params[key]):
                box.value = Length(object())
            if key != RETURNED:
                self.let(key, structure, self.params[key])
        for key, (_, joined) in self.plan.items():
            self.share(self.params[key], joined)
        start = machine.regions.surveyed()
        if self.test is not None:
            self.ask()
        with machine.deciding.conditions.on_the_way(self.answer, True):
            self.ended = self.body(self.index)
        self.after = machine.regions.surveyed()
        self.held_after = machine.aliases.holders(self.after)
        self.after.given = self.ended.value
        self.ended = replace(self.ended, value=machine.regions.at_end(self.ended.value))
        changes = {key: change for key, change in changed(start, self.after).items() if key[1] not in self.own}
        now = machine.regions.settled(changes)
        ends = (*self.plan, *(key for key in machine.aliases.stale_in(self.after) if key in self.before))
        self.final = {key: machine.regions.at_end(self.after[key].value) for key in ends if key in self.after}
        self.final |= {key: new for key, (_, _, new) in now.items()}
        self.left = {key: machine.regions.as_left(self.after[key].value) for key in self.final if key in self.after}
        return self.grown(now)

    def widen(self) -> None:
        """Let what was carried in an earlier walk hold what there is in front of the loop now."""
        for key, (structure, joined) in self.plan.items():
            found: list[Joined] = []
            for i, (leaf, known) in enumerate(zip(self.leaves(key, structure, len(joined)), joined, strict=True)):
                new = self.join(key, i, [leaf, self.machine.joins.box_of(known)])
                if not isinstance(new, str):
                    new = self.generalised(new, key, i)
                    found.append(replace(new, shared=None if known.shared is None else self.roots(known.shared, leaf)))
            if len(found) == len(joined):
                self.plan[key] = structure, found

    def boxes(self, key: Any, after: bool = False) -> list[Box]:
        """Variables for what a slot holds. The arrays of a choice are there on some ways only."""
        structure, joined = self.plan[key]
        made = [self.machine.joins.box_of(j, hint_of(key), after) for j in joined]
        for box in made if isinstance(structure, Kinds) else ():
            self.machine.variables.may_be_absent(box.var)
        return made

    def leaves(self, key: Any, structure: Any, count: int) -> list[Any]:
        """What a slot holds in front of the loop, taken apart like what it holds in it."""
        old = self.old(key)
        if isinstance(old, Contents):
            return [self.machine.sheet.boxes[old.var]]
        if isinstance(structure, Kinds):
            kinds = self.machine.choices.among([old])
            fits = kinds is not None and set(kinds.numbers) <= set(structure.numbers)
            return self.machine.choices.apart(old, structure) if fits else [UNDEFINED] * count
        if old is not UNDEFINED and not isinstance(old, (Poison, Choice)):
            leaves, other = flattened(old)
            if other == structure:
                return leaves
        return [UNDEFINED] * count

    def join(self, key: Any, position: int, values: list[Any]) -> Joined | str:
        """What values of one leaf of a slot have in common."""
        return self.machine.joins.join(values, (self.key, key, position))  # type: ignore[no-any-return]

    def generalised(self, joined: Joined, key: Any, position: int) -> Joined:
        """Sizes that belong to a step are numbers that change."""
        machine = self.machine
        return machine.joins.generalised(joined, (self.key, key, position), machine.blocks.depth - 1, self.since)  # type: ignore[no-any-return]

    def slot(self, key: Any) -> Slot:
        if key in self.before:
            return self.before[key]
        frame = next((f for f in self.machine.walks.alive if id(f) == key[1]), None)
        if frame is None:
            raise CannotKeep("an attribute or an item appears in a loop", self.machine.location(), "assign it before the loop")
        return Slot(key, frame, UNDEFINED)

    def let(self, key: Any, structure: Any, boxes: list[Box]) -> None:
        """Let the slot hold the parameters, or what the loop gives."""
        slot = self.slot(key)
        value: Any
        if structure == "poison":
            value = Poison(self.machine, self.machine.joins.reasons[key])
        elif key[0] == "contents":
            self.machine.variables.freeze(slot.owner)
            value = Contents(boxes[0].value, boxes[0].var, boxes[0].levels)
        else:
            value = self.built(structure, boxes)
            self.own.update(dict.fromkeys(parts_of(value), (key, value)))
            self.machine.aliases.stand_for(value, self.machine.aliases.rebinding.get((self.key, key), []))
        put(slot, value)

    def ask(self) -> None:
        """The condition of a `while`, in a block of its own."""
        machine = self.machine
        for view in machine.blocks.innermost.views:  # the condition reads what it needs itself: it stands in front of the body
            view.stamp = -1
        with machine.blocks.opened(loop=False) as opened:
            before = machine.regions.surveyed()
            answer = self.test()
            if changed(before, machine.regions.surveyed()):
                raise CannotKeep("the condition of a loop changes variables", machine.location())
            self.answer = answer
            self.test_block = Block((), tuple(opened.statements), (machine.operand(answer),))

    def old(self, key: Any) -> Any:
        return self.before[key].value if key in self.before else UNDEFINED

    def grown(self, now: dict[Key, tuple[Slot, Any, Any]]) -> Plan | None:
        plan, again = dict(self.plan), False
        values: dict[Any, Any] = {key: new for key, (_, _, new) in now.items() if key[0] != "contents" or key in self.before}
        values = {**{key: end for key, end in self.final.items() if key in plan or isinstance(end, Poison)}, **values}
        if self.ended.kind in ("mixed", "return") and self.ended.returned is not False:
            values[RETURNED] = self.ended.value
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
                self.machine.joins.reasons[key] = found
                continue
            again = (not isinstance(found[0], Kinds) and self.rebinds(key)) or again
            known = plan.get(key)
            if known is None or known[0] != found[0] or not all(a.like(b) for a, b in zip(found[1], known[1], strict=True)):
                plan[key] = found
                again = True
        return plan if again else None

    def joined(self, key: Any, new: Any) -> Any:
        """Structure and joined leaves of what a slot held before the loop, in it, and holds after the body."""
        machine, old = self.machine, self.old(key)
        if isinstance(new, Contents):
            ends = [machine.sheet.boxes[old.var], machine.sheet.boxes[new.var]]
            machine.reshaping.stays(key[1], *ends)
            answer = self.join(key, 0, ends)
            return answer if isinstance(answer, str) else (None, [answer])
        if isinstance(new, Poison):
            return new.reason
        if new is UNDEFINED:
            return "a variable is deleted in a loop"
        if key in self.stale:
            return STALE
        left = self.left.get(key, new)
        kinds = self.kinds(key, old, left)
        if kinds is not None:
            return self.each_joined(key, kinds, *(machine.choices.apart(v, kinds) for v in (old, self.inner(key), left)))
        leaves, structure = flattened(new)
        olds, other = flattened(old) if old is not UNDEFINED else ([UNDEFINED] * len(leaves), structure)
        params: list[Any] = self.params.get(key) or [UNDEFINED] * len(leaves)
        if structure != other or len(params) != len(leaves):
            one, other = self.before.holds(key)[0], self.after.holds(key)[0]
            rebinding.level(machine, one, other)
            rebinding.lengthen(machine, one, other)
            return "a variable holds containers of different structure in the steps of a loop"
        return self.each_joined(key, structure, olds, params, leaves)

    def rebinds(self, key: Any) -> bool:
        """Whether a slot holds one container or another that has a second name, which was not known before this walk."""
        rebinding = self.machine.aliases.rebinding
        if (self.key, key) in rebinding or self.before.holds(key)[0] is self.after.holds(key)[0]:
            return False
        found = self.machine.aliases.rebound(key, self.before, self.after)
        for each in [key, *(self.own[id(v)][0] for v in found if id(v) in self.own)] if found else ():
            rebinding.setdefault((self.key, each), []).extend(found)
        return bool(found)

    def kinds(self, key: Any, old: Any, new: Any) -> Kinds | None:
        """The kinds of values that a variable holds in turn, if there are several that may be told apart."""
        values = [v for v in (old, self.inner(key), new) if v is not UNDEFINED]
        if self.machine.things.are_held(*values) and not self.are_apart(old, new):
            return None
        found: Kinds | None = self.machine.choices.among(values)
        if found is None:
            return None
        several = len(found.numbers) > 1 or any(isinstance(v, Choice) for v in values)
        if old is UNDEFINED and key != RETURNED and (several or hole(new) is None):  # that there is none yet is to be told as well
            return self.machine.choices.among([UNDEFINED, *values])  # type: ignore[no-any-return]
        return found if several else None

    def are_apart(self, old: Any, new: Any) -> bool:
        """Whether a slot holds lists or objects in turn that were there before the loop, each of which has to stay the one that it is."""
        if not all(id(each) in self.before.reached for each in self.machine.things.within(old, new)):
            return False
        if isinstance(old, Choice) or isinstance(new, Choice):
            return True
        (first, structure), (second, other) = trees.flatten(old), trees.flatten(new)
        ways = (old, self.before), (new, self.after)
        shared = any(way.references[id(each)] > 1 for value, way in ways for each in containers_in(value))
        return structure != other or shared or self.machine.things.are_held(*first, *second)

    def inner(self, key: Any) -> Any:
        """What the slot holds when a step begins, where the loop is known to carry it."""
        return self.built(self.plan[key][0], self.params[key]) if self.params.get(key) else UNDEFINED

    def built(self, structure: Any, boxes: list[Box]) -> Any:
        if isinstance(structure, Kinds):
            return self.machine.choices.together(boxes, structure)
        return rebinding.closed(self.machine, trees.unflatten(structure, list(boxes)))

    def each_joined(self, key: Any, structure: Any, olds: list[Any], params: list[Any], leaves: list[Any]) -> Any:
        machine, found = self.machine, []
        own = 0 if key == RETURNED else 1
        for i, (a, b, c) in enumerate(zip(olds, params, leaves, strict=True)):
            if not all(v is UNDEFINED or isinstance(v, LEAVES) for v in (a, c)):
                return "a variable that changes in a loop is not a number or an array"
            if not rebinding.alike(machine, [a, c]):
                return rebinding.UNLIKE
            one = self.join(key, i, [a, machine.reshaping.as_made(b), c])
            if isinstance(one, str):
                return one
            one = self.generalised(one, key, i)
            found.append(replace(one, shared=self.shared(a, c, machine.aliases.shared.get(id(params[i])), own)))
        return structure, found

    def shared(self, a: Any, c: Any, known: Shared | None, own: int) -> tuple[Box, ...] | None:
        """The arrays from before the loop whose memory a variable may have that was one and is another after a step, if any."""
        machine = self.machine
        if not (known or machine.aliases.is_shared(a, self.held_before, own) or machine.aliases.is_shared(c, self.held_after, own)):
            return None
        return self.roots(known.roots if known else (), a, c)

    def roots(self, known: tuple[Box, ...], *values: Any) -> tuple[Box, ...]:
        """Those arrays from before the loop, once each, that are known or whose memory a value may have."""
        found = [*known, *(r for v in values if isinstance(v, Box) for r in self.machine.aliases.roots_of(v))]
        return tuple({id(r): r for r in found if id(r) in self.held_before}.values())

    def close(self, opened: Open, place: Any, plan: Plan) -> Exit:
        """Write the loop down, and let the slots hold what it gives. Runs inside the block, which is left right after.

        It carries the plan, which holds more than it was walked with where the walk is rough.
        """
        machine, ended, self.plan = self.machine, self.ended, plan
        for key, (_, joined) in plan.items():
            self.variables.setdefault(key, [machine.joins.box_of(j, hint_of(key)).var for j in joined])
        with machine.blocks.further_out(machine.blocks.depth - 1):
            carried, after = Carried(), self.results()
            boxes = {key: self.carry(key, after.get(key, UNDEFINED), carried) for key in self.plan if self.plan[key][0] != "poison"}
            self.mark_absent(carried)
            self.tell_lengths(boxes)
            exits = ended.going is not True
            results: list[Operand] = [machine.operand(ended.going)] if exits else []
            returned, broke = (self.flag(name, getattr(ended, name), carried) for name in ("returned", "broke"))
            index = () if self.index is None else (self.index.var,)
            body = Block((*index, *carried.params), tuple(opened.statements), (*results, *carried.nexts))
            span: Any = None if self.run_over is None else tuple(machine.operand(p) for p in self.run_over)
            machine.sheet.at(place)
            machine.blocks.put(Loop(tuple(carried.targets), body, tuple(carried.inits), span, self.test_block, (), exits, False, place,
                                    machine.sheet.phase, self.snapshots, opened.mark))  # fmt: skip
            machine.sheet.at(None)
            self.hand_on(boxes)
        value = self.built(self.plan[RETURNED][0], boxes[RETURNED]) if RETURNED in boxes else None
        return Exit("mixed" if exits else "fall", value, True, returned, broke)

    def carry(self, key: Any, after: Any, carried: Carried) -> list[Box]:
        """Let the loop carry what a slot holds; the variables after the loop."""
        boxes = self.boxes(key, after=True)
        carried.inits += self.operands(key, self.old(key))
        ends = self.left.get(key, after) if isinstance(self.plan[key][0], Kinds) else after
        carried.nexts += self.operands(key, ends, self.variables[key])
        carried.params += self.variables[key]
        carried.targets += [b.var for b in boxes]
        return boxes

    def tell_lengths(self, boxes: dict[Any, list[Box]]) -> None:
        """A list that gets the same number of items in each step is so much longer after the loop."""
        if self.run_over is None or self.ended.going is not True or [p for p in self.run_over[::2] if isinstance(p, Traced)]:
            return
        steps = self.run_over[1] if self.run_over[::2] == (0, 1) else None
        for key, box in ((key, made[0]) for key, made in boxes.items() if len(made) == 1):
            if steps is None or not is_stack(box) or key not in self.params or not isinstance(self.final.get(key), Contents):
                continue
            if self.final[key].value.start is self.params[key][0].value.start:
                before, more = self.old(key).value, self.final[key].value.more
                if isinstance(before.start, (int, Traced)):
                    added = steps if more == 1 else self.machine.binary("*", more, steps)
                    first = before.start if not before.more else self.machine.binary("+", before.start, before.more)
                    box.value = Length(added if isinstance(first, int) and first == 0 else self.machine.binary("+", first, added))

    def hand_on(self, boxes: dict[Any, list[Box]]) -> None:
        """Let the slots hold what the loop gives."""
        for key, (structure, _) in self.plan.items():
            if key not in boxes or key != RETURNED:
                self.let(key, structure, boxes.get(key, []))
        for key, (_, joined) in self.plan.items():
            self.share(boxes.get(key, []), joined)

    def mark_absent(self, carried: Carried) -> None:
        for init, *made in zip(carried.inits, carried.params, carried.targets, strict=True):
            if init in self.machine.variables.missing or is_undefined(init):
                for var in made:
                    self.machine.variables.may_be_absent(var)

    def share(self, boxes: list[Box], joined: list[Joined]) -> None:
        for box, one in zip(boxes, joined, strict=True):
            if one.shared is not None:
                self.machine.aliases.share(box, one.shared)

    def results(self) -> dict[Any, Any]:
        answer = dict(self.final)
        answer[RETURNED] = self.ended.value if self.ended.returned is not False else UNDEFINED
        return answer

    def operands(self, key: Any, value: Any, params: list[Var] | None = None) -> list[Operand]:
        """What a slot holds, taken apart. What is not there is what it was before."""
        structure, joined = self.plan[key]
        if isinstance(value, Contents):
            return [value.var]
        leaves = [UNDEFINED] * len(joined)
        if value is not UNDEFINED or (isinstance(structure, Kinds) and params is None):
            leaves = self.machine.choices.apart(value, structure) if isinstance(structure, Kinds) else flattened(value)[0]
        return [as_operand(self.machine, leaf) if leaf is not UNDEFINED or params is None else params[i] for i, leaf in enumerate(leaves)]

    def flag(self, name: str, value: Any, carried: Carried) -> Any:
        """Whether the loop ended in this way, as one more carried value."""
        if value is False:
            return False
        machine = self.machine
        param, target = (machine.variables.made(True, frozenset()) for _ in range(2))
        machine.sheet.names[param.var] = machine.sheet.names[target.var] = name
        carried.inits.append(Const(False))
        carried.nexts.append(machine.operand(value))
        carried.params.append(param.var)
        carried.targets.append(target.var)
        return target
