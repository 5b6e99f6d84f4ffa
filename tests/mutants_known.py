"""The faults that `tests/mutants.py` makes: each is a text of the product, what takes its place, and what goes wrong then."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A small fault. `old` stands exactly once in the package, or in a definition called `inside`; tests are `likely` to find it."""

    name: str
    breaks: str
    old: str
    new: str
    inside: str = ""
    likely: tuple[str, ...] = ()


RULES = (
    Fault("cos-sign", "the derivative of the cosine has the wrong sign",
          '"np.cos(x)", x="-np.sin(x)"', '"np.cos(x)", x="np.sin(x)"', likely=("test_rules_elementwise.py",)),
    Fault("clip-at-bound", "all of a cotangent, not half of it, goes to what is clipped where it equals its bound",
          "(a >= a_min) & (a <= a_max), (a == a_min) | (a == a_max)", "(a >= a_min) & (a <= a_max), False",
          likely=("test_conventions.py",)),
    Fault("trace-axes", "the derivative of a trace takes the other diagonal where the axes are turned",
          "if np.ndim(a) == 2 and axis1 % 2 == 0:", "if np.ndim(a) == 2:", likely=("test_rules_arrays*.py",)),
    Fault("write-keeps", "what was in a place before it was written still gets a cotangent",
          'array="replaced(g, index, 0.0)"', 'array="g"', likely=("test_conventions_writes.py", "test_arrays.py")),
)  # fmt: skip

TYPES = (
    Fault("shape-of-sum", "the shape of a sum is that of the axes which it gathers",
          "return tuple(n for k, n in enumerate(shape) if k not in gone)", "return tuple(n for k, n in enumerate(shape) if k in gone)",
          likely=("test_typed.py", "-k np.sum")),
    Fault("cut-part", "a part whose bounds lie outside the array counts as long as between its bounds",
          "smaller(stop + n if from_end(stop) else stop, n)", "(stop + n if from_end(stop) else stop)", likely=("test_indexing.py",)),
    Fault("equal-unasked", "sizes that are not the same are taken to be so where nobody is asked",
          "return difference.asked is not None and difference.asked.is_zero(difference)", "return True", likely=("test_sizes.py",)),
)  # fmt: skip

RUNTIME = (
    Fault("other-effect", "the log of a call serves an effect that is another one",
          "elif not alike(self.entries[self.position].subject, what):", "elif False:",
          likely=("test_rebound.py",)),
    Fault("warned-twice", "a warning is given again when the call takes another path",
          "if what in self.warned[self.repeated - 1 : self.repeated]:", "if False:", likely=("test_warnings.py",)),
)  # fmt: skip

SOURCE = (
    Fault("item-read-late", "`y[i] += f(y)` reads the item after the call, which may have written it",
          "if not isinstance(value, (gast.Name, gast.Constant)):", "if False:", inside="visit_AugAssign",
          likely=("test_arrays.py", "-k item_is_read")),
    Fault("mapping-rest", "the rest of a mapping pattern holds what the pattern has matched",
          "for key, value in subject.items() if key not in keys}", "for key, value in subject.items()}",
          likely=("test_paths_python.py", "-k rest_of")),
    Fault("source-changed", "a function whose source has changed since is followed by its new source",
          "return one == other and one.co_firstlineno == other.co_firstlineno and one.co_linetable == other.co_linetable",
          "return one.co_name == other.co_name and one.co_firstlineno == other.co_firstlineno", likely=("test_source.py",)),
)  # fmt: skip

MACHINE = (
    Fault("cache-typed", "a cache that tells types apart gives for 1 what it kept for 1.0",
          "for v in (*args, *kwargs.values())] if self.typed else []", "for v in ()]", likely=("test_caches.py",)),
    Fault("deepcopy-twice", "what a container holds twice is two objects in its deep copy",
          "if id(value) not in memo:", "if True:", inside="deep", likely=("test_container_uses.py", "-k deep_copy")),
    Fault("sorted-reverse", "items that compare equal change their order where the largest come first",
          "key=keys.__getitem__, reverse=machine.truth(reverse))]", "key=keys.__getitem__)][:: -1 if machine.truth(reverse) else 1]",
          likely=("test_paths_functions.py", "-k from_the_largest")),
    Fault("native-changes", "native code changes a copy of a list of the function, and not the list",
          "if before is not None and before != repr(plain[1]):", "if False:", likely=("test_objects_of_libraries.py",)),
    Fault("one-object-guard", "whether two arguments are one object is asked in the first call alone",
          "machine.guard(\"truth\", machine.emit(CALL, [operator.is_, asked, {}], same), same)", "pass", inside="one_object",
          likely=("test_same_objects.py",)),
)  # fmt: skip

