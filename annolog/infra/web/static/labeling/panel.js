// The list of regions: each with its labels and words, its answers, and what can be done with it.

import { button, make } from "./dom.js";
import { inWords } from "./differences.js";
import { described, removeRegions, unchanged } from "./regions.js";

const SHOWN_SHAPES = ["span", "rectangle", "ellipse", "polygon", "keypoint"];

export function panel(desk, kinds) {
  const rows = new Map();
  const list = make("div", { class: "an-lb-regions" });
  const title = make("h3", {}, "Regions");
  const none = make("p", { class: "an-note" }, "Nothing is marked yet.");
  const element = make("section", { class: "an-lb-panel", "aria-label": "Regions" }, make("div", { class: "an-lb-panel-head" }, title, history(desk)), none, list, relations(desk));
  const tools = toolsOf(desk);
  let current = null;

  const build = (region) => {
    const swatch = make("span", { class: "an-lb-swatch", "aria-hidden": "true" });
    const labels = make("span", { class: "an-lb-row-label", dir: "auto" });
    const what = make("span", { class: "an-lb-row-words", dir: "auto" });
    const more = make("span", { class: "an-lb-row-more", dir: "auto" });
    const choose = make("button", { type: "button", class: "an-lb-row-button", "data-region": region.id }, swatch, labels, what, more);
    const node = make("li", {}, choose);
    return { node, choose, swatch, labels, what, more };
  };
  const fill = (row, region, notes) => {
    row.swatch.style.background = desk.colorOf(region);
    row.labels.textContent = region.labels.join(", ") || "No label";
    row.what.textContent = described(region).slice(0, 200);
    row.more.textContent = notes;
  };
  /** What was answered about a region, and who sees it otherwise. */
  const notesOf = (region, answered) => {
    const full = SHOWN_SHAPES.includes(region.shape) && kinds.has(region.target) ? [] : ["shown in the full editor only"];
    const others = desk.differences?.regions.get(region.id);
    const origin = { prediction: ["suggested"], "prediction-changed": ["suggested, changed"] }[region.items[0].origin] ?? [];
    return [...full, ...origin, ...(answered.get(region.id) ?? []), ...(others ? [`differs from ${others.join(", ")}`] : [])].join(" · ");
  };
  const asking = [...desk.controls.values()].filter((control) => control.perRegion);
  const answersByRegion = () => {
    const found = new Map();
    if (asking.length) {
      for (const item of desk.answers.items) {
        const control = asking.find((one) => one.name === item.from_name && one.type === item.type);
        if (control) found.set(item.id, [...(found.get(item.id) ?? []), inWords(control, item.value)]);
      }
    }
    return found;
  };

  desk.watch(() => {
    const { regions } = desk;
    const answered = answersByRegion();
    for (const [id, row] of rows) if (!regions.has(id)) { row.node.remove(); rows.delete(id); }
    let last = null;
    for (const region of regions.values()) {
      let row = rows.get(region.id);
      if (!row) rows.set(region.id, (row = build(region)));
      const notes = notesOf(region, answered);
      if (!row.region || !unchanged(row.region, region) || row.notes !== notes) { fill(row, region, notes); row.region = region; row.notes = notes; }
      row.choose.classList.toggle("an-lb-off", desk.hidden.has(region.id));
      row.choose.classList.toggle("an-lb-differs", Boolean(desk.differences?.regions.has(region.id)));
      place(list, last, row.node);
      last = row.node;
    }
    for (const part of [...list.children]) if (!part.firstElementChild) part.remove();
    title.textContent = regions.size ? `Regions (${regions.size})` : "Regions";
    none.hidden = regions.size > 0;
    element.hidden = !regions.size && !kinds.size;
    tools.update();
  });
  desk.onSelect((id, from) => {
    if (current) { current.choose.removeAttribute("aria-current"); current.node.classList.remove("an-lb-current"); }
    tools.element.remove();
    const row = rows.get(id);
    current = row ?? null;
    if (!row) return;
    row.node.classList.add("an-lb-current");
    row.choose.setAttribute("aria-current", "true");
    row.node.append(tools.element);
    if (from !== "list") row.node.scrollIntoView({ block: "nearest" });
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-region]");
    if (!row) return;
    if (desk.relating) desk.relating(row.dataset.region);
    else desk.select(row.dataset.region, "list");
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest(".an-lb-row-button");
    if (!step || !row || event.altKey) return;
    const all = [...list.querySelectorAll(".an-lb-row-button")];
    all[all.indexOf(row) + step]?.focus();
    event.preventDefault();
  });
  return element;
}

