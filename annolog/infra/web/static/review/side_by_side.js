// All answers to a task beside each other, the one under review first.

import { countBetween } from "/static/labeling/changes.js";
import { mount } from "/static/labeling/mount.js";
import { counted, make, spell } from "/static/work/elements.js";

const MOST = 24;

export class SideBySide {
  constructor() {
    this.element = make("section", { class: "an-review-all", "aria-label": "All answers", hidden: true });
    this._handles = [];
  }

  get isOpen() { return !this.element.hidden; }

  /** Show them: the annotation that is judged, called `who`, and `others`. */
  open({ judged, who, others, config, questions }) {
    this.close();
    this.element.hidden = false;
    const own = { who, kind: "own", result: judged.result, raw: judged.own ?? {} };
    this.element.replaceChildren();
    for (const one of [own, ...others].slice(0, MOST)) this._column(one, own, { judged, config, questions });
    if (others.length >= MOST) this.element.append(make("p", { class: "an-note" }, `${counted(others.length + 1 - MOST, "further answer")} on the page of the task.`));
    this.element.tabIndex = -1;
    this.element.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  close() {
    for (const handle of this._handles) handle.destroy();
    this._handles = [];
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  _column(one, own, { judged, config, questions }) {
    const found = one === own ? 0 : countBetween(questions, one.result, own.result);
    const words = one === own ? "Under review" : found ? counted(found, "difference") : "The same";
    const kind = one === own ? "info" : found ? "warning" : "good";
    const took = one.raw.lead_time ? make("span", { class: "an-note" }, `took ${spell(one.raw.lead_time)}`) : null;
    const place = make("div", { class: "an-review-column-place" });
    const head = make("div", { class: "an-review-column-head" }, make("h3", { dir: "auto" }, one.who), make("span", { class: `an-badge an-badge-${kind}` }, words), took);
    this.element.append(make("article", { class: "an-card an-review-column" }, head, place));
    const differing = one === own ? [] : [{ who: own.who, kind: "person", result: own.result }];
    this._handles.push(mount(place, { config, data: judged.data, result: one.result, readonly: true, compact: true, others: differing }));
  }
}