IR = (
    Fault("dead-may-raise", "a statement of the function that may raise is dropped where nothing needs its value",
          "return statement.phase == 0 and not is_again(statement) and may_raise(statement)", "return False",
          likely=("test_exceptions_stay.py",)),
    Fault("dead-condition", "what only the condition of a loop reads is dropped as dead",
          "if p in inner or p in tested}", "if p in inner}", inside="_loop",
          likely=("test_kept_corners.py", "-k condition_alone")),
    Fault("verify-order", "a list that reads a variable before it is defined passes for well formed",
          "if var not in seen:", "if False:", inside="statement", likely=("test_verify.py",)),
)  # fmt: skip

ADJOINT = (
    Fault("cotangent-assigned", "of two cotangents of a value the later one counts, not the sum",
          "contribution = self.sum(var, self.cotangents[var], contribution)", "pass", likely=("test_api.py",)),
    Fault("precision", "the gradient of single precision numbers that meet double precision ones is of double precision",
          "if dtype != want and dtype.kind == want.kind and isinstance(strip(target), (np.ndarray, np.generic)):", "if False:",
          likely=("test_api_results.py", "-k precision")),
    Fault("repeated-length", "the cotangent of a number that was repeated along an axis is not multiplied by the length",
          "lengths = [machine.shape(answer)[i] for i in repeated if same_now(own[i], 1)]", "lengths = []",
          likely=("test_broadcasting.py", "-k added_to_each")),
    Fault("reverse-forward", "the adjoint of a loop runs forwards",
          "return loop.range, not loop.reverse", "return loop.range, loop.reverse", likely=("test_kept.py",)),
    Fault("reverse-too-far", "the adjoint of a loop that was left early begins at the end of its range",
          "if loop.range is not None and not loop.exits:", "if loop.range is not None:", inside="span_back",
          likely=("test_kept.py", "test_kept_control.py")),
    Fault("checkpoint-start", "the steps of a checkpointed loop that does not begin at 0 run again from 0",
          "if loop.index is None or (_is(loop.range[0], 0) and _is(loop.range[2], 1)):", "if loop.index is None or _is(loop.range[2], 1):",
          likely=("test_checkpoints.py",)),
    Fault("stack-cotangents", "of the cotangents of a stack that two loops read one is lost",
          "return [added_cotangents(a, b) for a, b in zip(one, other, strict=False)]", "return one",
          likely=("test_doctests.py", "test_kept_corners.py")),
)  # fmt: skip

RECORD = (
    Fault("branch-guard", "a recorded path serves calls that take the other side of a branch",
          'self.guard("truth", value, answer)', "pass", inside="decide", likely=("test_paths.py",)),
    Fault("view-for-copy", "a view of an array is taken for a copy: what is written into it is not seen in the array",
          "return View(leaf, base, Step(step.primitive, fixed, step.place), layout)", "return leaf", likely=("test_arrays.py",)),
    Fault("view-backwards", "a part of a reversed view that goes to the first element leaves that one out",
          "part.stop if part.stop >= 0 else None", "part.stop if part.stop >= 0 else 0", likely=("test_arrays.py", "-k from_the_end")),
    Fault("memory-guard", "a path that was recorded for arrays apart serves arguments that share memory",
          'machine.guard("truth", machine.emit(CALL, [np.shares_memory, [written, other], {}], shared), False)', "pass",
          likely=("test_paths_arrays.py", "test_arrays.py")),
    Fault("repeated-index", "`y[i] += v` adds once for each time that the index names a place, where NumPy adds once",
          "if entries(index, owner.value.ndim) is None and not _is_mask(index):", "if False:",
          likely=("test_conventions_writes.py", "test_arrays.py")),
    Fault("type-guard", "a path holds where the result of an operation is of another type by its values",
          " or varies(primitive, bound):", ":", likely=("test_powers.py", "test_paths.py")),
)  # fmt: skip

