// The questions of a labeling config, and what is known of each.

import { flat, optionsOf } from "./config.js";
import { controlOf } from "./desk.js";
import { conditionsOf, isControl } from "./layout.js";

const LABELS_OF = { choices: "choice", taxonomy: "choice", ranker: "bucket" };

/** The controls among some tags, by name; of several with one name the first. */
export function controlsIn(tags, data) {
  const found = new Map();
  for (const tag of tags) if (isControl(tag.key) && tag.get("name") && !found.has(tag.get("name"))) found.set(tag.get("name"), known(tag, data));
  return found;
}

function known(tag, data) {
  const control = controlOf(tag, optionsOf(tag, LABELS_OF[tag.key] ?? "label", data));
  control.shownOf = new Map(flat(control.options).map((option) => [option.value, option.shown]));
  control.conditions = conditionsOf(tag);
  return control;
}
