// What somebody does with the task before them, and when, so that the time it took can be trusted (docs/time.md).

import { Refusal, ask, freshKey } from "./asking.js";

const IDLE_MS = 60_000;
const SIGN_EVERY_MS = 15_000;
const BATCH_EVERY_MS = 30_000;
const MOST = 1000;

/** The watch over one task from its opening to its end. `annotation` is what is revised, if it was submitted before. */
export class Attention {
  constructor(task, { annotation = null, spent = 0 } = {}) {
    this._task = task;
    this._annotation = annotation;
    this._session = freshKey().slice(0, 36);
    this._sequence = 0;
    this._begun = performance.now();
    this._spent = spent;
    this._notices = [];
    this._lastSign = this._begun;
    this._lastTold = -Infinity;
    this.idle = false;
    this._ending = new AbortController();
    const during = (target, event, act) => target.addEventListener(event, act, { signal: this._ending.signal, capture: true, passive: true });
    for (const event of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"]) during(window, event, () => this.sign());
    during(document, "visibilitychange", () => this.note(document.hidden ? "visibility_hidden" : "visibility_visible"));
    this._idling = setInterval(() => this._lookForIdleness(), 5_000);
    this._batching = setInterval(() => { this.send().catch(() => {}); }, BATCH_EVERY_MS);
    this.note("annotation_loaded");
    if (document.hidden) this.note("visibility_hidden");
  }

  /** Seconds from opening it to now, those of an earlier draft included. */
  get seconds() { return Math.round((this._spent + (performance.now() - this._begun) / 1000) * 1000) / 1000; }

  /** Whether somebody did something in the last minute. */
  get present() { return !document.hidden && performance.now() - this._lastSign < IDLE_MS; }

  /** Take down that something took place. */
  note(kind) {
    if (this._notices.length < MOST) this._notices.push({ kind, offset_ms: Math.round(performance.now() - this._begun) });
  }

  /** Somebody is there. */
  sign(kind = "at_work") {
    const now = performance.now();
    this._lastSign = now;
    if (this.idle) {
      this.idle = false;
      this.note("idle_resumed");
      this._lastTold = now;
    } else if (kind !== "at_work" || now - this._lastTold > SIGN_EVERY_MS) {
      this.note(kind);
      this._lastTold = now;
    }
  }

  /** What was noticed since the last batch, as the API takes it; null if nothing. Whoever asks sends it. */
  batch() {
    if (!this._notices.length) return null;
    const interactions = this._notices;
    this._notices = [];
    const found = { session: this._session, sequence: this._sequence, interactions, offset_ms: Math.round(performance.now() - this._begun) };
    this._sequence += 1;
    return this._annotation ? { ...found, annotation: this._annotation } : found;
  }

  /** Send what was noticed; what did not arrive is sent with the next. */
  async send({ keepalive = false } = {}) {
    const batch = this.batch();
    if (!batch) return;
    try {
      await ask("POST", `/v1/tasks/${this._task}/interactions`, batch, { keepalive });
    } catch (error) {
      if (!(error instanceof Refusal)) this._notices.unshift(...batch.interactions);
    }
  }

  /** The task is put away; gives what was noticed and not sent. */
  end() {
    this._ending.abort();
    clearInterval(this._idling);
    clearInterval(this._batching);
    this.note("annotation_left");
    return this.batch();
  }

  _lookForIdleness() {
    if (this.idle || performance.now() - this._lastSign < IDLE_MS) return;
    this.idle = true;
    this.note("idle_detected");
  }
}
