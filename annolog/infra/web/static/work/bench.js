// The work of a day: a task comes, is answered, and the next one is there. Nothing that somebody did is ever waited for
// or lost; what cannot be sent is kept and sent later.

import { same } from "/static/labeling/dom.js";
import { Refusal, ask } from "./asking.js";
import { Bringing } from "./bringing.js";
import { Comments } from "./comments.js";
import { Configs } from "./configs.js";
import { Editors } from "./editors.js";
import { make } from "./elements.js";
import { Instructions } from "./instructions.js";
import { changeKeys } from "./key_dialog.js";
import { Keymap } from "./keymap.js";
import { forgetHere, keptHere } from "./drafts.js";
import { Looks, copying } from "./looks.js";
import { Opened } from "./opened.js";
import { Outbox } from "./outbox.js";
import { release } from "./reservation.js";
import { askWhy } from "./skip_dialog.js";
import { heldBack, offline, returnedWords, toPutRight } from "./notices.js";
import { Trail } from "./trail.js";
import { isToPutRight, ofFeedback, ofRefusal, ofWaiting } from "./telling.js";
import { WaitingRoom, mayBeWork } from "./waiting_room.js";
import { actOnKeys, helpOf } from "./acting.js";

export class Bench {
  constructor(root, { project, person, task, config, configVersion, instructions, fullEditor }) {
    Object.assign(this, { _root: root, _project: project, _person: person, _first: task, _opened: null, _held: null, _busy: false, _sending: false, _offline: null });
    this._configs = new Configs(project, configVersion, config);
    this._editors = new Editors(person, project, fullEditor);
    this._keymap = new Keymap(person, project);
    this._trail = new Trail(person, project);
    this._instructions = new Instructions(person, project, instructions);
    this._acts = {
      submit: () => this.submit(), update: () => this.submit(), skip: () => this.skip(this._opened?.part.comment_on_skip), skipWithReason: () => this.skip(true),
      back: () => this.back(), next: () => this.forward(), comments: () => this._comment(), instructions: () => this._instructions.exist && this._instructions.show(),
      keys: () => this._changeKeys(), editor: () => this._switchEditor(), save: () => this._opened?.draft.now(),
    };
    this._looks = new Looks(root, this._acts);
    this._showTools();
    this._room = new WaitingRoom({ look: () => mayBeWork(project, person), there: () => this.next() });
    this._bringing = new Bringing({ room: this._room, nothing: (words) => this._looks.nothing(words), busy: (is) => this._setBusy(is) });
    this._comments = new Comments({ me: person, place: () => this._commentPlace(), again: async (task) => (await ask("GET", `/v1/tasks/${task}/mine`)).comments, select: (region) => this._opened?.handle.select(region) });
    this._looks.side.append(this._comments.element);
    this._outbox = new Outbox(person, (waiting, signedOut) => { this._looks.waits.textContent = ofWaiting(waiting, signedOut); });
    this._outbox.heard((message) => this._heard(message));
    actOnKeys(this._keymap, this._acts, () => this._opened);
    addEventListener("pagehide", () => this._leave());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  /** Begin: what waits is sent, the instructions come first where there are any, then the first task. */
  async begin() {
    this._looks.count(this._trail.tasks.length);
    await this._outbox.begin();
    for (const one of await this._outbox.refused()) heldBack(this._looks, this._outbox, one);
    await this._instructions.first();
    await (this._first ? this.open(this._first) : this.next());
  }

  /** The next task, whatever is before somebody now. */
  async next() {
    this._putAway();
    await this._bringing.bring(async () => {
      const left = this._trail.takeUp();
      const work = (left && (await this._reserved(left))) || (await ask("POST", `/v1/projects/${this._project}/next`));
      await this._show(work.task, work);
    });
  }

  /** This very task: answered before, or to be answered now. */
  async open(task) {
    this._putAway();
    await this._bringing.bring(async () => {
      const part = await ask("GET", `/v1/tasks/${task}/mine`);
      const work = part.annotation ? null : await ask("POST", `/v1/tasks/${task}/reservation`);
      await this._show(task, work, part.annotation ? part : null);
    });
  }

  back() {
    const task = this._trail.before(this._opened?.task);
    if (task !== null && !this._busy) this.open(task);
  }

  forward() {
    if (this._busy || !this._opened?.revising) return;
    const task = this._trail.after(this._opened.task);
    if (task === null) this.next(); else this.open(task);
  }

  /** Hand the work in. */
  async submit() {
    const opened = this._opened;
    if (!opened || this._busy) return;
    if (opened.handle.settle) await this._during(opened.handle.settle(true));
    if (opened !== this._opened) return;
    const missing = opened.handle.missing();
    if (missing.length) {
      this._looks.notice({ title: missing[0].message, kind: "warning", name: "missing", lasting: false });
      if (missing[0].region) opened.handle.select(missing[0].region);
      return;
    }
    await this._send(opened, opened.command());
  }

  /** Pass the task over, with a reason where one is asked for. */
  async skip(why) {
    const opened = this._opened;
    if (!opened?.mayBeSkipped || this._busy || document.querySelector("dialog[open]")) return;
    const comment = why ? await askWhy(opened.part.comment_on_skip) : "";
    if (comment !== null && opened === this._opened) await this._send(opened, opened.skipping(comment));
  }

  async _send(opened, command) {
    let outcome;
    this._sending = true;
    try {
      outcome = await this._during(this._outbox.send(command));
    } catch (error) {
      // Not even kept: the browser lets the page keep nothing.
      this._looks.notice({ title: "This browser cannot keep your answer", words: `It was not sent. ${error.message}`, kind: "bad", name: "keeping" });
      return;
    } finally {
      this._sending = false;
    }
    if (outcome.waits) this._wait(opened, command);
    else if (outcome.refusal) await this._refused(opened, command, outcome.refusal);
    else await this._accepted(opened, command, outcome.answer);
  }

  async _accepted(opened, command, answer) {
    opened.handedIn();
    this._gone();
    if (command.kind !== "skip") this._trail.add(opened.task);
    this._looks.count(this._trail.tasks.length);
    if (location.pathname.startsWith("/tasks/")) history.replaceState(null, "", `/projects/${this._project}/label`);
    const told = answer?.feedback ? ofFeedback(answer.feedback) : null;
    if (told && !told.right && told.left > 0) {
      await this.open(opened.task);
      this._looks.notice({ ...told, kind: "warning", lasting: false });
      return;
    }
    await this.next();
    if (told) this._looks.notice({ ...told, kind: told.right ? "good" : "warning", lasting: false });
  }

  async _refused(opened, command, refusal) {
    if (isToPutRight(refusal)) {
      const found = await this._during(this._configs.after(refusal, opened.part.config_version, command.result));
      if (opened !== this._opened) return;
      // What was changed since it was sent stays; sent once more it is refused as it is, and gone on with then.
      const other = same(opened.handle.result(), command.result) ? found : null;
      if (other) { opened.goOn(other); this._inEditor(opened); }
      toPutRight(this._looks, refusal, command, other);
      if (other || opened.draft.dirty) opened.draft.changed();
      return;
    }
    const said = ofRefusal({ ...refusal.problem, code: refusal.code });
    const acts = command.kind === "skip" ? [] : [copying(command.result)];
    if (refusal.problem.draft_kept) opened.handedIn(); else opened.putAway();
    this._gone();
    await this.next();
    this._looks.notice({ ...said, kind: "warning", acts, name: `refused-${opened.task}` });
  }

  /** It could not be sent: it is kept, and the next task comes when that is. */
  _wait(opened, command) {
    opened.handedIn();
    this._gone();
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
      await this.next();
    } else if (this._opened?.task === task && !this._busy && !this._opened.revising && outcome.answer) {
      this._opened.handedIn();
      this._gone();
      this._looks.notice({ title: "You answered this task in another tab", kind: "info" });
      await this.next();
    }
  }

