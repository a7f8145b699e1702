// Rejecting: which way, and in what words, about the whole annotation or the selected region.

import { button, make, shownKey } from "/static/work/elements.js";
import { KINDS } from "./words.js";

export class Composer {
  /** `rules` are `{actions, comment}`; `send({action, comment, region})`; `region()` gives `{id, words}` or null. */
  constructor({ rules, keyOf, send, closed, written, region }) {
    Object.assign(this, { _rules: rules, _send: send, _closed: closed, _written: written, _region: region });
    this.isOpen = false;
    this._ways = new Map(rules.actions.map((action) => {
      const input = make("input", { type: "radio", name: "an-review-way", value: action });
      return [action, { input, label: make("label", { class: "an-review-way" }, input, make("span", {}, KINDS[action].does), make("kbd", { "aria-hidden": "true" }, shownKey(keyOf(action)))) }];
    }));
    this._field = make("textarea", { class: "an-input", rows: "2", "aria-label": "What is wrong with it", maxlength: "10000", placeholder: rules.comment ? "What is wrong with it?" : "What is wrong with it? Its author reads this." });
    this._about = make("input", { type: "checkbox" });
    this._aboutWords = make("span", { dir: "auto" });
    this._aboutLine = make("label", { class: "an-review-about" }, this._about, this._aboutWords);
    this._wrong = make("p", { class: "an-work-conflict", role: "alert" });
    this._field.addEventListener("input", () => { this._wrong.textContent = ""; this._written(this._field.value); });
    const cancel = button("Cancel", () => this.close(), { kind: "quiet", key: "escape" });
    this._go = button("Send", () => this.send(), { kind: "primary", key: "ctrl+enter" });
    const ways = make("div", { class: "an-review-ways", role: "radiogroup", "aria-label": "What follows" }, ...[...this._ways.values()].map((one) => one.label));
    this.element = make("div", { class: "an-review-composer", role: "group", "aria-label": "Reject", hidden: true }, ways, this._field, this._wrong,
      make("div", { class: "an-work-comment-foot" }, this._aboutLine, make("div", { class: "an-actions" }, cancel, this._go)));
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); } });
  }

  /** Begin with some words, for another annotation. */
  begin(words) {
    this._field.value = words;
    this._wrong.textContent = "";
    this._hide();
  }

  get words() { return this._field.value.trim(); }

  /** Ask for the words; a second time the same way sends them. */
  open(action) {
    const way = this._ways.get(action);
    if (this.isOpen && way.input.checked) { this.send(); return; }
    way.input.checked = true;
    if (!this.isOpen) {
      this.isOpen = true;
      this.element.hidden = false;
      this._about.checked = true;
      this.follow();
    }
    this._field.focus();
  }

  /** Another region is selected, or none. */
  follow() {
    const region = this._region();
    this._aboutLine.hidden = !region;
    this._aboutWords.textContent = region ? `about ${region.words}` : "";
    this._about.dataset.region = region?.id ?? "";
  }

  send() {
    const comment = this.words;
    if (this._rules.comment && !comment) {
      this._wrong.textContent = "This project asks for a comment with every rejection.";
      this._field.focus();
      return;
    }
    const action = [...this._ways].find(([, one]) => one.input.checked)[0];
    const region = comment && this._about.checked && !this._aboutLine.hidden ? this._about.dataset.region : null;
    this._send({ action, comment, region });
  }

  close() {
    if (!this.isOpen) return;
    this._hide();
    this._closed();
  }

  _hide() {
    this.isOpen = false;
    this.element.hidden = true;
  }
}
