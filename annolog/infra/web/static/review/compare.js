// A row of those an annotation can be compared with, each with how many differences there are; several at a time.

import { countBetween } from "/static/labeling/changes.js";
import { make } from "/static/work/elements.js";

const MOST_AT_FIRST = 4;
const OFF = "annolog.differences";

export class Compare {
  /** `changed(chosen)` is called with those to compare with. */
  constructor({ changed }) {
    this._changed = changed;
    this._buttons = make("div", { class: "an-review-others", role: "group", "aria-label": "Compare with" });
    this.element = make("div", { class: "an-review-compare" }, make("span", { class: "an-note" }, "Compare with"), this._buttons);
  }

  /** Offer these; people, the truth and what was judged before are compared with at once, unless somebody switched that off. */
  begin(others) {
    this._others = others;
    this.element.hidden = !others.length;
    const first = others.filter((one) => one.kind !== "prediction");
    const wanted = sessionStorage.getItem(OFF) ? [] : (first.length ? first : others).slice(0, MOST_AT_FIRST);
    this._chosen = new Set(wanted.map((one) => one.key));
    this._rows = others.map((one) => {
      const count = make("span", { class: "an-review-count" });
      const pressed = make("button", { type: "button", class: `an-review-other an-review-${one.kind}`, "aria-pressed": String(this._chosen.has(one.key)) }, make("span", { dir: "auto", class: "an-review-who" }, one.who), count);
      pressed.addEventListener("click", () => this._toggle(one, pressed));
      return { one, count, pressed };
    });
    this._buttons.replaceChildren(...this._rows.map((row) => row.pressed));
  }

  get chosen() { return this._others.filter((one) => this._chosen.has(one.key)); }

  /** All off, or on again, and so for what comes next. */
  switch() {
    if (!this._others?.length) return;
    const off = this._chosen.size > 0;
    if (off) sessionStorage.setItem(OFF, "1"); else sessionStorage.removeItem(OFF);
    this._chosen = new Set(off ? [] : this._others.map((one) => one.key));
    for (const { one, pressed } of this._rows) pressed.setAttribute("aria-pressed", String(this._chosen.has(one.key)));
    this._changed(this.chosen);
  }

  /** Say how many differences there are to each. */
  count(questions, result) {
    for (const { one, count } of this._rows) {
      const found = countBetween(questions, result, one.result);
      count.textContent = found ? `${found} ${found === 1 ? "difference" : "differences"}` : "the same";
      count.classList.toggle("an-review-same", !found);
    }
  }

  _toggle(one, pressed) {
    const on = !this._chosen.has(one.key);
    if (on) this._chosen.add(one.key); else this._chosen.delete(one.key);
    pressed.setAttribute("aria-pressed", String(on));
    this._changed(this.chosen);
  }
}
