// Ranker: things of a List put in order, or into buckets, by dragging, by keys or by buttons.

import { button, make } from "./dom.js";
import { field } from "./field.js";
import { resolve, words } from "./config.js";

const UNSORTED = "_";

/** The things of a List, by their ids. */
export function listItems(desk, tag) {
  const found = resolve(tag?.get("value") ?? "", desk.data);
  const items = (Array.isArray(found) ? found : []).map((one, at) => (one !== null && typeof one === "object" ? one : { id: String(at), title: words(one) }));
  return new Map(items.map((one, at) => [String(one.id ?? at), { title: words(one.title ?? one.text ?? one.html), body: words(one.body ?? "") }]));
}

export function listObject(desk, tag) {
  const ranked = [...tag.root.walk()].some((one) => one.key === "ranker" && one.targets.includes(tag.get("name")));
  if (ranked) return make("span", { hidden: true });
  const items = listItems(desk, tag);
  return make("section", { class: "an-lb-list", "aria-label": tag.get("title") || tag.get("name") }, ...[...items.values()].map((item) => make("div", { class: "an-lb-card" }, ...told(item))));
}

const told = (item) => [item.title ? make("strong", { dir: "auto" }, item.title) : null, item.body ? make("p", { dir: "auto" }, item.body) : null];

