// Answers on their way: sent once however often that is tried, refused in words, and what follows.

import { same } from "/static/labeling/dom.js";
import { copying } from "./looks.js";
import { heldBack, offline, toPutRight } from "./notices.js";
import { Outbox } from "./outbox.js";
import { isToPutRight, ofFeedback, ofRefusal, ofWaiting } from "./telling.js";

export class Answers {
  /** `bench` is what goes on after an answer. */
  constructor(bench, looks, { person, project, trail, configs }) {
    Object.assign(this, { _bench: bench, _looks: looks, _project: project, _trail: trail, _configs: configs, _offline: null });
    /** Whether one is being sent. */
    this.sending = false;
    this._outbox = new Outbox(person, (waiting, signedOut) => { looks.waits.textContent = ofWaiting(waiting, signedOut); });
    this._outbox.heard((message) => this._heard(message));
  }

  async begin() {
    await this._outbox.begin();
    for (const one of await this._outbox.refused()) heldBack(this._looks, this._outbox, one);
  }

  /** Send one, or a skip, and go on with what follows. */
  async give(opened, command) {
    let outcome;
    this.sending = true;
    try {
      outcome = await this._bench.during(this._outbox.send(command));
    } catch (error) {
      // Not even kept: the browser lets the page keep nothing.
      this._looks.notice({ title: "This browser cannot keep your answer", words: `It was not sent. ${error.message}`, kind: "bad", name: "keeping" });
      return;
    } finally {
      this.sending = false;
    }
    if (outcome.waits) this._wait(opened, command);
    else if (outcome.refusal) await this._refused(opened, command, outcome.refusal);
    else await this._accepted(opened, command, outcome.answer);
  }

  async _accepted(opened, command, answer) {
    opened.handedIn();
    this._bench.gone();
    if (command.kind !== "skip") this._trail.add(opened.task);
    this._looks.count(this._trail.tasks.length);
    if (location.pathname.startsWith("/tasks/")) history.replaceState(null, "", `/projects/${this._project}/label`);
    const told = answer?.feedback ? ofFeedback(answer.feedback) : null;
    if (told && !told.right && told.left > 0) {
      await this._bench.open(opened.task);
      this._looks.notice({ ...told, kind: "warning", lasting: false });
      return;
    }
    await this._bench.next();
    if (told) this._looks.notice({ ...told, kind: told.right ? "good" : "warning", lasting: false });
  }

  async _refused(opened, command, refusal) {
    if (isToPutRight(refusal)) {
      const found = await this._bench.during(this._configs.after(refusal, opened.part.config_version, command.result));
      if (opened !== this._bench.opened) return;
      // What was changed since it was sent stays; sent once more it is refused as it is, and gone on with then.
      const other = same(opened.handle.result(), command.result) ? found : null;
      if (other) { opened.goOn(other); this._bench.inEditor(opened); }
      toPutRight(this._looks, refusal, command, other);
      if (other || opened.draft.dirty) opened.draft.changed();
      return;
    }
    const said = ofRefusal({ ...refusal.problem, code: refusal.code });
    const acts = command.kind === "skip" ? [] : [copying(command.result)];
    if (refusal.problem.draft_kept) opened.handedIn(); else opened.putAway();
    this._bench.gone();
    await this._bench.next();
    this._looks.notice({ ...said, kind: "warning", acts, name: `refused-${opened.task}` });
  }

  /** It could not be sent: it is kept, and the next task comes when that is. */
  _wait(opened, command) {
    opened.handedIn();
    this._bench.gone();
    this._offline = command.task;
    this._looks.nothing(offline(command, () => this._outbox.flush()));
  }

  /** Something was sent or refused, here or in another tab, maybe much later. */
  async _heard({ task, kind, late, outcome }) {
    if (late && outcome.refusal) for (const one of await this._outbox.refused()) if (one.task === task) heldBack(this._looks, this._outbox, one);
    if (kind === "verdict") return;
    if (this._offline === task) {
      this._offline = null;
      if (outcome.answer && kind !== "skip") this._trail.add(task);
      this._looks.count(this._trail.tasks.length);
      await this._bench.next();
      return;
    }
    const { opened, isBusy } = this._bench;
    if (opened?.task === task && !isBusy && !opened.revising && outcome.answer) {
      opened.handedIn();
      this._bench.gone();
      this._looks.notice({ title: "You answered this task in another tab", kind: "info" });
      await this._bench.next();
    }
  }
}