  /** A task that was left unfinished, if it is still to be had. */
  async _reserved(task) {
    try {
      return await ask("POST", `/v1/tasks/${task}/reservation`);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  async _show(task, work, given = null) {
    const [part, here] = await Promise.all([given ?? ask("GET", `/v1/tasks/${task}/mine`), keptHere(this._person, task)]);
    const config = await this._configs.of(part.config_version);
    this._looks.clear();
    this._looks.say("none");
    this._looks.place.replaceChildren();
    this._looks.side.hidden = !this._commenting && !part.comments.length;
    const opened = new Opened(this._looks.place, {
      person: this._person, part, work, config, here, editors: this._editors, keymap: this._keymap,
      state: (state) => { if (this._opened === opened) this._looks.say(state); },
      changed: () => this._looks.notices.querySelector('[data-name="missing"]')?.remove(),
      selected: () => this._comments.about(),
      lost: (refusal) => { if (this._opened === opened) this._looks.notice({ title: "Your time for this task may be over", words: `${refusal.message} Hand in what you have: if nobody took the place it counts, and otherwise it is kept.`, kind: "warning", name: "lost", lasting: false }); },
    });
    this._opened = opened;
    this._looks.show(opened, this._keymap, this._trail);
    this._inEditor(opened);
    this._comments.show(task, part.comments);
    if (opened.beginning.from === "draft") this._looks.say("saved");
    if (opened.beginning.from === "here") opened.draft.changed();
    if (opened.returned) this._looks.notice(returnedWords(opened, () => opened.handle.select(opened.returned.region)));
    if (opened.beginning.older) {
      this._looks.notice({ title: "There is older unfinished work on this task", words: "The answer was changed after it.", kind: "info", acts: [copying(opened.beginning.older)], lasting: false });
      forgetHere(this._person, task);
    }
    this._root.dataset.task = String(task);
    this._looks.place.focus({ preventScroll: true });
    window.annolog?.announce(`Task ${task}`);
  }

  /** The same task in the other editor, which is the one from here on. */
  async _switchEditor() {
    const opened = this._opened;
    if (!opened || this._busy || !this._editors.offered(opened.config) || document.querySelector("dialog[open]")) return;
    await this._during(opened.inTheOther());
    this._editors.choose(opened.full);
    if (opened !== this._opened) return;
    this._inEditor(opened);
    this._looks.place.focus({ preventScroll: true });
    window.annolog?.announce(opened.full ? "Full editor" : "Built-in editor");
  }

  /** An editor is before somebody: what there is to say of it, and what can be done in it. */
  _inEditor(opened) {
    this._editors.say(opened.config, this._looks);
    this._showTools();
    this._root.dataset.keys = this._help(opened);
    this._looks.keepPlace();
  }

  _showTools() {
    this._looks.showTools({ instructions: this._instructions.exist, editor: this._editors.otherThan(this._opened) });
  }

  _putAway() {
    const opened = this._opened;
    if (!opened) return;
    // What somebody holds stays theirs while they look back at earlier work.
    if (!opened.revising) this._held = opened.task;
    opened.putAway();
    this._gone();
  }

  /** Nothing is before somebody, and nothing is said about it any more. */
  _gone() {
    this._opened = null;
    this._looks.clear();
  }

  _leave() {
    // What is on its way is not to find its place taken.
    if (this._sending) { this._opened?.draft.leave(false); return; }
    const opened = this._opened;
    if (opened?.leave() && !opened.revising) this._trail.leave(opened.task);
    if (this._held && this._held !== opened?.task) release(this._held);
  }

  _commentPlace() {
    const opened = this._opened;
    const region = opened?.handle.selected();
    return { ...(opened?.revising ? { annotation: opened.annotation.id } : { draft: true }), ...(region ? { region } : {}) };
  }

  _comment() {
    this._commenting = true;
    this._looks.side.hidden = false;
    this._comments.focus();
  }

  _changeKeys() {
    if (document.querySelector("dialog[open]")) return;
    changeKeys(this._keymap, {
      config: this._configs.latest, data: this._opened?.part.data ?? {},
      kept: () => {
        if (!this._opened) return;
        this._opened.withKeys();
        this._looks.show(this._opened, this._keymap, this._trail);
        this._root.dataset.keys = this._help(this._opened);
        this._looks.keepPlace();
      },
    });
  }

  _help(opened) { return helpOf(this._keymap, this._looks.place, [opened.revising ? "submit" : "update", ...(this._editors.offered(opened.config) ? [] : ["editor"])]); }

  async _during(work) {
    this._setBusy(true);
    try { return await work; } finally { this._setBusy(false); }
  }

  _setBusy(is) {
    this._busy = is;
    this._looks.busy(is);
  }
}
