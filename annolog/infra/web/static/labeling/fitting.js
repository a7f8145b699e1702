// An answer whose labels were taken out of the labeling config while somebody worked.

import { regionsOf } from "./regions.js";

const AT = /^\/result\/(\d+)\/(?:(from_name)$|(?:value\/)?([^/]+)\/(\d+)$)/;
const ANSWERS = new Set(["choices", "taxonomy"]);

/**
 * A result without what `errors` (`{pointer}`, as the server refuses by) name: labels and controls that are no more. A
 * region keeps the only label it has, so that it can be called something else; what is about regions goes with them.
 */
export function withoutGone(result, errors) {
  const gone = new Map();
  for (const { pointer } of errors) {
    const [, at, control, field, place] = AT.exec(pointer ?? "") ?? [];
    if (at === undefined) continue;
    const of = gone.get(Number(at)) ?? { whole: false, places: new Set(), field };
    gone.set(Number(at), of);
    if (control) of.whole = true; else of.places.add(Number(place));
  }
  const left = result.flatMap((item, at) => (gone.has(at) ? without(item, gone.get(at)) : [item]));
  const [were, regions] = [regionsOf(result), regionsOf(left)];
  const stays = (id) => !were.has(id) || regions.has(id);
  return left.filter((item) => (item.type === "relation" ? regions.has(item.from_id) && regions.has(item.to_id) : stays(item.id)));
}

function without(item, { whole, places, field }) {
  if (whole) return [];
  const holder = item.type === "relation" ? item : item.value;
  if (!Array.isArray(holder?.[field])) return [item];
  const labels = holder[field].filter((_, place) => !places.has(place));
  if (item.type === "relation") return [{ ...item, [field]: labels }];
  if (!labels.length) return ANSWERS.has(item.type) ? [] : [item];
  return [{ ...item, value: { ...item.value, [field]: labels } }];
}
