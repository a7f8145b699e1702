// Refusals and delays in words for the person who works: what happened, that nothing is lost, and what can be done.

import { clock, counted } from "./elements.js";

const KEPT = "Your work is kept as a draft.";

const SAID = {
  "slot-taken": { title: "Somebody else was faster", words: `The last place at this task was taken while you worked. ${KEPT}` },
  "lease-lost": { title: "Your time for this task ran out", words: `Somebody else was given the place meanwhile. ${KEPT}` },
  "already-annotated": { title: "You have answered this task already", words: "Perhaps in another tab, or it was passed on to somebody else. You can copy what you did here." },
  "not-assigned": { title: "This task is not yours any more", words: "It was given to somebody else, or passed on. You can copy what you did here." },
  "stale-version": { title: "The annotation has changed meanwhile", words: "You or a reviewer changed it elsewhere. Open it again to see it; you can copy what you did here." },
  "not-published": { title: "The project is not published", words: "Its manager has stopped the work for now. What you did is kept in this browser." },
  "skip-refused": { title: "This task cannot be skipped this way", words: "" },
  "unknown-label": { title: "The labels have changed", words: "They were changed while you worked." },
  "other-labels": { title: "The labels have changed", words: "They were changed while you worked, and these are the new ones. Choose anew where yours is gone." },
  "invalid-result": { title: "Something in the answer does not fit", words: "" },
  "not-found": { title: "The task is gone", words: "It was taken out of the project. You can copy what you did here." },
};

const SAID_OF_VERDICTS = {
  "stale-version": { title: "Its author changed it meanwhile", words: "Your verdict was about an earlier revision and does not count. This is how it is now." },
  "wrong-state": { title: "It is not to be reviewed any more", words: "" },
  "own-work": { title: "This is your own work", words: "Somebody else reviews it." },
  "not-assigned": { title: "This task is for other reviewers", words: "" },
  "not-found": { title: "There is nothing to judge here any more", words: "Somebody settled it, or took the task out of the project." },
  "not-published": { ...SAID["not-published"], words: "Its manager has stopped the work for now." },
  "unknown-label": SAID["unknown-label"],
  "other-labels": SAID["other-labels"],
};

// The same work, or the same verdict, can be sent once it is put right.
const TO_PUT_RIGHT = new Set(["invalid-result", "unknown-label", "invalid-input", "skip-refused"]);

/** Whether what was refused can be sent once it is put right. */
export const isToPutRight = ({ code }) => TO_PUT_RIGHT.has(code);

/** What to say of a refused answer, or of a refused verdict: `{title, words}`. */
export function ofRefusal({ code, detail, message, draft_kept: kept }, kind = "") {
  const detailed = detail ?? message ?? "";
  if (code === "paused") return { title: "You are paused in this project", words: `${detailed} ${kept ? KEPT : ""}`.trim() };
  const said = kind === "verdict" ? SAID_OF_VERDICTS[code] : SAID[code];
  if (!said) return { title: "That was not accepted", words: detailed };
  return { title: said.title, words: said.words || detailed };
}

const NONE = {
  assigned_done: ["You have done all that was assigned to you", "Ask a manager if there is more for you."],
  no_tasks: ["There are no tasks yet", "Tasks come in when a manager imports them."],
  touched: ["You have been with every task that still needs somebody", "The rest is for others; each task goes to different people."],
  kept: ["The tasks that are left are kept for others for a while", "If they do not come, the tasks may become yours."],
  held: ["Others have the remaining tasks before them", "If somebody leaves one, it may become yours."],
  nothing_to_review: ["Nothing waits for your verdict", "What is finished is reviewed, or is with other reviewers, or is your own work. New work comes here by itself."],
  finished: ["All tasks have their answers", "Well done. If people disagree on one, you may be asked again."],
};

/** What to say where there is no task: `{title, words, when}`. */
export function ofNoWork({ reason, detail, next_expiry: ends }) {
  const [title, words] = NONE[reason] ?? ["There is no task for you", detail ?? ""];
  return { title, words, when: ends ? `The first of them may come back at ${clock(ends)}.` : "" };
}

/** What to say of a pause, or of a limit that is reached. */
export function ofPause({ detail, until, cause, limit }) {
  if (cause === "limit") return { title: "You have done your share", words: `This project takes ${counted(limit, "annotation")} from one person, and you have given them. Thank you.` };
  return { title: "You are paused in this project", words: detail ?? "", when: until ? `The pause ends at ${clock(until)}.` : "" };
}

/** What somebody who learns is told of their answer. */
export function ofFeedback({ right, hint, tries_left: left }) {
  if (right) return { title: "That was right", words: "", right };
  const parts = [];
  if (hint.controls?.length) parts.push(`It differs in ${hint.controls.join(", ")}.`);
  if (hint.missing_regions) parts.push(`${counted(hint.missing_regions, "region is", "regions are")} missing.`);
  if (hint.surplus_regions) parts.push(`${counted(hint.surplus_regions, "region is", "regions are")} too many.`);
  parts.push(left > 0 ? `You may change it ${left === 1 ? "once" : `${left} times`} more.` : "It stays as it is.");
  return { title: "Not quite yet", words: parts.join(" "), right, left };
}

/** What waits to be sent. */
export function ofWaiting(waiting, signedOut) {
  const count = waiting.length;
  if (!count) return "";
  const [one, many] = waiting.every((item) => item.kind === "verdict") ? ["verdict is", "verdicts are"] : ["answer is", "answers are"];
  const what = counted(count, one, many);
  return signedOut ? `${what} kept in this browser. Sign in again, and ${count === 1 ? "it is" : "they are"} sent.` : `${what} kept in this browser and sent once the network is back.`;
}
