// Fields for what a condition compares with: one for each type of column and each operator. A field is an element, and
// `read`, which gives the value as the API takes it.
import { choice, make } from "./asking.js";
import { STATES, sentence } from "./words.js";

const FLAGS = ["empty", "exhausted", "infeasible"];
const input = (type, value, label, more = {}) => make("input", { type, class: "an-input", value: value ?? "", "aria-label": label, autocomplete: "off", ...more });
const ORDERING = ["less", "less_or_equal", "greater", "greater_or_equal", "in", "not_in"];

export function field(column, operator, value, given) {
  if (operator === "empty") return yesNo(value === undefined ? true : value, "Empty or not");
  if (operator === "in" || operator === "not_in") return range(column, operator, value, given);
  if (operator === "in_list" || operator === "not_in_list") return list(column, value);
  return one(column, operator, Array.isArray(value) || (value && typeof value === "object") ? undefined : value, given, "Value");
}

function yesNo(value, label) {
  const element = choice([["true", "yes"], ["false", "no"]], String(value !== false), { "aria-label": label });
  return { element, read: () => element.value === "true" };
}

function picked(options, value, label, convert) {
  const known = options.some(([key]) => String(key) === String(value));
  if (!known && value !== undefined && value !== "") options = [[value, String(value)], ...options];
  const element = choice(options, value, { "aria-label": label });
  return { element, read: () => convert(element.value) };
}

function one(column, operator, value, given, label) {
  if (column.kind === "state") return picked(Object.entries(STATES), value, label, String);
  if (column.kind === "flag") return picked(FLAGS.map((name) => [name, sentence(name)]), value, label, String);
  if (column.type === "boolean") return yesNo(value ?? true, label);
  if (column.kind === "people" || column.kind === "person") {
    const people = Object.entries(given.people).sort((one, other) => one[1].localeCompare(other[1]));
    if (people.length) return picked(people, value, label, Number);
  }
  if (column.type === "datetime") {
    const element = input("datetime-local", local(value), label, { step: "1" });
    return { element, read: () => (element.value ? new Date(element.value).toISOString() : null) };
  }
  if (column.type === "number" || (column.kind === "list" && column.name === "annotation_ids")) {
    const element = input("number", value, label, { step: "any" });
    return { element, read: () => (element.value === "" ? null : Number(element.value)) };
  }
  if (column.type === "open" && !["contains", "not_contains", "regex"].includes(operator)) {
    const element = input("text", written(value), label, { placeholder: "5, or “5” in quotes for text", title: "A number is a number; in quotes it is text." });
    return { element, read: () => meant(element.value, operator) };
  }
  const element = input("text", value, label, column.kind === "labels" ? { list: "an-known-labels" } : {});
  return { element, read: () => element.value };
}

// Browsers hold local time; the API takes instants.
function local(value) {
  const at = typeof value === "string" ? new Date(value) : null;
  if (!at || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}

function meant(text, operator) {
  const quoted = /^["“](.*)["”]$/s.exec(text);
  if (quoted) return quoted[1];
  if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  return ORDERING.includes(operator) && text.trim() === "" ? null : text;
}
const written = (value) => (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? `"${value}"` : value);

function range(column, operator, value, given) {
  const ends = value && typeof value === "object" ? value : {};
  const low = one(column, operator, ends.min ?? undefined, given, "From"), high = one(column, operator, ends.max ?? undefined, given, "To");
  const element = make("span", { class: "an-range" }, low.element, make("span", {}, "to"), high.element);
  const read = () => Object.fromEntries([["min", low.read()], ["max", high.read()]].filter(([, end]) => end !== null && end !== ""));
  return { element, read };
}

function list(column, value) {
  const values = Array.isArray(value) ? value : [];
  if (column.kind === "state" || column.kind === "flag") {
    const options = column.kind === "state" ? Object.entries(STATES) : FLAGS.map((name) => [name, sentence(name)]);
    const boxes = options.map(([key]) => make("input", { type: "checkbox", value: key, checked: values.includes(key) }));
    const element = make("span", { class: "an-boxes", role: "group", "aria-label": "Values" }, ...options.map(([, words], index) => make("label", {}, boxes[index], make("span", {}, words))));
    return { element, read: () => boxes.filter((box) => box.checked).map((box) => box.value) };
  }
  const element = make("textarea", { class: "an-input", rows: "2", "aria-label": "Values, one a line", placeholder: "one a line" });
  element.value = values.map((member) => (column.type === "open" ? written(member) : member)).join("\n");
  const lines = () => element.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return { element, read: () => lines().map((line) => (column.type === "number" ? Number(line) : column.type === "open" ? meant(line, "in_list") : line)) };
}
