"""The parts that a call goes through, each by itself: made once, dispatched, stored, chosen for, compiled, run, reported."""

from __future__ import annotations

import dataclasses
import importlib
import math
import threading
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, NonFiniteWarning, NotDifferentiable, SlowPathWarning, nonfinite_warnings, settings, trees, value_and_grad
from s2sad.calls import choice, compilation, stored_paths
from s2sad.calls.call import Call, arrive
from s2sad.calls.choice import Choice, Way
from s2sad.calls.compilation import Compilation
from s2sad.calls.counts import Counts
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path, finisher
from s2sad.calls.recorded_paths import record, record_path
from s2sad.calls.report import Report
from s2sad.calls.running import first, run, strengthened
from s2sad.calls.stored_paths import StoredPaths
from s2sad.errors import InvalidIR
from s2sad.loading import at_first_use
from s2sad.record.steps import Allowance
from s2sad.runtime.control import Effects, OverBudget
from s2sad.settings import Settings
from s2sad.shown import show

LIMIT = 1.0
LOG: list[float] = []


def square(x):
    return x * x


def below(x):
    if x < LIMIT:
        return 3.0 * x
    return x * x


def power(x, n):
    result = 1.0
    for _ in range(n):
        result = result * x
    return result


def logged(x):
    LOG.append(1.0)
    return x * x


def overflow(x):
    return np.sum(np.where(x < 100.0, np.exp(x), 0.0))

PYTHON = Settings(backend="python")


def call_of(function: Any, *args: Any, control: str = "auto", **kwargs: Any) -> Call:
    return arrive(value_and_grad(function, control=control), args, kwargs)


def path_of(made: Call) -> Path:
    """A path that is recorded in a call, and stored nowhere."""
    return record_path(made.walk, made.derived.settings, made.effects)[0]


# The call


def test_a_call_has_the_leaves_of_its_arguments_and_what_paths_are_found_by() -> None:
    x = np.ones((2, 3))
    made = call_of(power, {"w": x, "n": [1.0]}, 2, scale=3)
    assert [*map(type, made.leaves)] == [np.ndarray, float, int, int] and made.leaves[0] is x
    assert made.key == (made.structure, (x.dtype, (2, 3)), float, int, int)
    assert made.kind == (made.structure, (x.dtype, 2), float, int, int)
    assert not made.effects.happened
    other = call_of(power, {"w": np.zeros((5, 5)), "n": [2.0]}, 3, scale=4)
    assert other.kind == made.kind and other.key != made.key


def test_a_call_is_not_changed_on_its_way() -> None:
    made = call_of(square, 2.0)
    for name in Call._fields:
        with pytest.raises(AttributeError):
            setattr(made, name, None)


def test_a_call_tells_which_containers_are_one_object_and_which_are_its_own() -> None:
    held = [2.0]
    assert call_of(square, [held, held]).key != call_of(square, [held, [2.0]]).key
    inner, outer = [1.0], [2.0]
    made = call_of(square, [inner, outer])
    assert {id(inner), id(outer)} <= made.containers() and id(held) not in made.containers()


def test_a_call_that_cannot_be_taken_apart_is_refused_at_the_function() -> None:
    within: list[Any] = []
    within.append(within)
    with pytest.raises(NotDifferentiable, match="holds itself") as caught:
        call_of(square, within)
    assert caught.value.location is not None and caught.value.location.line == square.__code__.co_firstlineno


