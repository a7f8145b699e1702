// How the page is laid out: a line that says which task and how it stands, notices, the work, and what can be done.

import { button, make } from "./elements.js";

const SAVING = { none: "", saving: "Saving…", saved: "Draft saved", here: "Kept in this browser", stale: "Not saved: answered elsewhere", unsaved: "Not saved" };
const LANES = {
  returned: ["Returned to you", "warning"], assigned: ["Assigned to you", "info"], wanted: ["Asked of you", "info"], skipped: ["You skipped this before", "plain"],
  revising: ["Answered by you", "good"],
};

export class Looks {
  constructor(root, acts) {
    this._acts = acts;
    this._root = root;
    this.task = make("h2", { class: "an-work-task" });
    this.lane = make("span", { class: "an-badge" });
    this.saving = make("span", { class: "an-note an-work-saving", role: "status" });
    this.done = make("span", { class: "an-note" });
    this.waits = make("p", { class: "an-work-waits", role: "status" });
    this.notices = make("div", { class: "an-work-notices" });
    this.place = make("div", { class: "an-work-place", tabindex: "-1" });
    this.side = make("div", { class: "an-work-beside" });
    this.bar = make("div", { class: "an-work-bar" });
    this.top = make("div", { class: "an-work-top" }, make("div", { class: "an-work-which" }, this.task, this.lane, this.saving), make("div", { class: "an-actions" }, this.done));
    this.body = make("div", { class: "an-work-body" }, make("div", { class: "an-card an-work-card" }, this.place), this.side);
    this.side.hidden = true;
    this.task.hidden = true;
    root.replaceChildren(this.top, this.waits, this.notices, this.body, this.bar);
    this.tools = make("div", { class: "an-actions" });
    this.top.lastChild.append(this.tools);
  }

  /** What can always be done; `editor` names the other one, if there is. */
  showTools({ instructions, editor }) {
    const tool = (name, words) => button(words, () => this._acts[name](), { kind: "quiet", tiny: true, title: words });
    this.tools.replaceChildren(...(editor ? [tool("editor", editor)] : []), ...(instructions ? [tool("instructions", "Instructions")] : []), tool("comments", "Comments"), tool("keys", "Keys"));
  }

  /** Which task, and what can be done with it. */
  show(opened, keymap, trail) {
    this.task.textContent = `Task ${opened.task}`;
    this.task.hidden = false;
    const [words, kind] = LANES[opened.returned ? "returned" : opened.lane] ?? ["", ""];
    this.lane.textContent = words;
    this.lane.className = `an-badge an-badge-${kind}`;
    this.lane.hidden = !words;
    this.body.hidden = false;
    const { _acts: acts } = this;
    const left = [button("Previous", acts.back, { key: keymap.page("back"), kind: "quiet", disabled: trail.before(opened.task) === null })];
    const right = [];
    if (opened.revising) {
      left.push(button("Next", acts.next, { key: keymap.page("next"), kind: "quiet" }));
      right.push(button(opened.returned ? "Send back" : "Update", acts.submit, { key: keymap.page("update"), kind: "primary" }));
    } else {
      if (opened.mayBeSkipped) right.push(button("Skip with a reason", acts.skipWithReason, { kind: "quiet" }), button("Skip", acts.skip, { key: keymap.page("skip") }));
      right.push(button("Submit", acts.submit, { key: keymap.page("submit"), kind: "primary" }));
    }
    this.bar.replaceChildren(make("div", { class: "an-actions" }, ...left), make("div", { class: "an-actions" }, ...right));
  }

  /** Nothing can be pressed while something is on its way. */
  busy(is) {
    for (const one of this.bar.querySelectorAll("button")) one.toggleAttribute("data-busy", is);
    this.bar.setAttribute("aria-busy", String(is));
  }

  /** Nothing is before somebody; what there is to say stands in its place, and they are there. */
  nothing(...children) {
    const said = this.place.querySelector(".an-empty-title")?.textContent;
    const at = this.place.contains(document.activeElement) ? document.activeElement.textContent : "";
    const elsewhere = document.activeElement !== document.body && !this._root.contains(document.activeElement);
    this.task.hidden = true;
    this.task.textContent = "";
    this.lane.hidden = true;
    this.say("none");
    this.bar.replaceChildren();
    this.side.hidden = true;
    this.place.replaceChildren(...children);
    const title = this.place.querySelector(".an-empty-title");
    if (!title) return;
    title.tabIndex = -1;
    // Whoever is at a button, while all is tried again, stays there.
    const same = title.textContent === said && [...this.place.querySelectorAll("button")].find((one) => one.textContent === at);
    // What has focus is read out. Who is outside of the work stays there and is told, but of what is tried again only once.
    if (!elsewhere) (same || title).focus({ preventScroll: true });
    else if (title.textContent !== said) window.annolog?.announce(title.textContent);
  }

  say(state) { this.saving.textContent = SAVING[state]; }

  /** How many were done in this tab. */
  count(done) { this.done.textContent = done ? `${done.toLocaleString("en")} done here` : ""; }

  /** A notice above the work; kinds: info, good, warning, bad. `acts` are buttons in it, `lines` further paragraphs. */
  notice({ title, words = "", kind = "info", acts = [], lines = [], lasting = true, name = "" }) {
    if (name) this.notices.querySelector(`[data-name="${name}"]`)?.remove();
    const close = make("button", { type: "button", class: "an-icon-button", "aria-label": "Dismiss" }, "✕");
    const text = make("div", { class: "an-work-notice-words" }, make("strong", {}, title), ...(words ? [make("span", {}, words)] : []), ...lines);
    const found = make("div", { class: `an-work-notice an-work-notice-${kind}`, role: kind === "bad" || kind === "warning" ? "alert" : "status", "data-name": name || null, "data-lasting": lasting || null }, text, make("div", { class: "an-actions" }, ...acts, close));
    close.addEventListener("click", () => this.dismiss(found));
    this.notices.append(found);
    return found;
  }

  /** Take one away. */
  dismiss(notice) {
    notice.remove();
    this.keepPlace();
  }

  /** Whoever was at something that is gone is at the work. */
  keepPlace() {
    if (document.activeElement === document.body) (this.place.querySelector(":scope > [tabindex]") ?? this.place).focus({ preventScroll: true });
  }

  /** Take away the notices about the task that is gone. */
  clear() { for (const one of this.notices.querySelectorAll(":scope > :not([data-lasting])")) one.remove(); }
}

/** A button that puts a result where it can be pasted. */
export function copying(result) {
  const found = button("Copy the work", async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(result, null, 2));
      found.firstChild.textContent = "Copied";
    } catch {
      const field = make("textarea", { class: "an-input", rows: "4", readonly: true, "aria-label": "The work" });
      field.value = JSON.stringify(result, null, 2);
      found.replaceWith(field);
      field.select();
    }
  }, { tiny: true });
  return found;
}
