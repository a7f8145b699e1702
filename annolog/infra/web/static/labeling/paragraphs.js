// Data that is only shown: dialogues line by line, and tables of names and values.

import { make, notice } from "./dom.js";
import { reference, resolve, words } from "./config.js";

const MOST_ROWS = 2000;

export function paragraphsObject(desk, tag) {
  const found = resolve(tag.get("value"), desk.data);
  if (!Array.isArray(found)) return notice(`The task has no paragraphs at ${reference(tag.get("value")) ?? tag.get("value")}.`);
  const [who, what] = [tag.get("nameKey") || "author", tag.get("textKey") || "text"];
  const pick = (one, name) => (one !== null && typeof one === "object" && Object.hasOwn(one, name) ? words(one[name]) : "");
  return make("div", { class: "an-lb-text an-lb-dialogue", tabindex: "0", role: "group", "aria-label": `Paragraphs ${tag.get("name")}` }, ...found.slice(0, MOST_ROWS).map((one) =>
    make("p", { dir: "auto" }, make("strong", {}, pick(one, who)), " ", typeof one === "string" ? one : pick(one, what))));
}

export function tableObject(desk, tag) {
  const found = resolve(tag.get("value"), desk.data);
  const rows = found !== null && typeof found === "object" ? Object.entries(found) : [];
  return make("table", { class: "an-plain-table" }, make("tbody", {}, ...rows.slice(0, MOST_ROWS).map(([name, value]) => make("tr", {}, make("th", { scope: "row", dir: "auto" }, name), make("td", { dir: "auto" }, words(value))))));
}
