"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const details = document.getElementById("details");
  const hint = details.innerHTML;
  const lines = all(".listing li");
  let chosen = null;

  // What belongs together: lines by the user's line, names by the user's variable.

  const byKey = new Map();
  for (const line of lines) {
    const key = line.dataset.key || line.dataset.from;
    if (key) byKey.set(key, [...(byKey.get(key) || []), line]);
  }
  const keyOf = (line) => line.dataset.key || line.dataset.from || "";
  const byName = new Map();
  for (const word of all(".listing [data-name]")) {
    const name = word.dataset.of || word.dataset.name;
    byName.set(name, [...(byName.get(name) || []), word]);
  }

  const put = (elements, name, on) => elements.forEach((element) => element.classList.toggle(name, on));

  function lightLine(line, on) {
    put(byKey.get(keyOf(line)) || [line], "lit", on);
    if (!keyOf(line)) return;
    all(".node").forEach((node) => {
      if (data.places[Number(node.dataset.node)] === keyOf(line)) node.classList.toggle("lit", on);
    });
  }

  function lightName(name, on) {
    for (const word of byName.get(name) || []) {
      const bar = word.dataset.kind === "bar" || word.dataset.kind === "dot";
      word.classList.toggle(bar ? "is-bar" : "is-value", on);
    }
  }

  let over = { line: null, name: null };
  function point(line, name) {
    if (over.line !== line) {
      if (over.line) lightLine(over.line, false);
      if (line) lightLine(line, true);
    }
    if (over.name !== name) {
      if (over.name) lightName(over.name, false);
      if (name) lightName(name, true);
    }
    over = { line, name };
  }
  document.addEventListener("pointerover", (event) => {
    const word = event.target.closest("[data-name]");
    const line = event.target.closest(".listing li");
    point(line, word ? word.dataset.of || word.dataset.name : null);
  });
  document.documentElement.addEventListener("pointerleave", () => point(null, null));
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest(".listing li");
    const word = event.target.closest("#details [data-name]");
    point(line || (word ? chosen : null), word ? word.dataset.of || word.dataset.name : null);
  });

  // Values of a line

  const made = (kind, text, attributes = {}) => {
    const element = document.createElement(kind);
    if (text !== undefined) element.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const base = new Map();
  for (const [name, found] of Object.entries(data.variables)) {
    base.set(name, [name, ""]);
    found.values.forEach((each) => base.set(each, [name, ""]));
    found.cotangents.forEach((each) => base.set(each, [name, "bar"]));
    found.saved.forEach((each) => base.set(each, [name, "saved"]));
  }

  function course([, first, last, count]) {
    const left = count - first.length - last.length;
    const values = [...first, ...(left > 0 ? ["…"] : []), ...last];
    return values.length > 1 || left > 0 ? `${values.join("\n")}` : values[0];
  }

  function show(line) {
    if (chosen) {
      chosen.classList.remove("chosen");
      chosen.setAttribute("aria-selected", "false");
    }
    chosen = line;
    details.replaceChildren();
    details.classList.toggle("open", line !== null);
    if (!line) {
      details.innerHTML = hint;
      return;
    }
    line.classList.add("chosen");
    line.setAttribute("aria-selected", "true");
    const found = (line.dataset.key ? data.values[line.dataset.key] : data.values[line.id]) || [];
    const table = made("table");
    table.append(made("caption", `${line.dataset.key ? "Line" : "Generated line"} ${line.querySelector(".number").textContent}`));
    for (const each of found) {
      const [name, , , count] = each;
      const row = made("tr");
      const head = made("th", undefined, { scope: "row" });
      const of = (base.get(name) || [name])[0];
      head.append(made("button", name, { class: "variable", type: "button", "data-name": name, "data-of": of }));
      if (data.saved.includes(name) && !line.dataset.key) head.append(made("span", "saved", { class: "saves" }));
      if (count > 1) head.append(made("span", `${count} times`, { class: "count" }));
      row.append(head, made("td", course(each)));
      table.append(row);
    }
    if (found.length) details.append(table);
    else details.append(table.caption, made("p", "This line gives no name a value.", { class: "quiet" }));
    const also = cotangents(found.map(([name]) => name));
    if (also) details.append(made("p", also, { class: "quiet" }));
  }

  function cotangents(names) {
    const said = names.filter((name) => data.variables[name] && data.variables[name].cotangents.length)
      .map((name) => `${name}: ${data.variables[name].cotangents.join(", ")}`);
    const what = data.mode === "forward" ? "Tangents" : "Cotangents";
    return said.length ? `${what} in the code: ${said.join("; ")}` : "";
  }

  document.addEventListener("click", (event) => {
    const line = event.target.closest(".listing li");
    if (!line) return;
    stops(line);
    line.focus({ preventScroll: true });
    show(line === chosen ? null : line);
  });

  // Keys

  function stops(line) {
    all("li", line.closest(".listing")).forEach((each) => { each.tabIndex = each === line ? 0 : -1; });
  }

  function beside(elements, element, key, forth, back) {
    const at = elements.indexOf(element);
    if (key === forth) return elements[Math.min(at + 1, elements.length - 1)];
    if (key === back) return elements[Math.max(at - 1, 0)];
    if (key === "Home") return elements[0];
    if (key === "End") return elements[elements.length - 1];
    return null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = event.target.closest(".listing li");
    const tab = event.target.closest("[role=tab]");
    const node = event.target.closest(".node");
    if (event.key === "Escape") {
      const back = chosen;
      show(null);
      flow(null);
      if (back && details.contains(document.activeElement)) back.focus();
    } else if (line) lineKey(event, line);
    else if (tab) tabKey(event, tab);
    else if (node) nodeKey(event, node);
  });

  function lineKey(event, line) {
    const side = all("li", line.closest(".side"));
    const next = beside(side, line, event.key, "ArrowDown", "ArrowUp");
    if (next) {
      stops(next);
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") show(line === chosen ? null : line);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const other = (byKey.get(keyOf(line)) || []).find((each) => each.closest(".side") !== line.closest(".side"));
      if (!other) return;
      stops(other);
      other.focus();
    } else return;
    event.preventDefault();
  }

  // Tabs

  const tabs = all("[role=tab]");
  function select(tab) {
    for (const each of tabs) {
      const on = each === tab;
      each.setAttribute("aria-selected", String(on));
      each.tabIndex = on ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !on;
    }
  }
  tabs.forEach((tab) => tab.addEventListener("click", () => select(tab)));
  function tabKey(event, tab) {
    const next = beside(tabs, tab, event.key, "ArrowRight", "ArrowLeft");
    if (!next) return;
    select(next);
    next.focus();
    event.preventDefault();
  }

  // The graph: the way of a cotangent goes from the output to the value, that of a tangent from the inputs.

  const picture = document.querySelector(".graph");
  const nodes = all(".node", picture);
  const said = document.getElementById("flow");
  const invitation = said.textContent;
  let begun = null;

  function reach(starts, next) {
    const found = new Set(starts);
    const waiting = [...starts];
    while (waiting.length) {
      for (const node of next.get(waiting.pop()) || []) {
        if (!found.has(node)) {
          found.add(node);
          waiting.push(node);
        }
      }
    }
    return found;
  }

  const uses = new Map();
  const operands = new Map();
  for (const [from, to, kind] of data.edges) {
    if (kind === "test") continue;
    uses.set(from, [...(uses.get(from) || []), to]);
    operands.set(to, [...(operands.get(to) || []), from]);
  }

  function flow(node) {
    const again = node === begun;
    begun = again ? null : node;
    const number = begun ? Number(begun.dataset.node) : -1;
    let on = new Set();
    if (begun && data.mode === "forward") on = reach([number], operands);
    else if (begun) on = reach([number], uses); // all that is drawn leads to the result
    picture.classList.toggle("chosen-one", begun !== null);
    nodes.forEach((each, n) => {
      each.classList.toggle("flows", on.has(n));
      each.classList.toggle("begins", each === begun);
      each.setAttribute("aria-pressed", String(each === begun));
    });
    all(".edge", picture).forEach((edge) => {
      const both = on.has(Number(edge.dataset.from)) && on.has(Number(edge.dataset.to));
      edge.classList.toggle("flows", both && !edge.classList.contains("test"));
    });
    if (!begun) said.textContent = invitation;
    else {
      const name = begun.querySelector("title").textContent.split(" = ")[0];
      const others = on.size - 1;
      said.textContent = data.mode === "forward"
        ? `The tangent of ${name} comes from ${others} other value${others === 1 ? "" : "s"}.`
        : `The cotangent of ${name} comes through ${others} other value${others === 1 ? "" : "s"}, from the result.`;
    }
  }

  nodes.forEach((node, n) => {
    node.addEventListener("click", () => flow(node));
    const light = (on) => { (byKey.get(data.places[n]) || []).forEach((line) => line.classList.toggle("lit", on)); };
    node.addEventListener("pointerenter", () => light(true));
    node.addEventListener("pointerleave", () => light(false));
    node.addEventListener("focus", () => light(true));
    node.addEventListener("blur", () => light(false));
  });
  function nodeKey(event, node) {
    const next = beside(nodes, node, event.key, "ArrowDown", "ArrowUp");
    if (next) {
      nodes.forEach((each) => each.setAttribute("tabindex", each === next ? "0" : "-1"));
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") flow(node);
    else return;
    event.preventDefault();
  }

  // Buttons

  const inline = document.getElementById("inline");
  inline.addEventListener("click", () => {
    const on = inline.getAttribute("aria-pressed") !== "true";
    inline.setAttribute("aria-pressed", String(on));
    for (const line of lines) {
      const found = on && (line.dataset.key === line.id ? data.values[line.id] : line.dataset.key ? null : data.values[line.id]);
      const texts = (found || []).map(([name, first, last, count]) => {
        const value = (last[last.length - 1] || first[first.length - 1] || "").replace(/\s+/g, " ");
        return `${name} = ${value.length > 60 ? value.slice(0, 60) + "…" : value}${count > 1 ? ` (of ${count})` : ""}`;
      });
      line.querySelector(".now").textContent = texts.join("   ");
    }
  });

  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  let current = "auto";
  theme.addEventListener("click", () => {
    current = themes[(themes.indexOf(current) + 1) % 3];
    if (current === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = current;
    theme.textContent = `Theme: ${current}`;
    theme.setAttribute("aria-label", `Theme: ${current === "auto" ? "as the system has it" : current}`);
  });
})();
