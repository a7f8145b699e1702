// Where others answered otherwise: people, the ground truth, a prediction.

import { same } from "./dom.js";
import { flat } from "./config.js";
import { regionsOf } from "./regions.js";

const GHOST_COLORS = { person: "#b45309", ground_truth: "#15803d", prediction: "#7c3aed" };

/**
 * Compare a result with those of others (`{who, kind, result}`): `regions` are the ids of regions that somebody does not
 * have in the same way, with who; `ghosts` are others' regions that this result lacks; `answers` are others' words by
 * control (and region); `count` is how many differences there are to each.
 */
export function differencesTo(items, others, controls) {
  const mine = regionsOf(items);
  const keyed = new Map([...mine.values()].map((region) => [keyOf(region), region]));
  const regions = new Map(), answers = new Map(), ghosts = [], count = new Map();
  others.forEach((other, at) => {
    const who = String(other.who ?? "");
    const theirs = regionsOf(other.result);
    const keys = new Map([...theirs.values()].map((region) => [keyOf(region), region]));
    let found = 0;
    for (const [key, region] of keyed) if (!keys.has(key)) { regions.set(region.id, [...(regions.get(region.id) ?? []), who]); found++; }
    for (const [key, region] of keys) if (!keyed.has(key)) { ghosts.push({ id: `ghost-${at}-${region.id}`, who, color: GHOST_COLORS[other.kind] ?? GHOST_COLORS.person, region }); found++; }
    const note = (control, region, ours, said) => {
      if (alike(ours?.value, said?.value)) return;
      const key = `${control.name} ${region ?? ""}`;
      answers.set(key, [answers.get(key), `${who}: ${said ? inWords(control, said.value) : "no answer"}`].filter(Boolean).join(" · "));
      found++;
    };
    const told = (list, control, id) => list.find((item) => item.from_name === control.name && item.type === control.type && (!control.perRegion || item.id === id));
    for (const control of controls) {
      if (control.type.endsWith("labels") || control.type === "rectangle") continue;
      if (!control.perRegion) note(control, null, told(items, control), told(other.result, control));
      else for (const [key, region] of keyed) if (keys.has(key)) note(control, region.id, told(items, control, region.id), told(other.result, control, keys.get(key).id));
    }
    count.set(who, (count.get(who) ?? 0) + found);
  });
  return { regions, ghosts, answers, count };
}

const PLACE = ["start", "end", "startOffset", "endOffset", "x", "y", "width", "height", "rotation", "radiusX", "radiusY", "points"];

/** What two tellings of the same region have in common: where it is, to a hundredth, and its labels. */
export function keyOf(region) {
  const value = region.items[0].value;
  const place = PLACE.map((name) => (typeof value[name] === "number" ? Math.round(value[name] * 100) / 100 || 0 : value[name] ?? 0));
  return JSON.stringify([region.target, region.shape, place, [...region.labels].sort()]);
}

const ANSWER_FIELDS = ["choices", "taxonomy", "rating", "number", "text", "datetime", "selected", "ranker"];

/** Whether two values answer the same, whatever else they repeat; the order of several choices does not count. */
export function alike(one, other) {
  return ANSWER_FIELDS.every((name) => {
    const [a, b] = [one?.[name], other?.[name]].map((value) => (["choices", "taxonomy"].includes(name) && Array.isArray(value) ? value.map((part) => JSON.stringify(part)).sort() : value));
    return same(a, b) || (name === "text" && same([a].flat(), [b].flat()));
  });
}

/** An answer as a person would say it. */
export function inWords(control, value) {
  const shown = new Map(flat(control.options ?? []).map((option) => [option.value, option.shown]));
  const path = (entry) => (Array.isArray(entry) ? entry.join(" / ") : shown.get(entry) ?? String(entry));
  if (Array.isArray(value.choices)) return value.choices.map(path).join(", ");
  if (Array.isArray(value.taxonomy)) return value.taxonomy.map(path).join(", ");
  if (value.ranker) return Array.isArray(value.ranker) ? value.ranker.join(" › ") : Object.entries(value.ranker).map(([name, ids]) => `${name}: ${[ids].flat().join(" › ")}`).join("; ");
  if (value.text !== undefined && control.type === "textarea") return [value.text].flat().join(" ¶ ");
  return String(value.rating ?? value.number ?? value.datetime ?? value.selected ?? "");
}
