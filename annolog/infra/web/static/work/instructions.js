// What annotators are told before they begin. It is HTML that a manager wrote, so it is cleaned before it is shown.

import { cleaned } from "/static/labeling/sanitize.js";
import { button, dialog, make } from "./elements.js";

async function digest(text) {
  let found = 5381;
  for (let place = 0; place < text.length; place += 1) found = ((found * 33) ^ text.charCodeAt(place)) >>> 0;
  return `${text.length}-${found}`;
}

/** The instructions of a project, for one person: shown first once, and again when they have changed. */
export class Instructions {
  constructor(person, project, text) {
    this.text = text.trim();
    this._place = `annolog.instructions.${person}.${project}`;
  }

  get exist() { return this.text !== ""; }

  /** Show them if they were not shown yet; ends once they are closed. */
  async first() {
    if (!this.exist) return;
    const now = await digest(this.text);
    if (localStorage.getItem(this._place) === now) return;
    await this.show("Start");
    localStorage.setItem(this._place, now);
  }

  /** Show them. */
  async show(words = "Close") {
    const { default: purify } = await import("dompurify");
    // Plain text keeps its lines.
    const html = /<\w/.test(this.text) ? cleaned(purify, this.text) : make("p", { class: "an-work-plain" }, this.text);
    const body = make("div", { class: "an-work-instructions", tabindex: "0", role: "region", "aria-label": "Instructions" }, html);
    for (const heading of body.querySelectorAll("h1, h2")) {
      const lower = make("h3");
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    await new Promise((resolve) => {
      const start = button(words, () => found.close(), { kind: "primary" });
      const found = dialog("Instructions", [body, make("div", { class: "an-actions an-dialog-actions" }, start)], resolve);
      start.focus();
    });
  }
}
