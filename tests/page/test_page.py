"""The file: well-formed, in one piece, with everything escaped; and what a notebook shows."""

from __future__ import annotations

import builtins
import html.parser
import json
import re
import sys

import numpy as np
import pytest

import s2sad
from s2sad import page
from s2sad.page import render
from tests.command_line import folder_fixture, run_fixture  # noqa: F401
from tests.page.pages import AT, forward, loss, made, many, named, straight

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Structure(html.parser.HTMLParser):
    """Elements that are closed in the order they were opened, their ids, and what their attributes refer to."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.asked: list[str] = []
        self.urls: list[str] = []
        self.scripts: list[str] = []
        self.wrong: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        if tag not in VOID and not (tag == "path" or tag == "rect"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("aria-controls", "aria-labelledby", "for"):
                self.asked += value.split()
            elif name in ("src", "href", "action", "srcset", "poster", "data"):
                self.urls.append(value)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID and tag not in ("path", "rect"):
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)


PAGES = {
    "kept": lambda: made(loss, control="keep"),
    "recorded": lambda: made(loss, control="record"),
    "straight": lambda: made(straight, argnums=(0, 1)),
    "forward": lambda: forward(straight, (1.0, 0.5)),
    "named": lambda: made(named),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed_and_needs_nothing_else(name):
    text = page.page_html(PAGES[name]())
    found = Structure(text)
    assert not found.wrong
    assert len(found.ids) == len(set(found.ids)) and set(found.asked) <= set(found.ids)
    assert found.urls == ["data:,"]
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)|fetch\(|XMLHttpRequest|import\(", text)
    assert not [u for u in re.findall(r"https?://[^\s\"'<]+", text) if not u.startswith("http://www.w3.org/")]


def test_what_stands_in_the_users_strings_is_text():
    text = page.page_html(made(named))
    found = Structure(text)
    assert "alert('1')</script>&amp;<!--" in "".join(found.text), "as it stands in the source"
    assert len(found.scripts) == 2 and "alert" not in found.scripts[1]
    data = json.loads(found.scripts[0])
    assert any("</script>" in str(each) for each in data["values"].values())
    assert not re.search(r"[<>&]", found.scripts[0])


def test_the_page_has_source_code_values_and_tabs():
    text = page.page_html(made(loss, control="keep"))
    said = "".join(Structure(text).text)
    for part in ("Your source", "Generated code", "Forward", "Adjoint", "Results", "Graph", "Wengert list", "Trace", "Guards and paths"):
        assert part in said
    assert "s_bar = 0.5 * s_bar" in said and "for k from range(0, n, 1)" in said and "3.6047977242773372" in said


def test_what_was_measured_and_what_is_not_finite_have_tabs_when_they_are_given():
    class Cost:
        def __init__(self, line, text):
            self.file, self.line, self.text = loss.__code__.co_filename, line, text
            self.forward, self.adjoint, self.forward_bytes, self.adjoint_bytes = 1.5e-5, 0.0025, 2048, 3 * 2**20

    class Profile:
        lines = (Cost(loss.__code__.co_firstlineno + 3, "h = np.tanh(w * x + k)"),)
        calls, seconds = 10, 0.1

    from tests.page.pages import call

    text = page.page_html(page.of_call(call(loss, control="keep"), profile=Profile(), nonfinite="nan < in the adjoint of m.py:3"))
    said = " ".join("".join(Structure(text).text).split())
    assert "15.0 µs + 2.50 ms" in said and "2.0 kB" in said and "3.0 MB" in said
    assert "nan < in the adjoint of m.py:3" in said
    assert "Profile" not in page.page_html(made(loss, control="keep"))


def test_inspect_writes_the_page_and_says_so(run, folder):
    status, out, err = run("inspect", "model.py:f", "--at", "2", "1", "--html", "out.html")
    assert (status, err) == (0, "imported\ns2sad: wrote out.html\n") and out.startswith("def f_value_and_grad")
    assert not Structure((folder / "out.html").read_text(encoding="utf-8")).wrong


@pytest.mark.parametrize("options", [("--mode", "forward"), ("--control", "keep"), ("--backend", "numba"), ("--json",)])
def test_inspect_writes_it_in_each_mode(run, folder, options):
    if "numba" in options:
        pytest.importorskip("numba")
    status, out, _ = run("inspect", "model.py:f", "--at", "2", "3", "--html", "out.html", *options)
    assert status == 0 and (folder / "out.html").exists()
    if "--json" in options:
        assert json.loads(out)["html"] == "out.html"


def test_inspect_gives_the_page_what_it_measures_and_where_a_nan_arises(run, folder):
    status, _, _ = run("inspect", "model.py:norm", "--at", "1e200", "--profile", "--nan", "--html", "out.html")
    found = Structure((folder / "out.html").read_text(encoding="utf-8"))
    said = "".join(found.text)
    assert status == 0 and not found.wrong
    assert "memory, adjoint" in said and "first arises in model.py" in said and "see the tab" in said


def test_effects_happen_once_whatever_the_page_looks_at(run):
    status, _, err = run("inspect", "model.py:power", "--at", "2", "3", "--argnums", "0", "--html", "out.html")
    assert status == 0 and err.count("called") == 1


def test_a_place_that_cannot_be_written_is_an_error(run):
    status, _, err = run("inspect", "model.py:f", "--at", "2", "1", "--html", "nowhere/out.html")
    assert status == 2 and "nowhere/out.html cannot be written" in err


@pytest.fixture
def without_jinja2(monkeypatch):
    """As if jinja2 were not installed."""
    imported = builtins.__import__

    def refusing(name, *rest, **options):
        if name.partition(".")[0] in ("jinja2", "markupsafe"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return imported(name, *rest, **options)

    render.templates.cache_clear()
    monkeypatch.delitem(sys.modules, "jinja2", raising=False)
    monkeypatch.setattr(builtins, "__import__", refusing)
    yield
    render.templates.cache_clear()


def test_without_jinja2_the_command_says_what_to_install(run, without_jinja2):
    status, _, err = run("inspect", "model.py:f", "--at", "2", "1", "--html", "out.html")
    assert status == 2 and err.endswith("pip install 's2sad[html]'\n")


def test_without_jinja2_a_notebook_shows_the_plain_text(without_jinja2):
    assert s2sad.grad(straight)._repr_html_() is None


# In a notebook


def test_a_gradient_shows_itself_before_and_after_its_first_call():
    slope = s2sad.grad(loss, control="keep")
    before = slope._repr_html_()
    assert "def</span>" in before and "Not compiled yet" in before
    slope(*AT["loss"])
    text = slope._repr_html_()
    found = Structure(text)
    said = "".join(found.text)
    assert not found.wrong and not found.scripts
    assert "w_times_x_bar += h_bar" in said and "1 path, 1 call" in said and "<svg" in text
    assert "served 1 call" in " ".join(said.split())


def test_long_code_does_not_fill_a_cell():
    slope = s2sad.grad(many, control="record")
    slope(0.3, 800)
    text = slope._repr_html_()
    assert len(text) < 10_000 and "too long for a cell" in text and "def</span>" in text


@pytest.mark.parametrize(
    "make",
    [
        lambda: (s2sad.jacobian(lambda x: x * x[0]), (np.ones(3),)),
        lambda: (s2sad.hessian(lambda x: np.sum(x**3)), (np.ones(3),)),
        lambda: (s2sad.value_and_grad(straight, (0, 1)), (0.5, 2.0)),
        lambda: (s2sad.elementwise_grad(np.sin), (np.ones(3),)),
        lambda: (s2sad.grad(s2sad.grad(lambda x: x**4)), (2.0,)),
    ],
    ids=["jacobian", "hessian", "value_and_grad", "numpy", "twice"],
)
def test_every_kind_of_derivative_shows_itself(make):
    derived, args = make()
    assert not Structure(derived._repr_html_()).wrong
    derived(*args)
    text = derived._repr_html_()
    assert not Structure(text).wrong and "generated code" in text


def test_the_style_of_a_notebook_is_its_own():
    slope = s2sad.grad(straight)
    slope(0.5, 2.0)
    one, other = slope._repr_html_(), slope._repr_html_()
    identity = re.search(r'<div id="(s2sad-\d+)"', one)[1]
    style = re.search(r"<style>(.*?)</style>", one, re.S)[1]
    selectors = [s.strip() for rule in re.findall(r"([^{}]+)\{", style) for s in rule.split(",")]
    assert selectors and all(s.startswith(f"#{identity}") for s in selectors)
    assert identity not in other
