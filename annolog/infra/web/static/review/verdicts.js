// Verdicts on their way: sent once however often that is tried, refused in words, and taken back.

import { Refusal, ask } from "/static/work/asking.js";
import { make } from "/static/work/elements.js";
import { copying } from "/static/work/looks.js";
import { heldBack, offline, toPutRight } from "/static/work/notices.js";
import { Outbox } from "/static/work/outbox.js";
import { isToPutRight, ofRefusal, ofWaiting } from "/static/work/telling.js";
import { Given } from "./given.js";

export class Verdicts {
  /** `stream` is what goes on after a verdict. */
  constructor(stream, looks, person, project) {
    Object.assign(this, { _stream: stream, _looks: looks, _offline: null });
    this.given = new Given(person, project);
    this._outbox = new Outbox(person, (waiting, signedOut) => { looks.waits.textContent = ofWaiting(waiting, signedOut); });
    this._outbox.heard((message) => this._heard(message));
  }

  async begin() {
    await this._outbox.begin();
    for (const one of await this._outbox.refused()) heldBack(this._looks, this._outbox, one);
  }

  /** Give one. */
  async give(opened, said) {
    const command = { ...opened.command(said), annotation: opened.judged.annotation, plain: opened.judged.plain, said: { verdict: said.verdict, action: said.action ?? null } };
    let outcome;
    try {
      outcome = await this._outbox.send(command);
    } catch (error) {
      this._looks.notice({ title: "This browser cannot keep your verdict", words: `It was not sent. ${error.message}`, kind: "bad", name: "keeping" });
      return;
    }
    if (outcome.waits) this._wait(opened, command);
    else if (outcome.refusal) await this._refused(opened, command, outcome.refusal);
    else await this._accepted(opened, command, outcome.answer);
  }

  /** Take one back: `{task, annotation, review}`. Gives whether that was done. */
  async takeBack(one) {
    try {
      // It can be taken back once only, so tried again, also after a reload, it is the same command.
      await ask("DELETE", `/v1/tasks/${one.task}/reviews/${one.review}`, undefined, { key: `withdraw-review-${one.review}` });
    } catch (error) {
      const said = error instanceof Refusal ? ofRefusal({ ...error.problem, code: "" }, "verdict") : { title: "The server cannot be reached", words: "It is not known whether the verdict was taken back. Try again." };
      this._looks.notice({ ...said, kind: "warning", name: "undo", lasting: false });
      return false;
    }
    this.given.remove(one);
    return true;
  }

  async _accepted(opened, command, answer) {
    opened.done();
    this._stream.judged(command.task);
    this._note(command, answer);
    await this._stream.goOn();
  }

  _note(command, answer) {
    this.given.add({ task: command.task, annotation: command.annotation, review: answer?.review ?? null, plain: command.plain, ...command.said });
  }

  async _refused(opened, command, refusal) {
    if (isToPutRight(refusal)) {
      toPutRight(this._looks, refusal, command, await this._stream.underOthers(opened, command.result, refusal));
      return;
    }
    const said = ofRefusal({ ...refusal.problem, code: refusal.code }, "verdict");
    const acts = command.result ? [copying(command.result)] : [];
    if (refusal.code === "stale-version") await this._stream.open(command.task, command.annotation);
    else {
      opened.close();
      await this._stream.goOn();
    }
    const { comment } = command.body;
    const lines = comment ? [make("span", { dir: "auto" }, `You wrote: “${comment}”`)] : [];
    this._looks.notice({ ...said, kind: "warning", acts, lines, name: `refused-${command.task}`, lasting: refusal.code !== "stale-version" });
  }

  /** It could not be sent: it is kept, and the next one comes when that is. */
  _wait(opened, command) {
    opened.close();
    this._stream.judged(command.task);
    this._offline = command;
    this._stream.nothing(offline(command, () => this._outbox.flush()));
  }

  /** Something was sent or refused, here or in another tab, maybe much later. */
  async _heard({ task, kind, late, outcome }) {
    if (late && outcome.refusal) for (const one of await this._outbox.refused()) if (one.task === task) heldBack(this._looks, this._outbox, one);
    if (kind !== "verdict" || this._offline?.task !== task) return;
    if (outcome.answer) this._note(this._offline, outcome.answer);
    this._offline = null;
    // Who has looked at something else meanwhile goes on with that.
    if (this._stream.isIdle) await this._stream.goOn(); else this._stream.showGiven();
  }
}
