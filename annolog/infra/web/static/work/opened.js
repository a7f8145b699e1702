// One task before somebody, from its opening until it is handed in or put away.

import { Attention } from "./attention.js";
import { Draft } from "./drafts.js";
import { Reservation, release } from "./reservation.js";

const MOST_LEAVING = 60_000;

/**
 * What the work begins with, of all there is: what this browser kept (`here`), the draft, the annotation, a suggestion.
 * Gives `{result, suggested, prediction, from, older}`; `older` is unfinished work that a newer answer has overtaken.
 */
export function beginning(part, here) {
  const { annotation, draft, predictions } = part;
  const revision = annotation?.revision ?? 0;
  const overtaken = draft && annotation && Date.parse(draft.saved_at) < Date.parse(annotation.updated_at);
  if (here && here.revision === revision) return { result: here.result, from: "here", spent: here.lead_time ?? 0 };
  const older = here?.result ?? (overtaken ? draft.result : null);
  if (draft && !overtaken) return { result: draft.result, from: "draft", spent: draft.lead_time ?? 0, older };
  if (annotation) return { result: annotation.result, from: "annotation", spent: 0, older };
  const suggestion = predictions?.at(-1);
  if (suggestion) return { result: suggestion.result, suggested: true, prediction: suggestion.prediction ?? null, from: "prediction", spent: 0, older };
  return { result: [], from: "nothing", spent: 0, older };
}

export class Opened {
  /** `part` is one's part of the task, `work` what it was handed out with, if it was. */
  constructor(element, { person, part, work, config, editors, keymap, here, state, changed, selected, lost }) {
    this.task = part.task;
    this.part = part;
    this.lane = work?.lane ?? (part.annotation ? "revising" : "held");
    this.annotation = part.annotation;
    this.beginning = beginning(part, here);
    this._person = person;
    this._element = element;
    this.config = config;
    this._editors = editors;
    this._keymap = keymap;
    this._heard = { changed, selected };
    const { result, suggested, spent } = this.beginning;
    this.attention = new Attention(part.task, { annotation: part.annotation?.id ?? null, spent });
    this._show(editors.isFull(config), result, suggested === true);
    this.draft = new Draft({
      person, task: part.task, revision: part.annotation?.revision ?? 0, result: () => this.handle.result(), seconds: () => this.attention.seconds, state,
    });
    const expiresAt = work?.expires_at ?? part.reservation?.expires_at;
    this.reservation = expiresAt && !part.annotation
      ? new Reservation(part.task, { expiresAt, serverTime: (work ?? part).serverTime, present: () => this.attention.present, lost })
      : null;
  }

  get revising() { return Boolean(this.annotation); }
  get returned() { return this.annotation?.returned ?? null; }
  get mayBeSkipped() { return !this.revising && this.part.allow_skip; }

  _show(full, result, suggested) {
    this.full = full;
    const { config, part } = this;
    this.handle = this._editors.mount(this._element, full, {
      config, data: part.data, result, suggested, readonly: false, hotkeys: this._keymap.ofComponent,
      task: this.task, person: this._person, keys: () => this._keymap.all,
    });
    this.handle.on("change", () => {
      this.attention.sign("answer_changed");
      this.draft.changed();
      this._heard.changed();
    });
    this.handle.on("select", this._heard.selected);
  }

  /** Show it in the other editor, with the work as it is by now; whether that could be had. */
  async inTheOther() {
    if ((await this.handle.settle?.()) === false) return false;
    const result = this.handle.result();
    this.handle.destroy();
    this._show(!this.full, result, false);
    return true;
  }

  /** What it takes to hand the work in. */
  command() {
    this.attention.note(this.revising ? "annotation_updated" : "annotation_submitted");
    this.draft.hold();
    const result = this.handle.result();
    const body = { result, lead_time: this.attention.seconds };
    const about = { project: this.part.project, task: this.task, result, told: this.attention.batch() };
    if (this.revising) {
      const { id, revision } = this.annotation;
      return { ...about, kind: "update", method: "PUT", path: `/v1/tasks/${this.task}/annotations/${id}`, body: { ...body, expected_revision: revision } };
    }
    const prediction = this.beginning.prediction ? { prediction: this.beginning.prediction } : {};
    return { ...about, kind: "submit", method: "POST", path: `/v1/tasks/${this.task}/annotations`, body: { ...body, ...prediction } };
  }

  /** What it takes to skip the task. */
  skipping(comment) {
    this.attention.note("annotation_skipped");
    this.draft.hold();
    const body = { comment, lead_time: this.attention.seconds };
    return { project: this.part.project, task: this.task, result: this.handle.result(), told: this.attention.batch(), kind: "skip", method: "POST", path: `/v1/tasks/${this.task}/skip`, body };
  }

  /** Go on under another labeling config, as far as the work fits that, and in the editor that is for it. */
  goOn({ config, result, version }) {
    this.part.config_version = version;
    this.config = config;
    this.handle.destroy();
    this._show(this._editors.isFull(config), result, false);
  }

  /** Show it with the keys as they are by now. */
  withKeys() { this.handle.show({ result: this.handle.result(), hotkeys: this._keymap.ofComponent }); }

  /** It is handed in: nothing of it is kept here any more. */
  handedIn() {
    this.draft.end({ handedIn: true });
    this._end();
  }

  /** It is put away for another; what is unfinished is saved. */
  putAway() {
    const saving = this.draft.dirty ? this.draft.now() : null;
    Promise.resolve(saving).finally(() => this.draft.end());
    this.attention.send().catch(() => {});
    this._end();
  }

  /** The page goes away: what is unfinished is sent along, and the task left to others. */
  leave() {
    const told = this.attention.end();
    this.reservation?.end();
    if (told) {
      const body = JSON.stringify(told);
      if (body.length < MOST_LEAVING) fetch(`/v1/tasks/${this.task}/interactions`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body }).catch(() => {});
    }
    const { dirty } = this.draft;
    if (!this.draft.leave(!this.revising) && !this.revising) release(this.task);
    return dirty;
  }

  _end() {
    this.reservation?.end();
    this.attention.end();
    this.handle.destroy();
  }
}
