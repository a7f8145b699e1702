// A verdict that was begun: the fix and the words, kept in this browser until it is given.

import { drop, get, put } from "/static/work/keeping.js";

const keyOf = (person, judged) => `review:${person}:${judged.task}:${judged.annotation}`;

/** What this browser kept of somebody's verdict, or undefined. */
export const unfinishedHere = (person, judged) => get("drafts", keyOf(person, judged)).catch(() => undefined);

export class Unfinished {
  /** A fix is of one revision; words outlive it. */
  constructor(person, judged, kept) {
    this.key = keyOf(person, judged);
    this._revision = judged.revision;
    this._ended = false;
    this.fix = kept?.revision === judged.revision ? kept.fix ?? null : null;
    this.comment = kept?.comment ?? "";
  }

  /** Whether something was kept. */
  get exists() { return Boolean(this.fix || this.comment); }

  /** Keep what was begun. */
  keep(more) {
    if (this._ended) return;
    Object.assign(this, more);
    const { key, _revision: revision, fix, comment } = this;
    // A browser that can keep nothing costs only what was not sent.
    put("drafts", { key, revision, fix, comment, at: Date.now() }).catch(() => {});
  }

  /** It is given, or not wanted any more. */
  forget() {
    this._ended = true;
    drop("drafts", this.key).catch(() => {});
  }
}
