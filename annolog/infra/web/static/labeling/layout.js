// From the tags of a config to what is on the page.

import { make, notice } from "./dom.js";
import { resolve, words } from "./config.js";
import { choicesControl } from "./choices.js";
import { hyperTextObject } from "./hypertext.js";
import { imageObject } from "./image.js";
import { labelsControl } from "./labels.js";
import { mediaObject } from "./media.js";
import { pairwiseControl } from "./pairwise.js";
import { paragraphsObject, tableObject } from "./paragraphs.js";
import { listObject, rankerControl } from "./ranker.js";
import { layOut } from "./sanitize.js";
import { dateTimeControl, numberControl, ratingControl } from "./scalars.js";
import { taxonomyControl } from "./taxonomy.js";
import { textObject } from "./text.js";
import { textAreaControl } from "./textarea.js";

const OBJECTS = { text: textObject, hypertext: hyperTextObject, html: hyperTextObject, image: imageObject, audio: mediaObject, audioplus: mediaObject, video: mediaObject, paragraphs: paragraphsObject, list: listObject, table: tableObject };
const CONTROLS = { choices: choicesControl, taxonomy: taxonomyControl, rating: ratingControl, number: numberControl, textarea: textAreaControl, datetime: dateTimeControl, pairwise: pairwiseControl, ranker: rankerControl, labels: labelsControl, hypertextlabels: labelsControl, rectanglelabels: labelsControl, rectangle: labelsControl };
const SILENT = new Set(["style", "filter", "relations", "relation", "label", "choice", "bucket", "shortcut"]);

const AROUND = new Set(["view", "panel", "header", "collapse"]);

/** Which tags are controls that this component understands. */
export const isControl = (key) => Object.hasOwn(CONTROLS, key);

/** What draws a control of this tag. */
export const madeBy = (key) => (isControl(key) ? CONTROLS[key] : null);

/** Whether a tag is drawn here at all. */
export const isDrawn = (key) => isControl(key) || Object.hasOwn(OBJECTS, key) || SILENT.has(key) || AROUND.has(key);

/** Objects in which regions can be shown. */
export const showsRegions = (key) => ["text", "hypertext", "html", "image"].includes(key);

/** What a tag is on the page. */
export function laidOut(desk, tag) {
  const element = built(desk, tag);
  const condition = conditionOf(tag);
  if (condition && element instanceof HTMLElement) desk.watch(() => { element.hidden = !condition(desk, desk.answers.items); });
  return element;
}

function built(desk, tag) {
  const { key } = tag;
  if (SILENT.has(key)) return document.createTextNode("");
  if (key === "view" || key === "panel") return view(desk, tag);
  if (key === "header") return header(desk, tag);
  if (key === "collapse") return make("div", { class: "an-lb-collapse" }, ...tag.children.map((child) => folded(desk, child)));
  if (Object.hasOwn(OBJECTS, key)) {
    const found = make("div", { class: "an-lb-object", "data-object": tag.get("name") }, OBJECTS[key](desk, tag));
    desk.objects.set(tag.get("name"), found);
    return found;
  }
  const control = desk.controls.get(tag.get("name"));
  if (Object.hasOwn(CONTROLS, key) && control?.tag === tag) return CONTROLS[key](desk, control);
  return notice(`${tag.name}${tag.get("name") ? ` “${tag.get("name")}”` : ""}: shown in the full editor only. Its answers are kept.`);
}

function view(desk, tag) {
  const element = make("div", { class: "an-lb-view" }, ...tag.children.map((child) => laidOut(desk, child)));
  layOut(element, tag.get("style"));
  return element;
}

function header(desk, tag) {
  const size = Math.min(Math.max(Math.round(tag.number("size", 4)), 1), 6);
  const element = make("h3", { class: `an-lb-header an-lb-header-${size}`, dir: "auto" }, words(resolve(tag.get("value"), desk.data)));
  layOut(element, tag.get("style"));
  return element;
}

function folded(desk, tag) {
  const open = tag.parent.get("open") !== "false";
  return make("details", { class: "an-lb-folded", open }, make("summary", { dir: "auto" }, words(resolve(tag.get("value"), desk.data)) || "More"), laidOut(desk, tag));
}

/** When a tag is shown, as a question to a result: `visibleWhen` with what it names; null where it always is. */
export function conditionOf(tag) {
  const when = tag.get("visibleWhen").toLowerCase();
  if (!when) return null;
  const name = tag.get("whenTagName");
  const values = (tag.get("whenChoiceValue") || tag.get("whenLabelValue")).split(",").map((one) => one.trim()).filter(Boolean);
  const chosen = (desk, items) => items.some((item) => (!name || item.from_name === name) && item.value?.choices?.some((entry) => !values.length || values.includes(Array.isArray(entry) ? entry.at(-1) : entry)
    || values.includes(desk.controls.get(item.from_name)?.shownOf?.get(entry))) && !(desk.controls.get(item.from_name)?.perRegion && item.id !== desk.selected));
  const selected = (desk) => Boolean(desk.region) && (!name || desk.region.items.some((item) => item.from_name === name) || desk.region.target === name) && (!tag.get("whenLabelValue") || desk.region.labels.some((label) => values.includes(label)));
  if (when === "choice-selected") return chosen;
  if (when === "choice-unselected") return (desk, items) => !chosen(desk, items);
  if (when === "region-selected") return selected;
  if (when === "no-region-selected") return (desk) => !desk.region;
  return null;
}

/** The conditions under which a tag is shown, its own and those of all around it. */
export function conditionsOf(tag) {
  const own = conditionOf(tag);
  return [...(own ? [own] : []), ...(tag.parent ? conditionsOf(tag.parent) : [])];
}
