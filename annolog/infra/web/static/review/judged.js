// What is before a reviewer, put together from what they were handed and what they may see of its task.

/** The words for an answer that has nothing else to be called by. */
const model = (prediction) => `Model ${prediction.model_version ?? ""}`.trim();

/**
 * An annotation to be judged: `work` is what the stream gives, or the like; `page` the task as the reviewer may see it,
 * null where they are to see nothing of it.
 */
export class Judged {
  constructor(work, page) {
    this.stage = work.stage;
    this.task = work.task;
    this.annotation = work.annotation;
    this.review = work.review ?? null;
    this.verdicts = work.verdicts ?? [];
    this.data = work.data;
    this.configVersion = work.config_version;
    this.page = page;
    this.own = page?.annotations.find((one) => one.id === work.annotation) ?? null;
    // Only a plain verdict is about what there is now.
    const latest = this.plain && this.own ? this.own : work;
    this.revision = latest.revision;
    this.result = latest.result;
  }

  /** Whether it is an ordinary review: neither a second one nor one that settles two. */
  get plain() { return this.stage === "first" || this.stage === "given"; }

  /** What was said before, oldest first; nothing where that would not be blind. */
  get reviews() { return this.plain ? this.own?.reviews ?? [] : []; }

  /** The return that the latest revision answers, if it does. */
  get answered() {
    const last = this.reviews.filter((one) => !one.withdrawn).at(-1);
    return last?.action === "return" && last.revision < this.revision ? last : null;
  }

  /** The revision before another one. */
  before(revision) { return this.own?.revisions.find((one) => one.revision === revision - 1) ?? null; }

  /** All that it can be compared with: `{key, who, kind, result, raw}`, people first. */
  others(people) {
    if (!this.page) return [];
    const found = this.page.annotations.filter((one) => one.id !== this.annotation && !one.deleted).map((one) => {
      const who = people.who(one.annotator, `annotation ${one.id}`);
      const truth = one.id === this.page.ground_truth;
      return { key: `annotation-${one.id}`, who: truth ? `Ground truth (${who})` : who, kind: truth ? "ground_truth" : "person", result: one.result, raw: one };
    });
    for (const one of this.page.predictions ?? []) found.push({ key: `prediction-${one.prediction}`, who: model(one), kind: "prediction", result: one.result, raw: one });
    this.verdicts.forEach((one, at) => { if (one.result) found.push({ key: `fix-${at}`, who: `${at ? "Second" : "First"} reviewer's fix`, kind: "person", result: one.result, raw: {} }); });
    const judged = this.answered && this.own.revisions.find((one) => one.revision === this.answered.revision);
    if (judged) found.push({ key: `revision-${judged.revision}`, who: `Revision ${judged.revision}`, kind: "person", result: judged.result, raw: {}, earlier: true });
    const known = new Map();
    for (const one of found) {
      // Two may be called the same; what is compared is told apart by its name.
      const times = (known.get(one.who) ?? 0) + 1;
      known.set(one.who, times);
      if (times > 1) one.who = `${one.who} (${times})`;
    }
    return found;
  }
}
