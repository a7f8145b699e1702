// One annotation before a reviewer, from its opening until there is a verdict or it is put away.

import { same } from "/static/labeling/dom.js";
import { questionsOf } from "/static/labeling/changes.js";
import { mount } from "/static/labeling/mount.js";
import { Attention } from "/static/work/attention.js";
import { Unfinished } from "./unfinished.js";

export class OpenedReview {
  /** `kept` is what this browser kept of an unfinished verdict; `changed` hears of every change of the fix. */
  constructor(element, { person, project, judged, config, hotkeys, others, kept, serverTime, changed, selected }) {
    this.judged = judged;
    this._under(config, judged.configVersion);
    this.attention = new Attention(judged.task, { annotation: judged.annotation });
    this.unfinished = new Unfinished(person, judged, kept);
    this._project = project;
    this._element = element;
    this._startedAt = new Date(serverTime || Date.now()).toISOString();
    this._fix = this.unfinished.fix;
    // Who left in the middle of a fix goes on with it, and does not accept by habit what they were correcting.
    this.fixing = this.fix !== null;
    this._others = others;
    this._options = { data: judged.data, hotkeys };
    this.handle = mount(element, { ...this._options, config, result: this.result, readonly: !this.fixing, others });
    this.handle.on("change", () => {
      this.attention.sign("answer_changed");
      this._fix = this.handle.result();
      this.unfinished.keep({ fix: this.fix });
      changed();
    });
    this.handle.on("select", selected);
  }

  /** The corrected result, null where nothing was corrected. */
  get fix() { return this._fix && !same(this._fix, this.judged.result) ? this._fix : null; }

  /** What is shown now. */
  get result() { return this.fixing ? this._fix ?? this.judged.result : this.judged.result; }

  /** Mark how it differs from others. */
  compare(others) {
    this._others = others;
    const inside = this._element.contains(document.activeElement);
    this._draw();
    // Whoever was at a button stays there.
    if (inside) this.focus();
  }

  /** Have it corrected on the spot, or show it as it was; what was corrected is kept meanwhile. */
  toggleFix() {
    this.fixing = !this.fixing;
    this._draw();
    this.focus();
  }

  /** The fix is gone on with under another labeling config, as far as it fits that. */
  goOn({ config, result, version }) {
    this._under(config, version);
    this._fix = result;
    this.unfinished.keep({ fix: result });
    this._draw();
    this.focus();
  }

  withKeys(hotkeys) {
    this._options = { ...this._options, hotkeys };
    this._draw();
    this.focus();
  }

  /** Where keys of the annotation are heard. */
  focus() {
    const root = this._element.firstElementChild;
    root?.setAttribute("tabindex", "-1");
    root?.focus({ preventScroll: true });
  }

  _under(config, version) {
    this.config = config;
    this.configVersion = version;
    this.questions = questionsOf(config, this.judged.data);
  }

  _draw() {
    const selected = this.handle.selected();
    this.handle.show({ ...this._options, config: this.config, result: this.result, readonly: !this.fixing, others: this._others });
    if (selected) this.handle.select(selected);
  }

  /** What it takes to give a verdict: accepted, fixed or rejected with what is to follow. */
  command({ verdict, action = null, comment = "", region = null }) {
    const { judged } = this;
    this.attention.note("annotation_reviewed");
    const result = verdict === "fixed" ? this.fix : null;
    const body = { verdict, comment, started_at: this._startedAt, review_time: this.attention.seconds, ...(action ? { action } : {}), ...(region ? { region } : {}), ...(result ? { result } : {}) };
    const about = { project: this._project, task: judged.task, kind: "verdict", unfinished: this.unfinished.key, result, told: this.attention.batch(), method: "POST" };
    if (judged.plain) {
      return { ...about, path: `/v1/tasks/${judged.task}/annotations/${judged.annotation}/reviews`, body: { ...body, expected_revision: judged.revision } };
    }
    return { ...about, path: `/v1/tasks/${judged.task}/reviews/${judged.review}/${judged.stage === "second" ? "second" : "adjudication"}`, body };
  }

  /** There is a verdict: nothing unfinished is kept. */
  done() {
    this.unfinished.forget();
    this._end();
  }

  /** It is on its way, or was refused: what was begun is kept until there is a verdict. */
  close() { this._end(); }

  /** It is put away for another one. */
  putAway() {
    this.attention.send().catch(() => {});
    this._end();
  }

  /** The page goes away. */
  leave() {
    this.attention.note("annotation_left");
    this.attention.send({ keepalive: true }).catch(() => {});
  }

  _end() {
    this.attention.end();
    this.handle.destroy();
  }
}
