// Frames for the full editor. Each is used for one task, so that nothing of a task reaches the next; since such a frame
// takes a while to load, and browsers keep nothing for a page without an origin, one more is loaded while somebody works.

import { make } from "/static/work/elements.js";

const PAGE = "/label-studio-editor";
const AFTER_MS = 600;
const GONE_MS = 2_000;

let spare = null;
let soon = 0;

/** One frame in a place, hidden until it is used. What is in it has no origin, so which window speaks is what counts. */
class Frame {
  constructor(place) {
    this.element = make("iframe", { title: "Label Studio editor", sandbox: "allow-scripts allow-forms", referrerpolicy: "no-referrer", hidden: true, src: PAGE });
    this.isReady = false;
    this._ready = new Promise((resolve) => {
      const hear = (event) => {
        if (event.source !== this.element.contentWindow || event.origin !== "null" || event.data?.annolog !== "ready") return;
        removeEventListener("message", hear);
        this.isReady = true;
        resolve();
      };
      this._deaf = () => removeEventListener("message", hear);
      addEventListener("message", hear);
    });
    place.append(this.element);
  }

  /** The way to talk with what is in it, once it is there. There is one in the life of a frame. */
  async port() {
    await this._ready;
    const { port1, port2 } = new MessageChannel();
    this.element.contentWindow?.postMessage({ annolog: "begin" }, "*", [port2]);
    return port1;
  }

  /** It is gone to the eye at once, and soon for good: a key that was pressed in it may not be up yet. */
  end() {
    this._deaf();
    this.element.hidden = true;
    this.element.className = "";
    setTimeout(() => this.element.remove(), GONE_MS);
  }
}

/**
 * A frame to be used now. A frame that is moved begins anew, so it stays in its place; one that is not there yet may
 * never be, where the network was away when it was to load.
 */
export function taken(place) {
  clearTimeout(soon);
  const found = spare?.isReady && spare.element.parentElement === place ? spare : new Frame(place);
  if (found !== spare) spare?.end();
  spare = null;
  found.element.hidden = false;
  found.element.className = "an-full-editor";
  return found;
}

/** Have another one ready for the next task. */
export function another(place) {
  clearTimeout(soon);
  soon = setTimeout(() => { if (place.isConnected) spare ??= new Frame(place); }, AFTER_MS);
}

/** None is needed any more. */
export function none() {
  clearTimeout(soon);
  spare?.end();
  spare = null;
}
