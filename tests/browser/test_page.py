"""The page in a real browser: what lights up, values, tabs, the graph, keys, themes, a phone, paper."""

from __future__ import annotations

import io
import re

import pytest

import s2sad
from tests.browser.shots import GRID, TOLERANCE, coarse, difference, reference
from tests.page.pages import AT, loss, straight

CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *:not(script):not(style)")) {
    if (element.closest("svg") || !element.checkVisibility()) continue;
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const back = behind(element);
    const front = rgb(getComputedStyle(element).color).slice(0, 3).map((v, n) => v * opacity + back[n] * (1 - opacity));
    const [one, other] = [light(front), light(back)].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) found.push([element.textContent.trim().slice(0, 30), element.className, contrast]);
  }
  return found;
}"""


def line(tab, side, text):
    """A line of the source or the generated code that begins so."""
    return tab.locator(f".{side} li").filter(has=tab.locator("code", has_text=re.compile(rf"^\s*{re.escape(text)}"))).first


def texts(tab, selector):
    return [each.strip() for each in tab.locator(f"{selector} code").all_text_contents()]


def classes(tab, selector):
    return tab.locator(selector).all_text_contents()


# What belongs together


def test_a_line_lights_up_what_it_became(opened):
    tab = opened("kept")
    line(tab, "source", "h = np").hover()
    lit = texts(tab, "li.lit")
    assert "h = np.tanh(w * x + k)" in lit and "h = np.tanh(w_times_x + k)" in lit and "w_times_x_bar += h_bar * (1.0 - h * h)" in lit
    assert "s_bar = 1.0" not in lit
    assert tab.locator(".node.lit").count() >= 2
    tab.locator("h1").hover()
    assert tab.locator(".lit").count() == 0


def test_a_generated_line_lights_up_where_it_came_from(opened):
    tab = opened("recorded")
    line(tab, "generated", "h_1 = np.tanh").hover()
    assert texts(tab, ".source li.lit") == ["h = np.tanh(w * x + k)"]


def test_a_variable_lights_up_its_values_and_its_cotangent(opened):
    tab = opened("kept")
    tab.locator(".source [data-name=s]").first.hover()
    assert set(classes(tab, ".is-bar")) == {"s_bar"} and set(classes(tab, ".is-value")) == {"s"}
    colour = "(e) => getComputedStyle(e).backgroundColor"
    assert tab.locator(".is-bar").first.evaluate(colour) != tab.locator(".is-value").first.evaluate(colour)
    tab.locator("h1").hover()
    assert tab.locator(".is-bar, .is-value").count() == 0


def test_a_tangent_lights_up_in_forward_mode(opened):
    tab = opened("forward")
    tab.locator(".source [data-name=a]").first.hover()
    assert set(classes(tab, ".is-bar")) == {"a_dot"}


# Values


def test_a_chosen_line_shows_its_values_on_demand(opened):
    tab = opened("kept")
    assert "0.291313" not in tab.locator("main").inner_text()
    line(tab, "source", "h = np").click()
    said = tab.locator("#details").inner_text()
    assert "[0.291313, 0.379949]" in said and "3 times" in said and "h_bar" in said
    line(tab, "source", "h = np").click()
    assert "0.291313" not in tab.locator("#details").inner_text()


def test_what_is_saved_is_marked(opened):
    tab = opened("kept")
    assert texts(tab, "li:has(> .saves)") == ["w_times_x = w * x", "t_saved = [False] * n", "t_saved[k] = s > 1.0"]
    line(tab, "generated", "w_times_x = w").click()
    assert tab.locator("#details .saves").inner_text() == "saved"


def test_a_variable_in_the_values_lights_up(opened):
    tab = opened("kept")
    line(tab, "source", "s = s + np").click()
    tab.locator("#details button[data-name=s]").focus()
    assert "s_bar" in classes(tab, ".is-bar")


def test_all_lines_show_their_last_values_at_the_press_of_a_button(opened):
    tab = opened("kept")
    button = tab.get_by_role("button", name="Values")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert line(tab, "source", "s = s + np").locator(".now").inner_text() == "s = 3.6047977242773372"
    assert "(of 3)" in line(tab, "source", "h = np").locator(".now").inner_text()
    button.click()
    assert tab.locator(".now:visible").count() == 0


# Tabs


def test_tabs_by_mouse_and_by_arrow_keys(opened):
    tab = opened("kept")

    def panels():
        return [panel.get_attribute("id") for panel in tab.locator("[role=tabpanel]").all() if panel.is_visible()]

    assert panels() == ["panel-graph"]
    tab.get_by_role("tab", name="Wengert list").click()
    assert panels() == ["panel-wengert"] and "carry s_1 from 0.0" in tab.get_by_role("tabpanel").inner_text()
    tab.keyboard.press("ArrowRight")
    assert panels() == ["panel-trace"] and "v0_bar" in tab.get_by_role("tabpanel").inner_text()
    tab.keyboard.press("End")
    assert panels() == ["panel-paths"]
    assert [t.get_attribute("tabindex") for t in tab.get_by_role("tab").all()] == ["-1", "-1", "-1", "0"]
    tab.keyboard.press("ArrowRight")
    assert panels() == ["panel-paths"]
    tab.keyboard.press("Home")
    assert panels() == ["panel-graph"]


def test_guards_stand_in_a_tree_with_counts(opened):
    tab = opened("recorded")
    tab.get_by_role("tab", name="Guards and paths").click()
    said = tab.get_by_role("tabpanel").inner_text()
    assert "n is 3" in said and "2 times" in said and "is false, is true" in said
    tab.locator("#panel-paths summary").first.click()
    assert not tab.get_by_text("n is 3", exact=True).is_visible()


# The graph


def node(tab, text):
    return tab.locator(".node").filter(has=tab.locator("title", has_text=re.compile(rf"^{re.escape(text)}( |$)")))


def test_a_pressed_value_shows_the_way_of_its_cotangent(opened):
    tab = opened("recorded")
    node(tab, "h_2").click()
    flows = [t.split(" = ")[0] for t in tab.locator(".node.flows title").all_text_contents()]
    assert flows[0] == "h_2" and flows[-1] == "s_2" and len(flows) == 3 and not {"w", "h", "h_1"} & set(flows)
    assert tab.locator(".edge.flows").count() == 2
    assert tab.locator("#flow").inner_text() == "The cotangent of h_2 comes through 2 other values, from the result."
    node(tab, "h_2").click()
    assert tab.locator(".flows").count() == 0


def test_the_way_of_a_cotangent_goes_through_loops_and_branches(opened):
    tab = opened("kept")
    node(tab, "w").click()
    flows = {t.split(" = ")[0] for t in tab.locator(".node.flows title").all_text_contents()}
    assert {"w", "h", "s_1", "s_2", "s_3"} <= flows and not {"k", "n", "x"} & flows
    assert tab.locator(".box").count() == 4


def test_the_graph_by_keys(opened):
    tab = opened("recorded")
    tab.locator(".node").first.focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert tab.locator(".node[aria-pressed=true]").get_attribute("data-node") == "1"
    tab.keyboard.press("Escape")
    assert tab.locator(".node[aria-pressed=true]").count() == 0


def test_a_tangent_comes_from_the_inputs(opened):
    tab = opened("forward")
    node(tab, "a").click()
    flows = [t.split(" = ")[0] for t in tab.locator(".node.flows title").all_text_contents()]
    assert flows == ["x", "y", "a"]


# Keys


def test_lines_are_reached_and_chosen_by_keys(opened):
    tab = opened("kept")
    for _ in range(3):
        tab.keyboard.press("Tab")
    focused = "() => document.activeElement.querySelector('code').textContent.trim()"
    assert tab.evaluate(focused) == "def loss(w, x, n):"
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate(focused) == "s = 0.0" and "s = 0.0" in texts(tab, ".generated li.lit")
    for _ in range(2):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("() => document.activeElement.closest('.generated') !== null")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Enter")
    assert "0.291313" in tab.locator("#details").inner_text()
    assert tab.evaluate("() => document.activeElement.getAttribute('aria-selected')") == "true"
    assert tab.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("Escape")
    assert "0.291313" not in tab.locator("#details").inner_text()


def test_the_arrow_keys_go_on_from_part_to_part(opened):
    tab = opened("kept")
    line(tab, "generated", "def loss_value").focus()
    tab.keyboard.press("End")
    assert "return s" in tab.evaluate("() => document.activeElement.textContent")


# Light and dark


def background(tab):
    return tab.evaluate("() => getComputedStyle(document.body).backgroundColor")


def test_the_page_follows_the_system_and_the_button(opened):
    light, dark = opened("kept"), opened("kept", color_scheme="dark")
    assert background(light) == "rgb(255, 255, 255)" and background(dark) == "rgb(20, 23, 29)"
    button = light.get_by_role("button", name="Theme")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((button.inner_text(), background(light)))
    assert seen == [
        ("Theme: light", "rgb(255, 255, 255)"), ("Theme: dark", "rgb(20, 23, 29)"), ("Theme: auto", "rgb(255, 255, 255)"),
    ]  # fmt: skip
    dark.get_by_role("button", name="Theme").click()
    assert background(dark) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["kept", "recorded"])
def test_all_text_stands_out_from_what_is_behind_it(opened, name, scheme):
    tab = opened(name, color_scheme=scheme)
    tab.get_by_role("button", name="Values").click()
    assert tab.evaluate(CONTRAST) == []
    line(tab, "source", "h = np").click()
    tab.locator(".source [data-name=s]").first.hover()
    assert tab.evaluate(CONTRAST) == []
    for number in range(4):
        tab.get_by_role("tab").nth(number).click()
        assert tab.evaluate(CONTRAST) == []


# A phone, and paper


def test_a_phone_shows_one_column_and_nothing_to_push_aside(opened):
    tab = opened("recorded", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= 390
    sides = [s.bounding_box() for s in tab.locator(".side").all()]
    assert sides[0]["y"] + sides[0]["height"] <= sides[1]["y"]
    assert all(b.bounding_box()["height"] >= 40 for b in tab.locator("header button, [role=tab]").all())
    line(tab, "source", "h = np").tap()
    box = tab.locator("#details").bounding_box()
    assert box["y"] + box["height"] <= 844 and box["height"] < 400, "the values stand at the lower edge, and the lines stay in sight"


def test_paper_has_all_parts_in_light_colours(opened):
    tab = opened("kept", color_scheme="dark")
    tab.get_by_role("button", name="Theme").click()
    tab.get_by_role("button", name="Theme").click()  # dark
    tab.emulate_media(media="print")
    assert background(tab) == "rgb(255, 255, 255)"
    assert all(p.is_visible() for p in tab.locator("[role=tabpanel]").all()) and tab.locator("[role=tabpanel]").count() == 4
    assert not [b for b in tab.locator("header button, [role=tab], #details").all() if b.is_visible()]
    assert tab.pdf()[:4] == b"%PDF"


# What the user wrote, and notebooks


def test_a_string_with_a_script_in_it_is_text(opened):
    tab = opened("named")
    assert "</script><script>alert('1')</script>&amp;<!--" in tab.locator(".source").inner_text()
    line(tab, "source", "text =").click()
    assert "</script><script>" in tab.locator("#details").inner_text()


@pytest.mark.parametrize("colours", [("#ffffff", "#000000"), ("#111111", "#dddddd")], ids=["light", "dark"])
def test_a_notebook_shows_a_gradient_and_is_not_disturbed(opened, colours):
    slope = s2sad.grad(loss, control="keep")
    slope(*AT["loss"])
    around = "<p>text</p><pre>text</pre><svg class='graph'><g class='node'><rect width='9' height='9'/></g></svg>"
    back, front = colours
    page = f"<!DOCTYPE html><body style='background:{back};color:{front}'>{around}{{}}</body>"
    asked = "[c.fill, c.margin, c.color, c.fontSize, c.backgroundColor]"
    style = f"() => ['p', 'pre', 'rect'].map((s) => {{ const c = getComputedStyle(document.querySelector(s)); return {asked}; }})"
    alone = opened("", page.format(""), java_script_enabled=True).evaluate(style)
    tab = opened("", page.format(slope._repr_html_()))
    assert tab.evaluate(style) == alone
    assert tab.evaluate(CONTRAST) == []
    assert not tab.locator(".s2sad-gradient svg").is_visible()
    tab.get_by_text("graph", exact=True).click()
    assert tab.locator(".s2sad-gradient svg").is_visible()
    assert tab.locator(".s2sad-gradient pre").nth(1).inner_text().startswith("def loss_value_and_grad")


# As it looks


@pytest.mark.parametrize("name", sorted(GRID))
def test_the_page_looks_as_it_did(opened, name):
    """In grey squares: fonts differ from machine to machine. `python -m tests.screenshots` makes the squares anew."""
    page, options = GRID[name]
    tab = opened(page, **options)
    shot = coarse(io.BytesIO(tab.screenshot()))
    assert difference(shot, reference(name)) < TOLERANCE


def test_a_page_without_its_style_is_seen_to_look_otherwise(opened):
    tab = opened(GRID["light"][0])
    tab.evaluate("() => document.querySelector('style').remove()")
    assert difference(coarse(io.BytesIO(tab.screenshot())), reference("light")) > TOLERANCE


def test_every_kind_of_derivative_is_drawn(opened):
    slope = s2sad.jacobian(straight)
    slope(0.5, 2.0)
    tab = opened("", slope._repr_html_())
    assert tab.get_by_text("generated code").is_visible()
