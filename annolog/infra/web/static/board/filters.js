// Putting a filter together: conditions, all of which or any of which must hold, in groups within groups. What the API
// finds wrong is said at the condition that it is about.
import { ask, button, choice, make } from "./asking.js";
import { OPERATORS } from "./columns.js";
import { operatorWords } from "./said.js";
import { field } from "./values.js";

const DEEPEST = 4;

export function editFilters({ columns, given, filters, apply }) {
  let root = normal(filters);
  const wrong = make("p", { class: "an-wrong", role: "alert" });
  const place = make("div", { class: "an-builder" });
  const json = make("textarea", { class: "an-input an-mono", rows: "10", "aria-label": "The filter as JSON", spellcheck: "false" });
  const details = make("details", { class: "an-json" }, make("summary", {}, "As JSON, to copy or paste"), json,
    make("div", { class: "an-actions" },
      button("Copy", () => navigator.clipboard?.writeText(json.value).then(() => window.annolog.announce("Copied"), () => json.select()), "tiny"),
      button("Take over", takeOver, "tiny")));
  details.addEventListener("toggle", () => { if (details.open) json.value = JSON.stringify(root.read(), null, 2); });
  const labels = make("datalist", { id: "an-known-labels" }, ...given.labels.map((label) => make("option", { value: label })));
  const yes = button("Show tasks", () => submit(root.read()), "primary");
  const dialog = window.annolog.overlay("Filter", place, details, wrong, labels,
    make("div", { class: "an-actions an-dialog-actions" }, button("Clear", () => submit(null), "quiet"), yes));
  dialog.classList.add("an-overlay-wide");
  dialog.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) submit(root.read()); });
  show(filters);
  (place.querySelector("select:not([data-conjunction])") || place.querySelector("button"))?.focus();

  function show(found) { root = group(normal(found), 1, null); place.replaceChildren(root.element); }

  function takeOver() {
    wrong.textContent = "";
    let found;
    try { found = JSON.parse(json.value || "null"); } catch (error) { wrong.textContent = `That is not JSON: ${error.message}`; return; }
    if (found !== null && (typeof found !== "object" || Array.isArray(found))) { wrong.textContent = "A filter is an object with conjunction and items."; return; }
    show(found);
    window.annolog.announce("Taken over");
  }

  async function submit(found) {
    const wanted = found && found.items.length ? found : null;
    wrong.textContent = "";
    for (const told of place.querySelectorAll(".an-told")) told.textContent = "";
    yes.disabled = true;
    try {
      if (wanted) await ask("POST", `/v1/projects/${given.project}/tasks/query`, { filters: wanted, limit: 1 }, { reads: true });
      dialog.close();
      apply(wanted);
    } catch (error) {
      const left = (error.wrong || []).filter((one) => !root.tell(String(one.pointer).replace(/^\/?filters/, ""), one.detail));
      if (left.length || !(error.wrong || []).length) wrong.textContent = error.message;
    } finally { yes.disabled = false; }
  }

  function group(found, depth, remove) {
    const parts = [];
    const conjunction = choice([["and", "all of these"], ["or", "any of these"]], found.conjunction, { "aria-label": "Which must hold", "data-conjunction": "" });
    const rows = make("div", { class: "an-conditions" });
    const add = (item) => {
      const part = "items" in item ? group(item, depth + 1, () => drop(part)) : condition(item, () => drop(part));
      parts.push(part); rows.append(part.element);
      return part;
    };
    const drop = (part) => { parts.splice(parts.indexOf(part), 1); part.element.remove(); };
    found.items.forEach(add);
    const more = make("div", { class: "an-actions" },
      button("Condition", () => add({ filter: "state", operator: "equal", value: "needs_review" }).element.querySelector("select").focus(), "tiny", { icon: "add" }),
      depth < DEEPEST ? button("Group", () => add({ conjunction: "or", items: [{ filter: "state", operator: "equal", value: "needs_review" }] }), "tiny", { icon: "add" }) : null);
    const head = make("div", { class: "an-group-head" }, conjunction, remove ? button("", remove, "icon", { icon: "close", "aria-label": "Remove the group" }) : null);
    const element = make("div", { class: "an-group", role: "group", "aria-label": depth === 1 ? "Filter" : "Group of conditions" }, head, rows, more);
    return {
      element,
      read: () => ({ conjunction: conjunction.value, items: parts.map((part) => part.read()) }),
      tell(pointer, detail) {
        const at = /^\/items\/(\d+)(.*)$/.exec(pointer);
        return at !== null && parts[Number(at[1])] !== undefined && parts[Number(at[1])].tell(at[2], detail);
      },
    };
  }

  function condition(item, remove) {
    let column = columns.get(String(item.filter || "state"));
    let value = null;
    const which = make("select", { class: "an-input", "aria-label": "Column" });
    const groups = new Map();
    for (const one of columns.byName.values()) groups.set(one.group, [...(groups.get(one.group) || []), one]);
    for (const [name, members] of groups) which.append(make("optgroup", { label: name }, ...members.map((one) => make("option", { value: one.name }, one.heading))));
    if (!columns.byName.has(column.name)) which.append(make("option", { value: column.name }, column.heading));
    which.value = column.name;
    const operator = make("select", { class: "an-input", "aria-label": "Operator" });
    const valuePlace = make("span", { class: "an-value" });
    const told = make("span", { class: "an-told", role: "alert" });
    const operators = (wanted) => {
      const known = OPERATORS[column.type];
      const all = known.includes(wanted) || !wanted ? known : [...known, wanted];
      operator.replaceChildren(...all.map((name) => make("option", { value: name }, operatorWords(name, column))));
      operator.value = wanted || known[0];
    };
    const values = (given_value) => { value = field(column, operator.value, given_value, given); valuePlace.replaceChildren(value.element); };
    which.addEventListener("change", () => { column = columns.get(which.value); operators(); values(undefined); });
    operator.addEventListener("change", () => { const before = value.read(); values(before); });
    operators(item.operator); values(item.value);
    const element = make("div", { class: "an-condition", role: "group", "aria-label": "Condition" }, which, operator, valuePlace, button("", remove, "icon", { icon: "close", "aria-label": "Remove the condition" }), told);
    return { element, read: () => ({ filter: column.name, operator: operator.value, value: value.read() }), tell: (pointer, detail) => { told.textContent = detail; return true; } };
  }
}

// A filter with what the builder does not draw said another way: a condition with filters of its own is a group of both.
function normal(filters) {
  const items = filters && Array.isArray(filters.items) ? filters.items : [];
  const plain = (item) => {
    if (!item || typeof item !== "object") return { filter: "state", operator: "equal", value: "" };
    if (item.child_filters) { const { child_filters: children, ...rest } = item; return { conjunction: "and", items: [plain(rest), normal(children)] }; }
    return "items" in item ? normal(item) : item;
  };
  return { conjunction: filters && filters.conjunction === "or" ? "or" : "and", items: items.map(plain) };
}
