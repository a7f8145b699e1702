// Regions: what was marked in a text or drawn on an image, gathered from the items that speak of it.

import { randomId, same } from "./dom.js";
import { touched } from "./answers.js";

const SHAPES = ["rectangle", "ellipse", "polygon", "keypoint", "brush", "bitmask", "vector", "hypertext", "paragraph", "timeseries", "timeline", "videorectangle"];
const SPANS = ["hypertext", "paragraph", "timeseries"];
// What says where a region is; everything else in a value is an answer.
const WHERE = ["start", "end", "text", "startOffset", "endOffset", "globalOffsets", "channel", "x", "y", "width", "height", "rotation", "radiusX", "radiusY", "points", "closed"];
const FRAME = ["original_width", "original_height", "image_rotation", "item_index"];

/** Whether an item marks or draws something. */
export const isRegion = (item) => typeof item.type === "string" && typeof item.id === "string" && item.value !== null && typeof item.value === "object"
  && (item.type === "labels" || SHAPES.includes(item.type.replace(/labels$/, "")));

/** The form of a region, from the type of its item and, for plain labels, from the fields it has. */
export function shapeOf(item) {
  const stem = item.type.replace(/labels$/, "");
  if (stem) return SPANS.includes(stem) ? "span" : stem;
  const value = item.value;
  if ("radiusX" in value) return "ellipse";
  if ("points" in value) return "polygon";
  if ("height" in value) return "rectangle";
  return "x" in value ? "keypoint" : "span";
}

/** The field that holds an item's labels. */
export function labelField(item) {
  if (item.type.endsWith("labels")) return item.type;
  return [`${item.type}labels`, "labels"].find((field) => Array.isArray(item.value[field])) ?? null;
}

const known = new WeakMap();

/** The regions of a result, by id, in the order in which they were made. */
export function regionsOf(items) {
  let found = known.get(items);
  if (!found) {
    found = new Map();
    for (const item of items) {
      if (!isRegion(item)) continue;
      const region = found.get(item.id);
      if (region) region.items.push(item);
      else found.set(item.id, { id: item.id, shape: shapeOf(item), target: item.to_name, items: [item] });
    }
    for (const region of found.values()) region.labels = labelsOf(region.items);
    known.set(items, found);
  }
  return found;
}

function labelsOf(items) {
  const all = items.flatMap((item) => {
    const labels = item.value[labelField(item) ?? ""];
    return Array.isArray(labels) ? labels.map(String) : [];
  });
  return [...new Set(all)];
}

/** Whether two tellings of a region are the same object through and through, so that nothing has to be drawn anew. */
export const unchanged = (one, other) => Boolean(one && other) && one.items.length === other.items.length && one.items.every((item, at) => item === other.items[at]);

/** Where a region is, as an item about it repeats it: the frame and the place within `value`. */
export function about(region) {
  const [item] = region.items;
  const pick = (from, names) => Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
  return { ...pick(item, FRAME), to_name: item.to_name, value: pick(item.value, WHERE) };
}

/** A new region: an item for each of `makers` ({control, labels, type?}), all in the same place. */
export function addRegion(answers, target, where, makers, frame = {}) {
  const id = randomId();
  const items = makers.map(({ control, labels }) => {
    const type = labels.length ? control.type : control.type.replace(/(.)labels$/, "$1");
    const value = labels.length ? { ...where, [type]: labels } : { ...where };
    return { ...frame, value, id, from_name: control.name, to_name: target, type, origin: "manual" };
  });
  answers.put([...answers.items, ...items]);
  return id;
}

/** Put a region elsewhere, with everything that repeats where it is. */
export function moveRegion(answers, id, where, go = "") {
  answers.put(answers.items.map((item) => {
    if (item.id !== id || item.type === "relation" || !repeatsPlace(item)) return item;
    const moved = { ...item.value, ...where };
    return same(moved, item.value) ? item : touched(item, moved);
  }), go);
}

const repeatsPlace = (item) => item.value !== null && typeof item.value === "object" && WHERE.some((name) => name !== "text" && name in item.value);

/** Take a region away, with what was answered about it and what related it to others. */
export function removeRegions(answers, ids) {
  const gone = new Set(ids);
  answers.put(answers.items.filter((item) => !(item.type === "relation" ? gone.has(item.from_id) || gone.has(item.to_id) : gone.has(item.id))));
}

/** Give a region the label of a control, instead of its others or beside them; what it has already is taken back. */
export function labelRegion(answers, region, control, label) {
  const own = region.items.find((item) => item.from_name === control.name);
  if (!own) {
    const { value: where, to_name: target, ...frame } = about(region);
    answers.put([...answers.items, { ...frame, value: { ...where, [control.type]: [label] }, id: region.id, from_name: control.name, to_name: target, type: control.type, origin: "manual" }]);
    return;
  }
  const field = labelField(own) ?? control.type;
  const has = own.value[field] ?? [];
  const labels = control.many ? (has.includes(label) ? has.filter((one) => one !== label) : [...has, label]) : [label];
  if (!labels.length || same(labels, has)) return;
  const value = { ...own.value, [field]: labels };
  answers.put(answers.items.map((item) => (item === own ? touched(item, value, { type: field === "labels" && item.type !== "labels" ? item.type : field }) : item)));
}

/** What a region is in words: its text, or its place and size. */
export function described(region) {
  const value = region.items[0].value;
  if (region.shape === "rectangle") return `${round(value.width)} × ${round(value.height)} % at ${round(value.x)}, ${round(value.y)}`;
  if (typeof value.text === "string" && value.text) return value.text;
  if (region.shape === "span") return `${value.start} – ${value.end}`;
  return region.shape;
}

const round = (number) => (typeof number === "number" ? Math.round(number * 10) / 10 : "?");
