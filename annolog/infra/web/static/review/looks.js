// How the review page is laid out: that of the labeling page, with who is compared, what was said, and verdicts.

import { button, make, shownKey, spell } from "/static/work/elements.js";
import { Looks } from "/static/work/looks.js";
import { KINDS, LANES, ofVerdict } from "./words.js";

export class ReviewLooks extends Looks {
  constructor(root, acts) {
    super(root, acts);
    root.classList.add("an-review-page");
    this.about = make("span", { class: "an-note an-review-whose", dir: "auto" });
    this.task.after(this.about);
    this.revised = make("span", { class: "an-badge an-badge-info", hidden: true }, "Revised after a return");
    this.lane.after(this.revised);
    this.last = make("span", { class: "an-review-last", role: "status" });
    this.done.before(this.last);
    this.lead = make("div", { class: "an-review-lead" });
    this.place.before(this.lead);
    this.verdicts = make("div", { class: "an-review-verdicts" });
    this.foot = make("div", { class: "an-review-foot" });
    this.bar.replaceWith(this.foot);
    this.foot.append(this.bar);
  }

  /** What can always be done, with its keys. */
  showTools(keymap, { instructions }) {
    const tool = (name, words) => button(words, () => this._acts[name](), { kind: "quiet", tiny: true, title: words });
    this.tools.replaceChildren(...(instructions ? [tool("instructions", "Instructions")] : []), tool("keys", "Keys"));
  }

  /** Which annotation of whom, and what can be done with it. */
  showReview(opened, keymap, { who, rules, given }) {
    const { judged } = opened;
    this.task.textContent = `Task ${judged.task}`;
    this.task.hidden = false;
    const took = judged.own?.lead_time ? `took ${spell(judged.own.lead_time)}` : "";
    this.about.textContent = [who, `revision ${judged.revision}`, took].filter(Boolean).join(" · ");
    const [words, kind] = LANES[judged.stage];
    this.revised.hidden = !judged.answered;
    this.lane.textContent = words;
    this.lane.className = `an-badge an-badge-${kind}`;
    this.lane.hidden = false;
    this.body.hidden = false;
    this.verdicts.replaceChildren(...judged.verdicts.map((one, at) => make("div", { class: "an-review-verdict" }, make("span", { class: "an-note" }, `${at ? "Second" : "First"} reviewer`), make("strong", {}, ofVerdict(one)))));
    this.verdicts.hidden = !judged.verdicts.length;
    this.showVerdicts(opened, keymap, { rules, given });
  }

  /** The buttons, as the fix stands. */
  showVerdicts(opened, keymap, { rules, given }) {
    const { _acts: acts } = this;
    const { judged } = opened;
    const key = (name) => keymap.page(name);
    const chosen = judged.stage === "given";
    const left = [
      button("Previous", acts.back, { kind: "quiet", title: shownKey(key("back")), disabled: given.before(judged.annotation) === null }),
      chosen ? button("Next", acts.next, { kind: "quiet", title: shownKey(key("next")) }) : button("Later", acts.later, { key: key("later"), kind: "quiet" }),
    ];
    const reject = rules.actions.map((action) => button(KINDS[action].words, acts[action], { key: key(action), kind: action === "remove" ? "danger" : "plain", title: KINDS[action].does }));
    const fix = button(opened.fixing ? "Stop fixing" : opened.fix ? "Go on fixing" : "Fix", acts.fix, { key: key("fix"), "aria-pressed": String(opened.fixing) });
    const accept = button(opened.fixing && opened.fix ? "Fix and accept" : "Accept", acts.accept, { key: key("accept"), kind: "primary" });
    this.bar.replaceChildren(make("div", { class: "an-actions" }, ...left), make("div", { class: "an-actions" }, ...reject, fix, accept));
  }

  /** The last verdict, which leads to what it was about, and the way to take it back. */
  showLast(one, keymap) {
    if (!one) { this.last.replaceChildren(); return; }
    const again = button(`Task ${one.task}: ${ofVerdict(one).toLowerCase()}`, this._acts.openLast, { kind: "quiet", tiny: true, title: "Look at it again" });
    this.last.replaceChildren(again, ...(one.plain ? [button("Undo", this._acts.undoLast, { kind: "quiet", tiny: true, key: keymap.page("undo") })] : []));
  }

  nothing(...children) {
    super.nothing(...children);
    this.about.textContent = "";
    this.revised.hidden = true;
    this.lead.replaceChildren();
    this.verdicts.hidden = true;
  }
}
