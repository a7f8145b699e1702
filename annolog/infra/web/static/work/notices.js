// Notices that take more than a sentence: returned work, work that waits, work that was refused after it had waited.

import { button, make } from "./elements.js";
import { copying } from "./looks.js";
import { ofRefusal } from "./telling.js";

const MOST_LINES = 3;

/** What a reviewer said of work that came back. */
export function returnedWords(opened, showRegion) {
  const { comment, comments, region } = opened.returned;
  const said = opened.part.comments.filter((one) => comments.some((open) => open.comment === one.id));
  const lines = said.filter((one) => one.text !== comment).map((one) => make("span", {}, `“${one.text}”`));
  const acts = region ? [button("Show where", showRegion, { tiny: true })] : [];
  return { title: "A reviewer sent this back to you", words: comment ? `“${comment}”` : "Look at it once more.", kind: "warning", lines, acts, lasting: false };
}

/** Say what the work in a component lacks before it can be handed in; whether it lacks anything. */
export function saysMissing(looks, handle) {
  const [missing] = handle.missing();
  if (!missing) return false;
  looks.notice({ title: missing.message, kind: "warning", name: "missing", lasting: false });
  if (missing.region) handle.select(missing.region);
  return true;
}

/** Work or a verdict that is to be put right; where it is shown under new labels, `other` is how it goes on. */
export function toPutRight(looks, refusal, command, other) {
  const said = ofRefusal({ ...refusal.problem, code: other ? "other-labels" : refusal.code }, command.kind);
  const lines = (refusal.problem.errors ?? []).slice(0, MOST_LINES).map((one) => make("span", { class: "an-note" }, one.detail));
  looks.notice({ ...said, kind: "warning", acts: other ? [copying(command.result)] : [], lines, name: "refused", lasting: false });
}

/** In place of the work, while nobody answers. */
export function offline(command, again) {
  const what = { submit: "Your answer is kept", update: "Your change is kept", skip: "That you skip is kept", verdict: "Your verdict is kept" }[command?.kind];
  return make("div", { class: "an-empty an-work-none" },
    make("h2", { class: "an-empty-title" }, what ?? "The server cannot be reached"),
    make("p", {}, what ? `The server cannot be reached. Task ${command.task} is in this browser, also if you close the page, and is sent once as soon as that is possible. Then the next task comes.` : "It is tried again every few seconds."),
    make("div", { class: "an-actions" }, button("Try now", again, { kind: "primary" })));
}

/** Work that was refused long after it was done: said, and kept until somebody puts it away. */
export function heldBack(looks, outbox, one) {
  const said = ofRefusal(one.refusal, one.kind);
  const found = looks.notice({
    title: `Task ${one.task}: ${said.title}`, words: said.words, kind: "warning", name: `held-${one.id}`,
    lines: one.comment ? [make("span", { dir: "auto" }, `You wrote: “${one.comment}”`)] : [],
    acts: [...(one.result?.length ? [copying(one.result)] : []), button("Put away", () => { outbox.forget(one.id); looks.dismiss(found); }, { tiny: true })],
  });
}
