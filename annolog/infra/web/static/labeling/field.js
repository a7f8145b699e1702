// The frame around every question: its name, whether an answer is required, and its answer kept up to date.

import { make, sentence } from "./dom.js";

/** What a question is called: its own title, the heading before it, or its name. */
function title(tag) {
  const before = tag.parent?.children[tag.parent.children.indexOf(tag) - 1];
  const headed = before?.key === "header" ? before.get("value") : "";
  return { words: tag.get("title") || headed || sentence(tag.get("name")), seen: !headed };
}

/**
 * A question. `build(set)` gives `{element, show(value)}`; `set(value)` answers, `set(null)` takes the answer back.
 * A question about regions waits until one is selected.
 */
export function field(desk, control, build) {
  const set = (value, go = "") => desk.setAnswer(control, value, go);
  const view = build(set);
  const { words, seen } = title(control.tag);
  const legend = make("legend", { class: seen || control.required ? "an-lb-legend" : "an-visually-hidden" }, make("span", { class: seen ? null : "an-visually-hidden" }, words),
    control.required ? make("span", { class: "an-lb-required" }, seen ? " required" : "Required") : null,
    control.perRegion ? make("span", { class: "an-note" }, " of the selected region") : null);
  const waiting = control.perRegion ? make("p", { class: "an-note" }, "Select a region to see its answer.") : null;
  const differs = make("p", { class: "an-lb-others", hidden: true });
  const element = make("fieldset", { class: "an-lb-field", "data-control": control.name, disabled: desk.readonly && !view.readonly }, legend, waiting, view.element, differs);
  let shown = Symbol("nothing yet");
  desk.watch(() => {
    const item = desk.answerTo(control);
    const asked = desk.regionFor(control) !== undefined;
    if (waiting) { waiting.hidden = asked; view.element.hidden = !asked; }
    const others = desk.differences?.answers.get(`${control.name} ${control.perRegion ? desk.selected : ""}`) ?? "";
    differs.textContent = others;
    differs.hidden = !others;
    element.classList.toggle("an-lb-differs", Boolean(others));
    const now = item ?? desk.regionFor(control);
    if (now === shown) return;
    shown = now;
    view.show(item?.value ?? null);
  });
  return element;
}
