// The work of a reviewer: an annotation comes, is judged, and the next one is there.

import { same } from "/static/labeling/dom.js";
import { actOnKeys, helpOf } from "/static/work/acting.js";
import { ask } from "/static/work/asking.js";
import { Bringing } from "/static/work/bringing.js";
import { Comments } from "/static/work/comments.js";
import { Instructions } from "/static/work/instructions.js";
import { changeKeys } from "/static/work/key_dialog.js";
import { Keymap } from "/static/work/keymap.js";
import { saysMissing } from "/static/work/notices.js";
import { WaitingRoom } from "/static/work/waiting_room.js";
import { Coming, NotShown } from "./coming.js";
import { Judged } from "./judged.js";
import { REVIEW_ACTIONS } from "./keys.js";
import { ReviewLooks } from "./looks.js";
import { OpenedReview } from "./opened.js";
import { People } from "./people.js";
import { Surroundings } from "./surroundings.js";
import { unfinishedHere } from "./unfinished.js";
import { Verdicts } from "./verdicts.js";

export class Stream {
  constructor(root, { project, person, task, annotation, config, configVersion, instructions, rules, agreement }) {
    Object.assign(this, { _root: root, _project: project, _person: person, _first: task ? { task, annotation } : null, _rules: rules, _opened: null, _busy: false, _sending: null, _turn: null });
    this._coming = new Coming(person, project, config, configVersion);
    this._people = new People(project, person);
    this._keymap = new Keymap(person, project, REVIEW_ACTIONS, "review");
    this._instructions = new Instructions(person, project, instructions);
    this._acts = this._actions();
    this._looks = new ReviewLooks(root, this._acts);
    this._looks.showTools(this._keymap, { instructions: this._instructions.exist });
    this._verdicts = new Verdicts(this, this._looks, person, project);
    this._room = new WaitingRoom({ look: () => this._coming.waits(), there: () => this.next() });
    this._bringing = new Bringing({
      room: this._room, nothing: (words) => this.nothing(words), busy: (is) => this._setBusy(is),
      otherwise: (error) => (error instanceof NotShown ? this._around.notShown(() => this.next()) : null),
    });
    this._comments = new Comments({
      me: person, settles: true, about: ["about the selected region", "about the annotation"], again: async (task) => this._ofThis((await ask("GET", `/v1/tasks/${task}`)).comments),
      who: (comment) => (this._opened?.judged.plain ? this._people.who(comment.author) : comment.author === person ? "You" : "Somebody"),
      place: () => this._commentPlace(), select: (region) => this._opened?.handle.select(region),
    });
    this._around = new Surroundings(this._looks, {
      rules, keyOf: (name) => this._keymap.page(name), people: this._people, person, comments: this._comments, agreement,
      reject: (said) => this._give({ verdict: "rejected", ...said }), withdraw: (review) => this._undo({ ...this._opened.judged, review: review.id }),
    });
    actOnKeys(this._keymap, this._acts, () => this._opened);
    addEventListener("pagehide", () => this._leave());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  /** Begin: what waits is sent, then what was chosen comes, or the next one. */
  async begin() {
    this.showGiven();
    await this._verdicts.begin();
    await (this._first ? this.open(this._first.task, this._first.annotation) : this.next());
  }

  /** The next annotation of the project's stream. */
  next() { return this._bring(() => this._coming.next()); }

  /** This very annotation, whoever has what to say to it. */
  open(task, annotation) { return this._bring(() => this._coming.of(task, annotation)); }

  /** Whether nothing is before the reviewer. */
  get isIdle() { return this._opened === null && !this._busy; }

  /** How a refused verdict can be gone on with under other labels, if it was refused for them; it is shown so. */
  async underOthers(opened, result, refusal) {
    const found = await this._coming.configs.after(refusal, opened.configVersion, result);
    // What was changed since it was sent stays; sent once more it is refused as it is, and gone on with then.
    if (!found || opened !== this._opened || !same(opened.fix, result)) return null;
    opened.goOn(found);
    this._around.show(opened, opened.config);
    this._showFix();
    return found;
  }

  /** There is a verdict on a task, or one is kept to be sent. */
  judged(task) { this._coming.judged(task); }

  /** After a verdict. */
  async goOn() {
    this._opened = null;
    this.showGiven();
    if (location.pathname.startsWith("/tasks/")) history.replaceState(null, "", `/projects/${this._project}/review`);
    await this.next();
  }

  /** There is nothing before the reviewer but some words. */
  nothing(...words) {
    this._opened = null;
    this._around.clear();
    this._looks.nothing(...words);
  }

  _actions() {
    const rejecting = (action) => () => { if (this._opened && !this._busy && this._rules.actions.includes(action)) { this._looks.bar.hidden = true; this._around.composer.open(action); } };
    const given = () => this._verdicts.given;
    return {
      accept: () => this._accept(), fix: () => this._fix(), reject: () => rejecting(this._rules.actions[0])(),
      return: rejecting("return"), pass_on: rejecting("pass_on"), remove: rejecting("remove"),
      later: () => this._later(), undo: () => this._undo(this._opened?.judged.stage === "given" ? given().of(this._opened.judged.annotation) : given().last), undoLast: () => this._undo(given().last),
      openLast: () => this._step(given().last), back: () => this._step(given().before(this._opened?.judged.annotation)), next: () => this._forward(),
      differences: () => this._opened && this._around.compare.switch(), all: () => this._opened && this._around.switchAll(),
      comments: () => this._opened && this._comments.focus(), instructions: () => this._instructions.exist && this._instructions.show(), keys: () => this._changeKeys(),
    };
  }

  _accept() {
    const opened = this._opened;
    if (!opened || this._busy) return;
    if (this._around.composer.isOpen) { this._around.composer.send(); return; }
    const fixed = opened.fixing && opened.fix;
    if (fixed && saysMissing(this._looks, opened.handle)) return;
    this._give({ verdict: fixed ? "fixed" : "accepted" });
  }

  async _give(said) {
    if (!this._opened || this._busy) return;
    this._setBusy(true);
    this._sending = this._opened.judged.task;
    try {
      await this._verdicts.give(this._opened, said);
    } finally {
      this._sending = null;
      this._setBusy(false);
    }
  }

  _fix() {
    if (!this._opened || this._busy) return;
    this._around.closeAll();
    this._opened.toggleFix();
    this._showFix();
  }

  _showFix() {
    const opened = this._opened;
    this._looks.showVerdicts(opened, this._keymap, { rules: this._rules, given: this._verdicts.given });
    this._around.follow();
    this._help();
    this._looks.saving.textContent = opened.fix && !opened.fixing ? "Your fix is put aside" : opened.fixing ? "You are fixing it" : "";
  }

  async _later() {
    const opened = this._opened;
    if (!opened || this._busy || opened.judged.stage === "given") return;
    await this._bring(async () => {
      await this._coming.later(opened.judged.task);
      return this._coming.next();
    });
  }

  async _undo(one) {
    if (!one || this._busy || !Number.isSafeInteger(one.review) || one.plain === false) return;
    this._setBusy(true);
    const done = await this._verdicts.takeBack(one);
    this._setBusy(false);
    if (!done) return;
    this.showGiven();
    await this.open(one.task, one.annotation);
    this._looks.notice({ title: "Taken back", words: "It waits for a verdict again.", kind: "info", name: "undone", lasting: false });
  }

  _step(one) { if (one && !this._busy) this.open(one.task, one.annotation); }

  _forward() {
    if (this._busy || this._opened?.judged.stage !== "given") return;
    const one = this._verdicts.given.after(this._opened.judged.annotation);
    if (one) this._step(one); else this.next();
  }

  _leave() {
    this._opened?.leave();
    // A verdict that is on its way is not to find that somebody else has the task.
    this._coming.leave(this._sending);
  }

  /** Put away what there is, and show what `get` gives. */
  _bring(get) {
    this._opened?.putAway();
    this._opened = null;
    this._around.putAway();
    const turn = this._turn = {};
    return this._bringing.bring(async () => {
      const found = await get();
      if (turn === this._turn) await this._show(found, turn);
    });
  }

  /** Unless something else was asked for meanwhile. */
  async _show({ work, page, again, serverTime }, turn) {
    const judged = new Judged(work, page);
    const [config, kept] = await Promise.all([this._coming.configs.of(judged.configVersion), unfinishedHere(this._person, judged), judged.plain ? this._people.learn() : null]);
    if (turn !== this._turn) return;
    this._looks.clear();
    this._looks.place.replaceChildren();
    const opened = new OpenedReview(this._looks.place, {
      person: this._person, project: this._project, judged, config, hotkeys: this._keymap.ofComponent, others: this._around.begin(judged), kept, serverTime,
      changed: () => { this._looks.notices.querySelector('[data-name="missing"]')?.remove(); this._showFix(); },
      selected: () => { this._comments.about(); this._around.composer.follow(); },
    });
    this._opened = opened;
    this._comments.show(judged.task, this._ofThis(page?.comments ?? []), judged.annotation);
    this._looks.showReview(opened, this._keymap, { who: this._around.whose(judged), rules: this._rules, given: this._verdicts.given });
    this._around.show(opened, config);
    this._showFix();
    if (opened.fix) this._looks.saving.textContent = "You go on with the fix that was kept";
    if (again) this._looks.notice({ title: "What you left for later comes again", kind: "info", lasting: false });
    this._root.dataset.task = String(judged.task);
    opened.focus();
    window.annolog?.announce([`Task ${judged.task}`, this._looks.lane.textContent, judged.answered ? this._looks.revised.textContent : ""].filter(Boolean).join(", "));
  }

  /** What is said about the whole task, and about this annotation of it. */
  _ofThis(comments) { return comments.filter((one) => one.annotation === null || one.annotation === this._opened?.judged.annotation); }

  _commentPlace() {
    const region = this._around.region();
    return { annotation: this._opened?.judged.annotation ?? null, ...(region ? { region: region.id } : {}) };
  }

  _changeKeys() {
    if (document.querySelector("dialog[open]")) return;
    const { _opened: opened, _keymap: keymap } = this;
    const kept = () => { this._looks.showLast(this._verdicts.given.last, keymap); if (opened && opened === this._opened) { opened.withKeys(keymap.ofComponent); this._showFix(); } };
    changeKeys(keymap, { config: opened?.config ?? this._coming.configs.latest, data: opened?.judged.data ?? {}, kept });
  }

  _help() {
    const unasked = ["return", "pass_on", "remove"].filter((action) => !this._rules.actions.includes(action));
    this._root.dataset.keys = helpOf(this._keymap, this._looks.place, unasked);
  }

  /** Show what was judged here. */
  showGiven() {
    this._looks.showLast(this._verdicts.given.last, this._keymap);
    const count = this._verdicts.given.all.length;
    this._looks.done.textContent = count ? `${count.toLocaleString("en")} judged here` : "";
  }

  _setBusy(is) {
    this._busy = is;
    this._looks.busy(is);
  }
}