KEEP = (
    Fault("stale-alias", "an array is read under one name though it was written under another that it may have",
          "return known is not None and any(r.var is not v for r, v in zip(known.roots, known.contents, strict=True))", "return False",
          likely=("test_errors.py", "test_kept_corners.py")),
    Fault("answer-unasked", "a question about sizes is answered from the first call, and no later call is asked",
          'machine.guard("truth", asked, answer)', "pass", inside="_guard", likely=("test_typed.py", "-k asks")),
    Fault("one-unasked", "a kept path for an array with one element along an axis serves one that has more of them",
          'self.machine.guard("truth", self.machine.emit_typed(EQUAL, [asked, number], True), True)', "pass", inside="guard_number",
          likely=("test_kept_parts.py", "test_kept_ranges.py", "test_kept_ranks.py")),
    Fault("enumerate-start", "a kept loop counts from 0 wherever it is to begin",
          "number = position if _is(self.start, 0) else", "number = position if True else", likely=("test_kept_corners.py", "-k count")),
    Fault("zip-strict", "a kept loop over sequences that are to be of one length ends with the shorter one",
          "for other in inner[1:] if strict else ():", "for other in ():", likely=("test_kept_ranges.py", "-k of_one_length")),
    Fault("range-backwards", "a range with steps, taken backwards, begins a step too far",
          'ask("*", ask("-", self.length(), 1), step)', 'ask("*", self.length(), step)', likely=("test_kept_ranges.py",)),
)  # fmt: skip

PASSES = (
    Fault("sides-agree", "two variables that are the same on one side of a branch are taken for one",
          "given = id(a), id(b)", "given = id(a), None", likely=("test_kept_corners.py", "-k two_variables")),
    Fault("dead-kept", "statements that nothing needs stay",
          "or stays(statement, logged) or not live.isdisjoint(statement.targets)):", "or True):", inside="needed_for",
          likely=("test_exceptions_stay.py",)),
    Fault("reads-shared", "what is read outside the function before and after an effect is read once",
          "not primitive.effect and not primitive.structural and", "not primitive.effect and", inside="mergeable",
          likely=("test_paths_effects.py",)),
    Fault("common-factor", "`-2 * a + 2 * b` in an adjoint becomes `2 * (a - b)`",
          "*((a, b) if c > 0 else (b, a))", "*((a, b) if abs(c) > 0 else (b, a))", likely=("test_powers.py",)),
    Fault("unread-addition", "what an array held is dropped where something is added to it, as if it were overwritten",
          "if made is REPLACED and statement.targets[0] not in dropped", "if statement.targets[0] not in dropped",
          likely=("test_arrays.py",)),
    Fault("hand-on-shared", "two arrays that a loop carries and writes are one from the second step on",
          "r not in made or used[r] > 1 for r in roots", "r not in made for r in roots",
          likely=("test_kept_corners.py", "-k one_cotangent")),
    Fault("result-read-only", "a gradient is a broadcast that cannot be written",
          "if None in mine or mine & taken or result in read_only:", "if None in mine or mine & taken:", likely=("test_api_results.py",)),
    Fault("decides-by-nan", "a function that compares its own derivative decides by 0 times NaN",
          "return bool(found) and any(_hides(s, found) for s in _own(function.statements))", "return False", likely=("test_strong.py",)),
)  # fmt: skip

EMIT = (
    Fault("buffer-layout", "a result is computed in the memory of an array that lies otherwise, so that sums of it add in another order",
          "return plain or self.now.phase > 0 or", "return True or", likely=("test_layouts.py", "-k in_the_memory")),
    Fault("name-taken", "a variable takes a name while what has that name is still read",
          "if any(h in given or order.read.get(h, place) > place for h in holders):", "if False:", inside="claim",
          likely=("test_kept.py",)),
    Fault("buffer-of-view", "the memory of a large array that is a view is used for a result",
          "return made.buffer and not made.alias", "return True", likely=("test_arrays.py", "-k large_array")),
    Fault("quick-shape", "the short way in takes an array of another shape",
          'else f"{name}.shape == {value.shape!r}"', 'else "True"', likely=("test_quick_calls.py",)),
)  # fmt: skip

