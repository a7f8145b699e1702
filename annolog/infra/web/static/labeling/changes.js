// Two results beside each other, in numbers and words, without a component that shows them.

import { readConfig } from "./config.js";
import { controlsIn } from "./controls.js";
import { alike, differencesTo, inWords, keyOf } from "./differences.js";
import { described, regionsOf } from "./regions.js";

/** The questions of a config about some data; none where it cannot be read. */
export function questionsOf(config, data) {
  try {
    return [...controlsIn([...readConfig(config).walk()], data).values()];
  } catch {
    return [];
  }
}

/** How many differences there are between two results. */
export const countBetween = (questions, result, other) => differencesTo(result, [{ who: "", kind: "person", result: other }], questions).count.get("") ?? 0;

/** A region as people speak of it: its labels, and its text or place. */
export const called = (region) => `${region.labels.join(", ") || "Region"} ${region.shape === "span" ? `“${described(region)}”` : `(${described(region)})`}`;

/** What became of one result in another, a sentence for each change. Regions are the same by their place or their id. */
export function changesBetween(questions, before, after) {
  const old = regionsOf(before), now = regionsOf(after);
  const pairs = pairsOf(old, now);
  const found = [];
  for (const [was, is] of pairs) if (keyOf(was) !== keyOf(is)) found.push(`${called(was)} became ${called(is)}`);
  const [kept, came] = [new Set(pairs.map(([was]) => was)), new Set(pairs.map(([, is]) => is))];
  for (const region of now.values()) if (!came.has(region)) found.push(`${called(region)} added`);
  for (const region of old.values()) if (!kept.has(region)) found.push(`${called(region)} taken out`);
  for (const control of questions) {
    if (control.type.endsWith("labels") || control.type === "rectangle") continue;
    if (!control.perRegion) note(found, control, control.name, told(before, control), told(after, control));
    else for (const [was, is] of pairs) note(found, control, `${control.name} of ${called(is)}`, told(before, control, was.id), told(after, control, is.id));
  }
  return found;
}

function pairsOf(old, now) {
  const byKey = new Map([...old.values()].map((region) => [keyOf(region), region]));
  const pairs = [], left = [];
  for (const region of now.values()) {
    const was = byKey.get(keyOf(region));
    if (was) { pairs.push([was, region]); byKey.delete(keyOf(region)); } else left.push(region);
  }
  const free = new Set(byKey.values());
  for (const region of left) if (free.has(old.get(region.id))) { pairs.push([old.get(region.id), region]); free.delete(old.get(region.id)); }
  return pairs;
}

const told = (list, control, id) => list.find((item) => item.from_name === control.name && item.type === control.type && (!control.perRegion || item.id === id));

function note(found, control, name, was, is) {
  if (alike(was?.value, is?.value)) return;
  const words = (item) => (item ? inWords(control, item.value) : "no answer");
  found.push(`${name}: ${words(was)} became ${words(is)}`);
}
