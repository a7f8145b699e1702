// What is around an annotation under review: who else answered, what was said and changed, how much people agree, and
// where a rejection is written.

import { called } from "/static/labeling/changes.js";
import { regionsOf } from "/static/labeling/regions.js";
import { button, make } from "/static/work/elements.js";
import { agreementCard, agreementOf } from "./agreement.js";
import { Compare } from "./compare.js";
import { Composer } from "./composer.js";
import { answerTo, historyOf } from "./history.js";
import { SideBySide } from "./side_by_side.js";

export class Surroundings {
  constructor(looks, { rules, keyOf, people, person, comments, agreement, reject, withdraw }) {
    Object.assign(this, { _looks: looks, _people: people, _person: person, _comments: comments, _agreement: agreement, _withdraw: withdraw, _opened: null });
    this.compare = new Compare({ changed: (chosen) => { this._opened?.compare(chosen); } });
    this.composer = new Composer({
      rules, keyOf, send: reject, closed: () => { looks.bar.hidden = false; this._opened?.focus(); },
      written: (comment) => this._opened?.unfinished.keep({ comment }), region: () => this.region(),
    });
    this._all = new SideBySide();
    this._allButton = button("All side by side", () => this.switchAll(), { tiny: true, key: keyOf("all"), "aria-pressed": "false" });
    this.compare.element.append(this._allButton);
    looks.foot.prepend(this.composer.element);
    looks.body.after(this._all.element);
  }

  /** Offer those that an annotation can be compared with; gives those with whom it is at first. */
  begin(judged) {
    this.closeAll();
    this._others = judged.others(this._people);
    this.compare.begin(this._others);
    return this.compare.chosen;
  }

  /** Show what there is around an annotation. */
  show(opened, config) {
    this._opened = opened;
    this._config = config;
    const { judged, questions } = opened;
    const select = (region) => { this.closeAll(); opened.handle.select(region); };
    this._looks.bar.hidden = false;
    this.composer.begin(opened.unfinished.comment);
    const answer = answerTo(judged, this._people, { questions, select });
    this._looks.lead.replaceChildren(...[this._looks.verdicts, answer, this.compare.element].filter(Boolean));
    const history = historyOf(judged, this._people, { me: this._person, questions, select, withdraw: this._withdraw });
    const place = make("div", { class: "an-review-agreement" });
    this._looks.side.replaceChildren(...[history, place, judged.page ? this._comments.element : null].filter(Boolean));
    this._looks.side.hidden = !judged.page;
    if (judged.page && this._agreement) this._agree(opened, place);
  }

  /** The fix has changed. */
  follow() { this.compare.count(this._opened.questions, this._opened.result); }

  /** Whose work it is, as far as the reviewer is shown that. */
  whose(judged) { return judged.plain && judged.own ? `by ${this._people.who(judged.own.annotator, "somebody")}` : ""; }

  /** All answers beside each other, or the one under review. */
  switchAll() {
    if (!this._opened || !this._others.length) return;
    if (this._all.isOpen) { this.closeAll(); this._opened.focus(); return; }
    const { judged, questions } = this._opened;
    const who = judged.plain && judged.own ? this._people.who(judged.own.annotator, "Under review") : "Under review";
    this._looks.body.hidden = true;
    this._all.open({ judged, who, others: this._others, config: this._config, questions });
    this._allButton.setAttribute("aria-pressed", "true");
    const back = button("Back to one", () => this.switchAll(), { tiny: true });
    this._all.element.prepend(make("div", { class: "an-review-all-head" }, make("h2", {}, "All answers"), back));
    back.focus();
  }

  closeAll() {
    if (!this._all.isOpen) return;
    this._all.close();
    this._looks.body.hidden = false;
    this._allButton.setAttribute("aria-pressed", "false");
  }

  /** The annotation is put away; what is around it does nothing until there is another one. */
  putAway() { this._opened = null; }

  clear() {
    this.closeAll();
    this._opened = null;
    this._looks.body.hidden = false;
    this._looks.bar.hidden = false;
    this.composer.begin("");
  }

  /** In place of an annotation that is not to be seen. */
  notShown(next) {
    return make("div", { class: "an-empty an-work-none" }, make("h2", { class: "an-empty-title" }, "This annotation is not shown to you now"),
      make("p", {}, "It may be waiting for a second review, which comes to you without what others said, or it is not there any more."),
      make("div", { class: "an-actions" }, button("What is next to review", next, { kind: "primary" })));
  }

  /** The selected region of what is judged: `{id, words}`, or null. */
  region() {
    const { judged, handle } = this._opened ?? {};
    // Words can be about a region of what is judged, not about one that only the fix has.
    const region = handle && regionsOf(judged.result).get(handle.selected());
    return region ? { id: region.id, words: called(region).slice(0, 80) } : null;
  }

  async _agree(opened, place) {
    const card = agreementCard(await agreementOf(opened.judged.task));
    if (card && opened === this._opened) place.replaceChildren(card);
  }
}
