// The work of a day: a task comes, is answered, and the next one is there. Nothing that somebody did is ever waited for
// or lost; what cannot be sent is kept and sent later.

import { Answers } from "./answers.js";
import { Refusal, ask } from "./asking.js";
import { Bringing } from "./bringing.js";
import { Comments } from "./comments.js";
import { Configs } from "./configs.js";
import { Editors } from "./editors.js";
import { Instructions } from "./instructions.js";
import { changeKeys } from "./key_dialog.js";
import { Keymap } from "./keymap.js";
import { forgetHere, keptHere } from "./drafts.js";
import { Looks, copying } from "./looks.js";
import { Opened } from "./opened.js";
import { release } from "./reservation.js";
import { askWhy } from "./skip_dialog.js";
import { returnedWords, saysMissing } from "./notices.js";
import { Trail } from "./trail.js";
import { WaitingRoom, mayBeWork } from "./waiting_room.js";
import { actOnKeys, helpOf } from "./acting.js";

export class Bench {
  constructor(root, { project, person, task, config, configVersion, instructions, fullEditor }) {
    Object.assign(this, { _root: root, _project: project, _person: person, _first: task, _opened: null, _held: null, _busy: false });
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
    this._answers = new Answers(this, this._looks, { person, project, trail: this._trail, configs: this._configs });
    actOnKeys(this._keymap, this._acts, () => this._opened);
    addEventListener("pagehide", () => this._leave());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  /** Begin: what waits is sent, the instructions come first where there are any, then the first task. */
  async begin() {
    this._looks.count(this._trail.tasks.length);
    await this._answers.begin();
    await this._instructions.first();
    await (this._first ? this.open(this._first) : this.next());
  }

  /** What is before somebody, null if nothing is. */
  get opened() { return this._opened; }

  /** Whether something is on its way. */
  get isBusy() { return this._busy; }

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
    if (opened.handle.settle) await this.during(opened.handle.settle(true));
    if (opened !== this._opened) return;
    if (saysMissing(this._looks, opened.handle)) return;
    await this._answers.give(opened, opened.command());
  }

  /** Pass the task over, with a reason where one is asked for. */
  async skip(why) {
    const opened = this._opened;
    if (!opened?.mayBeSkipped || this._busy || document.querySelector("dialog[open]")) return;
    const comment = why ? await askWhy(opened.part.comment_on_skip) : "";
    if (comment !== null && opened === this._opened) await this._answers.give(opened, opened.skipping(comment));
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
    this.inEditor(opened);
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
    if (!(await this.during(opened.inTheOther()))) { saysMissing(this._looks, opened.handle); return; }
    this._editors.choose(opened.full);
    if (opened !== this._opened) return;
    this.inEditor(opened);
    this._looks.place.focus({ preventScroll: true });
    window.annolog?.announce(opened.full ? "Full editor" : "Built-in editor");
  }

  /** An editor is before somebody: what there is to say of it, and what can be done in it. */
  inEditor(opened) {
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
    this.gone();
  }

  /** Nothing is before somebody, and nothing is said about it any more. */
  gone() {
    this._opened = null;
    this._looks.clear();
  }

  _leave() {
    // What is on its way is not to find its place taken.
    if (this._answers.sending) { this._opened?.draft.leave(false); return; }
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

  /** Nothing else begins until this is done. */
  async during(work) {
    this._setBusy(true);
    try { return await work; } finally { this._setBusy(false); }
  }

  _setBusy(is) {
    this._busy = is;
    this._looks.busy(is);
  }
}
