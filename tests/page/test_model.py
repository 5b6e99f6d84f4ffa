"""What a page is made of: which line became which, names and their cotangents, values, what is saved, what is asked."""

from __future__ import annotations

import numpy as np
import pytest

import s2sad
from s2sad import page
from s2sad.api.inspection import Inspection
from s2sad.page.generated import original
from s2sad.page.values import FIRST, LAST, watch
from tests.page import pages
from tests.page.pages import forward, helped_in_a_loop, line, loss, made, many, named, parted, straight, users


def became(found, function, text):
    return found.generated_of(function.__code__.co_filename, users(function, text))


@pytest.mark.parametrize(
    ("text", "section", "users_line"),
    [
        ("w_times_x = w * x", "forward", "h ="),
        ("s = 0.0", "forward", "s = 0.0"),
        ("for k in range(n)", "forward", "for k"),
        ("h = np.tanh", "forward", "h ="),
        ("if s > 1.0", "forward", "if s"),
        ("s += h.sum()", "forward", "s = s + np"),
        ("s = s * 0.5", "forward", "s = s * 0.5"),
        ("s_bar = 1.0", "adjoint", "return s"),
        ("w_times_x_bar = np.zeros", "adjoint", "for k"),
        ("for k in range(n - 1", "adjoint", "for k"),
        ("if t_saved[k]", "adjoint", "if s"),
        ("s_bar = 0.5", "adjoint", "s = s * 0.5"),
        ("w_times_x_bar +=", "adjoint", "h ="),
        ("return s", "result", "return s"),
    ],
)
def test_each_line_of_kept_code_knows_the_users_line(text, section, users_line):
    found = line(made(loss, control="keep"), text, section)
    assert found.place == (loss.__code__.co_filename, users(loss, users_line))


def test_what_is_asked_of_sizes_belongs_to_the_head_of_the_function():
    found = made(loss, control="keep")
    raised = next(c for c in found.lines if c.text.strip() == "raise OtherPath")
    assert raised.leaves and line(found, "if x.shape").place[1] in (loss.__code__.co_firstlineno, users(loss, "h ="))
    assert raised.place == line(found, "if x.shape").place


def test_what_is_computed_again_belongs_to_the_one_line_that_assigns_it():
    found = made(parted, control="keep")
    file = parted.__code__.co_filename
    assert line(found, "part = y[0:2]", "adjoint").place == (file, users(parted, "part ="))
    assert line(found, "y_bar = np.zeros", "adjoint").place == (file, users(parted, "for _"))


def test_a_loop_whose_steps_are_in_a_helper_belongs_to_its_own_line():
    found = made(helped_in_a_loop, control="keep")
    assert line(found, "for ").place == (helped_in_a_loop.__code__.co_filename, users(helped_in_a_loop, "for k"))


def test_a_line_of_the_users_becomes_lines_in_both_parts():
    found = made(loss, control="keep")
    sections = {found.lines[n - 1].section for n in became(found, loss, "h =")}
    assert sections == {"forward", "adjoint"}


def test_an_unrolled_loop_has_every_step_under_its_line():
    found = made(loss, control="record")
    texts = [found.lines[n - 1].text.strip() for n in became(found, loss, "h =")]
    assert [t.partition(" = ")[0] for t in texts if "np.tanh" in t] == ["h", "h_1", "h_2"]
    assert found.kind == "recorded"


def test_every_line_has_its_part_in_the_order_forward_adjoint_result():
    parts = ["forward", "adjoint", "result"]
    for control in ("keep", "record"):
        sections = [c.section for c in made(loss, control=control).lines]
        assert sections == sorted(sections, key=parts.index) and set(sections) == {*parts}


def test_a_variable_knows_its_cotangents_and_saved_values():
    found = {v.name: v for v in made(loss, control="keep").variables}
    assert found["s"].cotangents == ["s_bar"] and found["h"].cotangents == ["h_bar"]
    assert found["h"].values == ["h"] and not found["n"].cotangents


def test_what_the_adjoint_reads_of_the_forward_part_is_saved():
    assert made(loss, control="keep").saved == ["w_times_x", "t_saved"]  # and not `h`, which is computed again
    assert {"h", "h_1", "h_2"} <= set(made(loss, control="record").saved)  # those that only the result reads as well


def test_names_that_look_generated_are_the_users_own_where_he_has_them():
    assert original("x_bar", {"x", "x_bar"}) == ("x_bar", "value")
    assert original("x_bar_2", {"x"}) == ("x", "bar")
    assert original("x_1_dot", {"x"}) == ("x", "dot")
    assert original("t1_bar", {"x"}) == ("", "")


