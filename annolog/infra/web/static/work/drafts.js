// Unfinished work: kept in the browser at every change, and at the server soon after; what is said of that is true.

import { Refusal, ask } from "./asking.js";
import { drop, get, put } from "./keeping.js";

const SOON_MS = 800;
const LATEST_MS = 4_000;
const AGAIN_MS = 5_000;
// Beyond that a browser sends nothing on behalf of a page that goes away.
const MOST_LEAVING = 60_000;

const keyOf = (person, task) => `${person}:${task}`;

/** What this browser kept of somebody's work on a task and the server may not have, or undefined. */
export const keptHere = (person, task) => get("drafts", keyOf(person, task)).catch(() => undefined);

/** Forget it. */
export const forgetHere = (person, task) => drop("drafts", keyOf(person, task)).catch(() => {});

/**
 * Saves the work on one task. `state` is told what is true of it: "saving", "saved", "here" (in this browser alone),
 * "stale" (it was answered elsewhere meanwhile) or "unsaved".
 */
export class Draft {
  constructor({ person, task, revision, result, seconds, state }) {
    Object.assign(this, { _person: person, _task: task, _revision: revision, _result: result, _seconds: seconds, _state: state });
    this.dirty = false;
    this._version = 0;
    this._saved = 0;
    this._timer = 0;
    this._due = 0;
    this._sending = null;
    this._ended = false;
  }

  /** The work has changed. */
  changed() {
    this.dirty = true;
    this._version += 1;
    this._due ||= performance.now() + LATEST_MS;
    this._state("saving");
    this._keepHere();
    this._later(Math.min(SOON_MS, Math.max(0, this._due - performance.now())));
  }

  /** Save now what is not saved yet. */
  async now() {
    clearTimeout(this._timer);
    if (this._ended || this._saved === this._version) return;
    const version = this._version;
    this._due = 0;
    this._sending?.abort();
    const sending = (this._sending = new AbortController());
    try {
      await ask("PUT", `/v1/tasks/${this._task}/draft`, this._body(), { signal: sending.signal });
      this._saved = version;
      if (this._ended || version !== this._version) return;
      this._state("saved");
      await forgetHere(this._person, this._task);
    } catch (error) {
      if (this._ended || sending.signal.aborted) return;
      this._state(error instanceof Refusal && error.status === 412 ? "stale" : this._keptHere === false ? "unsaved" : "here");
      if (!(error instanceof Refusal)) this._later(AGAIN_MS);
    }
  }

  /** The page goes away: what is not saved is sent along, and the task left to others. Gives whether that was done. */
  leave(leaving) {
    if (this._ended || !this.dirty || (this._saved === this._version && !leaving)) return false;
    const body = { ...this._body(), leaving };
    this.end();
    if (JSON.stringify(body).length > MOST_LEAVING) return false;
    ask("PUT", `/v1/tasks/${this._task}/draft`, body, { keepalive: true }).catch(() => {});
    return true;
  }

  /** Nothing is saved for now: it is being handed in. */
  hold() {
    clearTimeout(this._timer);
    this._sending?.abort();
  }

  /** Nothing is saved from here on. What was handed in is forgotten here. */
  end({ handedIn = false } = {}) {
    this._ended = true;
    this._handedIn ||= handedIn;
    if (handedIn) forgetHere(this._person, this._task);
    clearTimeout(this._timer);
    this._sending?.abort();
  }

  _body() { return { result: this._result(), lead_time: this._seconds(), revision: this._revision }; }

  _later(milliseconds) {
    clearTimeout(this._timer);
    if (!this._ended) this._timer = setTimeout(() => this.now(), milliseconds);
  }

  async _keepHere() {
    try {
      await put("drafts", { key: keyOf(this._person, this._task), ...this._body(), at: Date.now() });
      this._keptHere = true;
      // It may have been handed in while it was being kept.
      if (this._handedIn) await forgetHere(this._person, this._task);
    } catch {
      this._keptHere = false;
    }
  }
}