const PART = 50;

/**
 * Put a row after another one, or first. The list is in parts, since a browser looks at all the neighbours of an element
 * that comes or goes.
 */
function place(list, last, node) {
  const after = last ? last.nextElementSibling ?? last.parentElement.nextElementSibling?.firstElementChild : list.firstElementChild?.firstElementChild;
  if (after === node) return;
  const part = last?.parentElement;
  if (part && (part.childElementCount < PART || last.nextElementSibling)) last.after(node);
  else {
    const fresh = make("ul", {}, node);
    if (part) part.after(fresh); else list.prepend(fresh);
  }
}

/** Whoever was at a button that is gone, or has nothing to do any more, is at the step back or forth. */
function stay(desk) {
  if (document.activeElement.matches("body, :disabled")) desk.root.querySelector(".an-lb-panel-head button:not(:disabled)")?.focus();
}

/** Back and forth. */
function history(desk) {
  if (desk.readonly) return null;
  const undo = button("Undo", () => { desk.answers.undo(); stay(desk); }, { icon: "↶", small: true });
  const redo = button("Redo", () => { desk.answers.redo(); stay(desk); }, { icon: "↷", small: true });
  desk.watch(() => { undo.disabled = !desk.answers.canUndo; redo.disabled = !desk.answers.canRedo; });
  return make("span", { class: "an-lb-row" }, undo, redo);
}

/** What can be done with the selected region, shown in its row. */
function toolsOf(desk) {
  const hide = button("Hide", () => desk.hide(desk.selected, !desk.hidden.has(desk.selected)), { small: true });
  const relate = button("Relate", () => startRelation(desk), { small: true });
  const remove = button("Delete", () => { removeRegions(desk.answers, [desk.selected]); stay(desk); }, { small: true });
  const element = make("div", { class: "an-lb-row an-lb-row-tools", role: "group", "aria-label": "Selected region" }, hide, ...(desk.readonly ? [] : [relate, remove]));
  return { element, update() { hide.textContent = desk.hidden.has(desk.selected) ? "Show" : "Hide"; relate.setAttribute("aria-pressed", String(Boolean(desk.relating))); } };
}

/** The region chosen next is what the selected one is related to. */
export function startRelation(desk) {
  const from = desk.selected;
  if (!from || desk.readonly) return false;
  desk.relating = (to) => {
    desk.relating = null;
    if (to === from) { desk.refresh(); return; }
    desk.answers.put([...desk.answers.items, { from_id: from, to_id: to, type: "relation", direction: "right", labels: [] }]);
    desk.select(from, "list");
    desk.say("Relation added");
  };
  desk.say("Choose the other region");
  desk.refresh();
  return true;
}

/** Relations, each with its direction and labels. */
function relations(desk) {
  const list = make("ul", { class: "an-lb-relations", "aria-label": "Relations" });
  const head = make("h3", {}, "Relations");
  const element = make("div", {}, head, list);
  const signs = { right: "→", left: "←", bi: "↔" };
  const name = (id) => { const region = desk.regions.get(id); return region ? `${region.labels.join(", ") || "Region"} “${described(region).slice(0, 60)}”` : "a region that is not there"; };
  let shown = null;
  const choose = (item, label) => desk.answers.put(desk.answers.items.map((one) => (one === item ? { ...item, labels: label ? [label] : [] } : one)));
  desk.watch(() => {
    const found = desk.answers.items.filter((item) => item.type === "relation");
    element.hidden = !found.length;
    if (shown === desk.answers.items) return;
    shown = desk.answers.items;
    list.replaceChildren(...found.map((item) => {
      const labels = Array.isArray(item.labels) ? item.labels.map(String) : [];
      const options = desk.relationLabels ?? [];
      const select = desk.readonly || !options.length || labels.length > 1 ? make("span", { class: "an-note", dir: "auto" }, labels.join(", "))
        : make("select", { class: "an-lb-select", "aria-label": "Label of the relation" }, make("option", { value: "" }, "–"), ...options.map((label) => make("option", { value: label, selected: labels[0] === label }, label)));
      select.addEventListener("change", () => choose(item, select.value));
      return make("li", { class: "an-lb-relation" }, make("span", { dir: "auto" }, `${name(item.from_id)} ${signs[item.direction] ?? "→"} ${name(item.to_id)}`), select,
        desk.readonly ? null : button("Delete relation", () => { desk.answers.put(desk.answers.items.filter((one) => one !== item)); stay(desk); }, { icon: "✕", small: true }));
    }));
  });
  return element;
}
