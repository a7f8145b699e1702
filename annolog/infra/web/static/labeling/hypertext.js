// HyperText: foreign HTML, cleaned, with regions whose ends are told by their path in the tree, as Label Studio tells them.

import { make, notice } from "./dom.js";
import { reference, resolve, words } from "./config.js";
import { markable, readable } from "./marking.js";
import { Offsets, cuts } from "./offsets.js";
import { cleaned } from "./sanitize.js";
import { Surface } from "./spans.js";

export function hyperTextObject(desk, tag) {
  if (tag.get("valueType") === "url") return notice(`HyperText ${tag.get("name")} lies at an address of its own; it is shown in the full editor only.`);
  const inline = tag.get("value").trim();
  const value = resolve(inline, desk.data);
  if (value === undefined) return notice(`The task has no ${reference(inline) ?? inline}.`);
  const body = make("div", { class: "an-lb-foreign" }, cleaned(desk.purify, words(value)));
  const { text, runs, paths } = read(body);
  const element = readable(desk, tag, "Document", body);
  const surface = new Surface(text, runs);
  const offsets = new Offsets(text);
  const nodes = new Map(paths.map((one) => [one.path, one]));

  const unitOf = (path, points) => {
    const node = nodes.get(normal(path));
    return node && Number.isFinite(points) ? offsets.unit(offsets.points(node.start) + points) : null;
  };
  const pathAt = (unit, end) => paths.find((one) => (end ? unit > one.start && unit <= one.end : unit >= one.start && unit < one.end));
  markable(desk, tag, surface, element, {
    find(region) {
      const { start, end, startOffset, endOffset, globalOffsets } = region.items[0].value;
      let place = typeof start === "string" ? [unitOf(start, startOffset), unitOf(end, endOffset)] : [null, null];
      const whole = globalOffsets ?? (typeof start === "number" ? { start, end } : null);
      if ((place[0] === null || place[1] === null) && whole) place = [offsets.unit(whole.start), offsets.unit(whole.end)];
      return place[0] !== null && place[1] !== null && place[0] < place[1] ? place : null;
    },
    describe(start, end) {
      const [first, last] = [pathAt(start, false), pathAt(end, true)];
      const within = (unit, one) => offsets.points(unit) - offsets.points(one.start);
      return {
        start: first?.path ?? "", end: last?.path ?? "", startOffset: first ? within(start, first) : 0, endOffset: last ? within(end, last) : 0,
        globalOffsets: { start: offsets.points(start), end: offsets.points(end) }, text: text.slice(start, end),
      };
    },
  });
  return element;
}

const normal = (path) => String(path).replace(/\/(text\(\)|[\w-]+)(?!\[)(?=\/|$)/g, "/$1[1]").toLowerCase();

/** The text of a tree as offsets count it (a line break is one character), its runs, and the path of every text in it. */
function read(body) {
  const runs = [], paths = [], parts = [];
  let at = 0;
  const walk = (parent, above) => {
    const seen = {};
    for (const node of [...parent.childNodes]) {
      if (node.nodeType === Node.TEXT_NODE) {
        const path = `${above}/text()[${(seen.text = (seen.text ?? 0) + 1)}]`;
        const start = at;
        at += node.length;
        parts.push(node.data);
        paths.push({ path, start, end: at });
        // White space between rows of a table stays as it is: an element there would become a cell.
        if (/\S/.test(node.data) || !/^(table|tbody|thead|tfoot|tr|colgroup|ul|ol|dl)$/.test(parent.localName)) {
          const own = node.length ? cuts(node.data, 0, node.length).map(([from, to]) => ({ host: make("span"), start: start + from, end: start + to })) : [];
          node.replaceWith(...own.map((run) => run.host));
          runs.push(...own);
        }
      } else if (node.localName === "br") {
        at += 1;
        parts.push("\n");
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        seen[node.localName] = (seen[node.localName] ?? 0) + 1;
        walk(node, `${above}/${node.localName}[${seen[node.localName]}]`);
      }
    }
  };
  walk(body, "");
  return { text: parts.join(""), runs, paths };
}