TAPE = (
    Fault("tape-last-written", "on the tape, each value written to one place gets the cotangent, not the last one alone",
          "return part if stay.all() else", "return part if True else", likely=("test_tape_writes.py",)),
    Fault("tape-of-another", "the tape takes Variables of another tape",
          "if variable.machine is not self:", "if False:", inside="_is_active", likely=("test_tape.py",)),
)  # fmt: skip

API = (
    Fault("path-after-effect", "a path that reads the world anew is run after an effect of the same call",
          "(effects.happened and not built.text.effects)", "False", inside="run", likely=("test_outside_reads.py",)),
    Fault("nonfinite-given", "a NaN in a result is reported though an argument holds one",
          " or not (arose or all(map(exactly_finite, leaves)))", "", likely=("test_nonfinite.py",)),
    Fault("first-use", "what a kept path gives for new sizes is never compared with the function",
          "return one.same(other)", "return True", inside="alike", likely=("test_first_use.py", "-k another_size")),
    Fault("threads-share", "what is known of the arguments of a call is shared by threads",
          "class _Given(threading.local):", "class _Given:", likely=("test_paths_threads.py",)),
)  # fmt: skip

CHECK = (
    Fault("check-tolerance", "the check takes any number within a factor of two for the right one",
          "relative = float(np.sqrt(self.epsilon)) if self.rtol is None", "relative = 1.0 if self.rtol is None", likely=("test_check.py",)),
)  # fmt: skip

EXPORT = (
    Fault("export-guard", "an exported module leaves out the guards on what it takes as a parameter",
          'decides = guard.kind in ("truth", "equals", "same") and isinstance', "decides = False and isinstance",
          likely=("test_export*.py",)),
    Fault("export-stale", "an exported module counts as up to date though its source has changed",
          "any(d.sha256 == recorded for d in found)", "bool(found)", likely=("test_provenance.py",)),
)  # fmt: skip

OUTSIDE = (
    Fault("check-status", "`s2sad check` says that it went well where it did not",
          "return 0 if report.ok else 1", "return 0", likely=("test_cli.py",)),
    Fault("caret", "the caret of a message stands wrong after letters of several bytes",
          'return len(text.encode()[:column].decode(errors="ignore"))', "return len(text[:column])",
          likely=("test_errors.py", "test_texts.py")),
    Fault("refusal-caught", "a handler of the user's catches a refusal of s2sad, and the function goes on",
          "raise next((error for error in seen if error.location is not None), seen[0])", "pass",
          likely=("test_errors.py", "test_paths_exceptions.py")),
)  # fmt: skip

TANGENT = (
    Fault("tangent-last", "of several tangents that meet in an operation the last one counts, not the sum",
          'total = part if total is None else machine.binary("+", total, part)', "total = part", inside="elementwise",
          likely=("test_forward.py",)),
    Fault("tangent-carried", "of what a loop carries the first alone has a tangent in it",
          "if self.has_tangent(p)]", "if self.has_tangent(p)][:1]", likely=("test_forward.py",)),
    Fault("tangent-branch", "what a branch gives has no tangent after it",
          "kept = [k for k, t in enumerate(branch.targets) if self.has_tangent(t)]", "kept = list[int]()", likely=("test_forward.py",)),
    Fault("phase-of-tangents", "a sweep over tangents that a loop gives counts as the sweep that has made them",
          "1 + last_phase(written[start:end])", "1", likely=("test_forward.py", "-k comes_after_them")),
    Fault("linear-of-another", "jvp() of a function with has_aux=True serves a call without",
          "_jvp_of(Chosen((same_key(function), has_aux, control)", "_jvp_of(Chosen((same_key(function), control)",
          likely=("test_forward.py", "-k aux")),
    Fault("dual-dtype", "on the tape the tangent of a number of single precision is of double precision",
          "return convert(machine, tangent, np.asarray(value).dtype)", "return tangent", inside="_fit", likely=("test_duals.py",)),
)  # fmt: skip

