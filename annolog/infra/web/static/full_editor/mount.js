// The full Label Studio editor in the place of our own component, with the same handle: the page around it need not know
// which of the two it has. It lives in a frame without an origin (infra/web/full_editor.py); all that passes are messages.

import { make } from "/static/work/elements.js";
import { readConfig } from "/static/labeling/config.js";

const PAGE = "/label-studio-editor";
const START_MS = 20_000;
const ANSWER_MS = 4_000;
const LOADING = "The full editor is still loading.";
const INCOMPLETE = "Something is missing: the editor says what.";

/**
 * Show a task in an element. Options: `config` (XML), `data`, `result` (Label Studio's items), `suggested` (the result is
 * a prediction to start from), `task` and `person` (numbers), `keys` (gives the keys that belong to the page around).
 *
 * Gives what labeling/mount.js gives, and `settle()`, which is to be waited for before `missing()` and `result()` are
 * asked for the last time. Events are `change` (the items) and `select` (an id or null).
 */
export function mount(element, options) {
  let editor = new Framed(element, options);
  return {
    result: () => editor.result,
    missing: () => editor.missing,
    settle: () => editor.settle(),
    select: (id) => editor.say("select", { id }),
    selected: () => editor.selected,
    undo: () => editor.say("undo"),
    redo: () => editor.say("redo"),
    focus: () => editor.frame.focus(),
    show(more) {
      // Other keys are no reason to begin anew; keys of labels are the editor's own here.
      if (Object.keys(more).every((name) => name === "hotkeys" || (name === "result" && more.result === editor.result))) { editor.sayKeys(); return; }
      const { listeners, options: before } = editor;
      editor.end();
      editor = new Framed(element, { ...before, ...more }, listeners);
    },
    on(event, handler) { return editor.on(event, handler); },
    destroy() { editor.end(); },
  };
}

class Framed {
  constructor(element, options, listeners = new Map()) {
    Object.assign(this, { options, listeners, selected: null, _port: null, _shown: false, _valid: true, _asked: new Map(), _number: 0 });
    this._given = began(options.result ?? [], options.suggested === true);
    this._kept = unknownTo(options.config, options.result ?? []);
    // What comes in and is not touched goes out as it was.
    this.result = this._given;
    this.frame = make("iframe", { class: "an-full-editor", title: "Label Studio editor", sandbox: "allow-scripts allow-forms", referrerpolicy: "no-referrer", src: PAGE });
    this._trouble = make("p", { class: "an-work-conflict", role: "alert" });
    this._ending = new AbortController();
    addEventListener("message", (event) => this._begin(event), { signal: this._ending.signal });
    this._starting = setTimeout(() => this._failed("The full editor did not start. Load the page again, or turn it off."), START_MS);
    element.replaceChildren(this._trouble, this.frame);
  }

  get missing() {
    if (!this._shown) return [{ control: null, region: null, message: LOADING }];
    return this._valid ? [] : [{ control: null, region: null, message: INCOMPLETE }];
  }

  on(event, handler) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(handler);
    return () => this.listeners.get(event).delete(handler);
  }

  say(kind, more = {}) { this._port?.postMessage({ kind, ...more }); }

  sayKeys() { this.say("keys", { keys: this.options.keys?.() ?? [] }); }

  /** Have the frame tell its last word. */
  settle() {
    if (!this._shown) return Promise.resolve();
    const number = ++this._number;
    return new Promise((resolve) => {
      this._asked.set(number, resolve);
      setTimeout(resolve, ANSWER_MS);
      this.say("answer", { number });
    });
  }

  end() {
    clearTimeout(this._starting);
    this._ending.abort();
    this._port?.close();
    this.frame.remove();
    this._trouble.remove();
  }

  /** The frame is there. It has no origin, so which window speaks is what counts; only our own page can be in it. */
  _begin(event) {
    if (this._port || event.source !== this.frame.contentWindow || event.origin !== "null" || event.data?.annolog !== "ready") return;
    const { port1, port2 } = new MessageChannel();
    this._port = port1;
    port1.onmessage = ({ data }) => this._heard(data);
    this.frame.contentWindow.postMessage({ annolog: "begin" }, "*", [port2]);
    this.sayKeys();
    const { config, data, task, person } = this.options;
    this.say("show", { config, data: data ?? {}, result: this._given, task, person });
  }

  /** Whatever the frame says is looked at before it counts: it shows what strangers wrote. */
  _heard(said) {
    const kind = said?.kind;
    if (kind === "shown") { this._shown = true; clearTimeout(this._starting); }
    else if (kind === "changed" && areItems(said.result)) this._changed(said.result);
    else if (kind === "selected") this._selected(typeof said.id === "string" ? said.id : null);
    else if (kind === "answer") this._answered(said);
    else if (kind === "sign") this._pass(new PointerEvent("pointermove", { bubbles: true }));
    else if (kind === "key" && typeof said.event?.key === "string") this._pass(new KeyboardEvent("keydown", { ...keyOf(said.event), bubbles: true, cancelable: true }));
    else if (kind === "failed") this._failed(`The full editor has a problem: ${String(said.message).slice(0, 300)}`);
  }

  _changed(result) {
    this.result = [...result, ...this._kept];
    this._emit("change", this.result);
  }

  _selected(id) {
    this.selected = id;
    this._emit("select", id);
  }

  _answered({ number, valid, result }) {
    this._valid = valid === true;
    if (areItems(result)) this.result = [...result, ...this._kept];
    this._asked.get(number)?.();
    this._asked.delete(number);
  }

  _failed(words) { this._trouble.textContent = words; }

  /** As if it had happened on the page itself, which hears it like anything else. */
  _pass(event) { this.frame.dispatchEvent(event); }

  _emit(event, ...given) { for (const handler of this.listeners.get(event) ?? []) handler(...given); }
}

const areItems = (found) => Array.isArray(found) && found.every((one) => one !== null && typeof one === "object" && !Array.isArray(one));

const keyOf = ({ key, code, ctrlKey, altKey, shiftKey, metaKey }) => ({ key, code: String(code), ctrlKey: ctrlKey === true, altKey: altKey === true, shiftKey: shiftKey === true, metaKey: metaKey === true });

/** A suggestion says of each of its items that it is one, until somebody changes that. */
const began = (result, suggested) => (suggested ? result.map((item) => ({ ...item, origin: item.origin ?? "prediction" })) : result);

/** Items of controls that the config does not have: the editor would drop them. */
function unknownTo(config, result) {
  const names = new Set([...readConfig(config).walk()].map((tag) => tag.get("name")));
  return result.filter((item) => item.from_name && !names.has(item.from_name));
}
