// What became of an annotation: each revision with what it changed, each verdict with what was said.

import { changesBetween } from "/static/labeling/changes.js";
import { button, clock, make } from "/static/work/elements.js";
import { ofRevision, ofVerdict } from "./words.js";

const MOST_CHANGES = 12;
const ANOTHER = "another reviewer";

/** Entries, oldest first, as a card; null where nothing happened that is not plain to see. */
export function historyOf(judged, people, { me, questions, select, withdraw }) {
  const { own, reviews } = judged;
  if (!judged.plain || !own || (own.revisions.length < 2 && !reviews.length)) return null;
  const fixer = (revision) => { const review = reviews.find((one) => one.id === revision.review); return review ? people.who(review.reviewer, ANOTHER) : ""; };
  const last = reviews.filter((one) => !one.withdrawn).at(-1);
  const entries = [
    ...own.revisions.map((one) => ({ at: one.recorded_at, order: 1, element: revisionEntry(one, judged, fixer(one), questions) })),
    ...reviews.map((one) => ({ at: one.reviewed_at, order: 0, element: reviewEntry(one, people, { select, withdraw: one === last && one.reviewer === me ? withdraw : null }) })),
    ...(own.second_reviews ?? []).map((one) => ({ at: one.reviewed_at, order: 2, element: againEntry(one, people, select) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.order - b.order);
  return make("section", { class: "an-card an-review-side-card", "aria-label": "History" }, make("h2", {}, "History"), make("ol", { class: "an-review-history" }, ...entries.map((one) => one.element)));
}

function entry(title, words, at, said = "") {
  const head = make("div", { class: "an-work-comment-head" }, make("strong", {}, title), make("span", { class: "an-note" }, clock(at)));
  return make("li", {}, head, words ? make("p", { class: "an-note", dir: "auto" }, words) : null, said ? make("p", { class: "an-review-said", dir: "auto" }, `“${said}”`) : null);
}

function revisionEntry(one, judged, fixer, questions) {
  const found = entry(`Revision ${one.revision}`, ofRevision(one, fixer), one.recorded_at);
  const before = judged.before(one.revision);
  if (before) found.append(changeList(changesBetween(questions, before.result, one.result)));
  return found;
}

function againEntry(one, people, select) {
  const found = entry("Second review", `${ofVerdict(one)} by ${people.who(one.reviewer, ANOTHER)}`, one.reviewed_at, one.comment);
  if (one.region) found.append(where(one, select));
  return found;
}

const where = (one, select) => button("Show where", () => select(one.region), { kind: "quiet", tiny: true });

function reviewEntry(one, people, { select, withdraw }) {
  const words = `by ${people.who(one.reviewer, ANOTHER)}${one.withdrawn ? ", taken back" : one.given_up ? ", given up" : ""}`;
  const found = entry(ofVerdict(one), words, one.reviewed_at, one.comment);
  if (one.withdrawn) found.classList.add("an-work-resolved");
  const acts = [];
  if (one.region) acts.push(where(one, select));
  if (withdraw) acts.push(button("Take back", () => withdraw(one), { kind: "quiet", tiny: true }));
  if (acts.length) found.append(make("div", { class: "an-actions" }, ...acts));
  return found;
}

/** Changes as a list. */
export function changeList(changes) {
  const shown = changes.slice(0, MOST_CHANGES).map((words) => make("li", { dir: "auto" }, words.length > 240 ? `${words.slice(0, 240)}…` : words));
  if (changes.length > MOST_CHANGES) shown.push(make("li", { class: "an-note" }, `and ${changes.length - MOST_CHANGES} more`));
  return make("ul", { class: "an-review-changes" }, ...(shown.length ? shown : [make("li", { class: "an-note" }, "Nothing was changed.")]));
}

/** Above an annotation that was returned and revised: what was said, and what its author made of it. */
export function answerTo(judged, people, { questions, select }) {
  const { answered } = judged;
  if (!answered) return null;
  const before = judged.own.revisions.find((one) => one.revision === answered.revision);
  const title = `Returned by ${people.who(answered.reviewer, ANOTHER)}, and revised`;
  const where = answered.region ? button("Show where", () => select(answered.region), { tiny: true }) : null;
  return make("section", { class: "an-review-answer", "aria-label": "What was said and what changed" },
    make("div", { class: "an-work-comment-head" }, make("strong", { dir: "auto" }, title), where),
    answered.comment ? make("p", { class: "an-review-said", dir: "auto" }, `“${answered.comment}”`) : null,
    before ? changeList(changesBetween(questions, before.result, judged.result)) : null);
}