JACOBIANS = (
    Fault("rows-aligned", "of many values an operand with fewer axes than the result is broadcast along the wrong ones",
          "missing = rank + 1 - np.ndim(strip(value))", "missing = 0", inside="aligned", likely=("test_jacobians.py",)),
    Fault("rows-dtype", "a Jacobian by numbers of single precision is of double precision",
          "if dtype_of(strip(rows)) != dtype:", "if False:", inside="settled", likely=("test_jacobians.py",)),
    Fault("rows-act", "native code in a pullback of the user's is called with one seed in place of each",
          "if not acts:", "if True:", likely=("test_jacobians.py", "-k native")),
    Fault("rows-of-rules", "a rule of the user's in a sweep is not written down for another seed",
          "if primitive is RULED:", "if False:", likely=("test_jacobians.py", "-k equation_says")),
    Fault("mode-taken-back", "what forward mode has asked before it was taken back is never asked",
          "take_back(machine, before)", "machine.sheet.statements[:] = before[0][1]", inside="push_rows",
          likely=("test_jacobians.py", "-k other_mode")),
    Fault("columns-turned", "the axes of a value that is a matrix are turned in its Jacobian",
          "if rank > 1 else machine.call(np.transpose, part)", "if rank > 2 else machine.call(np.transpose, part)",
          likely=("test_jacobians.py",)),
    Fault("mode-by-size", "the mode is the one with more seeds",
          "given <= found and found > 1", "given >= found and found > 1", likely=("test_jacobians.py", "-k mode")),
    Fault("directions-start", "the unit vectors of the second argument are those of another place",
          '{"k": machine.unary("neg", start)}', '{"k": start}', likely=("test_jacobians.py",)),
    Fault("hessian-of-array", "a product with the Hessian of a function that returns an array is one with the last Hessian",
          "check_scalar(function, value)", "pass", inside="hessian_product", likely=("test_jacobians.py", "-k returns_an_array")),
)  # fmt: skip

CUSTOM = (
    Fault("stopped-passes", "a derivative goes through what was stopped",
          'stopped, "value", lambda value: own.itself(value), value="around(g, level)")',
          'stopped, "value", lambda value: own.itself(value), value="g")', likely=("test_custom.py",)),
    Fault("rule-around", "a differentiation around a function with a rule uses the rule for its inside, too",
          "if machine.levels.swept < level:\n        return None", "if False:\n        return None", inside="by_rule",
          likely=("test_custom.py",)),
    Fault("rule-tangent-around", "a differentiation around a function with a jvp sees the tangent of the inside",
          "SPECIAL[rules.inside] = lambda machine, g, level: g if machine.levels.swept >= level else None",
          "SPECIAL[rules.inside] = lambda machine, g, level: g", likely=("test_custom_jvp.py",)),
    Fault("rule-beside", "a value that comes into a function with a rule beside its arguments has the derivative zero",
          "if machine.levels.concerned(flat(machine, found)[0], call.level):", "if False:", inside="check_apart",
          likely=("test_custom.py", "-k beside")),
    Fault("rule-residual", "an array that a pullback needs is as it was written into later",
          "return leaf.copy() if isinstance(leaf, np.ndarray) else leaf", "return leaf", inside="_plain_residual",
          likely=("test_custom.py", "-k residual")),
    Fault("rule-shape", "a cotangent of another shape than its argument is taken",
          "if not same_sizes(np.shape(have), np.shape(want)):", "if False:", inside="check_part", likely=("test_custom.py", "-k shape")),
    Fault("rule-inside", "a rule that is defined inside the function is taken for code that has changed",
          "forgive(error)", "pass", inside="definition", likely=("test_custom*.py", "-k inside")),
    Fault("solver-twice", "a solver that is called twice with containers is taken for one that changes what was asked",
          "_one_of_its_kind(structure)", "structure", inside="_apart", likely=("test_implicit.py", "-k twice")),
)  # fmt: skip

FAULTS = (*RULES, *TYPES, *RUNTIME, *SOURCE, *MACHINE, *IR, *ADJOINT, *RECORD, *KEEP, *PASSES, *EMIT, *TAPE, *API, *CHECK, *EXPORT,
          *OUTSIDE, *TANGENT, *JACOBIANS, *CUSTOM)  # fmt: skip
