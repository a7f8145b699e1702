// Which columns are shown and in which order, and by what rows are ordered.
import { button, choice, make } from "./asking.js";

export function pickColumns({ columns, shown, apply }) {
  let names = [...shown];
  const search = make("input", { type: "search", class: "an-input", placeholder: "Find a column", "aria-label": "Find a column" });
  const list = make("ul", { class: "an-pick", "aria-label": "Columns" });
  const dialog = window.annolog.overlay("Columns", search, list, make("div", { class: "an-actions an-dialog-actions" }, button("The usual ones", () => { names = columns.usual(); done(); }, "quiet")));
  const done = () => { draw(); apply(names); };
  const swap = (at, other) => { [names[at], names[other]] = [names[other], names[at]]; const name = names[other]; done(); list.querySelector(`[data-name="${CSS.escape(name)}"] button[data-by="${other - at}"]`)?.focus(); };

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const others = [...columns.byName.keys()].filter((name) => !names.includes(name));
    const rows = [...names, ...others].map((name) => columns.get(name)).filter((one) => `${one.heading} ${one.name}`.toLowerCase().includes(wanted));
    list.replaceChildren(...rows.map((one) => {
      const at = names.indexOf(one.name);
      const box = make("input", { type: "checkbox", checked: at >= 0, onchange: () => { if (at >= 0) { if (names.length > 1) names.splice(at, 1); } else names.push(one.name); done(); [...list.querySelectorAll("li")].find((row) => row.dataset.name === one.name)?.querySelector("input").focus(); } });
      const move = at >= 0 && !wanted ? [
        button("", () => swap(at, at - 1), "icon", { icon: "arrow_upward", "aria-label": `Move ${one.heading} to the left`, "data-by": "-1", disabled: at === 0 }),
        button("", () => swap(at, at + 1), "icon", { icon: "arrow_downward", "aria-label": `Move ${one.heading} to the right`, "data-by": "1", disabled: at === names.length - 1 }),
      ] : [];
      return make("li", { "data-name": one.name, class: at >= 0 ? "an-picked" : "" }, make("label", {}, box, make("span", { dir: "auto" }, one.heading)), make("span", { class: "an-note" }, one.group === "Task" ? "" : one.group), ...move);
    }));
    if (!rows.length) list.append(make("li", { class: "an-note" }, "No column is called that."));
  }
  search.addEventListener("input", draw);
  draw();
  search.focus();
  return dialog;
}

const MOST = 10;
export function editOrder({ columns, order, apply }) {
  const rows = make("ol", { class: "an-order" });
  const options = [...columns.byName.values()].map((one) => [one.name, one.heading]);
  const add = (name) => {
    const plain = name.replace(/^-/, "");
    const known = columns.byName.has(plain) ? options : [...options, [plain, plain]];
    const row = make("li", {}, choice(known, plain, { "aria-label": "Column" }), choice([["", "smallest first"], ["-", "largest first"]], name.startsWith("-") ? "-" : "", { "aria-label": "Direction" }),
      button("", () => row.previousElementSibling?.before(row), "icon", { icon: "arrow_upward", "aria-label": "Earlier" }),
      button("", () => row.remove(), "icon", { icon: "close", "aria-label": "Do not order by it" }));
    rows.append(row);
    return row;
  };
  order.forEach(add);
  if (!order.length) add("-updated_at");
  const read = () => [...new Map([...rows.children].map((row) => { const [column, direction] = row.querySelectorAll("select"); return [column.value, `${direction.value}${column.value}`]; })).values()];
  const dialog = window.annolog.overlay("Order", make("p", { class: "an-note" }, "Ties of the first are ordered by the second, and so on. Empty values come last."), rows,
    button("Column", () => { if (rows.children.length < MOST) add("task").querySelector("select").focus(); }, "tiny", { icon: "add" }),
    make("div", { class: "an-actions an-dialog-actions" }, button("No order", () => { dialog.close(); apply([]); }, "quiet"), button("Order", () => { dialog.close(); apply(read()); }, "primary")));
  rows.querySelector("select")?.focus();
}
