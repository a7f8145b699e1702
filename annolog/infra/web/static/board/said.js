// A filter as people read it: a chip a condition, groups in brackets.
import { STATES, sentence } from "./words.js";

export const OPERATOR_WORDS = {
  equal: "is", not_equal: "is not", less: "<", less_or_equal: "≤", greater: ">", greater_or_equal: "≥", in: "between", not_in: "not between",
  in_list: "is one of", not_in_list: "is none of", contains: "contains", not_contains: "does not contain", regex: "matches", empty: "is empty",
};
const OF_TIMES = { less: "before", less_or_equal: "until", greater: "after", greater_or_equal: "since", equal: "at", not_equal: "not at" };
const OF_LISTS = { contains: "include", not_contains: "do not include" };
export function operatorWords(operator, column) {
  if (column.type === "datetime" && OF_TIMES[operator]) return OF_TIMES[operator];
  if (column.type === "list" && OF_LISTS[operator]) return OF_LISTS[operator];
  return OPERATOR_WORDS[operator] || String(operator);
}

function valueWords(value, column, columns) {
  if (value && typeof value === "object" && !Array.isArray(value)) return `${valueWords(value.min ?? "…", column, columns)} and ${valueWords(value.max ?? "…", column, columns)}`;
  if (Array.isArray(value)) {
    const words = value.slice(0, 5).map((one) => valueWords(one, column, columns)).join(", ");
    return value.length > 5 ? `${words}, … (${value.length})` : words;
  }
  if (column.kind === "state" && STATES[value]) return STATES[value];
  if (column.kind === "flag") return sentence(String(value));
  if (["people", "person"].includes(column.kind) && typeof value === "number") return columns.person(value);
  if (column.kind === "datetime" && typeof value === "string" && value !== "…") return Number.isNaN(Date.parse(value)) ? value : columns.at(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && ["open", "results", "json"].includes(column.kind)) return `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`;
  return String(value).slice(0, 80);
}

export function said(item, columns) {
  if (!item || typeof item !== "object") return "?";
  let words;
  if ("items" in item) words = group(item, columns);
  else {
    const column = columns.get(String(item.filter || "?"));
    if (item.operator === "empty") words = `${column.heading} is ${item.value === false ? "not " : ""}empty`;
    else words = `${column.heading} ${operatorWords(item.operator, column)} ${valueWords(item.value, column, columns)}`;
  }
  return item.child_filters ? `${words} (${group(item.child_filters, columns)})` : words;
}

function group(filters, columns) {
  const items = Array.isArray(filters.items) ? filters.items : [];
  return items.map((item) => ("items" in Object(item) ? `(${said(item, columns)})` : said(item, columns))).join(filters.conjunction === "or" ? " or " : " and ");
}
