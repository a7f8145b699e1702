// Labels: what regions can be called. A label marks what is selected, renames the region in work, or waits for the next.

import { make, sentence } from "./dom.js";
import { wordsOn } from "./colors.js";
import { flat } from "./config.js";
import { labelRegion } from "./regions.js";

const MARKED = ["text", "hypertext", "html"];

/** What the labels of a control are given to here: `{marks, draws}`, words that are marked and boxes that are drawn. */
export function usesOf(control) {
  const objects = [...control.tag.root.walk()].filter((one) => control.targets.includes(one.get("name")));
  const drawer = control.type !== "labels" || [...control.tag.root.walk()].some((one) => one.key === "rectangle" && one.targets.some((name) => control.targets.includes(name)));
  return { marks: control.marks && objects.some((one) => MARKED.includes(one.key)), draws: control.draws && drawer && objects.some((one) => one.key === "image") };
}

/** The labels of a control, or its tool where it has none. */
export function labelsControl(desk, control) {
  const { marks, draws } = usesOf(control);
  const usable = !desk.readonly && (marks || draws);
  const options = flat(control.options);
  const chips = new Map();
  for (const option of options.length ? options : [{ value: "", shown: "Box", hotkey: control.tag.get("hotkey"), hint: "" }]) {
    const color = control.colors.get(option.value) ?? "#6b7280";
    const hint = make("span", { class: "an-lb-hint" });
    const chip = make(usable ? "button" : "span", { class: "an-lb-label", title: option.hint || null, "data-keyed": "", ...(usable ? { type: "button", "aria-pressed": "false" } : {}) }, make("span", { dir: "auto" }, option.shown), hint);
    chip.style.setProperty("--an-c", color);
    chip.style.setProperty("--an-on-c", wordsOn(color));
    if (usable) {
      // The pointer must not take away what is selected in a text.
      chip.addEventListener("mousedown", (event) => event.preventDefault());
      chip.addEventListener("click", () => press(desk, control, option.value));
      desk.keys.wish(`${control.name}/${option.value}`, option.hotkey, () => !chip.closest("[hidden]") && press(desk, control, option.value), hint);
    }
    chips.set(option.value, chip);
  }
  if (usable) {
    desk.watch(() => {
      for (const [value, chip] of chips) {
        const active = desk.active?.control === control && (value ? desk.active.labels.includes(value) : true);
        chip.setAttribute("aria-pressed", String(active));
      }
    });
  }
  const legend = control.tag.get("title") || sentence(control.name);
  return make("div", { class: "an-lb-labels", role: "group", "aria-label": legend, "data-control": control.name }, ...chips.values(),
    marks || draws ? null : make("p", { class: "an-lb-notice" }, `${control.tag.name} “${control.name}”: regions are shown in the full editor only.`));
}

/** Choose a label: for what is selected in a text, for the region in work, or for what comes next. */
function press(desk, control, label) {
  const labels = label ? [label] : [];
  const surface = control.marks && label ? control.targets.map((name) => desk.surfaces.get(name)).find((one) => one?.pending()) : null;
  if (surface) {
    surface.mark(control, labels);
    if (desk.active && desk.active.control !== control) desk.activate(null, null);
    return true;
  }
  const region = desk.region;
  if (region && label && fits(control, region)) {
    labelRegion(desk.answers, region, control, label);
    desk.say(`${desk.region?.labels.join(", ") ?? ""}`);
    return true;
  }
  const active = desk.active?.control === control ? desk.active.labels : null;
  if (!label) desk.activate(control, active ? null : []);
  else if (control.many && active) {
    const next = active.includes(label) ? active.filter((one) => one !== label) : [...active, label];
    desk.activate(control, next.length ? next : null);
  } else desk.activate(control, active?.includes(label) ? null : labels);
  return true;
}

/** Whether a control can name a region: it made it, or it names what another only drew. */
const fits = (control, region) => control.targets.includes(region.target)
  && (region.items.some((item) => item.from_name === control.name) || (control.type === "labels" && region.items.every((item) => !item.type.endsWith("labels"))));
