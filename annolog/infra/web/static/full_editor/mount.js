// The full Label Studio editor in the place of our own component, with the same handle: the page around it need not know
// which of the two it has. It lives in a frame without an origin (infra/web/full_editor.py); all that passes are messages.

import { readConfig } from "/static/labeling/config.js";
import { pressed } from "/static/labeling/keys.js";
import { make } from "/static/work/elements.js";
import { another, taken } from "./frames.js";

const START_MS = 30_000;
const ANSWER_MS = 15_000;
const BESIDE_BYTES = 1_000;
const MOST_ITEMS = 100_000;
const LOWEST = 380;
const HIGHEST = 4_000;
const STARTING = "The full editor is still loading.";
const SILENT = "The full editor does not answer. Nothing was sent; try again, or load the page again.";
const TOO_LARGE = "This answer is too large to be sent. Take something out of it; what was kept before is still kept.";
const INCOMPLETE = "Something that is required is missing.";

/**
 * Show a task in an element, and a frame beside it in the same place. Options: `config` (XML), `data`, `result` (Label Studio's items), `suggested` (the result is
 * a prediction to start from), `task` and `person` (numbers), `keys` (gives the keys that belong to the page around),
 * `mostBytes` (how large an answer the server takes).
 *
 * Gives what the pages use of labeling/mount.js, and `settle(last)`, which is to be waited for before `missing()` and
 * `result()` are asked; `last` when it is to be handed in. It gives whether `result()` is all that is in the editor.
 * Events are `change` (the items) and `select` (an id or null).
 */
export function mount(element, options) {
  const editor = new Framed(element, options);
  return {
    result: () => editor.result,
    missing: () => (editor.missing ? [{ control: null, region: null, message: editor.missing }] : []),
    settle: (last = false) => editor.settle(last),
    select: (id) => editor.say("select", { id }),
    selected: () => editor.selected,
    // Other keys of the page are all that changes while a task is shown; those of labels are the editor's own.
    show: () => editor.sayKeys(),
    on: (event, handler) => editor.on(event, handler),
    destroy: () => editor.end(),
  };
}

class Framed {
  constructor(element, options) {
    Object.assign(this, { _element: element, _options: options, _listeners: new Map(), _port: null, _asked: new Map(), _number: 0, _isShown: false, selected: null, missing: STARTING });
    // What comes in and is not touched goes out as it was.
    this.result = began(options.result ?? [], options.suggested === true);
    const foreign = unknownTo(options.config);
    this._kept = this.result.filter(foreign);
    this._shown = this.result.filter((item) => !foreign(item));
    this._trouble = make("p", { class: "an-work-conflict", role: "alert" });
    this._waiting = make("p", { class: "an-note", role: "status" }, "Loading the full editor…");
    this._starting = setTimeout(() => this._failed("The full editor did not start. Load the page again, or switch to the built-in editor."), START_MS);
    element.replaceChildren(this._trouble, this._waiting);
    this.frame = taken(element.parentElement);
    this.frame.port().then((port) => this._begin(port));
  }

  on(event, handler) {
    if (!this._listeners.has(event)) this._listeners.set(event, new Set());
    this._listeners.get(event).add(handler);
    return () => this._listeners.get(event).delete(handler);
  }

  say(kind, more = {}) { this._port?.postMessage({ kind, ...more }); }

  sayKeys() { this.say("keys", { keys: this._options.keys?.() ?? [] }); }

  /** Have the frame tell its last word; where it does not, that is what is missing. */
  async settle(last) {
    if (!this._isShown) return true;
    const number = ++this._number;
    const { words, told } = await new Promise((resolve) => {
      this._asked.set(number, resolve);
      setTimeout(() => resolve({ words: SILENT, told: false }), ANSWER_MS);
      this.say("answer", { number, last });
    });
    this._asked.delete(number);
    this.missing = words;
    return told;
  }

  end() {
    clearTimeout(this._starting);
    this._ended = true;
    this._port?.close();
    for (const resolve of this._asked.values()) resolve({ words: SILENT, told: false });
    this.frame.end();
    for (const part of [this._trouble, this._waiting]) part.remove();
  }

  _begin(port) {
    if (this._ended) { port.close(); return; }
    this._port = port;
    port.onmessage = ({ data }) => this._heard(data);
    this.sayKeys();
    const { config, data, task, person } = this._options;
    this.say("show", { config, data: data ?? {}, result: this._shown, task, person });
  }

  /** Whatever the frame says is looked at before it counts: it shows what strangers wrote. */
  _heard(said) {
    const kind = said?.kind;
    if (kind === "shown") this._isThere();
    else if (kind === "height") this._grow(said.height);
    else if (kind === "changed") this._changed(said.result);
    else if (kind === "selected") this._selected(typeof said.id === "string" ? said.id : null);
    else if (kind === "answer") this._answered(said);
    else if (kind === "unshown") this._unshown(said.count);
    else if (kind === "sign") this._pass(new PointerEvent("pointermove", { bubbles: true }));
    else if (kind === "key") this._pressed(said.event);
    else if (kind === "failed") this._failed(`The full editor has a problem: ${String(said.message).slice(0, 300)}`);
  }