def test_a_helper_is_shown_below_the_function():
    found = made(straight)
    assert [b.name for b in found.blocks] == ["straight", "helped"]
    assert became(found, pages.helped, "return")


def test_values_are_those_of_the_function_and_of_the_generated_code():
    found = made(loss, control="keep")
    file = loss.__code__.co_filename
    tanh = found.values[file, users(loss, "h =")]["h"]
    assert tanh.count == 3 and tanh.first[0].startswith("[0.291313, 0.379949]")
    assert found.values[file, users(loss, "for k")]["k"].first == ["0", "1", "2"]
    assert found.values["", line(found, "s_bar = 0.5", "adjoint").number]["s_bar"].first == ["0.5", "0.25"]
    assert found.values[file, users(loss, "def loss")]["n"].first == ["3"]


def test_many_values_are_the_first_and_the_last():
    found = made(many, control="keep")
    total = found.values[many.__code__.co_filename, users(many, "total = total")]["total"]
    assert (total.count, len(total.first), len(total.last)) == (100, FIRST, LAST)
    assert float(total.last[-1]) == many(0.3, 100)


def test_the_trace_of_a_long_run_is_left_to_the_terminal(monkeypatch):
    monkeypatch.setattr("s2sad.page.model.TRACED", 20)
    assert "too many to read" in made(many, control="keep").trace


def test_a_function_with_effects_is_not_run_once_more():
    calls = []

    def noisy(x):
        calls.append(1)
        y = x * x
        return y * 2.0

    found = page.of_call(Inspection(s2sad.grad(noisy), (3.0,), {}))
    assert len(calls) == 1
    assert any("effects" in note for note in found.notes)
    assert any("y" in names for place, names in found.values.items() if place[0] == "")


def test_looking_leaves_arguments_and_the_tracer_as_they_are():
    import sys

    def writes(x):
        x[0] = 2.0 * x[1]
        return np.sum(x * x)

    x = np.array([1.0, 3.0])
    before = sys.gettrace()
    page.of_call(Inspection(s2sad.grad(writes), (x,), {}))
    assert x.tolist() == [1.0, 3.0] and sys.gettrace() is before


def test_a_run_that_is_too_long_goes_on_unseen(monkeypatch):
    monkeypatch.setattr("s2sad.page.values.EVENTS", 20)
    file = many.__code__.co_filename
    lines = {n: (n, 0, ("total",)) for n in range(many.__code__.co_firstlineno, many.__code__.co_firstlineno + 6)}
    results = []
    seen = watch(lambda: results.append(many(0.3, 50)), {file: lines})
    assert not seen.complete and results == [many(0.3, 50)]


def test_long_code_is_cut_with_a_note(monkeypatch):
    monkeypatch.setattr("s2sad.page.model.MOST_LINES", 30)
    found = made(many, control="record")
    assert len(found.lines) == 30 and any("the first 30" in note for note in found.notes)
    assert not [n for (file, n) in found.values if not file and n > 30]


def test_forward_mode_has_tangents_among_the_values():
    found = forward(straight, (1.0, 0.5))
    assert found.mode == "forward" and {c.section for c in found.lines} == {"forward", "tangent", "result"}
    variable = next(v for v in found.variables if v.name == "a")
    assert variable.cotangents == ["a_dot"]


def test_paths_say_what_they_ask_and_how_often():
    (way,) = made(loss, control="record").ways
    asked = {q.subject: q.answers for q in way.questions}
    assert asked == {"`n`": (("is 3", 1),), "`s > 1.0`": (("is false", 1), ("is true", 1))}
    assert all(q.place.startswith("pages.py:") for q in way.questions)


def test_native_code_shows_the_python_it_was_made_of_and_itself():
    pytest.importorskip("numba")
    found = made(loss, control="keep", backend="numba")
    assert "for" in found.native and found.ways[0].native
    assert line(found, "h = np.tanh").place == (loss.__code__.co_filename, users(loss, "h ="))


def test_a_value_that_cannot_be_shown_is_named_by_its_class():
    class Odd:
        def __repr__(self):
            raise ValueError

    from s2sad.page.values import shown

    assert shown(Odd()) == "<Odd>" or "Odd" in shown(Odd())
    assert len(shown(np.zeros(10_000))) < 500 and "float64[10000]" in shown(np.zeros(10_000))


def test_a_lambda_and_a_function_without_text():
    squared = page.of_call(Inspection(s2sad.grad(lambda x: x * x), (3.0,), {}))
    assert squared.blocks[0].lines and squared.lines
    assert made(named).blocks[0].name == "named"
