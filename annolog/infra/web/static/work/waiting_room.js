// Where there is no task: why, what can be done about it, and looking again without being asked.

import { Refusal, ask } from "./asking.js";
import { button, make, spell } from "./elements.js";
import { ofNoWork, ofPause, ofRefusal } from "./telling.js";

const AGAIN_SECONDS = 15;

export class WaitingRoom {
  /** `there` is called once there may be a task, which `look` says now and then. */
  constructor({ look, there }) {
    Object.assign(this, { _maybe: look, _there: there, _timer: 0 });
  }

  /** The words for a refusal of work, as elements. */
  show(refusal) {
    const { problem } = refusal;
    const said = refusal.code === "no-work" ? ofNoWork(problem) : refusal.code === "paused" ? ofPause(problem) : ofRefusal({ ...problem, code: refusal.code });
    this._clock = make("span", { class: "an-note", "aria-hidden": "true" });
    const found = make("div", { class: "an-empty an-work-none" },
      make("h2", { class: "an-empty-title" }, said.title),
      said.words ? make("p", {}, said.words) : null,
      said.when ? make("p", {}, said.when) : null,
      make("div", { class: "an-actions" }, button("Look again", () => this._go(), { kind: "primary" }), make("a", { class: "an-button an-work-button", href: "/my-work" }, "My work"), make("a", { class: "an-button an-work-button an-button-quiet", href: "/projects" }, "Projects")),
      this._clock);
    this._left = AGAIN_SECONDS;
    clearInterval(this._timer);
    this._timer = setInterval(() => this._tick(), 1000);
    return found;
  }

  end() { clearInterval(this._timer); }

  _tick() {
    if (document.hidden) return;
    this._left -= 1;
    this._clock.textContent = `Looks again in ${spell(this._left)}`;
    if (this._left <= 0) { this._left = AGAIN_SECONDS; this._look(); }
  }

  async _look() {
    try {
      if (await this._maybe()) this._go();
    } catch {
      // Nobody answers just now; it is looked again.
    }
  }

  _go() {
    this.end();
    this._there();
  }
}

/** Asks why there is no task for somebody, which is a question that has an answer, and says whether there may be one. */
export async function mayBeWork(project, person) {
  try {
    const why = await ask("GET", `/v1/projects/${project}/annotators/${person}/why`);
    return Boolean(why.next || why.holds.length);
  } catch (error) {
    // Of who is no member nothing is told; they are asked for a task outright.
    if (error instanceof Refusal && error.status === 404) return true;
    throw error;
  }
}
