// What is said about the task before somebody, or about one region of it: read, and written, without leaving the work.

import { Refusal, ask, freshKey } from "./asking.js";
import { button, clock, make } from "./elements.js";

/**
 * A column beside the work. `place()` says what a new comment is about: `{annotation, region, draft}`; `again(task)` asks
 * for what is said by now; `who(comment)` names an author; with `settles` threads are resolved and reopened here.
 */
export class Comments {
  constructor({ me, place, select, again, who = null, settles = false, about = ["about the selected region", "about the task"] }) {
    Object.assign(this, { _place: place, _select: select, _again: again, _settles: settles, _words: about, _task: null, _part: null, _key: null });
    this._who = who ?? ((comment) => (comment.author === me ? "You" : "Somebody else"));
    this._list = make("ul", { class: "an-work-comments" });
    this._about = make("span", { class: "an-note" });
    this._field = make("textarea", { class: "an-input", rows: "3", "aria-label": "Comment", placeholder: "Ask, or say what is odd", maxlength: "10000" });
    this._wrong = make("p", { class: "an-work-conflict", role: "alert" });
    this._send = button("Comment", () => this._say(), { tiny: true });
    // Other words are another comment.
    this._field.addEventListener("input", () => { this._key = null; });
    this._field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); event.stopPropagation(); this._say(); }
      if (event.key === "Escape") this._goBack();
    });
    const foot = make("div", { class: "an-work-comment-foot" }, this._about, this._send);
    this.element = make("aside", { class: "an-card an-work-side", "aria-label": "Comments" }, make("h2", {}, "Comments"), this._list, this._field, this._wrong, foot);
  }

  /** Show what is said about a task; what was begun about another one, or another `part` of it, is not about this. */
  show(task, comments, part = null) {
    if (task !== this._task || part !== this._part) {
      this._field.value = "";
      this._key = null;
    }
    this._task = task;
    this._part = part;
    this._wrong.textContent = "";
    this._list.replaceChildren(...comments.map((one) => this._row(one)));
    this.about();
  }

  /** Say what the next comment is about. */
  about() {
    const { region } = this._place();
    this._about.textContent = this._words[region ? 0 : 1];
  }

  /** Be written in; Escape leads back to where somebody was. */
  focus() {
    if (document.activeElement !== this._field) this._from = document.activeElement;
    this._field.focus();
  }

  _goBack() {
    this._field.blur();
    if (this._from?.isConnected) this._from.focus({ preventScroll: true });
  }

  _row(comment) {
    const head = make("div", { class: "an-work-comment-head" }, make("strong", { dir: "auto" }, this._who(comment)), make("span", { class: "an-note" }, clock(comment.created_at)));
    const row = make("li", { class: comment.resolved ? "an-work-resolved" : "" }, head, make("p", {}, comment.text ?? ""));
    const acts = [];
    if (comment.region) acts.push(button("Show the region", () => this._select(comment.region), { kind: "quiet", tiny: true }));
    if (this._settles && !comment.parent) acts.push(button(comment.resolved ? "Reopen" : "Resolve", () => this._settle(comment), { kind: "quiet", tiny: true }));
    if (acts.length) row.append(make("div", { class: "an-actions" }, ...acts));
    return row;
  }

  async _say() {
    const text = this._field.value.trim();
    if (!text || this._send.disabled) return;
    const { _task: task, _part: part } = this;
    this._key ??= freshKey();
    this._send.disabled = true;
    const said = await this._tell("comments", { text, ...this._place() }, this._key);
    this._send.disabled = false;
    if (said === undefined || task !== this._task || part !== this._part) return;
    this._key = null;
    if (said && text === this._field.value.trim()) this._field.value = "";
  }

  async _settle(comment) {
    await this._tell(`comments/${comment.id}/${comment.resolved ? "reopen" : "resolve"}`, undefined, freshKey());
    // The row with the button was drawn anew.
    if (document.activeElement === document.body) this._field.focus();
  }

  /** Send, and show what is said by now. Gives whether it counts; undefined where that is not known. */
  async _tell(path, body, key) {
    const { _task: task, _part: part } = this;
    this._wrong.textContent = "";
    try {
      await ask("POST", `/v1/tasks/${task}/${path}`, body, { key });
    } catch (error) {
      this._wrong.textContent = error.message;
      return error instanceof Refusal ? false : undefined;
    }
    try {
      const comments = await this._again(task);
      if (task === this._task && part === this._part) this.show(task, comments, part);
    } catch (error) {
      this._wrong.textContent = error.message;
    }
    return true;
  }
}
