// The component: a task shown by its labeling config, with an answer in it that can be looked at or worked on.

import DOMPurify from "dompurify";
import { make, notice } from "./dom.js";
import { readConfig } from "./config.js";
import { controlsIn } from "./controls.js";
import { Desk } from "./desk.js";
import { differencesTo } from "./differences.js";
import { Keys } from "./keys.js";
import { laidOut, showsRegions } from "./layout.js";
import { panel, startRelation } from "./panel.js";
import { regionsOf, removeRegions } from "./regions.js";

// Below this there is no room for the list of regions beside the task.
const NARROW = 720;
/**
 * Show a task in an element. Options: `config` (XML), `data`, `result` (Label Studio's items), `readonly` (true unless
 * false is said), `suggested` (the result is a prediction to start from), `others` (`{who, kind, result}` to compare
 * with), `compact` (no list of regions), `hotkeys` (keys by action, or by `control/label`).
 *
 * Gives `{result(), missing(), show(options), select(id), selected(), undo(), redo(), focus(), on(event, handler),
 * destroy()}`; events are `change` (the items) and `select` (an id or null).
 */
export function mount(element, options) {
  const listeners = [];
  let desk = null;
  const begin = (given) => {
    desk?.end();
    desk?.keys?.end();
    element.replaceChildren();
    desk = build(element, given);
    for (const [event, handler] of listeners) desk.on(event, handler);
  };
  let current = options;
  begin(current);
  return {
    result: () => desk.answers.result(),
    missing: () => missing(desk),
    select: (id) => desk.select(id),
    selected: () => desk.selected,
    undo: () => desk.answers.undo(),
    redo: () => desk.answers.redo(),
    focus: () => element.querySelector(".an-lb-text, .an-lb-stage, input, button, textarea, select")?.focus(),
    show(more) { current = { ...current, ...more }; begin(current); },
    on(event, handler) { listeners.push([event, handler]); return desk.on(event, handler); },
    destroy() { desk.end(); desk.keys?.end(); element.replaceChildren(); },
  };
}

function build(element, options) {
  const root = make("div", { class: `an-lb${options.readonly !== false ? " an-lb-readonly" : ""}${options.compact ? " an-lb-compact" : ""}` });
  element.append(root);
  const desk = new Desk(root, options, DOMPurify);
  let tree;
  try {
    tree = readConfig(options.config ?? "");
  } catch (error) {
    root.append(notice(error.message));
    return desk;
  }
  const tags = [...tree.walk()];
  desk.controls = controlsIn(tags, desk.data);
  desk.relationLabels = tags.filter((tag) => tag.key === "relation").map((tag) => tag.get("value")).filter(Boolean);
  desk.keys = new Keys(desk, options.hotkeys ?? {});
  desk.answers.settle = (before, after) => withoutUnseen(desk, before, after);
  if (options.others?.length) {
    const compare = () => { desk.differences = differencesTo(desk.answers.items, options.others, [...desk.controls.values()]); };
    compare();
    desk.on("before-refresh", compare);
  }
  const kinds = new Set(tags.filter((tag) => showsRegions(tag.key)).map((tag) => tag.get("name")));
  const marking = tags.some((tag) => tag.key.endsWith("labels") || tag.key === "rectangle") || desk.regions.size > 0;
  const body = make("div", { class: "an-lb-body" }, laidOut(desk, tree));
  const beside = marking && !options.compact;
  root.append(...(desk.differences ? [summary(desk)] : []), make("div", { class: `an-lb-frame${beside ? " an-lb-beside" : ""}` }, body, beside ? panel(desk, kinds) : null));
  const watching = new ResizeObserver(() => root.classList.toggle("an-lb-narrow", root.clientWidth < NARROW));
  watching.observe(root);
  desk.on("end", () => watching.disconnect());
  desk.emit("laid-out");
  bindKeys(desk);
  return desk;
}

/** How many differences there are, to whom. */
function summary(desk) {
  const words = make("p", { class: "an-lb-summary" });
  desk.watch(() => {
    words.textContent = [...desk.differences.count].map(([who, count]) => (count ? `${count} ${count === 1 ? "difference" : "differences"} to ${who}` : `The same as ${who}`)).join(" · ");
  });
  return words;
}

/** An answer to a question that a change has put out of sight goes with that change; what was never in sight stays. */
function withoutUnseen(desk, before, after) {
  const asked = [...desk.controls.values()].filter((control) => control.conditions.length && !control.type.endsWith("labels"));
  if (!asked.length) return after;
  const seen = (control, items) => control.conditions.every((condition) => condition(desk, items));
  const gone = asked.filter((control) => !control.perRegion && seen(control, before) && !seen(control, after)).map((control) => control.name);
  return gone.length ? after.filter((item) => !gone.includes(item.from_name)) : after;
}

/** The required questions in sight that have no answer: `{control, region, message}`. */
function missing(desk) {
  const { items } = desk.answers;
  const found = [];
  for (const control of desk.controls.values()) {
    if (!control.required || !control.conditions.every((condition) => condition(desk, items))) continue;
    const message = control.tag.get("requiredMessage") || `${control.name} needs an answer.`;
    if (control.type.endsWith("labels")) { if (!items.some((item) => item.from_name === control.name)) found.push({ control: control.name, region: null, message }); continue; }
    const regions = control.perRegion ? [...regionsOf(items).values()].filter((region) => control.targets.includes(region.target)).map((region) => region.id) : [null];
    for (const region of regions) if (!desk.answers.of(control, region)) found.push({ control: control.name, region, message });
  }
  return found;
}

function bindKeys(desk) {
  const { keys } = desk;
  const step = (by) => {
    const ids = [...desk.regions.keys()];
    if (!ids.length) return false;
    const at = ids.indexOf(desk.selected);
    desk.select(ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length], "keys");
    return true;
  };
  keys.on("next", () => step(1));
  keys.on("previous", () => step(-1));
  keys.on("hide", () => (desk.region ? desk.hide(desk.selected, !desk.hidden.has(desk.selected)) ?? true : false));
  keys.on("unselect", () => {
    if (desk.relating) { desk.relating = null; desk.refresh(); return true; }
    if (desk.selected === null && !desk.active) return false;
    desk.select(null);
    if (desk.active) desk.activate(null, null);
    return true;
  });
  if (desk.readonly) return;
  keys.on("undo", () => desk.answers.undo());
  keys.on("redo", () => desk.answers.redo());
  keys.on("delete", () => (desk.region ? removeRegions(desk.answers, [desk.selected]) ?? true : false));
  keys.on("delete_all", () => (desk.regions.size ? removeRegions(desk.answers, [...desk.regions.keys()]) ?? true : false));
  keys.on("relation", () => startRelation(desk));
  for (const [words, by] of [["arrowright", 1], ["arrowleft", -1]]) {
    // On a card that is ranked the same keys move the card.
    keys.bind(`alt+${words}`, (event) => !event.target.closest?.("[data-item]") && stretch(desk, by, false));
    keys.bind(`ctrl+alt+${words}`, () => stretch(desk, by, true));
  }
  desk.onSelect((id) => { if (desk.relating && id) desk.relating(id); });
  keys.assign();
  desk.root.dataset.keys = keys.help();
}

const stretch = (desk, by, first) => (desk.region ? desk.surfaces.get(desk.region.target)?.stretch(by, first) ?? false : false);
