// The full Label Studio editor in the place of our own component, with the same handle: the page around it need not know
// which of the two it has. It lives in a frame without an origin (infra/web/full_editor.py); all that passes are messages.

import { readConfig } from "/static/labeling/config.js";
import { pressed } from "/static/labeling/keys.js";
import { make } from "/static/work/elements.js";
import { another, taken } from "./frames.js";

const START_MS = 30_000;
const ANSWER_MS = 15_000;
const MOST_CHARACTERS = 20_000_000;
const MOST_ITEMS = 100_000;
const LOWEST = 380;
const HIGHEST = 4_000;
const STARTING = "The full editor is still loading.";
const SILENT = "The full editor does not answer. Nothing was sent; try again, or load the page again.";
const INCOMPLETE = "Something that is required is missing.";

/**
 * Show a task in an element, and a frame beside it in the same place. Options: `config` (XML), `data`, `result` (Label Studio's items), `suggested` (the result is
 * a prediction to start from), `task` and `person` (numbers), `keys` (gives the keys that belong to the page around).
 *
 * Gives what labeling/mount.js gives, and `settle(last)`, which is to be waited for before `missing()` and `result()` are
 * asked; `last` when it is to be handed in. Events are `change` (the items) and `select` (an id or null).
 */
export function mount(element, options) {
  const editor = new Framed(element, options);
  return {
    result: () => editor.result,
    missing: () => (editor.missing ? [{ control: null, region: null, message: editor.missing }] : []),
    settle: (last = false) => editor.settle(last),
    select: (id) => editor.say("select", { id }),
    selected: () => editor.selected,
    undo: () => editor.say("undo"),
    redo: () => editor.say("redo"),
    focus: () => editor.frame.element.focus(),
    // Other keys of the page are all that changes while a task is shown; those of labels are the editor's own.
    show: () => editor.sayKeys(),
    on: (event, handler) => editor.on(event, handler),
    destroy: () => editor.end(),
  };
}

class Framed {
  constructor(element, options) {
    Object.assign(this, { _element: element, _options: options, _listeners: new Map(), _port: null, _asked: new Map(), _number: 0, selected: null, missing: STARTING });
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
    if (this.missing === STARTING) return;
    const number = ++this._number;
    this.missing = await new Promise((resolve) => {
      this._asked.set(number, resolve);
      setTimeout(() => resolve(SILENT), ANSWER_MS);
      this.say("answer", { number, last });
    });
    this._asked.delete(number);
  }

  end() {
    clearTimeout(this._starting);
    this._ended = true;
    this._port?.close();
    for (const resolve of this._asked.values()) resolve(SILENT);
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
    else if (kind === "changed") this._changed(itemsOf(said.result));
    else if (kind === "selected") this._selected(typeof said.id === "string" ? said.id : null);
    else if (kind === "answer") this._answered(said);
    else if (kind === "sign") this._pass(new PointerEvent("pointermove", { bubbles: true }));
    else if (kind === "key") this._pressed(said.event);
    else if (kind === "failed") this._failed(`The full editor has a problem: ${String(said.message).slice(0, 300)}`);
  }

  _isThere() {
    if (this.missing === STARTING) this.missing = "";
    clearTimeout(this._starting);
    this._waiting.remove();
    // Keys are the editor's at once, unless somebody is elsewhere already.
    if (document.activeElement === document.body || this._element.contains(document.activeElement)) this.frame.element.focus({ preventScroll: true });
    another(this._element.parentElement);
  }

  _grow(height) {
    if (Number.isFinite(height)) this.frame.element.style.height = `${Math.min(Math.max(Math.ceil(height), LOWEST), HIGHEST)}px`;
  }

  _changed(items) {
    if (!items) return;
    this.result = [...items, ...this._kept];
    this._emit("change", this.result);
  }

  _selected(id) {
    this.selected = id;
    this._emit("select", id);
  }

  _answered({ number, valid, words, result }) {
    const resolve = this._asked.get(number);
    if (!resolve) return;
    const items = itemsOf(result);
    if (items && JSON.stringify([...items, ...this._kept]) !== JSON.stringify(this.result)) this._changed(items);
    resolve(items && valid === true ? "" : (typeof words === "string" && words.slice(0, 300)) || INCOMPLETE);
  }

  /** Only keys that belong to the page around: a frame presses no other. */
  _pressed(event) {
    if (typeof event?.key !== "string") return;
    const key = new KeyboardEvent("keydown", { ...keyOf(event), bubbles: true, cancelable: true });
    if ((this._options.keys?.() ?? []).includes(pressed(key))) this._pass(key);
  }

  _failed(words) {
    clearTimeout(this._starting);
    this._waiting.remove();
    this._trouble.textContent = words;
  }

  /** As if it had happened on the page itself, which hears it like anything else. */
  _pass(event) { this.frame.element.dispatchEvent(event); }

  _emit(event, ...given) { for (const handler of this._listeners.get(event) ?? []) handler(...given); }
}

/** A result that the frame tells, as text so that it is JSON and nothing else; null where it is none. */
function itemsOf(text) {
  if (typeof text !== "string" || text.length > MOST_CHARACTERS) return null;
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
