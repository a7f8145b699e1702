// Getting the next piece of work: why where that cannot be, and once more by itself where nobody answers.

import { Refusal, Unreachable } from "./asking.js";
import { offline } from "./notices.js";

const AGAIN_MS = 3_000;

export class Bringing {
  /** `nothing(words)` shows words in place of the work, `busy(is)` that something is on its way; `otherwise(error)` has words for other errors, or null. */
  constructor({ room, nothing, busy, otherwise = () => null }) {
    Object.assign(this, { _room: room, _nothing: nothing, _busy: busy, _otherwise: otherwise, _trying: 0 });
  }

  /** Do what gets something and shows it. */
  async bring(act) {
    this._busy(true);
    this._room.end();
    clearTimeout(this._trying);
    try {
      await act();
    } catch (error) {
      const words = this._otherwise(error);
      if (words) this._nothing(words);
      else if (error instanceof Refusal && error.status === 401) location.href = `/sign-in?return_to=${encodeURIComponent(location.pathname)}`;
      else if (error instanceof Refusal) this._nothing(this._room.show(error));
      else if (error instanceof Unreachable) {
        this._nothing(offline(null, () => this.bring(act)));
        this._trying = setTimeout(() => this.bring(act), AGAIN_MS);
      } else throw error;
    } finally {
      this._busy(false);
    }
  }
}
