// Changing keys: press one for each action and label; what does not go together is said and cannot be kept.

import { flat, optionsOf, readConfig } from "/static/labeling/config.js";
import { pressed } from "/static/labeling/keys.js";
import { button, dialog, make, shownKey } from "./elements.js";
import { REGION_ACTIONS, conflicts } from "./keymap.js";

const MOST_LABELS = 200;

/** The labels of a config that may have a key: `{name, words}`, named `control/label`. */
function labelsOf(config, data) {
  try {
    return [...readConfig(config).walk()].flatMap((tag) => {
      const kind = tag.key.endsWith("labels") ? "label" : tag.key === "choices" ? "choice" : "";
      return kind && tag.get("name") ? flat(optionsOf(tag, kind, data)).map((option) => ({ name: `${tag.get("name")}/${option.value}`, words: option.shown || option.value })) : [];
    }).slice(0, MOST_LABELS);
  } catch {
    return [];
  }
}

/** Ask for other keys; `kept` is called once there are. */
export function changeKeys(keymap, { config, data, kept }) {
  const groups = [
    ["page", "On the page", Object.entries(keymap.actions).map(([name, one]) => ({ name: `page:${name}`, own: name, words: one.words, key: keymap.page(name), usual: one.key }))],
    ["labels", "Labels of this project", labelsOf(config, data).map((one) => ({ ...one, name: `label:${one.name}`, own: one.name, key: keymap.label(one.name), usual: "" }))],
    ["region", "Regions", Object.entries(REGION_ACTIONS).map(([name, one]) => ({ name: `region:${name}`, own: name, words: one.words, key: keymap.region(name), usual: one.key.split(",")[0] }))],
  ].filter(([, , rows]) => rows.length);
  const rows = groups.flatMap(([, , found]) => found);
  const keep = button("Keep", () => { keymap.keep(chosen()); shown.close(); kept(); }, { kind: "primary" });
  const reset = button("All as usual", () => { for (const row of rows) row.key = row.usual; draw(); }, { kind: "quiet" });
  const chosen = () => Object.fromEntries(["page", "labels", "region"].map((group) => [group, Object.fromEntries((groups.find(([name]) => name === group)?.[2] ?? []).map((row) => [row.own, row.key]))]));

  const lines = rows.map((row) => {
    row.field = make("input", { class: "an-input an-work-key", readonly: true, "aria-label": `Key for ${row.words}`, placeholder: "by itself" });
    row.wrong = make("span", { class: "an-work-conflict", role: "alert" });
    row.field.addEventListener("keydown", (event) => {
      if (["Tab", "Escape"].includes(event.key) && !event.ctrlKey && !event.altKey) return;
      const key = pressed(event);
      event.preventDefault();
      event.stopPropagation();
      if (!key) return;
      row.key = key === "backspace" || key === "delete" ? row.usual : key;
      draw();
    });
    return make("div", { class: "an-work-key-row" }, make("span", { class: "an-work-key-words" }, row.words), row.field, row.wrong);
  });
  function draw() {
    const wrong = conflicts(rows);
    for (const row of rows) {
      row.field.value = row.key ? shownKey(row.key) : "";
      row.wrong.textContent = wrong.get(row.name) ?? "";
      row.field.setAttribute("aria-invalid", String(wrong.has(row.name)));
    }
    keep.disabled = wrong.size > 0;
  }
  draw();
  let at = 0;
  const parts = groups.flatMap(([, title, found]) => [make("h3", {}, title), ...found.map(() => lines[at++])]);
  const note = make("p", { class: "an-note" }, "Go to a field and press the key. Delete brings back the usual one. Keys are kept in this browser.");
  const shown = dialog("Keys", [note, make("div", { class: "an-work-key-list", tabindex: "0", role: "group", "aria-label": "Actions and their keys" }, ...parts), make("div", { class: "an-actions an-dialog-actions" }, reset, keep)]);
}