export function rankerControl(desk, control) {
  const list = [...control.tag.root.walk()].find((one) => one.get("name") === control.targets[0]);
  const items = listItems(desk, list);
  const buckets = control.tag.children.filter((one) => one.key === "bucket").map((one) => ({ name: one.get("name"), title: one.get("title") || one.get("name"), start: one.says("default") }));
  const rankOnly = !buckets.length;
  const home = rankOnly ? control.name : buckets.find((one) => one.start)?.name ?? UNSORTED;
  const columns = rankOnly ? [{ name: control.name, title: control.tag.get("title") || list?.get("title") || "Order" }]
    : [...(home === UNSORTED ? [{ name: UNSORTED, title: list?.get("title") || "Not sorted yet" }] : []), ...buckets];

  /** What stands where by an answer; what it does not mention stays where everything begins. */
  const arranged = (value) => {
    const given = value?.ranker;
    const order = new Map(columns.map((column) => [column.name, []]));
    const left = new Set(items.keys());
    const groups = Array.isArray(given) ? { [home]: given } : given ?? {};
    for (const [name, ids] of Object.entries(groups)) {
      for (const id of Array.isArray(ids) ? ids : []) if (left.delete(String(id))) (order.get(name) ?? order.get(home)).push(String(id));
    }
    order.get(home).push(...left);
    return order;
  };

  return field(desk, control, (set) => {
    let order = arranged(null);
    const places = new Map(columns.map((column) => [column.name, make("ol", { class: "an-lb-column-items", "data-column": column.name, "aria-label": column.title })]));
    const put = () => set({ ranker: Object.fromEntries([...order].filter(([name]) => name !== UNSORTED)) });
    const move = (id, column, at) => {
      if (!order.has(column)) return;
      for (const ids of order.values()) if (ids.includes(id)) ids.splice(ids.indexOf(id), 1);
      order.get(column).splice(Math.max(0, at), 0, id);
      put();
      places.get(column).querySelector(`[data-item="${CSS.escape(id)}"]`)?.focus();
      desk.say(`${items.get(id).title}: place ${order.get(column).indexOf(id) + 1}${rankOnly ? "" : ` in ${columns.find((one) => one.name === column).title}`}`);
    };
    const columnOf = (id) => [...order.keys()].find((name) => order.get(name).includes(id));
    const shift = (id, by) => { const column = columnOf(id); const at = order.get(column).indexOf(id) + by; if (at >= 0 && at < order.get(column).length) move(id, column, at); };
    const across = (id, by) => { const names = [...order.keys()]; const to = names[names.indexOf(columnOf(id)) + by]; if (to !== undefined) move(id, to, order.get(to).length); };
    const card = (id) => {
      const item = items.get(id);
      const tools = desk.readonly ? null : make("span", { class: "an-lb-card-tools" },
        button(`Move up: ${item.title}`, () => shift(id, -1), { icon: "↑", small: true, tabindex: "-1" }), button(`Move down: ${item.title}`, () => shift(id, 1), { icon: "↓", small: true, tabindex: "-1" }),
        ...(columns.length > 1 ? [button(`Move left: ${item.title}`, () => across(id, -1), { icon: "←", small: true, tabindex: "-1" }), button(`Move right: ${item.title}`, () => across(id, 1), { icon: "→", small: true, tabindex: "-1" })] : []));
      return make("li", { class: "an-lb-card", "data-item": id, tabindex: desk.readonly ? null : "0", "aria-keyshortcuts": desk.readonly ? null : "Alt+ArrowUp Alt+ArrowDown" }, make("div", { class: "an-lb-card-words" }, ...told(item).filter(Boolean)), tools);
    };
    const element = make("div", { class: "an-lb-ranker" }, make("div", { class: "an-lb-columns" }, ...columns.map((column) => make("div", { class: "an-lb-bucket" }, make("div", { class: "an-lb-bucket-title" }, column.title), places.get(column.name)))),
      desk.readonly ? null : make("div", { class: "an-lb-row" }, button("Keep this order", put, { small: true }), make("span", { class: "an-note" }, "Alt with arrows moves what has the focus.")));
    element.addEventListener("keydown", (event) => {
      const focused = event.target.closest("[data-item]");
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key], side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (desk.readonly || !focused || !(step || side)) return;
      if (event.altKey) { if (step) shift(focused.dataset.item, step); else across(focused.dataset.item, side); }
      else if (step) { const all = [...element.querySelectorAll("[data-item]")]; all[all.indexOf(focused) + step]?.focus(); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    if (!desk.readonly) dragged(desk, element, move);
    return {
      element,
      show(value) {
        order = arranged(value);
        for (const [name, place] of places) place.replaceChildren(...order.get(name).map(card));
      },
    };
  });
}

/** Cards dragged by any pointer; a line shows where they would stand. */
function dragged(desk, element, move) {
  let card = null, from = null, place = null;
  element.addEventListener("pointerdown", (event) => {
    const found = event.target.closest("[data-item]");
    if (!found || event.button || event.target.closest("button")) return;
    [card, from, place] = [found, { x: event.clientX, y: event.clientY }, null];
  });
  desk.during(window, "pointermove", (event) => {
    if (!card || (!place && Math.hypot(event.clientX - from.x, event.clientY - from.y) < 6)) return;
    card.classList.add("an-lb-dragged");
    const over = document.elementFromPoint(event.clientX, event.clientY);
    const column = over?.closest("[data-column]") ?? over?.closest(".an-lb-bucket")?.querySelector("[data-column]");
    for (const one of element.querySelectorAll(".an-lb-before, .an-lb-after")) one.classList.remove("an-lb-before", "an-lb-after");
    if (!column || !element.contains(column)) { place = { column: null }; return; }
    const others = [...column.querySelectorAll("[data-item]")].filter((one) => one !== card);
    const at = others.findIndex((one) => { const box = one.getBoundingClientRect(); return event.clientY < box.top + box.height / 2; });
    place = { column: column.dataset.column, at: at < 0 ? others.length : at };
    if (at >= 0) others[at].classList.add("an-lb-before"); else others.at(-1)?.classList.add("an-lb-after");
    event.preventDefault();
  });
  const end = (event) => {
    if (!card) return;
    const [moved, to] = [card, place];
    card.classList.remove("an-lb-dragged");
    for (const one of element.querySelectorAll(".an-lb-before, .an-lb-after")) one.classList.remove("an-lb-before", "an-lb-after");
    card = null;
    if (event.type === "pointerup" && to?.column) move(moved.dataset.item, to.column, to.at);
  };
  desk.during(window, "pointerup", end);
  desk.during(window, "pointercancel", end);
}
