// What a reviewer was handed out and has not judged yet. It is theirs, not the tab's: another of their tabs may have it as well.

import { release } from "/static/work/reservation.js";

export class Hold {
  constructor(person) {
    this._task = null;
    this._elsewhere = false;
    this._tabs = new BroadcastChannel(`annolog-review-${person}`);
    this._tabs.addEventListener("message", ({ data }) => this._hear(data));
  }

  /** A task was handed out. */
  begin(task) {
    this._task = task;
    this._elsewhere = false;
    this._say("here");
  }

  /** It is judged, or was given back. */
  over(task) { if (this._task === task) this._task = null; }

  /** The page goes away: it is left to other reviewers, unless it is being judged or another tab has it. */
  leave(judging) {
    if (this._task === null) return;
    if (!this._elsewhere && this._task !== judging) release(this._task, "review");
    this._say("gone");
  }

  _hear({ task, what }) {
    if (task !== this._task) return;
    this._elsewhere = what !== "gone";
    // Who has come wants to know; when one has gone, others that are left say so.
    if (what !== "too") this._say("too");
  }

  _say(what) { this._tabs.postMessage({ task: this._task, what }); }
}