@pytest.mark.parametrize("args", [(2.0,), ({"a": [1.0], "b": (2.0, 3.0)},), (np.ones(3),)])
def test_the_arguments_are_taken_apart_once(args: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing is stored, so that the call is recorded, run and remembered."""
    seen: list[Any] = []

    def watched(value: Any, *rest: Any, flatten: Any = trees.flatten, **options: Any) -> Any:
        if options.get("objects"):
            seen.append(value)
        return flatten(value, *rest, **options)

    monkeypatch.setattr(trees, "flatten", watched)
    derivative = value_and_grad(lambda p: sum(p["b"]) * p["a"][0] if isinstance(p, dict) else np.sum(p * p))
    derivative(*args)
    assert len(seen) == 1


# Stored paths


def stub(code: Any = None) -> Any:
    """Something that can be stored: it is the same as what has equal code."""
    built = types.SimpleNamespace(code=code)
    built.same = lambda other: code is not None and other.code == code
    return types.SimpleNamespace(built=built, served=0, plain=types.SimpleNamespace(built=built))


@pytest.fixture
def room_for_three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(stored_paths, "PATHS_KEPT", 3)
    monkeypatch.setattr(stored_paths, "KEYS_KEPT", 2)
    yield


def test_the_most_recent_path_stands_first_and_the_oldest_makes_room(room_for_three: None) -> None:
    stored, paths = StoredPaths(), [stub() for _ in range(5)]
    assert stored.recorded("k") == () and [*stored] == []
    for path in paths:
        stored.add_recorded("k", "kind", path)
    assert stored.recorded("k") == (paths[4], paths[3], paths[2]) and stored.ways("kind") == 3 and stored.ways("other") == 0


def test_the_oldest_key_makes_room(room_for_three: None) -> None:
    stored, paths = StoredPaths(), {key: stub() for key in "abc"}
    for key, path in paths.items():
        stored.add_recorded(key, "kind", path)
        stored.add_kept(key, path)
    assert [*stored] == [paths["b"], paths["c"]] * 2 and stored.recorded("a") == stored.kept("a") == ()
    assert stored.ways("kind") == 2


def test_what_was_asked_for_stays_as_it_is() -> None:
    stored = StoredPaths()
    stored.add_recorded("k", "kind", older := stub())
    known = stored.recorded("k")
    stored.add_recorded("k", "kind", stub())
    assert known == (older,) and len(stored.recorded("k")) == 2


def test_a_round_ends_when_as_many_have_gone_as_there_is_room_for(room_for_three: None) -> None:
    stored = StoredPaths()
    rounds = [[*stored.add_recorded("k", "kind", stub())] for _ in range(9)]
    assert rounds == [[], [], [], [], [], [1], [], [], [2]]  # the fourth is the first to drop one
    for key in "lm":  # with a key go all its paths
        rounds.append([*stored.add_recorded(key, "kind", stub())])
    assert rounds[9:] == [[], [3]]


def test_kept_code_that_is_stored_already_is_not_stored_again() -> None:
    stored, path = StoredPaths(), stub("code")
    assert stored.add_kept("kind", path) is path
    assert stored.add_kept("kind", stub("code")) is path
    stored.add_kept("kind", other := stub("other"))
    assert stored.kept("kind") == (other, path)


def test_a_key_is_withdrawn() -> None:
    stored = StoredPaths()
    stored.add_recorded("k", "kind", stub())
    stored.withdraw("k")
    stored.withdraw("unknown")
    assert [*stored] == [] and stored.ways("kind") == 0


def test_threads_that_store_at_once_lose_nothing() -> None:
    stored, paths = StoredPaths(), [[stub() for _ in range(6)] for _ in range(8)]
    barrier, seen = threading.Barrier(len(paths)), list[int]()

    def work(own: list[Any]) -> None:
        barrier.wait()
        for number, path in enumerate(own):
            stored.add_recorded("k", "kind", path)
            stored.add_kept(("kind", number), path)
            seen.append(len([*stored]))

    threads = [threading.Thread(target=work, args=(own,)) for own in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = {id(path) for own in paths for path in own}
    assert {id(path) for path in stored.recorded("k")} == every and stored.ways("kind") == 48
    assert {id(path) for number in range(6) for path in stored.kept(("kind", number))} == every
    assert len(seen) == 48 and max(seen) == 96


# The choice of control


@pytest.mark.parametrize("control, way", [("record", Way.RECORD), ("keep", Way.KEEP), ("auto", Way.RECORD_IF_SHORT)])
def test_the_first_way_is_the_one_that_was_set(control: str, way: Way) -> None:
    assert Choice(StoredPaths(), Settings(control=control, backend="python")).way(call_of(power, 2.0, 3)) is way


def test_only_what_is_set_can_be_set() -> None:
    for control in settings.CONTROL:
        settings.check_control(control)
    with pytest.raises(ValueError, match="not 'both'"):
        settings.check_control("both")


@pytest.mark.parametrize("control", settings.CONTROL)
def test_a_call_in_which_something_has_happened_is_recorded(control: str) -> None:
    made = call_of(power, 2.0, 3)
    made.effects.done((print, (), {}), lambda: None)
    assert Choice(StoredPaths(), Settings(control=control, backend="python")).way(made) is Way.RECORD


def test_after_four_recorded_ways_of_a_kind_they_are_kept() -> None:
    stored, made = StoredPaths(), call_of(power, 2.0, 3)
    for number in range(choice.PATHS_RECORDED):
        assert Choice(stored, PYTHON).way(made) is Way.RECORD_IF_SHORT
        stored.add_recorded(number, made.kind, stub())
    assert Choice(stored, PYTHON).way(made) is Way.KEEP
    assert Choice(stored, PYTHON).way(call_of(power, 2, 3)) is Way.RECORD_IF_SHORT  # of another kind


def test_where_a_way_is_kept_another_one_is_too() -> None:
    stored, made = StoredPaths(), call_of(power, 2.0, 3)
    stored.add_kept(made.kind, stub())
    assert Choice(stored, PYTHON).way(made) is Way.KEEP


def test_what_was_refused_is_recorded() -> None:
    chosen, made = Choice(StoredPaths(), PYTHON), call_of(power, 2.0, 3)
    chosen.trials.refuse(made.kind, InvalidIR("it fails"))
    assert chosen.way(made) is Way.RECORD
    assert chosen.way(call_of(power, 2, 3)) is Way.RECORD_IF_SHORT
    chosen.settings = Settings(control="keep", backend="python")
    assert chosen.way(made) is Way.KEEP  # which says so each time


def test_what_was_tried_often_enough_is_recorded_and_it_is_noted_why() -> None:
    stored, made = StoredPaths(), call_of(below, 2.0)
    chosen = Choice(stored, PYTHON)
    stored.add_kept(made.kind, path_of(call_of(below, 0.5)))  # which leaves in front of the other way
    for _ in range(choice.PATHS_RECORDED):
        assert chosen.way(made) is Way.KEEP
        chosen.trials.count(made.kind)
    assert chosen.way(made) is Way.RECORD
    assert "many calls take other paths than those that are kept" in chosen.trials.reasons[0]
    chosen.trials.begin_again(made.kind)
    assert chosen.way(made) is Way.KEEP and chosen.trials.reasons == ()


# Compilation


def line(control: str = "auto") -> Compilation:
    stored = StoredPaths()
    return Compilation(stored, Choice(stored, Settings(control=control, backend="python")), Report(), Counts())


def test_a_short_call_is_recorded_and_stored() -> None:
    compiling, made = line(), call_of(power, 2.0, 3)
    path, results = compiling.new(made)
    assert tuple(results) == (8.0, 12.0) and path.kept is None
    assert compiling.stored.recorded(made.key) == (path,) and [*compiling.stored] == [path]


def test_a_long_call_is_kept_and_stored() -> None:
    compiling, made = line(), call_of(power, 2.0, 30)
    path, results = compiling.new(made)
    assert tuple(results) == (2.0**30, 30 * 2.0**29) and path.kept
    assert compiling.stored.kept(made.kind) == (path,) and [*compiling.stored] == [path]
    assert compiling.choice.trials.tries == {made.kind: 1}


def test_a_refusal_to_keep_is_noted_or_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(walk: Any, settings: Any, observe: Any) -> Any:
        raise CannotKeep("it is a test", None, "none")

    monkeypatch.setattr(compilation, "keep_path", refuse)
    compiling = line()
    path, results = compiling.new(made := call_of(power, 2.0, 30))
    assert path.kept is None and results[0] == 2.0**30
    assert made.kind in compiling.choice.trials.refused
    with pytest.raises(CannotKeep, match="it is a test"):
        line("keep").new(call_of(power, 2.0, 30))


def test_what_the_function_raises_comes_before_a_refusal_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(walk: Any, settings: Any, observe: Any) -> Any:
        raise CannotKeep("it is a test", None, "none")

    def fails(x):
        raise LookupError("the function's own")

    monkeypatch.setattr(compilation, "keep_path", refuse)
    with pytest.raises(LookupError, match="the function's own"):
        line("keep").new(call_of(fails, 2.0))


def test_a_kept_path_that_leaves_the_call_out_gives_way_to_a_recorded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = path_of(call_of(below, 0.5))
    monkeypatch.setattr(compilation, "keep_path", lambda walk, settings, observe: wrong)
    monkeypatch.setattr(choice, "PATHS_RECORDED", 0)
    compiling = line()
    compiling.choice.trials.tries[(made := call_of(below, 2.0)).kind] = -1
    path, results = compiling.new(made)
    assert path is not wrong and tuple(results) == (4.0, 4.0)
    assert "does not cover the path of these arguments" in compiling.choice.trials.left_out[made.kind]
    with pytest.raises(CannotKeep, match="does not cover the path"):
        line("keep").new(call_of(below, 2.0))


def test_what_is_refused_under_keep_leaves_no_recorded_path(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = path_of(call_of(below, 0.5))
    monkeypatch.setattr(compilation, "keep_path", lambda walk, settings, observe: wrong)
    compiling, made = line("keep"), call_of(below, 2.0)
    with pytest.raises(CannotKeep):
        compiling.new(made)
    assert compiling.stored.recorded(made.key) == () and compiling.stored.kept(made.kind) == (wrong,)


def test_many_ways_are_reported_once_and_then_tried_again(monkeypatch: pytest.MonkeyPatch, room_for_three: None) -> None:
    compiling, kind = line("record"), call_of(power, 2.0, 1).kind
    compiling.choice.trials.count(kind)
    with pytest.warns(SlowPathWarning, match="power.. takes more paths than the 3 that are remembered") as caught:
        for n in range(1, 13):
            compiling.new(call_of(power, 2.0, n))
    assert len(caught) == 1
    assert kind not in compiling.choice.trials.tries


# What a machine is walked through


def test_a_walk_is_recorded_under_its_names() -> None:
    walk = call_of(power, 2.0, 3).walk
    assert (walk.name, walk.names) == ("power_value_and_grad", ["x", "n"])
    assert walk.place is not None and walk.place.line == power.__code__.co_firstlineno
    recording = record(walk)
    assert [recording.function.names[p] for p in recording.function.params] == walk.names
    assert recording.results == [8.0, 12.0]


def test_a_recording_that_becomes_long_is_given_up() -> None:
    with pytest.raises(OverBudget):
        record(call_of(power, 2.0, 30).walk, budget=10)
    with pytest.raises(OverBudget):
        record(call_of(power, 2.0, 5).walk, allowance=Allowance(4))
    record(call_of(power, 2.0, 5).walk, allowance=(exact := Allowance(5)))
    assert not exact.exceeded


@pytest.mark.parametrize("control, n, kept", [("keep", 3, True), ("record", 30, None), ("auto", 3, None), ("auto", 30, True)])
def test_what_is_looked_at_is_made_as_it_was_set(control: str, n: int, kept: bool | None) -> None:
    seen: dict[str, Any] = {}
    path, reasons = looked_at(call_of(power, 2.0, n, control=control), seen.__setitem__)
    assert path.kept is kept and reasons == ()
    assert [*seen] == ["adjoint", "optimised", "code"] and seen["code"] is path.built.text


def test_what_is_looked_at_says_why_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(walk: Any, settings: Any, observe: Any) -> Any:
        raise CannotKeep("it is a test", None, "none")

    monkeypatch.setattr(compilation, "keep_path", refuse)
    path, (reason,) = looked_at(call_of(power, 2.0, 30), lambda stage, what: None)
    assert path.kept is None and "it is a test" in reason


def test_the_result_of_a_function_is_not_what_a_machine_works_with() -> None:
    def inner(x):
        return lambda y: x * y

    with pytest.raises(NotDifferentiable, match="function defined inside"):
        record(dataclasses.replace(call_of(inner, 2.0).walk, body=lambda machine, args, kwargs: machine.call(inner, *args)))


# Running


def test_a_path_that_does_not_apply_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(call_of(below, 0.5))
    assert tuple(run(path, [0.25], Effects())) == (0.75, 3.0)
    assert run(path, [2.0], Effects()) is None  # its guard
    assert run(path, ["text"], Effects()) is None  # it raises
    monkeypatch.setitem(globals(), "LIMIT", "text")
    assert run(path, [0.25], Effects()) is None  # its premises


def test_what_has_no_effects_does_not_follow_one() -> None:
    path, effects = path_of(call_of(square, 2.0)), Effects()
    effects.done((print, (), {}), lambda: None)
    assert run(path, [2.0], effects) is None


def test_an_effect_that_has_happened_is_handed_on() -> None:
    made = call_of(logged, 2.0)
    path, _ = record_path(made.walk, made.derived.settings, made.effects)
    LOG.clear()
    assert tuple(run(path, [3.0], effects := Effects())) == (9.0, 6.0) and LOG == [1.0]
    assert tuple(run(path, [3.0], effects)) == (9.0, 6.0) and LOG == [1.0]
    assert tuple(run(path, [3.0], Effects())) == (9.0, 6.0) and LOG == [1.0, 1.0]


def test_the_first_path_that_applies_is_run() -> None:
    small, large = path_of(call_of(below, 0.5)), path_of(call_of(below, 2.0))
    assert first((small, large), [3.0], Effects()) == (large, (9.0, 6.0))
    assert first((small, large), [0.5], Effects()) == (small, (1.5, 3.0))
    assert first((small,), [3.0], Effects()) is None and first((), [3.0], Effects()) is None


def test_strong_products_answer_where_they_change_something() -> None:
    path, x = path_of(call_of(overflow, np.zeros(2))), np.array([0.0, 1000.0])
    quick = path.built
    with np.errstate(over="ignore", invalid="ignore"):
        weak = quick.run(x)
        telling, results = strengthened(path, [x], Effects(), weak)
    assert np.isnan(weak[1][1])
    np.testing.assert_array_equal(results[1], [1.0, 0.0])
    assert telling is path.strong and path.built is path.strong.built and path.built is not quick


def test_strong_products_that_change_nothing_are_not_adopted() -> None:
    path, x = path_of(call_of(lambda x: np.sum(np.exp(x) * x), np.zeros(2))), np.array([0.0, math.nan])
    quick, weak = path.built, path.built.run(x)
    telling, results = strengthened(path, [x], Effects(), weak)
    assert telling is path.strong is not None and path.built is quick
    np.testing.assert_array_equal(results[1], [1.0, math.nan])


def test_an_infinity_alone_is_an_answer() -> None:
    path = path_of(call_of(square, 2.0))
    results = (math.inf, math.inf)
    assert strengthened(path, [1e200], Effects(), results) == (path, results)


# The report


def logarithm(x):
    return np.log(x)


def warned(thunk: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        thunk()
    return [f"{w.category.__name__}: {w.message}" for w in seen]


def test_a_nan_is_reported_with_the_line_where_it_arises() -> None:
    path = path_of(call_of(logarithm, 1.0))
    (text,) = warned(lambda: Report().nonfinite("logarithm", path, [0.0], (-math.inf, math.inf)))
    assert text.startswith("NonFiniteWarning: logarithm() gives a NaN or an infinity for finite arguments, which first arises in ")
    assert text.endswith(f"test_calls.py:{logarithm.__code__.co_firstlineno + 1}: return np.log(x)")


def test_what_is_not_finite_before_is_not_reported() -> None:
    path, report = path_of(call_of(logarithm, 1.0)), Report()
    assert not warned(lambda: report.nonfinite("f", path, [1.0], (0.0, 1.0)))
    assert not warned(lambda: report.nonfinite("f", path, [math.inf], (math.inf, 0.0)))
    assert len(warned(lambda: report.nonfinite("f", path, [math.inf], (math.inf, 0.0), arose=True))) == 1
    nonfinite_warnings(False)
    try:
        assert not warned(lambda: report.nonfinite("f", path, [0.0], (-math.inf, math.inf)))
    finally:
        nonfinite_warnings(True)


def test_the_place_is_looked_for_once_a_line_and_only_where_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("s2sad.calls.report.origin", lambda path, leaves: seen.append(path) or "")
    path, report = path_of(call_of(logarithm, 1.0)), Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        report.nonfinite("f", path, [0.0], (-math.inf, math.inf))
    assert not seen
    warned(lambda: [report.nonfinite("f", path, [0.0], (-math.inf, math.inf)) for _ in range(3)])
    assert seen == [path]


def test_what_is_slow_is_said() -> None:
    assert warned(lambda: Report().compiled_anew("f", InvalidIR("the code fails"))) == [
        "SlowPathWarning: f() is compiled again in each call like this one: the code fails"
    ]
    text = "SlowPathWarning: f() takes more paths than the 3 that are remembered, so calls are compiled again and again"
    assert warned(lambda: Report().many_ways("f", 3, "record", "unheard")) == [f'{text}; control="auto" keeps loops and branches']
    assert warned(lambda: Report().many_ways("f", 3, "auto", "a reason")) == [f"{text}; they are not kept: a reason"]
    assert warned(lambda: Report().many_ways("f", 3, "auto", None)) == [text]


# Results


def test_results_are_put_in_place() -> None:
    for value in ((1.0, 2.0), [1.0, (2.0, [3.0])], {"a": 1.0, "b": [2.0, {}]}, 1.0, ()):
        leaves, structure = trees.flatten(value)
        assert finisher(structure)(tuple(leaves)) == value
    leaves, structure = trees.flatten(([], []))
    one, other = finisher(structure)(tuple(leaves))
    assert one is not other


def test_a_derived_function_forgets_what_its_parts_hold() -> None:
    derivative = value_and_grad(below)
    derivative(2.0)
    assert derivative.paths and derivative.source
    derivative.clear()
    assert derivative.paths == () and derivative.source == derivative.wengert == "" and derivative.reasons == ()
    assert derivative._dispatch.by_position is None
    assert derivative(2.0) == (4.0, 4.0) and len(derivative.paths) == 1


def test_what_is_loaded_at_first_use_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    load = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", lambda name: asked.append(name) or load(name))
    lazily = at_first_use("s2sad.shown.show")
    assert lazily.listing is show.listing and lazily.trace is show.trace
    assert asked == ["s2sad.shown.show"]
    monkeypatch.setattr(show, "listing", None)
    assert lazily.listing is None
