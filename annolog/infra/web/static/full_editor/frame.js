// Inside the frame: begins the editor with what the page around it says, and tells that what becomes of it.
// No module: a page without an origin may load none.

(() => {
  "use strict";
  // The editor keeps its looks there, and a page without an origin has no such place.
  for (const name of ["localStorage", "sessionStorage"]) {
    const kept = new Map();
    const storage = { getItem: (key) => kept.get(String(key)) ?? null, setItem: (key, value) => { kept.set(String(key), String(value)); }, removeItem: (key) => { kept.delete(String(key)); }, clear: () => kept.clear() };
    Object.defineProperty(window, name, { value: storage });
  }
  // Its canvases are read at every move of the pointer, to see what is under it; browsers ask to be told.
  const context = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function getContext(kind, options) {
    return context.call(this, kind, kind === "2d" ? { willReadFrequently: true, ...options } : options);
  };
  // When a shape is finished the editor replaces what it was while it was drawn, and looks at the old one once more on the
  // way: its library warns of each such look, dozens of times a shape. Everything else is said as ever.
  const warn = console.warn.bind(console);
  const REPLACED = "[mobx-state-tree] You are trying to read or write to an object that is no longer part of a state tree";
  console.warn = (...said) => { if (!String(said[0]?.message ?? said[0]).startsWith(REPLACED)) warn(...said); };
  // A sandbox has no such dialogs. What is asked here can be taken back.
  Object.assign(window, { confirm: () => true, alert: () => {}, prompt: () => null });

  // After something was done, when to look what became of it: some of it happens a little later.
  const LOOKS_MS = [60, 350, 1200];
  const SIGN_EVERY_MS = 5_000;
  const WORDS_MS = 400;
  // What the page around has itself is left out: handing in, skipping, going on.
  const INTERFACES = ["panel", "controls", "side-column", "edit-history"];

  let port = null;
  let store = null;
  let keys = [];
  let given = new Map();
  let before = null;
  let known = null;
  let selected = null;
  let signed = -Infinity;

  const tell = (kind, more = {}) => port?.postMessage({ kind, ...more });
  const annotation = () => store?.annotationStore?.selected ?? null;
  const items = (how) => JSON.parse(JSON.stringify(annotation()?.serializeAnnotation(how) ?? []));
  // Brushes are not packed where it is only to be seen whether something changed.
  const quick = () => items({ fast: true }).map((item) => [nameOf(item), JSON.stringify(item)]);
  const nameOf = (item) => JSON.stringify(item.type === "relation" ? [item.from_id, item.to_id] : [item.id, item.from_name, item.type]);

  /** What is to be handed in: what was given and not touched exactly as it was. */
  function result() {
    const now = quick();
    return JSON.stringify(items().map((item, at) => {
      const [name, words] = now[at];
      return before?.get(name) === words && given.has(name) ? given.get(name) : item;
    }));
  }

  /** Tell what has changed since it was told last. */
  function look() {
    if (!annotation() || known === null) return;
    const now = JSON.stringify(quick());
    if (now !== known) {
      known = now;
      tell("changed", { result: result() });
    }
    const chosen = annotation().highlightedNode?.cleanId ?? null;
    if (chosen !== selected) {
      selected = chosen;
      tell("selected", { id: chosen });
    }
  }

  function done() {
    for (const wait of LOOKS_MS) setTimeout(look, wait);
  }

  /** Before the first thing that somebody does, what is there counts as unchanged: images have been measured by then. */
  function begun() {
    if (known === null && annotation()) {
      const now = quick();
      before = new Map(now);
      known = JSON.stringify(now);
    }
    const now = performance.now();
    if (now - signed > SIGN_EVERY_MS) {
      signed = now;
      tell("sign");
    }
  }

  /** The combination that is pressed, in the form in which the page around keeps its keys (labeling/keys.js). */
  function pressed(event) {
    if (["Control", "Alt", "Shift", "Meta", "AltGraph"].includes(event.key)) return "";
    let key = event.key === " " ? "space" : event.key.toLowerCase();
    if (event.altKey) key = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? { Period: ".", Comma: "," }[event.code] ?? key;
    const shift = event.shiftKey && (key.length > 1 || event.ctrlKey || event.altKey || /[a-z]/.test(key));
    return [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", shift ? "shift" : "", key].filter(Boolean).join("+");
  }

  function passKeysOn(event) {
    const writes = event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]");
    if (event.isComposing || event.repeat || (writes && !(event.ctrlKey || event.altKey || event.metaKey))) return;
    if (!keys.includes(pressed(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    look();
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    tell("key", { event: { key, code, ctrlKey, altKey, shiftKey, metaKey } });
  }

  function show({ config, data, result: items, task, person }) {
    // The editor would name them by itself, and each time otherwise.
    const named = items.map((item) => (item.type === "relation" || item.id ? item : { ...item, id: crypto.getRandomValues(new Uint32Array(2)).join("-") }));
    given = new Map(named.map((item, at) => [nameOf(item), items[at]]));
    const shown = (found) => {
      store = found;
      new ResizeObserver(() => tell("height", { height: document.body.scrollHeight })).observe(document.getElementById("label-studio"));
      tell("shown");
    };
    new window.LabelStudio("label-studio", {
      config, interfaces: INTERFACES, user: { pk: person, firstName: "", lastName: "" },
      task: { id: task, data, annotations: [{ result: named }], predictions: [] }, onStorageInitialized: shown,
    });
  }

  /** The last word: what somebody is still writing counts, and where something is missing the editor says what. */
  async function answer({ number, last }) {
    const editing = annotation();
    if (!editing) { tell("answer", { number, valid: false, words: "", result: null }); return; }
    begun();
    if (last) editing.beforeSend();
    look();
    const valid = !last || editing.validate() !== false;
    tell("answer", { number, valid, words: valid ? "" : await wordsOfDialog(), result: result() });
  }

  /** What a dialog of the editor says, which is closed: the page around says it. */
  async function wordsOfDialog() {
    const until = performance.now() + WORDS_MS;
    while (performance.now() < until) {
      const dialog = document.querySelector(".ant-modal-confirm");
      if (dialog) {
        const words = dialog.querySelector(".ant-modal-confirm-content")?.textContent ?? "";
        dialog.querySelector(".ant-modal-confirm-btns button")?.click();
        return words;
      }
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return "";
  }

  function select({ id }) {
    const editing = annotation();
    if (!editing) return;
    const area = [...editing.areas.values()].find((one) => one.cleanId === id);
    if (area) editing.selectArea(area); else editing.unselectAll();
    look();
  }

  const HEARD = {
    show, select, answer,
    keys: (said) => { keys = said.keys; },
    undo: () => { begun(); annotation()?.undo(); done(); },
    redo: () => { begun(); annotation()?.redo(); done(); },
  };

  const failed = (error) => tell("failed", { message: String(error?.message ?? error).split("\n")[0] });

  function begin(event) {
    // Only the page around, of the place that this one came from.
    if (port || event.source !== window.parent || event.origin !== location.origin || event.data?.annolog !== "begin") return;
    [port] = event.ports;
    port.onmessage = async ({ data }) => {
      try {
        await HEARD[data.kind](data);
      } catch (error) {
        failed(error);
      }
    };
    const during = (name, act) => window.addEventListener(name, act, true);
    for (const name of ["pointerdown", "mousedown", "wheel", "keydown", "beforeinput"]) during(name, begun);
    during("pointermove", () => { if (performance.now() - signed > SIGN_EVERY_MS) begun(); });
    for (const name of ["pointerup", "mouseup", "click", "dblclick", "keyup", "input", "change", "drop"]) during(name, done);
    during("keydown", passKeysOn);
    window.addEventListener("blur", look);
    // A config that the editor cannot read ends its beginning, and nothing else says so.
    window.addEventListener("unhandledrejection", (problem) => { if (!store) failed(problem.reason); });
  }

  window.addEventListener("message", begin);
  window.addEventListener("DOMContentLoaded", () => {
    if (typeof window.LabelStudio === "function") window.parent.postMessage({ annolog: "ready" }, location.origin);
  });
})();
