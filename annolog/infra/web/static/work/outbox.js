// Answers on their way: each is kept in the browser first and then sent, with the key that makes it one command. What
// cannot be sent waits, also for the next page that is opened; several tabs send it once.

import { Refusal, Unreachable, ask, freshKey } from "./asking.js";
import { all, drop, get, put, together } from "./keeping.js";

const LONGEST_PAUSE_MS = 30_000;
const A_DAY_MS = 86_400_000;
const HERE = "annolog.person";

/** The answers of one person. `changed` is called with those that wait, whenever that is other than before. */
export class Outbox {
  constructor(person, changed = () => {}) {
    this._person = person;
    this._changed = changed;
    this._pause = 0;
    this._timer = 0;
    this._channel = new BroadcastChannel("annolog-work");
    this._listeners = [];
    this._outcomes = new Map();
    this.signedOut = false;
    this._channel.addEventListener("message", ({ data }) => { if (data.person === person) { this._tell(data); this._count(); } });
    addEventListener("online", () => this.flush());
    addEventListener("focus", () => { if (this.signedOut) this.flush(); });
    localStorage.setItem(HERE, String(person));
  }

  /** Hear of what was sent or refused, also by other tabs: `{task, kind, outcome}`. */
  heard(listener) { this._listeners.push(listener); }

  /** Begin to send what an earlier page left. */
  async begin() {
    for (const old of await all("outcomes")) if (Date.now() - old.at > A_DAY_MS) await drop("outcomes", old.id);
    await this._count();
    return this.flush();
  }

  /**
   * Send a command `{project, task, kind, method, path, body, told, result}`; `told` is what the page noticed meanwhile,
   * `unfinished` the key of what is kept of it until it counts.
   * Gives `{answer}`, `{refusal}` or `{waits: true}`. Throws only where this browser can keep nothing.
   */
  async send(command) {
    const item = { ...command, person: this._person, key: freshKey(), at: Date.now() };
    item.id = await together(["waiting"], "readwrite", (stores) => stores.waiting.add(item), { strict: true });
    await this.flush(item.id);
    // Another tab may have sent it.
    const outcome = this._outcomes.get(item.id) ?? (await get("outcomes", item.id));
    if (!outcome) return { waits: true };
    this._outcomes.delete(item.id);
    drop("outcomes", item.id);
    return outcome.refusal ? { refusal: new Refusal(outcome.status, outcome.refusal) } : { answer: outcome.answer };
  }

  /** What waits, the oldest first. */
  async waiting() { return (await all("waiting")).filter((item) => item.person === this._person); }

  /** What was refused after it had waited, and is kept to be looked at. */
  async refused() { return (await all("refused")).filter((item) => item.person === this._person); }

  /** Forget one of these. */
  forget(id) { return drop("refused", id); }

  /** Send all that waits, in its order. Only one tab does so at a time. `own` is what was put in by this very page. */
  async flush(own = null) {
    clearTimeout(this._timer);
    const send = () => this._send(own);
    try {
      if (navigator.locks) await navigator.locks.request(`annolog-outbox-${this._person}`, send);
      else await send();
      this._pause = 0;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this._pause = Math.min(LONGEST_PAUSE_MS, Math.max(error.after * 1000, this._pause * 2, 1000));
      this._timer = setTimeout(() => this.flush(), this._pause);
    }
    this._count();
  }

  async _send(own) {
    const items = await this.waiting();
    if (items.some((item) => item.id !== own) || localStorage.getItem(HERE) !== String(this._person)) await this._mustBeThem(items);
    for (const item of items) {
      if (this.signedOut) return;
      await this._one(item, item.id !== own);
    }
  }

  /** What one person answered is never sent in the name of another who signed in meanwhile. */
  async _mustBeThem(items) {
    if (!items.length) return;
    try {
      const me = await ask("GET", "/v1/me");
      this.signedOut = me.person !== this._person;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.signedOut = true;
    }
  }

  async _one(item, late) {
    try {
      if (item.told) await this._told(item);
      const answer = await ask(item.method, item.path, item.body, { key: item.key });
      await this._over(item, { answer });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) { this.signedOut = true; return; }
      await this._over(item, { refusal: error.problem, status: error.status }, late);
    }
  }

  /** What the page noticed comes before the answer, moved by how long that had to wait. */
  async _told(item) {
    const waited = Math.max(0, Date.now() - item.at);
    try {
      await ask("POST", `/v1/tasks/${item.task}/interactions`, { ...item.told, offset_ms: Math.round(item.told.offset_ms + waited) });
    } catch (error) {
      // Time is worth less than the answer: where it is refused, the answer goes without.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async _over(item, outcome, late = false) {
    if (!late) this._outcomes.set(item.id, outcome);
    // Not strict: were this lost, the answer would be sent again, and count once by its key.
    await together(["waiting", "outcomes", "refused", "drafts"], "readwrite", (stores) => {
      stores.waiting.delete(item.id);
      if (outcome.answer && item.unfinished) stores.drafts.delete(item.unfinished);
      stores.outcomes.put({ id: item.id, at: Date.now(), ...outcome });
      if (late && outcome.refusal) stores.refused.put({ id: item.id, person: item.person, project: item.project, task: item.task, kind: item.kind, result: item.result, comment: item.body?.comment ?? "", refusal: outcome.refusal, at: item.at });
    });
    const message = { person: this._person, task: item.task, project: item.project, kind: item.kind, id: item.id, late, outcome };
    this._channel.postMessage(message);
    this._tell(message);
  }

  _tell(message) { for (const listener of this._listeners) listener(message); }

  async _count() { this._changed(await this.waiting(), this.signedOut); }
}

/** Keep what was refused at once as well, for who wants to copy it. */
export const keepRefused = (item) => put("refused", item);
