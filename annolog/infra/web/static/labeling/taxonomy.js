// Taxonomy: a tree to choose from, opened branch by branch or searched; answers are paths from the top.

import { button, make } from "./dom.js";
import { flat } from "./config.js";
import { field } from "./field.js";
import { same } from "./dom.js";

const MOST_HITS = 60;

export function taxonomyControl(desk, control) {
  return field(desk, control, (set) => tree(desk, control, set));
}

function tree(desk, control, set) {
  const most = control.tag.number("maxUsages", Infinity);
  const leavesOnly = control.tag.says("leafsOnly");
  const separator = control.tag.get("pathSeparator") || " / ";
  const all = flat(control.options);
  let paths = [];
  const boxes = new Map();
  const toggle = (path, on) => {
    const rest = paths.filter((one) => !same(one, path));
    const next = on ? [...rest, path].slice(-most) : rest;
    set(next.length ? { taxonomy: next } : null);
  };
  const tick = (option, words) => {
    if (leavesOnly && option.children.length) return make("span", { dir: "auto" }, words);
    const input = make("input", { type: "checkbox", checked: paths.some((one) => same(one, option.path)) });
    if (!boxes.has(option)) boxes.set(option, new Set());
    boxes.get(option).add(input);
    input.addEventListener("change", () => toggle(option.path, input.checked));
    return make("label", { class: "an-lb-choice", title: option.hint || null }, input, make("span", { dir: "auto" }, words));
  };
  const branch = (options) => make("ul", { class: "an-lb-tree" }, ...options.map((option) => {
    const item = make("li", {}, option.children.length ? opener(option) : make("span", { class: "an-lb-no-opener" }), tick(option, option.shown));
    return item;
  }));
  const opener = (option) => {
    let inside = null;
    const found = button(`Open ${option.shown}`, () => {
      const open = found.getAttribute("aria-expanded") !== "true";
      // A branch is made when somebody first looks into it.
      if (!inside) found.parentElement.append((inside = branch(option.children)));
      inside.hidden = !open;
      found.setAttribute("aria-expanded", String(open));
    }, { icon: "▸", small: true, "aria-expanded": "false", class: "an-lb-opener" });
    return found;
  };
  const search = make("input", { type: "search", class: "an-lb-input", placeholder: "Search", "aria-label": `Search ${control.name}` });
  const hits = make("div", { class: "an-lb-hits", hidden: true });
  const whole = branch(control.options);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    whole.hidden = Boolean(wanted);
    hits.hidden = !wanted;
    if (!wanted) return;
    const found = all.filter((option) => option.path.join(separator).toLowerCase().includes(wanted) && !(leavesOnly && option.children.length));
    hits.replaceChildren(...found.slice(0, MOST_HITS).map((option) => tick(option, option.path.join(separator))),
      ...(found.length > MOST_HITS ? [make("p", { class: "an-note" }, `${found.length - MOST_HITS} more`)] : []), ...(found.length ? [] : [make("p", { class: "an-note" }, "Nothing found.")]));
  });
  const picked = make("div", { class: "an-lb-picked", role: "group", "aria-label": "Chosen" });
  return {
    element: make("div", { class: "an-lb-taxonomy" }, picked, desk.readonly ? null : make("div", { class: "an-lb-taxonomy-all" }, search, hits, whole)),
    show(value) {
      paths = Array.isArray(value?.taxonomy) ? value.taxonomy : [];
      picked.replaceChildren(...paths.map((path) => make("span", { class: "an-lb-tag" }, make("span", { dir: "auto" }, Array.isArray(path) ? path.join(separator) : String(path)),
        desk.readonly ? null : button(`Remove ${Array.isArray(path) ? path.at(-1) : path}`, () => toggle(path, false), { icon: "✕", small: true, class: "an-lb-remove" }))));
      if (!paths.length && desk.readonly) picked.append(make("span", { class: "an-note" }, "Nothing chosen"));
      for (const [option, inputs] of boxes) for (const input of inputs) input.checked = paths.some((one) => same(one, option.path));
    },
  };
}
