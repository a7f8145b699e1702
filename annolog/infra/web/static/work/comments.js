// What is said about the task before somebody, or about one region of it: read, and written, without leaving the work.

import { Refusal, ask, freshKey } from "./asking.js";
import { button, clock, make } from "./elements.js";

/** A column beside the work. `place()` says what a new comment is about: `{annotation, region, draft}`. */
export class Comments {
  constructor({ me, place, select }) {
    this._me = me;
    this._place = place;
    this._select = select;
    this._task = null;
    this._list = make("ul", { class: "an-work-comments" });
    this._about = make("span", { class: "an-note" });
    this._field = make("textarea", { class: "an-input", rows: "3", "aria-label": "Comment", placeholder: "Ask, or say what is odd", maxlength: "10000" });
    this._wrong = make("p", { class: "an-work-conflict", role: "alert" });
    this._send = button("Comment", () => this._say(), { tiny: true });
    this._field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); event.stopPropagation(); this._say(); }
      if (event.key === "Escape") this._field.blur();
    });
    const foot = make("div", { class: "an-work-comment-foot" }, this._about, this._send);
    this.element = make("aside", { class: "an-card an-work-side", "aria-label": "Comments" }, make("h2", {}, "Comments"), this._list, this._field, this._wrong, foot);
  }

  /** Show what is said about a task. */
  show(task, comments) {
    if (task !== this._task) this._field.value = "";
    this._task = task;
    this._wrong.textContent = "";
    this._list.replaceChildren(...comments.map((one) => this._row(one)));
    this.about();
  }

  /** Say what the next comment is about. */
  about() {
    const { region } = this._place();
    this._about.textContent = region ? "about the selected region" : "about the task";
  }

  focus() { this._field.focus(); }

  _row(comment) {
    const who = comment.author === this._me ? "You" : "Somebody else";
    const head = make("div", { class: "an-work-comment-head" }, make("strong", {}, who), make("span", { class: "an-note" }, clock(comment.created_at)));
    const row = make("li", { class: comment.resolved ? "an-work-resolved" : "" }, head, make("p", {}, comment.text ?? ""));
    if (comment.region) row.append(button("Show the region", () => this._select(comment.region), { kind: "quiet", tiny: true }));
    return row;
  }

  async _say() {
    const text = this._field.value.trim();
    if (!text || this._send.disabled) return;
    const task = this._task;
    this._send.disabled = true;
    this._wrong.textContent = "";
    this._key ??= freshKey();
    try {
      await ask("POST", `/v1/tasks/${task}/comments`, { text, ...this._place() }, { key: this._key });
      this._key = null;
      const mine = await ask("GET", `/v1/tasks/${task}/mine`);
      if (task === this._task) { this._field.value = ""; this.show(task, mine.comments); }
    } catch (error) {
      if (error instanceof Refusal) this._key = null;
      this._wrong.textContent = error.message;
    } finally {
      this._send.disabled = false;
    }
  }
}
