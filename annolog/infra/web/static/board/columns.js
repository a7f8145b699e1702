// The columns of the board: what each is called and how its values are shown. Cells are text; nothing is markup.
import { make } from "./asking.js";
import { NOTHING, STATES, answers, clock, counted, duration, number, sentence, short } from "./words.js";

const HEADINGS = {
  task: "Task", import_id: "Import", line: "Line", additional_slots: "Reassigned", overlap: "Overlap",
  updated_by: "Updated by", prediction_count: "Predictions", prediction_score: "Prediction score",
  annotator_count: "People", reviewer_count: "Reviewers (number)", reviews_accepted: "Accepted", reviews_fixed: "Fixed and accepted",
  reviews_rejected: "Rejected", ground_truth: "Ground truth", comment_count: "Comments",
  unresolved_comment_count: "Unresolved comments", lead_time_total: "Lead time, total", active_time_total: "Active time, total",
  review_time_total: "Review time", review_active_time_total: "Active review time", lead_time: "Lead time, mean",
  annotation_count: "Annotations", skip_count: "Skips", annotators: "Annotated by", assignees: "Assigned to",
  held_by: "Being worked on by", model_versions: "Model versions", results: "Results", labels: "Labels", flag: "Stuck",
  created_at: "Created", updated_at: "Updated", completed_at: "Last annotation", reviewed_at: "Reviewed at", last_comment_at: "Last comment",
  data: "Data", meta: "Meta", annotation_ids: "Annotation ids", comment_authors: "Commented by", reviewers: "Reviewers",
};
const KINDS = {
  number: "task import_id line overlap additional_slots prediction_count prediction_score annotator_count reviewer_count reviews_accepted reviews_fixed reviews_rejected ground_truth comment_count unresolved_comment_count annotation_count skip_count",
  agreement: "agreement", duration: "lead_time lead_time_total active_time_total review_time_total review_active_time_total",
  datetime: "created_at updated_at completed_at reviewed_at last_comment_at", boolean: "allow_skip reviewed deleted",
  people: "annotators assignees reviewers comment_authors held_by", person: "updated_by", list: "annotation_ids model_versions", labels: "labels",
  state: "state", flag: "flag", results: "results", json: "data meta",
};
// What kind of value the API takes a column for: that decides the operators.
const OF_API = { agreement: "number", duration: "number", person: "number", people: "list", labels: "list", state: "string", flag: "string", results: "string", json: "string" };
export const OPERATORS = {
  number: ["equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "in", "not_in", "in_list", "not_in_list", "empty"],
  datetime: ["greater_or_equal", "less_or_equal", "greater", "less", "equal", "not_equal", "in", "not_in", "empty"],
  boolean: ["equal", "not_equal", "empty"],
  string: ["contains", "not_contains", "equal", "not_equal", "in_list", "not_in_list", "regex", "empty"],
  list: ["contains", "not_contains", "empty"],
  open: ["contains", "not_contains", "equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "in", "not_in", "in_list", "not_in_list", "regex", "empty"],
};
const OF_NAMES = ["annotators", "assignees", "comment_authors", "held_by", "updated_by"];
const OF_AGREEMENT = ["agreement", "dimension_agreement", "flag"];

export class Columns {
  constructor(given) {
    this.given = given;
    this.at = clock(given.zone);
    this.byName = new Map();
    for (const [kind, names] of Object.entries(KINDS)) for (const name of names.split(" ")) this.add(name, kind, HEADINGS[name] || sentence(name), "Task");
    for (const key of given.data_keys) this.add(`data.${key}`, "open", key, "Data");
    for (const name of given.dimensions) this.add(`agreement.${name}`, "agreement", `Agreement: ${name}`, "Agreement");
    const hidden = [...(given.names_shown ? [] : OF_NAMES), ...(given.agreement_shown ? [] : OF_AGREEMENT)];
    for (const name of [...this.byName.keys()]) if (hidden.includes(name) || (hidden.includes("agreement") && name.startsWith("agreement."))) this.byName.delete(name);
    for (const name of given.hidden_fields) this.byName.delete(`data.${name}`);
  }

  add(name, kind, heading, group) { this.byName.set(name, { name, kind, heading, group, type: OF_API[kind] || kind }); }

  get(name) {
    const plain = name.replace(/^filter:tasks:|^tasks:/, "");
    return this.byName.get(plain) || { name: plain, kind: "open", type: "open", heading: plain, group: "Data" };
  }

  // Keys of the data that no labeling config names show as soon as a row has them. Returns whether there were any.
  learn(rows) {
    let more = false;
    const learnt = (name, kind, heading, group) => { if (!this.byName.has(name) && this.byName.size < 400 && name.length <= 205 && !name.includes('"')) { this.add(name, kind, heading, group); more = true; } };
    for (const row of rows) {
      for (const key of Object.keys(row.data || {})) if (!this.given.hidden_fields.includes(key)) learnt(`data.${key}`, "open", key, "Data");
      for (const name of Object.keys(row.dimension_agreement || {})) learnt(`agreement.${name}`, "agreement", `Agreement: ${name}`, "Agreement");
    }
    return more;
  }

  usual() {
    // What people are shown when they label, or else whatever there is.
    const shown = this.given.data_keys.length ? this.given.data_keys.map((key) => `data.${key}`) : [...this.byName.values()].filter((column) => column.group === "Data").map((column) => column.name);
    const data = shown.slice(0, 3);
    return ["task", "state", ...data, "labels", "agreement", "annotation_count", "additional_slots", "annotators", "unresolved_comment_count", "updated_at"].filter((name) => this.byName.has(name));
  }

  person(id) { return typeof id === "number" ? this.given.people[id] || (id === 0 ? "Annolog" : `person ${id}`) : String(id); }

  value(column, row) {
    if (column.name.startsWith("data.")) return (row.data || {})[column.name.slice(5)];
    if (column.name.startsWith("agreement.")) return (row.dimension_agreement || {})[column.name.slice(10)];
    return row[column.name];
  }

  // The words of a value, which are also its tooltip.
  words(column, value) {
    if (value === null || value === undefined) return column.kind === "open" ? "" : NOTHING;
    switch (column.kind) {
      case "number": return number(value);
      case "agreement": return value.toFixed(2);
      case "duration": return duration(value);
      case "datetime": return this.at(value);
      case "boolean": return value ? "Yes" : "No";
      case "person": return this.person(value);
      case "people": return value.map((id) => this.person(id)).join(", ");
      case "list": case "labels": return value.join(", ");
      case "state": return STATES[value] || sentence(value);
      case "flag": return value ? sentence(value) : "";
      case "results": return answers(value).map(([words, count]) => `${words} (${count})`).join(" · ");
      default: return short(value);
    }
  }

  cell(column, row) {
    const value = this.value(column, row);
    const words = this.words(column, value);
    if (column.name === "task") return make("a", { href: `/tasks/${Number(value)}`, class: "an-link", tabindex: "-1" }, String(value));
    if (column.kind === "state") return make("span", { class: `an-state an-state-${STATES[value] ? value : "other"}` }, words);
    if (column.kind === "flag" && value) return make("span", { class: "an-badge an-badge-warning" }, words);
    if (column.kind === "agreement" && typeof value === "number") return bar(value, words);
    if (column.kind === "labels" && value && value.length) return chips(value);
    if (column.kind === "results" && value && value.length) return chips(answers(value).map(([text, count]) => (count > 1 ? `${text} · ${count}` : text)));
    if (column.name === "additional_slots" && value) return make("span", { class: "an-badge an-badge-info" }, `+${value}`);
    if (column.name === "unresolved_comment_count" && value) return make("span", { class: "an-badge an-badge-warning" }, words);
    const quiet = words === NOTHING || (value === 0 && column.kind === "number");
    return make("span", { class: quiet ? "an-cell-none" : "", dir: column.kind === "open" ? "auto" : null, title: words.length > 24 ? words : null }, words);
  }
}

function bar(value, words) {
  const share = Math.max(0, Math.min(1, value));
  const found = make("span", { class: `an-agree${value < 0.5 ? " an-agree-low" : value < 0.75 ? " an-agree-middle" : ""}` }, make("span", { class: "an-agree-bar", "aria-hidden": "true" }, make("span")), make("span", {}, words));
  found.firstChild.firstChild.style.width = `${share * 100}%`;
  return found;
}

function chips(texts) {
  const shown = texts.slice(0, 4).map((text) => make("span", { class: "an-chip-cell", dir: "auto" }, short(text)));
  const more = texts.length > 4 ? [make("span", { class: "an-cell-none" }, counted(texts.length - 4, "more", "more"))] : [];
  return make("span", { class: "an-chips-cell", title: texts.join(", ").slice(0, 500) }, ...shown, ...more);
}
