// Text: shown as it is written, in blocks of some lines so that a change does not lay out all of it again.

import { make, notice } from "./dom.js";
import { reference, resolve, words } from "./config.js";
import { markable, readable } from "./marking.js";
import { Offsets, cuts } from "./offsets.js";
import { Surface } from "./spans.js";

const BLOCK = 2000;

export function textObject(desk, tag) {
  if (tag.get("valueType") === "url") return notice(`Text ${tag.get("name")} lies at an address of its own; it is shown in the full editor only.`);
  const value = resolve(tag.get("value"), desk.data);
  if (value === undefined) return notice(`The task has no ${reference(tag.get("value")) ?? tag.get("value")}.`);
  const text = words(value);
  const runs = [];
  const shown = blocks(text).map(([start, end]) => {
    const own = cuts(text, start, end).map(([from, to]) => ({ host: make("span"), start: from, end: to }));
    runs.push(...own);
    return make("div", { class: "an-lb-block" }, ...own.map((run) => run.host));
  });
  const element = readable(desk, tag, "Text", ...shown);
  const offsets = new Offsets(text);
  const length = text.length;
  markable(desk, tag, new Surface(text, runs), element, {
    find(region) {
      const { start, end } = region.items[0].value;
      if (!Number.isFinite(start) || !Number.isFinite(end)) return null;
      const [from, to] = [offsets.unit(start), offsets.unit(end)];
      return from < to && from < length ? [from, to] : null;
    },
    describe: (start, end) => ({ start: offsets.points(start), end: offsets.points(end), text: text.slice(start, end) }),
  });
  return element;
}

/** `[start, end)` of blocks, each of whole lines. */
function blocks(text) {
  const found = [];
  for (let start = 0; start < text.length;) {
    const near = text.indexOf("\n", Math.min(start + BLOCK, text.length));
    const end = near < 0 ? text.length : near + 1;
    found.push([start, end]);
    start = end;
  }
  return found.length ? found : [[0, 0]];
}
