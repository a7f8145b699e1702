// The slot of the task before somebody: kept while they work, given back when they leave.

import { Refusal, ask } from "./asking.js";

const SOONEST_MS = 2_000;

/** Keeps a reservation `{lease, expires_at}` alive as long as `present()` says that somebody is there. */
export class Reservation {
  constructor(task, { expiresAt, serverTime, present, lost }) {
    this._task = task;
    this._present = present;
    this._lost = lost;
    this._ended = false;
    this._timer = 0;
    this._lasts(expiresAt, serverTime);
  }

  /** Nobody keeps it any more; what was reserved is used, or given back by whoever leaves. */
  end() {
    this._ended = true;
    clearTimeout(this._timer);
  }

  /** By the server's clocks, so that one that is wrong here does no harm. */
  _lasts(expiresAt, serverTime) {
    const left = Date.parse(expiresAt) - serverTime;
    this._ends = performance.now() + left;
    this._wait(Math.max(SOONEST_MS, left / 2));
  }

  _wait(milliseconds) {
    clearTimeout(this._timer);
    if (!this._ended) this._timer = setTimeout(() => this._look(), Math.min(milliseconds, 2 ** 31 - 1));
  }

  async _look() {
    if (this._ended) return;
    // Whoever went away lets it run out; once they are back it is asked for again.
    if (!this._present()) { this._wait(SOONEST_MS); return; }
    try {
      const answer = await ask("POST", `/v1/tasks/${this._task}/reservation/extend`, {});
      if (!this._ended) this._lasts(answer.expires_at, answer.serverTime);
    } catch (error) {
      if (this._ended) return;
      if (!(error instanceof Refusal)) this._wait(SOONEST_MS * 2);
      else if (error.code === "lease-lost") await this._again(error);
      else this._lost(error);
    }
  }

  async _again(error) {
    try {
      const answer = await ask("POST", `/v1/tasks/${this._task}/reservation`, {});
      if (answer.expires_at && !this._ended) this._lasts(answer.expires_at, answer.serverTime);
    } catch (refusal) {
      if (!this._ended) this._lost(refusal instanceof Refusal ? refusal : error);
    }
  }
}

/** Leave a task to others, also while the page goes away: one's `reservation` of it, or the `review`. */
export const release = (task, what = "reservation") => ask("DELETE", `/v1/tasks/${task}/${what}`, undefined, { keepalive: true }).catch(() => {});