  _isThere() {
    this._isShown = true;
    this.missing = "";
    this._say("");
    clearTimeout(this._starting);
    this._waiting.remove();
    // Keys are the editor's at once, unless somebody is elsewhere already.
    if (document.activeElement === document.body || this._element.contains(document.activeElement)) this.frame.element.focus({ preventScroll: true });
    another(this._element.parentElement);
  }

  _grow(height) {
    if (Number.isFinite(height)) this.frame.element.style.height = `${Math.min(Math.max(Math.ceil(height), LOWEST), HIGHEST)}px`;
  }

  _changed(text) {
    const { result, words } = this._read(text);
    this._say(words === TOO_LARGE ? words : "");
    if (!result) return;
    this.result = result;
    this._emit("change", this.result);
  }

  /** A result that the frame tells, as text so that it is JSON and nothing else, with what it does not show; or words. */
  _read(text) {
    if (typeof text !== "string") return { words: INCOMPLETE };
    if (isLarger(text, this._options.mostBytes)) return { words: TOO_LARGE };
    const items = itemsOf(text);
    if (!items) return { words: INCOMPLETE };
    const result = [...items, ...this._kept];
    return this._kept.length && isLarger(JSON.stringify(result), this._options.mostBytes) ? { words: TOO_LARGE } : { result, words: "" };
  }

  _selected(id) {
    this.selected = id;
    this._emit("select", id);
  }

  _answered({ number, valid, words, result }) {
    const resolve = this._asked.get(number);
    if (!resolve) return;
    const read = this._read(result);
    if (read.result && JSON.stringify(read.result) !== JSON.stringify(this.result)) this._changed(result);
    const wrong = read.words === TOO_LARGE ? TOO_LARGE : (typeof words === "string" && words.slice(0, 300)) || INCOMPLETE;
    resolve({ words: read.result && valid === true ? "" : wrong, told: Boolean(read.result) });
  }

  /** Only keys that belong to the page around: a frame presses no other. */
  _pressed(event) {
    if (typeof event?.key !== "string") return;
    const key = new KeyboardEvent("keydown", { ...keyOf(event), bubbles: true, cancelable: true });
    if ((this._options.keys?.() ?? []).includes(pressed(key))) this._pass(key);
  }

  /** It has a problem: that is what is missing where it has not begun, and what is waited for does not come. */
  _failed(words) {
    clearTimeout(this._starting);
    this._waiting.remove();
    this._say(words);
    if (!this._isShown) this.missing = words;
    for (const resolve of this._asked.values()) resolve({ words, told: false });
  }

  _unshown(count) {
    if (Number.isInteger(count)) this._lasting = `The full editor cannot show ${count === 1 ? "one part" : `${count} parts`} of this answer. What it cannot show is kept as it is.`;
    this._say("");
  }

  /** Beside what holds as long as the task is shown. */
  _say(words) {
    const said = [this._lasting, words].filter(Boolean).join(" ");
    if (this._trouble.textContent !== said) this._trouble.textContent = said;
  }

  /** As if it had happened on the page itself, which hears it like anything else. */
  _pass(event) { this.frame.element.dispatchEvent(event); }

  _emit(event, ...given) { for (const handler of this._listeners.get(event) ?? []) handler(...given); }
}

/** Whether a result is more than the server takes, with a little that is sent along. */
const isLarger = (text, bytes) => text.length > bytes - BESIDE_BYTES || new TextEncoder().encode(text).length > bytes - BESIDE_BYTES;

/** The items that a text tells; null where it tells none. */
function itemsOf(text) {
  try {
    const found = JSON.parse(text);
    const fits = Array.isArray(found) && found.length <= MOST_ITEMS && found.every((one) => one !== null && typeof one === "object" && !Array.isArray(one));
    return fits ? found : null;
  } catch {
    return null;
  }
}

const keyOf = ({ key, code, ctrlKey, altKey, shiftKey, metaKey }) => ({ key, code: String(code), ctrlKey: ctrlKey === true, altKey: altKey === true, shiftKey: shiftKey === true, metaKey: metaKey === true });

/** A suggestion says of each of its items that it is one, until somebody changes that. */
const began = (result, suggested) => (suggested ? result.map((item) => (item.type === "relation" ? item : { ...item, origin: item.origin ?? "prediction" })) : result);

/** Whether an item is of a control that the config does not have: the editor would drop it. */
function unknownTo(config) {
  const names = new Set([...readConfig(config).walk()].map((tag) => tag.get("name")));
  return (item) => Boolean(item.from_name) && !names.has(item.from_name);
}
