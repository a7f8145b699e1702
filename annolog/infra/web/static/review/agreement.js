// How much people agree on the task, in whole and by question.

import { ask } from "/static/work/asking.js";
import { make } from "/static/work/elements.js";

const percent = (score) => `${Math.round(score * 100)} %`;

/** Ask for it; null where it is not shown, not known yet, or nobody answers. */
export async function agreementOf(task) {
  try {
    return await ask("GET", `/v1/tasks/${task}/agreement`);
  } catch {
    // The verdict does not depend on it.
    return null;
  }
}

/** A card, or null where there is nothing to say. */
export function agreementCard(found) {
  if (!found || found.score === null || found.score === undefined) return null;
  const dimensions = Object.entries(found.dimensions ?? {});
  const rows = dimensions.map(([name, score]) => {
    const winners = found.winners?.[name] ?? [];
    const most = winners.length ? `most say ${winners.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(" or ")}` : "";
    const bar = make("span", { class: "an-review-bar", "aria-hidden": "true" }, make("span", {}));
    bar.firstChild.style.width = `${Math.max(0, Math.min(1, score ?? 0)) * 100}%`;
    return make("li", {}, make("span", { class: "an-review-dimension", dir: "auto" }, name), make("span", {}, score === null ? "–" : percent(score)), bar, most ? make("span", { class: "an-note an-review-most", dir: "auto" }, most) : null);
  });
  const head = make("div", { class: "an-work-comment-head" }, make("h2", {}, "Agreement"), make("strong", { class: "an-review-score" }, percent(found.score)));
  return make("section", { class: "an-card an-review-side-card", "aria-label": "Agreement" }, head, make("p", { class: "an-note" }, `of ${found.answers} answers`), make("ul", { class: "an-review-dimensions" }, ...rows));
}
